"""Walking orders against every permutation on small cases; sensible and the same again on larger ones."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.geo.travel import StraightLine
from reseau.plan.rounds import EXACT_PLACES, MOST_PLACES, matrix, reachable, walking_order

COORDINATES = st.tuples(st.integers(0, 40), st.integers(0, 40))


def lengths(points: list[tuple[int, int]]) -> np.ndarray:
    xy = np.array(points, dtype=float)
    return np.sqrt(((xy[:, np.newaxis] - xy) ** 2).sum(axis=2))


def walked(metres: np.ndarray, order: list[int], *, closed: bool) -> float:
    steps = [*order, order[0]] if closed else order
    return sum(metres[a, b] for a, b in pairwise(steps))


@settings(deadline=None)
@given(st.lists(COORDINATES, min_size=1, max_size=6), st.booleans(), st.data())
def test_no_other_order_is_shorter(points: list[tuple[int, int]], closed: bool, data: st.DataObject) -> None:
    """Places at the same spot included."""
    metres = lengths(points)
    start = data.draw(st.integers(0, len(points) - 1))
    others = [place for place in range(len(points)) if place != start]
    best = min(walked(metres, [start, *order], closed=closed) for order in permutations(others))
    found = walking_order(metres, start=start, closed=closed)
    assert found.exact
    assert found.order[0] == start
    assert sorted(found.order) == list(range(len(points)))
    assert found.total_m == pytest.approx(best)
    assert found.total_m == pytest.approx(walked(metres, list(found.order), closed=closed))


@settings(max_examples=15, deadline=None)
@given(st.lists(COORDINATES, min_size=13, max_size=25), st.booleans())
def test_a_long_round_visits_all_and_beats_the_order_given(
    points: list[tuple[int, int]], closed: bool
) -> None:
    metres = lengths(points)
    found = walking_order(metres, start=0, closed=closed)
    assert not found.exact
    assert found.order[0] == 0
    assert sorted(found.order) == list(range(len(points)))
    assert found.total_m <= walked(metres, list(range(len(points))), closed=closed) + 1e-9
    assert found == walking_order(metres, start=0, closed=closed)


def test_the_long_round_is_close_to_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same places by both ways: the approximation may lose a little, never a lot."""
    draw = np.random.default_rng(3)
    for closed in (False, True):
        metres = lengths([tuple(pair) for pair in draw.integers(0, 1000, (EXACT_PLACES + 1, 2))])
        exact = walking_order(metres, closed=closed)
        with monkeypatch.context() as patch:
            patch.setattr("reseau.plan.rounds.EXACT_PLACES", 3)
            other = walking_order(metres, closed=closed)
        assert exact.exact
        assert not other.exact
        assert exact.total_m <= other.total_m <= 1.25 * exact.total_m


def test_a_straight_street_is_walked_from_one_end_to_the_other() -> None:
    metres = lengths([(0, 0), (30, 0), (10, 0), (20, 0)])
    assert walking_order(metres, start=0).order == (0, 2, 3, 1)
    assert walking_order(metres, start=0).legs_m == (10.0, 10.0, 10.0)
    assert walking_order(metres, start=0, closed=True).total_m == 60.0
    assert len(walking_order(metres, start=0, closed=True).legs_m) == 4


def test_lengths_come_from_the_travel_given() -> None:
    """1.3 times the straight line between two places 100 m apart; none to itself, even twice there."""
    places = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 0.0]])
    assert matrix(StraightLine(1.3), places) == pytest.approx(
        np.array([[0, 130, 130], [130, 0, 0], [130, 0, 0]])
    )


class Island(StraightLine):
    """Nothing leads to what lies beyond x = 1000."""

    def pairs(self, origins, places, limit_m):
        found = super().pairs(origins, places, limit_m)
        apart = (origins[found.origin, 0] > 1000) != (places[found.place, 0] > 1000)
        return type(found)(found.origin[~apart], found.place[~apart], found.metres[~apart])


def test_what_cannot_be_walked_to_is_told_not_guessed() -> None:
    metres = matrix(Island(1.0), np.array([[0.0, 0.0], [2000.0, 0.0], [500.0, 0.0]]))
    assert reachable(metres, 0) == [0, 2]
    with pytest.raises(RefusedInput, match="aucun chemin"):
        walking_order(metres)


def test_too_many_places_are_refused() -> None:
    with pytest.raises(RefusedInput, match="trop pour une marche"):
        walking_order(np.zeros((MOST_PLACES + 1, MOST_PLACES + 1)))
