"""The network file, read back by a graph library and by a strict XML parser."""

from xml.etree import ElementTree

import networkx as nx
import pytest

from reseau.exports import all_exports, public_view
from tests.unit.exports.bundles import MARKUP, bundle


def _read(full, tmp_path):
    path = tmp_path / "reseau.gexf"
    rows = all_exports()["gexf"].write(full, path)
    ElementTree.parse(path)  # noqa: S314 -- our own file
    return nx.read_gexf(path), rows


@pytest.fixture
def graph(tmp_path):
    return _read(bundle(), tmp_path)[0]


def test_nodes(graph):
    assert set(graph) == {"7", "9", "11"}
    assert graph.nodes["9"]["label"] == MARKUP
    assert graph.nodes["7"]["famille"] == "Action sociale"
    assert graph.nodes["7"]["longitude"] == -1.25
    assert "longitude" not in graph.nodes["9"]  # unknown is left out, not zero


def test_edges_and_their_direction(graph):
    """«Depuis» turns the tie round: the arrow goes the way people go."""
    edges = {(source, target): data for source, target, data in graph.edges(data=True)}
    assert set(edges) == {("9", "7"), ("7", "11")}
    convention = edges["9", "7"]
    assert (convention["intensite"], convention["weight"], convention["statut"]) == (5, 5.0, "active")
    assert edges["7", "11"]["sens"] == "dans les deux sens"


def test_several_ties_between_two_structures_are_all_kept(tmp_path):
    full = bundle()
    full.relations.loc[2, ["from_id", "to_id", "direction"]] = [9, 7, "aller"]
    graph, rows = _read(full, tmp_path)
    assert graph.number_of_edges("9", "7") == 2
    assert rows == 3 + 2


def test_control_characters_do_not_break_the_file(tmp_path):
    full = bundle()
    full.structures.at[7, "name"] = "a\x00b\x0bc\ufffe\ud800d"
    graph, _ = _read(full, tmp_path)
    assert graph.nodes["7"]["label"] == "abcd"


def test_public_network_has_neither_status_nor_intensity(tmp_path):
    graph, _ = _read(public_view(bundle()), tmp_path)
    ((source, target, data),) = graph.edges(data=True)
    assert (source, target) == ("9", "7")
    assert not {"intensite", "statut"} & set(data)
