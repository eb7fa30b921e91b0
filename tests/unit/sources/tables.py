"""Small tables written to a file and read back, as a person would."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from reseau.model.reports import Parsed, RefusedRow, Scope
from reseau.sources import ReadOptions, Source
from reseau.sources._columns import count_recognised
from reseau.sources._table import Table, read_table
from reseau.sources.tableur import SOURCE as TABLEUR


def read(source: Source, path: Path, content: str | bytes, **options) -> Parsed:
    """Write `content` to `path` and read it with a source."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return source.read(path, Scope(), ReadOptions(**options))


def table_of(path: Path, content: str | bytes, *, sheet: str | None = None) -> Table:
    """Write `content` to `path` and read it as a table of partners."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, recognise=recognise, sheet=sheet)


def recognise(cells: tuple[str, ...]) -> int:
    return count_recognised(cells, TABLEUR.columns)


def reasons(row: RefusedRow) -> dict[str, str]:
    """Column → reason."""
    return {problem.column: problem.reason for problem in row.problems}


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    """Write one XLSX sheet per list of rows (dates as dates, numbers as numbers)."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for rows in sheets:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(line, column, value)
    book.close()
    return path
