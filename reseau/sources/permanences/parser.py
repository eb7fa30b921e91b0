"""Services held at another place than home, from a team's own spreadsheet."""

from __future__ import annotations

from pathlib import Path

from reseau.model.records import Permanence
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource
from reseau.sources._vocabulary import read_words


class Permanences(TabularSource):
    """One permanence a row."""

    folder = Path(__file__).parent
    sheet_title = "Permanences"

    def build(self, row: Row, context: Context) -> Permanence:
        """Permanence of a row; the structures are still names, the store finds whom they name."""
        position = row.position()
        hours = row.hours()
        permanence = Permanence(
            structure_ref=row.text("structure_ref", limit=cells.MAX_NAME),
            type_code=single_type(row, context),
            host_ref=row.text("host_ref", limit=cells.MAX_NAME),
            place=row.text("place"),
            lon=position.lon if position else None,
            lat=position.lat if position else None,
            opening_hours=hours.osm,
            hours_text=hours.text,
            free=row.flag("free"),
            no_appointment=row.flag("no_appointment"),
            languages=row.value("languages", read_words("langues"), ()),
            started_on=row.value("started_on", cells.read_date, None),
            ended_on=row.value("ended_on", cells.read_date, None),
            note=row.text("note", lines=True),
        )
        if not (permanence.host_ref or permanence.place or position):
            row.fail(
                "host_ref", "le lieu manque. Dites par quelle structure elle est accueillie, ou le lieu."
            )
        if permanence.started_on and permanence.ended_on and permanence.ended_on < permanence.started_on:
            row.fail("ended_on", "la fin est avant le début. Vérifiez les deux dates.")
        return permanence


def single_type(row: Row, context: Context) -> str:
    """The one type of a row, empty when it gives none; several are a problem."""
    codes: tuple[str, ...] = row.value("type_code", context.read_types, ())
    if len(codes) > 1:
        row.fail("type_code", "un seul type par ligne. Faites une ligne par type.")
    return codes[0] if codes else ""
