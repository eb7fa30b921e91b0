"""Which places could matter to an area: everything else is left out before anything exact is measured."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from reseau.geo.nearness import Population
from reseau.geo.travel import Floats, Ints

# Wider than any rounding of coordinates of the order of 10⁷ m: a place too many costs time, never a figure.
MARGIN_M = 1e-6
# Up to so many distances are all computed: cheaper than building a tree.
ALL_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Boxes:
    """What bounds each area, metres: of its polygon, and of its inhabitants (n × 4, NaN where none)."""

    polygon: Floats
    people: Floats

    @property
    def both(self) -> Floats:
        """What bounds polygon and inhabitants together."""
        low = np.fmin(self.polygon[:, :2], self.people[:, :2])
        return np.hstack([low, np.fmax(self.polygon[:, 2:], self.people[:, 2:])])


@dataclass(frozen=True, slots=True)
class Segments:
    """Couples of an area and a place, sorted by area, type and place, cut where area or type changes.

    Attributes:
        area, place: position of each, couple by couple.
        start: first couple of each segment.
        type: type of each segment.
    """

    area: Ints
    place: Ints
    start: Ints
    type: Ints

    @property
    def length(self) -> Ints:
        """Couples of each segment."""
        return np.diff(np.append(self.start, len(self.area)))

    def least(self, values: Floats) -> Floats:
        """Smallest value of each segment, repeated for each of its couples; there is a couple at least."""
        return np.repeat(np.minimum.reduceat(values, self.start), self.length)

    def only(self, kept: NDArray[np.bool_]) -> Segments:
        """Some of the couples."""
        segment = np.repeat(np.arange(len(self.start)), self.length)[kept]
        start = np.flatnonzero(np.diff(segment, prepend=-1))
        return Segments(self.area[kept], self.place[kept], start, self.type[segment[start]])


def boxes(areas: NDArray[np.object_], population: Population) -> Boxes:
    """Bounds of areas and of their inhabitants."""
    people = np.full((len(areas), 4), np.nan)
    if len(population.xy):
        order = np.argsort(population.quartier, kind="stable")
        of, xy = population.quartier[order], population.xy[order]
        start = np.flatnonzero(np.diff(of, prepend=-1))
        people[of[start], :2] = np.minimum.reduceat(xy, start)
        people[of[start], 2:] = np.maximum.reduceat(xy, start)
    return Boxes(shapely.bounds(areas).reshape(-1, 4), people)


class Places:
    """Places by type, ready to be searched: made once, it serves for any number of areas.

    Attributes:
        given: position, in what was given, of each place kept (those of a type asked).
        xy, kind: coordinates and type of those.
    """

    def __init__(self, xy: Floats, kind: Ints, n_types: int) -> None:
        """See `reseau.geo.reach_table.reach_table`: `places`, `kind`, and the number of types."""
        self.given = np.flatnonzero((kind >= 0) & (kind < n_types))
        self.xy, self.kind = xy[self.given], kind[self.given]
        order = np.argsort(self.kind, kind="stable")
        edges = np.searchsorted(self.kind[order], np.arange(n_types + 1))
        self._members = [order[start:stop] for start, stop in pairwise(edges)]
        self._trees: dict[int, cKDTree] = {}

    def near(self, box: Floats, around_m: float) -> tuple[Ints, Ints]:
        """Couples (area, place) among which are the nearest of its type from anywhere in the box, and all
        that is so near the box.

        Everything in a box is at most its half-diagonal R from its centre. With d from the centre to the
        nearest place, the nearest of any point of the box is at most d + 2 R from the centre.

        Args:
            box: n × 4, metres, NaN for an area that has none.
            around_m: metres.
        """
        at = np.flatnonzero(~np.isnan(box[:, 0]))
        centre = (box[at, :2] + box[at, 2:]) / 2
        half = np.sqrt(((box[at, 2:] - box[at, :2]) ** 2).sum(axis=1)) / 2
        found = [self._near(t, centre, half, around_m) for t, some in enumerate(self._members) if len(some)]
        area = np.concatenate([np.empty(0, np.intp), *(area for area, _ in found)])
        place = np.concatenate([np.empty(0, np.intp), *(place for _, place in found)])
        return at[area], place

    def _near(self, t: int, centre: Floats, half: Floats, around_m: float) -> tuple[Ints, Ints]:
        members = self._members[t]
        if t not in self._trees and len(centre) * len(members) <= ALL_PAIRS:
            east, north = (self.xy[members, axis] - centre[:, axis, None] for axis in (0, 1))
            metres = _norm(east, north)
            reach = _reach(metres.min(axis=1), half, around_m)
            area, place = np.nonzero(metres <= reach[:, None])
            return area, members[place]
        if t not in self._trees:
            self._trees[t] = cKDTree(self.xy[members])
        reach = _reach(self._trees[t].query(centre)[0], half, around_m)
        lists = self._trees[t].query_ball_point(centre, reach)
        length = np.fromiter(map(len, lists), dtype=np.intp, count=len(lists))
        place = np.fromiter(chain.from_iterable(lists), dtype=np.intp, count=length.sum())
        return np.repeat(np.arange(len(centre)), length), members[place]

    def segments(self, area: Ints, place: Ints) -> Segments:
        """Couples put in order and cut."""
        order = np.lexsort((place, self.kind[place], area))
        area, place = area[order], place[order]
        kind = self.kind[place]
        start = np.flatnonzero((np.diff(area, prepend=-1) != 0) | (np.diff(kind, prepend=-1) != 0))
        return Segments(area, place, start, kind[start])


def _reach(nearest: Floats, half: Floats, around_m: float) -> Floats:
    reach: Floats = np.maximum(nearest + 2 * half, half + around_m) + MARGIN_M
    return reach


def box_distances(box: Floats, xy: Floats) -> tuple[Floats, Floats, Floats]:
    """Three bounds of the distance from points to what fills a box (n × 4 and n × 2, metres).

    Returns:
        least: to the box itself; touching: to something that touches the four sides of the box, at most (it
        is no further than the whole of any one side); most: to any point of the box, at most.
    """
    below, above = box[:, :2] - xy, xy - box[:, 2:]
    gap = np.maximum(np.maximum(below, above), 0.0)
    far = np.maximum(np.abs(below), np.abs(above))
    side = np.minimum(np.abs(below), np.abs(above))
    touching = np.minimum(_norm(side[:, 0], far[:, 1]), _norm(far[:, 0], side[:, 1]))
    return _norm(gap[:, 0], gap[:, 1]), touching, _norm(far[:, 0], far[:, 1])


def _norm(x: Floats, y: Floats) -> Floats:
    return np.sqrt(x * x + y * y)
