"""What a computation of gaps takes, what it gives, and what a measure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import geopandas as gpd
import pandas as pd

from reseau.model.records import Territoire, VerifiedAbsence


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A loaded source lists this type completely somewhere.

    Attributes:
        type_code: code of the typology.
        communes: INSEE codes where it claims so, None for everywhere in the territory.
        source: name of the source as users read it.
        data_date: date of its data (or its ISO text), None when unknown.
    """

    type_code: str
    communes: frozenset[str] | None
    source: str
    data_date: date | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GapInputs:
    """Everything the states depend on. Frames are never modified.

    Attributes:
        quartiers: QUARTIERS frame, EPSG:4326, index = quartier id.
        points: POINTS frame, EPSG:4326 (`reseau.geo.points.service_points`); rows of other types are ignored.
        relations: RELATIONS frame.
        structures: STRUCTURES frame, for what is known of each near point (hours, cost, languages…).
        permanences: PERMANENCES frame, for the same; None: nothing is known of permanences.
        pivot_ids: structure ids of the team's own structures, empty until chosen.
        types: frame `type_code`, `gamme`: the types to compute, in the order wanted. One row is enough to
            refresh one type after an edit: types do not depend on each other.
        settings: thresholds, share, speed, detour and communes.
        claims: what loaded sources list completely.
        absences: what a person verified.
        population: `reseau.geo.grid.population_points` in a metric CRS, to reuse one already made (or a
            better spread of inhabitants); None to spread them evenly.
    """

    quartiers: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    relations: pd.DataFrame
    structures: pd.DataFrame
    pivot_ids: frozenset[int]
    types: pd.DataFrame
    settings: Territoire
    permanences: pd.DataFrame | None = None
    claims: tuple[Claim, ...] = ()
    absences: tuple[VerifiedAbsence, ...] = ()
    population: gpd.GeoDataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysis:
    """One computation, shared by all measures.

    Attributes:
        inputs: what it was computed from.
        states: GAPS frame, quartiers × types in the order of the inputs, index 0…n-1.
        near: near points, one row per (`quartier_id`, `type_code`, `point`), where `point` is the row
            position in `inputs.points`: within the threshold of at least one inhabitant, declared by an
            outgoing service, or in the territory for that gamme.
    """

    inputs: GapInputs
    states: pd.DataFrame
    near: pd.DataFrame

    def column(self, name: str) -> pd.Series[Any]:
        """One column of the states, indexed by (quartier_id, type_code)."""
        return self.states.set_index(["quartier_id", "type_code"])[name]


class Direction(StrEnum):
    """Which way a measure gets better."""

    HIGHER = "plus c'est haut, mieux c'est"
    LOWER = "plus c'est bas, mieux c'est"
    CATEGORY = "une catégorie, pas une quantité"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One question asked of every (quartier, type).

    Attributes:
        label: French label.
        unit: French unit, empty for a category.
        formula: how it is computed, in French, as shown to users.
        compute: gives a Series indexed by (quartier_id, type_code), one value per couple; None or NaN where
            it is not known or has no object.
    """

    id: str
    label: str
    unit: str
    direction: Direction
    formula: str
    compute: Callable[[Analysis], pd.Series[Any]]
