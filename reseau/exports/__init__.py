"""What leaves Réseau as a file: one format per module, found by looking (`all_exports`).

What may leave the team is decided in one place, `public_view`.
"""

from __future__ import annotations

from functools import cache

from reseau.discovery import collect
from reseau.exports._base import Export, ExportBundle
from reseau.exports._cells import as_text, neutralise, plain, restore
from reseau.exports._public import public_view
from reseau.exports._tables import TABLES
from reseau.exports._text_csv import text_csv
from reseau.exports._text_sheet import text_sheet


@cache
def all_exports() -> dict[str, Export]:
    """Every export format, keyed by id, in the order of their modules' names."""
    return collect("reseau.exports", "EXPORT", Export)  # type: ignore[type-abstract]


__all__ = [
    "TABLES",
    "Export",
    "ExportBundle",
    "all_exports",
    "as_text",
    "neutralise",
    "plain",
    "public_view",
    "restore",
    "text_csv",
    "text_sheet",
]
