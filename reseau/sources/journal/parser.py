"""Traces of work with the partners, from a team's own spreadsheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reseau.model.records import JournalEntry
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource
from reseau.sources._vocabulary import read_word


class Journal(TabularSource):
    """One exchange a row."""

    folder = Path(__file__).parent
    sheet_title = "Journal"

    def build(self, row: Row, context: Context) -> JournalEntry:
        """Journal entry of a row; the structure is still a name, the store finds whom it names."""
        # A row without a readable date has a problem and its record is thrown away.
        return JournalEntry(
            structure_ref=row.text("structure_ref", limit=cells.MAX_NAME),
            on=row.value("on", cells.read_date, date.min),
            kind=row.value("kind", read_word("genres"), "note"),
            text=row.text("text", lines=True),
            author=row.text("author"),
        )
