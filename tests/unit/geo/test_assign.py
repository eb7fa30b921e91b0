"""In or near which quartier: exact, boundary included, distances those of the ground."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from geopy.distance import geodesic
from pandas.testing import assert_frame_equal

from reseau.geo.assign import locate
from reseau.geo.crs import metric_epsg
from tests.frames import METRIC, quartiers, square, structures

SQUARE = {"geometry": square(0, 0, 1000)}


def located(*at: tuple[float, float], near_m: float = 500.0):
    frame = structures(*({"at": place} for place in at))
    return locate(frame, quartiers(SQUARE), crs=METRIC, near_m=near_m)


def test_inside_near_and_far():
    found = located((500, 500), (1300, 500), (1600, 500))
    assert found["structure_id"].tolist() == [1, 2]
    assert found["inside"].tolist() == [True, False]
    assert found["metres"].tolist() == pytest.approx([0, 300], abs=0.1)


def test_nothing_near_still_filters_as_any_other_frame():
    """A new territory with its quartiers and one far structure: its map must open."""
    found = located((9000, 9000))
    assert found.empty
    assert found["inside"].dtype == bool
    assert list(found[found["inside"]].columns) == ["structure_id", "quartier_id", "inside", "metres"]


def test_corners_and_sides_belong_to_the_quartier():
    """A place on the pavement of the boundary street must not fall between two quartiers."""
    area = square(0, 0, 1000)
    corner, middle = area.exterior.interpolate(0), area.exterior.interpolate(0.37, normalized=True)
    frame = structures({}, {}).assign(placed=True)
    frame.geometry = gpd.GeoSeries([corner, middle], index=frame.index, crs=4326)
    found = locate(frame, quartiers(SQUARE), crs=METRIC)
    assert found["inside"].tolist() == [True, True]


def test_the_near_distance_is_included():
    distance = located((1400, 500))["metres"].item()
    assert len(located((1400, 500), near_m=distance)) == 1
    assert len(located((1400, 500), near_m=distance - 0.01)) == 0


def test_a_hole_is_outside():
    ring = square(0, 0, 1000).difference(square(300, 300, 400))
    found = locate(structures({"at": (500, 500)}), quartiers({"geometry": ring}), crs=METRIC)
    assert found["inside"].tolist() == [False]
    assert found["metres"].item() == pytest.approx(200, abs=0.1)


def test_what_is_not_placed_or_not_drawn_is_left_out():
    frame = structures({"at": (500, 500), "placed": False}, {})
    areas = quartiers(SQUARE, {"geometry": None})
    assert locate(frame, areas, crs=METRIC).empty
    assert len(locate(structures({"at": (500, 500)}), areas, crs=METRIC)) == 1


def test_order_of_rows_does_not_matter_and_nothing_is_modified():
    frame = structures(*({"at": (x, 0)} for x in range(0, 1600, 200)))
    areas = quartiers(SQUARE, {"geometry": square(900, 0, 300)})
    before, areas_before = frame.copy(), areas.copy()
    expected = locate(frame, areas, crs=METRIC)
    assert_frame_equal(locate(frame[::-1], areas[::-1], crs=METRIC), expected)
    assert_frame_equal(frame, before)
    assert_frame_equal(areas, areas_before)


@pytest.mark.parametrize(
    ("insee", "lon", "lat"),
    [
        ("31555", 1.4437, 43.6043),
        ("97105", -61.7290, 15.9958),
        ("97209", -61.0588, 14.6161),
        ("97302", -52.3260, 4.9372),
        ("97411", 55.4504, -20.8789),
        ("97608", 45.2279, -12.7806),
        ("98735", -149.5696, -17.5390),
    ],
)
def test_metres_are_those_of_the_ground_on_the_mainland_and_overseas(insee, lon, lat):
    """Compared with the geodesic distance on the ellipsoid: within 2 per thousand at 2 km.

    Web Mercator would be wrong by 38 % in Toulouse, Lambert-93 by much more overseas.
    """
    home = shapely.Point(lon, lat).buffer(0.001, quad_segs=1)
    away = shapely.Point(lon + 0.02, lat)
    frame = structures({}).assign(placed=True)
    frame.geometry = gpd.GeoSeries([away], index=frame.index, crs=4326)
    found = locate(frame, quartiers({"geometry": home}), crs=f"EPSG:{metric_epsg([insee])}", near_m=5000)
    truth = geodesic((lat, lon + 0.02), (lat, lon + 0.001)).m
    assert found["metres"].item() == pytest.approx(truth, rel=0.002)
