"""Betweenness against networkx."""

from __future__ import annotations

import networkx as nx
import pytest

from reseau.graph.build import build_graph, ties
from reseau.graph.centrality import betweenness
from tests.unit.graph.networks import network, number, random_frames


def test_the_middle_of_a_line_is_on_every_way():
    found = betweenness(network("AB BC"))
    assert found == {number("A"): 0.0, number("B"): 1.0, number("C"): 0.0}


@pytest.mark.parametrize("seed", range(8))
def test_same_figures_as_networkx(seed):
    """Networks in one or several parts, with structures without ties."""
    graph = ties(build_graph(*random_frames(60, seed=seed, ties=[30, 70, 150, 400][seed % 4], lone=seed)))
    assert betweenness(graph) == pytest.approx(nx.betweenness_centrality(graph))


@pytest.mark.parametrize("edges", ["", "AB"])
def test_too_small_to_have_a_middle(edges):
    assert set(betweenness(network(edges, alone="C")).values()) == {0.0}
