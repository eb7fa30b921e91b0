"""Line numbers are how people find the row to correct: they are those of the file, whatever it holds."""

from pathlib import Path

import pytest

from reseau.sources import _delimited
from reseau.sources._delimited import BAD_QUOTES
from tests.unit.sources.tables import recognise


def rows_of(path: Path, text: str, codec: str = "utf-8") -> list[tuple[int, tuple[str, ...], str]]:
    path.write_bytes(text.encode(codec))
    rows, _, _ = _delimited.read_delimited(path, recognise)
    return [(row.line, row.cells, row.defect) for row in rows]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_found(tmp_path: Path, separator: str):
    text = separator.join(["nom", "type", "ville"]) + "\n" + separator.join(["A", "CMP", "B"]) + "\n"
    assert rows_of(tmp_path / "a.csv", text)[1] == (2, ("A", "CMP", "B"), "")


def test_separator_is_that_of_the_header_even_where_texts_hold_many_others(tmp_path: Path):
    text = "nom;type\nA, B, C et D, rue E;CMP | CPAM\nF, G, H, I, J;CAF, CMP\n"
    assert [len(cells) for _, cells, _ in rows_of(tmp_path / "a.csv", text)] == [2, 2, 2]


def test_excel_separator_line(tmp_path: Path):
    assert rows_of(tmp_path / "a.csv", "sep=,\nnom,type\nA,CMP\n")[1][:2] == (3, ("A", "CMP"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_after_a_cell_on_several_lines_keep_their_numbers(tmp_path: Path, end: str):
    text = end.join(["nom;type", '"A', "", 'suite";CMP', "", "B;CPAM", ""])
    assert [(line, cells[1]) for line, cells, _ in rows_of(tmp_path / "a.csv", text)] == [
        (1, "type"),
        (2, "CMP"),
        (6, "CPAM"),
    ]


def test_a_quote_never_closed_costs_one_line_not_the_rest_of_the_file(tmp_path: Path):
    text = 'nom;type\n"Foyer;CMP\nB;CPAM\nC;CAF\n'
    rows = rows_of(tmp_path / "a.csv", text)
    assert rows[1] == (2, ("Foyer", "CMP"), BAD_QUOTES)
    assert [(line, cells[0], defect) for line, cells, defect in rows[2:]] == [(3, "B", ""), (4, "C", "")]


def test_quotes_inside_a_quoted_cell_are_refused_not_guessed(tmp_path: Path):
    rows = rows_of(tmp_path / "a.csv", 'nom;type\n"Le "Foyer" bleu";CMP\nB;CPAM\n')
    assert [defect for _, _, defect in rows] == ["", BAD_QUOTES, ""]


def test_quotes_inside_an_unquoted_cell_are_text(tmp_path: Path):
    assert rows_of(tmp_path / "a.csv", 'nom;type\nLe "Foyer" bleu;CMP\n')[1][1] == ('Le "Foyer" bleu', "CMP")


def test_odd_line_separators_inside_a_text_do_not_shift_the_numbers(tmp_path: Path):
    """Python's own `splitlines` would see a line end in each of them."""
    text = "nom;type\nA\u2028B\x0bC\x85D;CMP\nE;CPAM\n"
    assert [line for line, _, _ in rows_of(tmp_path / "a.csv", text)] == [1, 2, 3]


def test_encoding_other_than_utf8_is_said(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes("nom;type\nÉcole à côté;CMP\n".encode("cp1252"))
    _, description, notes = _delimited.read_delimited(path, recognise)
    assert "Windows-1252" in description
    assert "point-virgule" in description
    assert "Windows-1252" in notes[0]
