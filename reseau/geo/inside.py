"""Points that are not in the commune they say they are in."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

WGS84 = "EPSG:4326"


def outside_commune(
    points: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame, *, epsg: int, tolerance_m: float = 100.0
) -> pd.Series[Any]:
    """Whether each point is outside the commune it declares.

    Args:
        points: `insee` (code of the commune declared, empty when none) and point geometry or None, any
            declared CRS.
        boundaries: `code` and polygon, any declared CRS; several rows may have the same code.
        epsg: metric system in which distances are measured.
        tolerance_m: a point this near to its commune, metres, is not outside: published boundaries are
            generalised, and an entrance may be across the street.

    Returns:
        True, False, or None where it cannot be told: no point, no commune declared, or no boundary of that
        commune. Object dtype, same index as `points`.
    """
    answers = pd.Series([None] * len(points), index=points.index, dtype=object)
    places = points.geometry.to_crs(epsg=epsg).to_numpy()
    shapes = boundaries.geometry.to_crs(epsg=epsg).to_numpy()
    by_code = pd.Series(range(len(boundaries))).groupby(boundaries["code"].to_numpy()).apply(list).to_dict()
    drawn = ~(shapely.is_missing(places) | shapely.is_empty(places))
    codes = points["insee"].fillna("").to_numpy(dtype=object)
    for code in sorted(set(codes[drawn]) & set(by_code)):
        mine = np.flatnonzero((codes == code) & drawn)
        area = shapely.union_all(shapes[by_code[code]])
        shapely.prepare(area)
        near = shapely.dwithin(area, places[mine], tolerance_m)
        for place, inside in zip(mine.tolist(), near.tolist(), strict=True):
            answers.iloc[place] = not inside
    return answers
