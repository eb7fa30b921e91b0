"""What a computation of gaps takes, what it gives, and what a measure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau.geo.nearness import Population
from reseau.geo.travel import Floats, Ints, Pairs, Travel
from reseau.geo.walking import walked_metres
from reseau.model.records import Territoire, VerifiedAbsence
from reseau.model.typology import INTERMEDIAIRE, PROXIMITE, TERRITOIRE
from reseau.model.vocabulary import State

Bools = NDArray[np.bool_]


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
        population: points of `reseau.geo.inhabitants` (`quartier_id`, `weight`, metric geometry), to reuse
            those already made; None to spread inhabitants evenly.
        people: `Inhabitants.quartiers`: what is known of the number of inhabitants and of their spread; None
            for the population of the quartiers, spread evenly.
        travel: how a walk is measured, in the CRS of `population`; None for the straight line of `settings`.
        on: the day the answers are about, for what depends on a date; None: those have no answer.
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
    people: pd.DataFrame | None = None
    travel: Travel | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Service points of the types asked, as arrays of one length.

    Attributes:
        row: position in the inputs' frame; type: position in the inputs' types.
        xy: metric coordinates, NaN when not placed.
        unplaced: has a place that could not be found; declares: comes to quartiers it declares.
        inside: in the territory, by its commune or because it lies in a quartier.
        outside: its commune is known and is not one of the territory.
        linked: the pivot's own, held at the pivot, or held by a structure in active relation with it.
        precision: how far the true place may be, metres (a permanence: that of its host).
    """

    row: Ints
    type: Ints
    xy: Floats
    precision: Floats
    placed: Bools
    unplaced: Bools
    declares: Bools
    commune_known: Bools
    inside: Bools
    outside: Bools
    linked: Bools
    structure_id: Ints
    permanence_id: Floats


