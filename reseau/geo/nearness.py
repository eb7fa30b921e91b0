"""Inhabitants as arrays, in a metric CRS: what distances to service points are measured from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


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
