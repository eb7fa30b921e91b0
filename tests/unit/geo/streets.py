"""Small street plans in metres, for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyproj import Transformer

from reseau.geo.network import Building, WalkNetwork, build_network
from reseau.geo.network_travel import NetworkTravel
from reseau.geo.travel import Floats, Ints, StraightLine

EPSG = 2154
ORIGIN = np.array([650_000.0, 6_650_000.0])
_TO_DEGREES = Transformer.from_crs(EPSG, 4326, always_xy=True)


def at(*places: tuple[float, float]) -> Floats:
    """Places `x` metres east and `y` metres north of the origin, in the CRS of `travel`."""
    return np.array(places, dtype=float).reshape(-1, 2) + ORIGIN


def degrees(places: Floats) -> Floats:
    return np.column_stack(_TO_DEGREES.transform(places[:, 0], places[:, 1]))


def built(
    nodes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]
) -> tuple[WalkNetwork, Building]:
    return build_network(degrees(at(*nodes)), np.array(edges, dtype=np.intp).reshape(-1, 2), epsg=EPSG)


def travel(
    nodes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]], *, detour: float = 1.3
) -> NetworkTravel:
    return NetworkTravel(network=built(nodes, edges)[0], estimate=StraightLine(detour))


def grid(columns: int, rows: int, step: float = 100.0) -> tuple[Floats, Ints]:
    """Nodes (metres from the origin) and edges of a plan of straight streets."""
    x, y = np.meshgrid(np.arange(columns) * step, np.arange(rows) * step)
    number = np.arange(columns * rows).reshape(rows, columns)
    along = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    across = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    return np.column_stack([x.ravel(), y.ravel()]), np.concatenate([along, across])


def town(seed: int, *, size: int = 6, kept: float = 0.75) -> tuple[Floats, Ints]:
    """A plan with missing streets and crooked corners; nothing promises that it is in one piece."""
    draw = np.random.default_rng(seed)
    nodes, edges = grid(size, size)
    return nodes + draw.uniform(-30, 30, nodes.shape), edges[draw.random(len(edges)) < kept]
