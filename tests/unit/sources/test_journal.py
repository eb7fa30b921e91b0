"""The journal keeps what happened between professionals, on a day."""

from datetime import date
from pathlib import Path

from reseau.model.records import JournalEntry
from reseau.sources.journal import SOURCE
from tests.unit.sources.tables import read, reasons, workbook


def test_a_whole_row(tmp_path: Path):
    text = 'structure;date;genre;texte;auteur\nMaison;03/02/2026;Réunion;"un\ndeux";moi\n'
    (located,) = read(SOURCE, tmp_path / "a.csv", text).records
    assert located.record == JournalEntry(
        structure_ref="Maison", on=date(2026, 2, 3), kind="reunion", text="un\ndeux", author="moi"
    )


def test_dates_of_a_workbook(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [["structure", "date"], ["Maison", date(2026, 2, 3)]])
    (located,) = read(SOURCE, path, path.read_bytes()).records
    assert located.record.on == date(2026, 2, 3)


def test_an_entry_without_a_day_is_refused(tmp_path: Path):
    parsed = read(SOURCE, tmp_path / "a.csv", "structure;date\nMaison;\nMaison;hier\n")
    assert [list(reasons(row)) for row in parsed.refused] == [["date"], ["date"]]
    assert not parsed.records


def test_patients_have_no_place_here(tmp_path: Path):
    text = "structure;date;texte\nMaison;2026-02-03;appel pour 2 99 05 2A 123 456\n"
    (row,) = read(SOURCE, tmp_path / "a.csv", text).refused
    assert "sécurité sociale" in reasons(row)["texte"]
