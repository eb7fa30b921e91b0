"""What travels out: frames whose columns `reseau.model.columns` declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, select

from reseau.model import columns
from reseau.model.typology import Typology
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.store import tables
from reseau.store.rows import rows_of

WGS84 = "EPSG:4326"
JSON_LISTS = (
    "types", "publics", "languages", "reception_modes", "served_quartiers", "communes", "commune_names",
    "quartiers", "postcodes",
)  # fmt: skip


def structures_frame(
    connection: Connection, territoire_id: int, *, typology: Typology, pivot_uid: str
) -> gpd.GeoDataFrame:
    """Structures of a territory, those put aside excepted (columns `STRUCTURES`, EPSG:4326)."""
    rows = rows_of(connection, "structures", territoire_id)
    sources = _sources_by_structure(connection, territoire_id)
    for row in rows:
        row["family"] = typology.family_of(tuple(row["types"]))
        row["placed"] = row["lon"] is not None and row["position_precision"] in PLACED_PRECISIONS
        row["sources"] = tuple(sources.get(row["id"], ()))
        row["updated_on"] = row["updated_at"].date()
        row["is_pivot"] = bool(pivot_uid) and row["uid"] == pivot_uid
    frame = _frame(rows, columns.STRUCTURES[:-1])
    return gpd.GeoDataFrame(frame, geometry=_points(frame), crs=WGS84)


def quartiers_frame(connection: Connection, territoire_id: int) -> gpd.GeoDataFrame:
    """Quartiers of a territory (columns `QUARTIERS`, EPSG:4326)."""
    rows = rows_of(connection, "quartiers", territoire_id)
    frame = _frame(rows, columns.QUARTIERS[:-1])
    frame["population"] = pd.to_numeric(frame["population"], errors="coerce")
    geometry = shapely.from_wkb(np.array([row["wkb"] for row in rows], dtype=object))
    return gpd.GeoDataFrame(frame, geometry=list(geometry), crs=WGS84)


def relations_frame(connection: Connection, territoire_id: int, structures: pd.DataFrame) -> pd.DataFrame:
    """Ties between structures that are not put aside (columns `RELATIONS`)."""
    names = structures["name"].to_dict()
    rows = [
        {**row, "from_name": names[row["from_id"]], "to_name": names[row["to_id"]]}
        for row in rows_of(connection, "relations", territoire_id)
        if row["from_id"] in names and row["to_id"] in names
    ]
    return _frame(rows, columns.RELATIONS)


def permanences_frame(
    connection: Connection, territoire_id: int, structures: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Permanences, at their host's place when hosted (columns `PERMANENCES`, EPSG:4326)."""
    known = structures[["name", "lon", "lat", "placed", "insee"]].to_dict("index")
    rows = []
    for row in rows_of(connection, "permanences", territoire_id):
        holder, host = known.get(row["structure_id"]), known.get(row["host_id"])
        if holder is None or (row["host_id"] is not None and host is None):
            continue
        row["structure_name"] = holder["name"]
        row["host_name"] = host["name"] if host else ""
        row["insee"] = host["insee"] if host else ""
        if host:
            row["lon"], row["lat"] = host["lon"], host["lat"]
        row["placed"] = host["placed"] if host else row["lon"] is not None
        rows.append(row)
    frame = _frame(rows, columns.PERMANENCES[:-1])
    return gpd.GeoDataFrame(frame, geometry=_points(frame), crs=WGS84)


def people_frame(
    connection: Connection, kind: str, territoire_id: int, structures: pd.DataFrame
) -> pd.DataFrame:
    """Contacts or journal entries (columns `CONTACTS` or `JOURNAL`): editors only."""
    names = structures["name"].to_dict()
    rows = [
        {**row, "structure_name": names[row["structure_id"]]}
        for row in rows_of(connection, kind, territoire_id)
        if row["structure_id"] in names
    ]
    return _frame(rows, columns.CONTACTS if kind == "contacts" else columns.JOURNAL)


def actions_frame(connection: Connection, territoire_id: int, structures: pd.DataFrame) -> pd.DataFrame:
    """Outreach actions with their partners (columns `ACTIONS`)."""
    names = structures["name"].to_dict()
    table = tables.action_partners
    partners: dict[int, list[tuple[int, str, str]]] = {}
    query = (
        select(table.c.action_id, table.c.structure_id, table.c.role)
        .join(tables.actions, tables.actions.c.id == table.c.action_id)
        .where(tables.actions.c.territoire_id == territoire_id)
        .order_by(table.c.action_id, table.c.rank)
    )
    for action_id, structure_id, role in connection.execute(query):
        if structure_id in names:
            partners.setdefault(action_id, []).append((structure_id, names[structure_id], role))
    rows = [
        {**row, "host_name": names.get(row["host_id"], ""), "partners": tuple(partners.get(row["id"], ()))}
        for row in rows_of(connection, "actions", territoire_id)
    ]
    return _frame(rows, columns.ACTIONS)


def needs_frame(connection: Connection, territoire_id: int, quartiers: pd.DataFrame) -> pd.DataFrame:
    """Counts of expressed needs in quartiers that are not put aside (columns `NEEDS`)."""
    known = quartiers[["code", "name"]].to_dict("index")
    rows = [
        {**row, "quartier_code": known[key]["code"], "quartier_name": known[key]["name"]}
        for row in rows_of(connection, "besoins", territoire_id)
        if (key := row["quartier_id"]) in known
    ]
    return _frame(rows, columns.NEEDS)


def _frame(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> pd.DataFrame:
    """Rows as a frame indexed by id; cells stay Python objects, so that None stays None."""
    names = tuple(names)
    data: dict[str, Any] = {}
    for name in names:
        cells = [tuple(row[name]) if name in JSON_LISTS else row[name] for row in rows]
        series = pd.Series(cells, dtype=object)
        if name in {"lon", "lat"}:
            series = series.astype(float)
        elif name in {"from_id", "to_id", "structure_id", "quartier_id", "version", "intensity", "count"}:
            series = series.astype("int64")
        elif name in {"placed", "closed", "is_pivot"}:
            series = series.astype(bool)
        data[name] = series
    index = pd.Index([row["id"] for row in rows], dtype="int64", name="id")
    return pd.DataFrame(data).set_axis(index) if rows else pd.DataFrame(data, index=index)


def _points(frame: pd.DataFrame) -> list[shapely.Point | None]:
    known = frame["lon"].notna() & frame["lat"].notna()
    return [
        shapely.Point(lon, lat) if has else None
        for lon, lat, has in zip(frame["lon"], frame["lat"], known, strict=True)
    ]


def _sources_by_structure(connection: Connection, territoire_id: int) -> dict[int, list[str]]:
    table = tables.provenance
    query = (
        select(table.c.structure_id, table.c.source)
        .join(tables.structures, tables.structures.c.id == table.c.structure_id)
        .where(tables.structures.c.territoire_id == territoire_id)
        .distinct()
        .order_by(table.c.structure_id, table.c.source)
    )
    found: dict[int, list[str]] = {}
    for structure_id, source in connection.execute(query):
        found.setdefault(structure_id, []).append(source)
    return found
