"""Which action is open, told by the page's address (`?action=12`), and what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.services.view import View

ADDRESS, CHOSEN, SAID, DELETED = "action", "sel_action", "aller_vers_said", "aller_vers_deleted"
MONTH = "aller_vers_mois_affiche"


def chosen_action(view: View) -> int | None:
    """The action open, None where there is none or the address names none of this territory."""
    given = st.query_params.get(ADDRESS)
    text = given if given is not None else st.session_state.get(CHOSEN) or ""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
    found = number if number in view.actions.index else None
    if (found is None) != (given is None) or (given is not None and str(found) != given):
        choose(found)
    st.session_state[CHOSEN] = None if found is None else str(found)
    return found


def choose(action_id: int | None) -> None:
    """Open an action (None: close the one open)."""
    st.session_state[CHOSEN] = None if action_id is None else str(action_id)
    if action_id is not None:
        st.query_params[ADDRESS] = str(action_id)
    elif ADDRESS in st.query_params:
        del st.query_params[ADDRESS]


def show(action_id: int | None) -> None:
    """As `choose`, from somewhere else than the month: the month will open on the action."""
    choose(action_id)
    st.session_state.pop(MONTH, None)


def say(sentence: str) -> None:
    """A short confirmation, shown by the next run (`show_said`)."""
    st.session_state[SAID] = sentence


def show_said() -> None:
    """The confirmation left by the previous run."""
    if sentence := st.session_state.pop(SAID, ""):
        st.toast(wording.markdown_text(sentence), icon=":material/check:")


def show_error(message: str) -> None:
    """Every problem on its line, as plain text."""
    st.error("  \n".join(map(wording.markdown_text, message.splitlines())), icon=":material/error:")
