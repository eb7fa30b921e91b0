"""Several files given at once: each goes to the source it is surely of, none to two, none by chance."""

import shutil
from pathlib import Path

import pytest

from reseau.config import PROJECT_DIR
from reseau.sources import Source, all_sources

SOURCES = all_sources()
RECOGNISING = [source for source in SOURCES.values() if type(source).recognises is not Source.recognises]
# What each real file of the shared folder is, and nothing else; None: a person has to say.
REAL = {
    "qpv/qpv2024_france.geojson": "qpv",
    "qpv/qpv2024_mini.geojson": "qpv",
    "qpv/qpv2015_occitanie.geojson": "qpv",
    "finess/cs1100502_extrait_brut.csv": "finess",
    "finess/cs1100507_extrait_brut.csv": "finess",
    "finess/cs1100507_toulouse_montpellier.csv": "finess",
    "finess/occitanie_opendatasoft.csv": "finess",
    "annuaires/france_services.csv": "france-services",
    "annuaires/mednum_angers.json": None,
    "dila/fiches.json": "service-public",
    "dila/local_social_sante_2019_sans_coordonnees.csv": "service-public",
    "population/iris_93_filosofi2021.geojson": "iris",
    "population/carreaux_200m_la_reunion_2010.csv": "carreaux",
    "osm/redon.osm": "osm",
    "osm/le_mans_centre.osm.pbf": "osm",
    "ban/sortie_search_csv.csv": None,
    "finess/categories.csv": None,
    "reseaux/structures.csv": None,
}


def sample_of(source: Source) -> Path:
    return PROJECT_DIR / "reseau" / "sources" / source.id.replace("-", "_") / source.spec.sample


def recognised(path: Path) -> list[str]:
    return [source.id for source in SOURCES.values() if source.recognises(path)]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_sample_is_of_its_own_source_or_of_none(source: Source):
    expected = [source.id] if source in RECOGNISING else []
    assert recognised(sample_of(source)) == expected


def test_some_sources_recognise_their_files():
    assert {"france-services", "service-public", "finess", "qpv"} <= {source.id for source in RECOGNISING}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_name_of_a_file_is_not_what_tells(source: Source, tmp_path: Path):
    """People rename files; uploads come under a name of their own."""
    renamed = Path(shutil.copy(sample_of(source), tmp_path / f"envoi{sample_of(source).suffix}"))
    assert recognised(renamed) == recognised(sample_of(source))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 100, b"PK\x03\x04", b"BZh9", b"\x1f\x8b", b"[]", b"{}", b"nom;type\n", b"\xff\xfe\x00"],
    ids=["vide", "zéros", "zip", "bz2", "gz", "liste", "objet", "tableau", "utf-16"],
)
def test_nothing_is_recognised_in_nothing(tmp_path: Path, content: bytes):
    path = tmp_path / "fichier.json"
    path.write_bytes(content)
    assert recognised(path) == []


def test_what_cannot_be_opened_is_not_recognised(tmp_path: Path):
    assert recognised(tmp_path / "absent.csv") == []
    assert recognised(tmp_path) == []


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "source"), REAL.items(), ids=REAL)
def test_real_files(shared_data: Path, name: str, source: str | None):
    assert recognised(shared_data / name) == ([source] if source else [])
