"""Figures that statistics offices publish, and all the ways to write that one may not be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reseau.model.typology import normalise
from reseau.sources._cells import CellError, read_number

# How publications write that a figure is secret or does not exist.
_NO_FIGURE = frozenset({"", "s", "nd", "n d", "nc", "ns", "c", "so", "na", "secret", "x", "none", "null"})
# `DISP_MED21`, `DISP_TP6021`, `P21_POP`: two figures for the year. `TP60` alone is a rate, not a year.
_YEAR_IN_COLUMN = re.compile(
    r"(?:disp|dec) (?:tp60|med|gi|rd|s80s20|eq|q[123]|d[1-9])(\d{2})|[pc](\d{2}) \w+"
)
_YEAR_IN_TITLE = re.compile(r"filosofi\D{0,3}(20\d{2})(?!\d)", re.IGNORECASE)


def hidden(text: str) -> bool:
    """Whether a cell says that there is no figure to tell: empty, `s`, `nd`, `///`."""
    return normalise(text) in _NO_FIGURE


def number(text: str) -> float | None:
    """The figure of a cell, None when there is none to tell or when it cannot be read."""
    try:
        return None if hidden(text) else read_number(text.rstrip("%").strip())
    except CellError:
        return None


def figure_columns(rows: Iterable[Mapping[str, str]], candidates: Iterable[str]) -> tuple[str, ...]:
    """Columns that hold figures, and not words: those where one cell at least is a number."""
    left = dict.fromkeys(candidates)
    found = set()
    for row in rows:
        found |= {name for name in left if number(row.get(name, "")) is not None}
        left = {name: None for name in left if name not in found}
    return tuple(name for name in dict.fromkeys(candidates) if name in found)


def year_of(columns: Iterable[str], *titles: str) -> int | None:
    """Year of the figures according to the names of the columns, else to titles; None when neither says."""
    for column in columns:
        if found := _YEAR_IN_COLUMN.fullmatch(normalise(column)):
            return 2000 + int(found[1] or found[2])
    matches = (_YEAR_IN_TITLE.search(title) for title in titles)
    return next((int(found[1]) for found in matches if found), None)
