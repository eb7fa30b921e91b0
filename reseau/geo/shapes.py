"""Geometries as Réseau keeps them: valid polygons in WGS84, stored as WKB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from reseau.geo.crs import WGS84

_POLYGONAL = (Polygon, MultiPolygon)


def polygons_only(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    """The polygon parts of any geometry, possibly none (then the result is empty)."""
    if isinstance(geometry, _POLYGONAL):
        return geometry
    polygons = [leaf for leaf in _leaves(geometry) if isinstance(leaf, Polygon) and not leaf.is_empty]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _leaves(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if not isinstance(geometry, BaseMultipartGeometry):
        yield geometry
        return
    for part in geometry.geoms:
        yield from _leaves(part)


def repair(geometry: BaseGeometry) -> tuple[Polygon | MultiPolygon, bool]:
    """A valid two-dimensional polygon from any geometry, and whether something had to be changed.

    Only polygon parts are kept; the result is empty where there is none. Dropping the altitude is not
    counted as a change. The «structure» method is used because the default one turns overlapping
    rings inside out and returns collections.
    """
    flat = shapely.force_2d(geometry)
    changed = not flat.is_valid
    polygonal = _made_valid(flat) if changed else polygons_only(flat)
    return polygonal, changed or polygonal is not flat


def _made_valid(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    by_structure = polygons_only(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    if by_structure.area >= geometry.area / 2:
        return by_structure
    # A ring that touches itself everywhere makes that method lose it whole (a real quartier did).
    return max(by_structure, polygons_only(shapely.make_valid(geometry)), key=lambda polygon: polygon.area)


@cache
def transformer(source: CRS | int, target: int) -> Transformer:
    """A cached transformer that takes and gives (x, y), that is (longitude, latitude) in degrees."""
    return Transformer.from_crs(source, target, always_xy=True)


def transform(
    geometries: Sequence[BaseGeometry] | np.ndarray, *, source: CRS | int, target: int
) -> np.ndarray:
    """Reproject an array of geometries; unprojectable coordinates become infinite, None stays None."""
    convert = transformer(source, target).transform

    def project(coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(convert(coordinates[:, 0], coordinates[:, 1]))

    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), project), dtype=object)


def to_wgs84(geometries: Sequence[BaseGeometry] | np.ndarray, source: CRS | int) -> np.ndarray:
    """Reproject an array of geometries to WGS84 degrees (EPSG:4326)."""
    return transform(geometries, source=source, target=WGS84)


def is_finite(geometry: BaseGeometry) -> bool:
    """Whether every coordinate is a number."""
    return bool(np.isfinite(shapely.get_coordinates(geometry)).all())


def to_wkb(geometry: BaseGeometry) -> bytes:
    """WKB of a geometry, always the same bytes for the same coordinates."""
    return bytes(shapely.to_wkb(geometry, byte_order=1, include_srid=False))


def from_wkb(wkb: bytes) -> BaseGeometry:
    """Geometry of a WKB.

    Raises:
        shapely.errors.GEOSException: the bytes are not a WKB geometry.
    """
    geometry: BaseGeometry = shapely.from_wkb(wkb)
    return geometry
