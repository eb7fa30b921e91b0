"""In which order to walk to several places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from reseau.errors import RefusedInput

if TYPE_CHECKING:
    from reseau.geo.travel import Floats, Travel

# Places after the start: 2¹¹ × 11 states are nothing, each further place doubles them.
EXACT_PLACES = 11
MOST_PLACES = 40
# Longer than any walk: a limit that limits nothing.
FAR_M = 1e6
SHORTER_M = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A walk through every place.

    Attributes:
        order: positions of the places, the start first (it is not repeated at the end).
        legs_m: metres walked from each place to the next; one more, back to the start, when it is closed.
        exact: no order is shorter; else one was looked for, without proof.
        closed: it comes back to the start.
    """

    order: tuple[int, ...]
    legs_m: tuple[float, ...]
    exact: bool
    closed: bool

    @property
    def total_m(self) -> float:
        """Metres walked in all."""
        return float(sum(self.legs_m))


def matrix(travel: Travel, places: Floats) -> Floats:
    """Metres walked between places (n × 2, metres), infinite where there is no way."""
    n = len(places)
    metres: Floats = np.full((n, n), np.inf)
    found = travel.pairs(places, places, np.full(n, FAR_M))
    metres[found.origin, found.place] = found.metres
    # One length per pair, whichever end the walk was measured from.
    both: Floats = np.minimum(metres, metres.T)
    np.fill_diagonal(both, 0.0)
    return both


def walking_order(metres: Floats, *, start: int = 0, closed: bool = False) -> Round:
    """The shortest order to walk through every place: exact up to twelve places, else a good one.

    Exact: dynamic programming over subsets (Held and Karp, 1962, SIAM Journal 10). Beyond: Christofides'
    tour (at most half as long again as the shortest), then crossings undone two by two.

    Args:
        metres: symmetric lengths, n × n.
        start: position of the first place.
        closed: come back to the start.

    Raises:
        RefusedInput: too many places, or one that cannot be walked to.
    """
    n = len(metres)
    if n > MOST_PLACES:
        raise RefusedInput(
            f"Tournée : {n} lieux, c'est trop pour une marche. Gardez-en {MOST_PLACES} au plus, "
            "ou faites une tournée par quartier."
        )
    if not np.isfinite(metres).all():
        raise RefusedInput("Tournée : deux lieux ne sont reliés par aucun chemin à pied.")
    others = [place for place in range(n) if place != start]
    exact = len(others) <= EXACT_PLACES
    rest = _exact(metres, start, others, closed=closed) if exact else _good(metres, start, closed=closed)
    order = [start, *rest]
    # A closed walk has two directions: the one whose first stop comes first in the order given.
    if closed and len(rest) > 1 and rest[0] > rest[-1]:
        order = [start, *reversed(rest)]
    steps = [*order, start] if closed and n > 1 else order
    legs = tuple(float(metres[a, b]) for a, b in pairwise(steps))
    return Round(order=tuple(order), legs_m=legs, exact=exact, closed=closed)


def reachable(metres: Floats, start: int) -> list[int]:
    """Positions of the places that can be walked to from the start, itself included."""
    return [int(place) for place in np.flatnonzero(np.isfinite(metres[start]))]


def _exact(metres: Floats, start: int, others: Sequence[int], *, closed: bool) -> list[int]:
    """`best[s, j]`: shortest walk from the start through the set `s`, ending at `others[j]`."""
    k = len(others)
    if k == 0:
        return []
    between = metres[np.ix_(others, others)]
    best = np.full((1 << k, k), np.inf)
    before = np.full((1 << k, k), -1, dtype=np.intp)
    for j in range(k):
        best[1 << j, j] = metres[start, others[j]]
    for visited in range(1, 1 << k):
        inside = np.array([j for j in range(k) if visited >> j & 1])
        for j in (j for j in range(k) if not visited >> j & 1):
            through = best[visited, inside] + between[inside, j]
            shortest = int(np.argmin(through))
            best[visited | 1 << j, j] = through[shortest]
            before[visited | 1 << j, j] = inside[shortest]
    full = (1 << k) - 1
    last = int(np.argmin(best[full] + (metres[others, start] if closed else 0.0)))
    order: list[int] = []
    visited = full
    while last >= 0:
        order.append(others[last])
        visited, last = visited & ~(1 << last), int(before[visited, last])
    return order[::-1]


def _good(metres: Floats, start: int, *, closed: bool) -> list[int]:
    graph: Any = nx.Graph()
    n = len(metres)
    graph.add_weighted_edges_from((a, b, float(metres[a, b])) for a in range(n) for b in range(a + 1, n))
    cycle = nx.approximation.christofides(graph)[:-1]
    at = cycle.index(start)
    forward = [*cycle[at + 1 :], *cycle[:at]]
    tries = [_uncrossed(metres, start, order, closed=closed) for order in (forward, forward[::-1])]
    lengths = [_length(metres, [start, *order], closed=closed) for order in tries]
    return tries[int(np.argmin(lengths))]


def _uncrossed(metres: Floats, start: int, order: Sequence[int], *, closed: bool) -> list[int]:
    """Turn parts of the walk round as long as it gets shorter (2-opt)."""
    walk = [start, *order]
    n = len(walk)
    shorter = True
    while shorter:
        shorter = False
        for i in range(1, n - 1):
            for j in range(i + 1, n):
                gain = metres[walk[i - 1], walk[i]] - metres[walk[i - 1], walk[j]]
                after = walk[(j + 1) % n] if closed or j + 1 < n else None
                if after is not None:
                    gain += metres[walk[j], after] - metres[walk[i], after]
                if gain > SHORTER_M:
                    walk[i : j + 1] = walk[i : j + 1][::-1]
                    shorter = True
    return walk[1:]


def _length(metres: Floats, order: Sequence[int], *, closed: bool) -> float:
    steps = [*order, order[0]] if closed else list(order)
    return float(sum(metres[a, b] for a, b in pairwise(steps)))
