"""Lengths walked on a network: by hand on small plans, against networkx on random ones."""

from __future__ import annotations

from datetime import date

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.geo.network import build_network
from reseau.geo.network_travel import JOIN_M, NetworkTravel
from reseau.geo.travel import Floats, StraightLine
from tests.unit.geo import streets
from tests.unit.geo.streets import at, degrees, grid, town
from tests.unit.geo.test_network import as_graph

SQUARE = ([(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)])
# A river 60 m wide along x = 230, one bridge 1 km to the north.
BANKS = (
    [(200, 0), (200, 1000), (260, 1000), (260, 0)],
    [(0, 1), (1, 2), (2, 3)],
)


def table(travel: NetworkTravel, origins: Floats, places: Floats, limit: float = 1e9) -> Floats:
    """Lengths of `pairs` as a table, infinite where there is no couple."""
    found = travel.pairs(origins, places, np.full(len(places), limit))
    lengths = np.full((len(origins), len(places)), np.inf)
    lengths[found.origin, found.place] = found.metres
    return lengths


def random_case(seed: int) -> tuple[NetworkTravel, Floats, Floats]:
    draw = np.random.default_rng(seed)
    nodes, edges = town(seed)
    network, _ = build_network(degrees(at(*map(tuple, nodes))), edges, epsg=streets.EPSG)
    travel = NetworkTravel(network=network, estimate=StraightLine(1.3))
    origins, places = draw.uniform(-150, 650, (25, 2)), draw.uniform(-150, 650, (12, 2))
    places[3], places[7] = places[0], (5_000.0, 5_000.0)
    return travel, at(*map(tuple, origins)), at(*map(tuple, places))


def test_walking_around_a_block_and_joining_the_street() -> None:
    """From 10 m beside a corner to 20 m beside the opposite one: 10 + 200 + 20."""
    travel = streets.travel(*SQUARE)
    found = travel.nearest(at((-10, 0)), at((120, 100)))
    assert (found.metres.tolist(), found.place.tolist()) == ([230], [0])


def test_a_place_in_the_middle_of_a_street_is_reached_from_both_sides() -> None:
    travel = streets.travel(*SQUARE)
    found = table(travel, at((0, 0), (100, 0), (100, 100), (0, 100)), at((50, 0)))
    assert found[:, 0].tolist() == [50, 50, 150, 150]


def test_two_points_of_one_street_do_not_go_to_its_end() -> None:
    travel = streets.travel([(0, 0), (400, 0)], [(0, 1)])
    assert table(travel, at((100, 0)), at((150, 0), (100, 0)))[0].tolist() == [50, 0]


def test_where_the_straight_line_lies() -> None:
    """Sixty metres across the water, two kilometres by the bridge."""
    travel = streets.travel(*BANKS)
    here, there = at((200, 0)), at((260, 0))
    assert travel.nearest(here, there).metres.tolist() == [2060]
    assert StraightLine(1.3).nearest(here, there).metres == pytest.approx([78])


def test_a_new_bridge_shortens_the_way() -> None:
    nodes, edges = BANKS
    travel = streets.travel(nodes, [*edges, (0, 3)])
    assert travel.nearest(at((200, 0)), at((260, 0))).metres.tolist() == [60]


def test_of_two_places_as_far_the_first_is_kept() -> None:
    travel = streets.travel([(0, 0), (300, 0)], [(0, 1)])
    middle, left, right = at((150, 0)), at((50, 0)), at((250, 0))
    for places in (np.concatenate([left, right]), np.concatenate([right, left])):
        found = travel.nearest(middle, places)
        assert (found.metres.tolist(), found.place.tolist()) == ([100], [0])


def test_a_point_far_from_any_street_is_estimated_in_a_straight_line() -> None:
    travel = streets.travel(*SQUARE)
    far, near = at((1000, 0)), at((-JOIN_M, 0))
    assert travel.off_network(np.concatenate([far, near])) == 1
    assert travel.nearest(far, at((0, 0), (100, 0))).metres == pytest.approx([900 * 1.3])
    assert travel.nearest(at((0, 0)), far).metres == pytest.approx([1300])
    assert travel.nearest(near, at((0, 0))).metres.tolist() == [250]


