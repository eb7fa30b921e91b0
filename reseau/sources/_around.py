"""What lies within a distance of a territory's quartiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.geo import shapes
from reseau.geo.crs import WGS84, metric_epsg


def near_areas(positions: np.ndarray, areas_wkb: Sequence[bytes], metres: float) -> np.ndarray:
    """Whether each position is within a distance of one of the areas, in the areas' metric system.

    Args:
        positions: array (n, 2) of WGS84 longitudes and latitudes; NaN is near nothing.
        areas_wkb: boundaries, WKB in EPSG:4326.
        metres: zero for inside only.

    Returns:
        array (n,) of booleans.
    """
    near = np.zeros(len(positions), dtype=bool)
    areas_by_system: dict[int, list[BaseGeometry]] = defaultdict(list)
    for wkb in areas_wkb:
        area = shapes.from_wkb(wkb)
        areas_by_system[metric_epsg(lon=area.centroid.x, lat=area.centroid.y)].append(area)
    for epsg, areas in areas_by_system.items():
        metric = shapely.union_all(shapes.transform(areas, source=WGS84, target=epsg))
        shapely.prepare(metric)
        candidates = np.flatnonzero(_in_box(positions, shapely.total_bounds(areas), metres))
        xs, ys = shapes.transformer(WGS84, epsg).transform(positions[candidates, 0], positions[candidates, 1])
        near[candidates] |= shapely.dwithin(metric, shapely.points(xs, ys), metres)
    return near


def _in_box(positions: np.ndarray, bounds: np.ndarray, metres: float) -> np.ndarray:
    """Cheap first choice: a box in degrees, a little too large (a degree of latitude is 110 km or more)."""
    west, south, east, north = bounds
    high = metres / 110_000
    wide = high / max(0.1, float(np.cos(np.radians(max(abs(south), abs(north)) + high))))
    lon, lat = positions[:, 0], positions[:, 1]
    return np.asarray(
        (lon >= west - wide) & (lon <= east + wide) & (lat >= south - high) & (lat <= north + high)
    )
