"""How densely each part of a quartier is inhabited, from 200 m squares or from statistical blocks (IRIS)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from reseau.geo import shapes
from reseau.geo.travel import Floats
from reseau.model.typology import normalise

SIDE_M = 200.0
# A source that knows less than half of a quartier says nothing of where its inhabitants are.
ENOUGH = 0.5
# An estimated number of inhabitants, as everywhere in the project, asks for nearly the whole area.
ENOUGH_FOR_A_SUM = 0.9
# Names of the number of inhabitants in files of IRIS, best first (`P21_POP`, `pop_mun`, `nbpersmenfisc21`).
_POPULATION = (r"p\d{2} ?pop", r"pop(?:ulation)?", r"pop (?:mun|tot\w*|municipale|totale)", r"population \w+",
               r"(?:nb )?habitants", r"ind(?:ividus)?", r"nb ?pers\w*(?: ?fisc\w*)?")  # fmt: skip
# Steps of the number of a cell: above any number of rows of a grid of France.
_ROW = 1 << 20


@dataclass(frozen=True, slots=True)
class Density:
    """What a source says of one quartier.

    Attributes:
        weight: of each of its grid points, not all zero.
        label: the source, in French.
        people: estimated inhabitants, NaN when the source does not count them.
    """

    weight: Floats
    label: str
    people: float


class Squares:
    """Squares of 200 m, asked quartier by quartier.

    The publisher lists inhabited squares only: where squares cover at least half of the grid points of a
    quartier, a point in none of them stands for nobody. Inhabitants are used, else households when no square
    of the quartier gives inhabitants. A square that hides its figure counts as the mean of the others.

    Args:
        frame: SQUARES frame.
        epsg: metric system of the points asked.
    """

    def __init__(self, frame: gpd.GeoDataFrame, epsg: int) -> None:
        self._epsg = epsg
        self._systems = [
            _Grid(int(system), rows) for system, rows in frame.groupby("epsg", sort=True) if len(rows)
        ]

    def density(self, area: BaseGeometry, xy: Floats) -> Density | None:
        """Density at the grid points (n × 2, metres) of an area, None when squares do not say."""
        found = [(grid, grid.at(self._moved(xy, grid.epsg))) for grid in self._systems]
        grid, row = max(found, key=lambda item: np.count_nonzero(item[1] >= 0), default=(None, np.empty(0)))
        if grid is None or np.mean(row >= 0) < ENOUGH:
            return None
        used = np.unique(row[row >= 0])
        column = next((name for name in ("people", "households") if grid.known(name)[used].any()), None)
        if column is None:
            return None
        figure = _filled(grid.figures(column), used)
        weight = np.where(row >= 0, figure[row], 0.0)
        if not weight.sum() > 0:
            return None
        what = "carreaux de 200 m" if column == "people" else "ménages des carreaux de 200 m"
        people = np.nan
        if column == "people":
            people = float(
                figure @ grid.covered(shapes.transform([area], source=self._epsg, target=grid.epsg)[0])
            )
        return Density(weight, f"{what} (INSEE, {_years(grid.years[used])})", people)

    def _moved(self, xy: Floats, epsg: int) -> Floats:
        return np.column_stack(shapes.transformer(self._epsg, epsg).transform(xy[:, 0], xy[:, 1]))


class _Grid:
    """Squares of one coordinate system, found by the cell a place falls in."""

    def __init__(self, epsg: int, rows: pd.DataFrame) -> None:
        self.epsg = epsg
        self._rows = rows
        self._corner = rows[["x", "y"]].to_numpy(dtype=np.float64) - SIDE_M / 2
        self._origin = self._corner[0] % SIDE_M
        cells = self._cell(self._corner + SIDE_M / 2)
        self._place = pd.Series(np.arange(len(rows)), index=cells)
        self._place = self._place[~self._place.index.duplicated()]
        self.years = rows["year"].to_numpy(dtype=object)

    def at(self, xy: Floats) -> NDArray[np.intp]:
        """Square each place is in, -1 for none."""
        found = self._place.index.get_indexer(pd.Index(self._cell(xy)))
        return np.where(found >= 0, self._place.to_numpy()[found], -1)

    def figures(self, column: str) -> Floats:
        """Figures of a column, NaN where unknown."""
        return self._rows[column].to_numpy(dtype=np.float64)

    def known(self, column: str) -> NDArray[np.bool_]:
        """Where a column has a figure."""
        return ~np.isnan(self.figures(column))

    def covered(self, area: BaseGeometry) -> Floats:
        """Part of each square that an area covers, 0–1."""
        part = np.zeros(len(self._corner))
        west, south, east, north = area.bounds
        x, y = self._corner.T
        at = np.flatnonzero((x <= east) & (x >= west - SIDE_M) & (y <= north) & (y >= south - SIDE_M))
        boxes = shapely.box(x[at], y[at], x[at] + SIDE_M, y[at] + SIDE_M)
        part[at] = shapely.area(shapely.intersection(boxes, area)) / SIDE_M**2
        return part

    def _cell(self, xy: Floats) -> NDArray[np.int64]:
        column, row = np.floor((xy - self._origin) / SIDE_M).astype(np.int64).T
        return np.asarray(column * _ROW + row, dtype=np.int64)


class Blocks:
    """IRIS whose number of inhabitants is known, asked quartier by quartier.

    Inhabitants are taken as evenly spread in a block. Used where such blocks cover at least half of the grid
    points of a quartier; a point in none of them is not known to be empty: it counts as their mean.

    Args:
        frame: IRIS frame.
        crs: metric system of the points asked.
    """

    def __init__(self, frame: gpd.GeoDataFrame, crs: CRS | str) -> None:
        people = np.array([inhabitants_of(figures) for figures in frame["indicators"]], dtype=np.float64)
        kept = frame[~np.isnan(people)]
        self._people = people[~np.isnan(people)]
        self._years = kept["year"].to_numpy(dtype=object)
        self._areas = kept.geometry.to_crs(crs).to_numpy()
        self._density = self._people / np.maximum(shapely.area(self._areas), 1.0)
        self._tree = shapely.STRtree(self._areas)

    def density(self, area: BaseGeometry, xy: Floats) -> Density | None:
        """Density at the grid points (n × 2, metres) of an area, None when blocks do not say."""
        point, block = self._tree.query(shapely.points(xy), predicate="intersects")
        inside = np.full(len(xy), -1)
        inside[point[::-1]] = block[::-1]
        if np.mean(inside >= 0) < ENOUGH:
            return None
        weight = np.where(inside >= 0, self._density[inside], np.nan)
        weight = np.where(inside >= 0, weight, np.nanmean(weight))
        if not weight.sum() > 0:
            return None
        years = _years(self._years[np.unique(inside[inside >= 0])])
        return Density(weight, f"IRIS (INSEE, {years})", self._sum(area))

    def _sum(self, area: BaseGeometry) -> float:
        at = self._tree.query(area)
        common = shapely.area(shapely.intersection(self._areas[at], area))
        if common.sum() < ENOUGH_FOR_A_SUM * area.area:
            return np.nan
        return float(common @ self._density[at])


def inhabitants_of(figures: Mapping[str, float]) -> float:
    """Number of inhabitants among the figures of a block, NaN when none is one."""
    by_name = {normalise(name.replace("_", " ")): value for name, value in figures.items()}
    for wanted in _POPULATION:
        for name, value in sorted(by_name.items(), reverse=True):
            if re.fullmatch(wanted, name) and value >= 0:
                return float(value)
    return np.nan


def _filled(figure: Floats, used: NDArray[Any]) -> Floats:
    """The figures, unknown ones replaced by the mean of the known ones among those used."""
    known = figure[used]
    return np.where(np.isnan(figure), np.mean(known[~np.isnan(known)]), figure)


def _years(years: Iterable[Any]) -> str:
    found = sorted({int(year) for year in years if not pd.isna(year)})
    return " et ".join(map(str, found)) or "année non précisée"
