"""What lies within a distance of service points."""

from __future__ import annotations

import geopandas as gpd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

QUARTER_CIRCLE_SEGMENTS = 16


def reach_polygons(points: gpd.GeoSeries, metres: float, crs: int | str) -> BaseGeometry | None:
    """Union of the discs of radius `metres` (straight line) around points.

    Args:
        points: points in any coordinate system that the series declares; missing ones are left out.
        metres: radius, metres, above zero.
        crs: metric coordinate system of the territory (2154 in mainland France, for example).

    Returns:
        Polygon or multipolygon in EPSG:4326, None when there is no point.

    Raises:
        ValueError: `crs` is not a projected system in metres fit for distances, the series declares none,
            or the radius is not above zero.
    """
    system = pyproj.CRS.from_user_input(crs)
    units = {axis.unit_name for axis in system.axis_info}
    if not system.is_projected or units != {"metre"} or system.to_epsg() == 3857:
        raise ValueError(f"{crs} is not a metric coordinate system fit for distances")
    if points.crs is None:
        raise ValueError("the points do not say their coordinate system")
    if not metres > 0:
        raise ValueError(f"radius {metres!r} is not above zero")
    geometries = points.to_numpy()
    known = points[~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)]
    if known.empty:
        return None
    discs = known.to_crs(system).buffer(metres, quad_segs=QUARTER_CIRCLE_SEGMENTS)
    # make_valid: coming back to degrees can fold a sliver of the union on itself.
    union: BaseGeometry = shapely.make_valid(
        gpd.GeoSeries([discs.union_all()], crs=system).to_crs(4326).iloc[0],
        method="structure",
        keep_collapsed=False,
    )
    return union
