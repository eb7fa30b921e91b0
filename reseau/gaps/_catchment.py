"""Capacity against demand, and what hangs on one structure: one pass over places and inhabitants per type.

Two-step floating catchment area (Luo and Wang 2003, Environment and Planning B 30:865-884). First, at each
place *j*, its capacity over the inhabitants within its threshold; then, for each inhabitant *i*, the sum of
these ratios over the places within the threshold:

    R_j = S_j / Σ_i w(d_ij) P_i        A_i = Σ_j w(d_ij) R_j

with w = 1 within the threshold. The enhanced form (Luo and Qi 2009, Health & Place 15:1100-1107) weighs three
zones of the threshold, 1, 0.68 and 0.22. The value of a quartier is the mean of A over its inhabitants.

What is not known is left out and told, never counted as zero: see `Catchments`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from reseau.gaps._base import Analysis, Bools, Points
from reseau.gaps._reach import population_crs
from reseau.geo.nearness import Population
from reseau.geo.travel import TOLERANCE_M, Floats, Ints
from reseau.model.vocabulary import CAPACITY_UNITS

PER = 1000.0
# Upper end of each zone as a part of the threshold, and its weight.
ZONES = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
# Couples of an inhabitants' point and a place held at once: a few tens of megabytes.
MAX_COUPLES = 1_000_000
NOBODY = -1
_UNITS = tuple(CAPACITY_UNITS)
_UNIT_RANK = {unit: rank for rank, unit in enumerate(_UNITS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catchments:
    """Arrays quartiers × types, NaN where there is no answer.

    Attributes:
        plain, decayed: capacity per 1 000 inhabitants, without and with decay. No answer where no place with
            a known ratio is within reach while others are, where no place is known to be anywhere, and for
            the gamme *territoire*. Where only some ratios are known, what is given is a minimum.
        alone: largest part of the inhabitants reached who have one single structure within the threshold.
        unusable: places within reach whose ratio is not known: no capacity (or one in another unit than most
            of the type), or inhabitants of a quartier whose number is unknown.
        units: key of `CAPACITY_UNITS` used for each type, empty when no capacity is known.
    """

    plain: Floats
    decayed: Floats
    alone: Floats
    unusable: Ints
    units: tuple[str, ...]


def catchments(analysis: Analysis) -> Catchments:
    """The arrays of an analysis, computed once."""
    found: Catchments = analysis.memo("catchments", lambda: _compute(analysis))
    return found


def two_step(weights: csr_array, demand: Floats, supply: Floats) -> tuple[Floats, Floats]:
    """Two-step floating catchment area.

    Args:
        weights: origins × places, weight of each couple within reach.
        demand: inhabitants of each origin.
        supply: capacity of each place.

    Returns:
        Access of each origin, and the ratio of each place (NaN where nobody counted is within reach).
    """
    around = weights.T @ demand
    ratio = np.divide(supply, around, out=np.full(len(supply), np.nan), where=around > 0)
    return weights @ np.nan_to_num(ratio), ratio


def decay(metres: Floats, limit_m: float) -> Floats:
    """Weight of a walk among the zones of the threshold, each upper end included; 0 beyond."""
    ends = np.array([end * limit_m for end, _ in ZONES]) + TOLERANCE_M
    weights = np.array([*(weight for _, weight in ZONES), 0.0])
    found: Floats = weights[np.searchsorted(ends, metres)]
    return found


def capacities(analysis: Analysis) -> tuple[Floats, tuple[str, ...]]:
    """Capacity of each of `analysis.points`, NaN when unknown or in another unit, and the unit of each type.

    The unit is the one most places of the type use; of two used as much, the first of `CAPACITY_UNITS`. A
    permanence has none: the capacity of who holds it is that of its own premises.
    """
    points = analysis.points
    told = analysis.inputs.structures[["capacity", "capacity_unit"]].reindex(points.structure_id)
    amount = pd.to_numeric(told["capacity"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    code = np.array([_UNIT_RANK.get(word, NOBODY) for word in told["capacity_unit"]], dtype=np.intp)
    lacking = ~(amount > 0) | (code == NOBODY) | (points.permanence_id >= 0) | ~points.placed
    amount = np.where(lacking, np.nan, amount)
    known, n_types = ~lacking, len(analysis.inputs.types)
    uses = np.zeros((n_types, len(CAPACITY_UNITS)), dtype=np.intp)
    np.add.at(uses, (points.type[known], code[known]), 1)
    usual = uses.argmax(axis=1)
    amount[code != usual[points.type]] = np.nan
    units = tuple(_UNITS[rank] if uses[t].any() else "" for t, rank in enumerate(usual))
    return amount, units


def demand(analysis: Analysis) -> Floats:
    """Inhabitants each point stands for, NaN where their number is unknown.

    Where quartiers overlap the same people are not there twice: a point that lies in a quartier told before
    its own (those of known population first, then QPV, then by code) counts nobody.
    """
    population = analysis.population
    people = analysis.people.reindex(analysis.inputs.quartiers.index).to_numpy(dtype=np.float64)
    found = people[population.quartier] * population.weight
    found[_told_before(analysis)] = 0.0
    return found


def _told_before(analysis: Analysis) -> Bools:
    quartiers, population = analysis.inputs.quartiers, analysis.population
    unknown = analysis.people.reindex(quartiers.index).isna()
    order = np.lexsort((quartiers["code"].astype(str), quartiers["kind"] != "qpv", unknown))
    rank = np.empty(len(quartiers), dtype=np.intp)
    rank[order] = np.arange(len(quartiers))
    twice = np.zeros(len(population.xy), dtype=bool)
    shapes = quartiers.geometry.to_crs(population_crs(analysis.inputs)).to_numpy()
    points = np.asarray(shapely.points(population.xy), dtype=object).reshape(-1)
    area, point = shapely.STRtree(points).query(shapes, predicate="contains")
    twice[point[rank[area] < rank[population.quartier[point]]]] = True
    return twice


class _Alone:
    """Structures within reach of each origin: none, one (which) or several."""

    def __init__(self, n_origins: int) -> None:
        self._low = np.full(n_origins, np.iinfo(np.int64).max)
        self._high = np.full(n_origins, NOBODY, dtype=np.int64)

    def add(self, origin: Ints, structure: Ints) -> None:
        np.minimum.at(self._low, origin, structure)
        np.maximum.at(self._high, origin, structure)

    def share(self, population: Population) -> Floats:
        """For each quartier, see `Catchments.alone`."""
        n = population.n_quartiers
        reached, weight, quartier = self._high >= 0, population.weight, population.quartier
        total = np.bincount(quartier[reached], weight[reached], n)
        one = np.flatnonzero(reached & (self._low == self._high))
        held = pd.Series(weight[one]).groupby([quartier[one], self._high[one]]).sum()
        worst = held.groupby(level=0).max().reindex(range(n), fill_value=0.0).to_numpy()
        share: Floats = np.divide(worst, total, out=np.full(n, np.nan), where=total > 0)
        # Weights are sums of 1/n: rounding keeps a whole quartier at exactly 1.
        return np.round(share, 12)


class _Pass:
    """What one pass over the places of one type gathers."""

    def __init__(self, analysis: Analysis, t: int) -> None:
        n = len(analysis.population.xy)
        self.analysis, self.t = analysis, t
        self.plain, self.decayed, self.alone = np.zeros(n), np.zeros(n), _Alone(n)

    def run(self, inhabitants: Floats, amount: Floats, usable: Bools) -> None:
        """Add every chunk of places; `usable` is filled for the places whose ratio is known."""
        points, xy = self.analysis.points, self.analysis.population.xy
        limit = float(self.analysis.limits[self.t])
        unknown, counted = np.isnan(inhabitants), np.nan_to_num(inhabitants)
        for at in self._chunks():
            found = self.analysis.travel.pairs(xy, points.xy[at], np.full(len(at), limit))
            self.alone.add(found.origin, points.structure_id[at][found.place])
            at_hand = (found.origin, found.place)
            shape = (len(xy), len(at))
            near = csr_array((np.ones(len(found.metres)), at_hand), shape=shape)
            supply = np.where((near.T @ unknown.astype(float)) > 0, np.nan, amount[at])
            added, ratio = two_step(near, counted, supply)
            self.plain += added
            fading = csr_array((decay(found.metres, limit), at_hand), shape=shape)
            self.decayed += two_step(fading, counted, supply)[0]
            usable[at] = ~np.isnan(ratio)

    def _chunks(self) -> Iterator[Ints]:
        points = self.analysis.points
        at = np.flatnonzero(points.placed & (points.type == self.t))
        step = max(1, MAX_COUPLES // max(1, len(self.analysis.population.xy)))
        for start in range(0, len(at), step):
            yield at[start : start + step]


def _compute(analysis: Analysis) -> Catchments:
    population, points = analysis.population, analysis.points
    shape = (population.n_quartiers, len(analysis.inputs.types))
    amount, units = capacities(analysis)
    inhabitants, usable = demand(analysis), np.zeros(len(points.type), dtype=bool)
    plain, decayed, alone = (np.full(shape, np.nan) for _ in range(3))
    near = _near(analysis)
    for t in np.flatnonzero(~np.isnan(analysis.limits)).tolist():
        gathered = _Pass(analysis, t)
        gathered.run(inhabitants, amount, usable)
        for quartier, structure in _comers(analysis, near, t):
            origin = np.flatnonzero(population.quartier == quartier)
            gathered.alone.add(origin, np.full(len(origin), structure))
        plain[:, t], decayed[:, t] = (_mean(population, a) for a in (gathered.plain, gathered.decayed))
        alone[:, t] = gathered.alone.share(population)
    counts, known, only = _of_near(near, points, usable, shape)
    answered = (np.array(units) != "") & ((counts == 0) | (known > 0))
    return Catchments(
        plain=np.where(answered, plain * PER, np.nan),
        decayed=np.where(answered, decayed * PER, np.nan),
        alone=np.where(np.isnan(alone), only, alone),
        unusable=counts - known,
        units=units,
    )


def _near(analysis: Analysis) -> tuple[Ints, Ints]:
    """Near couples: position of the quartier, position in the points."""
    position = np.full(len(analysis.inputs.points), NOBODY, dtype=np.intp)
    position[analysis.points.row] = np.arange(len(analysis.points.row))
    quartier = analysis.inputs.quartiers.index.get_indexer(analysis.near["quartier_id"])
    return quartier, position[analysis.near["point"].to_numpy(dtype=np.intp)]


def _comers(analysis: Analysis, near: tuple[Ints, Ints], t: int) -> Iterator[tuple[int, int]]:
    """Quartier and structure of each service of the type that comes to a quartier."""
    points, codes = analysis.points, analysis.inputs.quartiers["code"].tolist()
    served = analysis.inputs.points["served_quartiers"].tolist()
    quartier, point = near
    for at in np.flatnonzero(points.declares[point] & (points.type[point] == t)):
        if codes[quartier[at]] in served[points.row[point[at]]]:
            yield int(quartier[at]), int(points.structure_id[point[at]])


def _of_near(
    near: tuple[Ints, Ints], points: Points, usable: Bools, shape: tuple[int, int]
) -> tuple[Ints, Ints, Floats]:
    """Near places, those whose ratio is known, and 1 for one structure, 0 for several, NaN for none."""
    quartier, point = near
    cell, size = quartier * shape[1] + points.type[point], shape[0] * shape[1]
    held = np.unique(np.stack([cell, points.structure_id[point]]), axis=1)[0]
    structures = np.bincount(held, minlength=size)
    only = np.where(structures == 0, np.nan, np.where(structures == 1, 1.0, 0.0))
    counts, known = (np.bincount(cell[kept], minlength=size) for kept in (slice(None), usable[point]))
    return counts.reshape(shape), known.reshape(shape), only.reshape(shape)


def _mean(population: Population, access: Floats) -> Floats:
    """Mean over the inhabitants of each quartier, NaN where none is drawn."""
    n, quartier, weight = population.n_quartiers, population.quartier, population.weight
    total = np.bincount(quartier, weight, n)
    mean: Floats = np.divide(
        np.bincount(quartier, weight * access, n), total, out=np.full(n, np.nan), where=total > 0
    )
    return mean
