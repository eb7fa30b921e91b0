"""Places of another map leave in a file of their own, which says whose they are."""

import json
from dataclasses import replace

import pytest

from reseau.exports import all_exports, public_view
from reseau.model.context import OSM_ATTRIBUTION
from tests.unit.exports.bundles import HIDDEN, bundle


def written(export_id, given, path):
    all_exports()[export_id].write(given, path)
    return path.read_text(encoding="utf-8")


def test_the_file_says_its_licence_and_its_places(tmp_path):
    """Whoever receives the file alone must still know that it is OpenStreetMap's."""
    document = json.loads(written("reperes", bundle(), tmp_path / "reperes.geojson"))
    assert OSM_ATTRIBUTION in document["licence"]
    first = document["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [2.05, 48.05]}
    assert first["properties"]["identifiant"] == "osm--node-12"
    assert first["properties"]["type"] == "Pharmacie"
    assert first["properties"]["attributs"] == ["amenity=pharmacy", f"description={HIDDEN}"]


def test_the_public_file_has_no_tags(tmp_path):
    """A tag may hold anything a mapper wrote; name, address and hours are what the map is for."""
    document = json.loads(written("reperes", public_view(bundle()), tmp_path / "reperes.geojson"))
    assert all("attributs" not in item["properties"] for item in document["features"])
    assert document["features"][0]["properties"]["téléphone"] == "01 99 00 00 01"


@pytest.mark.parametrize("export_id", [key for key in all_exports() if key not in {"reperes", "xlsx"}])
def test_no_other_file_holds_them(export_id, tmp_path):
    """Mixed with the team's own data, the licence of the map would spread to it."""
    text = written(export_id, bundle(), tmp_path / "essai")
    assert "osm--node-12" not in text
    assert "osm--way-7" not in text


def test_a_bundle_without_places_gives_an_empty_file(tmp_path):
    document = json.loads(written("reperes", replace(bundle(), reperes=None), tmp_path / "reperes.geojson"))
    assert document["features"] == []
