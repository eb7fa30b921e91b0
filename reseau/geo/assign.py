"""In which quartier a structure is, or near which ones."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

WGS84 = "EPSG:4326"
# About a millimetre: a point written on the boundary is inside, in spite of rounding.
BOUNDARY_DEGREES = 1e-8


def locate(
    structures: gpd.GeoDataFrame, quartiers: gpd.GeoDataFrame, *, crs: CRS | str, near_m: float = 500.0
) -> pd.DataFrame:
    """List the quartiers each placed structure is in or near. A boundary belongs to its quartier.

    «Inside» is read in longitudes and latitudes, as boundaries are published: a side drawn straight there
    is slightly curved in a metric CRS. Distances are read in `crs`.

    Args:
        structures: STRUCTURES frame (`placed`, point geometry), any declared CRS, index = structure id.
        quartiers: QUARTIERS frame, any declared CRS, index = quartier id.
        crs: metric CRS.
        near_m: distance to the boundary that counts as near, included, metres.

    Returns:
        Frame `structure_id`, `quartier_id`, `inside` (bool), `metres` (0.0 inside), sorted by the ids.
        A structure far from every quartier, or not placed, has no row.
    """
    placed = structures[structures["placed"].eq(True) & _drawn(structures)]
    areas = quartiers[_drawn(quartiers)]
    degrees = shapely.STRtree(areas.geometry.to_crs(WGS84).to_numpy())
    inside = degrees.query(
        placed.geometry.to_crs(WGS84).to_numpy(), predicate="dwithin", distance=BOUNDARY_DEGREES
    )
    points, shapes = placed.geometry.to_crs(crs).to_numpy(), areas.geometry.to_crs(crs).to_numpy()
    near = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=near_m)
    pairs = np.unique(np.concatenate([inside, near], axis=1), axis=1)
    frame = pd.DataFrame(
        {
            "structure_id": placed.index.to_numpy()[pairs[0]],
            "quartier_id": areas.index.to_numpy()[pairs[1]],
            # Without a type, no pair at all would be a column of objects, which filters nothing.
            "inside": np.array(_among(pairs, inside), dtype=bool),
            "metres": shapely.distance(points[pairs[0]], shapes[pairs[1]]),
        }
    )
    frame["metres"] = frame["metres"].mask(frame["inside"], 0.0)
    return frame.sort_values(["structure_id", "quartier_id"], ignore_index=True)


def _drawn(frame: gpd.GeoDataFrame) -> pd.Series[bool]:
    drawn: pd.Series[bool] = frame.geometry.notna() & ~frame.geometry.is_empty
    return drawn


def _among(pairs: np.ndarray, wanted: np.ndarray) -> list[bool]:
    known = set(map(tuple, wanted.T.tolist()))
    return [pair in known for pair in map(tuple, pairs.T.tolist())]
