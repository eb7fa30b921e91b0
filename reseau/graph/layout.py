"""Where each structure stands in the picture: computed once, on the server, never by chance.

Units: 1.0 is the least distance between two structures; the picture decides how many pixels that makes.
x grows to the right, y downwards. Nothing is random: the same network gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from reseau.graph.build import Network, pivot_of
from reseau.graph.rings import place_rings

Point = tuple[float, float]
Array = NDArray[np.float64]

GAP = 1.0
# Room around a structure that stands alone, wider than high as names are.
_CELL = (6.4, 1.6)
_BLOCK_MARGIN = 3.0
_CENTRE_CLEARANCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Positions of structures, by id.

    Attributes:
        positions: id → (x, y); the centre of the picture is at (0, 0).
        apart: ids standing in the block on the right, without any edge that leads to the centre.
    """

    positions: Mapping[int, Point] = field(default_factory=dict)
    apart: frozenset[int] = frozenset()


def lay_out(graph: Network, *, pivot: int | None = None, known: Layout | None = None) -> Layout:
    """Place every structure: the pivot at (0, 0), the others in rings by number of steps, families together.

    Parts that no edge connects to the pivot stand apart, in a block on the right. Every edge of the graph
    counts here, contacts to make included: they are drawn. Well under a second for 1,000 structures.

    Args:
        graph: made by `build_graph`. Lay out the whole network once and draw parts of it, rather than lay
            out what a filter leaves.
        pivot: structure at the centre; by default the one flagged so, else the one `known` has there, else
            the most tied one of the largest part.
        known: earlier layout. Structures it holds do not move, unless they joined or left the pivot's part;
            new ones stand near those they are tied to. Ignored when its centre is another structure's, or
            when it holds less than half of the pivot's part.

    Returns:
        Positions of all nodes of `graph` (none of those that left it); independent of node and edge order.

    Raises:
        ValueError: `pivot` is not in the graph.
    """
    if not len(graph):
        return Layout()
    centre = _centre(graph, pivot, known or Layout())
    main = frozenset(nx.node_connected_component(graph, centre))
    apart = frozenset(graph) - main
    kept = _kept(graph, known or Layout(), apart)
    # What is known of another centre, or of a small part of a network that has grown, is not worth keeping.
    if kept.get(centre) != (0.0, 0.0) or 2 * len(main & kept.keys()) < len(main):
        positions = place_rings(graph.subgraph(main), centre)
        positions |= _block(graph, apart, positions.values())
    else:
        positions = _add_apart(graph, _add_connected(graph, kept, main=main, centre=centre), apart)
    return Layout(positions=dict(sorted(positions.items())), apart=apart)


def _kept(graph: Network, known: Layout, apart: frozenset[int]) -> dict[int, Point]:
    """Known positions of structures that neither joined nor left the centre's part."""
    return {
        node: known.positions[node]
        for node in sorted(graph)
        if node in known.positions and (node in known.apart) == (node in apart)
    }