def test_an_estimated_place_may_be_nearer_than_those_of_the_network() -> None:
    travel = streets.travel([(0, 0), (2000, 0)], [(0, 1)])
    found = travel.nearest(at((0, 0)), at((2000, 0), (0, 300)))
    assert found.place.tolist() == [1]
    assert found.metres == pytest.approx([390])


def test_parts_that_nothing_joins_are_estimated() -> None:
    travel = streets.travel([(0, 0), (500, 0), (0, 2000), (500, 2000)], [(0, 1), (2, 3)])
    found = table(travel, at((0, 0)), at((500, 0), (0, 2000)))
    assert found[0] == pytest.approx([500, 2600])


def test_the_limit_is_included_and_each_place_has_its_own() -> None:
    travel = streets.travel([(0, 0), (1000, 0)], [(0, 1)])
    places = at((300, 0), (300, 0), (300, 0), (900, 0))
    found = travel.pairs(at((0, 0)), places, np.array([300.0, 299.9, np.nan, 1000.0]))
    assert found.place.tolist() == [0, 3]
    assert found.metres.tolist() == [300, 900]


def test_couples_are_sorted_by_origin_then_place() -> None:
    travel, origins, places = random_case(3)
    found = travel.pairs(origins, places, np.full(len(places), 600.0))
    couples = list(zip(found.origin.tolist(), found.place.tolist(), strict=True))
    assert couples == sorted(set(couples))


@pytest.mark.parametrize("n_origins", [0, 2])
@pytest.mark.parametrize("n_places", [0, 2])
def test_without_anybody_or_any_place(n_origins: int, n_places: int) -> None:
    travel = streets.travel(*SQUARE)
    origins, places = at(*[(0, 0)] * n_origins), at(*[(100, 0)] * n_places)
    found = travel.nearest(origins, places)
    assert len(found.metres) == n_origins
    assert np.isnan(found.metres).all() == (n_places == 0 or n_origins == 0)
    couples = travel.pairs(origins, places, np.full(n_places, 1e6))
    assert len(couples.metres) == n_origins * n_places
    assert (travel.area(places, 50.0) is None) == (n_places == 0)


def test_a_network_without_streets_estimates_everything() -> None:
    network, _ = build_network(np.empty((0, 2)), np.empty((0, 2), dtype=int), epsg=streets.EPSG)
    travel = NetworkTravel(network=network, estimate=StraightLine(1.2))
    assert travel.off_network(at((0, 0))) == 1
    assert travel.nearest(at((0, 0)), at((100, 0))).metres == pytest.approx([120])
    assert table(travel, at((0, 0)), at((100, 0)))[0] == pytest.approx([120])


