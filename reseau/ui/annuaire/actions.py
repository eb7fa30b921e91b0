"""Outreach actions a structure takes part in or hosts; they are edited on their own page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import ACTION_FORMS, ACTION_STATUS_LABELS, PARTNER_ROLES
from reseau.ui import state
from reseau.ui.aller_vers.chosen import CHOSEN
from reseau.ui.annuaire.rows import rows_table

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

HOSTS = "accueille (prête le lieu)"


def tab(context: Context, structure_id: int) -> None:
    """The actions, latest first."""
    opened = rows_table(
        f"actions{structure_id}",
        actions_of(context.view, structure_id),
        empty="Aucune action aller-vers avec cette structure.",
        columns={
            "Date": st.column_config.DateColumn(format="DD/MM/YYYY", width="small"),
            "Action": st.column_config.TextColumn(width="large"),
        },
    )
    label = "Ouvrir l'aller-vers" if opened is None else "Ouvrir cette action"
    if st.button(label, icon=":material/calendar_month:", key="annuaire_open_actions"):
        if opened is not None:
            st.session_state[CHOSEN] = str(opened)
        state.go("p6_aller_vers")


def actions_of(view: View, structure_id: int) -> pd.DataFrame:
    """One line per action with the role of the structure, latest first; index = action id."""
    lines = {}
    for row_id, row in zip(view.actions.index, view.actions.to_dict("records"), strict=True):
        roles = [PARTNER_ROLES.get(role, role) for key, _, role in row["partners"] if key == structure_id]
        if row["host_id"] == structure_id and HOSTS not in roles:
            roles.append(HOSTS)
        if roles:
            lines[row_id] = {
                "Date": pd.Timestamp(row["starts_on"]) if isinstance(row["starts_on"], date) else pd.NaT,
                "Action": row["title"],
                "Forme": ACTION_FORMS.get(row["form"], row["form"]),
                "Rôle": ", ".join(roles),
                "Statut": ACTION_STATUS_LABELS.get(row["status"], row["status"]),
            }
    frame = pd.DataFrame.from_dict(lines, orient="index")
    return frame if frame.empty else frame.sort_values("Date", ascending=False, na_position="first")
