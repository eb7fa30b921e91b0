"""Service points: where each type of service is given, or to whom it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from reseau.model.columns import POINTS
from reseau.model.vocabulary import OUTGOING_MODES

WGS84 = "EPSG:4326"
ON_SITE = "sur_place"
STRUCTURE, PERMANENCE, OUTGOING = "structure", "permanence", "outgoing"


def service_points(structures: pd.DataFrame, permanences: pd.DataFrame, *, on: date) -> gpd.GeoDataFrame:
    """Build the service points known on a date, one row per (point, type).

    A structure counts once for each of its types. One that receives on site, or does not say how it
    receives, is a `structure` point; one that only goes to people (`domicile`, `telephone`, `visio`,
    `mobile`) is an `outgoing` point without a place: its office is not somewhere to go. Both keep the
    quartiers an outgoing mode declares. What is not placed is kept with `placed` False and no geometry:
    it is known, but cannot be near. Closed structures and what they hold are left out.

    Args:
        structures: STRUCTURES frame, index = structure id, EPSG:4326.
        permanences: PERMANENCES frame, index = permanence id, EPSG:4326.
        on: a permanence counts from its start to its end, both included.

    Returns:
        POINTS frame in EPSG:4326, index 0…n-1.
    """
    shut = frozenset(structures.index[structures["closed"].eq(True)])
    rows = [*_structure_rows(structures, shut), *_permanence_rows(permanences, shut, on)]
    frame = pd.DataFrame(rows, columns=list(POINTS))
    for column in ("structure_id", "host_id", "permanence_id"):
        frame[column] = frame[column].astype("Int64")
    frame["placed"] = frame["placed"].astype(bool)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(frame["geometry"].tolist(), crs=WGS84), crs=WGS84)


def _structure_rows(structures: pd.DataFrame, shut: frozenset[int]) -> Iterator[dict[str, Any]]:
    columns = ["types", "name", "insee", "placed", "geometry", "reception_modes", "served_quartiers"]
    for structure_id, *cells in structures[columns].itertuples(name=None):
        types, name, insee, placed, geometry, modes, served = cells
        if structure_id in shut:
            continue
        goes_out = bool(OUTGOING_MODES.intersection(modes))
        on_site = ON_SITE in modes or not goes_out
        placed = bool(placed) and on_site and _has_position(geometry)
        for type_code in _unique(types):
            yield {
                "structure_id": structure_id,
                "host_id": None,
                "permanence_id": None,
                "type_code": type_code,
                "kind": STRUCTURE if on_site else OUTGOING,
                "name": name,
                "insee": _text(insee),
                "placed": placed,
                "geometry": geometry if placed else None,
                "served_quartiers": _unique(served) if goes_out else (),
            }


def _permanence_rows(permanences: pd.DataFrame, shut: frozenset[int], on: date) -> Iterator[dict[str, Any]]:
    columns = ["structure_id", "structure_name", "type_code", "host_id", "host_name", "place", "insee"]
    columns += ["placed", "geometry", "started_on", "ended_on"]
    for permanence_id, *cells in permanences[columns].itertuples(name=None):
        holder, holder_name, type_code, host, host_name, place, insee, placed, geometry, start, end = cells
        if holder in shut or not _active(start, end, on):
            continue
        host = None if pd.isna(host) else int(host)
        # A closed host no longer receives anybody: where the permanence is held now is not known.
        placed = bool(placed) and host not in shut and _has_position(geometry)
        where = _text(host_name) or _text(place)
        yield {
            "structure_id": holder,
            "host_id": host,
            "permanence_id": permanence_id,
            "type_code": type_code,
            "kind": PERMANENCE,
            "name": f"{holder_name} ({where})" if where else holder_name,
            "insee": "" if host in shut else _text(insee),
            "placed": placed,
            "geometry": geometry if placed else None,
            "served_quartiers": (),
        }


def _active(start: object, end: object, on: date) -> bool:
    first, last = _day(start), _day(end)
    return (first is None or first <= on) and (last is None or on <= last)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _has_position(geometry: Any) -> bool:
    return geometry is not None and not geometry.is_empty


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
