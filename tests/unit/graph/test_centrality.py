"""Betweenness against networkx."""

from __future__ import annotations

import networkx as nx
import pytest

from reseau.graph import centrality
from reseau.graph.build import build_graph, ties
from tests.unit.graph.networks import network, number, random_frames


def test_the_middle_of_a_line_is_on_every_way():
    found = centrality.betweenness(network("AB BC"))
    assert found == {number("A"): 0.0, number("B"): 1.0, number("C"): 0.0}


@pytest.mark.parametrize("seed", range(8))
def test_same_figures_as_networkx(seed):
    """Networks in one or several parts, with structures without ties."""
    graph = ties(build_graph(*random_frames(60, seed=seed, ties=[30, 70, 150, 400][seed % 4], lone=seed)))
    assert centrality.betweenness(graph) == pytest.approx(nx.betweenness_centrality(graph))


def test_sources_may_be_taken_in_batches(monkeypatch):
    """Large networks are cut up to bound memory: the cut must not show."""
    graph = build_graph(*random_frames(40, seed=3))
    whole = centrality.betweenness(graph)
    monkeypatch.setattr(centrality, "_BATCH", 7)
    assert centrality.betweenness(graph) == pytest.approx(whole)


@pytest.mark.parametrize("edges", ["", "AB"])
def test_too_small_to_have_a_middle(edges):
    assert set(centrality.betweenness(network(edges, alone="C")).values()) == {0.0}
