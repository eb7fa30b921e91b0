"""Refused rows as a spreadsheet with their reasons, to correct and import again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from reseau.exports import neutralise
from reseau.exports._text_sheet import text_sheet
from reseau.model.reports import ImportReport
from reseau.sources import refused_to_table


def refused_table(report: ImportReport) -> tuple[list[str], list[list[str]]]:
    """Headers and rows: the file's own columns in order, then the reason."""
    return refused_to_table(report.refused)


def refused_csv(report: ImportReport) -> bytes:
    """The same as CSV (`;`, UTF-8 with BOM), cells written so that no spreadsheet runs them."""
    headers, rows = refused_table(report)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([[neutralise(cell) for cell in row] for row in (headers, *rows)])
    return buffer.getvalue().encode("utf-8-sig")


def refused_xlsx(report: ImportReport) -> bytes:
    """The same as a workbook of text cells: a postcode keeps its zero, nothing is run."""
    headers, rows = refused_table(report)
    return text_sheet("À corriger", headers, rows)


def write_refused(report: ImportReport, path: Path) -> Path:
    """Write the refused rows, beside the file or where told, and return the path."""
    path.write_bytes(refused_csv(report))
    return path
