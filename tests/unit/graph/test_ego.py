"""What lies around one structure."""

from __future__ import annotations

import pytest

from reseau.errors import NotFound
from reseau.graph.ego import ego_graph
from tests.unit.graph.networks import network, number


def names(graph):
    return "".join(graph.nodes[node]["name"] for node in graph)


def test_one_and_two_steps():
    """A–B–C–D in a line, E beside A."""
    graph = network("AB BC CD AE")
    assert names(ego_graph(graph, number("A"))) == "ABE"
    assert names(ego_graph(graph, number("A"), steps=2)) == "ABCE"


def test_ties_between_partners_are_kept_with_what_they_say():
    """Who knows whom among my partners is half of what the view is for."""
    graph = network("AB AC BC~ CD")
    ego = ego_graph(graph, number("A"))
    assert ego.edges[number("B"), number("C")] == graph.edges[number("B"), number("C")]
    assert ego.number_of_edges() == 3


def test_contacts_to_make_are_shown():
    assert names(ego_graph(network("AB?", alone="C"), number("A"))) == "AB"


def test_alone_is_a_picture_of_one():
    assert names(ego_graph(network("AB", alone="C"), number("C"))) == "C"


def test_unknown_structure_is_refused_in_french():
    with pytest.raises(NotFound, match="choisissez-en une autre"):
        ego_graph(network("AB"), 99)


@pytest.mark.parametrize("steps", [0, 3])
def test_steps_are_one_or_two(steps):
    with pytest.raises(ValueError, match="1 to 2"):
        ego_graph(network("AB"), number("A"), steps=steps)
