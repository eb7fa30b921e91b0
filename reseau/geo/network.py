"""A walking network as arrays: built once from the nodes and edges of a map, then asked for lengths.

Lengths are those of the metric CRS, as the straight lines they are compared to. They are kept as whole
numbers of 1/1024 m: sums of such numbers are exact, so that a length does not depend on the way it was added
up, is the same in both directions, and two equal lengths are equal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from reseau.geo.crs import WGS84
from reseau.geo.shapes import transformer
from reseau.geo.travel import Floats, Ints

GRAIN_M = 2.0**-10
# Coordinates are of the order of 10⁷ m: what is below is rounding.
NOISE_M = 1e-6
# A walker joins the network at its nearest node: none is farther than half of this from a street.
PIECE_M = 50.0
# No street of France goes straight for so long without a node: a damaged map.
MAX_EDGE_M = 5_000.0
# Parts of the network around two towns are both kept; a few paths that lead nowhere are not.
KEPT_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What became of the map while the network was made.

    Attributes:
        kept_m: length kept, metres.
        dropped_m: length of the pieces that join nothing.
        pieces: connected parts kept.
        too_long: edges left out because they are too long to be true.
        nowhere: edges left out because an end has no position in the CRS.
    """

    kept_m: float
    dropped_m: float
    pieces: int
    too_long: int
    nowhere: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chains:
    """Where each node is between two junctions; a junction is at 0 m of itself.

    Attributes:
        chain: number of the chain of each node, -1 for a junction.
        junction: n × 2, positions (in `graph`) of the junctions at both ends.
        metres: n × 2, metres to each of them along the chain.
        graph: symmetric lengths between junctions.
    """

    chain: Ints
    junction: Ints
    metres: Floats
    graph: csr_array


@dataclass(frozen=True, kw_only=True, eq=False)
class WalkNetwork:
    """A walking network in a metric CRS; people walk both ways.

    Attributes:
        epsg: metric CRS.
        xy: n × 2, metres.
        edges: m × 2, positions in `xy`, each couple once.
        lengths: m, metres, multiples of `GRAIN_M`, above 0, never below the straight line.
        part: n, number of the connected part of each node.
        key: digest of all that.
    """

    epsg: int
    xy: Floats
    edges: Ints
    lengths: Floats
    part: Ints
    key: str

    @cached_property
    def tree(self) -> cKDTree:
        """Index of the nodes."""
        return cKDTree(self.xy)

    @cached_property
    def chains(self) -> Chains:
        """Nodes between two junctions folded into one length: ten times fewer nodes to go through."""
        return _chains(self)


def build_network(lonlat: Floats, edges: Ints, *, epsg: int) -> tuple[WalkNetwork, Building]:
    """Make a network out of nodes and edges of a map.

    Edges longer than 50 m are cut in equal pieces. The largest connected part is kept, and those at least a
    fifth as long; an edge between the same nodes counts once, from a node to itself not at all.

    Args:
        lonlat: n × 2, WGS84 degrees.
        edges: m × 2, positions in `lonlat`.
        epsg: metric CRS of the result.
    """
    xy = np.column_stack(transformer(WGS84, epsg).transform(lonlat[:, 0], lonlat[:, 1])).reshape(-1, 2)
    edges = np.unique(np.sort(np.asarray(edges, dtype=np.intp).reshape(-1, 2), axis=1), axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    placed = np.isfinite(xy).all(axis=1)[edges].all(axis=1)
    nowhere = int((~placed).sum())
    edges = edges[placed]
    straight = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T)
    short = straight <= MAX_EDGE_M
    edges, lengths = edges[short], quantised(straight[short])
    part, kept = _parts(edges, lengths, len(xy))
    building = Building(
        kept_m=float(lengths[kept].sum()),
        dropped_m=float(lengths[~kept].sum()),
        pieces=len(np.unique(part[edges[kept]])),
        too_long=int((~short).sum()),
        nowhere=nowhere,
    )
    used, edges = np.unique(edges[kept], return_inverse=True)
    return _cut(xy[used], edges.reshape(-1, 2), lengths[kept], part[used], epsg), building


def quantised(metres: Floats) -> Floats:
    """Lengths rounded up to a whole number of `GRAIN_M`."""
    return np.ceil((metres - NOISE_M) / GRAIN_M).clip(0) * GRAIN_M


