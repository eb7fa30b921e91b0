"""What a territory keeps of a national file: one rule for every source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.errors import RefusedInput
from reseau.geo import shapes
from reseau.geo.crs import WGS84, metric_epsg
from reseau.model.communes import current_code, matching_codes
from reseau.model.reports import Scope

Box = tuple[float, float, float, float]
_NO_BOX = (1.0, 1.0, -1.0, -1.0)


def require_territory(scope: Scope, name: str) -> None:
    """Make sure that a scope names a territory.

    Raises:
        RefusedInput: neither communes nor a radius around quartiers: the whole country would be kept.
    """
    if scope.everywhere or scope.communes or (scope.areas_wkb and scope.radius_km is not None):
        return
    raise RefusedInput(
        f"« {name} » est un fichier national : indiquez d'abord les communes du territoire, ou un rayon "
        "autour de ses quartiers (page Réglages, ou « territoire creer NOM --communes 31555 »)."
    )


class Territory:
    """A scope, ready to be asked about one place after another."""

    def __init__(self, scope: Scope) -> None:
        self._everywhere = scope.everywhere
        self._codes = matching_codes(scope.communes)
        self._areas = scope.areas_wkb if scope.radius_km is not None else ()
        self._metres = (scope.radius_km or 0) * 1000
        areas = [shapes.from_wkb(wkb) for wkb in self._areas]
        self._box = _degrees_box(areas, self._metres) if areas else _NO_BOX

    @property
    def has_radius(self) -> bool:
        """Whether places of other communes are wanted around quartiers."""
        return bool(self._areas)

    def has(self, insee: str) -> bool:
        """Whether a commune is one of the territory's (former codes and arrondissements understood)."""
        return self._everywhere or (bool(insee) and current_code(insee) in self._codes)

    def may_be_near(self, lon: float, lat: float) -> bool:
        """Cheap first answer about a WGS84 position: when False, `near` would say so too."""
        west, south, east, north = self._box
        return west <= lon <= east and south <= lat <= north

    def near(self, positions: np.ndarray) -> np.ndarray:
        """Whether each WGS84 position (n, 2) is within the radius of a quartier; NaN is near nothing."""
        return near_positions(positions, self._areas, self._metres)

    def near_shapes(self, geometries: np.ndarray) -> np.ndarray:
        """Whether each geometry (EPSG:4326, None is near nothing) is within the radius of a quartier."""
        return near_shapes(geometries, self._areas, self._metres)


def select(insee: Sequence[str], scope: Scope, locate: Callable[[list[int]], np.ndarray]) -> list[int]:
    """Places of the scope's communes, and those within its radius of its quartiers.

    Args:
        insee: commune of each place, empty when unknown.
        scope: what the territory wants.
        locate: WGS84 positions (n, 2; NaN when unknown) of the places at these indexes; asked only of those
            whose commune is elsewhere, and only when a radius counts.

    Returns:
        indexes kept, in order.
    """
    territory = Territory(scope)
    kept = [index for index, code in enumerate(insee) if territory.has(code)]
    if territory.has_radius:
        inside = set(kept)
        others = [index for index in range(len(insee)) if index not in inside]
        kept += [others[place] for place in np.flatnonzero(territory.near(locate(others)))]
    return sorted(kept)


def near_positions(positions: np.ndarray, areas_wkb: Sequence[bytes], metres: float) -> np.ndarray:
    """Whether each WGS84 position (n, 2; NaN is near nothing) is within a distance of one of the areas.

    Args:
        areas_wkb: boundaries, WKB in EPSG:4326.
        metres: zero: inside or on the edge.
    """
    points = np.full(len(positions), None, dtype=object)
    known = np.isfinite(positions).all(axis=1)
    points[known] = shapely.points(positions[known])
    return near_shapes(points, areas_wkb, metres)


def near_shapes(geometries: np.ndarray, areas_wkb: Sequence[bytes], metres: float) -> np.ndarray:
    """Whether each geometry (EPSG:4326) is within a distance of one of the areas (EPSG:4326).

    Args:
        geometries: object array; None is near nothing.
        metres: zero: touching is enough.
    """
    found = np.zeros(len(geometries), dtype=bool)
    for epsg, areas in _by_system(areas_wkb).items():
        # A box in degrees first: most of a national file is far away, and cannot be measured in this system.
        box = shapely.box(*_degrees_box(areas, metres))
        candidates = np.flatnonzero(shapely.intersects(geometries, box))
        metric = shapes.transform(geometries[candidates], source=WGS84, target=epsg)
        found[candidates] |= shapely.dwithin(_metric(areas, epsg), metric, metres)
    return found


def areas_by_system(areas_wkb: Sequence[bytes]) -> dict[int, BaseGeometry]:
    """One shape in metres per metric system (EPSG code), out of areas in EPSG:4326."""
    return {epsg: _metric(areas, epsg) for epsg, areas in _by_system(areas_wkb).items()}


def _by_system(areas_wkb: Sequence[bytes]) -> dict[int, list[BaseGeometry]]:
    """Areas in degrees by metric system: nothing says that two shapes a person put together share one."""
    grouped: dict[int, list[BaseGeometry]] = defaultdict(list)
    for wkb in areas_wkb:
        area = shapes.from_wkb(wkb)
        grouped[metric_epsg(lon=area.centroid.x, lat=area.centroid.y)].append(area)
    return grouped


def _metric(areas: Sequence[BaseGeometry], epsg: int) -> BaseGeometry:
    area = shapely.union_all(shapes.transform(areas, source=WGS84, target=epsg))
    shapely.prepare(area)
    return area


def _degrees_box(areas: Sequence[BaseGeometry], metres: float) -> Box:
    """Box around areas, a little larger than the distance (a degree of latitude is 110 km or more)."""
    west, south, east, north = shapely.total_bounds(areas)
    high = metres / 110_000
    wide = high / max(0.1, float(np.cos(np.radians(max(abs(south), abs(north)) + high))))
    return float(west - wide), float(south - high), float(east + wide), float(north + high)
