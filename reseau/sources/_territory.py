"""Which shapes of a national file are in a territory, or near its quartiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.geo import shapes
from reseau.geo.crs import WGS84, metric_epsg


def areas_by_system(areas_wkb: Sequence[bytes]) -> dict[int, BaseGeometry]:
    """One shape in metres per metric system (EPSG code), out of areas in EPSG:4326.

    A territory is in one system, but nothing says so of two shapes a person put together.
    """
    grouped: dict[int, list[BaseGeometry]] = defaultdict(list)
    for wkb in areas_wkb:
        area = shapes.from_wkb(wkb)
        grouped[metric_epsg(lon=area.centroid.x, lat=area.centroid.y)].append(area)
    return {
        epsg: shapely.union_all(shapes.transform(areas, source=WGS84, target=epsg))
        for epsg, areas in grouped.items()
    }


def near(geometries: np.ndarray, areas_wkb: Sequence[bytes], metres: float) -> np.ndarray:
    """Whether each geometry (EPSG:4326) is within a distance of one of the areas (EPSG:4326).

    Args:
        geometries: object array; None is near nothing.
        metres: zero: touching is enough.
    """
    found = np.zeros(len(geometries), dtype=bool)
    for epsg, area in areas_by_system(areas_wkb).items():
        shapely.prepare(area)
        west, south, east, north = shapes.transform(
            [shapely.box(*shapely.bounds(shapely.buffer(area, metres + 1)))], source=epsg, target=WGS84
        )[0].bounds
        # A box in degrees first: most of a national file is far away, and cannot be measured in this system.
        margin = 0.01
        box = shapely.box(west - margin, south - margin, east + margin, north + margin)
        candidates = np.flatnonzero(shapely.intersects(geometries, box))
        metric = shapes.transform(geometries[candidates], source=WGS84, target=epsg)
        found[candidates] |= shapely.dwithin(area, metric, metres)
    return found
