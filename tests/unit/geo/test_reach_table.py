"""The kernel against a naive second implementation: shapely, one area and one place at a time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.geo import _candidates
from reseau.geo import reach_table as kernel
from reseau.geo.nearness import Population
from reseau.geo.reach_table import ReachTable, reach_table

# As in Lambert-93: rounding errors are those of real coordinates.
ORIGIN = np.array([650_000.0, 6_860_000.0])
NAMES = tuple(field.name for field in fields(ReachTable))


def box(x: float, y: float, side: float, **more: Any) -> shapely.Polygon:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    return shapely.transform(shapely.Polygon(corners, **more), lambda xy: xy + ORIGIN)


def people(*groups: list[tuple[float, float, float]]) -> Population:
    """One group an area; each inhabitants' point is x, y, weight."""
    rows = [(q, *row) for q, group in enumerate(groups) for row in group]
    found = np.array(rows, dtype=float).reshape(-1, 4)
    return Population(
        xy=found[:, 1:3] + ORIGIN, quartier=found[:, 0].astype(np.intp), weight=found[:, 3],
        n_quartiers=len(groups),
    )  # fmt: skip


def at(*places: tuple[float, float]) -> np.ndarray:
    return np.array(places, dtype=float).reshape(-1, 2) + ORIGIN


def shapes(*areas: Any) -> np.ndarray:
    found = np.empty(len(areas), dtype=object)
    found[:] = areas
    return found


def kinds(*codes: int) -> np.ndarray:
    return np.array(codes, dtype=np.intp)


def naive(areas, population, places, kind, radius_m) -> ReachTable:
    """What the documentation of `ReachTable` says, said again without any shortcut."""
    shape = (len(areas), len(radius_m))
    found = {name: np.full(shape, np.nan) for name in ("boundary_m", "metres", "share")}
    found |= {name: np.zeros(shape, np.intp) for name in ("inside", "around")}
    found["first"] = np.full(shape, -1)
    for q, area in enumerate(areas):
        mine = population.quartier == q
        for t, radius in enumerate(radius_m):
            members = np.flatnonzero(kind == t)
            if area is not None and not area.is_empty and len(members):
                metres = [shapely.Point(places[p]).distance(area) for p in members]
                found["inside"][q, t] = sum(m <= kernel.TOLERANCE_M for m in metres)
                found["around"][q, t] = sum(m <= 500 + kernel.TOLERANCE_M for m in metres)
                found["boundary_m"][q, t] = min(metres)
            weight = population.weight[mine]
            if not len(members) or not weight.sum() > 0:
                continue
            east, north = (population.xy[mine, axis, None] - places[members, axis] for axis in (0, 1))
            squared = east**2 + north**2
            metres, nearest = np.sqrt(squared.min(axis=1)), squared.argmin(axis=1)
            found["metres"][q, t] = weight @ metres / weight.sum()
            if not np.isnan(radius):
                found["share"][q, t] = weight[metres <= radius + kernel.TOLERANCE_M].sum() / weight.sum()
            votes = np.bincount(nearest, weight, len(members))
            found["first"][q, t] = members[votes.argmax()]
    return ReachTable(**found)


def assert_same(one: ReachTable, other: ReachTable) -> None:
    for name in NAMES:
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=1e-12, atol=1e-9, err_msg=name
        )


def assert_same_bits(one: ReachTable, other: ReachTable, *, but: str = "") -> None:
    for name in NAMES:
        if name != but:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


# Whole metres, so that equal distances and limits met exactly are common and not rare.
metre = st.integers(-1500, 1500)
place = st.tuples(metre, metre)


@st.composite
def areas_and_people(draw):
    areas, groups = [], []
    for _ in range(draw(st.integers(0, 4))):
        x, y, side = draw(metre), draw(metre), draw(st.integers(1, 900))
        drawn = draw(st.sampled_from(["square", "hole", "two", "none", "empty", "nobody"]))
        areas.append(
            {
                "square": box(x, y, side),
                "nobody": box(x, y, side),
                "hole": box(x, y, 90, holes=[[(x + 30, y + 30), (x + 60, y + 30), (x + 60, y + 60)]]),
                "two": shapely.MultiPolygon([box(x, y, 50), box(x + 700, y + 300, side)]),
                "none": None,
                "empty": shapely.Polygon(),
            }[drawn]
        )
        # Inhabitants may live out of the polygon: squares and blocks overlap boundaries.
        point = st.tuples(metre, metre, st.sampled_from([0.0, 0.25, 0.5, 1.0]))
        groups.append([] if drawn == "nobody" else draw(st.lists(point, max_size=6)))
    return shapes(*areas), people(*groups)


