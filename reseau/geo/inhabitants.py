"""Where the inhabitants of each quartier are, from the best source loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.geo.grid import population_points

EVENLY = "réparties également dans le quartier"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inhabitants:
    """Inhabitants of the quartiers of a territory.

    Attributes:
        points: `quartier_id`, `weight` (sum 1 per quartier), point `geometry` in a metric CRS.
        quartiers: index = quartier id. `population`: inhabitants (float, NaN unknown); `population_source`:
            French, empty when unknown; `estimated`: it is a sum of squares or blocks, not a published figure;
            `spread`: French, how the weights were made, for the reader.
        key: digest of all that, to know whether anything changed.
    """

    points: gpd.GeoDataFrame
    quartiers: pd.DataFrame
    key: str


def inhabitants(
    quartiers: gpd.GeoDataFrame,
    *,
    crs: str,
    squares: gpd.GeoDataFrame | None = None,
    iris: gpd.GeoDataFrame | None = None,
) -> Inhabitants:
    """Spread the inhabitants of each quartier: by 200 m squares, else by IRIS, else evenly.

    Args:
        quartiers: QUARTIERS frame, index = quartier id.
        crs: metric CRS of the result.
        squares: SQUARES frame, None when none is loaded.
        iris: IRIS frame, None when none is loaded.
    """
    points = population_points(quartiers, crs=crs)
    table = pd.DataFrame(
        {
            "population": quartiers["population"].astype(float),
            "population_source": quartiers["population_source"],
            "estimated": False,
            "spread": EVENLY,
        },
        index=quartiers.index,
    )
    return Inhabitants(points=points, quartiers=table, key=digest(points))


def digest(points: gpd.GeoDataFrame) -> str:
    """Digest of inhabitants' points: coordinates, quartiers, weights and CRS."""
    found = hashlib.blake2b(str(points.crs).encode(), digest_size=16)
    for column in (points.geometry.x, points.geometry.y, points["quartier_id"], points["weight"]):
        found.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return found.hexdigest()
