"""Access to the places of each type, as it is and as it would be if limits were otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reseau.geo.nearness import Population
from reseau.geo.reach_table import reach_table
from reseau.geo.travel import TOLERANCE_M, Floats, Ints, Travel

# Distances held at once: what stays in the processor's cache.
BLOCK = 250_000
# Couples of an inhabitant and a place asked of a network at once: some hundred megabytes.
COUPLES = 5_000_000
# Wider than any rounding of a coordinate; a place too many costs time, never a figure.
MARGIN_M = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReach:
    """Access of n quartiers to the m places of one type, for v variants of their limits.

    Attributes:
        share: v × n, share of inhabitants within the limit of a place; NaN where no boundary is drawn.
        metres: n, mean over inhabitants of the metres walked to the nearest place of each, NaN when none.
        first: n, position of the place most inhabitants reach first, -1 when none.
        inside, around: n, places in the quartier, and in it or at most 500 m from it (straight line).
        boundary: n, metres walked from the inhabitants' point closest to a place, NaN when none.
        closest: n × m, metres walked to each place from the inhabitants' point closest to it; infinite where
            that is beyond all its limits (or nobody is there), unless it may be the closest place.
    """

    share: Floats
    metres: Floats
    first: Ints
    inside: Ints
    around: Ints
    boundary: Floats
    closest: Floats


class _Places(NamedTuple):
    """Places of all types end to end: coordinates, type, limits (v × m), first place of each type."""

    xy: Floats
    kind: Ints
    limit: Floats
    start: Ints

    @property
    def furthest(self) -> Floats:
        """Largest limit of each place, -inf when it has none."""
        return np.asarray(np.where(np.isnan(self.limit), -np.inf, self.limit).max(axis=0), dtype=np.float64)


class _Block(NamedTuple):
    """Metres walked (k × n) between some places and some inhabitants of one quartier; inf when not near."""

    quartier: int
    place: Ints
    metres: Floats
    weight: Floats


def reach_types(
    travel: Travel,
    areas: NDArray[np.object_],
    population: Population,
    places: Sequence[Floats],
    limits: Sequence[Floats],
) -> list[TypeReach]:
    """Access of every quartier to every type.

    In a straight line, distances and the share of the first variant are those of `reach_table`, to the bit.

    Args:
        travel: how a walk is measured.
        areas: polygons of the quartiers in the metric CRS, None where none is drawn; n.
        population: their inhabitants.
        places: coordinates of the places of each type (m × 2, m ≥ 1), in a stable order.
        limits: limit of each place in each variant (v × m), metres walked, included, NaN for never near. In
            the first variant, all the places of a type have the same.
    """
    if not places:
        return []
    sizes = [len(xy) for xy in places]
    start = np.cumsum([0, *sizes[:-1]])
    every = _Places(
        np.concatenate(places),
        np.repeat(np.arange(len(places)), sizes),
        np.concatenate(limits, axis=1),
        start,
    )
    people = _sorted(population)
    share, closest = _within(travel, people, every)
    table = reach_table(areas, population, every.xy, every.kind, every.limit[0, start] / travel.detour)
    if travel.is_straight:
        metres, first = table.metres * travel.detour, table.first
        boundary = _finite(np.minimum.reduceat(closest, start, axis=1))
        share[0] = np.where(np.isnan(table.share), share[0], table.share)
    else:
        metres, first, boundary = _nearest(travel, people, places)
        first = np.where(first >= 0, first + start, -1)
    return [
        TypeReach(
            share=share[:, :, t],
            metres=metres[:, t],
            first=np.where(first[:, t] >= 0, first[:, t] - start[t], -1),
            inside=table.inside[:, t],
            around=table.around[:, t],
            boundary=boundary[:, t],
            closest=closest[:, start[t] : start[t] + sizes[t]],
        )
        for t in range(len(places))
    ]


def _sorted(population: Population) -> Population:
    order = np.argsort(population.quartier, kind="stable")
    return Population(
        population.xy[order], population.quartier[order], population.weight[order], population.n_quartiers
    )


def _within(travel: Travel, people: Population, places: _Places) -> tuple[Floats, Floats]:
    """Shares (v × n × types) and closest metres (n × m)."""
    n = people.n_quartiers
    share = np.zeros((len(places.limit), n, len(places.start)))
    closest = np.full((n, len(places.xy)), np.inf)
    blocks = _straight_blocks if travel.is_straight else _followed_blocks
    for block in blocks(travel, people, places):
        at, q = block.place, block.quartier
        closest[q, at] = np.minimum(closest[q, at], block.metres.min(axis=1))
        kind = places.kind[at]
        first = np.flatnonzero(np.diff(kind, prepend=-1))
        for variant, limit in enumerate(places.limit[:, at]):
            near = block.metres <= limit[:, None] + TOLERANCE_M * travel.detour
            share[variant, q, kind[first]] += np.logical_or.reduceat(near, first, axis=0) @ block.weight
    total = np.where(people.drawn, np.bincount(people.quartier, people.weight, n), np.nan)
    # Weights are sums of small parts: rounding keeps a whole quartier at exactly 1.
    return np.round(share / total[:, None], 12), closest


def _edges(people: Population) -> Ints:
    return np.searchsorted(people.quartier, np.arange(people.n_quartiers + 1))


def _straight_blocks(travel: Travel, people: Population, places: _Places) -> Iterator[_Block]:
    """Of each quartier, the places within a limit of somebody, and those that may be the closest."""
    edges, furthest = _edges(people), places.furthest / travel.detour
    sizes = np.diff(np.append(places.start, len(places.xy)))
    for q in np.flatnonzero(np.diff(edges)).tolist():
        xy = people.xy[edges[q] : edges[q + 1]]
        centre = (xy.min(axis=0) + xy.max(axis=0)) / 2
        radius = float(_lengths(centre[None, :], xy).max()) + MARGIN_M
        from_centre = _lengths(places.xy, centre[None, :])[:, 0]
        nearest = np.repeat(np.minimum.reduceat(from_centre, places.start), sizes)
        at = np.flatnonzero(from_centre <= np.maximum(furthest + radius, nearest + 2 * radius))
        step = max(1, BLOCK // len(at))
        for low in range(0, len(xy), step):
            metres = _lengths(places.xy[at], xy[low : low + step]) * travel.detour
            weight = people.weight[edges[q] + low : edges[q] + low + len(metres[0])]
            yield _Block(q, at, metres, weight)


def _followed_blocks(travel: Travel, people: Population, places: _Places) -> Iterator[_Block]:
    """The same from the couples a travel finds, some types at a time so that they can be held."""
    edges, step = _edges(people), max(1, BLOCK // len(places.xy))
    limit = np.where(places.furthest < 0, np.nan, places.furthest)
    for first, last in _some_types(places, max(1, COUPLES // max(1, len(people.xy)))):
        pairs = travel.pairs(people.xy, places.xy[first:last], limit[first:last])
        for q in range(people.n_quartiers):
            for low in range(int(edges[q]), int(edges[q + 1]), step):
                high = min(low + step, int(edges[q + 1]))
                found = slice(*np.searchsorted(pairs.origin, [low, high]))
                at, row = np.unique(pairs.place[found], return_inverse=True)
                if len(at):
                    metres = np.full((len(at), high - low), np.inf)
                    metres[row, pairs.origin[found] - low] = pairs.metres[found]
                    yield _Block(q, at + first, metres, people.weight[low:high])


def _some_types(places: _Places, most: int) -> Iterator[tuple[int, int]]:
    """Runs of whole types (first place, last excluded) of at most so many places, or of one type."""
    ends = np.append(places.start[1:], len(places.xy))
    first = 0
    for end, following in zip(ends, np.append(ends[1:], np.iinfo(np.intp).max), strict=True):
        if following - first > most:
            yield first, int(end)
            first = int(end)


def _nearest(
    travel: Travel, people: Population, places: Sequence[Floats]
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Mean metres, place reached first and metres of the closest inhabitant (n × types each).

    Somebody no path leads anywhere is not counted in the mean.
    """
    n = people.n_quartiers
    shape = (n, len(places))
    metres, boundary = np.full(shape, np.nan), np.full(shape, np.inf)
    first = np.full(shape, -1, dtype=np.intp)
    for t, xy in enumerate(places):
        found = travel.nearest(people.xy, xy)
        known = np.isfinite(found.metres)
        quartier, weight, length = people.quartier[known], people.weight[known], found.metres[known]
        total = np.bincount(quartier, weight, n)
        metres[:, t] = np.divide(
            np.bincount(quartier, weight * length, n), total, out=metres[:, t].copy(), where=total > 0
        )
        votes = np.bincount(quartier * len(xy) + found.place[known], weight, n * len(xy)).reshape(n, len(xy))
        first[:, t] = np.where(total > 0, votes.argmax(axis=1), -1)
        np.minimum.at(boundary[:, t], quartier, length)
    return metres, first, _finite(boundary)


def _lengths(places: Floats, origins: Floats) -> Floats:
    x = places[:, :1] - origins[None, :, 0]
    y = places[:, 1:] - origins[None, :, 1]
    x *= x
    y *= y
    x += y
    return np.sqrt(x, out=x)


def _finite(metres: Floats) -> Floats:
    return np.where(np.isfinite(metres), metres, np.nan)
