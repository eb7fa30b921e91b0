"""Values of cells, and text that no spreadsheet runs."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pandas as pd

Cell = str | int | float | bool | date | tuple[str, ...] | None
"""A value to write; None is unknown and stays empty in every format."""

SEPARATOR = " | "
# A spreadsheet takes a cell beginning like this for a formula; blanks before the sign do not protect, and an
# apostrophe already there must be doubled so that `restore` gives back the same text.
_RUNS = re.compile(r"'*(?:[\t\r]|[\s\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠])")
# Characters no XML 1.0 document may hold; they say nothing in a spreadsheet or a JSON text either.
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def neutralise(cell: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    `=1+1` becomes `'=1+1`; other texts are unchanged. For text only: the number -1.2 stays a number.
    """
    return f"'{cell}" if _RUNS.match(cell) else cell


def restore(cell: str) -> str:
    """Undo `neutralise`: `restore(neutralise(text)) == text` for every text."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell


def printable(text: str) -> str:
    """Text without the control characters that XML and spreadsheets refuse."""
    return _CONTROL.sub("", text)


def plain(value: Any) -> Cell:
    """A frame's value as a plain Python one; NaN, NaT, NA and empty text are None."""
    if isinstance(value, tuple | list):
        return tuple(str(item) for item in value)
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value != value:  # noqa: PLR0124 -- NaN is the only one unlike itself
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | int | float | date):
        return value
    return printable(str(value)) or None


def as_text(cell: Cell) -> str:
    """A cell as CSV text: «oui» / «non», ISO dates, `a | b`, empty when unknown; formulas neutralised."""
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case int() | float():
            return repr(cell)
        case date():
            return cell.isoformat()
        case tuple():
            return neutralise(SEPARATOR.join(cell))
        case _:
            return neutralise(cell)
