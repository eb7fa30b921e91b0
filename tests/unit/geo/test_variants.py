"""Access under several limits: the same figures as a plain double loop, whatever the walk."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.geo import variants
from reseau.geo.nearness import Population
from reseau.geo.reach_table import reach_table
from reseau.geo.travel import StraightLine, Travel
from reseau.geo.variants import TypeReach, reach_types
from tests.travels import Manhattan, plain_length

TRAVELS = (StraightLine(1.3), Manhattan())


def people(*places: tuple[float, float, int, float], n: int = 2) -> Population:
    """Inhabitants: x, y, quartier, weight."""
    cells = np.array(places, dtype=float).reshape(-1, 4)
    return Population(cells[:, :2], cells[:, 2].astype(np.intp), cells[:, 3], n)


def measure(
    travel: Travel, population: Population, places: list[np.ndarray], limits: list[np.ndarray]
) -> list[TypeReach]:
    areas = [
        shapely.MultiPoint(population.xy[population.quartier == q]).convex_hull.buffer(1)
        if (population.quartier == q).any()
        else None
        for q in range(population.n_quartiers)
    ]
    return reach_types(travel, np.array(areas, dtype=object), population, places, limits)


coordinate = st.integers(-4000, 4000).map(float)
place = st.tuples(coordinate, coordinate)
crowd = st.lists(
    st.tuples(coordinate, coordinate, st.integers(0, 1), st.integers(1, 5).map(float)), max_size=12
)


@settings(max_examples=80, deadline=None)
@given(st.data(), crowd, st.sampled_from(TRAVELS))
def test_agrees_with_a_double_loop(data, crowd, travel):
    """Shares and closest metres under three limits, for two types."""
    population = people(*crowd)
    limit = st.floats(1, 9000)
    places, limits = [], []
    for _ in range(2):
        found = data.draw(st.lists(place, min_size=1, max_size=5))
        base = data.draw(limit)
        others = [data.draw(st.lists(limit, min_size=len(found), max_size=len(found))) for _ in range(2)]
        places.append(np.array(found))
        limits.append(np.array([[base] * len(found), *others]))
    length = plain_length(None if travel.is_straight else travel, travel.detour)
    for reach, xy, limit_of in zip(measure(travel, population, places, limits), places, limits, strict=True):
        for q in range(2):
            mine = [row for row in crowd if row[2] == q]
            _check(reach, q, mine, xy, limit_of, length)


def _check(reach, q, mine, xy, limit_of, length) -> None:
    if not mine:
        assert np.isnan(reach.share[:, q]).all()
        assert math.isnan(reach.metres[q])
        assert math.isnan(reach.boundary[q])
        assert reach.first[q] == -1
        return
    total = sum(row[3] for row in mine)
    walks = [[length(row[:2], at) for at in xy] for row in mine]
    for variant, limit in enumerate(limit_of):
        reached = sum(
            row[3]
            for row, metres in zip(mine, walks, strict=True)
            if any(m <= most + 1e-7 for m, most in zip(metres, limit, strict=True))
        )
        assert reach.share[variant, q] == pytest.approx(reached / total, abs=1e-9)
        near = [
            min(column) <= most + 1e-7 for column, most in zip(zip(*walks, strict=True), limit, strict=True)
        ]
        assert (reach.closest[q] <= limit + 1e-7).tolist() == near
    mean = sum(row[3] * min(metres) for row, metres in zip(mine, walks, strict=True)) / total
    assert reach.metres[q] == pytest.approx(mean, abs=1e-6)
    assert reach.boundary[q] == pytest.approx(min(map(min, walks)), abs=1e-6)


@pytest.mark.parametrize("travel", TRAVELS)
def test_looking_at_few_distances_at_once_changes_nothing(monkeypatch, travel):
    """A quartier or a city too large to be held at once gives the same figures."""
    draw = np.random.default_rng(4)
    population = people(
        *np.column_stack([draw.uniform(0, 3000, (90, 2)), draw.integers(0, 2, 90), np.ones(90)])
    )
    places = [draw.uniform(-2000, 5000, (n, 2)) for n in (40, 3)]
    limits = [np.repeat([[900.0], [1500.0]], n, axis=1) for n in (40, 3)]
    whole = measure(travel, population, places, limits)
    monkeypatch.setattr(variants, "BLOCK", 100)
    monkeypatch.setattr(variants, "COUPLES", 100)
    for one, other in zip(whole, measure(travel, population, places, limits), strict=True):
        np.testing.assert_allclose(one.share, other.share, atol=1e-12)
        np.testing.assert_array_equal(one.closest, other.closest)


def test_a_straight_line_gives_the_figures_of_the_kernel_to_the_bit():
    """A territory and the national table must not tell two stories."""
    draw = np.random.default_rng(7)
    population = people(
        *np.column_stack([draw.uniform(0, 900, (60, 2)), draw.integers(0, 2, 60), np.ones(60)])
    )
    xy = draw.uniform(-500, 2500, (30, 2))
    (reach,) = measure(StraightLine(1.3), population, [xy], [np.full((2, 30), 800.0)])
    areas = [
        shapely.MultiPoint(population.xy[population.quartier == q]).convex_hull.buffer(1) for q in (0, 1)
    ]
    table = reach_table(
        np.array(areas, dtype=object), population, xy, np.zeros(30, dtype=np.intp), np.array([800 / 1.3])
    )
    assert reach.share[0].tolist() == table.share[:, 0].tolist()
    assert reach.share[1].tolist() == pytest.approx(table.share[:, 0].tolist(), abs=1e-12)
    assert reach.metres.tolist() == (table.metres[:, 0] * 1.3).tolist()
    assert reach.inside.tolist() == table.inside[:, 0].tolist()


def test_a_type_without_threshold_is_near_nobody_and_still_has_a_nearest():
    (reach,) = measure(
        StraightLine(1.0), people((0, 0, 0, 1)), [np.array([[3.0, 4.0]])], [np.full((2, 1), np.nan)]
    )
    assert reach.metres[0] == reach.boundary[0] == 5
    assert reach.share[:, 0].tolist() == [0, 0]


def test_those_no_path_leads_anywhere_are_not_counted_at_zero():
    """Half of the inhabitants are behind a wall: the mean is that of the others, the share counts all."""
    population = people((0, 0, 0, 1), (100, 0, 0, 1), (100, 0, 1, 1))
    (reach,) = measure(Manhattan(wall=50), population, [np.array([[10.0, 0.0]])], [np.full((1, 1), 500.0)])
    assert reach.share[0].tolist() == [0.5, 0]
    assert reach.metres[0] == 10
    assert np.isnan(reach.metres[1])
    assert np.isnan(reach.boundary[1])
    assert reach.first.tolist() == [0, -1]


def test_nothing_to_measure():
    assert measure(StraightLine(1.3), people(), [], []) == []
    for travel in TRAVELS:
        for n in (0, 2):
            (reach,) = measure(travel, people(n=n), [np.zeros((1, 2))], [np.full((1, 1), 500.0)])
            assert np.isnan(reach.share).all()
            assert reach.closest.shape == (n, 1)
