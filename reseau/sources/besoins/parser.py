"""What residents asked for, counted by quartier and theme, from a team's own spreadsheet."""

from __future__ import annotations

from pathlib import Path

from reseau.model.records import Need
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource
from reseau.sources._vocabulary import read_word

# A cell may hold the code and the name: «QN99102M (Les Tilleuls)».
MAX_REFERENCE = 2 * cells.MAX_NAME


class Besoins(TabularSource):
    """One count a row."""

    folder = Path(__file__).parent
    sheet_title = "Demandes"

    def build(self, row: Row, context: Context) -> Need:
        """Count of a row; the quartier is still a code or a name, the store finds which it is."""
        # A row without a readable number has a problem and its record is thrown away.
        return Need(
            quartier_ref=row.text("quartier_ref", limit=MAX_REFERENCE),
            theme=row.value("theme", read_word("themes"), ""),
            count=row.value("count", cells.read_count, 0),
            on=row.value("on", cells.read_date, None),
            collected=row.text("collected", limit=cells.MAX_NAME),
            note=row.text("note", lines=True),
        )
