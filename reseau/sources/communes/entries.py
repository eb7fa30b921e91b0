"""Rows of a list of communes, whatever the format: official tables, answers of the State's service, "
"boundaries.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS

from reseau.errors import RefusedInput
from reseau.geo.crs import WGS84
from reseau.model.typology import normalise
from reseau.sources import _files
from reseau.sources._boundaries import Boundary, read_boundaries, resolve_crs
from reseau.sources._json_objects import json_objects
from reseau.sources._layers import as_text, geojson_geometry, read_layers
from reseau.sources._table import read_table

# Field → normalised column names, the most trusted first.
COLUMNS = {
    "code": ("com", "code", "insee com", "code insee", "codgeo", "code commune", "insee"),
    "name": ("libelle", "nom", "libgeo", "nom com", "nom officiel", "nom commune", "lib com"),
    "kind": ("typecom", "type"),
    "parent": ("comparent", "cheflieu", "chef lieu"),
    "epci": ("codeepci", "code epci", "siren epci", "codes siren des epci", "epci"),
    "epci_name": ("nom epci", "libepci", "lib epci", "nomepci"),
    "postcodes": ("codespostaux", "codes postaux", "code postal"),
    "population": ("population", "pmun", "pop mun", "population municipale"),
}
# Without one of these a list of codes and names could be of anything that has an address.
OWN = frozenset({"typecom", "comparent", "cheflieu", "codespostaux", "population", "pmun", "pop mun"})
OWN |= frozenset(COLUMNS["epci"])
# Columns of the official table and of the service that say nothing kept here.
_EXPECTED = frozenset(
    {"reg", "dep", "ctcd", "arr", "tncc", "ncc", "nccenr", "can", "codedepartement", "coderegion", "siren"}
    | {"departement", "region", "score", "centre", "contour", "surface", "zone", "fid", "id", "gid", "cleabs"}
    | {"objectid", "statut", "insee dep", "insee reg", "insee arr", "insee can", "mairie", "bbox", "epci"}
    | {"codeparent", "anciencode"}
)
_ELSEWHERE = frozenset({"code qp", "code qpv", "code iris", "nofinesset", "nofiness"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as text, with its boundary when the file gives one."""

    line: int
    cells: Mapping[str, str]
    boundary: Boundary | None = None
    defect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Every row of a file, and French notes about it."""

    columns: tuple[str, ...]
    rows: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def recognise(columns: Sequence[str]) -> dict[str, str]:
    """Field → column that gives it; empty when the columns are not those of a list of communes."""
    keys: dict[str, str] = {}
    for column in columns:
        keys.setdefault(normalise(column), column)
    if not _ELSEWHERE.isdisjoint(keys):
        return {}
    found = {
        field: next((keys[name] for name in names if name in keys), "") for field, names in COLUMNS.items()
    }
    return {field: column for field, column in found.items() if column} if found["code"] else {}


def count_recognised(cells: Sequence[str]) -> int:
    """How much a row of cells looks like the header of such a list."""
    return len(recognise([cell for cell in cells if cell]))


def unused(columns: Sequence[str]) -> list[str]:
    """Columns that are neither read nor usually there."""
    read = {name for names in COLUMNS.values() for name in names}
    return [name for name in columns if normalise(name) not in read | _EXPECTED]


def read_entries(path: Path, sheet: str | None) -> Entries:
    """Read a file of communes.

    Raises:
        RefusedInput: not such a file, or one that cannot be opened.
    """
    _files.require_file(path)
    with path.open("rb") as file:
        head = file.read(4096)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        entries = _from_json(path)
    elif start == b"{" or head.startswith(b"SQLite format 3") or _is_boundaries_archive(path):
        entries = _from_layers(path)
    else:
        table = read_table(path, recognise=count_recognised, sheet=sheet)
        rows = tuple(Entry(line=row.line, cells=row.cells, defect=row.defect) for row in table.rows)
        entries = Entries(columns=table.columns, rows=rows, notes=table.notes)
    found = recognise(entries.columns)
    has_boundary = any(entry.boundary and entry.boundary.wkb for entry in entries.rows)
    sure = has_boundary or not OWN.isdisjoint(map(normalise, entries.columns))
    if not found or "name" not in found or not sure:
        seen = ", ".join(entries.columns)[:300] or "aucune"
        raise RefusedInput(
            f"« {path.name} » n'est pas une liste de communes : il faut un code, un nom, et un contour, une "
            f"intercommunalité ou un genre (TYPECOM). Colonnes lues : {seen}."
        )
    return entries


def _is_boundaries_archive(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not {"xl/workbook.xml", "mimetype"}.intersection(archive.namelist())


def _from_json(path: Path) -> Entries:
    """A list of objects, as the State's service answers."""
    cells: list[dict[str, str]] = []
    drawn: list[Any] = []
    # One at a time: the boundaries of the whole country as lists of numbers would fill the memory.
    with path.open("rb") as file:
        for _, item in json_objects(file, path.name, keys=()):
            drawn.append(geojson_geometry(item.pop("contour", None)))
            cells.append({key: as_text(value) for key, value in item.items() if key != "centre"})
    shapes = np.empty(len(drawn), dtype=object)
    shapes[:] = drawn
    boundaries = read_boundaries(shapes, CRS.from_epsg(WGS84))
    rows = tuple(
        Entry(line=number, cells=row, boundary=boundary if shape is not None else None)
        for number, (row, shape, boundary) in enumerate(zip(cells, shapes, boundaries, strict=True), start=1)
    )
    return Entries(columns=tuple(dict.fromkeys(key for row in rows for key in row.cells)), rows=rows)


def _from_layers(path: Path) -> Entries:
    rows: list[Entry] = []
    columns: dict[str, None] = {}
    notes: list[str] = []
    layers = read_layers(path)
    for layer in [layer for layer in layers if recognise(layer.columns)] or layers[:1]:
        crs, note = resolve_crs(layer, path.name)
        notes += [note] if note else []
        columns |= dict.fromkeys(layer.columns)
        boundaries = read_boundaries(layer.geometries, crs)
        for row, shape, boundary in zip(layer.rows, layer.geometries, boundaries, strict=True):
            # A point at the middle of a commune is not its boundary, nor a mistake.
            drawn = shape is not None and "Polygon" in shape.geom_type
            rows.append(Entry(line=len(rows) + 1, cells=row, boundary=boundary if drawn else None))
    return Entries(columns=tuple(columns), rows=tuple(rows), notes=tuple(notes))