def thresholds(inputs: GapInputs) -> Floats:
    """Walking threshold of each type, minutes; NaN for the gamme *territoire*.

    Raises:
        KeyError: a gamme that is not one of the three.
    """
    minutes = {
        PROXIMITE: float(inputs.settings.minutes_proximite),
        INTERMEDIAIRE: float(inputs.settings.minutes_intermediaire),
        TERRITOIRE: np.nan,
    }
    return np.array([minutes[gamme] for gamme in inputs.types["gamme"]], dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """One computation, shared by all measures.

    Attributes:
        inputs: what it was computed from.
        states: GAPS frame, quartiers × types in the order of the inputs, index 0…n-1.
        near: near points, one row per (`quartier_id`, `type_code`, `point`), where `point` is the row
            position in `inputs.points`: within the threshold of at least one inhabitant, declared by an
            outgoing service, or in the territory for that gamme.
        points: service points as arrays (`points.row` is the position in `inputs.points`).
        population: inhabitants as arrays, metric coordinates.
        travel: how walks were measured.
        kept: see `memo`.
    """

    inputs: GapInputs
    states: pd.DataFrame
    near: pd.DataFrame
    points: Points
    population: Population
    travel: Travel
    kept: dict[str, Any] = field(default_factory=dict)

    def memo(self, name: str, make: Callable[[], Any]) -> Any:
        """What several measures need, computed once."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    @cached_property
    def limits(self) -> Floats:
        """Threshold of each type in metres walked, NaN for the gamme *territoire*."""
        return walked_metres(thresholds(self.inputs), kmh=self.inputs.settings.walking_kmh)

    @cached_property
    def pairs(self) -> Pairs:
        """Inhabitants' points and placed points within the walking threshold of the point's type.

        `origin`: position in `population`; `place`: position in `points`. Types of the gamme *territoire* and
        outgoing services have none.
        """
        at = np.flatnonzero(self.points.placed)
        found = self.travel.pairs(self.population.xy, self.points.xy[at], self.limits[self.points.type[at]])
        return Pairs(found.origin, at[found.place], found.metres)

    @cached_property
    def people(self) -> pd.Series[Any]:
        """Inhabitants of each quartier, by quartier id, NaN where unknown."""
        table = self.inputs.quartiers if self.inputs.people is None else self.inputs.people
        return table["population"].astype(float)

    def column(self, name: str) -> pd.Series[Any]:
        """One column of the states, indexed by (quartier_id, type_code)."""
        return self.states.set_index(["quartier_id", "type_code"])[name]


class Direction(StrEnum):
    """Which way a measure gets better."""

    HIGHER = "plus c'est haut, mieux c'est"
    LOWER = "plus c'est bas, mieux c'est"
    CATEGORY = "une catégorie, pas une quantité"


class Subject(StrEnum):
    """What a measure speaks of, to list them in an order that reads well."""

    ACCESS = "Accès"
    SUPPLY = "Quantité"
    CONDITIONS = "Conditions d'accueil"
    TIES = "Solidité"


def walking_threshold(settings: Territoire, gamme: str) -> str:
    """«15 min à pied», or the communes of the territory: what is near for a type of this gamme."""
    minutes = {PROXIMITE: settings.minutes_proximite, INTERMEDIAIRE: settings.minutes_intermediaire}
    return f"{minutes[gamme]:g}\u00a0min à pied" if gamme in minutes else "dans les communes du territoire"


def unlocated(analysis: Analysis) -> pd.Series[Any]:
    """Known places of the type not located: neither placed nor, where that is enough, in a known commune."""
    points, types = analysis.points, analysis.inputs.types
    local = (types["gamme"] == TERRITOIRE).to_numpy()
    lost = points.unplaced & ~(local[points.type] & points.commune_known)
    of_type = np.bincount(points.type[lost], minlength=len(types))
    index = analysis.column("state").index
    return pd.Series(np.tile(of_type, len(analysis.inputs.quartiers)), index=index, dtype=int)


def unplaced(analysis: Analysis) -> pd.Series[Any]:
    """Known places of the type without a position: for what needs one whatever the gamme."""
    return analysis.column("n_unplaced").astype(int)


def none_exists(analysis: Analysis) -> pd.Series[bool]:
    """Nothing of the type exists here, as far as anybody knows: a walk to it has no object."""
    return analysis.column("state") == State.ABSENT


def none_near(analysis: Analysis) -> pd.Series[bool]:
    """Nothing of the type is within reach of anybody, and that is known."""
    known = analysis.column("state") != State.NON_RENSEIGNE
    return known & (analysis.column("n_near") == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One question asked of every (quartier, type).

    Attributes:
        label: French label.
        unit: French unit, empty for a category.
        formula: how it is computed, in French, as shown to users.
        compute: gives a Series indexed by (quartier_id, type_code), one value per couple; None or NaN where
            it is not known or has no object.
        subject: what it speaks of.
        rank: place among those of its subject, small first.
        short: a few letters for the head of a narrow column, the label when empty.
        digits: decimals to show.
        threshold: French words of its threshold from the settings and the gamme of the type, empty when it
            has none (or no object for that gamme).
        unusable: how many known places of the type it could not use, same index as `compute`.
        pointless: where the question has no object, so that a missing value is not an unknown one.
        units: unit by type where it is not the same for all, see `unit_of`.
    """

    id: str
    label: str
    unit: str
    direction: Direction
    formula: str
    compute: Callable[[Analysis], pd.Series[Any]]
    subject: Subject = Subject.CONDITIONS
    rank: int = 50
    short: str = ""
    digits: int = 0
    threshold: Callable[[Territoire, str], str] = walking_threshold
    unusable: Callable[[Analysis], pd.Series[Any]] = unlocated
    pointless: Callable[[Analysis], pd.Series[bool]] = none_exists
    units: Callable[[Analysis], dict[str, str]] | None = None

    def unit_of(self, analysis: Analysis, type_code: str) -> str:
        """Unit of the values of a type."""
        return self.unit if self.units is None else self.units(analysis).get(type_code, self.unit)
