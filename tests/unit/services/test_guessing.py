"""What a file is, when nobody says: sure signs first, then the columns; nothing where two readings fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.config import DEMO_PARTNERS_DIR, DEMO_QPV_DIR
from reseau.services import App
from reseau.services.guessing import guess_source


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("demo-partenaires.csv", "tableur"),
        ("demo-relations.csv", "relations"),
        ("demo-permanences.csv", "permanences"),
        ("demo-contacts.csv", "contacts"),
        ("demo-journal.csv", "journal"),
        ("demo-actions.csv", "actions"),
        ("demo-besoins.csv", "besoins"),
        ("demo-finess.csv", "finess"),
    ],
)
def test_the_files_of_the_demonstration_are_recognised(app: App, name: str, source: str) -> None:
    assert guess_source(app, DEMO_PARTNERS_DIR / name) == source


def test_boundaries_are_recognised(app: App) -> None:
    assert guess_source(app, DEMO_QPV_DIR / "demo-quartiers.geojson") == "qpv"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Structure;catégorie;Adresse;Code INSEE\nCMP Les Iris;CMP;3 rue des Iris;99101\n", "tableur"),
        ("nom;bilan;zozo;zaza;zizi\na;b;c;d;e\n", None),
        ("", None),
        ("\x00\x01\x02", None),
    ],
)
def test_a_table_is_what_its_columns_look_like(
    app: App, tmp_path: Path, text: str, source: str | None
) -> None:
    """Broken, empty, or about something else: left to the person, never an error."""
    path = tmp_path / "fichier.csv"
    path.write_text(text, encoding="utf-8")
    assert guess_source(app, path) == source


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("qpv/qpv2024_france.geojson", "qpv"),
        ("qpv/qpv2015_occitanie_indicateurs.csv", "qpv-indicateurs"),
        ("finess/cs1100507_toulouse_montpellier.csv", "finess"),
        ("annuaires/france_services.csv", "france-services"),
        ("osm/redon.osm", "osm"),
        ("population/iris_93_filosofi2021.geojson", "iris"),
        ("reseaux/structures.csv", "tableur"),
        ("reseaux/liens_publies.csv", "relations"),
    ],
)
def test_real_files_are_recognised(app: App, shared_data: Path, name: str, source: str) -> None:
    assert guess_source(app, shared_data / name) == source
