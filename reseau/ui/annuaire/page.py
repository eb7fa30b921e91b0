"""The directory: the table and, beside it, the sheet of the structure chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.services.clock import local_now
from reseau.ui import state
from reseau.ui.annuaire import finder
from reseau.ui.annuaire.creation import creation
from reseau.ui.annuaire.drafts import show_said
from reseau.ui.annuaire.sheet import offer_undo, sheet

if TYPE_CHECKING:
    from reseau.ui.context import Context


def show(context: Context) -> None:
    """Draw the page."""
    view = context.view
    show_said()
    offer_undo(context)
    if view.structures.empty:
        _empty(context)
        return
    now = local_now(view.territoire.communes)
    ids = finder.find(view, now)
    chosen = state.selection(view).structure_id
    adding = bool(st.session_state.get(finder.ADDING))
    if chosen is None and not adding:
        finder.table(view, ids, now, narrow=False)
        return
    left, right = st.columns([3, 7], gap="small")
    with left:
        finder.table(view, ids, now, narrow=True)
    with right, st.container(border=True):
        if adding:
            creation(context)
        elif chosen is not None:
            sheet(context, chosen, now)


def _empty(context: Context) -> None:
    st.info(
        "L'annuaire est vide : aucune structure n'a encore été importée ni saisie dans ce territoire. "
        "Importez votre tableau de partenaires dans la page Données, ou ajoutez une première structure ici."
    )
    if st.button("Ouvrir la page Données", type="primary"):
        state.go("p9_donnees")
    creation(context)