@st.composite
def situations(draw):
    areas, population = draw(areas_and_people())
    places = draw(st.lists(place, max_size=25))
    kind = draw(st.lists(st.integers(-1, 3), min_size=len(places), max_size=len(places)))
    radius = draw(st.lists(st.sampled_from([300.0, 1000.0, np.nan]), min_size=0, max_size=3))
    return areas, population, at(*places), kinds(*kind), np.array(radius)


@pytest.fixture(params=["all pairs", "trees", "pieces"])
def way(request, monkeypatch):
    """Every way through the code gives the same: small and large problems take different ones."""
    if request.param != "all pairs":
        monkeypatch.setattr(_candidates, "ALL_PAIRS", -1)
    if request.param == "pieces":
        monkeypatch.setattr(kernel, "AREAS_AT_ONCE", 1)
        monkeypatch.setattr(kernel, "DISTANCES_AT_ONCE", 1)
    return request.param


@given(situation=situations())
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_a_naive_computation(situation):
    assert_same(reach_table(*situation), naive(*situation))


@given(situation=situations())
@settings(max_examples=60, deadline=None)
def test_every_way_through_the_code_gives_the_same_bits(situation):
    usual = reach_table(*situation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_candidates, "ALL_PAIRS", -1)
        assert_same_bits(reach_table(*situation), usual)
        patch.setattr(kernel, "AREAS_AT_ONCE", 1)
        patch.setattr(kernel, "DISTANCES_AT_ONCE", 1)
        assert_same_bits(reach_table(*situation), usual)


@given(situation=situations(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_an_area_does_not_depend_on_its_companions(situation, data):
    """A département alone, or the whole country: not one bit of difference."""
    areas, population, places, kind, radius = situation
    chosen = data.draw(st.lists(st.integers(0, max(0, len(areas) - 1)), unique=True, max_size=len(areas)))
    new = {q: rank for rank, q in enumerate(chosen)}
    mine = np.isin(population.quartier, chosen)
    fewer = Population(
        xy=population.xy[mine],
        quartier=np.array([new[q] for q in population.quartier[mine]], dtype=np.intp),
        weight=population.weight[mine],
        n_quartiers=len(chosen),
    )
    alone, together = reach_table(areas[chosen], fewer, places, kind, radius), reach_table(*situation)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name)[chosen], err_msg=name)


@given(situation=situations())
@settings(max_examples=60, deadline=None)
def test_a_type_does_not_depend_on_the_others(situation):
    """So that an edit may recompute its type only."""
    areas, population, places, kind, radius = situation
    together = reach_table(*situation)
    for t in range(len(radius)):
        members = np.flatnonzero(kind == t)
        alone = reach_table(areas, population, places[members], np.zeros_like(members), radius[t : t + 1])
        for name in NAMES:
            one = getattr(alone, name)[:, 0]
            if name == "first":
                one = np.append(members, -1)[one]
            np.testing.assert_array_equal(one, getattr(together, name)[:, t], err_msg=name)


