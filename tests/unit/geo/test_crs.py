"""Distances are only true in the right metric system."""

import json

import pyproj
import pytest

from reseau.geo.crs import MAINLAND, epsg_at, epsg_for_commune, metric_epsg


@pytest.mark.parametrize(
    ("insee", "epsg"),
    [
        ("31555", 2154),
        ("2A004", 2154),
        ("97101", 5490),
        ("97209", 5490),
        ("97801", 5490),
        ("97302", 2972),
        ("97411", 2975),
        ("97502", 4467),
        ("97611", 4471),
        ("98735", 3297),
    ],
)
def test_each_territory_has_its_own_system(insee: str, epsg: int) -> None:
    assert epsg_for_commune(insee) == epsg
    assert metric_epsg([insee]) == epsg


@pytest.mark.parametrize("insee", ["99101", "00001", "96001", "", "XY"])
def test_a_department_that_does_not_exist_decides_nothing(insee: str) -> None:
    # The demonstration territory is fictional: it must be measured where it is drawn.
    assert epsg_for_commune(insee) is None
    assert metric_epsg([insee], lon=55.45, lat=-20.88) == 2975
    assert metric_epsg([insee], lon=2.3, lat=48.9) == MAINLAND
    assert metric_epsg([insee]) == MAINLAND


def test_a_known_commune_wins_over_the_position() -> None:
    assert metric_epsg(["99101", "97411"], lon=2.3, lat=48.9) == 2975


def test_a_place_out_of_french_territories_falls_back_on_the_mainland() -> None:
    assert epsg_at(-100.0, 40.0) is None
    assert metric_epsg(lon=-100.0, lat=40.0) == MAINLAND


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (2.35, 48.85), (-61.55, 16.24), (-61.0, 14.6), (-63.08, 18.07), (-52.33, 4.93), (55.45, -20.88),
        (45.23, -12.78), (-56.17, 46.77), (-149.57, -17.53), (-176.17, -13.28), (166.44, -22.27),
    ],
)  # fmt: skip
def test_a_kilometre_is_a_kilometre(lon: float, lat: float) -> None:
    """The geodesic distance is the oracle: projected systems may differ by one part in a thousand."""
    east, north, _ = pyproj.Geod(ellps="GRS80").fwd(lon, lat, 40, 1000)
    to_metres = pyproj.Transformer.from_crs(4326, metric_epsg(lon=lon, lat=lat), always_xy=True)
    (x1, y1), (x2, y2) = to_metres.transform(lon, lat), to_metres.transform(east, north)
    assert ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 == pytest.approx(1000, abs=1.5)


@pytest.mark.real_data
def test_national_control_points_within_a_metre(shared_data) -> None:
    for point in json.loads((shared_data / "finess" / "crs_controle.json").read_text(encoding="utf-8")):
        epsg = metric_epsg(lon=point["lon"], lat=point["lat"])
        x, y = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(point["lon"], point["lat"])
        # The published degrees have five decimals, that is about a metre.
        assert (x, y) == (pytest.approx(point["x"], abs=1.1), pytest.approx(point["y"], abs=1.1))
