"""Walking network: reading, building, lengths of a type, areas; and what the straight line gets wrong.

    python -m benchmarks.walking

Two real towns (public files beside the repository), then a large made-up town, beside `networkx` on the same
network in the same run: both must give the same lengths.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from pyproj import Transformer

from reseau.geo.network import WalkNetwork, build_network
from reseau.geo.network_travel import NetworkTravel
from reseau.geo.travel import Floats, StraightLine
from reseau.geo.walking import walked_metres, walking_minutes
from reseau.sources.osm.ways import read_ways

TOWNS = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm"
FILES = {"Redon": "redon.osm", "Le Mans (centre)": "le_mans_centre.osm.pbf"}
KMH = 4.5
LIMITS = (5.0, 10.0, 15.0)
EPSG = 2154
CORNERS, STEP = 300, 90.0
TO_DEGREES = Transformer.from_crs(EPSG, 4326, always_xy=True)


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start


def travel_on(network: WalkNetwork, detour: float = 1.3) -> NetworkTravel:
    return NetworkTravel(network=network, estimate=StraightLine(detour))


def agreement(network: WalkNetwork, detour: float) -> tuple[dict[float, float], float, float]:
    """Share of couples on the same side of each limit; said near and is not, and the reverse, at 15 min."""
    draw = np.random.default_rng(20261122)
    nodes = network.xy[draw.permutation(len(network.xy))[:300]]
    found = travel_on(network).pairs(nodes, nodes, np.full(len(nodes), 1e9))
    other = found.origin < found.place
    walked = walking_minutes(found.metres[other], detour_factor=1.0, kmh=KMH)
    straight = np.hypot(*(nodes[found.origin[other]] - nodes[found.place[other]]).T)
    said = walking_minutes(straight, detour_factor=detour, kmh=KMH)
    same = {limit: float(((walked <= limit) == (said <= limit)).mean()) for limit in LIMITS}
    over, under = (said <= 15) & (walked > 15), (said > 15) & (walked <= 15)
    return same, float(over.mean()), float(under.mean())


def towns() -> None:
    print("ville | rues (km) | nœuds gardés | lecture (s) | construction (s) | un type (ms) | zone (ms)")
    networks = {}
    for town, name in FILES.items():
        ways, reading = timed(read_ways, TOWNS / name)
        (network, building), making = timed(lambda w=ways: build_network(w.lonlat, w.edges, epsg=EPSG))
        travel = travel_on(network)
        draw = np.random.default_rng(1)
        places = network.xy[draw.integers(0, len(network.xy), 10)]
        travel.nearest(network.xy, places)
        _, one = timed(travel.nearest, network.xy, places)
        _, area = timed(travel.area, places[:1], walked_metres(10.0, kmh=KMH))
        kept = building.kept_m / (building.kept_m + building.dropped_m)
        print(
            f"{town} | {building.kept_m / 1000:.1f} | {len(network.xy)} ({kept:.1%} de la longueur) | "
            f"{reading:.2f} | {making:.3f} | {one * 1000:.1f} | {area * 1000:.0f}"
        )
        networks[town] = network
    print("\nville | détour | même côté de 5, 10, 15 min | dit proche à tort | dit loin à tort")
    for town, network in networks.items():
        ends = travel_on(network).pairs(network.xy[:200], network.xy[-200:], np.full(200, 1e9))
        straight = np.hypot(*(network.xy[:200][ends.origin] - network.xy[-200:][ends.place]).T)
        ratio = float(np.median((ends.metres / np.maximum(straight, 1.0))[straight > 100]))
        for detour in (1.2, 1.3, 1.4):
            same, over, under = agreement(network, detour)
            shares = ", ".join(f"{share:.0%}" for share in same.values())
            print(f"{town} (médiane {ratio:.2f}) | {detour} | {shares} | {over:.1%} | {under:.1%}")


def made_up() -> tuple[Floats, Any]:
    draw = np.random.default_rng(0)
    x, y = np.meshgrid(np.arange(CORNERS) * STEP, np.arange(CORNERS) * STEP)
    nodes = np.column_stack([x.ravel(), y.ravel()]) + draw.uniform(-20, 20, (CORNERS**2, 2))
    nodes += (560_000, 6_270_000)
    number = np.arange(CORNERS**2).reshape(CORNERS, CORNERS)
    along = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    across = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    edges = np.concatenate([along, across])
    lonlat = np.column_stack(TO_DEGREES.transform(nodes[:, 0], nodes[:, 1]))
    return lonlat, edges[draw.random(len(edges)) < 0.8]


def by_networkx(graph: nx.Graph, travel: NetworkTravel, origins: Floats, places: Floats) -> Floats:
    """Nearest place of each origin by `multi_source_dijkstra_path_length`, joined in the same way."""
    here, there = travel.join(origins), travel.join(places)
    for rank, (node, metres) in enumerate(zip(there.node.tolist(), there.metres.tolist(), strict=True)):
        graph.add_edge(("place", rank), node, weight=metres)
    sources = {("place", rank) for rank in range(len(places))}
    found = nx.multi_source_dijkstra_path_length(graph, sources)
    graph.remove_nodes_from(sources)
    return np.array([found[node] for node in here.node.tolist()]) + here.metres


def large() -> None:
    lonlat, edges = made_up()
    (network, building), making = timed(lambda: build_network(lonlat, edges, epsg=EPSG))
    _, folding = timed(lambda: network.chains)
    travel = travel_on(network)
    draw = np.random.default_rng(2)
    middle = network.xy.mean(axis=0)
    origins = np.concatenate(
        [middle + draw.uniform(-8000, 8000, 2) + draw.uniform(-400, 400, (600, 2)) for _ in range(15)]
    )
    print(
        f"\nGrande ville inventée : {building.kept_m / 1000:.0f} km de rues, {len(network.xy)} nœuds, "
        f"{network.chains.graph.shape[0]} croisements, {len(origins)} points d'habitants. Construction "
        f"{making:.2f} s, repli {folding:.2f} s."
    )
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        (u, v, metres)
        for (u, v), metres in zip(network.edges.tolist(), network.lengths.tolist(), strict=True)
    )
    travel.nearest(origins, middle[None])
    print("lieux | le plus proche (s) | networkx (s) | rapport | couples à 15 min (s) | zone à 15 min (s)")
    for count in (5, 100, 1_000):
        places = middle + draw.uniform(-9000, 9000, (count, 2))
        found, ours = timed(travel.nearest, origins, places)
        other, theirs = timed(by_networkx, graph, travel, origins, places)
        np.testing.assert_allclose(found.metres, other, rtol=0, atol=1e-3)
        limit = walked_metres(15.0, kmh=KMH)
        _, pairs = timed(travel.pairs, origins, places, np.full(count, limit))
        _, area = timed(travel.area, places, limit)
        print(f"{count} | {ours:.3f} | {theirs:.2f} | × {theirs / ours:.0f} | {pairs:.2f} | {area:.2f}")
    print("Mêmes longueurs des deux côtés, au millimètre.")


def main() -> None:
    if TOWNS.is_dir():
        towns()
    else:
        print(f"Les extraits réels ne sont pas là ({TOWNS.name}/).")
    large()


if __name__ == "__main__":
    main()
