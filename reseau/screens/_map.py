"""The plan: quartiers, streets and numbered places, in metres from its top-left corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from reseau.geo.crs import WGS84
from reseau.geo.shapes import to_wgs84, transform
from reseau.model.context import OSM_ATTRIBUTION
from reseau.screens._frames import Ground
from reseau.screens._places import Spot
from reseau.screens.content import MapPart

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

MARGIN = 0.06
MIN_MARGIN_M = 60.0
MIN_SIDE_M = 400.0
OUTLINE_M = 3.0
STREET_M = 4.0
MAX_STREET_CHARS = 400_000
APART = 0.03
"""Numbers are kept apart by this share of the longer side: discs that overlap cannot be read."""

_ROUNDS = 300
_GOLDEN = np.pi * (3 - np.sqrt(5))

XY = tuple[float, float]


class Frame:
    """Where the plan is in the CRS: `west`, `north` metres; `width`, `height` metres."""

    def __init__(self, ground: Ground, numbered: Sequence[Spot]) -> None:
        half = max(ground.reach_m, MIN_SIDE_M / 2)
        here_x, here_y = ground.here
        box = shapely.box(here_x - half, here_y - half, here_x + half, here_y + half)
        seen = shapely.intersection(shapely.make_valid(list(ground.areas)), box)
        points = shapely.multipoints([ground.here, *((spot.x, spot.y) for spot in numbered)])
        west, south, east, north = shapely.total_bounds([*seen, points])
        margin = max(MIN_MARGIN_M, MARGIN * max(east - west, north - south))
        grow_x = max(margin, (MIN_SIDE_M - (east - west)) / 2)
        grow_y = max(margin, (MIN_SIDE_M - (north - south)) / 2)
        self.west, self.north = float(west - grow_x), float(north + grow_y)
        self.width = float(np.ceil(east + grow_x - self.west))
        self.height = float(np.ceil(self.north - south + grow_y))

    def holds(self, spot: Spot) -> bool:
        """Whether a spot is on the plan."""
        x, y = spot.x - self.west, self.north - spot.y
        return 0 <= x <= self.width and 0 <= y <= self.height

    def at(self, x: float, y: float) -> XY:
        """A place of the CRS in units of the plan, to the decimetre."""
        return round(x - self.west, 1), round(self.north - y, 1)

    @property
    def box(self) -> shapely.Polygon:
        """The plan in the CRS."""
        return shapely.box(self.west, self.north - self.height, self.west + self.width, self.north)


def positions(ground: Ground, frame: Frame, spots: Sequence[Spot], numbered: Sequence[Spot]) -> dict[int, XY]:
    """Where each place is on the plan, by id; numbered ones are pushed apart from each other."""
    found = {spot.id: frame.at(spot.x, spot.y) for spot in spots if spot.near and frame.holds(spot)}
    marks = {spot.id: found[spot.id] for spot in numbered}
    return found | spread(marks, (frame.width, frame.height), frame.at(*ground.here))


def spread(
    marks: Mapping[int, XY], size: tuple[float, float], here: XY, *, apart: float = APART
) -> dict[int, XY]:
    """The same marks on a plan of this size, away from each other and from `here` as far as there is room.

    `apart`: share of the longer side there is between two of them.
    """
    if not marks:
        return {}
    width, height = size
    gap = apart * max(width, height)
    ranks = np.arange(len(marks) + 1)
    # Two marks at the very same spot need a direction to part; the golden angle gives each its own.
    nudge = np.stack([np.cos(ranks * _GOLDEN), np.sin(ranks * _GOLDEN)], axis=1) * 0.01
    xy = np.array([here, *marks.values()], dtype=float)
    for _ in range(_ROUNDS):
        away = (xy + nudge)[:, None, :] - (xy + nudge)[None, :, :]
        metres = np.hypot(away[..., 0], away[..., 1]) + np.eye(len(xy)) * 2 * gap
        short = np.clip(gap - metres, 0.0, None)
        if not (short > 1e-6).any():
            break
        # Shared between neighbours, so that a crowd spreads instead of bursting.
        crowd = np.maximum(1.0, (short > 0).sum(axis=1) / 2)[:, None]
        xy += (away / metres[..., None] * (short / 2)[..., None]).sum(axis=1) / crowd
        xy[0] = here
        xy = np.clip(xy, (gap / 2, gap / 2), (width - gap / 2, height - gap / 2))
    return {key: (round(float(x), 1), round(float(y), 1)) for key, (x, y) in zip(marks, xy[1:], strict=True)}


def map_part(ground: Ground, frame: Frame, streets: gpd.GeoSeries | None, epsg: int) -> MapPart:
    """The plan itself."""
    lines = _streets(streets, frame, epsg)
    here = frame.at(*ground.here)
    inside = 0 <= here[0] <= frame.width and 0 <= here[1] <= frame.height
    areas = shapely.intersection(shapely.make_valid(list(ground.areas)), frame.box)
    outlines = [_area_path(area, frame) for area in shapely.simplify(areas, OUTLINE_M)]
    return MapPart(
        width=frame.width,
        height=frame.height,
        metres=1.0,
        areas=[path for path in outlines if path],
        streets=lines,
        here=here if inside else None,
        corners=_corners(frame, epsg),
        credit=OSM_ATTRIBUTION if lines else "",
    )


def _corners(frame: Frame, epsg: int) -> list[XY]:
    """Longitude and latitude of the top-left, top-right and bottom-left corners, to about ten centimetres."""
    east, south = frame.west + frame.width, frame.north - frame.height
    corners = shapely.points([(frame.west, frame.north), (east, frame.north), (frame.west, south)])
    degrees = shapely.get_coordinates(to_wgs84(corners, epsg))
    return [(round(float(lon), 6), round(float(lat), 6)) for lon, lat in degrees]


def _streets(streets: gpd.GeoSeries | None, frame: Frame, epsg: int) -> list[str]:
    """Paths of the streets, ever coarser until they are light enough."""
    if streets is None or not len(streets):
        return []
    metric = transform(streets.to_numpy(), source=WGS84, target=epsg)
    # Comparisons with what is not a number are false: a line that cannot be projected is left out.
    crossing = metric[shapely.intersects(metric, frame.box)]
    clipped = shapely.intersection(crossing, frame.box)
    whole = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(_lines(clipped))))
    for tolerance in (STREET_M, 2 * STREET_M, 4 * STREET_M):
        kept = shapely.simplify(whole[shapely.length(whole) > tolerance * 2], tolerance)
        paths = sorted(filter(None, (_line_path(line, frame) for line in kept)))
        if sum(map(len, paths)) <= MAX_STREET_CHARS:
            return ["".join(paths)] if paths else []
    # A town so dense that its streets say nothing any more at this size: quartiers and places remain.
    return []


def _lines(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    parts = shapely.get_parts(shapely.get_parts(geometries))
    kept: NDArray[np.object_] = parts[shapely.get_type_id(parts) == 1]
    return kept


def _area_path(area: BaseGeometry, frame: Frame) -> str:
    rings = [
        ring
        for part in shapely.get_parts(shapely.get_parts(area))
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(path + "z" for ring in rings if (path := _line_path(ring, frame, closed=True)))


def _line_path(line: BaseGeometry, frame: Frame, *, closed: bool = False) -> str:
    """`M x y l dx dy …` in whole metres; empty for a line (or a ring) too small to be seen."""
    xy = shapely.get_coordinates(line)
    points = np.round(np.column_stack([xy[:, 0] - frame.west, frame.north - xy[:, 1]])).astype(int)
    points = points[np.append(True, np.any(np.diff(points, axis=0) != 0, axis=1))]
    if closed:
        points = points[:-1]
    if len(points) < (3 if closed else 2):
        return ""
    steps = " ".join(f"{dx} {dy}" for dx, dy in np.diff(points, axis=0))
    return f"M{points[0][0]} {points[0][1]}l{steps}"
