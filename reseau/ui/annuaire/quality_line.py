"""On a sheet: its score, what is missing, when it was last checked, and «tout est juste»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.quality import CRITERIA
from reseau.services import quality
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

BY_ID = {item.id: item for item in CRITERIA}


def quality_line(context: Context, structure_id: int) -> None:
    """One line under the buttons of the sheet; nothing for a closed structure."""
    table = quality.sheets(context.app, context.tid)
    if structure_id not in table.index:
        return
    row: dict[Any, Any] = table.loc[structure_id].to_dict()
    due = "à revoir" if not row["fresh"] else f"à revoir le {wording.short_day(row['due_on'])}"
    words, button = st.columns([7, 4], vertical_alignment="center")
    with words.popover(
        f"Qualité {wording.percent(row['score'])} · {_checked(context, structure_id, row)}, {due}",
        width="stretch",
    ):
        _details(row)
    if button.button(
        "Tout est juste aujourd'hui",
        icon=":material/check:",
        width="stretch",
        key=f"annuaire_reviewed_{structure_id}",
        help="Dit que vous avez relu cette fiche : sa date de vérification devient celle d'aujourd'hui.",
    ):
        try:
            quality.mark_reviewed(context.app, context.tid, [structure_id])
        except ReseauError as error:
            st.error(str(error))
            return
        st.toast("Fiche vérifiée aujourd'hui.", icon=":material/check:")
        st.rerun()


def _checked(context: Context, structure_id: int, row: dict[Any, Any]) -> str:
    """When a person checked it, else how old what its source says is."""
    if not row["checked_on"]:
        return "jamais vérifiée"
    by_hand = pd.notna(context.view.structures.at[structure_id, "reviewed_on"])
    return f"{'vérifiée le' if by_hand else 'données du'} {wording.short_day(row['checked_on'])}"


def _details(row: dict[Any, Any]) -> None:
    for name, criterion in BY_ID.items():
        advice = f" {criterion.advice}" if row[name] == "non" else ""
        st.markdown(f"- {criterion.label} : **{row[name]}**.{advice}")
    st.caption(
        "La qualité est la part de ces points qui sont à « oui », les plus utiles comptant davantage ; "
        "« sans objet » n'est pas compté."
    )
