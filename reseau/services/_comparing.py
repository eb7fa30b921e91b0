"""What a file would change, whatever it is about. Nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reseau.model.reports import Parsed, Scope
from reseau.services._comparing_rows import compare_rows
from reseau.services._comparing_structures import compare_structures
from reseau.services._steps import Comparison
from reseau.sources import Source

if TYPE_CHECKING:
    from sqlalchemy import Connection


def compare(
    connection: Connection, territoire_id: int, source: Source, parsed: Parsed, scope: Scope
) -> Comparison:
    """Compare the records of a file with what is stored."""
    if source.spec.kind == "structures":
        return compare_structures(connection, territoire_id, source, parsed, scope)
    return compare_rows(connection, territoire_id, source, parsed, scope)
