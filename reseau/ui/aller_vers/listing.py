"""Actions as a table: what comes first, then what has no date, then what is past."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import ACTION_FORMS
from reseau.plan.occurrences import last_day, next_day
from reseau.services.actions import is_to_review
from reseau.ui import wording
from reseau.ui.aller_vers.chosen import show
from reseau.ui.aller_vers.words import Row, quartier_names, status_words, where_words

if TYPE_CHECKING:
    from reseau.services.view import View

ROW_PIXELS, MAX_ROWS = 33, 13
REVIEW = "bilan à remplir"
NARROW = ("Statut", "Date", "Action", "À faire")
WIDTHS = {
    "Statut": 98, "Date": 88, "Heure": 55, "Action": 268, "Forme": 118, "Quartiers": 125, "Lieu": 145,
    "À faire": 115,
}  # fmt: skip


def in_order(rows: list[Row], on: date) -> list[Row]:
    """Coming ones, soonest first; then those without a date; then past ones, latest first."""

    def rank(row: Row) -> tuple[int, int]:
        following, last = next_day(row, on), last_day(row)
        if following is not None:
            return (0, following.toordinal())
        return (1, 0) if last is None else (2, -last.toordinal())

    return sorted(rows, key=rank)


def table(view: View, rows: list[Row], *, chosen: int | None) -> None:
    """The table; choosing a row opens its sheet."""
    ordered = in_order(rows, view.on)
    ids = [int(row["id"]) for row in ordered]
    to_review = sum(is_to_review(row, view.on) for row in rows)
    said = f", dont {to_review} {REVIEW}" if to_review else ""
    st.caption(f"{wording.plural(len(rows), 'action affichée', 'actions affichées')}{said}.")
    frame = pd.DataFrame([_line(view, row) for row in ordered])
    if chosen is not None:
        frame = frame[list(NARROW)]
    digest = hashlib.sha256(repr((view.territoire_id, ids)).encode()).hexdigest()[:10]
    # Another key when the sheet opens or closes: the mark on the row follows what is really open.
    key = f"aller_vers_table_{digest}_{'fiche' if chosen is not None else 'seule'}"

    def on_select() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        show(ids[picked[0]] if picked else None)

    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=ROW_PIXELS * (min(len(frame), MAX_ROWS) + 1) + 3,
        key=key,
        row_height=ROW_PIXELS,
        placeholder="",
        on_select=on_select,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [ids.index(chosen)]}} if chosen in ids else None,
        column_config={
            name: st.column_config.DateColumn(width=width, format="DD/MM/YYYY")
            if name == "Date"
            else st.column_config.TextColumn(width=width)
            for name, width in WIDTHS.items()
            if name in frame
        },
    )
    if chosen is None:
        st.caption("Cochez une ligne, à gauche, pour ouvrir l'action.")


def _line(view: View, row: Row) -> dict[str, object]:
    return {
        "Statut": status_words(row["status"]),
        "Date": next_day(row, view.on) or row["starts_on"],
        "Heure": row["start_time"],
        "Action": row["title"],
        "Forme": ACTION_FORMS[row["form"]],
        "Quartiers": ", ".join(quartier_names(view, row["quartiers"])),
        "Lieu": where_words(row),
        "À faire": REVIEW if is_to_review(row, view.on) else "",
    }
