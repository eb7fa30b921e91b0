"""Straight-line access of many areas to many types of place at once: the kernel every table is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from reseau.geo.nearness import Population, nearness
from reseau.geo.travel import TOLERANCE_M, Floats, Ints

AROUND_M = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTable:
    """Arrays areas × types.

    Attributes:
        inside: places in the area, its boundary included.
        around: places in the area or at most 500 m from it.
        boundary_m: metres from the area to its nearest place (0 inside), NaN when there is none.
        metres: mean over inhabitants of the straight line to the nearest place of each, NaN when none.
        share: share of inhabitants at most the type's radius from a place, NaN where nothing is known.
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
        places: coordinates, m × 2, metres, sorted in a stable order (of two places at the same distance or
            of the same weight, the first is kept).
        kind: type of each place, m, from 0.
        radius_m: straight-line radius of each type, included; NaN for none.
    """
    shape = (len(areas), len(radius_m))
    table = ReachTable(
        inside=np.zeros(shape, dtype=np.intp),
        around=np.zeros(shape, dtype=np.intp),
        boundary_m=np.full(shape, np.nan),
        metres=np.full(shape, np.nan),
        share=np.full(shape, np.nan),
        first=np.full(shape, -1, dtype=np.intp),
    )
    points = np.asarray(shapely.points(places), dtype=object).reshape(-1)
    for t, radius in enumerate(radius_m):
        members = np.flatnonzero(kind == t)
        reach = nearness(population, places[members], radius_m=float(radius))
        table.share[:, t], table.metres[:, t] = reach.share, reach.metres
        if len(members):
            table.first[:, t] = np.where(reach.first >= 0, members[reach.first], -1)
        for q, area in enumerate(areas):
            if area is None or not len(members):
                continue
            metres = shapely.distance(points[members], area)
            table.inside[q, t] = np.count_nonzero(metres <= TOLERANCE_M)
            table.around[q, t] = np.count_nonzero(metres <= AROUND_M + TOLERANCE_M)
            table.boundary_m[q, t] = metres.min()
    return table
