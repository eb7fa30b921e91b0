"""Ties are read as declared; the structures they name are found later."""

from datetime import date
from pathlib import Path

from reseau.model.records import Relation
from reseau.sources.relations import SOURCE
from tests.unit.sources.tables import read, reasons


def test_a_whole_row(tmp_path: Path):
    header = (
        "de;vers;objet;sens;intensité;statut;déclarée par;confirmée;référent côté « de »;"
        "référent côté « vers »;depuis le;à renouveler le;dernier contact le;preuve;note"
    )
    line = "a;B;convention;vers;5;en sommeil;moi;non;X;Y;2025-01-01;01/01/2027;2026-02-03;signée;rien"
    (located,) = read(SOURCE, tmp_path / "a.csv", f"{header}\n{line}\n").records
    assert located.record == Relation(
        from_ref="a", to_ref="B", purpose="convention", direction="aller", intensity=5, status="en_sommeil",
        declared_by="moi", confirmed=False, referent_from="X", referent_to="Y", started_on=date(2025, 1, 1),
        renewal_on=date(2027, 1, 1), last_contact_on=date(2026, 2, 3), evidence="signée", note="rien",
    )  # fmt: skip
    assert len(located.fields) == 15


def test_only_what_is_said_is_given(tmp_path: Path):
    """Defaults of the record must not overwrite what the team entered."""
    (located,) = read(SOURCE, tmp_path / "a.csv", "de;vers;statut\na;b;\n").records
    assert located.fields == {"from_ref", "to_ref"}
    assert located.record.confirmed is None


def test_impossible_ties(tmp_path: Path):
    text = "de;vers;depuis le;à renouveler le\na;a;;\nb;c;2026-01-01;2025-01-01\nd;;;\n"
    parsed = read(SOURCE, tmp_path / "a.csv", text)
    assert [list(reasons(row)) for row in parsed.refused] == [["vers"], ["à renouveler le"], ["vers"]]


def test_the_same_tie_twice_is_refused_once(tmp_path: Path):
    parsed = read(SOURCE, tmp_path / "a.csv", "de;vers\na;b\nb;a\na;b\n")
    assert [item.line for item in parsed.records] == [2, 3]
    assert "ligne 2" in parsed.refused[0].problems[0].reason
