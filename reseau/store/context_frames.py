"""Frames of what surrounds the partners (columns: `reseau.model.columns`)."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, func, select

from reseau.model import columns
from reseau.store.frames import WGS84
from reseau.store.rows import EDITABLE, rows_of

COLUMNS = {
    "reperes": columns.REPERES,
    "iris": columns.IRIS,
    "carreaux": columns.SQUARES,
    "communes": columns.COMMUNES,
}
FIGURES = ("lon", "lat", "x", "y", "people", "households", "poor_households", "population")


def context_frame(connection: Connection, kind: str, territoire_id: int) -> gpd.GeoDataFrame:
    """Rows of a kind of `COLUMNS`, indexed by id, geometries in EPSG:4326 (None where there is none)."""
    rows = rows_of(connection, kind, territoire_id)
    names = COLUMNS[kind][:-1]
    for row in rows:
        row["updated_on"] = row["updated_at"].date()
        row["postcodes"] = tuple(row.get("postcodes", ()))
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in names})
    for name in FIGURES:
        if name in frame:
            frame[name] = pd.to_numeric(frame[name], errors="coerce")
    frame.index = pd.Index([row["id"] for row in rows], dtype="int64", name="id")
    if kind in {"reperes", "carreaux"}:
        shapes = list(gpd.points_from_xy(frame["lon"], frame["lat"]))
    else:
        shapes = [shapely.from_wkb(row["wkb"]) if row["wkb"] else None for row in rows]
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=WGS84), crs=WGS84)


def context_stamp(connection: Connection, kind: str, territoire_id: int) -> str:
    """Short text that changes whenever rows of a kind are added, changed or removed."""
    table = EDITABLE[kind].c
    query = select(
        func.count(), func.max(table.id), func.sum(table.version), func.max(table.updated_at)
    ).where(table.territoire_id == territoire_id, table.deleted_at.is_(None))
    return repr(tuple(connection.execute(query).one()))
