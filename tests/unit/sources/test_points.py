"""Files of open-data portals: every shape of one thing, and columns nobody here chose."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from reseau.config import PROJECT_DIR
from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.points import SOURCE

SAMPLE = PROJECT_DIR / "reseau" / "sources" / "points" / "sample.geojson"
TOULOUSE = Scope(communes=frozenset({"31555"}))
PLACE = {"identifiant": 7, "nom": "Espace du Pont", "type": "numerique", "adresse": "3 rue du Pont"}


def read(path: Path, scope: Scope = Scope(), **options: Any) -> Parsed:  # noqa: B008 -- frozen
    return SOURCE.read(path, scope, ReadOptions(**options))


def written(folder: Path, document: Any, name: str = "lieux.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def only(parsed: Parsed) -> Structure:
    ((located,), refused) = (parsed.records, parsed.refused)
    assert not refused
    return located.record


@pytest.mark.parametrize(
    "document",
    [
        [PLACE | {"lat": 43.6045, "lng": 1.444}],
        [PLACE | {"LAT": "43,6045", "LNG": "1,444"}],
        [PLACE | {"geo_point_2d": [43.6045, 1.444]}],
        [PLACE | {"geo_point_2d": {"lon": 1.444, "lat": 43.6045}}],
        {"total_count": 1, "results": [PLACE | {"geo_point_2d": {"lon": 1.444, "lat": 43.6045}}]},
        [{"datasetid": "d", "recordid": "r", "fields": PLACE | {"geo_point_2d": [43.6045, 1.444]}}],
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": PLACE,
                    "geometry": {"type": "Point", "coordinates": [1.444, 43.6045, 140.0]},
                }
            ],
        },
        {
            "type": "FeatureCollection",
            "features": [
                {"properties": PLACE, "geometry": {"type": "MultiPoint", "coordinates": [[1.444, 43.6045]]}}
            ],
        },
    ],
    ids=[
        "colonnes",
        "virgules",
        "paire",
        "objet",
        "Opendatasoft 2",
        "Opendatasoft 1",
        "GeoJSON",
        "multipoint",
    ],
)
def test_one_place_in_every_shape(tmp_path: Path, document: Any):
    """Latitude first in one, longitude first in another: the place must be the same."""
    place = only(read(written(tmp_path, document)))
    assert (place.name, place.types, place.address) == ("Espace du Pont", ("numerique",), "3 rue du Pont")
    assert (place.lat, place.lon, place.position_precision) == (43.6045, 1.444, "adresse")


@pytest.mark.parametrize(
    "text",
    [
        "identifiant;nom;type;adresse;geo_point_2d\n7;Espace du Pont;numerique;"
        "3 rue du Pont;43.6045, 1.444\n",
        "identifiant,nom,type,adresse,x_l93,y_l93,insee\n"
        "7,Espace du Pont,numerique,3 rue du Pont,574357.82,6279642.97,31555\n",
    ],
    ids=["Opendatasoft", "Lambert-93"],
)
def test_tables_of_points(tmp_path: Path, text: str):
    place = only(read(written(tmp_path, text, "lieux.csv")))
    assert place.lat == pytest.approx(43.6045, abs=1e-3)
    assert place.lon == pytest.approx(1.444, abs=1e-3)


def test_lambert_in_a_geojson_is_converted_and_said(tmp_path: Path):
    feature = {"properties": PLACE, "geometry": {"type": "Point", "coordinates": [574357.82, 6279642.97]}}
    parsed = read(written(tmp_path, {"features": [feature]}))
    assert only(parsed).lat == pytest.approx(43.6045, abs=1e-3)
    assert any("Lambert-93" in note for note in parsed.notes)


def test_a_shape_is_no_point(tmp_path: Path):
    square = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 43]]]}
    parsed = read(written(tmp_path, {"features": [{"properties": PLACE, "geometry": square}]}))
    assert only(parsed).lat is None
    assert any("autrement que par un point" in note for note in parsed.notes)


def test_one_type_for_all_where_the_file_has_none(tmp_path: Path):
    path = written(tmp_path, [{"nom": "A"}, {"nom": "B"}])
    with pytest.raises(RefusedInput, match="--type"):
        read(path)
    parsed = read(path, defaults={"types": "Médiation numérique"})
    assert {item.record.types for item in parsed.records} == {("numerique",)}
    assert all("types" in item.fields for item in parsed.records)


def test_the_type_for_all_fills_what_is_empty_or_unknown_and_no_more(tmp_path: Path):
    path = written(
        tmp_path, [{"nom": "A", "type": ""}, {"nom": "B", "type": "CMP"}, {"nom": "C", "type": "cyberlieu"}]
    )
    parsed = read(path, defaults={"types": "numerique"})
    assert [item.record.types for item in parsed.records] == [("numerique",), ("cmp",), ("numerique",)]
    assert any("1 lieu(x) d'un genre inconnu (« cyberlieu »)" in note for note in parsed.notes)


@pytest.mark.parametrize("given", ["", " ", "estaminet", "numerique | estaminet"])
def test_an_unknown_type_for_all_is_refused(tmp_path: Path, given: str):
    with pytest.raises(RefusedInput):
        read(written(tmp_path, [{"nom": "A"}]), defaults={"types": given})


def test_a_field_that_does_not_exist_cannot_be_given(tmp_path: Path):
    with pytest.raises(RefusedInput, match="couleur"):
        read(written(tmp_path, [PLACE]), defaults={"couleur": "vert"})


def test_the_preview_says_what_may_be_given_for_all():
    preview = SOURCE.preview(SAMPLE, ReadOptions())
    assert "types" in preview.constants
    assert preview.mapping["horaire"] == "hours"
    assert preview.mapping["couleur"] == ""


def test_a_chosen_mapping_is_followed(tmp_path: Path):
    path = written(tmp_path, [{"quoi": "Espace du Pont", "ou": "43.6045, 1.444"}])
    parsed = read(path, mapping={"quoi": "name", "ou": "coordinates"}, defaults={"types": "numerique"})
    assert (only(parsed).name, only(parsed).lat) == ("Espace du Pont", 43.6045)


def test_unreadable_details_do_not_lose_the_place(tmp_path: Path):
    """Nobody here can correct that file, and the place exists."""
    place = PLACE | {"mail": "Via le site", "site_inter": 63122, "telephone": 3949, "pmr": "partiel"}
    parsed = read(written(tmp_path, [place]))
    found = only(parsed)
    assert (found.email, found.website, found.phone, found.accessible) == ("", "", "3949", None)
    assert any("« courriel » illisible" in note for note in parsed.notes)


def test_a_position_that_cannot_be_right_refuses_the_row():
    """A place on the map where it is not is worse than one to correct."""
    reasons = [row.problems[0].reason for row in read(SAMPLE).refused]
    assert any("inversées" in reason for reason in reasons)
    assert any("estaminet" in reason for reason in reasons)


def test_free_hours_are_read_or_kept_as_text():
    first, second = (item.record for item in read(SAMPLE).records)
    assert first.opening_hours == "Mo-Fr 09:00-12:00; PH off"
    assert (second.opening_hours, second.hours_text) == ("", "9h à 12h (17h pendant les vacances)")


def test_short_numbers_of_two_files_are_not_one_place(tmp_path: Path):
    uids = [
        only(read(written(tmp_path, [{"id": number, "nom": name, "type": "numerique"}]))).uid
        for number, name in ((1, "Aide"), (1, "Bibliothèque"), ("9f2c-4e11-aa01", "Aide"))
    ]
    assert uids == ["points--1-aide", "points--1-bibliotheque", "points--9f2c-4e11-aa01"]


def test_an_identifier_never_reaches_another_source(tmp_path: Path):
    """A hostile file could otherwise rewrite a structure of the national register."""
    assert only(read(written(tmp_path, [PLACE | {"identifiant": "finess--310000001"}]))).uid.startswith(
        "points--"
    )


def test_without_identifier_name_and_position(tmp_path: Path):
    rows = [{"nom": "Aide", "type": "numerique", "lat": lat, "lon": 1.444} for lat in (43.60451, 43.6145)]
    uids = [item.record.uid for item in read(written(tmp_path, rows)).records]
    assert uids == ["points--aide-43.6045-1.4440", "points--aide-43.6145-1.4440"]


def test_another_commune_is_left_out_and_an_unknown_one_is_kept(tmp_path: Path):
    rows = [
        {"nom": "Ici", "type": "numerique", "insee": "31555"},
        {"nom": "Ailleurs", "type": "numerique", "insee": "31069"},
        {"nom": "Quelque part", "type": "numerique"},
    ]
    parsed = read(written(tmp_path, rows), TOULOUSE)
    assert [item.record.name for item in parsed.records] == ["Ici", "Quelque part"]
    assert parsed.n_out_of_scope == 1
    assert parsed.n_read == 3


def test_without_code_a_far_away_place_is_left_out(tmp_path: Path):
    """A national file without commune codes must not fill a territory with the whole country."""
    area = shapely.to_wkb(shapely.box(1.44, 43.60, 1.45, 43.61))
    scope = Scope(communes=frozenset({"31555"}), areas_wkb=(area,))
    rows = [
        {"nom": name, "type": "numerique", "lat": lat, "lon": lon}
        for name, lat, lon in (("Près", 43.65, 1.5), ("Loin", 48.85, 2.35))
    ]
    parsed = read(written(tmp_path, rows), scope)
    assert [item.record.name for item in parsed.records] == ["Près"]


def test_without_code_the_boundaries_of_the_communes_decide_where_they_are_loaded(tmp_path: Path):
    town = shapely.to_wkb(shapely.box(1.40, 43.55, 1.50, 43.65))
    scope = Scope(communes=frozenset({"31555"}), boundaries_wkb=(town,))
    rows = [
        {"nom": name, "type": "numerique", "lat": lat, "lon": lon}
        for name, lat, lon in (("Dedans", 43.64, 1.49), ("À côté", 43.64, 1.53), ("Sans position", "", ""))
    ]
    parsed = read(written(tmp_path, rows), scope)
    assert [item.record.name for item in parsed.records] == ["Dedans", "Sans position"]
    half = Scope(communes=frozenset({"31555", "31069"}), boundaries_wkb=(town,))
    assert len(read(written(tmp_path, rows), half).records) == 3


@pytest.mark.parametrize(
    "document",
    [[], {"features": []}, [1], '{"a": ', '[{"nom": "A"', [{"couleur": "vert"}]],
    ids=["vide", "sans lieu", "nombres", "coupé", "coupé aussi", "sans nom"],
)
def test_what_is_no_list_of_places_is_refused(tmp_path: Path, document: Any):
    with pytest.raises(RefusedInput, match=r"lieux\.json"):
        read(written(tmp_path, document), defaults={"types": "numerique"})


@pytest.mark.parametrize(
    "value",
    [None, "", float("nan"), {"a": {"b": [1, {"c": 2}]}}, [[1], [2]], [], {}, True, 1e300, "\u0000\ud800"],
)
def test_odd_values_never_break_the_reading(tmp_path: Path, value: Any):
    parsed = read(written(tmp_path, [PLACE | {"description": value, "lat": 43.6, "lon": 1.44}]))
    assert only(parsed).name == "Espace du Pont"


@pytest.mark.real_data
def test_the_places_of_angers(shared_data: Path):
    """Coordinates and hours in local columns, numbers and words where an address is expected."""
    path = shared_data / "annuaires" / "mednum_angers.json"
    parsed = read(path, Scope(communes=frozenset({"49007"})), defaults={"types": "numerique"})
    assert (parsed.n_read, len(parsed.records), len(parsed.refused)) == (63, 63, 0)
    places = [item.record for item in parsed.records]
    assert all(47.4 < place.lat < 47.6 and -0.7 < place.lon < -0.4 for place in places)
    assert len({place.uid for place in places}) == 63
    assert sum(bool(place.opening_hours) for place in places) >= 37
    assert any("2e dimanche du mois" in place.hours_text for place in places)
    assert not [place.website for place in places if place.website.isdigit()]
