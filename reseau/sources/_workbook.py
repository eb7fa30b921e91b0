"""Rows of a workbook (XLSX, XLS, ODS) as clean text, each with its line in the sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from reseau.errors import RefusedInput
from reseau.sources._delimited import RawRow
from reseau.sources._guards import CHUNK_BYTES, WANTED
from reseau.sources._text import clean_cell

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FAILED = re.compile(rb"<(?:\w+:)?c(?=\s[^<>]*\st=[\"']e[\"'])[^<>]*\sr=[\"']([A-Z]{1,3}\d{1,7})[\"']")
_LONG_TAG = 10_000
CellValue = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(path: Path, sheet: str | None) -> tuple[Iterator[RawRow], str, tuple[str, ...], list[str]]:
    """Rows of one sheet (blank ones left out), its name, the visible sheets, and notes.

    Raises:
        RefusedInput: the workbook cannot be opened (damaged, password) or has no such sheet.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        names = _visible(book)
        chosen = _choose(path.name, names, book.sheet_names, sheet)
        rows = _rows(book.get_sheet_by_name(chosen))
    except RefusedInput:
        raise
    except BaseException as error:
        # The reader is compiled code: on a hostile file it may also panic, outside `Exception`.
        if not (isinstance(error, CalamineError | OSError | ValueError) or _is_panic(error)):
            raise
        raise RefusedInput(
            f"« {path.name} » ne peut pas être ouvert : fichier abîmé ou protégé par un mot de passe. "
            f"{WANTED}"
        ) from error
    others = [name for name in names if name != chosen]
    notes = []
    if others and sheet is None:
        listed = ", ".join(f"« {name} »" for name in others[:10])
        notes.append(f"Feuille lue : « {chosen} ». Autres feuilles, non lues : {listed}.")
    if failed := _failed_cells(path):
        shown = ", ".join(failed[:5])
        notes.append(
            f"{len(failed)} cellule(s) du classeur en erreur (#REF!, #N/A…), lues comme vides : {shown}"
            f"{'…' if len(failed) > 5 else '.'}"
        )
    return rows, chosen, names, notes


def _failed_cells(path: Path) -> list[str]:
    """Places of the formulas that failed: the reader gives them as empty. Only XLSX tells them apart."""
    if not zipfile.is_zipfile(path):
        return []
    found: list[str] = []
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
        for name in sheets:
            with archive.open(name) as file:
                rest = b""
                while chunk := file.read(CHUNK_BYTES):
                    # A tag may lie across two chunks; it is never long.
                    text = rest + chunk
                    cut = text.rfind(b"<")
                    cut = cut if len(text) - cut < _LONG_TAG else len(text)
                    found += [match[1].decode() for match in _FAILED.finditer(text[:cut])]
                    rest = text[cut:]
    return found


def _is_panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"


def _visible(book: CalamineWorkbook) -> tuple[str, ...]:
    shown = [
        meta.name
        for meta in book.sheets_metadata
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
    ]
    return tuple(shown or book.sheet_names)


def _choose(filename: str, names: tuple[str, ...], every: list[str], sheet: str | None) -> str:
    if not names:
        raise RefusedInput(f"« {filename} » ne contient aucune feuille. {WANTED}")
    if sheet is not None and sheet not in every:
        listed = ", ".join(f"« {name} »" for name in names)
        raise RefusedInput(f"« {filename} » n'a pas de feuille « {sheet} ». Feuilles présentes : {listed}.")
    return names[0] if sheet is None else sheet


def _rows(sheet: CalamineSheet) -> Iterator[RawRow]:
    rows = sheet.iter_rows()

    def generate() -> Iterator[RawRow]:
        for index, values in enumerate(rows):
            cells = tuple(map(cell_text, values))
            if any(cells):
                yield RawRow(index + 1, cells)

    return generate()


def cell_text(value: CellValue) -> str:
    """Text of a typed cell: `31555` not `31555.0`, dates as ISO, `oui`/`non`."""
    if isinstance(value, str):
        return clean_cell(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)
