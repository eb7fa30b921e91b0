"""The area reached on a network: whole streets, parts of streets, and no water."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.geo.isochrone import BESIDE_M, FINEST_CELL_M
from tests.unit.geo import streets
from tests.unit.geo.streets import at, grid
from tests.unit.geo.test_network_travel import BANKS, SQUARE, random_case

# Drawn on a grid: an edge of the area is true to a cell and what is simplified.
LOOSE_M = 2 * FINEST_CELL_M


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(at((x, y))[0])


def test_a_street_is_reached_to_the_metre_walked_and_no_farther() -> None:
    travel = streets.travel([(0, 0), (1000, 0)], [(0, 1)])
    area = travel.area(at((0, 0)), 300.0)
    west, south, east, north = area.bounds - np.tile(streets.ORIGIN, 2)
    assert east == pytest.approx(300 + BESIDE_M, abs=LOOSE_M)
    assert (west, south, north) == pytest.approx((-BESIDE_M, -BESIDE_M, BESIDE_M), abs=LOOSE_M)


def test_the_other_bank_is_not_reached() -> None:
    """What the straight line would paint: both banks."""
    travel = streets.travel(*BANKS)
    area = travel.area(at((200, 0)), 500.0)
    assert area.covers(point(200, 480))
    assert not area.covers(point(260, 0))
    assert travel.estimate.area(at((200, 0)), 500.0).covers(point(260, 0))


def test_the_way_from_the_place_to_the_street_counts() -> None:
    travel = streets.travel([(0, 0), (1000, 0)], [(0, 1)])
    area = travel.area(at((0, 200)), 300.0)
    assert area.covers(point(90, 0))
    assert not area.covers(point(160, 0))
    assert travel.area(at((0, 200)), 100.0).bounds[1] - streets.ORIGIN[1] > 100 - BESIDE_M - LOOSE_M


def test_blocks_of_buildings_are_not_holes_but_a_lake_is() -> None:
    nodes, edges = grid(2, 2, 120.0)
    small = streets.travel([tuple(node) for node in nodes], [tuple(edge) for edge in edges])
    assert small.area(at((0, 0)), 1000.0).covers(point(60, 60))
    large = streets.travel([tuple(node * 4) for node in nodes], [tuple(edge) for edge in edges])
    assert not large.area(at((0, 0)), 5000.0).covers(point(240, 240))


def test_a_place_off_the_network_has_its_circle() -> None:
    travel = streets.travel(*SQUARE)
    area = travel.area(at((0, 0), (3000, 0)), 130.0)
    assert area.geom_type == "MultiPolygon"
    assert area.covers(point(3095, 0))
    assert not area.covers(point(3110, 0))
    alone = travel.area(at((3000, 0)), 130.0)
    assert alone.area == pytest.approx(np.pi * 100**2, rel=0.01)


def test_streets_no_path_leads_to_are_estimated_as_their_lengths_are() -> None:
    """Two networks 150 m from each other: what `nearest` says is near is in the area too."""
    travel = streets.travel([(0, 0), (400, 0), (0, 150), (400, 150)], [(0, 1), (2, 3)])
    area = travel.area(at((0, 0)), 260.0)
    assert travel.nearest(at((100, 150)), at((0, 0))).metres[0] < 260
    assert area.covers(point(100, 150))
    assert not area.covers(point(300, 150))


def test_nothing_is_reached_from_nowhere() -> None:
    travel = streets.travel(*SQUARE)
    assert travel.area(np.empty((0, 2)), 100.0) is None
    assert travel.area(np.array([[np.nan, np.nan]]), 100.0) is None


@given(st.integers(0, 10_000), st.floats(1, 900))
@settings(max_examples=25)
def test_whoever_is_within_the_limit_is_in_the_area(seed: int, limit: float) -> None:
    """Points on a street: the area says the same as the lengths, to its precision; and it is valid."""
    travel, _, places = random_case(seed)
    area = travel.area(places, limit)
    assert area.is_valid
    assert area.geom_type in {"Polygon", "MultiPolygon"}
    nodes = travel.network.xy
    metres = travel.nearest(nodes, places).metres
    inside = shapely.distance(shapely.points(nodes), area)
    assert (inside[metres <= limit] <= LOOSE_M).all()


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_walking_longer_reaches_more(seed: int) -> None:
    travel, _, places = random_case(seed)
    sizes = [travel.area(places, limit).area for limit in (100, 300, 600)]
    assert sizes == sorted(sizes)
