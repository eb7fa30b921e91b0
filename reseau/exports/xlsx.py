"""Everything in one workbook, one sheet per table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reseau.exports._base import Export, ExportBundle
from reseau.exports._cells import SEPARATOR, Cell, neutralise
from reseau.exports._columns import Table
from reseau.exports._tables import TABLES

# Excel refuses longer texts; xlsxwriter would drop the cell.
MAX_TEXT = 32_767
WIDTHS = {"nom": 38, "description": 50, "adresse": 34, "note": 40, "texte": 60, "bilan": 50, "pourquoi": 60}
DEFAULT_WIDTH = 18
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class _Formats:
    """`guarded` marks a text that looks like a formula, so that editing the cell does not make it one."""

    bold: Format
    day: Format
    guarded: Format


@dataclass(frozen=True, kw_only=True)
class XlsxExport(Export):
    """A workbook: text stays text, numbers stay numbers, unknown stays empty."""

    def _write(self, bundle: ExportBundle, path: Path) -> int:
        try:
            return _write_book(bundle, path)
        except FileCreateError as error:
            # xlsxwriter wraps the system's error in one that is not an OSError.
            raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from error


def _write_book(bundle: ExportBundle, path: Path) -> int:
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        # The default creation time is now: the same data on the same day must give the same file.
        created = datetime.combine(bundle.generated_on, time())
        book.set_properties({"title": f"Réseau – {bundle.territory}"[:250], "created": created})
        formats = _Formats(
            bold=book.add_format({"bold": True, "bg_color": "#e3e5e8", "bottom": 1}),
            day=book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
            guarded=book.add_format({"quote_prefix": True}),
        )
        count = 0
        for table in TABLES:
            if table.rows_in(bundle) is not None:
                count += _write_table(book.add_worksheet(table.title), table, bundle, formats)
        _write_sources(book.add_worksheet("Sources"), bundle, formats)
    return count


def _write_table(sheet: Worksheet, table: Table, bundle: ExportBundle, formats: _Formats) -> int:
    columns = table.written(bundle)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.header, formats.bold)
        sheet.set_column(index, index, WIDTHS.get(column.header, max(DEFAULT_WIDTH, len(column.header) + 2)))
    count = 0
    for count, (_, cells) in enumerate(table.rows(bundle), start=1):
        for index, cell in enumerate(cells):
            _write_cell(sheet, (count, index), cell, formats)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _write_cell(sheet: Worksheet, at: tuple[int, int], cell: Cell, formats: _Formats) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_string(*at, "oui" if cell else "non")
        case int() | float():
            sheet.write_number(*at, cell)
        case date():
            _write_day(sheet, at, cell, formats)
        case tuple():
            _write_text(sheet, at, SEPARATOR.join(cell), formats)
        case _:
            _write_text(sheet, at, cell, formats)


def _write_day(sheet: Worksheet, at: tuple[int, int], day: date, formats: _Formats) -> None:
    if day.year < 1900:
        # Spreadsheets know no day before 1900.
        sheet.write_string(*at, day.isoformat())
    else:
        sheet.write_datetime(*at, day, formats.day)


def _write_text(sheet: Worksheet, at: tuple[int, int], text: str, formats: _Formats) -> None:
    if not text:
        return
    # An import takes one apostrophe before a formula for a protection: a text that has its own gets another.
    text = neutralise(text) if text.startswith("'") else text
    shown = text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
    sheet.write_string(*at, shown, formats.guarded if neutralise(shown) != shown else None)


def _write_sources(sheet: Worksheet, bundle: ExportBundle, formats: _Formats) -> None:
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, f"{bundle.territory} – export du {bundle.generated_on:%d/%m/%Y}", formats.bold)
    kind = "version publique" if bundle.public else "réservé à l'équipe : ne pas diffuser tel quel"
    sheet.write_string(1, 0, f"Réseau – {kind}. Une case vide veut dire : pas connu.")
    for line, source in enumerate(bundle.sources, start=3):
        _write_text(sheet, (line, 0), source, formats)


EXPORT = XlsxExport(
    id="xlsx",
    label="Classeur complet (XLSX)",
    extension=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
