"""Permanences: what the structure holds elsewhere, and what it hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.hours import describe_fr, parse_hours
from reseau.model.vocabulary import LANGUAGES
from reseau.ui import wording
from reseau.ui.annuaire.directory import directory
from reseau.ui.annuaire.drafts import open_draft, show_error
from reseau.ui.annuaire.inputs import Inputs, candidates
from reseau.ui.annuaire.rows import adding, conclude, form_buttons, other_buttons, rows_table

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

HERE = "ici"


def tab(context: Context, structure_id: int) -> None:
    """The permanences, and the form of the one chosen."""
    form = f"permanences{structure_id}"
    opened = rows_table(
        form,
        permanences_table(context.view, structure_id),
        empty="Aucune permanence : ni tenue ailleurs par cette structure, ni accueillie ici.",
        columns={name: st.column_config.TextColumn(width=170) for name in ("Où", "Tenue par", "Horaires")},
    )
    if opened is not None or adding(form, "Ajouter une permanence", opened=opened):
        _form(context, form, structure_id, opened)


def permanences_table(view: View, structure_id: int) -> pd.DataFrame:
    """One line per permanence held or hosted; index = permanence id."""
    rows = view.permanences
    rows = rows[(rows["structure_id"] == structure_id) | (rows["host_id"] == structure_id)]
    lines = {
        row_id: {
            "Où": HERE if row["host_id"] == structure_id else row["host_name"] or row["place"],
            "Service": _service(view, row["type_code"]),
            "Tenue par": row["structure_name"],
            "Horaires": describe_fr(row["opening_hours"]) or row["hours_text"] or wording.UNKNOWN,
            "Du": wording.short_day(row["started_on"]),
            "Au": wording.short_day(row["ended_on"]),
        }
        for row_id, row in zip(rows.index, rows.to_dict("records"), strict=True)
    }
    return pd.DataFrame.from_dict(lines, orient="index")


def _service(view: View, code: str) -> str:
    return view.typology[code].short_label if code in view.typology else code


def _form(context: Context, form: str, structure_id: int, row_id: int | None) -> None:
    view = context.view
    types = view.structures.at[structure_id, "types"]
    defaults = {"structure_id": structure_id, "type_code": next(iter(types), None), "host_id": None}
    draft = open_draft(context, form, "permanences", row_id, first="type_code", defaults=defaults)
    if "hours" not in draft.row:
        draft.row["hours"] = describe_fr(draft.row["opening_hours"]) or draft.row["hours_text"]
    draft.fields |= {"opening_hours", "hours_text"}
    inputs = Inputs(draft)
    kept = {draft.row["structure_id"], draft.row["host_id"]}
    ids = candidates(view, f"{draft.prefix}search", kept=kept)
    with st.form(f"{draft.prefix}form"):
        _who_and_where(view, inputs, ids)
        _when(inputs)
        sent = form_buttons()
    values = _with_hours(inputs.values, draft.row) if sent else None
    if values is not None and values["structure_id"] is None:
        show_error("Choisissez la structure qui tient la permanence.")
        values = None
    conclude(context, draft, values, done="Permanence enregistrée.")
    other_buttons(context, draft, what="La permanence")


def _who_and_where(view: View, inputs: Inputs, ids: list[int]) -> None:
    labels = directory(view).labels
    who, what = st.columns(2)
    with who:
        inputs.pick("structure_id", ids, lambda key: labels[key])
    with what:
        codes = [item.code for item in view.typology]
        inputs.pick("type_code", codes, lambda code: view.typology[code].full_label)
    host, place = st.columns(2)
    with host:
        inputs.pick("host_id", ids, lambda key: labels[key], empty="aucune structure : voir le lieu")
    with place:
        inputs.text("place", label="Lieu, si ce n'est pas chez une structure", hint="marché, école…")
    for column, name in zip(st.columns(2), ("lat", "lon"), strict=True):
        with column:
            inputs.degrees(name)


def _when(inputs: Inputs) -> None:
    inputs.text("hours", label="Horaires, en une phrase", hint="mardi 9h-12h", limit=500)
    for column, name in zip(st.columns(2), ("started_on", "ended_on"), strict=True):
        with column:
            inputs.day(name)
    free, appointment, languages = st.columns([2, 2, 4])
    with free:
        inputs.yes_no("free", label="Gratuite")
    with appointment:
        inputs.yes_no("no_appointment")
    with languages:
        inputs.several("languages", LANGUAGES)
    inputs.area("note", label="Note (réservée à l'équipe)", height=70)


def _with_hours(values: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Hours read from the sentence; left as they are when the sentence has not changed."""
    kept = {key: value for key, value in values.items() if key != "hours"}
    if values["hours"] == row["hours"]:
        return kept
    read = parse_hours(values["hours"])
    return kept | {"opening_hours": read.osm, "hours_text": read.text}
