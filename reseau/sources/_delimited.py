"""Rows of a CSV-like text, each with the physical line it starts on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.sources._guards import MAX_COLUMNS
from reseau.sources._text import UTF8, clean_cell, decode, lines_of

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
SAMPLE_LINES = 200
# Longer is no line of a table: its beginning is enough to judge it, and to show it where it is refused.
LONG_LINE = 100_000
MAX_LINES = 2_000_000
# A row that goes on for longer has a quote nobody closed. Each line may open one: looking for the end of
# the file from each of them would take hours.
MAX_ROW_LINES = 500
BAD_QUOTES = (
    "guillemets mal placés ou jamais refermés : la ligne ne peut pas être découpée en colonnes. "
    "Corrigez les guillemets de cette ligne."
)
Recognise = Callable[[tuple[str, ...]], int]


@dataclass(frozen=True, slots=True)
class RawRow:
    """Cells of one row as text. `defect`: why the row cannot be taken whatever it says, else empty."""

    line: int
    cells: tuple[str, ...]
    defect: str = ""


def read_delimited(path: Path, recognise: Recognise) -> tuple[Iterator[RawRow], str, list[str]]:
    """Rows (blank ones left out), a French description of the file, and notes.

    Args:
        path: text file in any usual encoding.
        recognise: how many columns a row of header cells would give; chooses the separator.

    Raises:
        RefusedInput: more than `MAX_LINES` lines.
    """
    text, encoding, unreadable = decode(path.read_bytes())
    if text.count("\n") + text.count("\r") > 2 * MAX_LINES:
        raise RefusedInput(
            f"« {path.name} » a plus de {MAX_LINES} lignes. Gardez seulement les lignes de votre territoire."
        )
    lines = list(lines_of(text))
    del text
    separator, first = _separator(lines, recognise)
    notes = []
    if encoding != UTF8:
        notes.append(f"Fichier lu en {encoding} : vérifiez les accents.")
    if unreadable:
        notes.append(f"{unreadable} caractère(s) illisible(s) dans le fichier, remplacés par « \ufffd ».")
    description = f"Texte {encoding}, colonnes séparées par : {SEPARATORS[separator]}."
    return _rows(lines, separator, first), description, notes


def _separator(lines: list[str], recognise: Recognise) -> tuple[str, int]:
    """Separator and index of the first line of the table (Excel's own `sep=;` line is honoured)."""
    if lines and lines[0].strip().strip('"').lower()[:4] == "sep=":
        declared = lines[0].strip("\r\n").strip('"')[4:5]
        if declared in SEPARATORS:
            return declared, 1
    sample = [line[:LONG_LINE] for line in lines[:SAMPLE_LINES]]
    return max(SEPARATORS, key=lambda separator: _score(sample, separator, recognise)), 0


def _score(lines: list[str], separator: str, recognise: Recognise) -> tuple[int, int]:
    rows = [row.cells for row in islice(_rows(lines, separator, 0), 50)]
    recognised = max((recognise(row[:MAX_COLUMNS]) for row in rows[:10]), default=0)
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    return recognised, width * count if width > 1 else 0


def _rows(lines: list[str], separator: str, first: int) -> Iterator[RawRow]:
    start = begun = first

    def following() -> Iterator[str]:
        for index in range(start, len(lines)):
            if index - begun >= MAX_ROW_LINES:
                raise csv.Error
            yield lines[index]

    while start < len(lines):
        begun = start
        reader = csv.reader(following(), delimiter=separator, strict=True, skipinitialspace=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield RawRow(begun + 1, tuple(map(clean_cell, cells)))
                begun = start + reader.line_num
            return
        except csv.Error:
            # The rest of the file is kept: only the line where the quote opens is given up.
            yield RawRow(begun + 1, _careless(lines[begun], separator), BAD_QUOTES)
            start = begun + 1


def _careless(line: str, separator: str) -> tuple[str, ...]:
    return tuple(
        clean_cell(cell.strip().strip('"')) for cell in line[:LONG_LINE].rstrip("\r\n").split(separator)
    )
