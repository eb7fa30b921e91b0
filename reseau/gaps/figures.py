"""Figures of a day, apart from what they were computed from: kept as JSON, and compared with others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from reseau.errors import RefusedInput
from reseau.model.typology import GAMME_LABELS
from reseau.model.vocabulary import State

FORMAT = 1
# Enough for a figure that was kept to be told in the same words as the one it was made from.
SHARE_DIGITS, MINUTE_DIGITS = 6, 4
REACHED = frozenset({State.COUVERT, State.A_RELIER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One (area, type). What is not known is None.

    Attributes:
        share: inhabitants within the threshold, 0–1, rounded to `SHARE_DIGITS`.
        minutes: walk to the nearest place, rounded to `MINUTE_DIGITS`.
        points: known places; near, around, inside: those near, at most 500 m away, in the area.
        threshold: longest walk that is near, minutes; None where being in the territory is enough.
        expected: the type is expected of this area.
    """

    state: State
    share: float | None = None
    minutes: float | None = None
    threshold: float | None = None
    points: int = 0
    near: int = 0
    around: int = 0
    inside: int = 0
    unplaced: int = 0
    fragile: bool = False
    reliable: bool = False
    expected: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether inhabitants reach it; None where that is not known."""
        return None if self.state is State.NON_RENSEIGNE else self.state in REACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A quartier (or a commune) and its cells by type code.

    Attributes:
        kind: `qpv`, `vecu` or `commune`.
        population: inhabitants, None when unknown; poverty: the territory's social indicator, None likewise.
        spread: how its inhabitants were laid out, in French.
        outline: digest of its boundary, to know whether it was drawn again.
    """

    code: str
    name: str
    kind: str = "qpv"
    population: float | None = None
    population_source: str = ""
    spread: str = ""
    poverty: float | None = None
    outline: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The settings figures were computed with.

    Attributes:
        travel: how walks were measured, in French; `travel_key` changes whenever lengths could.
        expectations: which version of what is expected, in French.
        social: code of the indicator in `Area.poverty`.
    """

    minutes_proximite: float
    minutes_intermediaire: float
    near_share: float
    walking_kmh: float
    detour_factor: float
    travel: str = ""
    travel_key: str = ""
    is_straight: bool = True
    expectations: str = ""
    social: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSource:
    """A source that spoke and the ISO date of its data, else French words saying when it was imported."""

    id: str
    title: str
    data_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything found on a day in a territory.

    Attributes:
        areas: by code, in the order of the territory.
        gammes, labels: gamme and French label of each type that day, in the order of the typology.
        counts: number of structures, placed structures, permanences, active relations.
    """

    on: date
    territoire: str
    method: Method
    areas: Mapping[str, Area]
    gammes: Mapping[str, str]
    labels: Mapping[str, str]
    sources: tuple[LoadedSource, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


_CELL_FIELDS = tuple(item.name for item in fields(Cell))
_AREA_FIELDS = tuple(item.name for item in fields(Area) if item.name not in {"code", "cells"})


def to_json(figures: Figures) -> dict[str, Any]:
    """Figures as compact JSON: cells are lists, in the order of `columns`."""
    return {
        "format": FORMAT,
        "on": figures.on.isoformat(),
        "territoire": figures.territoire,
        "method": asdict(figures.method),
        "sources": [[item.id, item.title, item.data_date] for item in figures.sources],
        "counts": dict(figures.counts),
        "types": {code: [gamme, figures.labels.get(code, code)] for code, gamme in figures.gammes.items()},
        "columns": list(_CELL_FIELDS),
        "areas": {
            code: {name: getattr(area, name) for name in _AREA_FIELDS}
            | {"cells": {key: _listed(cell) for key, cell in area.cells.items()}}
            for code, area in figures.areas.items()
        },
    }


def from_json(content: Mapping[str, Any]) -> Figures:
    """Figures again, whatever file they went through meanwhile.

    Raises:
        RefusedInput: not figures, damaged, or written by a newer version.
    """
    try:
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        types = {str(code): (_gamme(gamme), str(label)) for code, (gamme, label) in content["types"].items()}
        return Figures(
            on=date.fromisoformat(content["on"]),
            territoire=str(content["territoire"]),
            method=_method(content["method"]),
            areas={
                str(code): _area(str(code), item, tuple(content["columns"]))
                for code, item in content["areas"].items()
            },
            gammes={code: gamme for code, (gamme, _) in types.items()},
            labels={code: label for code, (_, label) in types.items()},
            sources=tuple(
                LoadedSource(id=str(key), title=str(title), data_date=str(day))
                for key, title, day in content["sources"]
            ),
            counts={str(name): int(count) for name, count in content["counts"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RefusedInput(
            "Cette photo des chiffres ne peut pas être lue : elle est abîmée, ou vient d'une version plus "
            "récente de Réseau. Supprimez-la, ou comparez avec une autre."
        ) from error


def rounded(value: Any, digits: int) -> float | None:
    """A figure as it is kept: rounded, None when it is not known."""
    if value is None or value != value:  # noqa: PLR0124 -- NaN is the only one unlike itself
        return None
    return round(float(value), digits)


def _listed(cell: Cell) -> list[Any]:
    values = [getattr(cell, name) for name in _CELL_FIELDS]
    return [int(value) if isinstance(value, bool) else value for value in values]


def _method(content: Mapping[str, Any]) -> Method:
    return Method(
        minutes_proximite=_setting(content["minutes_proximite"]),
        minutes_intermediaire=_setting(content["minutes_intermediaire"]),
        near_share=_setting(content["near_share"]),
        walking_kmh=_setting(content["walking_kmh"]),
        detour_factor=_setting(content["detour_factor"]),
        travel=str(content["travel"]),
        travel_key=str(content["travel_key"]),
        is_straight=bool(content["is_straight"]),
        expectations=str(content["expectations"]),
        social=str(content["social"]),
    )


def _area(code: str, content: Mapping[str, Any], columns: tuple[str, ...]) -> Area:
    return Area(
        code=code,
        name=str(content["name"]),
        kind=str(content["kind"]),
        population=_figure(content["population"]),
        population_source=str(content["population_source"]),
        spread=str(content["spread"]),
        poverty=_figure(content["poverty"]),
        outline=str(content["outline"]),
        cells={
            str(key): _cell(dict(zip(columns, values, strict=True)))
            for key, values in content["cells"].items()
        },
    )


def _cell(values: Mapping[str, Any]) -> Cell:
    return Cell(
        state=State(values["state"]),
        share=_figure(values["share"]),
        minutes=_figure(values["minutes"]),
        threshold=_figure(values["threshold"]),
        points=int(values["points"]),
        near=int(values["near"]),
        around=int(values["around"]),
        inside=int(values["inside"]),
        unplaced=int(values["unplaced"]),
        fragile=bool(values["fragile"]),
        reliable=bool(values["reliable"]),
        expected=bool(values["expected"]),
    )


def _gamme(value: Any) -> str:
    if value not in GAMME_LABELS:
        raise ValueError(value)
    return str(value)


def _setting(value: Any) -> float:
    found = float(value)
    if not 0 < found < math.inf:
        raise ValueError(value)
    return found


def _figure(value: Any) -> float | None:
    found = None if value is None else float(value)
    if found is not None and not math.isfinite(found):
        raise ValueError(value)
    return found
