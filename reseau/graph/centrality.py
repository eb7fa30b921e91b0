"""Betweenness of every node at once, with dense matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau.graph.build import Network

Matrix = NDArray[np.float64]
# Sources treated together: bounds memory to about ten matrices of this many rows.
_BATCH = 512


def betweenness(graph: Network) -> dict[int, float]:
    """Share of the pairs of other structures whose shortest ways pass through each one (0–1).

    Brandes' algorithm (U. Brandes, «A faster algorithm for betweenness centrality», 2001), levels of the
    breadth-first search taken as matrix products for all sources at once. Same figures as
    `networkx.betweenness_centrality(normalized=True)`; meant for up to about 3,000 connected structures.
    """
    result = dict.fromkeys(sorted(graph), 0.0)
    nodes = [node for node in result if graph.degree(node)]
    pairs = (len(graph) - 1) * (len(graph) - 2)
    if len(nodes) < 3 or pairs == 0:
        return result
    adjacency = _adjacency(graph, nodes)
    total = np.zeros(len(nodes))
    for start in range(0, len(nodes), _BATCH):
        total += _dependencies(adjacency, np.arange(start, min(start + _BATCH, len(nodes))))
    result.update(zip(nodes, (total / pairs).tolist(), strict=True))
    return result


def _adjacency(graph: Network, nodes: list[int]) -> Matrix:
    rank = {node: position for position, node in enumerate(nodes)}
    matrix: Matrix = np.zeros((len(nodes), len(nodes)))
    for first, last in graph.edges:
        matrix[rank[first], rank[last]] = matrix[rank[last], rank[first]] = 1.0
    return matrix


def _dependencies(adjacency: Matrix, sources: NDArray[np.intp]) -> Matrix:
    """Sum over `sources` of the dependency of each source on each node."""
    rows = np.arange(len(sources))
    paths: Matrix = np.zeros((len(sources), len(adjacency)))
    paths[rows, sources] = 1.0
    frontier: NDArray[Any] = paths > 0
    levels = [frontier]
    while frontier.any():
        arriving = np.where(frontier, paths, 0.0) @ adjacency
        frontier = (arriving > 0) & (paths == 0)
        paths = np.where(frontier, arriving, paths)
        levels.append(frontier)
    delta: Matrix = np.zeros_like(paths)
    for inner, outer in zip(reversed(levels[:-1]), reversed(levels[1:]), strict=True):
        share = np.where(outer, (1.0 + delta) / np.where(outer, paths, 1.0), 0.0)
        delta = np.where(inner, paths * (share @ adjacency), delta)
    delta[rows, sources] = 0.0
    return np.asarray(delta.sum(axis=0), dtype=np.float64)
