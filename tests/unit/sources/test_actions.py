"""Actions: partners with their roles, counts that may be unknown and are then not zero."""

from datetime import date
from pathlib import Path

import pytest

from reseau.model.records import Action, Partner
from reseau.model.reports import Parsed
from reseau.sources.actions import SOURCE
from reseau.sources.actions.parser import read_partners
from tests.unit.sources.tables import read, reasons


def load(folder: Path, *lines: str) -> Parsed:
    return read(SOURCE, folder / "a.csv", "\n".join(lines))


def test_a_whole_row(tmp_path: Path):
    (located,) = load(
        tmp_path,
        "identifiant;titre;forme;type;quartiers;date;heure de début;récurrence;jusqu'au;statut;partenaires",
        "a1;Bus;stand;CPAM;QN99101M|QV-nord;2026-03-04;9h;toutes les semaines;2026-06-30;Prévue;M (porteur)",
    ).records
    assert located.record == Action(
        uid="actions--a1", title="Bus", form="stand", type_code="cpam", quartiers=("QN99101M", "QV-nord"),
        starts_on=date(2026, 3, 4), start_time="09:00", recurrence="hebdomadaire", ends_on=date(2026, 6, 30),
        status="prevue", partners=(Partner(structure_ref="M", role="porteur"),),
    )  # fmt: skip
    assert "counts" not in located.fields


def test_counts_hold_only_what_is_known(tmp_path: Path):
    header = "titre;personnes rencontrées;dont première rencontre;orientations proposées"
    (located,) = load(tmp_path, header, "Stand;34;0;").records
    assert located.record.counts == {"personnes_rencontrees": 34, "premiers_contacts": 0}
    assert "counts" in located.fields


@pytest.mark.parametrize("count", ["-3", "2,5", "une trentaine"])
def test_counts_that_are_not_whole_numbers(tmp_path: Path, count: str):
    (row,) = load(tmp_path, "titre;personnes rencontrées", f"Stand;{count}").refused
    assert list(reasons(row)) == ["personnes rencontrées"]


def test_identifier_made_of_title_and_date(tmp_path: Path):
    parsed = load(
        tmp_path, "titre;date", "Café santé;2026-01-02", "Café santé;2026-02-02", "Café santé;2/1/2026"
    )
    assert [item.record.uid for item in parsed.records] == [
        "actions--cafe-sante-2026-01-02",
        "actions--cafe-sante-2026-02-02",
    ]
    assert "ligne 2" in parsed.refused[0].problems[0].reason


@pytest.mark.parametrize(
    ("cell", "partners"),
    [
        ("Maison (accueille) | CPAM", [("Maison", "accueille"), ("CPAM", "coanime")]),
        ("Maison (Accueille (prête le lieu))", [("Maison", "accueille")]),
        ("CMP (adultes)", [("CMP (adultes)", "coanime")]),
        ("CMP (adultes) (oriente des personnes)", [("CMP (adultes)", "oriente")]),
        ("(porteur)", [("(porteur)", "coanime")]),
        ("A)(", [("A)(", "coanime")]),
        ("A | A |", [("A", "coanime")]),
    ],
)
def test_partners(cell: str, partners: list[tuple[str, str]]):
    """Brackets are common in names: only a known role is taken out of them."""
    assert [(item.structure_ref, item.role) for item in read_partners(cell)] == partners


def test_an_end_before_the_start(tmp_path: Path):
    (row,) = load(tmp_path, "titre;date;jusqu'au", "Stand;2026-02-01;2026-01-01").refused
    assert list(reasons(row)) == ["jusqu'au"]


def test_a_night_round_may_end_after_midnight(tmp_path: Path):
    (located,) = load(tmp_path, "titre;forme;heure de début;heure de fin", "Nuit;maraude;22h;2h").records
    assert (located.record.start_time, located.record.end_time) == ("22:00", "02:00")
