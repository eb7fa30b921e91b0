"""The header is found where people put it, and no cell disappears."""

from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.sources import _table
from tests.unit.sources.tables import recognise, table_of, workbook


def test_title_lines_above_the_header_are_passed_over_and_said(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "Annuaire 2026\n\nmis à jour en mars;;\nnom;type;ville\nA;CMP;B\n")
    assert table.columns == ("nom", "type", "ville")
    assert [row.line for row in table.rows] == [5]
    assert "ligne 4" in table.notes[0]


def test_without_a_known_header_the_first_row_is_one(tmp_path: Path):
    """The mapping step must be able to show the columns, even when none is recognised."""
    assert table_of(tmp_path / "a.csv", "aa;bb\n1;2\n").columns == ("aa", "bb")


def test_same_and_missing_names_are_made_distinct(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "nom;type;nom;;nom\n1;2;3;4;5\n")
    assert table.columns == ("nom", "type", "nom (2)", "colonne 4", "nom (3)")
    assert table.rows[0].cells["colonne 4"] == "4"


def test_columns_with_neither_name_nor_value_are_left_out(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "nom;type;;;\nA;CMP;;;\n")
    assert table.columns == ("nom", "type")
    assert table.rows[0].cells == {"nom": "A", "type": "CMP"}


def test_short_rows_are_completed_and_long_ones_kept_with_a_reason(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "nom;type;ville\nA;CMP\nB;CMP;X;y;z\n")
    short, long = table.rows
    assert short.cells == {"nom": "A", "type": "CMP", "ville": ""}
    assert not short.defect
    assert "5 cellules pour 3 colonnes" in long.defect
    assert long.cells["valeur en trop 1"] == "y"
    assert long.cells["valeur en trop 2"] == "z"


def test_a_row_whose_values_slipped_is_refused_even_if_the_extra_cell_is_empty(tmp_path: Path):
    """As in real output of the national geocoder: an unquoted comma moves every value after it."""
    table = table_of(tmp_path / "a.csv", "nom,type,ville,note\nA,CMP,B,\nMaison, bleue,CMP,B,\n")
    assert [bool(row.defect) for row in table.rows] == [False, True]
    assert table.rows[1].cells["valeur en trop 1"] == "(vide)"


def test_separators_at_the_end_of_every_row_are_tolerated(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "nom;type\nA;CMP;\nB;CMP;;\n")
    assert [bool(row.defect) for row in table.rows] == [False, True]
    table = table_of(tmp_path / "b.csv", "nom;type\nA;CMP;\nB;CMP;\n")
    assert [row.cells for row in table.rows] == [{"nom": "A", "type": "CMP"}, {"nom": "B", "type": "CMP"}]


def test_empty_rows_are_not_counted(tmp_path: Path):
    table = table_of(tmp_path / "a.csv", "nom;type\n;\nA;CMP\n  ;\n\n")
    assert [row.line for row in table.rows] == [3]


def test_workbook_with_a_title_and_an_empty_first_column(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [["", "Nos partenaires"], [], ["", "nom", "type"], ["", "A", "CMP"]])
    table = _table.read_table(path, recognise=recognise)
    assert table.columns == ("nom", "type")
    assert [(row.line, row.cells) for row in table.rows] == [(4, {"nom": "A", "type": "CMP"})]


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_table, "MAX_ROWS", 3)
    assert len(table_of(tmp_path / "a.csv", "nom;type\n" + "A;CMP\n" * 3).rows) == 3
    with pytest.raises(RefusedInput, match=r"b\.csv.*plus de 3 lignes"):
        table_of(tmp_path / "b.csv", "nom;type\n" + "A;CMP\n" * 4)


def test_too_many_columns(tmp_path: Path):
    with pytest.raises(RefusedInput, match=r"a\.csv.*500 colonnes"):
        table_of(tmp_path / "a.csv", ";".join(["nom", "type", *map(str, range(500))]))


def test_nothing_but_blank_lines(tmp_path: Path):
    with pytest.raises(RefusedInput, match=r"a\.csv"):
        table_of(tmp_path / "a.csv", "\n;;\n")
