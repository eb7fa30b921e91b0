"""Who is near what: distances from inhabitants' points to service points, in a metric CRS."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# Coordinates are of the order of 10⁷ m, so a distance is known to about 10⁻⁸ m.
TOLERANCE_M = 5e-8


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants as arrays: coordinates (n × 2, metres), position of their quartier, weight."""

    xy: Floats
    quartier: Ints
    weight: Floats
    n_quartiers: int

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """For each quartier, whether it has any point (a boundary was drawn)."""
        return np.bincount(self.quartier, minlength=self.n_quartiers) > 0


def population_arrays(population: gpd.GeoDataFrame, quartier_ids: pd.Index) -> Population:
    """Arrays of a `population_points` frame, for the quartiers given, in their order."""
    position = quartier_ids.get_indexer(population["quartier_id"])
    kept = position >= 0
    xy = np.column_stack([population.geometry.x.to_numpy(), population.geometry.y.to_numpy()])
    return Population(
        xy=xy[kept],
        quartier=position[kept],
        weight=population["weight"].to_numpy(dtype=np.float64)[kept],
        n_quartiers=len(quartier_ids),
    )


def near_pairs(population: Population, places: Floats, radius_m: Floats) -> tuple[Ints, Ints]:
    """Places within their own radius of at least one inhabitants' point of a quartier.

    Args:
        population: inhabitants in a metric CRS.
        places: coordinates, m × 2, same CRS, metres.
        radius_m: radius of each place, included, metres (NaN: never near).

    Returns:
        Positions of the quartiers and of the places, pair by pair.
    """
    quartiers: list[Ints] = [np.empty(0, dtype=np.intp)]
    found: list[Ints] = [np.empty(0, dtype=np.intp)]
    bound = float(np.max(radius_m, initial=0.0, where=~np.isnan(radius_m))) + 1.0
    order = np.argsort(population.quartier, kind="stable")
    edges = np.searchsorted(population.quartier[order], np.arange(population.n_quartiers + 1))
    for q in range(population.n_quartiers):
        inhabitants = population.xy[order[edges[q] : edges[q + 1]]]
        if not len(inhabitants) or not len(places):
            continue
        distance, _ = cKDTree(inhabitants).query(places, distance_upper_bound=bound)
        near = np.flatnonzero(distance <= radius_m + TOLERANCE_M)
        quartiers.append(np.full(len(near), q, dtype=np.intp))
        found.append(near)
    return np.concatenate(quartiers), np.concatenate(found)
