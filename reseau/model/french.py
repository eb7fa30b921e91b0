"""Days as they are written in French."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def written_day(on: date) -> str:
    """«1er mars 2026», «22 novembre 2026»."""
    first = "1er" if on.day == 1 else str(on.day)
    return f"{first} {MONTHS[on.month - 1]} {on.year}"
