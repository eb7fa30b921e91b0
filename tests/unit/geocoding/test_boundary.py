"""In the declared commune, outside it, or nobody can say."""

import math

import pytest
import shapely

from reseau.geocoding import AddressQuery, Boundaries, GeocodeResult

SQUARE = shapely.box(1.40, 43.55, 1.50, 43.65)
QUERY = AddressQuery(address="1 rue A", citycode="31555")


def place(lon, lat, citycode="31555"):
    return GeocodeResult(lon=lon, lat=lat, score=0.9, kind="street", label="x", citycode=citycode)


@pytest.mark.parametrize(
    ("lon", "lat", "inside"), [(1.45, 43.6, True), (1.40, 43.6, True), (1.60, 43.6, False), (1.45, 44, False)]
)
def test_inside_or_outside(lon, lat, inside):
    assert Boundaries({"31555": SQUARE}).check(QUERY, place(lon, lat), tolerance_metres=100) is inside


def test_an_unknown_boundary_is_neither():
    """Not checked must never read as right."""
    empty = {"31555": shapely.Polygon(), "31069": None}
    for shapes in ({}, {"31069": SQUARE}, empty):
        assert Boundaries(shapes).check(QUERY, place(1.45, 43.6), tolerance_metres=100) is None


@pytest.mark.parametrize("metres", [50, 99, 101, 400])
@pytest.mark.parametrize("side", ["east", "north"])
def test_the_tolerance_is_metres_in_both_directions(metres, side):
    """A degree of longitude is shorter than one of latitude, away from the equator."""
    degrees = metres / 111_320
    lon = 1.50 + degrees / math.cos(math.radians(43.6)) if side == "east" else 1.45
    lat = 43.65 + degrees if side == "north" else 43.6
    inside = Boundaries({"31555": SQUARE}).check(QUERY, place(lon, lat), tolerance_metres=100)
    assert inside is (metres < 100)


def test_the_parts_of_a_city_serve_the_whole_and_the_whole_its_parts():
    paris = Boundaries({"75113": shapely.box(2.34, 48.81, 2.39, 48.85)})
    point = place(2.36, 48.83, "75113")
    assert paris.check(AddressQuery(address="1 rue A", citycode="75056"), point, tolerance_metres=0) is True
    assert paris.check(AddressQuery(address="1 rue A", citycode="75113"), point, tolerance_metres=0) is True


def test_a_commune_known_by_name_only_is_checked_on_the_code_of_the_answer():
    boundaries = Boundaries({"31555": SQUARE})
    named = AddressQuery(address="1 rue A", commune="Toulouse")
    assert boundaries.check(named, place(1.7, 43.6), tolerance_metres=0) is False
    assert boundaries.check(AddressQuery(address="1 rue A"), place(1.7, 43.6), tolerance_metres=0) is None


def test_what_is_drawn_is_the_boundary_checked():
    assert Boundaries({"31555": SQUARE}).shape_of("31555").equals(SQUARE)
    assert Boundaries({"31555": SQUARE}).shape_of("31069") is None
    assert Boundaries({}).shape_of("") is None
