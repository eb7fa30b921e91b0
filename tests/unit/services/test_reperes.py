"""Places of OpenStreetMap: beside the directory, never in it, until a person makes one a partner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.errors import NotFound, RefusedInput
from reseau.model.columns import REPERES
from reseau.model.context import OSM_ATTRIBUTION
from reseau.services import App
from reseau.services.editing import get_row, save_row
from reseau.services.exporting import export
from reseau.services.importing import FileToImport, import_file
from reseau.services.reperes import (
    Address,
    already_known,
    list_reperes,
    make_partner,
    split_address,
    suggested,
)
from reseau.services.view import open_view
from reseau.sources import all_sources

SAMPLE = Path(__file__).resolve().parents[3] / "reseau" / "sources" / "osm" / all_sources()["osm"].spec.sample


@pytest.fixture
def loaded(app: App, tid: int) -> App:
    import_file(app, tid, "osm", FileToImport(path=SAMPLE))
    return app


def test_places_are_listed_by_name_with_the_declared_columns(loaded: App, tid: int) -> None:
    places = list_reperes(loaded, tid)
    assert tuple(places.columns) == REPERES
    assert places.crs == "EPSG:4326"
    assert places["name"].iloc[0] == "Cabinet médical (sans nom)"
    assert len(places) == 5


def test_a_territory_without_places_has_an_empty_list(app: App, tid: int) -> None:
    places = list_reperes(app, tid)
    assert (len(places), tuple(places.columns)) == (0, REPERES)
    assert already_known(places, open_view(app, tid).structures).empty


def test_they_are_in_no_state_and_no_directory(app: App, tid: int) -> None:
    """The rule that makes the layer safe: loading it changes nothing that is counted."""
    before = open_view(app, tid)
    counted, points = before.gaps.copy(), len(before.points)
    import_file(app, tid, "osm", FileToImport(path=SAMPLE))
    after = open_view(app, tid)
    assert after.structures.empty
    assert len(after.points) == points
    assert after.gaps.equals(counted)
    assert after.claims == ()


def test_a_place_that_left_the_map_leaves_the_layer(loaded: App, tid: int, tmp_path: Path) -> None:
    """The layer is that map, nothing more; what a person made of it stays."""
    text = SAMPLE.read_text(encoding="utf-8").replace('<tag k="amenity" v="library"/>', "")
    path = tmp_path / "suivant.osm"
    path.write_text(text, encoding="utf-8")
    import_file(loaded, tid, "osm", FileToImport(path=path))
    assert "Médiathèque du Parc" not in set(list_reperes(loaded, tid)["name"])


def test_the_same_file_twice_changes_nothing(loaded: App, tid: int) -> None:
    again = import_file(loaded, tid, "osm", FileToImport(path=SAMPLE))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 5)


def test_a_finess_number_says_it_is_already_there(loaded: App, tid: int) -> None:
    """For display only: the two stay apart."""
    sheet = save_row(
        loaded, tid, "structures", {"name": "Pharmacie", "types": ("pharmacie",), "finess": "990000017"}
    )
    places = list_reperes(loaded, tid)
    known = already_known(places, open_view(loaded, tid).structures)
    assert dict(known.dropna()) == {places.index[places["finess"] == "990000017"][0]: sheet}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3 rue du Moulin, 99100 Beauval", Address("3 rue du Moulin", "99100", "Beauval")),
        ("99100 Beauval", Address("", "99100", "Beauval")),
        ("99100", Address("", "99100", "")),
        ("3 rue du 8, Mai", Address("3 rue du 8, Mai")),
        ("", Address()),
    ],
)
def test_an_address_in_its_parts(text: str, parts: Address) -> None:
    assert split_address(text) == parts


def place_named(app: App, tid: int, name: str) -> tuple[int, dict[str, object]]:
    places = list_reperes(app, tid)
    row = places[places["name"] == name]
    return int(row.index[0]), suggested(row.iloc[0].to_dict())


def test_a_partner_is_what_the_person_confirmed(loaded: App, tid: int) -> None:
    repere_id, wanted = place_named(loaded, tid, "Pharmacie de l'Étang")
    made = make_partner(loaded, tid, repere_id, {**wanted, "name": "Pharmacie de l'Étang (Mme Durand)"})
    row = get_row(loaded, "structures", made)
    assert (row["name"], row["types"]) == ("Pharmacie de l'Étang (Mme Durand)", ["pharmacie"])
    assert (row["address"], row["postcode"], row["commune"]) == ("3 rue du Moulin", "99100", "Beauval")
    assert (row["lon"], row["lat"], row["position_precision"]) == (1.6, 48.1, "exacte")
    assert row["description"] == f"D'après OpenStreetMap (node-1), {OSM_ATTRIBUTION}."
    assert row["source"] == "saisie"


def test_a_partner_made_from_a_place_is_known_even_without_a_number(loaded: App, tid: int) -> None:
    """Otherwise the same place would be offered again, and made twice."""
    repere_id, wanted = place_named(loaded, tid, "Épicerie solidaire des Tilleuls")
    made = make_partner(loaded, tid, repere_id, wanted)
    known = already_known(list_reperes(loaded, tid), open_view(loaded, tid).structures)
    assert dict(known.dropna()) == {repere_id: made}
    assert len(list_reperes(loaded, tid)) == 5


@pytest.mark.parametrize("change", [{"name": ""}, {"types": ()}, {"phone": "abc"}, {"types": ("inconnu",)}])
def test_a_wrong_value_makes_nothing(change: dict[str, object], loaded: App, tid: int) -> None:
    repere_id, wanted = place_named(loaded, tid, "Pharmacie de l'Étang")
    with pytest.raises(RefusedInput):
        make_partner(loaded, tid, repere_id, {**wanted, **change})
    assert open_view(loaded, tid).structures.empty


def test_a_place_that_is_gone_makes_no_partner(loaded: App, tid: int) -> None:
    with pytest.raises(NotFound, match="plus sur la carte"):
        make_partner(loaded, tid, 9_999, {"name": "X", "types": ("pharmacie",)})


def test_the_export_says_whose_they_are_and_others_do_not_speak_of_them(
    loaded: App, tid: int, tmp_path: Path
) -> None:
    path = tmp_path / "reperes.geojson"
    assert export(loaded, tid, "reperes", path, public=True) == 5
    document = json.loads(path.read_text(encoding="utf-8"))
    assert OSM_ATTRIBUTION in document["licence"]
    assert any("OpenStreetMap" in line for line in document["sources"])
    export(loaded, tid, "geojson", tmp_path / "carte.geojson")
    assert "OpenStreetMap" not in (tmp_path / "carte.geojson").read_text(encoding="utf-8")
