"""The frame around every page: language, navigation, territory, errors said in French."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.catalogue import page_about, page_files
from reseau.ui import context, state
from reseau.ui.components.french import speak_french

ICON = Path(__file__).parent / "icon.svg"
STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def run() -> None:
    """Draw the application: called at each rerun by `app.py`."""
    st.set_page_config(page_title="Réseau", page_icon=str(ICON), layout="wide")
    st.html(f"<style>{STYLE}</style>")
    speak_french()
    state.remember_address()
    page = st.navigation(_pages(), position="sidebar")
    try:
        _sidebar()
        page.run()
    except ReseauError as error:
        st.error(str(error), icon=":material/error:")


def _pages() -> dict[str, list[st.Page]]:
    """Every page of `reseau/ui/pages`, in file order, grouped as their files say."""
    groups: dict[str, list[st.Page]] = {}
    for path in page_files():
        about = page_about(path)
        page = st.Page(
            path,
            title=about["TITLE"],
            icon=about["ICON"],
            url_path=path.stem.split("_", 1)[1],
            default=not groups,
        )
        groups.setdefault(about["GROUP"], []).append(page)
    return groups


def _sidebar() -> None:
    app = context.get_app()
    known = context.territoires(app)
    current = context.current_territoire(known)
    if current is None:
        return
    with st.sidebar:
        names = [item.record.name for item in known]
        if len(names) > 1:
            chosen = st.selectbox("Territoire", names, index=names.index(current.record.name))
            if chosen != current.record.name:
                state.select_territoire(chosen)
                st.rerun()
        else:
            st.caption("Territoire")
            st.text(names[0])
    if current.record.fictional:
        with st.container(key="demonstration"):
            st.markdown(
                ":material/theater_comedy: **Démonstration** : territoire, structures, personnes et "
                "relations sont inventés."
            )
