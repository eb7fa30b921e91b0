"""People at the partners', from a team's own spreadsheet. Personal data."""

from __future__ import annotations

from pathlib import Path

from reseau.model.records import Contact
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource


class Contacts(TabularSource):
    """One person a row."""

    folder = Path(__file__).parent
    sheet_title = "Contacts"

    def build(self, row: Row, context: Context) -> Contact:
        """Contact of a row; the structure is still a name, the store finds whom it names."""
        first_name = row.text("first_name", into="name", limit=cells.MAX_NAME)
        name = row.text("name", limit=cells.MAX_NAME)
        return Contact(
            structure_ref=row.text("structure_ref", limit=cells.MAX_NAME),
            name=" ".join(filter(None, (first_name, name))),
            role=row.text("role"),
            phone=row.value("phone", cells.read_phone, ""),
            email=row.value("email", cells.read_email, ""),
            note=row.text("note", lines=True),
        )
