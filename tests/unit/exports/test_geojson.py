"""GeoJSON as RFC 7946 wants it."""

import json

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import shape

from reseau.exports import all_exports
from tests.unit.exports.bundles import MARKUP, bundle


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "carte.geojson"
    all_exports()["geojson"].write(bundle(), target)
    return target


@pytest.fixture
def document(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_layers_and_what_has_no_position(document):
    layers = [feature["properties"]["couche"] for feature in document["features"]]
    assert layers == ["structure"] * 3 + ["quartier"] * 2 + ["permanence"] * 2
    geometries = [feature["geometry"] for feature in document["features"][:3]]
    assert geometries[0] == {"type": "Point", "coordinates": [-1.25, 47.5]}
    assert geometries[1:] == [None, None]


def test_properties_are_typed_and_unknown_is_null(document):
    hote, other = (feature["properties"] for feature in document["features"][:2])
    assert (hote["gratuit"], hote["sans rendez-vous"], hote["accessible"]) == (True, False, None)
    assert hote["langues"] == ["français", "arabe"]
    assert hote["adresse"].startswith("=HYPERLINK")  # no apostrophe: nothing runs a JSON text
    assert other["nom"] == MARKUP
    assert document["territoire"] == "Été-les-Prés"
    assert "crs" not in document


def test_outer_rings_turn_left_and_holes_right(document):
    for feature in document["features"]:
        if feature["properties"]["couche"] != "quartier":
            continue
        polygon = shape(feature["geometry"])
        for part in getattr(polygon, "geoms", [polygon]):
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)


def test_another_reader_finds_the_same_shapes(path):
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 4326
    read = frame[frame["couche"] == "quartier"].geometry.reset_index(drop=True)
    expected = bundle().quartiers.geometry.reset_index(drop=True)
    assert all(shapely.equals(read.normalize(), expected.normalize()))


def test_boundaries_alone(tmp_path):
    target = tmp_path / "quartiers.geojson"
    assert all_exports()["quartiers"].write(bundle(), target) == 2
    first = json.loads(target.read_text(encoding="utf-8"))["features"][0]["properties"]
    assert first["code_qp"] == "QN04201M"
    assert first["insee_com"] == "42218, 42207"
    assert first["pop"] is None
    assert first["langues"] == "ar | tr"
