"""A walk along the two directions of a grid of streets: not a straight line, and easy to know by heart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reseau.geo.travel import Floats, Nearest, Pairs


@dataclass(frozen=True)
class Manhattan:
    """|x| + |y|. `wall`: x (metres in the CRS) that no path crosses, None for none."""

    wall: float | None = None
    label: str = "rues en damier d'essai"
    detour: float = 1.0
    is_straight: bool = False

    @property
    def key(self) -> str:
        return f"manhattan:{self.wall}"

    def _lengths(self, origins: Floats, places: Floats) -> Floats:
        metres = np.abs(origins[:, None, :] - places[None, :, :]).sum(axis=2)
        if self.wall is not None:
            metres[(origins[:, None, 0] < self.wall) != (places[None, :, 0] < self.wall)] = np.inf
        return metres

    def nearest(self, origins: Floats, places: Floats) -> Nearest:
        if not len(places) or not len(origins):
            return Nearest(np.full(len(origins), np.nan), np.full(len(origins), -1))
        metres = self._lengths(origins, places)
        least = metres.min(axis=1)
        found = np.isfinite(least)
        return Nearest(np.where(found, least, np.nan), np.where(found, metres.argmin(axis=1), -1))

    def pairs(self, origins: Floats, places: Floats, limit_m: Floats) -> Pairs:
        metres = self._lengths(origins, places)
        origin, place = np.nonzero(metres <= limit_m[None, :] + 5e-8)
        return Pairs(origin, place, metres[origin, place])

    def area(self, places: Floats, limit_m: float) -> None:
        return None


def plain_length(travel: Manhattan | None, detour: float) -> Callable[..., float]:
    """The same walk written for two places, for oracles."""
    if travel is None:
        return lambda a, b: float(np.hypot(a[0] - b[0], a[1] - b[1])) * detour
    return lambda a, b: abs(a[0] - b[0]) + abs(a[1] - b[1])
