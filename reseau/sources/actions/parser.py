"""Outreach actions, from a team's own spreadsheet."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import cast

from reseau.model.records import COUNT_LABELS, Action, Partner
from reseau.model.reports import Record
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource
from reseau.sources._vocabulary import find_word, read_word, read_words
from reseau.sources.permanences.parser import single_type
from reseau.sources.tableur.parser import explicit_uid, slugify

PREFIX = "actions--"


class Actions(TabularSource):
    """One action a row."""

    folder = Path(__file__).parent
    sheet_title = "Actions"

    def build(self, row: Row, context: Context) -> Action:
        """Action of a row; the structures are still names, the store finds whom they name."""
        position = row.position()
        title = row.text("title", limit=cells.MAX_NAME)
        starts_on = row.value("starts_on", cells.read_date, None)
        native = explicit_uid(row, PREFIX)
        slug = "-".join(filter(None, (slugify(title), starts_on.isoformat() if starts_on else "")))
        action = Action(
            uid=native or f"{PREFIX}{slug}",
            title=title,
            form=row.value("form", read_word("formes"), "autre"),
            theme=row.text("theme"),
            publics=row.value("publics", read_words("publics"), ()),
            languages=row.value("languages", read_words("langues"), ()),
            quartiers=row.codes("quartiers", cells.read_quartier_code),
            type_code=single_type(row, context),
            host_ref=row.text("host_ref", limit=cells.MAX_NAME),
            place=row.text("place"),
            lon=position.lon if position else None,
            lat=position.lat if position else None,
            starts_on=starts_on,
            start_time=row.value("start_time", cells.read_time, ""),
            end_time=row.value("end_time", cells.read_time, ""),
            recurrence=row.value("recurrence", read_word("recurrences"), ""),
            ends_on=row.value("ends_on", cells.read_date, None),
            team=row.text("team"),
            status=row.value("status", read_word("etats_action"), "idee"),
            partners=row.value("partners", read_partners, ()),
            counts=_counts(row),
            outcome=row.text("outcome", lines=True),
            note=row.text("note", lines=True),
        )
        if action.starts_on and action.ends_on and action.ends_on < action.starts_on:
            row.fail("ends_on", "la fin est avant le début. Vérifiez les deux dates.")
        return action

    def key(self, record: Record) -> Hashable:
        """Two rows with one uid are one action."""
        return cast(Action, record).uid


def read_partners(text: str) -> tuple[Partner, ...]:
    """Partners of a cell «Nom (rôle) | Autre (rôle)»; brackets that name no role belong to the name."""
    pieces = (piece.strip() for piece in text.replace("\n", "|").replace(";", "|").split("|"))
    return tuple(dict.fromkeys(_partner(piece) for piece in pieces if piece))


def _partner(text: str) -> Partner:
    opening = _last_bracket(text)
    role = find_word(text[opening + 1 : -1], "roles") if opening > 0 else None
    return Partner(structure_ref=text[:opening].strip(), role=role) if role else Partner(structure_ref=text)


def _last_bracket(text: str) -> int:
    """Index of the bracket that the final one closes («X (accueille (prête le lieu))»), -1 when none."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] == ")") - (text[index] == "(")
        if depth == 0:
            return index if text[index] == "(" else -1
    return -1


def _counts(row: Row) -> dict[str, int]:
    """Counts the row knows; a missing one is unknown, not zero."""
    read = {name: row.value(name, cells.read_count, None, into="counts") for name in COUNT_LABELS}
    return {name: count for name, count in read.items() if count is not None}
