"""Ways of measuring a walk: between any points of a metric CRS, whatever lies between them.

The straight line is one, a walking network (`reseau.geo.network`) is another; nothing else in the house knows
which one it holds. Lengths are metres *walked*; a length is turned into minutes by the walking speed alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# Coordinates are of the order of 10⁷ m, so a distance is known to about 10⁻⁸ m.
TOLERANCE_M = 5e-8
QUARTER_CIRCLE_SEGMENTS = 16


class Nearest(NamedTuple):
    """For each origin: metres walked to the nearest place (NaN when there is none), its position (-1)."""

    metres: Floats
    place: Ints


class Pairs(NamedTuple):
    """Couples of an origin and a place, sorted by origin then place: positions and metres walked."""

    origin: Ints
    place: Ints
    metres: Floats


class Travel(Protocol):
    """A way of measuring a walk.

    Attributes:
        label: how it measures, in French, as said beside every figure.
        detour: what a length is divided by to give the length users read (the detour factor of a straight
            line, 1 for a path that was really followed).
        is_straight: whether lengths are straight lines × `detour`.
        key: text that changes whenever lengths could.
    """

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def detour(self) -> float: ...  # noqa: D102
    @property
    def is_straight(self) -> bool: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102

    def nearest(self, origins: Floats, places: Floats) -> Nearest:
        """Nearest place of each origin. Of two at the same distance, the first is kept.

        Args:
            origins: n × 2, metres, in the CRS of the travel.
            places: m × 2, same CRS.
        """
        ...

    def pairs(self, origins: Floats, places: Floats, limit_m: Floats) -> Pairs:
        """Every couple at most so many metres walked from each other.

        Args:
            origins: n × 2, metres.
            places: m × 2, metres.
            limit_m: limit of each place, included, metres walked (m; NaN: never near).
        """
        ...

    def area(self, places: Floats, limit_m: float) -> BaseGeometry | None:
        """What lies within so many metres walked of any of the places: an area in the CRS, None if none."""
        ...


@dataclass(frozen=True, slots=True)
class StraightLine:
    """Straight line × detour factor: a labelled estimate, used where no walking network is loaded."""

    detour: float

    @property
    def label(self) -> str:
        """«ligne droite × 1,3»."""
        return f"ligne droite ×\u00a0{self.detour:g}".replace(".", ",")

    @property
    def is_straight(self) -> bool:
        """Yes."""
        return True

    @property
    def key(self) -> str:
        """The factor."""
        return f"straight:{self.detour!r}"

    def nearest(self, origins: Floats, places: Floats) -> Nearest:
        """See `Travel.nearest`."""
        if not len(places) or not len(origins):
            return Nearest(np.full(len(origins), np.nan), np.full(len(origins), -1, dtype=np.intp))
        metres, place = cKDTree(places).query(origins)
        return Nearest(metres * self.detour, place.astype(np.intp))

    def pairs(self, origins: Floats, places: Floats, limit_m: Floats) -> Pairs:
        """See `Travel.pairs`."""
        radius = limit_m / self.detour + TOLERANCE_M
        bound = float(np.max(radius, initial=-1.0, where=~np.isnan(radius)))
        if not len(origins) or not len(places) or bound < 0:
            return Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
        found = cKDTree(places).sparse_distance_matrix(cKDTree(origins), bound, output_type="ndarray")
        found = found[found["v"] <= radius[found["i"]]]
        order = np.lexsort((found["i"], found["j"]))
        place, origin = found["i"][order].astype(np.intp), found["j"][order].astype(np.intp)
        return Pairs(origin, place, found["v"][order] * self.detour)

    def area(self, places: Floats, limit_m: float) -> BaseGeometry | None:
        """See `Travel.area`: union of discs."""
        if not len(places):
            return None
        discs = shapely.buffer(
            shapely.points(places), limit_m / self.detour, quad_segs=QUARTER_CIRCLE_SEGMENTS
        )
        union: BaseGeometry = shapely.union_all(discs)
        return union
