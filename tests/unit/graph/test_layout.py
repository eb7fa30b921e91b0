"""Positions: centred, still, never on top of each other, the same whatever the order of rows."""

from __future__ import annotations

import numpy as np
import pytest

from reseau.graph.build import build_graph
from reseau.graph.layout import GAP, Layout, lay_out
from tests.unit.graph.networks import network, number, random_frames, shuffled


def least_distance(layout):
    points = np.asarray(list(layout.positions.values()))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return apart[~np.eye(len(points), dtype=bool)].min()


def with_node(graph, node, *neighbours, family="autre"):
    grown = graph.copy()
    grown.add_node(node, name="Nouvelle", family=family, is_pivot=False)
    grown.add_edges_from((node, other) for other in neighbours)
    return grown


@pytest.mark.parametrize(
    ("size", "ties", "lone"), [(3, 2, 0), (100, 200, 10), (400, 60, 300), (1000, 2500, 50)]
)
def test_everyone_has_a_place_of_their_own(size, ties, lone):
    graph = build_graph(*random_frames(size, seed=1, ties=ties, lone=lone))
    layout = lay_out(graph)
    assert list(layout.positions) == list(graph)
    assert layout.positions[0] == (0.0, 0.0), "the pivot is in the middle"
    assert least_distance(layout) >= GAP


def test_row_order_does_not_matter():
    """Exactly: a picture that trembles when the database answers in another order is not still."""
    places, made = random_frames(120, seed=2)
    one = lay_out(build_graph(places, made))
    two = lay_out(build_graph(shuffled(places, seed=3), shuffled(made, seed=4)))
    assert one == two


def test_edge_direction_does_not_matter():
    places, made = random_frames(60, seed=2)
    turned = made.assign(from_id=made["to_id"], to_id=made["from_id"])
    assert lay_out(build_graph(places, made)) == lay_out(build_graph(places, turned))


def test_what_no_edge_connects_stands_apart_on_the_right():
    layout = lay_out(network("AB AC DE", pivot="A", alone="F"))
    assert layout.apart == {number("D"), number("E"), number("F")}
    inside = max(x for node, (x, _) in layout.positions.items() if node not in layout.apart)
    assert min(layout.positions[node][0] for node in layout.apart) > inside


def test_a_contact_to_make_is_drawn_in_the_network():
    """It has a line to the pivot: standing apart, that line would cross everything."""
    assert lay_out(network("AB AC?", pivot="A")).apart == frozenset()


def test_without_pivot_the_most_tied_is_in_the_middle():
    assert lay_out(network("AB BC BD EF")).positions[number("B")] == (0.0, 0.0)


def test_another_centre_may_be_asked_for():
    graph = network("AB BC", pivot="A")
    assert lay_out(graph, pivot=number("C")).positions[number("C")] == (0.0, 0.0)
    with pytest.raises(ValueError, match="99"):
        lay_out(graph, pivot=99)


def test_known_positions_are_kept_and_the_new_one_is_near_its_neighbours():
    """Adding a partner must not redraw the picture a committee has learnt to read."""
    graph = build_graph(*random_frames(100, seed=5))
    known = lay_out(graph)
    far = max(set(graph) - known.apart, key=lambda node: abs(known.positions[node][0]))
    grown = lay_out(with_node(graph, 999, far), known=known)
    assert {node: grown.positions[node] for node in graph} == dict(known.positions)
    assert least_distance(grown) >= GAP
    assert np.hypot(*np.subtract(grown.positions[999], known.positions[far])) < 4 * GAP


def test_a_new_partner_of_the_pivot_joins_its_family():
    graph = network("AB AC AD", pivot="A", families="B:sante C:habitat D:violences")
    known = lay_out(graph)
    grown = lay_out(with_node(graph, 99, number("A"), family="habitat"), known=known)
    new = np.asarray(grown.positions[99])
    distances = {letter: np.hypot(*(new - known.positions[number(letter)])) for letter in "BCD"}
    assert min(distances, key=distances.get) == "C"


def test_a_new_lone_structure_joins_the_block():
    graph = network("AB", pivot="A", alone="C")
    grown = lay_out(with_node(graph, 99), known=lay_out(graph))
    assert grown.apart == {number("C"), 99}
    assert least_distance(grown) >= GAP
    assert grown.positions[99][0] > grown.positions[number("B")][0]


def test_a_structure_that_joins_leaves_the_block_and_nobody_else_moves():
    graph = network("AB AC", pivot="A", alone="DE")
    known = lay_out(graph)
    graph.add_edge(number("B"), number("D"))
    joined = lay_out(graph, known=known)
    assert joined.apart == {number("E")}
    assert joined.positions[number("D")] != known.positions[number("D")]
    for letter in "ABCE":
        assert joined.positions[number(letter)] == known.positions[number(letter)]


def test_removed_structures_leave_and_nobody_moves():
    graph = network("AB AC CD", pivot="A")
    known = lay_out(graph)
    graph.remove_node(number("D"))
    left = lay_out(graph, known=known)
    assert left.positions == {node: known.positions[node] for node in graph}


def test_a_network_that_has_outgrown_its_picture_is_laid_out_again():
    """After the first import of relations, squeezing them around three old positions helps nobody."""
    known = lay_out(network("AB AC", pivot="A", alone="DEFGHIJ"))
    graph = network("AB AC AD AE AF AG AH AI AJ", pivot="A")
    assert lay_out(graph, known=known) == lay_out(graph)


def test_another_pivot_makes_another_picture():
    """Positions around another centre would be a lie about who is in the middle."""
    before = lay_out(network("AB BC", pivot="A"))
    graph = network("AB BC", pivot="C")
    assert lay_out(graph, known=before) == lay_out(graph)


def test_without_pivot_the_centre_does_not_change_with_one_relation():
    before = lay_out(network("AB AC", alone="D"))
    after = lay_out(network("AB AC BC BD"), known=before)
    assert {node: after.positions[node] for node in (1, 2, 3)} == {
        node: before.positions[node] for node in (1, 2, 3)
    }


def test_empty_network_has_no_positions():
    assert lay_out(network("")) == Layout()
