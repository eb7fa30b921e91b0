"""Statistical blocks: their boundaries clip squares and tell communes, their secret figures stay unknown."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from reseau.errors import RefusedInput
from reseau.model.context import Iris
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.iris import SOURCE

SQUARE = box(1.44, 43.60, 1.45, 43.61)
FAR = box(1.50, 43.60, 1.51, 43.61)


def read(path: Path, *communes: str, **scope: object) -> Parsed:
    parsed = SOURCE.read(path, Scope(communes=frozenset(communes), **scope), ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def records(parsed: Parsed) -> list[Iris]:
    return [item.record for item in parsed.records if isinstance(item.record, Iris)]


def geojson(folder: Path, *rows: dict, shape=SQUARE, file: str = "iris", **members: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key != "shape"},
            "geometry": shapely.geometry.mapping(row.get("shape", shape)),
        }
        for row in rows
    ]
    path = folder / f"{file}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8")
    return path


def row(code: str = "315550101", **values: object) -> dict:
    return {"code_iris": code, "nom_iris": "Capitole", "insee_com": code[:5], **values}


@pytest.mark.parametrize("secret", [None, "", "s", "nd", "///"])
def test_a_secret_figure_has_no_key(tmp_path: Path, secret: str | None) -> None:
    path = geojson(tmp_path, row(median=secret, taux=12.5), row("315550102", median=15000))
    first, second = records(read(path))
    assert first.indicators == {"taux": 12.5}
    assert second.indicators == {"median": 15000.0}


@pytest.mark.parametrize(
    "columns",
    [
        {
            "CODE_IRIS": "315550101",
            "NOM_IRIS": "Capitole",
            "INSEE_COM": "31555",
            "IRIS": "0101",
            "TYP_IRIS": "H",
        },
        {"iris_code": "315550101", "iris_name": "Capitole", "com_code": "31555", "com_name": "Toulouse"},
        {"code_iris": 315550101, "libiris": "Capitole", "depcom": 31555},
        {"dcomiris": "315550101", "nom_iris": "Capitole"},
    ],
    ids=["IGN", "Opendatasoft", "numbers", "old"],
)
def test_every_known_naming_is_read(tmp_path: Path, columns: dict) -> None:
    (record,) = records(read(geojson(tmp_path, columns), "31555"))
    assert (record.code, record.name, record.insee) == ("315550101", "Capitole", "31555")
    assert not record.indicators, "codes are not figures"


def test_a_zero_eaten_by_a_spreadsheet_comes_back(tmp_path: Path) -> None:
    (record,) = records(read(geojson(tmp_path, {"code_iris": 10040101, "nom_iris": "Ambérieu"}), "01004"))
    assert (record.code, record.insee) == ("010040101", "01004")


@pytest.mark.parametrize(
    ("members", "name", "columns", "year"),
    [
        ({}, "iris", {"DISP_MED21": 15000}, 2021),
        ({}, "iris", {"P18_POP": 1500}, 2018),
        ({}, "iris_93_filosofi2021", {"median": 1.0}, 2021),
        ({"name": "iris_filosofi_2019"}, "envoi-1234", {"median": 1.0}, 2019),
        ({}, "iris", {"DISP_TP60": 40}, None),
    ],
)
def test_the_year_is_said_by_the_file_or_unknown(
    tmp_path: Path, members: dict, name: str, columns: dict, year: int | None
) -> None:
    """`TP60` is a rate, not the year 2060. A file uploaded loses its name: the layer keeps its own."""
    (record,) = records(read(geojson(tmp_path, row(**columns), file=name, **members)))
    assert record.year == year


def test_only_the_communes_of_the_territory_and_what_is_near_its_quartiers(tmp_path: Path) -> None:
    path = geojson(
        tmp_path, row(), row("310690101", shape=box(1.45, 43.60, 1.46, 43.61)), row("310690102", shape=FAR)
    )
    assert [item.code for item in records(read(path, "31555"))] == ["315550101"]
    around = {"areas_wkb": (shapely.to_wkb(SQUARE),), "radius_km": 0.5}
    assert [item.code for item in records(read(path, "31555", **around))] == ["315550101", "310690101"]


def test_a_city_brings_its_arrondissements_and_a_merged_commune_is_found(tmp_path: Path) -> None:
    path = geojson(tmp_path, row("751180101"), row("930590101"))
    assert [item.code for item in records(read(path, "75056"))] == ["751180101"]
    assert [item.code for item in records(read(path, "93066"))] == ["930590101"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"code_iris": ""}, "neuf caractères"),
        ({"code_iris": "capitole"}, "neuf caractères"),
        ({"code_iris": "315550101", "nom_iris": "encore"}, "déjà"),
        ({"code_iris": "315550103", "shape": Point(1.44, 43.6)}, "polygone"),
    ],
)
def test_a_bad_feature_is_kept_with_its_reason(tmp_path: Path, change: dict, word: str) -> None:
    parsed = read(geojson(tmp_path, row(), {"insee_com": "31555", **change}), "31555")
    (refused,) = parsed.refused
    assert refused.line == 2
    assert word in refused.problems[0].reason
    assert len(parsed.records) == 1


def test_a_column_of_words_is_said(tmp_path: Path) -> None:
    assert any("couleur" in note for note in read(geojson(tmp_path, row(couleur="bleu"))).notes)


def test_zipped_shapefile_and_geopackage_in_lambert_93(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"CODE_IRIS": ["315550101"], "NOM_IRIS": ["Capitole"], "INSEE_COM": ["31555"]},
        geometry=[SQUARE],
        crs=4326,
    ).to_crs(2154)
    frame.to_file(tmp_path / "CONTOURS-IRIS.shp")
    archive = tmp_path / "iris.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for part in sorted(tmp_path.glob("CONTOURS-IRIS.*")):
            target.write(part, f"CONTOURS-IRIS/{part.name}")
    frame.to_file(tmp_path / "iris.gpkg", layer="contours")
    for path in (archive, tmp_path / "iris.gpkg"):
        assert SOURCE.recognises(path)
        (record,) = records(read(path, "31555"))
        assert shapely.hausdorff_distance(shapely.from_wkb(record.wkb), SQUARE) < 1e-6


def test_a_file_of_quartiers_is_not_one_of_iris(tmp_path: Path) -> None:
    path = geojson(tmp_path, {"code_qp": "QN03101M", "lib_qp": "Bellevue"})
    assert not SOURCE.recognises(path)
    with pytest.raises(RefusedInput, match="code_iris"):
        read(path)


def test_a_crossed_boundary_is_repaired(tmp_path: Path) -> None:
    crossed = Polygon([(1.44, 43.60), (1.45, 43.61), (1.45, 43.60), (1.44, 43.61)])
    parsed = read(geojson(tmp_path, row(shape=crossed)))
    assert parsed.counts["geometries_repaired"] == 1
    assert shapely.from_wkb(records(parsed)[0].wkb).is_valid


@pytest.mark.real_data
def test_the_real_file_of_seine_saint_denis(shared_data: Path) -> None:
    """614 blocks, 46 without figure: they have no key; Saint-Denis comes with the former Pierrefitte."""
    path = shared_data / "population" / "iris_93_filosofi2021.geojson"
    parsed = read(path)
    assert len(parsed.records) == 614
    assert sum(not item.indicators for item in records(parsed)) == 46
    assert parsed.counts["without_figure"] == 46
    assert {item.year for item in records(parsed)} == {2021}
    assert all(0 not in item.indicators.values() for item in records(parsed))
    assert {item.insee for item in records(read(path, "93066"))} == {"93066", "93059"}
    assert not read(path, "31555").records
    assert SOURCE.recognises(path)
