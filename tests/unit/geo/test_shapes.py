"""Boundaries as they are published are not always drawable; what is kept always is."""

import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from reseau.geo import shapes

SQUARE = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)])
BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def test_a_valid_polygon_is_left_alone() -> None:
    assert shapes.repair(SQUARE) == (SQUARE, False)


def test_a_bow_tie_becomes_two_triangles() -> None:
    repaired, changed = shapes.repair(BOW_TIE)
    assert changed
    assert repaired.is_valid
    assert repaired.area == pytest.approx(2)


def test_overlapping_parts_are_merged_not_turned_inside_out() -> None:
    # The default method of make_valid would punch a hole where the two parts overlap.
    overlapping = MultiPolygon([SQUARE, shapely.transform(SQUARE, lambda xy: xy + 2)])
    repaired, changed = shapes.repair(overlapping)
    assert changed
    assert repaired.covers(Point(3, 3))
    assert repaired.area == pytest.approx(28)


def test_a_hole_and_several_parts_survive() -> None:
    ring = SQUARE.difference(Point(2, 2).buffer(1))
    both = MultiPolygon([ring, shapely.transform(SQUARE, lambda xy: xy + 10)])
    repaired, changed = shapes.repair(both)
    assert not changed
    assert not repaired.covers(Point(2, 2))
    assert len(shapely.get_parts(repaired)) == 2


@pytest.mark.parametrize(
    "geometry",
    [
        Point(1, 1),
        LineString([(0, 0), (1, 1)]),
        Polygon(),
        GeometryCollection(),
        shapely.MultiPoint([(1, 1)]),
    ],
)
def test_what_is_not_a_surface_gives_nothing(geometry) -> None:
    repaired, _ = shapes.repair(geometry)
    assert repaired.is_empty
    assert isinstance(repaired, Polygon | MultiPolygon)


def test_only_the_surfaces_of_a_nested_collection_are_kept() -> None:
    mixed = GeometryCollection([Point(9, 9), GeometryCollection([SQUARE, LineString([(5, 5), (6, 6)])])])
    assert shapes.repair(mixed) == (SQUARE, True)


def test_altitude_is_dropped_without_counting_as_a_repair() -> None:
    repaired, changed = shapes.repair(Polygon([(0, 0, 7), (0, 4, 7), (4, 4, 7)]))
    assert not changed
    assert not repaired.has_z


def test_there_and_back_through_a_metric_system() -> None:
    place = Polygon([(1.44, 43.60), (1.44, 43.61), (1.45, 43.61)])
    metres = shapes.transform([place, None], source=4326, target=2154)
    assert metres[1] is None
    back = shapes.to_wgs84(metres[:1], 2154)[0]
    assert shapely.get_coordinates(back) == pytest.approx(shapely.get_coordinates(place), abs=1e-8)


def test_coordinates_that_cannot_be_projected_are_seen() -> None:
    lost = shapes.transform([Point(2, 95)], source=4326, target=2154)[0]
    assert not shapes.is_finite(lost)
    assert shapes.is_finite(SQUARE)


def test_bytes_round_trip_and_are_stable() -> None:
    wkb = shapes.to_wkb(SQUARE)
    assert shapes.from_wkb(wkb) == SQUARE
    assert wkb == shapes.to_wkb(shapely.set_srid(SQUARE, 4326))
    assert np.array_equal(shapely.get_coordinates(shapes.from_wkb(wkb)), shapely.get_coordinates(SQUARE))


def test_a_surface_the_first_method_loses_is_found_again() -> None:
    # Edges that go back over themselves, as in one boundary published rounded to four decimals.
    folded = Polygon([(1, 3), (2, 3), (0, 3), (0, 1), (1, 1), (2, 3)])
    assert shapely.make_valid(folded, method="structure", keep_collapsed=False).is_empty
    repaired, changed = shapes.repair(folded)
    assert changed
    assert repaired.area == pytest.approx(folded.area)
