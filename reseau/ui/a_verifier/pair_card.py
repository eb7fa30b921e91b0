"""Two sheets side by side: what each says, where they differ, and which value to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.services import duplicates, editing
from reseau.ui import wording
from reseau.ui.annuaire.labels import FIELD_LABELS, type_words, value_words
from reseau.ui.annuaire.provenance import source_titles

if TYPE_CHECKING:
    from reseau.services.duplicates import Difference, Pair
    from reseau.ui.context import Context

GROUP_LABELS = {"address": "Adresse", "lon": "Position", "opening_hours": "Horaires"}
# What a person looks at to decide; the other fields are shown where they differ.
ALWAYS = ("name", "types", "address", "phone", "finess", "siret", "uai")
SAME, OTHER, ONE = "identique", "**différent**", "une seule"
MAX_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the two sheets: its row, its row in the view, and how much hangs on it."""

    id: int
    row: dict[str, Any]
    shown: Any
    hanging: dict[str, int]

    @property
    def weight(self) -> int:
        """How much work went into it."""
        return sum(self.hanging.values())


def read_sheets(context: Context, pair: Pair) -> tuple[Sheet, Sheet]:
    """Both sheets of a pair."""
    first, second = (_sheet(context, structure_id) for structure_id in (pair.a_id, pair.b_id))
    return first, second


def _sheet(context: Context, structure_id: int) -> Sheet:
    view = context.view
    ties, held = view.relations, view.permanences
    hanging = {
        "relation": int(((ties["from_id"] == structure_id) | (ties["to_id"] == structure_id)).sum()),
        "permanence": int(((held["structure_id"] == structure_id) | (held["host_id"] == structure_id)).sum()),
        "contact": int((view.contacts["structure_id"] == structure_id).sum()),
        "entrée de journal": int((view.journal["structure_id"] == structure_id).sum()),
    }
    row = editing.get_row(context.app, "structures", structure_id)
    return Sheet(structure_id, row, view.structures.loc[structure_id], hanging)


def hanging_words(sheet: Sheet) -> str:
    """«2 relations, 1 contact»."""
    many = {"entrée de journal": "entrées de journal"}
    words = [
        wording.plural(count, label, many.get(label)) for label, count in sheet.hanging.items() if count > 0
    ]
    return ", ".join(words) or "rien n'y est rattaché"


def group_words(context: Context, row: dict[str, Any], fields: tuple[str, ...]) -> str:
    """Values of fields that go together, as one text."""
    typology = context.view.typology
    if fields[0] == "lon":
        if row["lon"] is None:
            return ""
        place = f"{wording.number(row['lat'], 5)} ; {wording.number(row['lon'], 5)}"
        precision = value_words("position_precision", row["position_precision"], typology)
        return f"{place} ({precision})" if precision else place
    if fields[0] == "address":
        town = " ".join(filter(None, (row["postcode"], row["commune"])))
        return ", ".join(filter(None, (row["address"], row["address_extra"], town)))
    if fields[0] == "types":
        return type_words(tuple(row["types"]), typology)
    return " ; ".join(filter(None, (value_words(name, row[name], typology) for name in fields)))


def comparison(context: Context, sheets: tuple[Sheet, Sheet], different: list[Difference]) -> None:
    """A table of both sheets; a word says which lines differ."""
    groups = {item.field: item.fields for item in different}
    for name in ALWAYS:
        groups.setdefault(name, ("address", "postcode", "commune") if name == "address" else (name,))
    differing = {item.field for item in different}
    lines = []
    for name in (key for key in FIELD_LABELS if key in groups):
        texts = [group_words(context, sheet.row, groups[name]) for sheet in sheets]
        if any(texts):
            lines.append((label_of(name), *texts, _sign(name, texts, differing)))
    titles = source_titles()
    lines += [
        ("Sources", *(_sources(sheet, titles) for sheet in sheets), ""),
        ("Modifiée le", *(wording.short_day(sheet.shown["updated_on"]) for sheet in sheets), ""),
        ("Rattachés", *(hanging_words(sheet) for sheet in sheets), ""),
    ]
    if any(sheet.row["closed"] for sheet in sheets):
        states = ("fermée" if sheet.row["closed"] else "ouverte" for sheet in sheets)
        lines.append(("État", *states, OTHER if sheets[0].row["closed"] != sheets[1].row["closed"] else SAME))
    st.markdown(_table(lines))


def _sources(sheet: Sheet, titles: dict[str, str]) -> str:
    names = sheet.shown["sources"] or (sheet.row["source"],)
    return ", ".join(titles.get(name, name) for name in names)


def label_of(name: str) -> str:
    """Label of a field or of those that go with it."""
    return GROUP_LABELS.get(name) or FIELD_LABELS[name]


def _sign(name: str, texts: list[str], differing: set[str]) -> str:
    if name in differing:
        return OTHER
    return SAME if all(texts) else ONE


def _table(lines: list[tuple[str, ...]]) -> str:
    """A Markdown table: its cells wrap, and their text stays text."""
    rows = ["| | Fiche 1 | Fiche 2 | |", "|---|---|---|---|"]
    for label, first, second, sign in lines:
        cells = (wording.markdown_text(text[:MAX_SHOWN]) or "–" for text in (first, second))
        rows.append(f"| {label} | {' | '.join(cells)} | {sign} |")
    return "\n".join(rows)


def choose_kept(sheets: tuple[Sheet, Sheet], key: str) -> int:
    """Which sheet stays: 0 or 1; the one more work went into by default."""
    default = 1 if sheets[1].weight > sheets[0].weight else 0
    return int(
        st.radio(
            "Fiche à garder",
            (0, 1),
            index=default,
            format_func=lambda rank: f"fiche {rank + 1}",
            horizontal=True,
            key=f"{key}_kept",
            help="L'autre y est fondue : ses relations, permanences, contacts et actions y passent, et ses "
            "sources continuent à la mettre à jour. La fusion peut être défaite.",
        )
    )


def choose_values(
    context: Context, sheets: tuple[Sheet, Sheet], different: list[Difference], kept: int, key: str
) -> dict[str, str]:
    """Which value stays, for each field where the sheets differ: choices for the merge."""
    choices = {}
    for item in different:
        texts = [group_words(context, sheet.row, item.fields) or "(vide)" for sheet in sheets]
        shown = [f"{rank} – {text[:MAX_SHOWN]}" for rank, text in enumerate(texts, start=1)]
        chosen = st.selectbox(
            label_of(item.field),
            (0, 1),
            index=_suggested(sheets, item, kept),
            format_func=shown.__getitem__,
            # The suggestion follows the sheet kept: another choice of sheet is another question.
            key=f"{key}_{kept}_{item.field}",
        )
        choices[item.field] = duplicates.KEPT if chosen == kept else duplicates.GONE
    return choices


def _suggested(sheets: tuple[Sheet, Sheet], item: Difference, kept: int) -> int:
    """What a person wrote, where only one of the two was written by a person; else the kept sheet's."""
    if len(item.by_person) == 1:
        return 0 if item.by_person[0] == sheets[0].id else 1
    return kept
