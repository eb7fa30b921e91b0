"""The same optimum as spopt (PySAL), which states the same two problems with another solver."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from reseau.plan.siting import Outcome, maximal_cover, set_cover

with warnings.catch_warnings():
    # Its dependencies warn when they are imported; that is not what is tried here.
    warnings.simplefilter("ignore")
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")

RADIUS = 0.22


def drawn(seed: int, people: int, places: int) -> tuple[np.ndarray, np.ndarray]:
    """Straight-line distances and inhabitants of a made-up town."""
    draw = np.random.default_rng(seed)
    homes, sites = draw.uniform(0, 1, (people, 2)), draw.uniform(0, 1, (places, 2))
    metres = np.sqrt(((homes[:, np.newaxis] - sites) ** 2).sum(axis=2))
    return metres, draw.integers(0, 50, people).astype(float)


def solved(make):
    """spopt speaks to its solver in a way that one warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pulp.value(make().solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective)


@pytest.mark.parametrize(("seed", "k"), [(1, 1), (2, 4), (3, 7)])
def test_most_people_reached(seed: int, k: int) -> None:
    metres, weights = drawn(seed, 120, 25)
    theirs = solved(
        lambda: locate.MCLP.from_cost_matrix(metres, weights, service_radius=RADIUS, p_facilities=k)
    )
    ours = maximal_cover(metres <= RADIUS, weights, k)
    assert ours.outcome is Outcome.OPTIMAL
    assert ours.value == pytest.approx(theirs)


@pytest.mark.parametrize("seed", [4, 5])
def test_fewest_places_for_everyone(seed: int) -> None:
    metres, _ = drawn(seed, 60, 30)
    radius = metres.min(axis=1).max() * 1.05
    theirs = solved(lambda: locate.LSCP.from_cost_matrix(metres, service_radius=radius))
    ours = set_cover(metres <= radius, np.ones(60), 1.0)
    assert ours.outcome is Outcome.OPTIMAL
    assert len(ours.places) == theirs
