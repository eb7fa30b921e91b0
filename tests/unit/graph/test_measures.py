"""Figures and sentences per structure, against naive computations on small networks."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from reseau.errors import NotFound
from reseau.graph.build import build_graph
from reseau.graph.measures import NetworkMeasures
from tests.unit.graph.networks import network, number, random_frames, shuffled


def measured(*args, **kwargs):
    return NetworkMeasures(network(*args, **kwargs))


def test_degree_counts_real_ties_only():
    """«En lien avec 2 structures» must not count the one we only mean to call."""
    row = measured("AB AC~ AD?", pivot="A").table.loc[number("A")]
    assert (row["degree"], row["n_dormant"], row["n_planned"]) == (2, 1, 1)


def test_distance_and_connection():
    table = measured("AB BC CD?", pivot="A", alone="E").table
    assert table["distance"].tolist() == [0, 1, 2, pd.NA, pd.NA]
    assert table["connected"].tolist() == [True, True, True, False, False]


def test_without_pivot_distance_is_unknown_not_zero():
    table = measured("AB").table
    assert table["distance"].isna().all()
    assert table["connected"].isna().all()


def test_neighbours_by_family_follow_the_typology():
    found = measured("AB AC AD AE?", families="B:sante C:acces-droits D:sante E:habitat")
    assert found.neighbours_by_family(number("A")) == {
        "acces-droits": (number("C"),),
        "sante": (number("B"), number("D")),
    }


@pytest.mark.parametrize("seed", range(10))
def test_cut_off_agrees_with_taking_each_structure_away(seed):
    """The oracle removes a structure and looks who is still reached: what the sentence promises."""
    measures = NetworkMeasures(build_graph(*random_frames(40, seed=seed, ties=55)))
    for gone in measures.graph:
        if gone == measures.pivot:
            continue
        rest = measures.ties.copy()
        rest.remove_node(gone)
        still = nx.node_connected_component(rest, measures.pivot)
        lost = set(measures.distances) - still - {gone}
        assert set(measures.cut_off.get(gone, ())) == lost
    assert measures.cut_off, "a network where nobody hangs on anybody would test nothing"


@pytest.mark.parametrize("seed", range(4))
def test_articulation_and_components_agree_with_networkx(seed):
    measures = NetworkMeasures(build_graph(*random_frames(40, seed=seed, ties=45)))
    table = measures.table
    assert set(table.index[table["articulation"]]) == set(nx.articulation_points(measures.ties))
    sizes = table["component"].value_counts().sort_index().tolist()
    assert sizes == sorted(map(len, nx.connected_components(measures.ties)), reverse=True)


def test_row_order_does_not_matter():
    places, made = random_frames(40, seed=1)
    one = NetworkMeasures(build_graph(places, made)).table
    two = NetworkMeasures(build_graph(shuffled(places, seed=1), shuffled(made, seed=2))).table
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_unconnected_parts_are_named_largest_first():
    parts = measured("AB CD DE FA?", pivot="A", alone="G").unconnected()
    assert [part.names for part in parts] == [("C", "D", "E"), ("F",), ("G",)]
    assert [part.size for part in parts] == [3, 1, 1]
    assert [part.n_planned for part in parts] == [0, 1, 0]


def test_nothing_is_unconnected_without_a_pivot():
    assert measured("AB CD").unconnected() == []


def test_sentence_of_a_bridge():
    measures = measured("AB BC BD BE", pivot="A")
    assert measures.describe(number("B")) == (
        "« B » est en lien avec 4 structures ; sans elle, 3 structures ne seraient plus reliées "
        "à votre réseau : C, D et E. Votre structure est en lien direct avec elle."
    )


def test_sentence_of_a_bridge_to_one():
    assert "sans elle, 1 structure ne serait plus reliée à votre réseau : C." in measured(
        "AB BC", pivot="A"
    ).describe(number("B"))


def test_sentence_of_a_bridge_without_pivot():
    assert measured("AB BC").describe(number("B")) == (
        "« B » est en lien avec 2 structures ; sans elle, cette partie du réseau se couperait en 2. "
        "Aucune structure pivot n'est choisie."
    )


def test_sentence_of_the_pivot():
    assert measured("AB BC", pivot="A").describe(number("A")) == (
        "« A » est en lien avec 1 structure. "
        "C'est votre structure ; 1 autre s'y rattache par des intermédiaires."
    )


def test_sentence_of_an_unconnected_structure():
    assert measured("AB CD", pivot="A").describe(number("C")) == (
        "« C » est en lien avec 1 structure. Aucun lien, même indirect, ne la relie à votre structure."
    )


def test_sentence_of_a_structure_without_ties():
    measures = measured("AB CA?", pivot="A", alone="D")
    assert measures.describe(number("D")) == (
        "« D » n'a pour l'instant de relation établie avec aucune structure."
    )
    assert measures.describe(number("C")).endswith("aucune structure ; 1 contact est à prendre ou en cours.")


def test_sentence_of_what_is_not_connected():
    assert measured("AB CD", pivot="A", alone="E").describe_unconnected() == (
        "3 structures ne sont pas reliées à la vôtre : un groupe de 2 (C et D) ; "
        "1 structure sans aucun lien établi (E)."
    )


def test_unknown_structures_are_refused():
    with pytest.raises(NotFound, match="choisissez-en une autre"):
        measured("AB").describe(99)
    with pytest.raises(NotFound, match="pivot"):
        NetworkMeasures(network("AB"), pivot=99)


def test_empty_network():
    measures = measured("")
    assert measures.table.empty
    assert measures.unconnected() == []
