"""Rings around a centre."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from reseau.graph import rings
from tests.unit.graph.networks import network, number


def radius(point):
    return math.hypot(point[0] / rings.STRETCH, point[1])


def test_each_step_is_farther_out():
    """Distance on the picture says distance in the network."""
    placed = rings.place_rings(network("AB AC CD DE"), number("A"))
    assert placed[number("A")] == (0.0, 0.0)
    assert radius(placed[number("C")]) < radius(placed[number("D")]) < radius(placed[number("E")])
    assert radius(placed[number("B")]) == pytest.approx(radius(placed[number("C")]))


def test_a_structure_stands_on_the_side_of_the_one_that_leads_to_it():
    placed = rings.place_rings(network("AB AC AD CE"), number("A"))
    here, there = placed[number("C")], placed[number("E")]
    assert here[0] * there[0] + here[1] * there[1] > 0


def test_families_make_sectors():
    """Going round the first ring, each family is met once."""
    kinds = "B:sante C:habitat D:sante E:habitat F:sante G:habitat"
    graph = network("AB AC AD AE AF AG", families=kinds)
    placed = rings.place_rings(graph, number("A"))
    around = sorted((node for node in placed if node != number("A")), key=lambda n: math.atan2(*placed[n]))
    met = [graph.nodes[node]["family"] for node in around]
    changes = sum(one != two for one, two in pairwise([*met, met[0]]))
    assert changes == 2


@pytest.mark.parametrize("seed", range(20))
def test_spread_keeps_order_and_room(seed):
    """Wished angles, bunched at random, come out in the same round order and far enough apart."""
    draw = np.random.default_rng(seed)
    wished = np.sort(draw.uniform(0, 1 + seed / 4, size=12) % (2 * math.pi))
    least = 0.3
    spread = rings._spread(wished, least=least)
    gaps = np.diff(np.append(spread, spread[0])) % (2 * math.pi)
    assert gaps.min() >= least - 1e-9
    assert gaps.sum() == pytest.approx(2 * math.pi), "one turn: the order was kept"


def test_spread_leaves_what_has_room_where_it_is():
    wished = np.asarray([0.1, 1.0, 3.0, 6.0])
    assert rings._spread(wished, least=0.2) == pytest.approx(wished)


def test_spread_of_too_many_is_even():
    spread = rings._spread(np.zeros(10), least=5.0)
    assert np.diff(np.sort(spread)) == pytest.approx(np.full(9, 2 * math.pi / 10))
