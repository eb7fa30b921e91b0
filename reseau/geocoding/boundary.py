"""Whether a position lies in the commune its address declares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely

from reseau.geocoding.address import AddressQuery
from reseau.geocoding.answers import GeocodeResult
from reseau.model.communes import commune_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_320.0
"""Of latitude, on a sphere with the Earth's mean radius."""


class Boundaries:
    """Boundaries of communes by INSEE code; those of arrondissements serve their city."""

    def __init__(self, shapes: Mapping[str, BaseGeometry]) -> None:
        """Polygons or multipolygons (EPSG:4326) by code; what is empty or missing is unknown."""
        self._shapes: dict[str, list[BaseGeometry]] = {}
        for code, shape in shapes.items():
            if shape is not None and not shape.is_empty:
                shapely.prepare(shape)
                self._shapes.setdefault(commune_of(code), []).append(shape)

    def shape_of(self, code: str) -> BaseGeometry | None:
        """Boundary of a commune, None when it is not known."""
        found = self._shapes.get(commune_of(code)) if code else None
        return shapely.union_all(found) if found else None

    def inside(self, code: str, lon: float, lat: float, *, tolerance_metres: float) -> bool | None:
        """Whether a point (WGS84 degrees) is in a commune or within `tolerance_metres` of it.

        Returns:
            None when the boundary of the commune is not known.
        """
        shapes = self._shapes.get(commune_of(code)) if code else None
        if not shapes:
            return None
        point = shapely.Point(lon, lat)
        return any(shape.covers(point) or _metres_to(shape, lon, lat) <= tolerance_metres for shape in shapes)

    def check(self, query: AddressQuery, result: GeocodeResult, *, tolerance_metres: float) -> bool | None:
        """The same for an answer, in the commune its address declares (by its code, else by its name)."""
        code = query.citycode or (result.citycode if query.commune else "")
        return self.inside(code, result.lon, result.lat, tolerance_metres=tolerance_metres)


def _metres_to(shape: BaseGeometry, lon: float, lat: float) -> float:
    """Distance on the plane that touches the Earth at the point: exact enough for a tolerance of metres."""
    scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE])
    local = shapely.transform(shape, lambda points: (points - (lon, lat)) * scale)
    return float(shapely.distance(local, shapely.Point(0, 0)))
