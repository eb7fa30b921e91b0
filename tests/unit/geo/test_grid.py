"""Inhabitants spread evenly: the same for every order of rows, fair to holes and parts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from reseau.geo.grid import MAXIMUM_POINTS, population_points
from tests.frames import METRIC, ORIGIN


def metric_frame(*shapes, ids=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(index=ids or range(1, len(shapes) + 1), geometry=list(shapes), crs=METRIC)


def box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    west, south = ORIGIN[0] + x, ORIGIN[1] + y
    return shapely.box(west, south, west + width, south + height)


def grid_of(*shapes, **options) -> gpd.GeoDataFrame:
    return population_points(metric_frame(*shapes), crs=METRIC, **options)


def test_weights_sum_to_one_in_each_quartier():
    grid = grid_of(box(0, 0, 400, 900), box(5000, 0, 30, 30))
    np.testing.assert_allclose(grid.groupby("quartier_id")["weight"].sum(), 1.0)


def test_spacing_is_as_asked_where_the_quartier_is_large_enough():
    grid = grid_of(box(0, 0, 1000, 1000), spacing_m=50)
    assert len(grid) == 400


@pytest.mark.parametrize(("side", "low", "high"), [(60, 150, 250), (20_000, 3500, MAXIMUM_POINTS * 1.05)])
def test_small_quartiers_have_enough_points_and_huge_ones_are_capped(side, low, high):
    assert low <= len(grid_of(box(0, 0, side, side))) <= high


def test_the_mean_of_the_points_is_the_centre_of_the_polygon():
    """Evenly means no side is favoured, whatever the shape (here an L)."""
    shape = box(0, 0, 600, 200).union(box(0, 0, 200, 600))
    grid = grid_of(shape, spacing_m=10)
    centre = shape.centroid
    assert abs(grid.geometry.x.mean() - centre.x) < 3
    assert abs(grid.geometry.y.mean() - centre.y) < 3


def test_nobody_lives_in_a_hole():
    hole = box(300, 300, 400, 400)
    grid = grid_of(box(0, 0, 1000, 1000).difference(hole))
    assert not grid.intersects(hole.buffer(-1e-6)).any()
    assert len(grid) == 400 - 64


def test_parts_share_inhabitants_by_area_even_when_far_apart():
    """Two parts a hundred kilometres apart must not make a grid of the land between them."""
    grid = grid_of(shapely.union(box(0, 0, 500, 500), box(100_000, 0, 500, 1000)))
    in_small = grid.within(box(0, 0, 500, 500))
    assert grid["weight"][in_small].sum() == pytest.approx(1 / 3, abs=0.01)


def test_a_part_thinner_than_the_grid_still_has_inhabitants_inside_it():
    shape = box(0, 0, 0.4, 900)
    grid = grid_of(shape)
    assert grid.within(shape).all()


def test_a_polygon_without_area_is_one_representative_point():
    line = shapely.Polygon([ORIGIN, (ORIGIN[0] + 9, ORIGIN[1] + 9), ORIGIN])
    grid = grid_of(line)
    assert grid["weight"].tolist() == [1.0]


def test_a_quartier_without_boundary_has_no_point():
    frame = gpd.GeoDataFrame(index=[1, 2], geometry=[None, box(0, 0, 100, 100)], crs=METRIC)
    assert set(population_points(frame, crs=METRIC)["quartier_id"]) == {2}
    assert len(population_points(frame.iloc[:1], crs=METRIC)) == 0


def test_neither_other_rows_nor_their_order_move_a_point():
    first, second = box(0, 0, 333, 777), box(2000, 50, 250, 250)
    both = population_points(metric_frame(second, first, ids=[2, 1]), crs=METRIC)
    alone = population_points(metric_frame(first), crs=METRIC)
    assert_geodataframe_equal(both[both["quartier_id"] == 1].reset_index(drop=True), alone)
