"""The frame around every page: language, navigation, territory, errors said in French."""

from __future__ import annotations

import ast
from pathlib import Path

import streamlit as st

from reseau.errors import ReseauError
from reseau.ui import context, state
from reseau.ui.components.french import speak_french

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def run() -> None:
    """Draw the application: called at each rerun by `app.py`."""
    st.set_page_config(page_title="Réseau", page_icon=":material/hub:", layout="wide")
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
    for path in sorted(state.PAGES_DIR.glob("[!_]*.py")):
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


@st.cache_data(show_spinner=False)
def page_about(path: Path) -> dict[str, str]:
    """TITLE, ICON and GROUP written on top of a page file, read without running it."""
    about: dict[str, str] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in {"TITLE", "ICON", "GROUP"} and isinstance(node.value, ast.Constant):
                about[name] = str(node.value.value)
    return about


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
        st.warning(
            "**Démonstration** : territoire, structures, personnes et relations sont inventés.",
            icon=":material/theater_comedy:",
        )
