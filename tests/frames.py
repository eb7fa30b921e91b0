"""Small frames that keep the column contracts, for tests: say only what matters, the rest is unknown.

Places are given in metres around `ORIGIN` (Lambert-93, near Bourges), so that a test reads in metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Transformer

from reseau.model.columns import PERMANENCES, QUARTIERS, RELATIONS, STRUCTURES

ORIGIN = (650_000.0, 6_650_000.0)
METRIC = "EPSG:2154"
COMMUNE = "18033"
_TO_DEGREES = Transformer.from_crs(METRIC, "EPSG:4326", always_xy=True)

Row = Mapping[str, Any]


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place `x` metres east and `y` metres north of the origin."""
    lon, lat = _TO_DEGREES.transform(ORIGIN[0] + x, ORIGIN[1] + y)
    return float(lon), float(lat)


def polygon(
    *corners: tuple[float, float], holes: Iterable[list[tuple[float, float]]] = ()
) -> shapely.Polygon:
    """Polygon whose corners are metres from the origin."""
    return shapely.Polygon([lonlat(*c) for c in corners], [[lonlat(*c) for c in hole] for hole in holes])


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """Square whose south-west corner is (x, y) metres from the origin."""
    return polygon((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def structures(*rows: Row) -> gpd.GeoDataFrame:
    """STRUCTURES frame. Each row: `id` (else 1, 2, …), `at=(x, y)` metres (else not placed), any column."""
    unknown = dict.fromkeys(STRUCTURES) | {
        "types": (), "family": "autre", "publics": (), "languages": (), "reception_modes": (),
        "served_quartiers": (), "sources": (), "closed": False, "placed": False, "is_pivot": False,
        "version": 1, "insee": COMMUNE,
    }  # fmt: skip
    texts = ("description", "address", "address_extra", "postcode", "commune", "position_precision", "phone",
             "email", "website",
             "opening_hours", "hours_text", "access_conditions", "finess", "siret", "uai",
             "capacity_unit")  # fmt: skip
    unknown |= dict.fromkeys(texts, "")
    made = []
    for number, row in enumerate(rows, start=1):
        row_id = row.get("id", number)
        made.append(unknown | {"uid": f"essai--{row_id}", "name": f"Structure {row_id}"} | _place(row))
    return _frame(made, STRUCTURES, _ids(rows))


def permanences(*rows: Row) -> gpd.GeoDataFrame:
    """PERMANENCES frame. Each row: `structure_id`, `type_code`, `at=(x, y)` metres, any column."""
    unknown = dict.fromkeys(PERMANENCES) | {
        "structure_name": "Porteur", "host_name": "", "place": "", "insee": "", "placed": False,
        "opening_hours": "", "hours_text": "", "languages": (), "note": "", "version": 1,
    }  # fmt: skip
    frame = _frame([unknown | _place(row) for row in rows], PERMANENCES, _ids(rows))
    return frame.astype({"host_id": "Int64"})


def quartiers(*rows: Row) -> gpd.GeoDataFrame:
    """QUARTIERS frame. Each row: `geometry` (EPSG:4326; a square of 400 m by default), any column."""
    made = []
    for number, row in enumerate(rows, start=1):
        row_id = row.get("id", number)
        made.append(
            dict.fromkeys(QUARTIERS)
            | {"code": f"QN{row_id:05d}M", "name": f"Quartier {row_id}", "kind": "qpv", "generation": 2024}
            | {"communes": (COMMUNE,), "commune_names": ("Bourges",), "languages": (), "source": "essai"}
            | {"population_source": "", "geometry": square(0, 0, 400)}
            | {key: value for key, value in row.items() if key != "id"}
        )
    return _frame(made, QUARTIERS, _ids(rows))


def relations(*rows: Row) -> pd.DataFrame:
    """RELATIONS frame. Each row: `from_id`, `to_id`; active by default."""
    unknown = dict.fromkeys(RELATIONS) | {
        "from_name": "", "to_name": "", "purpose": "orientation", "direction": "reciproque", "intensity": 3,
        "status": "actif", "declared_by": "", "evidence": "", "note": "", "version": 1,
    }  # fmt: skip
    index = pd.Index(_ids(rows), dtype="int64", name="id")
    return pd.DataFrame([unknown | dict(row) for row in rows], columns=list(RELATIONS), index=index)


def _place(row: Row) -> dict[str, Any]:
    cells = {key: value for key, value in row.items() if key not in {"id", "at"}}
    if (at := row.get("at")) is not None:
        lon, lat = lonlat(*at)
        cells = {"lon": lon, "lat": lat, "placed": True, "geometry": shapely.Point(lon, lat)} | cells
    return cells


def _ids(rows: tuple[Row, ...]) -> list[int]:
    return [row.get("id", number) for number, row in enumerate(rows, start=1)]


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...], ids: list[int]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), index=pd.Index(ids, dtype="int64", name="id"))
    geometry = gpd.GeoSeries(frame["geometry"].tolist(), index=frame.index, crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
