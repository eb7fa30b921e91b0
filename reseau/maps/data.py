"""What a map shows, as plain values: the only thing that travels from the frames to the browser.

Coordinates are WGS84 degrees, longitude first. Texts are plain text, whatever they hold.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reseau.model.context import OSM_ATTRIBUTION
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import (
    INTENSITIES,
    POSITION_PRECISIONS,
    STATE_COLOURS,
    STATE_LABELS,
    STATE_SIGNS,
    State,
)

Geometry = Mapping[str, Any]
DECIMALS = 6  # about ten centimetres: finer than any source, half the bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class QuartierShape:
    """A quartier to draw.

    Attributes:
        geometry: GeoJSON Polygon or MultiPolygon.
        label_at: (longitude, latitude) of its label, inside the boundary.
        kind: `qpv` or `vecu`.
        state: state of the selected type, None when no type is selected.
    """

    id: int
    code: str
    name: str
    geometry: Geometry
    label_at: tuple[float, float]
    kind: str = "qpv"
    state: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureMark:
    """A structure to draw. `family` is a family code, `types` short labels, `precision` a position key."""

    id: int
    lon: float
    lat: float
    name: str
    family: str
    types: tuple[str, ...] = ()
    precision: str = "exacte"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermanenceMark:
    """A permanence to draw where it is held. `label` says what and whose, `place` where and when."""

    id: int
    lon: float
    lat: float
    label: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepereMark:
    """A place of another map. `kind` says what it is, empty when its map does not; `known`: has a sheet."""

    id: int
    lon: float
    lat: float
    name: str
    kind: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMark:
    """A place proposed for a structure. `rank`: from 1, as beside the map; `note`: one line more."""

    rank: int
    lon: float
    lat: float
    label: str
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleMark:
    """A place that could be chosen among others: drawn faint, named when pointed at."""

    lon: float
    lat: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLine:
    """A tie to draw between two (longitude, latitude) points.

    Attributes:
        intensity: 1 to 5, drawn as width.
        dormant: drawn dashed.
        label: who with whom and what for.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    intensity: int = 1
    dormant: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapData:
    """Everything that may change on a map without rebuilding it.

    Attributes:
        reach: GeoJSON geometry of an area reached on foot, None when not asked for; `reach_label`: what it
            is, for the legend.
        type_label: label of the selected type, empty when none.
        proposals: numbered places; `proposals_label`: what one of them is, for the legend.
        possible: places among which some were chosen.
        walk: (longitude, latitude) of the places of a walk, in order, empty for none.
        outline: GeoJSON geometry of the commune they should lie in, None when it is not known.
        reperes: places of OpenStreetMap; its mention is on the map as long as there is one.
        selected_structure, selected_quartier, selected_permanence, selected_repere: ids, None when
            nothing is.
        pivot: id of the team's own structure.
    """

    quartiers: tuple[QuartierShape, ...] = ()
    structures: tuple[StructureMark, ...] = ()
    permanences: tuple[PermanenceMark, ...] = ()
    reperes: tuple[RepereMark, ...] = ()
    proposals: tuple[ProposalMark, ...] = ()
    proposals_label: str = "Place proposée"
    possible: tuple[PossibleMark, ...] = ()
    walk: tuple[tuple[float, float], ...] = ()
    outline: Geometry | None = None
    relations: tuple[RelationLine, ...] = ()
    reach: Geometry | None = None
    reach_label: str = "À portée du type choisi"
    type_label: str = ""
    selected_structure: int | None = None
    selected_quartier: int | None = None
    selected_permanence: int | None = None
    selected_repere: int | None = None
    pivot: int | None = None


def encode(value: object) -> str:
    """UTF-8 JSON as base64: letters, digits, `+`, `/`, `=` only, so neither template nor script.

    Raises:
        ValueError: the value holds NaN or an infinite number, which JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def decode(text: str) -> Any:
    """The value behind `encode`, as the browser reads it."""
    return json.loads(base64.b64decode(text.encode("ascii"), validate=True).decode("utf-8"))


def sections(data: MapData) -> dict[str, Any]:
    """`data` as JSON values, one section per thing the browser redraws on its own.

    Structures and permanences travel by column, which halves the size of a large territory.
    """
    return {
        "reach": None if data.reach is None else {"geometry": data.reach, "label": data.reach_label},
        "quartiers": {
            "label": data.type_label,
            "items": [_quartier(item) for item in data.quartiers],
        },
        "relations": [
            [*_point(line.start), *_point(line.end), line.intensity, int(line.dormant), line.label]
            for line in data.relations
        ],
        "structures": _structures(data.structures),
        "permanences": {
            "id": [item.id for item in data.permanences],
            "lon": [round(item.lon, DECIMALS) for item in data.permanences],
            "lat": [round(item.lat, DECIMALS) for item in data.permanences],
            "name": [item.label for item in data.permanences],
            "place": [item.place for item in data.permanences],
        },
        "reperes": {
            "id": [item.id for item in data.reperes],
            "lon": [round(item.lon, DECIMALS) for item in data.reperes],
            "lat": [round(item.lat, DECIMALS) for item in data.reperes],
            "name": [item.name for item in data.reperes],
            "kind": [item.kind for item in data.reperes],
            "known": [int(item.known) for item in data.reperes],
        },
        "outline": data.outline,
        "proposals": [
            [*_point((item.lon, item.lat)), item.rank, item.label, item.note, int(item.chosen)]
            for item in data.proposals
        ],
        "proposals_label": data.proposals_label,
        "possible": [[*_point((item.lon, item.lat)), item.label] for item in data.possible],
        "walk": [_point(point) for point in data.walk],
        "selection": {
            "structure": data.selected_structure,
            "quartier": data.selected_quartier,
            "permanence": data.selected_permanence,
            "repere": data.selected_repere,
            "pivot": data.pivot,
        },
    }


def words() -> dict[str, Any]:
    """Signs and words that do not depend on the territory, for icons and legend."""
    return {
        "families": [
            {"code": f.code, "label": f.label, "colour": f.colour, "shape": f.shape, "letter": f.letter}
            for f in FAMILIES.values()
        ],
        "states": {
            state.value: {
                "label": STATE_LABELS[state],
                "sign": STATE_SIGNS[state],
                "colour": STATE_COLOURS[state],
            }
            for state in State
        },
        "precisions": POSITION_PRECISIONS,
        "osm": OSM_ATTRIBUTION,
        "intensities": {str(level): label for level, label in INTENSITIES.items()},
    }


def _point(point: Sequence[float]) -> list[float]:
    return [round(point[0], DECIMALS), round(point[1], DECIMALS)]


def _quartier(item: QuartierShape) -> dict[str, Any]:
    return {
        "id": item.id,
        "code": item.code,
        "name": item.name,
        "kind": item.kind,
        "state": item.state.value if item.state else None,
        "at": _point(item.label_at),
        "geometry": item.geometry,
    }


def _structures(marks: Sequence[StructureMark]) -> dict[str, Any]:
    families = list(FAMILIES)
    default = families.index("autre")
    labels: dict[str, int] = {}
    for mark in marks:
        for label in mark.types:
            labels.setdefault(label, len(labels))
    return {
        "labels": list(labels),
        "id": [mark.id for mark in marks],
        "lon": [round(mark.lon, DECIMALS) for mark in marks],
        "lat": [round(mark.lat, DECIMALS) for mark in marks],
        "name": [mark.name for mark in marks],
        "family": [families.index(mark.family) if mark.family in FAMILIES else default for mark in marks],
        "types": [[labels[label] for label in mark.types] for mark in marks],
        "precision": [mark.precision for mark in marks],
    }
