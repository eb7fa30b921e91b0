"""Numbers and dates of a workbook come back as the text a person sees."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from reseau.errors import RefusedInput
from reseau.sources._workbook import cell_text, read_workbook
from tests.unit.sources.tables import workbook


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (31555.0, "31555"),
        (26010000000001.0, "26010000000001"),
        (43.6045, "43.6045"),
        (0.1 + 0.2, "0.3"),
        (True, "oui"),
        (datetime(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 9, 30), "2026-03-04 09:30"),
        (date(2026, 3, 4), "2026-03-04"),
        (time(9, 30), "09:30"),
        (timedelta(hours=26, minutes=5), "26:05"),
        (" texte ", "texte"),
        (2.601e21, "2.601e+21"),
    ],
)
def test_typed_cells_as_text(value, text: str):
    assert cell_text(value) == text


def test_lines_are_those_of_the_sheet(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [[], ["nom", "type"], [], [], ["A", "CMP"]])
    rows, name, sheets, notes = read_workbook(path, None)
    assert [row.line for row in rows] == [2, 5]
    assert (name, sheets, notes) == ("Sheet1", ("Sheet1",), [])


def test_other_sheets_are_said(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [["nom", "type"]], [["autre", "chose"]])
    assert "« Sheet2 »" in read_workbook(path, None)[3][0]
    rows, *_ = read_workbook(path, "Sheet2")
    assert next(rows).cells == ("autre", "chose")


def test_unknown_sheet_names_those_there_are(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [["nom", "type"]])
    with pytest.raises(RefusedInput, match=r"a\.xlsx.*« Partenaires ».*« Sheet1 »"):
        read_workbook(path, "Partenaires")


@pytest.mark.parametrize("content", [b"PK\x03\x04rien", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_damaged_workbook(tmp_path: Path, content: bytes):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=r"a\.xlsx"):
        read_workbook(path, None)


def test_ods(tmp_path: Path):
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Feuille1")
    for values, times in ((["nom", "type"], 1), (["", ""], 3), (["École", "CMP"], 1), (["", ""], 100_000)):
        row = TableRow(numberrowsrepeated=times)
        for value in values:
            cell = TableCell(valuetype="string") if value else TableCell()
            if value:
                cell.addElement(P(text=value))
            row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    path = tmp_path / "a.ods"
    document.save(str(path))
    rows, *_ = read_workbook(path, None)
    assert [(row.line, row.cells) for row in rows] == [(1, ("nom", "type")), (5, ("École", "CMP"))]
