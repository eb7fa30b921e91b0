"""What the national table reads: quartiers and establishments of the whole country, from published files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from reseau.errors import NotFound, RefusedInput, why
from reseau.geo.crs import WGS84, epsg_at, metric_epsg
from reseau.geo.points import OUTGOING, service_points
from reseau.geo.shapes import transformer
from reseau.geo.travel import Floats, Ints
from reseau.model.columns import PERMANENCES
from reseau.model.communes import current_code, department_of
from reseau.model.records import Quartier, Structure
from reseau.model.reports import Parsed, Scope
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.services.app import App
from reseau.services.importing import find_source, list_sources, recognise
from reseau.sources import ReadOptions, Source

# Frames of structures are made piece by piece: their rows are a hundred times larger than what is kept.
STRUCTURES_AT_ONCE = 10_000


@dataclass(slots=True, kw_only=True)
class Establishments:
    """Places of every type, and what could not be one.

    Attributes:
        lon, lat: WGS84 degrees of each place.
        kind: its type, position in the typology.
        epsg: metric system it is measured in, 0 out of French territories.
        read: structures read; repeated: already given by an earlier file, or earlier in it; closed;
            without_type: of no type the typology knows.
        unplaced: by type, known places without a position.
        outgoing: by type, services that come to people and receive nowhere.
    """

    lon: Floats = field(default_factory=lambda: np.empty(0))
    lat: Floats = field(default_factory=lambda: np.empty(0))
    kind: Ints = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    epsg: Ints = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    read: int = 0
    repeated: int = 0
    closed: int = 0
    without_type: int = 0
    unplaced: Counter[str] = field(default_factory=Counter)
    outgoing: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def among(self, epsg: int) -> tuple[Floats, Ints]:
        """Coordinates (n × 2, metres) and types of the places of one metric system, in a stable order."""
        mine = np.flatnonzero(self.epsg == epsg)
        xy = np.column_stack(transformer(WGS84, epsg).transform(self.lon[mine], self.lat[mine]))
        kind = self.kind[mine]
        order = np.lexsort((xy[:, 1], xy[:, 0], kind))
        return xy[order], kind[order]


def read_quartiers(app: App, path: Path, population: Path | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Quartiers of a file of boundaries, by département and code, and what is worth saying of it.

    Returns:
        Frame `code`, `name`, `department`, `epsg`, `population`, `population_source` and `geometry`
        (EPSG:4326), index 0…n-1.

    Raises:
        RefusedInput, NotFound: a file that cannot be read, or that holds no quartier.
    """
    parsed = _read(app, path, "qpv")
    records = [cast(Quartier, item.record) for item in parsed.records]
    if not records:
        raise RefusedInput(
            f"« {path.name} » ne donne aucun quartier utilisable : vérifiez le fichier choisi."
        )
    counted, notes = _population(app, population)
    shapes = shapely.from_wkb([record.wkb for record in records])
    frame = gpd.GeoDataFrame(
        {
            "code": [record.code for record in records],
            "name": [record.name for record in records],
            "department": [_department(record) for record in records],
            "epsg": [_epsg(record, shape) for record, shape in zip(records, shapes, strict=True)],
            "population": [
                np.nan if (known := counted.get(record.code, record)).population is None else known.population
                for record in records
            ],
            "population_source": [counted.get(record.code, record).population_source for record in records],
        },
        geometry=shapes,
        crs=WGS84,
    )
    if parsed.refused:
        notes.append(f"« {path.name} » : {len(parsed.refused)} quartier(s) refusé(s), absents du tableau.")
    if population is not None and not frame["code"].isin(list(counted)).any():
        notes.append(f"« {population.name} » ne parle d'aucun de ces quartiers : vérifiez leur génération.")
    return frame.sort_values(["department", "code"], ignore_index=True), notes


def read_establishments(app: App, paths: Sequence[Path]) -> Establishments:
    """Places of every type, out of files whose source is recognised.

    A structure counts once for each of its types, as on the pages of a territory (`service_points`). One that
    two files give under the same identifier counts once.

    Raises:
        RefusedInput, NotFound: a file that cannot be read, is not recognised, or holds no structure.
    """
    found = Establishments()
    seen: set[str] = set()
    pieces: list[tuple[Floats, Ints]] = []
    for path in paths:
        parsed = _read(app, path, _source_of(path))
        pieces += _pieces(app, parsed, found, seen)
        if parsed.refused:
            found.notes.append(f"« {path.name} » : {len(parsed.refused)} ligne(s) refusée(s), non comptées.")
        found.notes += [f"« {path.name} » : {note}" for note in parsed.notes]
    lonlat = np.concatenate([np.empty((0, 2)), *(lonlat for lonlat, _ in pieces)])
    found.lon, found.lat = lonlat[:, 0], lonlat[:, 1]
    found.kind = np.concatenate([np.empty(0, dtype=np.intp), *(kind for _, kind in pieces)])
    found.epsg = np.array([epsg_at(*at) or 0 for at in lonlat.tolist()], dtype=np.intp)
    return found


