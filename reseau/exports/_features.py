"""GeoJSON features (RFC 7946: WGS84, longitude first, outer rings counter-clockwise)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from reseau.exports._base import Export, ExportBundle
from reseau.exports._cells import Cell
from reseau.exports._columns import Table

# Seven decimals are a centimetre; more would pretend.
DECIMALS = 7


@dataclass(frozen=True, kw_only=True)
class GeoJsonExport(Export):
    """Layers named by the property `couche`; what has no position keeps its place with a null geometry.

    Attributes:
        licence: mention written in the file itself, where its content has a licence of its own.
    """

    layers: tuple[tuple[str, Table], ...]
    licence: str = ""
    extension: str = ".geojson"
    mime: str = "application/geo+json"

    def _write(self, bundle: ExportBundle, path: Path) -> int:
        features = [feature for layer, table in self.layers for feature in features_of(bundle, layer, table)]
        document = {
            "type": "FeatureCollection",
            "territoire": bundle.territory,
            "genere_le": bundle.generated_on.isoformat(),
            **({"licence": self.licence} if self.licence else {}),
            "sources": list(bundle.sources),
            "features": features,
        }
        with path.open("x", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, allow_nan=False)
        return len(features)


def features_of(bundle: ExportBundle, layer: str, table: Table) -> Iterator[dict[str, Any]]:
    """One feature per row of a table whose frame has a `geometry` column."""
    frame = table.rows_in(bundle)
    if frame is None:
        return
    headers = [column.header for column in table.written(bundle)]
    for (_, cells), geometry in zip(table.rows(bundle), frame["geometry"].tolist(), strict=True):
        properties = {header: _json(cell) for header, cell in zip(headers, cells, strict=True)}
        yield {
            "type": "Feature",
            "geometry": _geometry(geometry),
            "properties": {"couche": layer, **properties},
        }


def _json(cell: Cell) -> Any:
    if isinstance(cell, tuple):
        return list(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _geometry(shape: BaseGeometry | None) -> dict[str, Any] | None:
    if shape is None or shape.is_empty:
        return None
    found: dict[str, Any] = _rounded(mapping(_oriented(shape)))
    return found


def _oriented(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, shapely.Polygon):
        return orient(shape)
    if isinstance(shape, shapely.MultiPolygon):
        return shapely.MultiPolygon([orient(part) for part in shape.geoms])
    return shape


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_rounded(item) for item in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
