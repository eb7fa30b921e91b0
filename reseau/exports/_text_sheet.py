"""A table of plain text as a workbook of one sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reseau.exports._cells import neutralise, printable

# Excel refuses longer texts and sheets; xlsxwriter would drop them without a word.
MAX_TEXT = 32_767
MAX_WIDTH = 60


def text_sheet(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """An XLSX file whose every cell is text, kept as it is even where it looks like a formula.

    Args:
        title: name of the sheet, at most 31 characters.
        headers: first row.
        rows: following rows, as long as `headers`.
    """
    # Not for those who only read a table.
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True, "bg_color": "#e3e5e8", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        # Editing a cell must not turn a text into a formula either.
        guarded = book.add_format({"num_format": "@", "quote_prefix": True})
        for column, header in enumerate(headers):
            longest = max((len(row[column]) for row in rows), default=0)
            sheet.set_column(column, column, min(max(len(header), longest, 8) + 2, MAX_WIDTH), text)
            sheet.write_string(0, column, printable(header)[:MAX_TEXT], bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                shown = printable(cell)[:MAX_TEXT]
                sheet.write_string(line, column, shown, guarded if neutralise(shown) != shown else text)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
