"""From the coordinates of a layer to valid polygons in WGS84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from reseau.errors import RefusedInput
from reseau.geo import crs, shapes
from reseau.sources._layers import Layer

# West, south, east, north in metres. Chosen so that no other system used in France fits in it: UTM zones
# and Lambert II have other northings, the «conique conforme» zones lie further east.
_LAMBERT_93_BOX = (90_000, 6_030_000, 1_250_000, 7_130_000)
_FRENCH_TYPES = {
    "Point": "un point",
    "MultiPoint": "des points",
    "LineString": "une ligne",
    "MultiLineString": "des lignes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A boundary ready to keep, or the reason (French) why it cannot be."""

    wkb: bytes = b""
    repaired: bool = False
    reason: str = ""


def resolve_crs(layer: Layer, filename: str) -> tuple[CRS, str]:
    """Coordinate system of a layer and a French note when something had to be understood.

    Raises:
        RefusedInput: the file does not say, and the coordinates do not tell.
    """
    bounds = _bounds(layer)
    in_degrees = _inside(bounds, (-180.0, -90.0, 180.0, 90.0))
    wgs84 = CRS.from_epsg(crs.WGS84)
    if layer.crs is not None and (not layer.crs.is_geographic or in_degrees):
        if layer.crs.is_geographic or layer.crs.to_epsg() == crs.WGS84:
            return layer.crs, ""
        return (
            layer.crs,
            f"Couche « {layer.name} » : coordonnées converties de « {layer.crs.name} » en WGS84.",
        )
    if in_degrees:
        return wgs84, ""
    if _inside(bounds, _LAMBERT_93_BOX):
        return CRS.from_epsg(crs.MAINLAND), (
            f"Couche « {layer.name} » : le système de coordonnées n'est pas indiqué ou ne convient pas ; "
            "les valeurs sont celles du Lambert-93, elles ont été lues ainsi. Vérifiez sur la carte."
        )
    raise RefusedInput(
        f"« {filename} », couche « {layer.name} » : le système de coordonnées n'est pas indiqué et les "
        "valeurs ne permettent pas de le reconnaître. Enregistrez le fichier en WGS84 (EPSG:4326) "
        "ou ajoutez-lui son fichier .prj."
    )


def _bounds(layer: Layer) -> np.ndarray:
    bounds = shapely.bounds(layer.geometries)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if len(bounds) == 0:
        # Every feature will be refused for its own reason; any system does.
        return np.zeros(4)
    return np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])


def _inside(bounds: np.ndarray, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def read_boundaries(geometries: np.ndarray, source: CRS) -> list[Boundary]:
    """One boundary per geometry, in the same order: reprojected, flat, valid, polygons only."""
    flat = shapely.force_2d(geometries)
    return [
        _boundary(before, after)
        for before, after in zip(geometries, shapes.to_wgs84(flat, source), strict=True)
    ]


def _boundary(before: Any, after: BaseGeometry | None) -> Boundary:
    if after is None:
        return Boundary(
            reason="Le contour manque ou est illisible : redessinez-le ou reprenez le fichier d'origine."
        )
    if before.geom_type in _FRENCH_TYPES:
        return Boundary(reason=f"Le contour est {_FRENCH_TYPES[before.geom_type]} : il faut un polygone.")
    if after.is_empty:
        return Boundary(reason="Le contour est vide : redessinez-le ou reprenez le fichier d'origine.")
    if not shapes.is_finite(after):
        return Boundary(
            reason="Des coordonnées sont impossibles : vérifiez le système de coordonnées du fichier."
        )
    polygon, repaired = shapes.repair(after)
    if polygon.is_empty or not polygon.area:
        return Boundary(
            reason="Le contour n'a pas de surface : redessinez-le ou reprenez le fichier d'origine."
        )
    return Boundary(wkb=shapes.to_wkb(polygon), repaired=repaired)
