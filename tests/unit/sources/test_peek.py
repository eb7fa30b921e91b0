"""A first look never fails, whatever the bytes, and never takes one kind of file for another."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.sources import carreaux, communes, iris, qpv, qpv_indicateurs
from reseau.sources._peek import BOUNDARIES, NOTHING, TABLE, glimpse

CONTEXT = (carreaux.SOURCE, communes.SOURCE, iris.SOURCE, qpv.SOURCE, qpv_indicateurs.SOURCE)
FILES = {
    "qpv/qpv2015_4_departements_opendatasoft.geojson": "qpv",
    "qpv/qpv2015_occitanie.geojson": "qpv",
    "qpv/qpv2024_france.geojson": "qpv",
    "qpv/qpv2024_mini.geojson": "qpv",
    "qpv/qpv2024_villes_lb93.gpkg": "qpv",
    "qpv/qpv2015_occitanie_indicateurs.csv": "qpv-indicateurs",
    "qpv/qpv2015_occitanie_indicateurs_dictionnaire.csv": "",
    "population/iris_93_filosofi2021.geojson": "iris",
    "population/carreaux_200m_la_reunion_2010.csv": "carreaux",
}


def recognised(path: Path) -> list[str]:
    return [source.id for source in CONTEXT if source.recognises(path)]


@pytest.mark.parametrize("source", CONTEXT, ids=lambda source: source.id)
def test_each_sample_is_of_its_source_only(source) -> None:
    folder = Path(qpv.__file__).parents[1] / source.id.replace("-", "_")
    assert recognised(folder / source.spec.sample) == [source.id]


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=400),
    start=st.sampled_from([b"", b"PK\x03\x04", b"SQLite format 3\x00", b"{", b"["]),
)
def test_any_bytes_give_an_answer(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    path = tmp_path_factory.mktemp("octets") / "fichier"
    path.write_bytes(start + content)
    assert recognised(path) == []


def test_nothing_and_a_folder(tmp_path: Path) -> None:
    assert glimpse(tmp_path / "absent").shape == NOTHING
    assert glimpse(tmp_path).shape == NOTHING
    (tmp_path / "vide").write_bytes(b"")
    assert glimpse(tmp_path / "vide").shape == NOTHING


def test_columns_are_those_of_the_header_or_of_the_first_features(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\ufeffCode_QP;Pop Mun\nQP031001;12\n", encoding="utf-8")
    assert glimpse(path).shape == TABLE
    assert glimpse(path).columns == {"code qp", "pop mun"}
    path = tmp_path / "carte.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", '
        '"properties": {"code_qp": "{\\"a\\": 1}"}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}}, {"type": "Fea',
        encoding="utf-8",
    )
    assert glimpse(path).shape == BOUNDARIES, "cut after its first bytes, as any large file is when looked at"
    assert glimpse(path).columns == {"code qp"}


def test_an_archive_is_judged_on_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "q.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
        archive.writestr("carreaux.csv", "idcar_200m,ind,men\n")
    assert recognised(path) == ["carreaux"]


@pytest.mark.real_data
def test_every_real_file_is_of_one_source_at_most(shared_data: Path) -> None:
    for path in sorted(shared_data.rglob("*.*")):
        name = str(path.relative_to(shared_data))
        expected = FILES.get(name, "")
        assert recognised(path) == ([expected] if expected else []), name
