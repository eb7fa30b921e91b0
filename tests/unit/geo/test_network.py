"""The network made of a map: lengths, pieces, what is kept and what is dropped."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from reseau.geo.network import GRAIN_M, MAX_EDGE_M, PIECE_M, WalkNetwork, build_network
from tests.unit.geo.streets import EPSG, at, built, degrees, town


def as_graph(network: WalkNetwork) -> nx.Graph:
    graph = nx.Graph()
    for (u, v), metres in zip(network.edges.tolist(), network.lengths.tolist(), strict=True):
        graph.add_edge(u, v, weight=min(metres, graph.get_edge_data(u, v, {"weight": np.inf})["weight"]))
    return graph


def test_long_streets_are_cut_so_that_nobody_joins_far_away() -> None:
    network, building = built([(0, 0), (120, 0)], [(0, 1)])
    assert network.lengths.tolist() == [40, 40, 40]
    assert sorted((network.xy - at((0, 0)))[:, 0].round(6)) == [0, 40, 80, 120]
    assert building.kept_m == 120


def test_pieces_of_a_street_add_up_to_its_length() -> None:
    """Rounding each piece up would lengthen a street by as much as it has pieces."""
    network, building = built([(0, 0), (130, 0)], [(0, 1)])
    assert network.lengths.sum() == building.kept_m == 130
    assert network.lengths.max() <= PIECE_M


def test_a_length_is_never_below_the_straight_line() -> None:
    network, _ = built([(0, 0), (10 / 3, 7.1), (33.3, 12.7)], [(0, 1), (1, 2)])
    straight = np.hypot(*(network.xy[network.edges[:, 0]] - network.xy[network.edges[:, 1]]).T)
    assert (network.lengths >= straight - 1e-6).all()
    assert (network.lengths <= straight + GRAIN_M).all()
    assert (network.lengths / GRAIN_M % 1 == 0).all()


@pytest.mark.parametrize(
    ("epsg", "lon", "lat"),
    [(2154, 2.35, 48.85), (5490, -61.0, 14.6), (2972, -52.3, 4.9), (2975, 55.5, -21.1), (4471, 45.2, -12.8)],
)
def test_lengths_are_those_of_the_ground_everywhere(epsg: int, lon: float, lat: float) -> None:
    """A projection changes lengths a little: less than 0.2 %, far below the width of a threshold."""
    lonlat = np.array([[lon, lat], [lon + 0.004, lat + 0.003]])
    network, _ = build_network(lonlat, np.array([[0, 1]]), epsg=epsg)
    ground = Geod(ellps="GRS80").inv(*lonlat[0], *lonlat[1])[2]
    assert network.lengths.sum() == pytest.approx(ground, rel=2e-3)


def test_paths_that_lead_nowhere_are_dropped_and_counted() -> None:
    network, building = built([(0, 0), (300, 0), (300, 300), (900, 0), (950, 0)], [(0, 1), (1, 2), (3, 4)])
    assert (building.kept_m, building.dropped_m, building.pieces) == (600, 50, 1)
    assert network.xy[:, 0].max() < at((400, 0))[0, 0]


def test_two_towns_far_from_each_other_are_both_kept() -> None:
    """A territory may have quartiers in two towns: the smaller one is not a path that leads nowhere."""
    network, building = built([(0, 0), (900, 0), (20_000, 0), (20_400, 0)], [(0, 1), (2, 3)])
    assert (building.pieces, building.dropped_m) == (2, 0)
    assert len(np.unique(network.part)) == 2


def test_repeated_streets_and_loops_count_once_or_not_at_all() -> None:
    _, building = built([(0, 0), (100, 0)], [(0, 1), (1, 0), (0, 1), (0, 0), (1, 1)])
    assert building.kept_m == 100


def test_two_nodes_at_the_same_place_are_joined_by_a_length_above_zero() -> None:
    """A length of zero would be no edge at all for the search of paths."""
    network, _ = built([(0, 0), (100, 0), (100, 0), (200, 0)], [(0, 1), (1, 2), (2, 3)])
    assert network.lengths.min() == GRAIN_M
    assert network.chains.graph.max() == pytest.approx(200, abs=0.01)


def test_what_is_too_long_or_nowhere_is_left_out_and_counted() -> None:
    """Damaged maps: a street to the other end of the world, a node without a position, a jump of 5 km."""
    lonlat = degrees(at((0, 0), (100, 0), (MAX_EDGE_M + 200, 0)))
    lonlat = np.concatenate([lonlat, [[np.nan, np.nan], [179.99, -20.0], [2.0, np.inf]]])
    edges = np.array([[0, 1], [1, 2], [0, 3], [0, 4], [0, 5]])
    network, building = build_network(lonlat, edges, epsg=EPSG)
    assert building.kept_m == 100
    assert building.too_long + building.nowhere == 4
    assert np.isfinite(network.xy).all()


def test_in_the_pacific_a_street_may_cross_the_antimeridian() -> None:
    lonlat = np.array([[179.9999, -13.3], [-179.9999, -13.3]])
    network, building = build_network(lonlat, np.array([[0, 1]]), epsg=8903)
    assert building.too_long == building.nowhere == 0
    assert network.lengths.sum() == pytest.approx(21.7, abs=0.2)


def test_nothing_makes_an_empty_network() -> None:
    network, building = build_network(np.empty((0, 2)), np.empty((0, 2), dtype=int), epsg=EPSG)
    assert (len(network.xy), len(network.edges), building.kept_m) == (0, 0, 0)
    assert network.chains.graph.shape == (0, 0)


def test_the_key_changes_with_the_streets_and_only_then() -> None:
    one, same, other = (built([(0, 0), (x, 0), (x, 80)], [(0, 1), (1, 2)])[0].key for x in (100, 100, 101))
    assert one == same != other


def test_a_ring_without_a_crossing_is_a_network_too() -> None:
    network, _ = built([(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    chains = network.chains
    assert chains.graph.shape[0] == 1
    held = chains.chain >= 0
    assert (chains.metres[held].sum(axis=1) == 400).all()


@given(st.integers(0, 10_000))
def test_folded_lengths_are_those_of_all_the_pieces(seed: int) -> None:
    """networkx on every piece of street says the same as the folded network, to the millimetre."""
    nodes, edges = town(seed, size=4)
    network, _ = build_network(degrees(at(*map(tuple, nodes))), edges, epsg=EPSG)
    chains, graph = network.chains, as_graph(network)
    junctions = np.flatnonzero(chains.chain < 0)
    whole = dict(nx.all_pairs_dijkstra_path_length(graph))
    folded = dict(nx.all_pairs_dijkstra_path_length(nx.from_scipy_sparse_array(chains.graph)))
    for i, u in enumerate(junctions.tolist()):
        for j, v in enumerate(junctions.tolist()):
            assert folded[i].get(j) == whole[u].get(v)
    for node in np.flatnonzero(chains.chain >= 0).tolist():
        for end, metres in zip(junctions[chains.junction[node]], chains.metres[node], strict=True):
            assert whole[node][int(end)] <= metres
