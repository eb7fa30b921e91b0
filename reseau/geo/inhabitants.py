"""Where the inhabitants of each quartier are, from the best source loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from reseau.geo.density import Blocks, Density, Squares
from reseau.geo.grid import population_points

EVENLY = "répartis également"
NO_BOUNDARY = "contour inconnu"


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

    Each quartier takes the best source that speaks of it (see `Squares`, `Blocks`); the points themselves
    are those of `population_points`, whatever the source. The number of inhabitants is the published one;
    where there is none, the sum of what the source counts inside the boundary, rounded to the ten and said to
    be estimated; else unknown.

    Args:
        quartiers: QUARTIERS frame, index = quartier id.
        crs: metric CRS of the result, an EPSG code.
        squares: SQUARES frame, None when none is loaded.
        iris: IRIS frame, None when none is loaded.
    """
    points = population_points(quartiers, crs=crs)
    table = pd.DataFrame(
        {
            "population": quartiers["population"].astype(float),
            "population_source": quartiers["population_source"].fillna("").astype(object),
            "estimated": False,
            "spread": pd.Series(NO_BOUNDARY, index=quartiers.index, dtype=object),
        },
        index=quartiers.index,
    )
    sources = _sources(crs, squares, iris)
    areas = quartiers.geometry.to_crs(crs)
    xy = np.column_stack([points.geometry.x.to_numpy(), points.geometry.y.to_numpy()])
    weight = points["weight"].to_numpy(dtype=np.float64, copy=True)
    for quartier_id, at in points.groupby("quartier_id").indices.items():
        found = (source.density(areas[quartier_id], xy[at]) for source in sources)
        density = next((item for item in found if item is not None), None)
        table.loc[quartier_id, "spread"] = EVENLY if density is None else density.label
        if density is not None:
            weight[at] = density.weight / density.weight.sum()
            _estimate(table, quartier_id, density)
    points = points.assign(weight=weight)
    return Inhabitants(points=points, quartiers=table, key=digest(points, table))


def _sources(
    crs: str, squares: gpd.GeoDataFrame | None, iris: gpd.GeoDataFrame | None
) -> list[Squares | Blocks]:
    """What can be asked, best first."""
    sources: list[Squares | Blocks] = []
    if squares is not None and len(squares):
        sources.append(Squares(squares, CRS.from_user_input(crs).to_epsg() or 0))
    if iris is not None and len(iris):
        sources.append(Blocks(iris, crs))
    return sources


def _estimate(table: pd.DataFrame, quartier_id: Any, density: Density) -> None:
    if np.isnan(table.loc[quartier_id, "population"]) and not np.isnan(density.people):
        table.loc[quartier_id, "population"] = round(density.people, -1)
        table.loc[quartier_id, "population_source"] = f"estimation : {density.label}"
        table.loc[quartier_id, "estimated"] = True


def digest(points: gpd.GeoDataFrame, table: pd.DataFrame | None = None) -> str:
    """Digest of inhabitants' points (coordinates, quartiers, weights and CRS) and of what is said of them."""
    found = hashlib.blake2b(str(points.crs).encode(), digest_size=16)
    for column in (points.geometry.x, points.geometry.y, points["quartier_id"], points["weight"]):
        found.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    if table is not None:
        found.update(table.to_csv().encode())
    return found.hexdigest()
