"""What the tabs made of rows have in common: a table, one row opened at a time, adding, deleting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.services import editing
from reseau.ui.annuaire.drafts import Draft, discard, say, show_outcome, submit

if TYPE_CHECKING:
    from reseau.ui.context import Context

# Kind of the row last written: its tab opens again, for the number in its name makes new tabs.
WRITTEN = "annuaire_written"
TEAM_ONLY = ":material/lock: Réservé à l'équipe, jamais publié."


def conclude(context: Context, draft: Draft, values: Mapping[str, Any] | None, *, done: str) -> int | None:
    """End a form: `values` when it has just been sent, else None. Reruns once written."""
    written = submit(context, draft, values, done=done) if values is not None else None
    if written is None:
        written = show_outcome(context, draft, done=done)
    if written is not None:
        _remember(draft)
        st.session_state.pop(_adding(draft.form), None)
        _bump(draft.form)
        st.rerun()
    return written


def rows_table(
    form: str, shown: pd.DataFrame, *, empty: str, columns: Mapping[str, Any] | None = None
) -> int | None:
    """Table of rows (index = row id); id of the one chosen."""
    if shown.empty:
        st.caption(empty)
        return None
    nonce = st.session_state.get(f"{form}_nonce", 0)
    event = st.dataframe(
        shown,
        key=f"{form}_rows_{nonce}_{hash(tuple(shown.index))}",
        hide_index=True,
        column_config=dict(columns or {}),
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = event["selection"]["rows"]
    return int(shown.index[rows[0]]) if rows and rows[0] < len(shown) else None


def adding(form: str, label: str, *, opened: int | None) -> bool:
    """Whether a new row is being typed; draws the button that begins."""
    if opened is not None:
        st.session_state.pop(_adding(form), None)
        return False
    if st.session_state.get(_adding(form)):
        return True
    if st.button(label, icon=":material/add:", key=f"{form}_add"):
        st.session_state[_adding(form)] = True
        st.rerun()
    return False


def form_buttons() -> bool:
    """The button that sends a form."""
    return st.form_submit_button("Enregistrer", type="primary", icon=":material/save:")


def other_buttons(context: Context, draft: Draft, *, what: str) -> None:
    """Close the form, or put its row aside."""
    row = st.container(horizontal=True)
    if row.button("Fermer sans enregistrer", key=f"{draft.prefix}close"):
        discard(draft)
        st.session_state.pop(_adding(draft.form), None)
        _bump(draft.form)
        st.rerun()
    if draft.row_id is None:
        return
    with row.popover("Supprimer", icon=":material/delete:"):
        st.caption(f"{what} ira à la corbeille (page Données), d'où vous pourrez revenir en arrière.")
        if st.button("Confirmer la suppression", key=f"{draft.prefix}delete", type="primary"):
            editing.delete_row(context.app, context.tid, draft.kind, draft.row_id)
            _remember(draft)
            discard(draft)
            _bump(draft.form)
            say(f"{what} est à la corbeille.")
            st.rerun()


def _remember(draft: Draft) -> None:
    if draft.kind != "structures":
        st.session_state[WRITTEN] = draft.kind


def _adding(form: str) -> str:
    return f"{form}_adding"


def _bump(form: str) -> None:
    """Forget the line chosen in the table."""
    st.session_state[f"{form}_nonce"] = st.session_state.get(f"{form}_nonce", 0) + 1
