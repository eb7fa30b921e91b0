"""A JSON or GeoJSON document of places as a table: one row an object, one column a property."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from reseau.errors import RefusedInput
from reseau.sources._container import opened
from reseau.sources._files import MAX_FILE_BYTES
from reseau.sources._guards import MAX_COLUMNS, MAX_ROWS
from reseau.sources._json_objects import json_objects
from reseau.sources._table import Table, TableRow
from reseau.sources._text import clean_cell, clean_header

LATITUDE, LONGITUDE = "géométrie (latitude)", "géométrie (longitude)"
_KEYS = ("features", "results", "records", "data", "items", "structures", "lieux")
# Properties of a shape are of no use as text, and long.
_MAX_NESTED = 200
_PAIRS = (("lat", "lon"), ("lat", "lng"), ("latitude", "longitude"), ("y", "x"))


def is_json(path: Path) -> bool:
    """Whether a file starts like a JSON document. False for what is no file: the table reader says why."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_features(path: Path) -> Table:
    """Read the objects of a document of any usual shape (GeoJSON, Opendatasoft, a plain list, one a line).

    Raises:
        RefusedInput: no list of objects there, cut, too many of them or too many properties.
    """
    with opened(path, max_bytes=MAX_FILE_BYTES) as stream:
        found = list(islice(json_objects(stream, path.name, keys=_KEYS), MAX_ROWS + 1))
    if not found:
        raise RefusedInput(f"« {path.name} » ne contient aucun lieu. Vérifiez que c'est le bon fichier.")
    if len(found) > MAX_ROWS:
        raise RefusedInput(
            f"« {path.name} » a plus de {MAX_ROWS} lieux. Gardez seulement ceux de votre territoire."
        )
    cells = [(number, _cells(item)) for number, item in found]
    columns = tuple(dict.fromkeys(name for _, row in cells for name in row))
    if len(columns) > MAX_COLUMNS:
        raise RefusedInput(
            f"« {path.name} » a plus de {MAX_COLUMNS} propriétés : ce n'est pas une liste de lieux."
        )
    rows = tuple(TableRow(number, {name: row.get(name, "") for name in columns}) for number, row in cells)
    shapeless = sum(_has_other_shape(item) for _, item in found)
    notes = (
        [f"{shapeless} lieu(x) dessinés autrement que par un point : pris sans position."]
        if shapeless
        else []
    )
    return Table(columns=columns, rows=rows, description="Liste de lieux (JSON).", notes=tuple(notes))


def _cells(item: Mapping[str, Any]) -> dict[str, str]:
    inside = item.get("properties", item.get("fields"))
    properties = inside if isinstance(inside, Mapping) else item
    number = {name: item[name] for name in ("id", "recordid") if inside is not None and name in item}
    row = {
        name: text
        for key, value in {**number, **properties}.items()
        if (name := clean_header(str(key))[:200])
        and name != "geometry"
        and (text := _text(value)) is not None
    }
    point = _point(item.get("geometry"))
    return {**row, LATITUDE: point[0], LONGITUDE: point[1]} if point else row


def _has_other_shape(item: Mapping[str, Any]) -> bool:
    geometry = item.get("geometry")
    return isinstance(geometry, Mapping) and bool(geometry.get("coordinates")) and _point(geometry) is None


def _point(geometry: Any) -> tuple[str, str] | None:
    """Latitude and longitude of a GeoJSON point (which gives the longitude first), as text."""
    if not isinstance(geometry, Mapping):
        return None
    place = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]
    elif geometry.get("type") != "Point":
        return None
    if not isinstance(place, list) or len(place) < 2 or not all(map(_is_number, place[:2])):
        return None
    return str(place[1]), str(place[0])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: Any) -> str:
    """A value as people would write it in a cell; a pair of coordinates as «latitude, longitude»."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, str):
        return clean_cell(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if all(map(_is_number, value)) and len(value) == 2:
        # How Opendatasoft writes `geo_point_2d`: latitude first, unlike GeoJSON.
        return ", ".join(map(str, value))
    if all(isinstance(part, str | int | float) for part in value):
        return " | ".join(filter(None, map(_text, value)))
    return json.dumps(value, ensure_ascii=False)[:_MAX_NESTED]


def _mapping(value: Mapping[str, Any]) -> str:
    for lat, lon in _PAIRS:
        if set(value) == {lat, lon}:
            return f"{value[lat]}, {value[lon]}"
    point = _point(value)
    return ", ".join(point) if point else json.dumps(value, ensure_ascii=False)[:_MAX_NESTED]


def _number(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else str(value)
