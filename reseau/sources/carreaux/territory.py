"""Which squares are of a territory: by the communes the file names, or by touching its shapes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.errors import RefusedInput
from reseau.geo import shapes
from reseau.geo.crs import WGS84, epsg_at, metric_epsg
from reseau.model.reports import Scope
from reseau.sources._territory import Territory, areas_by_system

# Systems squares are published in: Europe's, then each overseas territory's.
SYSTEMS = (3035, 2154, 5490, 2972, 2975, 4471, 4467)
SIDE = 200


class GridTerritory(Territory):
    """The same asked about squares of a grid in metres.

    Args:
        scope: its areas with their radius, the boundaries of its communes, their codes.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.scope = scope
        self._of_communes: dict[str, bool] = {}
        self._in_system: dict[int, BaseGeometry | None] = {}

    @cached_property
    def has_shapes(self) -> bool:
        """Whether a place alone can tell that a square is of the territory."""
        return bool(self.scope.areas_wkb or self.scope.boundaries_wkb)

    def names(self, communes: str) -> bool:
        """Whether a cell of communes (codes of five characters, end to end) names one of the scope."""
        known = self._of_communes.get(communes)
        if known is None:
            text = communes.strip()
            text = f"0{text}" if len(text) % 5 == 4 else text
            pieces = (text[start : start + 5] for start in range(0, len(text), 5))
            known = any(map(self.has, pieces))
            self._of_communes[communes] = known
        return known

    def touches(self, epsg: int, sides: np.ndarray, norths: np.ndarray, easts: np.ndarray) -> np.ndarray:
        """Whether each square, given by its south-west corner (metres in `epsg`), touches the territory."""
        found = np.zeros(len(norths), dtype=bool)
        shape = self._shape(epsg)
        if shape is None:
            return found
        west, south, east, north = shape.bounds
        candidates = np.flatnonzero(
            (easts <= east) & (easts + sides >= west) & (norths <= north) & (norths + sides >= south)
        )
        boxes = shapely.box(
            easts[candidates],
            norths[candidates],
            easts[candidates] + sides[candidates],
            norths[candidates] + sides[candidates],
        )
        found[candidates] = shapely.intersects(shape, boxes)
        return found

    def _shape(self, epsg: int) -> BaseGeometry | None:
        """The territory in a system, None when it has no shape or lies outside what the system is for."""
        if epsg not in self._in_system:
            metres = (self.scope.radius_km or 0) * 1000
            metric = [
                (system, shapely.buffer(area, metres) if metres else area)
                for system, area in areas_by_system(self.scope.areas_wkb).items()
            ]
            metric += list(areas_by_system(self.scope.boundaries_wkb).items())
            moved = [shapes.transform([area], source=system, target=epsg)[0] for system, area in metric]
            usable = [area for area in moved if shapes.is_finite(area)]
            self._in_system[epsg] = shapely.union_all(usable) if usable else None
            shapely.prepare(self._in_system[epsg])
        return self._in_system[epsg]


def system_of(easts: Sequence[float], norths: Sequence[float], scope: Scope, name: str) -> int:
    """EPSG code of coordinates that a file gives without saying in which system.

    It is the one in which nearly all of them fall in the part of France the system is for.

    Raises:
        RefusedInput: none, or several and the scope does not decide.
    """
    fitting = []
    for epsg in SYSTEMS:
        lons, lats = shapes.transformer(epsg, WGS84).transform(easts, norths)
        wanted = 2154 if epsg == 3035 else epsg
        good = [
            np.isfinite(lon) and np.isfinite(lat) and epsg_at(lon, lat) == wanted
            for lon, lat in zip(lons, lats, strict=True)
        ]
        if np.mean(good) > 0.95:
            fitting.append(epsg)
    of_scope = metric_epsg(scope.communes)
    if len(fitting) == 1:
        return fitting[0]
    if of_scope in fitting and scope.communes:
        return of_scope
    raise RefusedInput(
        f"« {name} » donne des coordonnées sans dire dans quel système, et leurs valeurs ne permettent pas "
        "de le reconnaître. Prenez le fichier de l'INSEE qui a un identifiant de carreau (idcar_200m)."
    )


def corner_shift(easts: np.ndarray, norths: np.ndarray, name: str) -> int:
    """Metres between the coordinates a file gives and the south-west corner: 100 for centres, 0 for corners.

    Raises:
        RefusedInput: the coordinates are not those of a grid of 200 m.
    """
    for shift in (SIDE // 2, 0):
        if ((easts % SIDE == shift) & (norths % SIDE == shift)).all():
            return shift
    raise RefusedInput(
        f"« {name} » : les coordonnées ne sont pas celles d'une grille de 200 m (ni centres, ni coins de "
        "carreaux)."
    )