def test_a_point_without_a_position_is_near_nothing() -> None:
    travel = streets.travel(*SQUARE)
    nowhere = np.array([[np.nan, np.nan]])
    assert travel.off_network(nowhere) == 1
    found = travel.nearest(np.concatenate([nowhere, at((0, 0))]), np.concatenate([nowhere, at((100, 0))]))
    assert np.isnan(found.metres[0])
    assert (found.metres[1], found.place.tolist()) == (100, [-1, 1])
    assert not np.isfinite(table(travel, nowhere, at((0, 0)))).any()
    assert not np.isfinite(table(travel, at((0, 0)), nowhere)).any()


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_lengths_are_those_of_networkx(seed: int) -> None:
    """The same work written a second time, without folding, on random plans."""
    travel, origins, places = random_case(seed)
    here, there = travel.join(origins), travel.join(places)
    graph = as_graph(travel.network)
    expected = 1.3 * np.hypot(*(origins[:, None] - places).transpose(2, 0, 1))
    for j in np.flatnonzero(there.node >= 0):
        lengths = nx.single_source_dijkstra_path_length(graph, int(there.node[j]))
        for i in np.flatnonzero(here.node >= 0):
            if int(here.node[i]) in lengths:
                expected[i, j] = here.metres[i] + lengths[int(here.node[i])] + there.metres[j]
    np.testing.assert_allclose(table(travel, origins, places), expected, rtol=0, atol=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_nearest_is_the_smallest_of_all_couples(seed: int) -> None:
    travel, origins, places = random_case(seed)
    lengths, found = table(travel, origins, places), travel.nearest(origins, places)
    np.testing.assert_allclose(found.metres, lengths.min(axis=1), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(found.place, lengths.round(6).argmin(axis=1))


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_there_and_back_are_the_same_length(seed: int) -> None:
    """To the last bit on the network: people who go also come back."""
    travel, origins, places = random_case(seed)
    forth, back = table(travel, origins, places), table(travel, places, origins)
    on = np.ix_(travel.join(origins).node >= 0, travel.join(places).node >= 0)
    same = travel.join(origins).part[:, None] == travel.join(places).part
    np.testing.assert_array_equal(forth[on][same[on]], back.T[on][same[on]])
    np.testing.assert_allclose(forth, back.T, rtol=0, atol=1e-6)


@given(st.integers(0, 10_000), st.floats(50, 900))
@settings(max_examples=30)
def test_a_limit_only_takes_couples_away(seed: int, limit: float) -> None:
    travel, origins, places = random_case(seed)
    whole, part = table(travel, origins, places), table(travel, origins, places, limit)
    np.testing.assert_array_equal(part, np.where(whole <= limit + 5e-8, whole, np.inf))


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_a_path_is_never_shorter_than_the_straight_line(seed: int) -> None:
    travel, origins, places = random_case(seed)
    straight = np.hypot(*(origins[:, None] - places).transpose(2, 0, 1))
    assert (table(travel, origins, places) >= straight - 1e-3).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_one_more_place_never_lengthens_the_way(seed: int) -> None:
    travel, origins, places = random_case(seed)
    fewer, all_of_them = travel.nearest(origins, places[:-1]), travel.nearest(origins, places)
    assert (all_of_them.metres <= fewer.metres).all()


def test_memory_is_bounded_whatever_the_number_of_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """By groups of a few places as all at once, the couples are the same."""
    travel, origins, places = random_case(11)
    whole = table(travel, origins, places, 500)
    monkeypatch.setattr("reseau.geo.network_travel.CHUNK_BYTES", 1)
    np.testing.assert_array_equal(table(travel, origins, places, 500), whole)


def test_the_label_says_what_and_of_when() -> None:
    network = streets.travel(*SQUARE).network
    dated = NetworkTravel(network=network, estimate=StraightLine(1.3), data_date=date(2019, 9, 9))
    assert dated.label == "réseau piéton OpenStreetMap (données du 09/09/2019)"
    assert "date des données inconnue" in NetworkTravel(network=network, estimate=StraightLine(1.3)).label
    assert (dated.detour, dated.is_straight) == (1.0, False)


def test_the_key_changes_with_the_estimate() -> None:
    network = streets.travel(*SQUARE).network
    keys = {NetworkTravel(network=network, estimate=StraightLine(factor)).key for factor in (1.3, 1.4)}
    assert len(keys) == 2


def test_points_asked_again_are_not_looked_for_again() -> None:
    travel = streets.travel(*SQUARE)
    points = at((0, 0), (100, 0))
    assert travel.join(points) is travel.join(points.copy())
    for k in range(50):
        travel.join(at((k, 0)))
    assert len(travel._known) <= 16


def test_on_a_plan_of_straight_streets_lengths_are_sums_of_sides() -> None:
    nodes, edges = grid(5, 5)
    travel = streets.travel([tuple(node) for node in nodes], [tuple(edge) for edge in edges])
    lengths = table(travel, at(*map(tuple, nodes)), at((0, 0)))
    np.testing.assert_array_equal(lengths[:, 0], nodes.sum(axis=1))