def _parts(edges: Ints, lengths: Floats, n: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Number of the connected part of each node, and which edges are in a part worth keeping."""
    graph = coo_array((np.ones(len(edges), dtype=bool), (edges[:, 0], edges[:, 1])), shape=(n, n))
    _, part = connected_components(graph, directed=False)
    part = part.astype(np.intp)
    of_edges = part[edges[:, 0]]
    metres = np.bincount(of_edges, lengths, minlength=1)
    return part, metres[of_edges] >= KEPT_SHARE * metres.max()


def _cut(xy: Floats, edges: Ints, lengths: Floats, part: Ints, epsg: int) -> WalkNetwork:
    """Cut long edges in equal pieces whose lengths add up to theirs."""
    lengths = np.maximum(lengths, GRAIN_M)
    pieces = np.maximum(np.ceil(lengths / PIECE_M), 1).astype(np.intp)
    edge = np.repeat(np.arange(len(edges)), pieces)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = np.stack([rank, rank + 1]) / pieces[edge]
    marks = np.round(along * lengths[edge] / GRAIN_M) * GRAIN_M
    first, last = rank == 0, rank + 1 == pieces[edge]
    # A cut is the end of one piece and the start of the next one.
    cut = len(xy) + np.cumsum(~first) - 1
    ends = np.column_stack(
        [np.where(first, edges[edge, 0], cut), np.where(last, edges[edge, 1], np.append(cut[1:], 0))]
    )
    inner = ~first
    share = along[0][inner][:, None]
    added = xy[edges[edge[inner], 0]] * (1 - share) + xy[edges[edge[inner], 1]] * share
    nodes = np.concatenate([xy, added])
    parts = np.concatenate([part, part[edges[edge[inner], 0]]])
    found = marks[1] - marks[0]
    digest = hashlib.blake2b(str(epsg).encode(), digest_size=16)
    for array in (nodes, ends, found):
        digest.update(np.ascontiguousarray(array).tobytes())
    return WalkNetwork(
        epsg=epsg,
        xy=nodes,
        edges=ends,
        lengths=found,
        part=np.unique(parts, return_inverse=True)[1].astype(np.intp),
        key=digest.hexdigest(),
    )


def symmetric(i: Ints, j: Ints, metres: Floats, n: int) -> csr_array:
    """Lengths both ways, the shortest of those between the same two nodes."""
    both = np.concatenate([i, j]), np.concatenate([j, i])
    twice = np.concatenate([metres, metres])
    order = np.lexsort((twice, both[1], both[0]))
    row, column, twice = both[0][order], both[1][order], twice[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    return csr_array((twice[first], (row[first], column[first])), shape=(n, n))


def with_sources(graph: csr_array, source: Ints, node: Ints, metres: Floats) -> csr_array:
    """The graph and, after its nodes, sources that lead to some of them.

    Args:
        source: number of a source, from 0.
        node: where it leads; of several times the same, the shortest counts.
        metres: at what length, above 0 (a length of 0 is no edge).
    """
    order = np.lexsort((metres, node, source))
    source, node, metres = source[order], node[order], metres[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (node[1:] != node[:-1])
    source, node, metres = source[first], node[first], metres[first]
    n, k = graph.shape[0], int(source.max(initial=-1)) + 1
    data = np.concatenate([graph.data, metres])
    indices = np.concatenate([graph.indices, node]).astype(graph.indices.dtype)
    ends = graph.indptr[-1] + np.cumsum(np.bincount(source, minlength=k))
    indptr = np.concatenate([graph.indptr, ends]).astype(graph.indptr.dtype)
    return csr_array((data, indices, indptr), shape=(n + k, n + k))


def _chains(network: WalkNetwork) -> Chains:
    n = len(network.xy)
    u, v = network.edges.T
    junction = np.bincount(network.edges.ravel(), minlength=n) != 2
    # A ring has no junction: its first node is as good as any.
    rings = np.setdiff1d(network.part, network.part[junction])
    junction[np.unique(network.part, return_index=True)[1][rings]] = True
    inside = ~junction[u] & ~junction[v]
    links = symmetric(u[inside], v[inside], network.lengths[inside], n)
    _, number = connected_components(links, directed=False)
    chain = np.where(junction, -1, number)
    # Each chain has two ends: an edge from a junction to one of its nodes.
    ends = junction[u] != junction[v]
    outer = np.where(junction[u], u, v)[ends]
    inner = np.where(junction[u], v, u)[ends]
    order = np.lexsort((outer, inner, chain[inner]))
    outer, inner, metres = outer[order], inner[order], network.lengths[ends][order]
    start, stop = slice(0, None, 2), slice(1, None, 2)
    along = _from_starts(links, inner[start], metres[start])
    total = along[inner[stop]] + metres[stop]
    position = np.cumsum(junction) - 1
    at = np.column_stack([position, position])
    way = np.zeros((n, 2))
    of_chain = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.intp)
    of_chain[chain[inner[start]]] = np.arange(len(total))
    held = np.flatnonzero(~junction)
    row = of_chain[chain[held]]
    at[held] = position[np.column_stack([outer[start][row], outer[stop][row]])]
    way[held] = np.column_stack([along[held], total[row] - along[held]])
    direct = junction[u] & junction[v]
    graph = symmetric(
        np.concatenate([position[u[direct]], position[outer[start]]]),
        np.concatenate([position[v[direct]], position[outer[stop]]]),
        np.concatenate([network.lengths[direct], total]),
        int(junction.sum()),
    )
    return Chains(chain=chain, junction=at, metres=way, graph=graph)


def _from_starts(links: csr_array, node: Ints, metres: Floats) -> Floats:
    """Metres of each node from the start of its own chain."""
    graph = with_sources(links, np.zeros(len(node), dtype=np.intp), node, metres)
    if graph.shape == links.shape:
        return np.zeros(links.shape[0])
    found: Floats = dijkstra(graph, indices=links.shape[0])
    return found[:-1]