@given(situation=situations(), draw=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_places_only_decides_between_equals(situation, draw):
    areas, population, places, kind, radius = situation
    order = list(range(len(places)))
    draw.shuffle(order)
    usual, shuffled = (
        reach_table(*situation),
        reach_table(areas, population, places[order], kind[order], radius),
    )
    assert_same_bits(shuffled, usual, but="first")
    assert (shuffled.first >= 0).tolist() == (usual.first >= 0).tolist()


def test_limits_are_included(way):
    """On the edge is inside; at 500 m is around; at the radius is within."""
    areas, someone = shapes(box(0, 0, 100)), people([(50, 50, 1.0)])
    places = at((100, 50), (600, 50), (601, 50))
    found = reach_table(areas, someone, places, kinds(0, 1, 2), np.array([50.0, 549.9, 551.0]))
    assert found.inside.tolist() == [[1, 0, 0]]
    assert found.around.tolist() == [[1, 1, 0]]
    assert found.boundary_m.tolist() == [[0.0, 500.0, 501.0]]
    assert found.share.tolist() == [[1.0, 0.0, 1.0]]


def test_a_hole_is_outside_and_parts_belong_together(way):
    ring = [(40, 40), (60, 40), (60, 60), (40, 60)]
    areas = shapes(box(0, 0, 100, holes=[ring]), shapely.MultiPolygon([box(0, 0, 10), box(900, 0, 10)]))
    found = reach_table(areas, people([], []), at((50, 50), (905, 5)), kinds(0, 0), np.array([100.0]))
    assert found.inside.tolist() == [[0], [1]]
    assert found.around.tolist() == [[1], [2]]
    assert found.boundary_m.tolist() == [[10.0], [0.0]]


def test_of_equals_the_first_given_is_kept(way):
    """Two places at the same distance, and two places that as many inhabitants reach first."""
    areas = shapes(box(0, 0, 100), box(0, 0, 100))
    population = people([(50, 50, 1.0)], [(10, 50, 0.5), (90, 50, 0.5)])
    for places in (at((0, 50), (100, 50)), at((100, 50), (0, 50))):
        found = reach_table(areas, population, places, kinds(0, 0), np.array([100.0]))
        assert found.first.tolist() == [[0], [0]]


def test_what_is_not_known_is_not_zero(way):
    """No place of the type, nobody in the area, no radius, no boundary: each leaves its own cells unknown."""
    areas = shapes(box(0, 0, 100), box(0, 0, 100), None)
    population = people([(50, 50, 1.0)], [], [(50, 50, 1.0)])
    found = reach_table(areas, population, at((50, 60)), kinds(1), np.array([100.0, np.nan]))
    nan = np.nan
    np.testing.assert_array_equal(found.metres, [[nan, 10.0], [nan, nan], [nan, 10.0]])
    np.testing.assert_array_equal(found.boundary_m, [[nan, 0.0], [nan, 0.0], [nan, nan]])
    np.testing.assert_array_equal(found.share, np.full((3, 2), nan))
    assert found.first.tolist() == [[-1, 0], [-1, -1], [-1, 0]]
    assert found.inside.tolist() == [[0, 1], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("n_areas", "n_places", "n_types"), [(0, 0, 0), (0, 2, 1), (2, 0, 1), (1, 2, 0), (2, 0, 0)]
)
def test_nothing_to_measure_gives_tables_of_the_right_shape(n_areas, n_places, n_types):
    areas = shapes(*(box(0, 0, 10) for _ in range(n_areas)))
    population = people(*([(1, 1, 1.0)] for _ in range(n_areas)))
    places = at(*((5, 5) for _ in range(n_places)))
    found = reach_table(areas, population, places, kinds(*[0] * n_places), np.full(n_types, 100.0))
    assert {getattr(found, name).shape for name in NAMES} == {(n_areas, n_types)}
    assert not found.inside.any()


def test_a_whole_quartier_within_is_exactly_one(way):
    """Weights of a third do not add up to one; the share of everybody is one all the same."""
    population = people([(x, 0, 1 / 3) for x in (1, 2, 3)], [(x, 0, 1 / 49) for x in range(49)])
    found = reach_table(shapes(None, None), population, at((0, 0)), kinds(0), np.array([100.0]))
    assert found.share.tolist() == [[1.0], [1.0]]


def test_a_large_set_agrees_too():
    """Enough places and areas for the trees and the pieces of the real thing."""
    draw = np.random.default_rng(20261122)
    areas = shapes(*(box(*draw.uniform(0, 20_000, 2), draw.uniform(200, 900)) for _ in range(300)))
    corners = shapely.bounds(areas)[:, :2] - ORIGIN
    population = people(*([(x + dx, y + dx, 1 / 9) for dx in range(0, 270, 30)] for x, y in corners))
    places, kind = draw.uniform(0, 20_000, (2_500, 2)) + ORIGIN, draw.integers(0, 4, 2_500)
    situation = areas, population, places, kind, np.array([300.0, 900.0, np.nan, 100.0])
    assert_same(reach_table(*situation), naive(*situation))