def _centre(graph: Network, pivot: int | None, known: Layout) -> int:
    if pivot is not None and pivot not in graph:
        raise ValueError(f"pivot {pivot} is not in the graph")
    chosen = pivot_of(graph) if pivot is None else pivot
    if chosen is None:
        # Without a pivot, who is most tied may change with one relation: that must not move everything.
        chosen = next((node for node in sorted(graph) if known.positions.get(node) == (0.0, 0.0)), None)
    if chosen is not None:
        return chosen
    largest = min(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return _hub(graph, largest)


def _hub(graph: Network, part: Iterable[int]) -> int:
    return min(part, key=lambda node: (-graph.degree[node], node))


def _block(graph: Network, apart: frozenset[int], taken: Iterable[Point]) -> dict[int, Point]:
    """Place all parts of `apart` to the right of `taken`: groups first, then those that stand alone."""
    found = nx.connected_components(graph.subgraph(apart))
    parts = sorted((sorted(part) for part in found), key=lambda part: (-len(part), part[0]))
    groups = [place_rings(graph.subgraph(part), _hub(graph, part)) for part in parts]
    points = np.asarray(list(taken), dtype=np.float64)
    left, top = float(points[:, 0].max()) + _BLOCK_MARGIN, float(points[:, 1].min())
    # As high as the picture beside it, higher when the block would otherwise be much wider than high.
    height = max(-2 * top, math.sqrt(len(apart) * _CELL[0] * _CELL[1]) * 0.8, 2.0)
    return _pack(groups, left=left, height=height)


def _pack(groups: list[dict[int, Point]], *, left: float, height: float) -> dict[int, Point]:
    """Stack groups in columns, from `left` on, around y = 0."""
    positions: dict[int, Point] = {}
    y, width = -height / 2, 0.0
    for group in groups:
        points = np.asarray(list(group.values()))
        low, size = points.min(axis=0), np.ptp(points, axis=0) + np.asarray(_CELL)
        if y + size[1] > height / 2 and width:
            left, y, width = left + width, -height / 2, 0.0
        for node, (px, py) in group.items():
            positions[node] = (
                float(px - low[0] + left + 1.0),
                float(py - low[1] + y + _CELL[1] / 2),
            )
        y, width = y + float(size[1]), max(width, float(size[0]))
    return positions


def _add_connected(
    graph: Network, kept: Mapping[int, Point], *, main: frozenset[int], centre: int
) -> dict[int, Point]:
    """Place the new structures of the pivot's part, nearest to what is placed first."""
    positions = dict(kept)
    steps = nx.single_source_shortest_path_length(graph, centre)
    for node in sorted(main - positions.keys(), key=lambda item: (steps[item], item)):
        anchors = [positions[other] for other in graph.neighbors(node) if other in positions]
        anchors = [point for point in anchors if point != (0.0, 0.0)] or _relatives(graph, node, positions)
        positions[node] = _free_spot(_mean(anchors), positions.values())
    return positions


def _relatives(graph: Network, node: int, positions: Mapping[int, Point]) -> list[Point]:
    """Direct partners of the same family: a newcomer tied to the pivot alone joins them."""
    family = graph.nodes[node]["family"]
    partners = {near for other in graph.neighbors(node) for near in graph.neighbors(other)}
    return [positions[near] for near in sorted(partners) if _is_relative(graph, near, family, positions)]


def _is_relative(graph: Network, near: int, family: str, positions: Mapping[int, Point]) -> bool:
    return near in positions and positions[near] != (0.0, 0.0) and graph.nodes[near]["family"] == family


def _add_apart(graph: Network, positions: dict[int, Point], apart: frozenset[int]) -> dict[int, Point]:
    """Place new structures of the block: near those they are tied to, else in a new column on its right."""
    result = dict(positions)
    new = apart - positions.keys()
    tied = {node for node in new if any(other in positions for other in graph.neighbors(node))}
    for node in sorted(tied):
        anchors = [positions[other] for other in graph.neighbors(node) if other in positions]
        result[node] = _free_spot(_mean(anchors), result.values())
    if rest := frozenset(new - tied):
        result |= _block(graph, rest, result.values())
    return result


def _mean(points: list[Point]) -> Point:
    # Sorted: floating-point sums depend on their order, and the order of neighbours on that of edges.
    ordered = np.asarray(sorted(points) or [(0.0, 0.0)], dtype=np.float64)
    return float(ordered[:, 0].mean()), float(ordered[:, 1].mean())


def _free_spot(anchor: Point, taken: Iterable[Point]) -> Point:
    """The first free place found around `anchor`, in growing circles."""
    points = np.asarray(list(taken), dtype=np.float64)
    for ring in range(1, 10 * len(points) + 100):
        angles = np.arange(6 * ring) * (2 * math.pi / (6 * ring))
        spots = np.column_stack([np.cos(angles), np.sin(angles)]) * ring * GAP * 0.6 + np.asarray(anchor)
        clear = np.hypot(spots[:, :1] - points[:, 0], spots[:, 1:] - points[:, 1]).min(axis=1) >= GAP * 1.1
        clear &= np.hypot(spots[:, 0], spots[:, 1]) >= _CENTRE_CLEARANCE
        if clear.any():
            x, y = spots[int(clear.argmax())]
            return round(float(x), 6), round(float(y), 6)
    raise AssertionError("circles wider than all that is placed always hold a free place")
