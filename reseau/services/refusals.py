"""Refused rows as a spreadsheet with their reasons, to correct and import again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from reseau.errors import RefusedInput, why
from reseau.exports import text_csv, text_sheet
from reseau.files import replacing
from reseau.model.reports import ImportReport
from reseau.sources import refused_to_table


def refused_table(report: ImportReport) -> tuple[list[str], list[list[str]]]:
    """Headers and rows: the file's own columns in order, then the reason."""
    return refused_to_table(report.refused)


def refused_csv(report: ImportReport) -> bytes:
    """The same as CSV (`;`, UTF-8 with BOM), cells written so that no spreadsheet runs them."""
    return text_csv(*refused_table(report))


def refused_xlsx(report: ImportReport) -> bytes:
    """The same as a workbook of text cells: a postcode keeps its zero, nothing is run."""
    headers, rows = refused_table(report)
    return text_sheet("À corriger", headers, rows)


def write_refused(report: ImportReport, folders: Iterable[Path], stem: str) -> Path:
    """Write the refused rows as `<stem>-refus.csv` in the first folder that takes it; returns the path.

    A file of that name that says something else may be one that a person is correcting: it is left alone.

    Raises:
        RefusedInput: no folder takes it.
    """
    content = refused_csv(report)
    refusal = RefusedInput("Aucun dossier où écrire les lignes refusées.")
    for folder in folders:
        try:
            path = _free_name(folder, stem, content)
            with replacing(path) as temporary:
                temporary.write_bytes(content)
            return path
        except RefusedInput as error:
            refusal = error
        except OSError as error:
            refusal = RefusedInput(f"« {folder} » : {why(error)}.")
    raise refusal


def _free_name(folder: Path, stem: str, content: bytes) -> Path:
    for number in count(1):
        path = folder / (f"{stem}-refus.csv" if number == 1 else f"{stem}-refus-{number}.csv")
        if not path.exists() or (path.is_file() and path.read_bytes() == content):
            return path
    raise AssertionError("endless")
