"""Walking on a network: `reseau.geo.travel.Travel` by shortest paths (`scipy.sparse.csgraph.dijkstra`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from reseau.geo.isochrone import walked_area
from reseau.geo.network import GRAIN_M, WalkNetwork, quantised, with_sources
from reseau.geo.travel import TOLERANCE_M, Floats, Ints, Nearest, Pairs, StraightLine

JOIN_M = 250.0
# Lengths to all junctions and origins, for as many places at once as fit.
CHUNK_BYTES = 64 * 2**20
KEPT_JOININGS = 16
OFF = -1


class Joined(NamedTuple):
    """Where points join the network: nearest node and connected part (-1: off the network), metres to it."""

    node: Ints
    part: Ints
    metres: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkTravel:
    """Lengths walked on a network.

    A point is joined to its nearest node by a straight segment. Where that node is farther than 250 m, or no
    path joins the two ends in the network, the length of the couple is estimated: straight line × the detour
    factor of the territory (`off_network` says how many points that is).

    Attributes:
        network: the network, in the CRS of the points.
        estimate: for couples the network cannot measure.
        data_date: day of the map, None when unknown.
    """

    network: WalkNetwork
    estimate: StraightLine
    data_date: date | None = None
    _known: dict[bytes, Joined] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """«réseau piéton OpenStreetMap (données du 09/09/2019)»."""
        said = f"données du {self.data_date:%d/%m/%Y}" if self.data_date else "date des données inconnue"
        return f"réseau piéton OpenStreetMap ({said})"

    @property
    def detour(self) -> float:
        """1: paths are really followed."""
        return 1.0

    @property
    def is_straight(self) -> bool:
        """No."""
        return False

    @property
    def key(self) -> str:
        """Digest of the network, and the estimate."""
        return f"network:{self.network.key}:{self.estimate.key}"

    def off_network(self, points: Floats) -> int:
        """How many points are farther than 250 m from any street (or have no position)."""
        return int((self.join(points).node == OFF).sum())

    def join(self, points: Floats) -> Joined:
        """Nearest node of each point, at most 250 m away. Remembered: the same inhabitants come back."""
        points = np.ascontiguousarray(points, dtype=np.float64).reshape(-1, 2)
        name = hashlib.blake2b(points.tobytes(), digest_size=16).digest()
        known = self._known.get(name)
        if known is None:
            known = self._join(points)
            for old in list(self._known)[: len(self._known) - KEPT_JOININGS + 1]:
                self._known.pop(old, None)
            self._known[name] = known
        return known

    def _join(self, points: Floats) -> Joined:
        node = np.full(len(points), OFF, dtype=np.intp)
        metres = np.full(len(points), np.nan)
        real = np.flatnonzero(np.isfinite(points).all(axis=1))
        if len(self.network.xy) and len(real):
            away, nearest = self.network.tree.query(points[real])
            near = away <= JOIN_M + TOLERANCE_M
            node[real[near]] = nearest[near]
            metres[real[near]] = quantised(away[near])
        part = np.where(node == OFF, OFF, np.append(self.network.part, OFF)[node])
        return Joined(node, part, metres)

    def nearest(self, origins: Floats, places: Floats) -> Nearest:
        """See `Travel.nearest`."""
        metres, place = self._nearest_on_network(self.join(origins), self.join(places))
        from_parts, to_parts = self.join(origins).part, self.join(places).part
        real = np.isfinite(places).all(axis=1)
        for part in np.unique(from_parts):
            here = np.flatnonzero(from_parts == part)
            there = np.flatnonzero(real & ((to_parts != part) | (to_parts == OFF)))
            estimated, first = _nearest_straight(origins[here], places[there])
            estimated, first = estimated * self.estimate.detour, np.append(there, OFF)[first]
            better = (estimated < metres[here]) | ((estimated == metres[here]) & (first < place[here]))
            metres[here] = np.where(better, estimated, metres[here])
            place[here] = np.where(better, first, place[here])
        return Nearest(np.where(place < 0, np.nan, metres), place)

    def _nearest_on_network(self, origins: Joined, places: Joined) -> tuple[Floats, Ints]:
        """Infinite and -1 where no path leads to any place.

        The rank of a place is written in its lengths, below their grain: the smallest of them is that of the
        nearest place, the first one of those at the same distance.
        """
        metres = np.full(len(origins.node), np.inf)
        place = np.full(len(origins.node), OFF, dtype=np.intp)
        there, here = np.flatnonzero(places.node != OFF), np.flatnonzero(origins.node != OFF)
        if not len(there) or not len(here):
            return metres, place
        mark = GRAIN_M / 2.0 ** int(np.ceil(np.log2(len(places.node) + 2)))
        nodes, inverse = np.unique(origins.node[here], return_inverse=True)
        seeds = places.metres[there] + (there + 1) * mark
        found = reach_nodes(self.network, places.node[there], seeds, nodes)[inverse]
        reached = np.isfinite(found)
        whole = np.floor(found[reached] / GRAIN_M) * GRAIN_M
        metres[here[reached]] = whole + origins.metres[here[reached]]
        place[here[reached]] = np.round((found[reached] - whole) / mark).astype(np.intp) - 1
        return metres, place

    def pairs(self, origins: Floats, places: Floats, limit_m: Floats) -> Pairs:
        """See `Travel.pairs`. Memory is bounded: places are taken by groups."""
        limit_m = np.asarray(limit_m, dtype=np.float64)
        here, there = self.join(origins), self.join(places)
        found = [*self._pairs_on_network(here, there, limit_m)]
        real = np.isfinite(places).all(axis=1)
        for part in np.unique(here.part):
            rows = np.flatnonzero((here.part == part) & np.isfinite(origins).all(axis=1))
            others = np.flatnonzero(real & ((there.part != part) | (there.part == OFF)))
            couple = self.estimate.pairs(origins[rows], places[others], limit_m[others])
            found.append(Pairs(rows[couple.origin], others[couple.place], couple.metres))
        empty = Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
        origin, place, metres = (np.concatenate(parts) for parts in zip(empty, *found, strict=True))
        order = np.lexsort((place, origin))
        return Pairs(origin[order], place[order], metres[order])

    def _pairs_on_network(self, origins: Joined, places: Joined, limit_m: Floats) -> Iterator[Pairs]:
        there = np.flatnonzero((places.node != OFF) & (limit_m >= 0))
        here = np.flatnonzero(origins.node != OFF)
        if not len(there) or not len(here):
            return
        nodes, of_origin = _groups(origins.node[here])
        starts, of_place = _groups(places.node[there])
        reach = np.full(len(starts), -np.inf)
        np.maximum.at(reach, of_place.group, limit_m[there] - places.metres[there])
        # Places of a like reach together: each group is searched no farther than its widest.
        order = np.argsort(reach, kind="stable")[np.searchsorted(np.sort(reach), 0) :]
        junctions = self.network.chains.graph.shape[0]
        size = max(1, CHUNK_BYTES // (8 * 3 * (junctions + len(nodes))))
        for chunk in (order[at : at + size] for at in range(0, len(order), size)):
            limit = float(reach[chunk].max()) + TOLERANCE_M
            table = reach_from_each(self.network, starts[chunk], nodes, limit)
            row, column = np.nonzero(table <= reach[chunk][:, None] + TOLERANCE_M)
            couple, place = of_place.members_of(chunk[row])
            again, origin = of_origin.members_of(column[couple])
            couple, place = couple[again], there[place[again]]
            origin = here[origin]
            metres = table[row[couple], column[couple]] + places.metres[place] + origins.metres[origin]
            near = metres <= limit_m[place] + TOLERANCE_M
            yield Pairs(origin[near], place[near], metres[near])

    def area(self, places: Floats, limit_m: float) -> BaseGeometry | None:
        """See `Travel.area`: what surrounds the streets reached, parts of streets included."""
        real = places[np.isfinite(places).all(axis=1)]
        if not len(real):
            return None
        joined = self.join(real)
        on = joined.node != OFF
        nodes = np.arange(len(self.network.xy))
        seeds = np.maximum(joined.metres[on], GRAIN_M)
        metres = reach_nodes(self.network, joined.node[on], seeds, nodes, limit_m)
        metres = np.fmin(metres, self._estimated(real[on], joined.part[on]))
        start, way = real[on], self.network.xy[joined.node[on]] - real[on]
        share = np.minimum(1.0, limit_m / seeds)[:, None]
        feet = np.stack([start, start + way * share], axis=1)
        away = self.estimate.area(real[~on], limit_m)
        return walked_area(self.network, metres, limit_m, feet=feet, beside=away)

    def _estimated(self, places: Floats, part: Ints) -> Floats:
        """Lengths to each node from the places no path joins to it, NaN where there is none."""
        found = np.full(len(self.network.xy), np.nan)
        parts = np.unique(self.network.part)
        for here in parts if len(parts) > 1 else ():
            nodes = np.flatnonzero(self.network.part == here)
            found[nodes] = self.estimate.nearest(self.network.xy[nodes], places[part != here]).metres
        return found


class _Groups(NamedTuple):
    """Members of each group, put one after the other."""

    group: Ints
    order: Ints
    start: Ints

    def members_of(self, groups: Ints) -> tuple[Ints, Ints]:
        """Each member of each group asked: position in what was asked, member."""
        count = self.start[groups + 1] - self.start[groups]
        asked = np.repeat(np.arange(len(groups)), count)
        rank = np.arange(len(asked)) - np.repeat(np.cumsum(count) - count, count)
        return asked, self.order[self.start[groups[asked]] + rank]


def _groups(values: Ints, n: int | None = None) -> tuple[Ints, _Groups]:
    """Distinct values (or 0…n-1), and which items have each."""
    if n is None:
        distinct, group = np.unique(values, return_inverse=True)
    else:
        distinct, group = np.arange(n), values
    start = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(distinct)))])
    return distinct, _Groups(group, np.argsort(group, kind="stable"), start)


def _same_chain(network: WalkNetwork, one: Ints, other: Ints) -> tuple[Ints, Ints, Floats]:
    """Couples of nodes of the same chain: positions in both lists, metres between them along it."""
    chains = network.chains
    chained, others = np.flatnonzero(chains.chain[one] >= 0), np.flatnonzero(chains.chain[other] >= 0)
    _, members = _groups(chains.chain[other[others]], int(chains.chain.max(initial=-1)) + 1)
    asked, found = members.members_of(chains.chain[one[chained]])
    i, j = chained[asked], others[found]
    return i, j, np.abs(chains.metres[one[i], 0] - chains.metres[other[j], 0])


def reach_nodes(
    network: WalkNetwork, seeds: Ints, metres: Floats, nodes: Ints, limit_m: float = np.inf
) -> Floats:
    """Shortest length to each of some nodes from any of some seeds; infinite when out of reach.

    Args:
        seeds: nodes to start from; metres: what is already walked there, above 0.
        nodes: nodes asked, each once.
        limit_m: search no farther.
    """
    if not len(seeds) or not len(nodes):
        return np.full(len(nodes), np.inf)
    chains = network.chains
    ends, walked = chains.junction[seeds].ravel(), (chains.metres[seeds] + metres[:, None]).ravel()
    graph = with_sources(chains.graph, np.zeros(len(ends), dtype=np.intp), ends, walked)
    reached = dijkstra(graph, indices=chains.graph.shape[0], limit=limit_m + TOLERANCE_M)
    found: Floats = (reached[chains.junction[nodes]] + chains.metres[nodes]).min(axis=1)
    i, j, between = _same_chain(network, seeds, nodes)
    np.minimum.at(found, j, metres[i] + between)
    return np.where(found <= limit_m + TOLERANCE_M, found, np.inf)


def reach_from_each(network: WalkNetwork, seeds: Ints, nodes: Ints, limit_m: float) -> Floats:
    """Shortest length from each seed to each node, k × n; infinite beyond the limit."""
    chains = network.chains
    source = np.repeat(np.arange(len(seeds)), 2)
    # No edge has a length of 0, and a seed on a junction would have one: one grain more, taken back below.
    graph = with_sources(
        chains.graph, source, chains.junction[seeds].ravel(), chains.metres[seeds].ravel() + GRAIN_M
    )
    n = chains.graph.shape[0]
    reached = dijkstra(graph, indices=np.arange(n, n + len(seeds)), limit=limit_m + GRAIN_M + TOLERANCE_M)
    reached -= GRAIN_M
    found: Floats = reached[:, chains.junction[nodes, 0]] + chains.metres[nodes, 0]
    np.minimum(found, reached[:, chains.junction[nodes, 1]] + chains.metres[nodes, 1], out=found)
    i, j, between = _same_chain(network, seeds, nodes)
    np.minimum.at(found, (i, j), between)
    return found


def _nearest_straight(origins: Floats, places: Floats) -> tuple[Floats, Ints]:
    """Straight line to the nearest place of each origin, the first of equals; infinite and -1 without any."""
    metres = np.full(len(origins), np.inf)
    place = np.full(len(origins), OFF, dtype=np.intp)
    real = np.flatnonzero(np.isfinite(origins).all(axis=1))
    if not len(places) or not len(real):
        return metres, place
    size = max(1, CHUNK_BYTES // (8 * 4 * len(places)))
    for rows in (real[at : at + size] for at in range(0, len(real), size)):
        between: NDArray[np.float64] = np.hypot(
            origins[rows, 0][:, None] - places[:, 0], origins[rows, 1][:, None] - places[:, 1]
        )
        place[rows] = between.argmin(axis=1)
        metres[rows] = between[np.arange(len(rows)), place[rows]]
    return metres, place
