"""From frames to a graph."""

from __future__ import annotations

import pytest

from reseau.graph.build import build_graph, pivot_of, ties
from tests.frames import relations, structures
from tests.unit.graph.networks import network, number, random_frames, shuffled


def test_several_relations_of_a_pair_make_one_edge():
    """The picture shows one line between two structures; nothing of what it stands for is lost."""
    made = relations(
        {"id": 7, "from_id": 1, "to_id": 2, "intensity": 2, "status": "en_sommeil"},
        {"id": 3, "from_id": 2, "to_id": 1, "intensity": 4, "status": "actif"},
        {"id": 5, "from_id": 1, "to_id": 2, "intensity": 3, "status": "actif"},
    )
    graph = build_graph(structures({}, {}), made)
    assert graph.edges[1, 2] == {
        "status": "actif",
        "statuses": ("actif", "en_sommeil"),
        "intensity": 4,
        "relation_ids": (3, 5, 7),
        "dormant": False,
        "tie": True,
    }


def test_a_planned_convention_does_not_thicken_todays_tie():
    """A line must not claim what is only hoped for."""
    made = relations(
        {"from_id": 1, "to_id": 2, "intensity": 1, "status": "actif"},
        {"from_id": 1, "to_id": 2, "intensity": 5, "status": "a_contacter"},
    )
    assert build_graph(structures({}, {}), made).edges[1, 2]["intensity"] == 1


@pytest.mark.parametrize(
    ("status", "dormant", "tie"),
    [
        ("actif", False, True),
        ("en_sommeil", True, True),
        ("contact_pris", False, False),
        ("a_contacter", False, False),
    ],
)
def test_what_each_status_makes_of_an_edge(status, dormant, tie):
    graph = build_graph(structures({}, {}), relations({"from_id": 1, "to_id": 2, "status": status}))
    assert (graph.edges[1, 2]["dormant"], graph.edges[1, 2]["tie"]) == (dormant, tie)


def test_ended_relations_are_left_out_unless_asked():
    both, over = structures({}, {}), relations({"from_id": 1, "to_id": 2, "status": "termine"})
    assert build_graph(both, over).number_of_edges() == 0
    asked = build_graph(both, over, statuses={"termine"})
    assert asked.edges[1, 2]["status"] == "termine"
    assert not asked.edges[1, 2]["tie"], "an ended relation connects nobody"


def test_structures_without_ties_are_there_and_impossible_ties_are_not():
    """A structure hidden by a filter or deleted must not come back as a nameless point."""
    made = relations({"from_id": 1, "to_id": 1}, {"from_id": 1, "to_id": 99})
    graph = build_graph(structures({}, {}), made)
    assert list(graph) == [1, 2]
    assert graph.number_of_edges() == 0


def test_row_order_does_not_matter():
    """Same data, same picture: everything downstream iterates over the graph in its own order."""
    places, made = random_frames(40, seed=1)
    graph = build_graph(places, made)
    again = build_graph(shuffled(places, seed=2), shuffled(made, seed=3))
    assert list(graph.nodes(data=True)) == list(again.nodes(data=True))
    assert list(graph.edges(data=True)) == list(again.edges(data=True))


def test_input_is_not_changed():
    places, made = random_frames(10, seed=1)
    places, made = shuffled(places, seed=1), shuffled(made, seed=1)
    before = places.drop(columns="geometry").copy(), made.copy()
    build_graph(places, made)
    assert before[0].equals(places.drop(columns="geometry"))
    assert before[1].equals(made)


def test_hostile_names_are_just_text():
    """Templates, markup and formulas go through untouched: it is for each view to show them as text."""
    name = "{{7*7}} <img src=x onerror=alert(1)> =1+1"
    assert build_graph(structures({"name": name}), relations()).nodes[1]["name"] == name


def test_missing_columns_are_all_named():
    with pytest.raises(ValueError, match="from_id, intensity"):
        build_graph(structures({}), relations().drop(columns=["from_id", "intensity"]))


def test_empty_frames_make_an_empty_graph():
    graph = build_graph(structures(), relations())
    assert len(graph) == 0
    assert pivot_of(graph) is None


def test_ties_keep_nodes_and_drop_wishes():
    graph = network("AB BC? CD~", pivot="B")
    real = ties(graph)
    assert list(real) == list(graph)
    assert list(real.edges) == [(number("A"), number("B")), (number("C"), number("D"))]
    assert pivot_of(real) == number("B")
