"""Refused rows leave as spreadsheets that nothing runs and that can be imported again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from reseau.errors import RefusedInput
from reseau.exports import text_sheet
from reseau.services import App
from reseau.services.importing import FileToImport, import_file
from reseau.services.refusals import refused_csv, refused_table, refused_xlsx, write_refused
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

FILE = "nom;type;code postal;description\n=1+1;type inconnu;01000;@SUM(A1)\nCCAS;CCAS;31000;\n"


def test_the_workbook_says_what_the_csv_says(load: Importer) -> None:
    report = load("tableur", FILE)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(refused_xlsx(report))).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["nom", "type", "code postal", "description", "motif du refus"]
    # The text as it was, the zero of the postcode too: a text cell needs no apostrophe in it.
    assert sheet[1][:4] == ["=1+1", "type inconnu", "01000", "@SUM(A1)"]
    assert "'=1+1;type inconnu;01000;'@SUM(A1);" in refused_csv(report).decode("utf-8-sig")


def test_a_corrected_workbook_is_taken(app: App, tid: int, load: Importer, tmp_path: Path) -> None:
    """Refused rows come back with their reasons in a column that the next import passes over."""
    headers, rows = refused_table(load("tableur", FILE))
    corrected = [[cell.replace("type inconnu", "CMP") for cell in row] for row in rows]
    path = tmp_path / "corrigé.xlsx"
    path.write_bytes(text_sheet("À corriger", headers, corrected))
    report = import_file(app, tid, "tableur", FileToImport(path=path))
    assert (report.created, report.read) == (1, 1)
    assert "=1+1" in set(open_view(app, tid).structures["name"])


def test_refused_rows_go_where_they_can_and_replace_nothing(load: Importer, tmp_path: Path) -> None:
    """A file of refused rows may be one that a person is correcting at this moment."""
    report = load("tableur", FILE)
    folders = (tmp_path / "absent", tmp_path)
    first = write_refused(report, folders, "essai")
    assert first == tmp_path / "essai-refus.csv"
    assert write_refused(report, folders, "essai") == first
    first.write_text("corrigé à moitié", encoding="utf-8")
    assert write_refused(report, folders, "essai") == tmp_path / "essai-refus-2.csv"
    assert first.read_text(encoding="utf-8") == "corrigé à moitié"
    with pytest.raises(RefusedInput, match="dossier n'existe pas"):
        write_refused(report, folders[:1], "essai")
