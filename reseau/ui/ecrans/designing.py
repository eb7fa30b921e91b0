"""Screens of a territory: which one, its settings on the left, what it will show on the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from reseau.services import screens
from reseau.ui import state, wording
from reseau.ui.ecrans import drafting, form, giving, preview, shelf

if TYPE_CHECKING:
    from reseau.ui.context import Context

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def designing(context: Context) -> None:
    """The section."""
    if context.view.quartiers.empty:
        st.info(
            "Un écran parle d'un quartier : il faut d'abord les contours des quartiers, importés dans la "
            "page Données."
        )
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    st.html(f"<style>{STYLE}</style>")
    _body(context)


@st.fragment
def _body(context: Context) -> None:
    if message := st.session_state.pop(drafting.SAID, None):
        st.toast(wording.markdown_text(message), icon=":material/check:")
    known = screens.list_screens(context.app, context.tid)
    draft = drafting.current(context, known)
    # Drawn once the form has said whether something changed.
    top = st.container()
    left, right = st.columns([42, 58], gap="medium")
    with left:
        form.fields(context, draft)
    with right, st.container(key="ecran_apercu"):
        preview.preview(context, draft)
    with top:
        shelf.bar(context, draft, known)
    giving.giving(context, draft)
