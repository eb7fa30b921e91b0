"""Who is not reached yet, and which places would reach them: rows and columns of `reseau.plan.siting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reseau.geo.travel import TOLERANCE_M, Floats, Ints

if TYPE_CHECKING:
    from reseau.gaps import Analysis

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Demand:
    """Inhabitants' points × types, today and with places that could be opened.

    Attributes:
        quartier: position of the quartier of each inhabitants' point, in the order of the quartiers.
        part: part of its quartier's inhabitants each point stands for (sum 1 per quartier).
        people: inhabitants of each quartier, NaN where unknown.
        reached: points × types, whether somebody there is within the threshold of the type today, or in a
            quartier that an outgoing service of the type declares.
        counted: quartiers asked for, by position.
        covers: one matrix points × candidates per type, true within the threshold of the type.
    """

    quartier: Ints
    part: Floats
    people: Floats
    reached: Bools
    counted: Bools
    covers: tuple[sparse.csr_array, ...]

    @cached_property
    def asked(self) -> Bools:
        """Points of the quartiers asked for."""
        return self.counted[self.quartier]

    @cached_property
    def by_share(self) -> bool:
        """No population is known in any quartier asked for: each counts as one, whoever lives there."""
        return bool(np.all(np.isnan(self.people[self.counted])))

    @cached_property
    def weight(self) -> Floats:
        """Inhabitants each point stands for; zero in a quartier not asked for, or that cannot be counted."""
        people = np.ones_like(self.people) if self.by_share else np.nan_to_num(self.people)
        return np.where(self.asked, self.part * people[self.quartier], 0.0)

    @cached_property
    def rows(self) -> tuple[Ints, Ints]:
        """(point, type) of everyone not reached in the quartiers asked for, type by type."""
        types, points = np.nonzero((~self.reached & self.asked[:, np.newaxis]).T)
        return points, types

    def matrix(self) -> sparse.csr_array:
        """`rows` × candidates: who each candidate would reach that is not reached today."""
        points, types = self.rows
        return sparse.csr_array(
            sparse.vstack([cover[points[types == t]] for t, cover in enumerate(self.covers)], format="csr")
        )

    def reached_by(self, candidates: Sequence[int]) -> Bools:
        """Points × types reached by the places there are and those candidates."""
        more = [_any(cover[:, list(candidates)]) for cover in self.covers]
        return self.reached | np.column_stack(more) if more else self.reached

    def weights_of(self, reached: Bools) -> Floats:
        """Inhabitants reached, quartiers × types (of the quartiers that can be counted)."""
        return self._sums(reached, self.weight)

    def shares_of(self, reached: Bools) -> Floats:
        """Share of inhabitants reached, quartiers × types, known whether the population is or not."""
        return np.round(self._sums(reached, self.part), 12)

    def _sums(self, reached: Bools, weight: Floats) -> Floats:
        n = len(self.people)
        columns = [np.bincount(self.quartier, weight * column, n) for column in reached.T]
        return np.stack(columns, axis=1)


def demand(
    analysis: Analysis, types: Sequence[int], places: Floats, *, counted: Bools | None = None
) -> Demand:
    """Who is reached today, and by which of the places they could be.

    Args:
        analysis: states of the territory.
        types: positions of types in `analysis.inputs.types`; each with a walking threshold.
        places: candidates, n × 2, metres, in the CRS of `analysis.population`; one hosts all the types.
        counted: quartiers asked for, by position; None for all.
    """
    population = analysis.population
    total = np.bincount(population.quartier, population.weight, population.n_quartiers)
    return Demand(
        quartier=population.quartier,
        part=population.weight / total[population.quartier],
        people=analysis.people.reindex(analysis.inputs.quartiers.index).to_numpy(dtype=np.float64),
        reached=np.stack([_reached(analysis, t) for t in types], axis=1),
        counted=np.ones(population.n_quartiers, dtype=bool) if counted is None else counted,
        covers=_covers(analysis, types, places),
    )


def _reached(analysis: Analysis, kind: int) -> Bools:
    """Inhabitants' points within the threshold of a placed point of the type, or visited by one."""
    points, population = analysis.points, analysis.population
    places = points.xy[points.placed & (points.type == kind)]
    metres = analysis.travel.nearest(population.xy, places).metres
    visited = np.zeros(population.n_quartiers, dtype=bool)
    served = analysis.inputs.points["served_quartiers"].to_numpy()
    codes = analysis.inputs.quartiers["code"]
    for row in points.row[points.declares & (points.type == kind)]:
        visited |= codes.isin(served[row]).to_numpy()
    within = metres <= analysis.limits[kind] + TOLERANCE_M * analysis.travel.detour
    found: Bools = within | visited[population.quartier]
    return found


def _covers(analysis: Analysis, types: Sequence[int], places: Floats) -> tuple[sparse.csr_array, ...]:
    """Types with the same threshold share one matrix."""
    limits = analysis.limits[list(types)]
    made = {limit: _within(analysis, places, limit) for limit in sorted(set(limits.tolist()))}
    return tuple(made[limit] for limit in limits.tolist())


def _within(analysis: Analysis, places: Floats, limit: float) -> sparse.csr_array:
    population = analysis.population
    pairs = analysis.travel.pairs(population.xy, places, np.full(len(places), limit))
    return sparse.csr_array(
        (np.ones(len(pairs.origin), dtype=bool), (pairs.origin, pairs.place)),
        shape=(len(population.xy), len(places)),
    )


def _any(cover: sparse.csr_array) -> Bools:
    found: Bools = np.asarray(cover.astype(np.int64).sum(axis=1)).ravel() > 0
    return found
