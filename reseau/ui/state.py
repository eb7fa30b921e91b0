"""One selection shared by all pages, kept in the page's address so that a link can be sent.

State in an address is plain text from anyone: it is validated against the data each time it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

if TYPE_CHECKING:
    from reseau.services.view import View

PAGES_DIR = Path(__file__).parent / "pages"
KEYS = ("territoire", "quartier", "structure", "type")
_UNSET = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is chosen: ids of the view, None for nothing (or for something that no longer exists)."""

    quartier_id: int | None = None
    structure_id: int | None = None
    type_code: str | None = None


def remember_address() -> None:
    """Take the selection from the address the first time, and keep the address telling it afterwards.

    Going to another page through the menu empties the address; the session remembers.
    """
    for key in KEYS:
        given = st.query_params.get(key)
        if given is not None:
            st.session_state[f"sel_{key}"] = given[:200]
    write_address()


def write_address() -> None:
    """Make the address tell the selection."""
    for key in KEYS:
        value = st.session_state.get(f"sel_{key}")
        if value:
            if st.query_params.get(key) != value:
                st.query_params[key] = value
        elif key in st.query_params:
            del st.query_params[key]


def selection(view: View) -> Selection:
    """The current selection, as far as it exists in this territory."""
    structure = _number(st.session_state.get("sel_structure"))
    code = st.session_state.get("sel_quartier")
    quartier = view.quartiers.index[view.quartiers["code"] == code] if code else []
    type_code = st.session_state.get("sel_type")
    return Selection(
        quartier_id=int(quartier[0]) if len(quartier) else None,
        structure_id=structure if structure in view.structures.index else None,
        type_code=type_code if type_code in view.typology else None,
    )


def select(
    view: View,
    *,
    quartier_id: int | str | None = _UNSET,
    structure_id: int | str | None = _UNSET,
    type_code: str | None = _UNSET,
) -> None:
    """Change part of the selection (None: nothing chosen); what is not given stays."""
    if quartier_id != _UNSET:
        code = None if quartier_id is None else str(view.quartiers.at[quartier_id, "code"])
        st.session_state["sel_quartier"] = code
    if structure_id != _UNSET:
        st.session_state["sel_structure"] = None if structure_id is None else str(structure_id)
    if type_code != _UNSET:
        st.session_state["sel_type"] = type_code
    write_address()


def select_territoire(name: str) -> None:
    """Open another territory; the rest of the selection belongs to the former one."""
    for key in KEYS:
        st.session_state[f"sel_{key}"] = None
    st.session_state["sel_territoire"] = name
    write_address()


def go(page: str) -> None:
    """Open another page with the same selection. `page`: file name without extension."""
    chosen = {key: value for key in KEYS if (value := st.session_state.get(f"sel_{key}"))}
    st.switch_page(PAGES_DIR / f"{page}.py", query_params=chosen)


def rows_key(name: str, ids: Sequence[int]) -> str:
    """Key of a table and of the buttons that act on its rows.

    Streamlit remembers a row chosen by its rank, and a button by its name: were the rows others at the next
    run, the gesture would fall on what nobody chose. Other rows make other widgets, and the gesture is lost.
    """
    return f"{name}_{hashlib.sha256(repr(list(ids)).encode()).hexdigest()[:12]}"


def rerun_part() -> NoReturn:
    """Run the fragment again, or the whole page when the whole page is what is running.

    A click that arrives while something else is asked for is served by one run of the whole page, where
    Streamlit refuses to run a fragment alone.
    """
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 12 else None
