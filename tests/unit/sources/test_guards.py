"""Whatever is given as a table is judged before it is loaded: no crash, no full memory, a clear message."""

import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from reseau.errors import RefusedInput
from reseau.sources import _guards as guards
from reseau.sources._guards import ODS, TEXT, XLS, XLSX, file_kind
from tests.unit.sources.tables import table_of, workbook


def sheet_xml(cells: str) -> str:
    return f"<worksheet><sheetData>{cells}</sheetData></worksheet>"


def xlsx(path: Path, cells: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(cells))
    return path


def ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f"<office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet>"
        )
    return path


def test_content_decides_not_the_extension(tmp_path: Path):
    """People rename files."""
    book = workbook(tmp_path / "a.csv", [["nom", "type"]])
    text = tmp_path / "b.xlsx"
    text.write_text("nom;type\n")
    old = tmp_path / "c.csv"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert [file_kind(path) for path in (book, text, old)] == [XLSX, TEXT, XLS]
    assert file_kind(ods(tmp_path / "d.txt", "")) == ODS


def test_missing_file(tmp_path: Path):
    with pytest.raises(RefusedInput, match=r"absent\.csv.*introuvable"):
        file_kind(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"%PDF-1.7", "PDF"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"<!DOCTYPE html><table><tr><td>nom</td></tr></table>", "HTML"),
    ],
)
def test_what_it_is_instead_is_said(tmp_path: Path, content: bytes, word: str):
    path = tmp_path / "partenaires.csv"
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=word):
        file_kind(path)


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guards, "MAX_FILE_BYTES", 1024**2)
    path = tmp_path / "gros.csv"
    path.write_bytes(b"a" * (1024**2 + 1))
    with pytest.raises(RefusedInput, match=r"gros\.csv.*1 Mo"):
        file_kind(path)


def test_a_zip_bomb_is_stopped_while_it_unfolds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guards, "MAX_UNZIPPED_BYTES", 5 * 1024**2)
    path = xlsx(tmp_path / "bombe.xlsx", " " * 20 * 1024**2)
    assert path.stat().st_size < 100_000
    with pytest.raises(RefusedInput, match=r"bombe\.xlsx.*5 Mo"):
        file_kind(path)


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The size in the headers is written by whoever made the file."""
    monkeypatch.setattr(guards, "MAX_UNZIPPED_BYTES", 5 * 1024**2)
    path = xlsx(tmp_path / "bombe.xlsx", " " * 20 * 1024**2)
    data = path.read_bytes()
    true_size = struct.pack("<I", 20 * 1024**2 + len(sheet_xml("")))
    assert data.count(true_size) == 2
    path.write_bytes(data.replace(true_size, struct.pack("<I", 10)))
    with pytest.raises(RefusedInput, match=r"bombe\.xlsx.*5 Mo"):
        file_kind(path)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='XFD1' t='n'><v>1</v></c></row><row r='900000'><c><v>1</v></c></row>",
    ],
)
def test_two_far_apart_cells_do_not_fill_the_memory(tmp_path: Path, cells: str):
    """The reader would allocate seventeen thousand million cells."""
    with pytest.raises(RefusedInput, match="trop de cellules"):
        file_kind(xlsx(tmp_path / "vaste.xlsx", cells))


def test_an_archive_damaged_anywhere_is_refused_or_read(tmp_path: Path):
    """A download cut or a worn-out disk: whatever the byte, a message and never a crash."""
    path = workbook(tmp_path / "abime.xlsx", [["nom", "type"], ["A", "CMP"]])
    data = path.read_bytes()
    messages = []
    for place in range(0, len(data), 97):
        path.write_bytes(data[:place] + b"\xff\x00\xff" + data[place + 3 :])
        try:
            table_of(path, path.read_bytes())
        except RefusedInput as error:
            messages.append(str(error))
    assert len(messages) > 10
    assert all("abime.xlsx" in message for message in messages)


def test_far_cells_that_are_only_formatted_do_not_matter(tmp_path: Path):
    """Whole rows with a border are common in real files."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert file_kind(xlsx(tmp_path / "borde.xlsx", cells)) == XLSX


def test_a_repeated_row_does_not_fill_the_memory(tmp_path: Path):
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(RefusedInput, match="trop de cellules"):
        file_kind(ods(tmp_path / "vaste.ods", row))


def test_the_empty_rows_every_ods_ends_with_do_not_matter(tmp_path: Path):
    filled = '<table:table-row><table:table-cell office:value-type="string"/></table:table-row>'
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = f'{filled}<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    assert file_kind(ods(tmp_path / "ordinaire.ods", rows)) == ODS


def test_tags_cut_between_two_chunks_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guards, "CHUNK_BYTES", 64)
    monkeypatch.setattr(guards, "MAX_CELLS", 50)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for line in range(60):
            sheet.write(line, 0, line)
    with pytest.raises(RefusedInput, match="trop de cellules"):
        file_kind(path)
