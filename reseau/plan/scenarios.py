"""A scenario applied to frames: the same frames as today's, as if the changes had been made.

Frames are never modified: new ones are given, with the columns of `reseau.model.columns`, so that service
points, states and network are made from them as for today. A change that no longer makes sense (a structure
put aside since) is told, and the others are applied all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely

from reseau.hours import parse_hours
from reseau.model.records import Permanence, Relation, Structure, Territoire
from reseau.model.typology import Typology
from reseau.model.vocabulary import RelationStatus
from reseau.plan.changes import (
    SETTINGS,
    Change,
    ChangeSettings,
    CloseStructure,
    EndPermanence,
    MoveStructure,
    OpenPermanence,
    OpenStructure,
    SetRelation,
)

NOBODY = 0
"""Holder of a permanence that nobody holds yet: no structure has this id."""
TO_HOLD = "Permanence à ouvrir"
NEW_STRUCTURE = "Structure à ouvrir"
POINT = "point de la carte"
CommuneOf = Callable[[float, float], str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """What a scenario may change.

    Attributes:
        structures: STRUCTURES frame, index = structure id, EPSG:4326.
        permanences: PERMANENCES frame, index = permanence id, EPSG:4326.
        relations: RELATIONS frame.
        settings: thresholds and walking pace.
    """

    structures: gpd.GeoDataFrame
    permanences: gpd.GeoDataFrame
    relations: pd.DataFrame
    settings: Territoire

    @property
    def pivot_ids(self) -> frozenset[int]:
        """Ids of the team's own structures."""
        structures = self.structures
        return frozenset(int(key) for key in structures.index[structures["is_pivot"].astype(bool)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Applied:
    """Frames after the changes, and what could not be applied.

    Attributes:
        problems: (rank of the change from 1, French sentence).
    """

    frames: Frames
    problems: tuple[tuple[int, str], ...] = ()


class _Senseless(Exception):
    """A change that has no object any more, or in part; says why in French.

    Attributes:
        frames: what the part that makes sense gives, None where nothing does.
    """

    def __init__(self, reason: str, frames: Frames | None = None) -> None:
        super().__init__(reason)
        self.frames = frames


@dataclass(frozen=True, slots=True)
class _World:
    """`last_id`: nothing opened may take the id of anything there is today, even of what closes."""

    typology: Typology
    commune_of: CommuneOf
    last_id: int


def apply(
    changes: Sequence[Change],
    frames: Frames,
    *,
    typology: Typology,
    commune_of: CommuneOf = lambda _lon, _lat: "",
) -> Applied:
    """Apply changes in order, each to what the ones before gave.

    Args:
        frames: as they are today.
        commune_of: INSEE code of the commune at a longitude and latitude, empty when not known.
    """
    tables = (frames.structures, frames.permanences, frames.relations)
    last = max((int(table.index.max()) for table in tables if len(table)), default=NOBODY)
    world = _World(typology, commune_of, last)
    problems = []
    for rank, change in enumerate(changes, start=1):
        try:
            frames = _apply_one(change, frames, world)
        except _Senseless as reason:
            problems.append((rank, str(reason)))
            frames = frames if reason.frames is None else reason.frames
    return Applied(frames=frames, problems=tuple(problems))


def _apply_one(change: Change, frames: Frames, world: _World) -> Frames:
    match change:
        case CloseStructure():
            return _close(change, frames)
        case EndPermanence():
            return _end(change, frames)
        case OpenPermanence():
            return _open_permanence(change, frames, world)
        case OpenStructure():
            return _open_structure(change, frames, world)
        case SetRelation():
            return _set_relation(change, frames, world)
        case MoveStructure():
            return _move(change, frames, world)
        case ChangeSettings():
            given = {name: value for name in SETTINGS if (value := getattr(change, name)) is not None}
            return replace(frames, settings=replace(frames.settings, **given))
    raise TypeError(type(change).__name__)


def _close(change: CloseStructure, frames: Frames) -> Frames:
    """The sheet goes; a permanence it hosted stays known, held nowhere known."""
    key = change.structure_id
    _need_structure(frames, key, change.label)
    ties = frames.relations
    ties = ties[(ties["from_id"] != key) & (ties["to_id"] != key)]
    held = frames.permanences
    held = held[held["structure_id"] != key]
    hosted = held["host_id"].eq(key).to_numpy(dtype=bool, na_value=False)
    if hosted.any():
        held = _nowhere(held, hosted)
    structures = _geo(frames.structures.drop(index=key))
    return replace(frames, structures=structures, permanences=_geo(held), relations=ties)


def _nowhere(held: gpd.GeoDataFrame, hosted: Any) -> gpd.GeoDataFrame:
    moved = held.copy()
    moved["host_id"] = moved["host_id"].mask(hosted)
    for column in ("host_name", "place", "insee"):
        moved[column] = moved[column].mask(hosted, "")
    moved["placed"] = moved["placed"].astype(bool) & ~hosted
    for column in ("lon", "lat"):
        moved[column] = moved[column].mask(hosted)
    shapes = [None if gone else shape for gone, shape in zip(hosted, moved.geometry, strict=True)]
    return moved.set_geometry(gpd.GeoSeries(shapes, index=moved.index, crs=held.crs))


def _end(change: EndPermanence, frames: Frames) -> Frames:
    if change.permanence_id not in frames.permanences.index:
        raise _Senseless(
            f"la permanence{_named(change.label)} n'existe pas ou plus (supprimée ou déjà finie)."
        )
    return replace(frames, permanences=_geo(frames.permanences.drop(index=change.permanence_id)))


def _open_permanence(change: OpenPermanence, frames: Frames, world: _World) -> Frames:
    holder = TO_HOLD
    if change.holder_id is not None:
        holder = _need_structure(frames, change.holder_id, "", "la structure qui la tiendrait")["name"]
    hours = parse_hours(change.hours)
    row: dict[str, Any] = {
        "structure_id": change.holder_id or NOBODY,
        "structure_name": holder,
        "type_code": change.type_code,
        "opening_hours": hours.osm,
        "hours_text": hours.text,
        "languages": change.languages,
        "free": change.free,
        "no_appointment": change.no_appointment,
        "version": 1,
        **_held_at(change, frames),
    }
    held = frames.permanences
    row = _blank(Permanence, held) | row
    return replace(frames, permanences=_geo(_with_row(held, _next_id(held, world), row)))


def _held_at(change: OpenPermanence, frames: Frames) -> dict[str, Any]:
    """Where a permanence is held, in the columns of PERMANENCES."""
    if change.host_id is None:
        lon, lat = cast("float", change.lon), cast("float", change.lat)
        place = change.label or POINT
        return {"host_id": None, "host_name": "", "place": place, "insee": "", **_at(lon, lat)}
    host = _need_structure(frames, change.host_id, change.label, "la structure qui l'accueillerait")
    cells = {name: host[name] for name in ("lon", "lat", "geometry", "insee")}
    return {
        "host_id": change.host_id,
        "host_name": host["name"],
        "place": "",
        "placed": bool(host["placed"]),
        **cells,
    }


def _open_structure(change: OpenStructure, frames: Frames, world: _World) -> Frames:
    number = _next_id(frames.structures, world)
    row: dict[str, Any] = {
        "uid": f"scenario--{number}",
        "name": change.label or NEW_STRUCTURE,
        "types": (change.type_code,),
        "family": world.typology.family_of((change.type_code,)),
        "insee": world.commune_of(change.lon, change.lat),
        "position_precision": "exacte",
        "sources": (),
        "is_pivot": False,
        "version": 1,
        **_at(change.lon, change.lat),
    }
    row = _blank(Structure, frames.structures) | row
    opened = replace(frames, structures=_geo(_with_row(frames.structures, number, row)))
    if not change.linked:
        return opened
    try:
        return _tie(opened, number, RelationStatus.ACTIF, world)
    except _Senseless as reason:
        raise _Senseless(str(reason), opened) from None


def _set_relation(change: SetRelation, frames: Frames, world: _World) -> Frames:
    _need_structure(frames, change.structure_id, change.label)
    return _tie(frames, change.structure_id, RelationStatus(change.status), world)


def _tie(frames: Frames, key: int, status: RelationStatus, world: _World) -> Frames:
    """The tie between the pivot and a structure takes a status; without any, an active one is made."""
    pivots = frames.pivot_ids
    if not pivots:
        raise _Senseless("aucune structure pivot : une relation ne compte qu'avec la vôtre (page Réglages).")
    if key in pivots:
        raise _Senseless("c'est votre propre structure.")
    ties = frames.relations
    ends = {*pivots}
    of_pair = (ties["from_id"].isin(ends) & ties["to_id"].eq(key)) | (
        ties["to_id"].isin(ends) & ties["from_id"].eq(key)
    )
    active = of_pair & ties["status"].eq(RelationStatus.ACTIF)
    if status is RelationStatus.EN_SOMMEIL:
        if not active.any():
            raise _Senseless("aucune relation active avec elle à mettre en sommeil.")
        return _with_status(frames, active, status)
    if active.any():
        raise _Senseless("la relation est déjà active : rien ne change.")
    if of_pair.any():
        # The most involved of their ties is the one to revive.
        first = ties.loc[of_pair, "intensity"].astype(int).idxmax()
        return _with_status(frames, pd.Series(ties.index == first, index=ties.index), status)
    names = frames.structures["name"]
    pivot = min(pivots)
    row = {
        "from_id": pivot, "to_id": key, "from_name": names[pivot], "to_name": names[key],
        "status": str(status), "version": 1,
    }  # fmt: skip
    row = _blank(Relation, ties) | row
    return replace(frames, relations=_with_row(ties, _next_id(ties, world), row))


def _with_status(frames: Frames, rows: pd.Series[bool], status: RelationStatus) -> Frames:
    ties = frames.relations
    return replace(frames, relations=ties.assign(status=ties["status"].mask(rows, str(status))))


def _move(change: MoveStructure, frames: Frames, world: _World) -> Frames:
    key = change.structure_id
    _need_structure(frames, key, change.label)
    where = {**_at(change.lon, change.lat), "position_precision": "exacte"}
    if insee := world.commune_of(change.lon, change.lat):
        where["insee"] = insee
    held = frames.permanences
    hosted = held.index[held["host_id"].eq(key).to_numpy(dtype=bool, na_value=False)]
    cells = {name: value for name, value in where.items() if name in held.columns}
    return replace(
        frames,
        structures=_with_cells(frames.structures, [key], where),
        permanences=_with_cells(held, hosted, cells),
    )


def _with_cells(frame: gpd.GeoDataFrame, keys: Any, cells: Mapping[str, Any]) -> gpd.GeoDataFrame:
    if not len(keys):
        return frame
    changed = frame.copy()
    for name, value in cells.items():
        changed.loc[keys, name] = value
    return changed


def _at(lon: float, lat: float) -> dict[str, Any]:
    return {"lon": lon, "lat": lat, "placed": True, "geometry": shapely.Point(lon, lat)}


def _need_structure(frames: Frames, key: int, label: str, what: str = "la structure") -> Mapping[str, Any]:
    """Cells of a structure that is there and open."""
    if key not in frames.structures.index:
        raise _Senseless(f"{what}{_named(label)} n'existe pas ou plus (supprimée, fusionnée ou déjà fermée).")
    row = frames.structures.loc[key]
    if bool(row["closed"]):
        raise _Senseless(f"{what} «\u00a0{row['name']}\u00a0» est déjà fermée.")
    return cast("Mapping[str, Any]", row)


def _named(label: str) -> str:
    return f" «\u00a0{label}\u00a0»" if label else ""


def _next_id(frame: pd.DataFrame, world: _World) -> int:
    return max(int(frame.index.max()) if len(frame) else NOBODY, world.last_id) + 1


def _blank(record: type[Any], frame: pd.DataFrame) -> dict[str, Any]:
    """What a new row holds before anything is said: the defaults of its record."""
    defaults = {item.name: item.default for item in fields(record) if item.name in frame.columns}
    return dict.fromkeys(frame.columns) | {
        name: value for name, value in defaults.items() if isinstance(value, str | bool | tuple | int)
    }


def _with_row(frame: pd.DataFrame, key: int, cells: Mapping[str, Any]) -> pd.DataFrame:
    """The frame with one row more, each column keeping its type."""
    index = pd.Index([key], dtype="int64", name=frame.index.name)
    columns = {
        str(name): pd.Series([cells[str(name)]], index=index, dtype=object).astype(dtype)
        for name, dtype in frame.dtypes.items()
        if name != "geometry"
    }
    row = pd.DataFrame(columns, index=index)
    if "geometry" not in frame.columns:
        return pd.concat([frame, row[list(frame.columns)]])
    shape = gpd.GeoSeries([cells["geometry"]], index=index, crs=_geo(frame).crs)
    placed = _geo(gpd.GeoDataFrame(row, geometry=shape)[list(frame.columns)])
    longer: pd.DataFrame = pd.concat([frame, placed])
    return longer


def _geo(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    return cast("gpd.GeoDataFrame", frame)
