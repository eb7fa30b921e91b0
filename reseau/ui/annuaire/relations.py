"""Ties of a structure, in words and seen from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import INTENSITIES, RELATION_PURPOSES, RELATION_STATUS_LABELS, RelationStatus
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory
from reseau.ui.annuaire.drafts import Draft, open_draft, show_error
from reseau.ui.annuaire.inputs import Inputs, candidates
from reseau.ui.annuaire.rows import adding, conclude, form_buttons, other_buttons, rows_table

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

CONFIRMED: dict[bool | None, str] = {None: "pas demandé", True: "oui", False: "non"}
TURNED = {"aller": "retour", "retour": "aller", "reciproque": "reciproque"}
WIDTHS = {"Avec": 175, "Pour": 120, "Sens": 55, "Intensité": 95, "Statut": 85, "À renouveler": 125}
SEEN = {"aller": "vers", "retour": "depuis", "reciproque": "avec"}


def tab(context: Context, structure_id: int) -> None:
    """The ties, and the form of the one chosen."""
    form = f"relations{structure_id}"
    shown = ties_table(context.view, structure_id, today=context.view.on)
    opened = rows_table(
        form,
        shown,
        empty="Aucune relation notée avec une autre structure.",
        columns={name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()},
    )
    if opened is not None or adding(form, "Ajouter une relation", opened=opened):
        _form(context, form, structure_id, opened)


def ties_table(view: View, structure_id: int, *, today: date) -> pd.DataFrame:
    """One line per tie, those to renew first; index = relation id."""
    ties = view.relations
    ties = ties[(ties["from_id"] == structure_id) | (ties["to_id"] == structure_id)]
    lines = {
        row_id: {
            "Avec": _other(row, structure_id)[1],
            "Pour": RELATION_PURPOSES.get(row["purpose"], row["purpose"]),
            "Sens": SEEN[_direction_seen(row, structure_id)],
            "Intensité": INTENSITIES.get(row["intensity"], ""),
            "Statut": RELATION_STATUS_LABELS.get(row["status"], row["status"]),
            "À renouveler": renewal_words(row["renewal_on"], row["status"], today=today),
            "Dernier contact": wording.short_day(row["last_contact_on"]),
        }
        for row_id, row in zip(ties.index, ties.to_dict("records"), strict=True)
    }
    order = sorted(
        lines, key=lambda key: (not lines[key]["À renouveler"].startswith("en retard"), lines[key]["Avec"])
    )
    return pd.DataFrame.from_dict({key: lines[key] for key in order}, orient="index")


def renewal_words(renewal_on: date | None, status: str, *, today: date) -> str:
    """«12/03/2027», or «en retard : 12/03/2025» for a tie that is not ended."""
    if not isinstance(renewal_on, date):
        return ""
    late = renewal_on < today and status != RelationStatus.TERMINE
    return f"{'en retard : ' if late else ''}{wording.short_day(renewal_on)}"


def _other(row: dict[Any, Any], structure_id: int) -> tuple[int, str]:
    side = "to" if row["from_id"] == structure_id else "from"
    return int(row[f"{side}_id"]), str(row[f"{side}_name"])


def _direction_seen(row: dict[Any, Any], structure_id: int) -> str:
    direction = str(row["direction"])
    return direction if row["from_id"] == structure_id else TURNED[direction]


def _form(context: Context, form: str, structure_id: int, row_id: int | None) -> None:
    view = context.view
    draft = open_draft(
        context, form, "relations", row_id, first="purpose", defaults={"from_id": structure_id}
    )
    mine = str(view.structures.at[structure_id, "name"])
    inputs = Inputs(draft)
    ids = candidates(view, f"{draft.prefix}search") if row_id is None else []
    with st.form(f"{draft.prefix}form"):
        other = _other_side(view, inputs, structure_id, ids)
        reverse = draft.row["from_id"] != structure_id
        _tie(inputs, mine, other, reverse=reverse)
        _people(inputs, mine, other, reverse=reverse)
        sent = form_buttons()
    values = inputs.values | {"from_id": draft.row["from_id"]}
    if sent and values.get("to_id", 0) is None:
        show_error("Choisissez l'autre structure.")
        sent = False
    conclude(context, draft, values if sent else None, done="Relation enregistrée.")
    if row_id is not None:
        _open_other(view, draft, structure_id)
    other_buttons(context, draft, what="La relation")


def _other_side(view: View, inputs: Inputs, structure_id: int, ids: list[int]) -> str:
    """Name of the other structure; chosen here for a new tie only."""
    draft = inputs.draft
    if draft.row_id is not None:
        name = _other_name(view, draft, structure_id)
        st.markdown(f"Avec **{wording.markdown_text(name)}**")
        return name
    labels = directory(view).labels
    inputs.pick(
        "to_id",
        [key for key in ids if key != structure_id],
        lambda key: labels[key],
        label="Avec quelle structure ?",
        empty="Tapez le début du nom",
    )
    return "l'autre structure"


def _other_name(view: View, draft: Draft, structure_id: int) -> str:
    other = draft.row["to_id"] if draft.row["from_id"] == structure_id else draft.row["from_id"]
    return str(view.structures["name"].get(other, "structure supprimée"))


def _tie(inputs: Inputs, mine: str, other: str, *, reverse: bool) -> None:
    first, second = (other, mine) if reverse else (mine, other)
    purpose, way = st.columns([2, 3])
    with purpose:
        inputs.choice("purpose", RELATION_PURPOSES, label="Pour quoi ?")
    with way:
        inputs.choice(
            "direction",
            {
                "reciproque": "dans les deux sens",
                "aller": f"{_short(first)} → {_short(second)}",
                "retour": f"{_short(second)} → {_short(first)}",
            },
        )
    intensity, status, confirmed = st.columns(3)
    with intensity:
        inputs.choice("intensity", {key: f"{key} · {label}" for key, label in INTENSITIES.items()})
    with status:
        inputs.choice("status", {str(key): label for key, label in RELATION_STATUS_LABELS.items()})
    with confirmed:
        inputs.choice("confirmed", CONFIRMED, label="Confirmée par l'autre ?")
    for place, name in zip(st.columns(3), ("started_on", "last_contact_on", "renewal_on"), strict=True):
        with place:
            inputs.day(name)


def _people(inputs: Inputs, mine: str, other: str, *, reverse: bool) -> None:
    first, second = (other, mine) if reverse else (mine, other)
    left, right, by = st.columns(3)
    with left:
        inputs.text("referent_from", label=f"Référent : {wording.markdown_text(_short(first))}")
    with right:
        inputs.text("referent_to", label=f"Référent : {wording.markdown_text(_short(second))}")
    with by:
        inputs.text("declared_by")
    inputs.text("evidence", hint="convention signée, compte rendu…", limit=1000)
    inputs.area("note", label="Note (réservée à l'équipe)", height=70)


def _open_other(view: View, draft: Draft, structure_id: int) -> None:
    other = draft.row["to_id"] if draft.row["from_id"] == structure_id else draft.row["from_id"]
    if other in view.structures.index and st.button(
        "Ouvrir la fiche de l'autre structure", key=f"{draft.prefix}other", icon=":material/arrow_forward:"
    ):
        state.select(view, structure_id=int(other))
        st.rerun()


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"
