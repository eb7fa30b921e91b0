"""Refused rows leave as a table one can correct and bring back."""

from pathlib import Path

from reseau.model.reports import Problem, RefusedRow
from reseau.sources import refused_to_table
from reseau.sources.tableur import SOURCE
from tests.unit.sources.tables import read


def refused(line: int, row: dict[str, str], *problems: tuple[str, str]) -> RefusedRow:
    found = tuple(Problem(line=line, column=column, value="", reason=reason) for column, reason in problems)
    return RefusedRow(line=line, problems=found, row=row)


def test_original_columns_in_order_then_the_reasons():
    headers, rows = refused_to_table(
        [
            refused(4, {"nom": "A", "type": "?"}, ("type", "inconnu."), ("", "ligne trop longue.")),
            refused(9, {"nom": "B", "valeur en trop 1": "z", "type": ""}, ("type", "vide.")),
        ]
    )
    assert headers == ["nom", "type", "valeur en trop 1", "motif du refus"]
    assert rows == [
        ["A", "?", "", "ligne 4 : colonne « type » : inconnu. | ligne trop longue."],
        ["B", "", "z", "ligne 9 : colonne « type » : vide."],
    ]


def test_the_reasons_of_last_time_are_replaced():
    headers, rows = refused_to_table(
        [refused(2, {"nom": "A", "motif du refus": "ancien"}, ("nom", "nouveau."))]
    )
    assert headers == ["nom", "motif du refus"]
    assert rows == [["A", "ligne 2 : colonne « nom » : nouveau."]]


def test_nothing_refused():
    assert refused_to_table([]) == (["motif du refus"], [])


def test_corrected_rows_are_taken(tmp_path: Path):
    parsed = read(SOURCE, tmp_path / "a.csv", "nom;type;ville\nA;zzz;B\n")
    headers, rows = refused_to_table(parsed.refused)
    rows[0][headers.index("type")] = "CMP"
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in (headers, *rows))
    again = read(SOURCE, tmp_path / "b.csv", text)
    assert [item.record.types for item in again.records] == [("cmp",)]
    assert again.notes == ()
