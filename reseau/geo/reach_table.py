"""Straight-line access of many areas to many types of place at once: the kernel every table is made of.

Exact, and quick because most couples of an area and a place are never measured: of each type, only the places
that could be the nearest of somebody (see `reseau.geo._candidates`).

The figures of an area depend on that area, its own inhabitants in their order and the places alone: one call
for the whole country and one by département give the same bits. So sums go along one area, never across the
columns of a matrix, whose order of addition depends on their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from reseau.geo._candidates import MARGIN_M, Boxes, Places, Segments, box_distances, boxes
from reseau.geo.nearness import Population
from reseau.geo.travel import TOLERANCE_M, Floats, Ints

__all__ = ["AROUND_M", "Places", "ReachTable", "reach_among", "reach_table"]

AROUND_M = 500.0
# Both bound memory: areas looked at together, and distances held at once (half a megabyte stays in cache).
AREAS_AT_ONCE = 256
DISTANCES_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTable:
    """Arrays areas × types.

    Attributes:
        inside: places in the area, its boundary included.
        around: places in the area or at most 500 m from it.
        boundary_m: metres from the area to its nearest place (0 inside), NaN when there is none.
        metres: mean over inhabitants of the straight line to the nearest place of each, NaN when none.
        share: share of inhabitants at most the type's radius from a place, NaN where nothing is known or the
            type has no radius.
        first: position (in the places given) of the place most inhabitants reach first, -1 when none.
    """

    inside: Ints
    around: Ints
    boundary_m: Floats
    metres: Floats
    share: Floats
    first: Ints


def reach_table(
    areas: NDArray[np.object_],
    population: Population,
    places: Floats,
    kind: Ints,
    radius_m: Floats,
) -> ReachTable:
    """Access of every area to every type, all in one metric CRS.

    Args:
        areas: polygons, None where no boundary is drawn; n.
        population: inhabitants of those areas.
        places: finite coordinates, m × 2, metres, sorted in a stable order (of two places at the same
            distance or of the same weight, the first is kept).
        kind: type of each place, m, from 0; places of any other type are left aside.
        radius_m: straight-line radius of each type, included; NaN for none.
    """
    return reach_among(areas, population, Places(places, kind, len(radius_m)), radius_m)


def reach_among(
    areas: NDArray[np.object_], population: Population, places: Places, radius_m: Floats
) -> ReachTable:
    """The same among places made ready once: to go through a country piece by piece."""
    table = _unknown(len(areas), len(radius_m))
    bounds = boxes(areas, population)
    people = _People(population)
    for start in range(0, len(areas), AREAS_AT_ONCE):
        area, place = places.near(bounds.both[start : start + AREAS_AT_ONCE], AROUND_M + TOLERANCE_M)
        couples = places.segments(area + start, place)
        if len(couples.start):
            _from_boundaries(table, areas, places.xy, _could_be_near(couples, places.xy, bounds))
            _from_inhabitants(table, people, places.xy, _could_be_first(couples, places.xy, bounds), radius_m)
    table.first[...] = np.append(places.given, -1)[table.first]
    return table


def _unknown(n_areas: int, n_types: int) -> ReachTable:
    shape = (n_areas, n_types)
    return ReachTable(
        inside=np.zeros(shape, dtype=np.intp),
        around=np.zeros(shape, dtype=np.intp),
        boundary_m=np.full(shape, np.nan),
        metres=np.full(shape, np.nan),
        share=np.full(shape, np.nan),
        first=np.full(shape, -1, dtype=np.intp),
    )


def _could_be_near(couples: Segments, xy: Floats, bounds: Boxes) -> Segments:
    """Places that may be the nearest of a polygon, and those that may be around it."""
    least, touching, _ = box_distances(bounds.polygon[couples.area], xy[couples.place])
    limit = np.maximum(couples.least(touching), AROUND_M + TOLERANCE_M) + MARGIN_M
    return couples.only(least <= limit)


def _could_be_first(couples: Segments, xy: Floats, bounds: Boxes) -> Segments:
    """Places that may be the nearest of an inhabitant."""
    least, _, most = box_distances(bounds.people[couples.area], xy[couples.place])
    return couples.only(least <= couples.least(most) + MARGIN_M)


def _from_boundaries(table: ReachTable, areas: NDArray[np.object_], xy: Floats, couples: Segments) -> None:
    if not len(couples.start):
        return
    metres = shapely.distance(shapely.points(xy[couples.place]), areas[couples.area])
    cell = couples.area[couples.start], couples.type
    table.boundary_m[cell] = np.minimum.reduceat(metres, couples.start)
    table.inside[cell] = np.add.reduceat(metres <= TOLERANCE_M, couples.start, dtype=np.intp)
    table.around[cell] = np.add.reduceat(metres <= AROUND_M + TOLERANCE_M, couples.start, dtype=np.intp)


class _People:
    """Inhabitants, area by area."""

    def __init__(self, population: Population) -> None:
        order = np.argsort(population.quartier, kind="stable")
        self._xy, self._weight = population.xy[order], population.weight[order]
        self._edges = np.searchsorted(population.quartier[order], np.arange(population.n_quartiers + 1))

    def of(self, area: int) -> tuple[Floats, Floats]:
        """Coordinates and weights of the inhabitants of an area, in their order."""
        at = slice(self._edges[area], self._edges[area + 1])
        return self._xy[at], self._weight[at]


def _from_inhabitants(
    table: ReachTable, people: _People, xy: Floats, couples: Segments, radius_m: Floats
) -> None:
    edges = np.append(couples.start, len(couples.area))
    for first, last in _runs(couples.area[couples.start]):
        who, weight = people.of(int(couples.area[edges[first]]))
        total = float(_sums(weight[None, :])[0])
        if not total > 0:
            continue
        cell = couples.area[edges[first]], couples.type[first:last]
        candidates = couples.place[edges[first] : edges[last]]
        start = couples.start[first:last] - edges[first]
        metres, winner = _nearest(who, xy[candidates], start)
        radius = radius_m[cell[1], None]
        # Weights are sums of 1/n: rounding keeps a whole quartier at exactly 1.
        share = np.round(_sums(weight * (metres <= radius + TOLERANCE_M)) / total, 12)
        table.share[cell] = np.where(np.isnan(radius[:, 0]), np.nan, share)
        table.metres[cell] = _sums(weight * metres) / total
        votes = np.bincount(winner.ravel(), np.tile(weight, len(winner)), len(candidates))
        table.first[cell] = candidates[_first_most(votes.astype(np.float64, copy=False), start)]


def _runs(values: Ints) -> Iterator[tuple[int, int]]:
    """Where equal values that follow each other begin and end."""
    edges = np.flatnonzero(np.diff(values, prepend=-1, append=-1))
    return zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _nearest(who: Floats, xy: Floats, start: Ints) -> tuple[Floats, Ints]:
    """Metres from each inhabitant to the nearest candidate of each type, and which one: types × inhabitants.

    Args:
        who: inhabitants of one area, n × 2.
        xy: candidates sorted by type, c × 2.
        start: first candidate of each type.
    """
    segment = _segment(start, len(xy))
    metres = np.empty((len(start), len(who)))
    winner = np.empty(metres.shape, dtype=np.intp)
    step = max(1, DISTANCES_AT_ONCE // len(xy))
    for at in range(0, len(who), step):
        some = slice(at, at + step)
        east, north = (xy[:, axis, None] - who[None, some, axis] for axis in (0, 1))
        squared = east * east + north * north
        least = np.minimum.reduceat(squared, start, axis=0)
        candidate, person = np.nonzero(squared == least[segment])
        # Backwards, so that of candidates at the same distance the first is written last.
        winner[segment[candidate[::-1]], at + person[::-1]] = candidate[::-1]
        metres[:, some] = np.sqrt(least)
    return metres, winner


def _first_most(votes: Floats, start: Ints) -> Ints:
    """Of each segment, the first that has most votes."""
    segment = _segment(start, len(votes))
    most = np.flatnonzero(votes == np.maximum.reduceat(votes, start)[segment])
    found: Ints = most[np.flatnonzero(np.diff(segment[most], prepend=-1))]
    return found


def _segment(start: Ints, length: int) -> Ints:
    return np.repeat(np.arange(len(start)), np.diff(np.append(start, length)))


def _sums(rows: Floats) -> Floats:
    """Sum of each row, added along the row whatever the number of rows."""
    sums: Floats = np.add.reduceat(rows.ravel(), np.arange(0, rows.size, rows.shape[1]))
    return sums