def _pieces(app: App, parsed: Parsed, found: Establishments, seen: set[str]) -> Iterator[tuple[Floats, Ints]]:
    types = pd.Index([item.code for item in app.typology])
    fresh = _fresh((cast(Structure, item.record) for item in parsed.records), found, seen)
    while some := list(islice(fresh, STRUCTURES_AT_ONCE)):
        points = service_points(_frame(some), _no_permanence(), on=date.today())
        points = points[points["type_code"].isin(types)]
        placed = points[points["placed"]]
        lost = points[~points["placed"]]
        outgoing = lost["kind"] == OUTGOING
        found.outgoing.update(lost.loc[outgoing, "type_code"])
        found.unplaced.update(lost.loc[~outgoing, "type_code"])
        yield shapely.get_coordinates(placed.geometry.to_numpy()), types.get_indexer(placed["type_code"])


def _fresh(records: Iterable[Structure], found: Establishments, seen: set[str]) -> Iterator[Structure]:
    for record in records:
        found.read += 1
        repeated = record.uid in seen
        seen.add(record.uid)
        found.repeated += repeated
        found.closed += record.closed and not repeated
        found.without_type += not (record.types or repeated or record.closed)
        if not repeated:
            yield record


def _frame(structures: Sequence[Structure]) -> pd.DataFrame:
    """The columns of STRUCTURES that service points are made of."""
    at = [_position(structure) for structure in structures]
    return pd.DataFrame(
        {
            "types": [s.types for s in structures],
            "name": [s.name for s in structures],
            "insee": [s.insee for s in structures],
            "placed": [point is not None for point in at],
            "geometry": at,
            "reception_modes": [s.reception_modes for s in structures],
            "served_quartiers": [s.served_quartiers for s in structures],
            "closed": [s.closed for s in structures],
        }
    )


def _position(structure: Structure) -> shapely.Point | None:
    """Where it is, when that may be used for distances."""
    if structure.lon is None or structure.lat is None:
        return None
    return (
        shapely.Point(structure.lon, structure.lat)
        if structure.position_precision in PLACED_PRECISIONS
        else None
    )


def _no_permanence() -> pd.DataFrame:
    return pd.DataFrame(columns=list(PERMANENCES))


def _population(app: App, path: Path | None) -> tuple[dict[str, Quartier], list[str]]:
    """Records of a file of figures that give a population, by code."""
    if path is None:
        return {}, []
    records = [cast(Quartier, item.record) for item in _read(app, path, "qpv-indicateurs").records]
    counted = {record.code: record for record in records if record.population is not None}
    if not counted:
        raise RefusedInput(f"« {path.name} » ne donne la population d'aucun quartier.")
    return counted, []


def _source_of(path: Path) -> str:
    _existing(path)
    kinds = {spec.id: spec.kind for spec in list_sources()}
    source_id = recognise(path)
    if source_id is None:
        known = ", ".join(key for key, kind in kinds.items() if kind == "structures" and _can_tell(key))
        raise RefusedInput(
            f"« {path.name} » n'est pas reconnu. Donnez un fichier tel que son éditeur le publie, d'une de "
            f"ces sources : {known}."
        )
    if kinds[source_id] != "structures":
        raise RefusedInput(
            f"« {path.name} » est un fichier de la source « {source_id} », qui ne donne pas d'établissements."
        )
    return source_id


def _can_tell(source_id: str) -> bool:
    """Whether a source recognises its files by itself."""
    return type(find_source(source_id)).recognises is not Source.recognises


def _read(app: App, path: Path, source_id: str) -> Parsed:
    _existing(path)
    options = ReadOptions(typology=app.typology)
    try:
        return find_source(source_id).read(path, Scope(everywhere=True), options)
    except OSError as error:
        raise RefusedInput(f"« {path.name} » ne peut pas être lu : {why(error)}.") from error


def _existing(path: Path) -> None:
    try:
        if not path.exists():
            raise NotFound(f"Le fichier « {path} » n'existe pas. Vérifiez son nom et son dossier.")
        if not path.is_file():
            raise RefusedInput(f"« {path} » n'est pas un fichier : choisissez le fichier lui-même.")
    except OSError as error:
        raise RefusedInput(f"« {path.name[:200]} » ne peut pas être ouvert : {why(error)}.") from error


def _department(record: Quartier) -> str:
    """Département of a quartier: of its first commune, else as its official code says."""
    if record.communes:
        return department_of(current_code(record.communes[0]))
    digits = record.code[2:5]
    return (digits.removeprefix("0") if digits[0] == "0" else digits) if record.kind == "qpv" else ""


def _epsg(record: Quartier, shape: BaseGeometry) -> int:
    west, south, east, north = shape.bounds
    return metric_epsg(record.communes, lon=(west + east) / 2, lat=(south + north) / 2)
