"""From the frames of `reseau.model.columns` to what a map shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.maps.data import (
    DECIMALS,
    Geometry,
    PermanenceMark,
    QuartierShape,
    RelationLine,
    RepereMark,
    StructureMark,
)
from reseau.maps.frame import Bounds
from reseau.model.typology import Typology
from reseau.model.vocabulary import RELATION_PURPOSES, RelationStatus, State

# About three metres: below a pixel at any zoom where a whole quartier is visible.
DISPLAY_TOLERANCE_DEGREES = 0.00003
DORMANT = frozenset({RelationStatus.EN_SOMMEIL, RelationStatus.TERMINE})
BOUNDS_MARGIN = 0.03


def geojson(geometry: BaseGeometry, *, tolerance: float = DISPLAY_TOLERANCE_DEGREES) -> Geometry:
    """A geometry (EPSG:4326) simplified for display, as GeoJSON with six decimals.

    Args:
        geometry: polygon or multipolygon, not empty.
        tolerance: degrees; zero keeps every vertex.
    """
    simple = shapely.simplify(geometry, tolerance, preserve_topology=True) if tolerance else geometry
    value = shapely.geometry.mapping(simple if not simple.is_empty else geometry)
    return {"type": value["type"], "coordinates": _rounded(value["coordinates"])}


def map_bounds(quartiers: gpd.GeoDataFrame, structures: pd.DataFrame) -> Bounds | None:
    """What a territory's map shows at first: its quartiers, else its placed structures, else None.

    Returns:
        west, south, east, north in WGS84 degrees, with a small margin.
    """
    if not quartiers.empty:
        west, south, east, north = (float(value) for value in quartiers.total_bounds)
    else:
        placed = structures[structures["placed"].astype(bool)]
        if placed.empty:
            return None
        west, east = float(placed["lon"].min()), float(placed["lon"].max())
        south, north = float(placed["lat"].min()), float(placed["lat"].max())
    margin = BOUNDS_MARGIN * max(east - west, north - south, 0.01)
    return west - margin, south - margin, east + margin, north + margin


def quartier_shapes(
    quartiers: gpd.GeoDataFrame, states: Mapping[int, State] | None = None
) -> tuple[QuartierShape, ...]:
    """Quartiers to draw, with the state of the selected type by quartier id where there is one."""
    known = states or {}
    return tuple(
        QuartierShape(
            id=int(str(index)),
            code=str(row["code"]),
            name=str(row["name"]),
            kind=str(row["kind"]),
            geometry=geojson(row["geometry"]),
            label_at=_label_point(row["geometry"]),
            state=known.get(int(str(index))),
        )
        for index, row in quartiers.iterrows()
    )


def structure_marks(structures: pd.DataFrame, typology: Typology) -> tuple[StructureMark, ...]:
    """Structures to draw; one that is not placed has no mark, whatever its coordinates."""
    placed = structures[structures["placed"].astype(bool)]
    columns = ("name", "types", "family", "lon", "lat", "position_precision")
    return tuple(
        StructureMark(
            id=int(index),
            lon=float(lon),
            lat=float(lat),
            name=str(name),
            family=str(family),
            types=_labels(types, typology),
            precision=str(precision),
        )
        for index, name, types, family, lon, lat, precision in zip(
            placed.index, *(placed[column] for column in columns), strict=True
        )
    )


def permanence_marks(permanences: pd.DataFrame, typology: Typology) -> tuple[PermanenceMark, ...]:
    """Permanences to draw where they are held; one that is not placed has no mark."""
    placed = permanences[permanences["placed"].astype(bool)]
    columns = ("structure_name", "type_code", "host_name", "place", "lon", "lat")
    return tuple(
        PermanenceMark(
            id=int(index),
            lon=float(lon),
            lat=float(lat),
            label=f"{_short(code, typology)} – {holder}",
            place=_first_text(host, place),
        )
        for index, holder, code, host, place, lon, lat in zip(
            placed.index, *(placed[column] for column in columns), strict=True
        )
    )


def repere_marks(
    reperes: pd.DataFrame, typology: Typology, known: Collection[int] = ()
) -> tuple[RepereMark, ...]:
    """Places of another map to draw; `known`: ids of those that have a sheet in the directory."""
    columns = ("name", "type_code", "lon", "lat")
    return tuple(
        RepereMark(
            id=int(index),
            lon=float(lon),
            lat=float(lat),
            name=str(name),
            kind=_short(code, typology) if code else "",
            known=index in known,
        )
        for index, name, code, lon, lat in zip(
            reperes.index, *(reperes[column] for column in columns), strict=True
        )
    )


def relation_lines(relations: pd.DataFrame, structures: pd.DataFrame) -> tuple[RelationLine, ...]:
    """Ties to draw; one of which an end is not placed, or both are at the same point, has no line."""
    placed = structures[structures["placed"].astype(bool)]
    points = dict(zip(placed.index, zip(placed["lon"], placed["lat"], strict=True), strict=True))
    columns = ("from_id", "to_id", "from_name", "to_name", "purpose", "intensity", "status")
    lines = []
    for start, end, start_name, end_name, purpose, intensity, status in zip(
        *(relations[column] for column in columns), strict=True
    ):
        if start not in points or end not in points or points[start] == points[end]:
            continue
        lines.append(
            RelationLine(
                start=points[start],
                end=points[end],
                intensity=int(intensity),
                dormant=status in DORMANT,
                label=f"{start_name} – {end_name} : {RELATION_PURPOSES.get(purpose, str(purpose))}",
            )
        )
    return tuple(lines)


def _label_point(geometry: BaseGeometry) -> tuple[float, float]:
    point = geometry.representative_point()
    return float(point.x), float(point.y)


def _rounded(value: Any) -> Any:
    if isinstance(value, float | int):
        return round(value, DECIMALS)
    return [_rounded(item) for item in value]


def _labels(codes: Iterable[str], typology: Typology) -> tuple[str, ...]:
    return tuple(_short(code, typology) for code in codes)


def _short(code: str, typology: Typology) -> str:
    return typology[code].short_label if code in typology else str(code)


def _first_text(*candidates: object) -> str:
    return next((text for text in candidates if isinstance(text, str) and text), "")
