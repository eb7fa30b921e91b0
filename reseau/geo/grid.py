"""Inhabitants spread evenly in each quartier, while nothing better is loaded."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

MAXIMUM_POINTS = 4000
# Bounds the memory one part can ask for: a thread-like polygon may have a huge bounding box.
MAXIMUM_CELLS = 1_000_000
REFINEMENTS = 4


def population_points(
    quartiers: gpd.GeoDataFrame, *, crs: CRS | str, spacing_m: float = 50.0, minimum: int = 200
) -> gpd.GeoDataFrame:
    """Put an even grid of points in each quartier, each standing for the same share of its inhabitants.

    The grid is anchored on each polygon's own bounds, so that a quartier gets the same points whatever
    the other rows and their order. Its spacing shrinks so that a small quartier has about `minimum`
    points and grows so that a huge one has about 4,000. Holes hold nobody; parts share the inhabitants by
    area. A polygon too thin for any grid point is one representative point. A quartier without a boundary
    has no row.

    Args:
        quartiers: frame of polygons, any CRS, index = quartier id.
        crs: metric CRS of the result.
        spacing_m: largest wanted spacing, metres.
        minimum: points wanted at least in a quartier.

    Returns:
        Frame with `quartier_id`, `weight` (sum 1 per quartier) and point `geometry` in `crs`.
    """
    ids: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float64]] = []
    points: list[NDArray[np.float64]] = []
    for quartier_id, shape in quartiers.geometry.to_crs(crs).items():
        if shape is None or shape.is_empty:
            continue
        xy = _points_in(shape, spacing_m, minimum)
        points.append(xy)
        ids.append(np.full(len(xy), quartier_id, dtype=np.int64))
        weights.append(np.full(len(xy), 1.0 / len(xy)))
    xy = np.concatenate(points) if points else np.empty((0, 2))
    return gpd.GeoDataFrame(
        {
            "quartier_id": np.concatenate(ids) if ids else np.empty(0, dtype=np.int64),
            "weight": np.concatenate(weights) if weights else np.empty(0),
        },
        geometry=shapely.points(xy),
        crs=crs,
    )


def _points_in(shape: BaseGeometry, spacing_m: float, minimum: int) -> NDArray[np.float64]:
    spacing = min(spacing_m, math.sqrt(shape.area / minimum)) if shape.area > 0 else spacing_m
    spacing = max(spacing, math.sqrt(shape.area / MAXIMUM_POINTS))
    west, south, _, _ = shape.bounds
    for _ in range(REFINEMENTS):
        parts = [_grid_in(part, (west, south), spacing) for part in shapely.get_parts(shape)]
        xy = np.concatenate(parts)
        # Where a thin shape falls between grid lines, a finer grid is tried before giving up.
        if len(xy) >= minimum / 4:
            return xy
        spacing /= 2
    if len(xy):
        return xy
    inside = shape.representative_point()
    return np.array([[inside.x, inside.y]])


def _grid_in(part: BaseGeometry, anchor: tuple[float, float], spacing: float) -> NDArray[np.float64]:
    """Grid points strictly inside one part; the anchor is common to all parts of a quartier."""
    west, south, east, north = part.bounds
    columns, rows = (east - west) / spacing + 2, (north - south) / spacing + 2
    step = max(1, math.ceil(math.sqrt(columns * rows / MAXIMUM_CELLS)))
    xs = _axis(west, east, anchor[0], spacing, step)
    ys = _axis(south, north, anchor[1], spacing, step)
    grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(xs, ys))
    shapely.prepare(part)
    kept = shapely.contains_xy(part, grid_x, grid_y)
    return np.column_stack([grid_x[kept], grid_y[kept]])


def _axis(low: float, high: float, anchor: float, spacing: float, step: int) -> NDArray[np.float64]:
    first = math.floor((low - anchor) / spacing)
    last = math.ceil((high - anchor) / spacing)
    return np.asarray(anchor + (np.arange(first, last + 1, step) + 0.5) * spacing, dtype=np.float64)
