"""Choices of places against every possible choice on small cases, and what is said of the others."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from reseau.errors import RefusedInput
from reseau.plan.siting import Outcome, maximal_cover, set_cover


def reached(cover: np.ndarray, weights: np.ndarray, places: tuple[int, ...]) -> float:
    return float(weights @ cover[:, list(places)].any(axis=1))


def best_by_hand(cover: np.ndarray, weights: np.ndarray, k: int) -> float:
    n = cover.shape[1]
    return max(reached(cover, weights, choice) for choice in combinations(range(n), min(k, n)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Few rows and columns, empty and equal ones included, and integer weights so that ties are exact."""
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    cells = draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns))
    weights = draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows))
    return np.array(cells).reshape(rows, columns), np.array(weights, dtype=float)


@settings(deadline=None)
@given(cases(), st.integers(1, 7))
def test_no_other_choice_reaches_more(case: tuple[np.ndarray, np.ndarray], k: int) -> None:
    cover, weights = case
    answer = maximal_cover(cover, weights, k)
    assert answer.outcome is Outcome.OPTIMAL
    assert len(answer.places) <= k
    assert answer.value == pytest.approx(best_by_hand(cover, weights, k))
    assert answer.value == pytest.approx(reached(cover, weights, answer.places)) == sum(answer.gains)
    assert list(answer.gains) == sorted(answer.gains, reverse=True)
    assert all(gain > 0 for gain in answer.gains), "a place that adds nothing is not proposed"
    assert answer.alone == tuple(reached(cover, weights, (place,)) for place in answer.places)


@settings(deadline=None)
@given(cases(), st.integers(1, 20))
def test_no_fewer_places_reach_enough(case: tuple[np.ndarray, np.ndarray], twentieths: int) -> None:
    cover, weights = case
    wanted = twentieths / 20 * weights.sum()
    n = cover.shape[1]
    found = {
        count: max(reached(cover, weights, choice) for choice in combinations(range(n), count))
        for count in range(n + 1)
    }
    enough = [count for count, value in found.items() if value >= wanted - 1e-6]
    answer = set_cover(cover, weights, twentieths / 20)
    if not enough:
        assert answer.outcome is Outcome.INFEASIBLE
        assert answer.places == ()
        assert answer.value == pytest.approx(found[n])
        return
    assert answer.outcome is Outcome.OPTIMAL
    assert len(answer.places) == enough[0] == answer.bound
    assert answer.value == pytest.approx(found[enough[0]]), "of as many places, those that reach most"


@settings(deadline=None)
@given(cases(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(case: tuple[np.ndarray, np.ndarray], k: int, random) -> None:
    cover, weights = case
    order = list(range(len(weights)))
    random.shuffle(order)
    first, second = maximal_cover(cover, weights, k), maximal_cover(cover[order], weights[order], k)
    assert first.places == second.places


def test_of_equal_places_the_first_is_chosen_whatever_their_number() -> None:
    """Five places reach the same people, two others half of them each: no flicker between them."""
    cover = np.zeros((4, 7), dtype=bool)
    cover[:, 2:] = True
    cover[:2, 0] = cover[2:, 1] = True
    assert maximal_cover(cover, np.ones(4), 1).places == (2,)
    assert set_cover(cover, np.ones(4), 1.0).places == (2,)
    # With two, the halves are as good as a whole and come first.
    assert set(maximal_cover(cover, np.ones(4), 2).places) <= {0, 1, 2}


def test_equal_rows_weigh_as_one_and_a_thousand_of_them_change_nothing() -> None:
    cover = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    weights = np.array([3.0, 2.0, 2.0])
    many = maximal_cover(np.repeat(cover, 1000, axis=0), np.repeat(weights / 1000, 1000), 1)
    assert many.places == maximal_cover(cover, weights, 1).places == (2,)
    assert many.value == pytest.approx(4)


def test_more_places_than_useful_stops_where_nobody_more_is_reached() -> None:
    cover = np.array([[1, 1, 0, 0], [0, 0, 0, 1]], dtype=bool)
    answer = maximal_cover(cover, np.array([5.0, 1.0]), 10)
    assert answer.places == (0, 3)
    assert answer.gains == (5.0, 1.0)


def test_each_group_must_have_its_share() -> None:
    """A type must not be sacrificed to another one that is easier: 50 % of both, not of their sum."""
    cover = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=bool)
    weights, group = np.ones(4), np.array([0, 0, 0, 1])
    assert set_cover(cover, weights, 0.5).places == (0,)
    assert set(set_cover(cover, weights, 0.5, group=group).places) == {0, 1}


def test_who_is_reached_already_counts_in_the_share() -> None:
    """90 of 100 reached already: 80 % needs nothing, 95 % needs the place of the five others."""
    cover = np.array([[1, 0], [0, 1]], dtype=bool)
    weights, already = np.array([5.0, 5.0]), np.array([90.0])
    assert set_cover(cover, weights, 0.8, reached=already).places == ()
    assert len(set_cover(cover, weights, 0.95, reached=already).places) == 1
    assert len(set_cover(cover, weights, 1.0, reached=already).places) == 2


def test_no_row_or_no_candidate_is_an_answer_not_an_accident() -> None:
    assert maximal_cover(np.zeros((0, 3)), np.zeros(0), 2).places == ()
    assert maximal_cover(sparse.csr_array((3, 0)), np.ones(3), 2).places == ()
    assert set_cover(sparse.csr_array((3, 0)), np.ones(3), 0.5).outcome is Outcome.INFEASIBLE
    assert set_cover(np.zeros((0, 3)), np.zeros(0), 0.5).outcome is Outcome.OPTIMAL


def hard_case() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(7)
    people, places = draw.uniform(0, 1, (1500, 2)), draw.uniform(0, 1, (300, 2))
    cover = ((people[:, np.newaxis] - places) ** 2).sum(axis=2) < 0.09**2
    return cover, draw.integers(1, 100, 1500).astype(float)


def test_out_of_time_there_is_still_an_answer_and_its_doubt() -> None:
    """A limit no solver can keep: the answer of the greedy choice at least, within the gap that is told."""
    cover, weights = hard_case()
    answer = maximal_cover(cover, weights, 25, time_limit=1e-3)
    assert answer.outcome is Outcome.TIME_LIMIT
    assert 0 < len(answer.places) <= 25
    assert answer.value <= answer.bound
    assert answer.gap == pytest.approx((answer.bound - answer.value) / answer.bound)
    fewest = set_cover(cover, weights, 0.7, time_limit=1e-3)
    assert fewest.outcome is Outcome.TIME_LIMIT
    assert reached(cover, weights, fewest.places) >= 0.7 * weights.sum() - 1e-6
    assert 1 <= fewest.bound < len(fewest.places)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: maximal_cover(np.ones((1, 1)), np.ones(1), 0), "au moins 1"),
        (lambda: maximal_cover(np.ones((1, 1)), np.ones(1), 1, time_limit=0.0), "Délai"),
        (lambda: maximal_cover(np.ones((1, 1)), np.array([np.nan]), 1), "inconnu"),
        (lambda: maximal_cover(np.ones((1, 1)), np.array([-1.0]), 1), "négatif"),
        (lambda: set_cover(np.ones((1, 1)), np.ones(1), 0.0), "Part"),
        (lambda: set_cover(np.ones((1, 1)), np.ones(1), 1.2), "Part"),
        (lambda: set_cover(np.ones((1, 1)), np.ones(1), float("nan")), "Part"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, words: str) -> None:
    with pytest.raises(RefusedInput, match=words):
        call()
