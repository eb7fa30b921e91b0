"""People at the partners': read as given, never guessed."""

from pathlib import Path

from reseau.sources.contacts import SOURCE
from tests.unit.sources.tables import read, reasons


def test_first_name_in_its_own_column(tmp_path: Path):
    (located,) = read(SOURCE, tmp_path / "a.csv", "structure;nom;prénom\nMaison;Exemple;Camille\n").records
    assert located.record.name == "Camille Exemple"
    assert located.fields == {"structure_ref", "name"}


def test_phone_and_email_are_checked(tmp_path: Path):
    text = "structure;nom;téléphone;courriel\nMaison;A;06 12 34 56 78;a@b.fr\nMaison;B;06;b\n"
    parsed = read(SOURCE, tmp_path / "a.csv", text)
    assert parsed.records[0].record.phone == "06 12 34 56 78"
    assert set(reasons(parsed.refused[0])) == {"téléphone", "courriel"}


def test_a_contact_needs_a_name_and_a_structure(tmp_path: Path):
    parsed = read(SOURCE, tmp_path / "a.csv", "structure;nom;fonction\n;A;x\nMaison;;y\n")
    assert [list(reasons(row)) for row in parsed.refused] == [["structure"], ["nom"]]
