"""Boundaries of communes as they are loaded: given as such, or put together from their statistical blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from reseau.geo.correspondence import is_former
from reseau.geo.shapes import polygons_only, to_wkb
from reseau.model.communes import city_of, current_code, matching_codes
from reseau.store.rows import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

WGS84 = "EPSG:4326"
COLUMNS = ("code", "name", "source", "geometry")
DRAWN_KINDS = frozenset({"commune", "arrondissement"})
FORMER_KINDS = frozenset({"deleguee", "associee"})


def present_areas(quartiers: Sequence[Mapping[str, Any]]) -> tuple[bytes, ...]:
    """Boundaries (WKB, EPSG:4326) of stored quartiers, those another generation replaced left out."""
    if not quartiers:
        return ()
    frame = pd.DataFrame(
        {name: [row[name] for row in quartiers] for name in ("generation", "communes", "wkb")}
    )
    return tuple(frame.loc[~is_former(frame), "wkb"])


def boundaries_frame(
    connection: Connection, territoire_id: int, communes: Collection[str]
) -> gpd.GeoDataFrame:
    """Boundary of every commune and arrondissement that is known, one row per code.

    A commune of the territory without a boundary of its own has that of its blocks (IRIS). Those of other
    communes are not used: a radius may have kept a part of them only.

    Args:
        communes: INSEE codes of the territory.

    Returns:
        Frame `COLUMNS` in EPSG:4326, by code; `source`: `communes` or `iris`.
    """
    known = [row for row in rows_of(connection, "communes", territoire_id) if row["kind"] in DRAWN_KINDS]
    names = {row["code"]: row["name"] for row in known}
    found: dict[str, tuple[str, str, Any]] = {
        row["code"]: (row["name"], "communes", shapely.from_wkb(row["wkb"])) for row in known if row["wkb"]
    }
    wanted = matching_codes(communes)
    blocks: dict[str, list[Any]] = {}
    for row in rows_of(connection, "iris", territoire_id):
        code = current_code(row["insee"])
        if code in wanted and code not in found:
            blocks.setdefault(code, []).append(shapely.from_wkb(row["wkb"]))
    for code, shapes in blocks.items():
        found[code] = (names.get(code, code), "iris", polygons_only(shapely.union_all(shapes)))
    rows = [(code, *found[code]) for code in sorted(found)]
    return gpd.GeoDataFrame(
        {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS[:-1])},
        geometry=gpd.GeoSeries([row[3] for row in rows], crs=WGS84),
        crs=WGS84,
    )


def boundaries_wkb(
    connection: Connection, territoire_id: int, communes: Collection[str]
) -> tuple[bytes, ...]:
    """Boundaries (WKB, EPSG:4326) of the territory's own communes, as far as they are known."""
    frame = boundaries_frame(connection, territoire_id, communes)
    own = {current_code(code) for code in communes}
    return tuple(
        to_wkb(shape)
        for code, shape in zip(frame["code"], frame.geometry, strict=True)
        if code in own or city_of(code) in own
    )


def former_of(connection: Connection, territoire_id: int) -> dict[str, str]:
    """Code of a commune that merged → the one in force, according to the lists of communes loaded."""
    rows = rows_of(connection, "communes", territoire_id)
    in_force = {row["code"] for row in rows if row["kind"] in DRAWN_KINDS}
    return {
        row["code"]: row["parent"]
        for row in rows
        if row["kind"] in FORMER_KINDS and row["parent"] and row["code"] not in in_force
    }
