"""What lies within a distance: right metres, right place, no silent fallback."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely

from reseau.geo.reach import reach_polygons
from tests import frames


def points(*places: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(frames.lonlat(*place)) for place in places], crs=4326)


def area_m2(shape: shapely.Geometry) -> float:
    return float(gpd.GeoSeries([shape], crs=4326).to_crs(frames.METRIC).area.iloc[0])


def test_one_disc_has_the_area_of_a_disc() -> None:
    """A wrong system (degrees, Web Mercator) would give another area: twice as much at this latitude."""
    shape = reach_polygons(points((0, 0)), 865, 2154)
    assert shape is not None
    assert area_m2(shape) == pytest.approx(math.pi * 865**2, rel=0.01)


def test_overlapping_discs_are_counted_once() -> None:
    """A person within reach of two points is within reach once."""
    one = reach_polygons(points((0, 0)), 500, 2154)
    same = reach_polygons(points((0, 0), (0, 0)), 500, 2154)
    apart = reach_polygons(points((0, 0), (5000, 0)), 500, 2154)
    assert one is not None
    assert same is not None
    assert apart is not None
    assert area_m2(same) == pytest.approx(area_m2(one))
    assert area_m2(apart) == pytest.approx(2 * area_m2(one), rel=0.001)
    assert apart.geom_type == "MultiPolygon"


def test_unknown_places_are_left_out_and_nothing_is_none() -> None:
    """No known point: nothing to draw, which is not an empty reach of zero."""
    mixed = gpd.GeoSeries([None, shapely.Point(), shapely.Point(frames.lonlat(0, 0))], crs=4326)
    assert reach_polygons(mixed, 500, 2154) == reach_polygons(points((0, 0)), 500, 2154)
    assert reach_polygons(mixed.iloc[:2], 500, 2154) is None


@pytest.mark.parametrize("crs", [3857, 4326])
def test_systems_that_do_not_measure_are_refused(crs: int) -> None:
    """Degrees are not metres and Web Mercator stretches them."""
    with pytest.raises(ValueError, match="metric"):
        reach_polygons(points((0, 0)), 500, crs)


@pytest.mark.parametrize("metres", [0, -1, float("nan")])
def test_a_radius_is_above_zero(metres: float) -> None:
    """A threshold that cannot be must not draw an empty map."""
    with pytest.raises(ValueError, match="radius"):
        reach_polygons(points((0, 0)), metres, 2154)


def test_points_must_say_their_system() -> None:
    """Guessing a system is how a territory ends up in the sea."""
    with pytest.raises(ValueError, match="coordinate system"):
        reach_polygons(gpd.GeoSeries([shapely.Point(1, 1)]), 500, 2154)
