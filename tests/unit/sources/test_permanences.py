"""A permanence without place or type would be a service point nowhere, for nothing."""

from pathlib import Path

import pytest

from reseau.sources.permanences import SOURCE
from tests.unit.sources.tables import read, reasons

HEADER = "structure;type;accueillie par;lieu;latitude;longitude;horaires;depuis le;jusqu'au"


def test_hosted_by_a_structure(tmp_path: Path):
    (located,) = read(SOURCE, tmp_path / "a.csv", f"{HEADER}\nCPAM;cpam;Maison;;;;mar 9h-12h;;\n").records
    assert (located.record.type_code, located.record.host_ref) == ("cpam", "Maison")
    assert located.record.opening_hours == "Tu 09:00-12:00"
    assert located.fields == {"structure_ref", "type_code", "host_ref", "opening_hours", "hours_text"}


def test_held_elsewhere(tmp_path: Path):
    (located,) = read(
        SOURCE, tmp_path / "a.csv", f"{HEADER}\nCPAM;cpam;;place du marché;43,6;1,44;;;\n"
    ).records
    assert (located.record.lat, located.record.lon) == (43.6, 1.44)
    assert {"lat", "lon"} <= located.fields
    assert "position_precision" not in located.fields


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("CPAM;;Maison;;;;;;", "type"),
        ("CPAM;cpam | caf;Maison;;;;;;", "type"),
        ("CPAM;cpam;;;;;;;", "accueillie par"),
        ("CPAM;cpam;Maison;;43,6;;;;", "longitude"),
        ("CPAM;cpam;Maison;;;;;2026-02-01;2026-01-01", "jusqu'au"),
        (";cpam;Maison;;;;;;", "structure"),
    ],
)
def test_refusals(tmp_path: Path, line: str, column: str):
    (row,) = read(SOURCE, tmp_path / "a.csv", f"{HEADER}\n{line}\n").refused
    assert list(reasons(row)) == [column]
