"""Ties between structures, from a team's own spreadsheet."""

from __future__ import annotations

from pathlib import Path

from reseau.model.records import Relation
from reseau.sources import _cells as cells
from reseau.sources._row import Row
from reseau.sources._tabular import Context, TabularSource
from reseau.sources._vocabulary import read_intensity, read_word


class Relations(TabularSource):
    """One tie a row."""

    folder = Path(__file__).parent
    sheet_title = "Relations"

    def build(self, row: Row, context: Context) -> Relation:
        """Relation of a row; both ends are still names, the store finds whom they name."""
        relation = Relation(
            from_ref=row.text("from_ref", limit=cells.MAX_NAME),
            to_ref=row.text("to_ref", limit=cells.MAX_NAME),
            purpose=row.value("purpose", read_word("objets"), "orientation"),
            direction=row.value("direction", read_word("sens"), "reciproque"),
            intensity=row.value("intensity", read_intensity, 1),
            status=row.value("status", read_word("statuts"), "a_contacter"),
            declared_by=row.text("declared_by"),
            confirmed=row.flag("confirmed"),
            referent_from=row.text("referent_from"),
            referent_to=row.text("referent_to"),
            started_on=row.value("started_on", cells.read_date, None),
            renewal_on=row.value("renewal_on", cells.read_date, None),
            last_contact_on=row.value("last_contact_on", cells.read_date, None),
            evidence=row.text("evidence", lines=True),
            note=row.text("note", lines=True),
        )
        if relation.from_ref and relation.from_ref == relation.to_ref:
            row.fail(
                "to_ref",
                "une structure ne peut pas être en relation avec elle-même. Corrigez l'un des deux noms.",
            )
        if relation.started_on and relation.renewal_on and relation.renewal_on < relation.started_on:
            row.fail("renewal_on", "le renouvellement est avant le début. Vérifiez les deux dates.")
        return relation
