"""The places that reach most people, and the fewest that reach enough of them: exact, within a time limit.

Two classical location problems: maximal covering (Church and ReVelle, 1974, Papers of the Regional Science
Association 32) and set covering (Toregas et al., 1971, Operations Research 19), solved by HiGHS, which scipy
carries. What is to be reached are rows, places are columns; `reseau.plan.demand` makes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from reseau.errors import RefusedInput

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# Of everything there is to reach: finer than the tolerance of the solver (10⁻⁶), coarser than rounding.
TOLERANCE = 1e-9
SOLVER_TOLERANCE = 1e-6
# What is left to the second question of a set cover when the first used all the time, seconds.
LEAST_TIME = 0.5


class Outcome(StrEnum):
    """How sure an answer is."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "limite_de_temps"
    INFEASIBLE = "infaisable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Siting:
    """An answer.

    Attributes:
        places: positions of the chosen candidates, each the one that adds most to those before it. A place
            that adds nothing is left out, so there may be fewer than asked for.
        gains: weight each place adds to those before it; alone: weight it reaches by itself.
        value: weight reached by all of them; by every candidate together when it is infeasible.
        bound: what no answer can do better than: a weight, or a number of places for a set cover (NaN when
            infeasible).
        gap: how far the answer may be from the best one, 0–1 (0 when optimal, NaN when infeasible).
    """

    places: tuple[int, ...]
    gains: tuple[float, ...]
    alone: tuple[float, ...]
    value: float
    bound: float
    gap: float
    outcome: Outcome


class Targets(NamedTuple):
    """Weight to reach in each group of rows, and the group of each row."""

    weight: Floats
    group: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A smaller problem with the same answers: patterns × useful candidates."""

    cover: sparse.csr_array
    weights: Floats
    targets: Targets
    columns: Ints

    @property
    def total(self) -> float:
        return float(self.weights.sum())

    @property
    def required(self) -> NDArray[np.bool_]:
        """Rows that every answer reaches: those of a group of which everything is wanted.

        Said row by row, it is a far easier problem than a sum to reach.
        """
        group, wanted = self.targets.group, self.targets.weight
        total = np.bincount(group, self.weights, len(wanted))
        everything = (wanted > 0) & (wanted >= total * (1 - TOLERANCE))
        found: NDArray[np.bool_] = everything[group]
        return found

    def reached(self, chosen: Ints) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.asarray(self.cover[:, chosen].sum(axis=1)).ravel() > 0
        return found

    def meets(self, reached: NDArray[np.bool_]) -> bool:
        found = np.bincount(self.targets.group, self.weights * reached, len(self.targets.weight))
        return bool(np.all(found >= self.targets.weight - SOLVER_TOLERANCE * max(self.total, 1.0)))


def maximal_cover(cover: Any, weights: Floats, k: int, *, time_limit: float = 10.0) -> Siting:
    """The at most `k` candidates that reach most weight.

    Candidates are preferred in the order given where several choices are as good.

    Args:
        cover: rows to reach × candidates, sparse or dense, true where the candidate reaches the row.
        weights: weight of each row, at least 0 (inhabitants).
        k: number of places, at least 1.
        time_limit: seconds, above 0.

    Raises:
        RefusedInput: `k`, a weight or the time makes no sense.
    """
    if k < 1:
        raise RefusedInput("Nombre de lieux : donnez au moins 1.")
    return _most(_model(cover, weights, time_limit), k, time_limit)


def set_cover(
    cover: Any,
    weights: Floats,
    share: float,
    *,
    reached: Floats | None = None,
    group: Ints | None = None,
    time_limit: float = 10.0,
) -> Siting:
    """The fewest candidates with which a share of everyone is reached, group by group.

    «Everyone» of a group is what is reached already plus the weights of its rows. Of two choices with as many
    places, the one that reaches more is taken.

    Args:
        cover: rows not reached yet × candidates.
        weights: weight of each row, at least 0.
        share: part of everyone to reach in each group, above 0, at most 1.
        reached: weight reached already in each group, 0 when not given.
        group: group of each row from 0 (a type of service), all the same when not given.
        time_limit: seconds, above 0.

    Raises:
        RefusedInput: the share, a weight or the time makes no sense.
    """
    if not 0 < share <= 1:
        raise RefusedInput("Part des habitants : donnez un nombre au-dessus de 0 % et jusqu'à 100 %.")
    weights = np.asarray(weights, dtype=np.float64)
    group = np.zeros(len(weights), dtype=np.intp) if group is None else group
    n = int(group.max(initial=-1)) + 1 if reached is None else len(reached)
    already = np.zeros(n) if reached is None else np.asarray(reached, dtype=np.float64)
    wanted = share * (already + np.bincount(group, weights, n)) - already
    model = _model(cover, weights, time_limit, targets=Targets(np.maximum(wanted, 0.0), group))
    return _fewest(model, time_limit)


def _model(cover: Any, weights: Floats, time_limit: float, *, targets: Targets | None = None) -> _Model:
    """Rows nobody reaches or that weigh nothing are left out, equal rows added up, equal columns kept once.

    Rows and columns stay in the order of the first of each.
    """
    weights = np.asarray(weights, dtype=np.float64)
    if not time_limit > 0:
        raise RefusedInput("Délai de calcul : donnez un nombre de secondes au-dessus de zéro.")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        raise RefusedInput(
            "Habitants : un nombre est négatif ou inconnu, le choix ne peut pas en tenir compte."
        )
    if targets is None:
        targets = Targets(np.zeros(1), np.zeros(len(weights), dtype=np.intp))
    table = sparse.csr_array(cover).astype(bool)
    table.eliminate_zeros()
    table.sort_indices()
    rows = np.flatnonzero((np.diff(table.indptr) > 0) & (weights > 0))
    first, label = _alike(table[rows], targets.group[rows])
    kept = table[rows[first]].tocsc()
    kept.sort_indices()
    useful = np.flatnonzero(np.diff(kept.indptr) > 0)
    columns = useful[_alike(kept[:, useful].T.tocsr(), np.zeros(len(useful), dtype=np.intp))[0]]
    return _Model(
        cover=sparse.csr_array(kept[:, columns], dtype=np.float64),
        weights=np.bincount(label, weights[rows], len(first)).astype(np.float64),
        targets=Targets(targets.weight, targets.group[rows[first]]),
        columns=columns,
    )


def _alike(table: sparse.csr_array, group: Ints) -> tuple[Ints, Ints]:
    """First row of each set of equal rows (same group, same columns), and the set of each row."""
    sets: dict[tuple[int, bytes], int] = {}
    label = np.empty(table.shape[0], dtype=np.intp)
    first: list[int] = []
    for row, (start, end) in enumerate(zip(table.indptr[:-1], table.indptr[1:], strict=True)):
        key = (int(group[row]), table.indices[start:end].tobytes())
        if key not in sets:
            sets[key] = len(first)
            first.append(row)
        label[row] = sets[key]
    return np.array(first, dtype=np.intp), label


def _most(model: _Model, k: int, time_limit: float) -> Siting:
    n = model.cover.shape[1]
    if k >= n:
        return _answer(model, np.arange(n), outcome=Outcome.OPTIMAL, bound=model.total)
    found = _solve(model, _most_weight(model), [_count(model, k)], time_limit)
    greedy = _greedy(model, lambda chosen, _reached: len(chosen) >= k)
    chosen = _earliest(model, _better(model, found.chosen, greedy))
    value = float(model.weights @ model.reached(chosen))
    if found.outcome is Outcome.OPTIMAL:
        return _answer(model, chosen, outcome=found.outcome, bound=value)
    bound = model.total if found.bound is None else min(-found.bound, model.total)
    return _answer(
        model, chosen, outcome=found.outcome, bound=max(bound, value), gap=max(0.0, (bound - value) / bound)
    )


def _fewest(model: _Model, time_limit: float) -> Siting:
    n = model.cover.shape[1]
    if not model.meets(np.ones(len(model.weights), dtype=bool)):
        nan = float("nan")
        most = _answer(model, np.arange(n), outcome=Outcome.INFEASIBLE, bound=nan, gap=nan)
        return replace(most, places=(), gains=(), alone=())
    if model.meets(np.zeros(len(model.weights), dtype=bool)):
        return _answer(model, np.empty(0, dtype=np.intp), outcome=Outcome.OPTIMAL, bound=0.0)
    started = time.monotonic()
    fewest = np.concatenate([np.ones(n), np.zeros(len(model.weights))])
    found = _solve(model, fewest, _needs(model), time_limit)
    best = _greedy(model, lambda _chosen, reached: model.meets(reached))
    if _is_enough(found.chosen, model, at_most=len(best)):
        best = found.chosen
    bound = 1.0 if found.bound is None else max(1.0, float(np.ceil(found.bound - SOLVER_TOLERANCE)))
    if not model.required.all():
        # Among the choices with as many places, one that reaches most.
        left = max(LEAST_TIME, time_limit - (time.monotonic() - started))
        second = _solve(model, _most_weight(model), [_count(model, len(best)), *_needs(model)], left)
        if _is_enough(second.chosen, model, at_most=len(best)):
            best = _better(model, second.chosen, best)
    chosen = _earliest(model, best)
    proven = found.outcome is Outcome.OPTIMAL or len(chosen) <= bound
    return _answer(
        model,
        chosen,
        outcome=Outcome.OPTIMAL if proven else found.outcome,
        bound=float(len(chosen)) if proven else bound,
        gap=0.0 if proven else 1 - bound / len(chosen),
    )


def _most_weight(model: _Model) -> Floats:
    return np.concatenate([np.zeros(model.cover.shape[1]), -model.weights])


def _is_enough(chosen: Ints | None, model: _Model, *, at_most: int) -> TypeGuard[Ints]:
    return chosen is not None and len(chosen) <= at_most and model.meets(model.reached(chosen))


class _Found(NamedTuple):
    chosen: Ints | None
    bound: float | None
    outcome: Outcome


def _solve(model: _Model, cost: Floats, extra: list[LinearConstraint], time_limit: float) -> _Found:
    """Unknowns: places (0 or 1), then rows (0 to 1, at most the number of chosen places that reach it).

    A row needs not be whole by rule: at the optimum it is, once the places are.
    """
    m, n = model.cover.shape
    least = np.concatenate([np.zeros(n), model.required.astype(np.float64)])
    link = sparse.hstack([-model.cover, sparse.eye_array(m)], format="csr")
    result = milp(
        cost,
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(least, 1),
        constraints=[LinearConstraint(link, -np.inf, 0), *extra],
        options={"time_limit": time_limit, "mip_rel_gap": 0.0},
    )
    chosen = None if result.x is None else np.flatnonzero(result.x[:n] > 0.5)
    bound = getattr(result, "mip_dual_bound", None)
    known = None if bound is None or not np.isfinite(bound) else float(bound)
    # Anything else than «optimal» leaves a doubt, whatever made the solver stop.
    return _Found(chosen, known, Outcome.OPTIMAL if result.status == 0 else Outcome.TIME_LIMIT)


def _count(model: _Model, k: int) -> LinearConstraint:
    m, n = model.cover.shape
    return LinearConstraint(np.concatenate([np.ones(n), np.zeros(m)])[np.newaxis], 0, k)


def _needs(model: _Model) -> list[LinearConstraint]:
    """Enough of each group is reached; as shares, so that the tolerance means the same everywhere."""
    m, n = model.cover.shape
    groups = len(model.targets.weight)
    scale = max(model.total, 1.0)
    table = sparse.csr_array(
        (model.weights / scale, (model.targets.group, n + np.arange(m))), shape=(groups, n + m)
    )
    return [LinearConstraint(table, model.targets.weight / scale * (1 - TOLERANCE), np.inf)]


def _greedy(model: _Model, enough: Callable[[Ints, NDArray[np.bool_]], bool]) -> Ints:
    """The most useful next place, again and again, until it is enough or nothing adds anything."""
    short = model.targets.weight > 0
    reached = np.zeros(len(model.weights), dtype=bool)
    chosen: list[int] = []
    while not enough(np.array(chosen, dtype=np.intp), reached):
        left = np.where(reached, 0.0, model.weights)
        if short.any():
            # Only what is still missing counts: a group that has enough must not attract more places.
            got = np.bincount(model.targets.group, model.weights * reached, len(short))
            left = left * (got < model.targets.weight)[model.targets.group]
        gains = model.cover.T @ left
        best = int(np.argmax(gains)) if len(gains) else -1
        if best < 0 or gains[best] <= 0:
            break
        chosen.append(best)
        reached |= model.reached(np.array([best]))
    return np.array(sorted(chosen), dtype=np.intp)


def _better(model: _Model, first: Ints | None, second: Ints) -> Ints:
    if first is None:
        return second
    gain = model.weights @ model.reached(first) - model.weights @ model.reached(second)
    return first if gain >= -TOLERANCE * model.total else second


def _earliest(model: _Model, chosen: Ints) -> Ints:
    """Useful places only, and of equal choices the one made of places earlier in the order given.

    The solver may answer any of them: this makes the answer the same whatever it met first. An exchange is
    made only when nothing is lost and every group keeps enough.
    """
    chosen = np.sort(np.array(_ordered(model, chosen)[0], dtype=np.intp))
    while (exchanged := _exchanged(model, chosen)) is not None:
        chosen = exchanged
    return chosen


def _exchanged(model: _Model, chosen: Ints) -> Ints | None:
    """A first exchange of one place for an earlier one, None when there is none left to make."""
    for place in chosen:
        others = chosen[chosen != place]
        gains = model.cover.T @ np.where(model.reached(others), 0.0, model.weights)
        as_good = np.flatnonzero(gains[:place] >= gains[place] - TOLERANCE * model.total)
        for other in np.setdiff1d(as_good, others):
            candidate = np.sort(np.append(others, other))
            if model.meets(model.reached(candidate)):
                return candidate
    return None


def _ordered(model: _Model, chosen: Ints) -> tuple[list[int], list[float]]:
    """Places in order of what each adds, with that weight; those that add nothing are left out."""
    left = [int(place) for place in chosen]
    reached = np.zeros(len(model.weights), dtype=bool)
    places: list[int] = []
    gains: list[float] = []
    while left:
        added = model.cover[:, left].T @ np.where(reached, 0.0, model.weights)
        best = int(np.argmax(added))
        if added[best] <= TOLERANCE * model.total:
            break
        gains.append(float(added[best]))
        places.append(left.pop(best))
        reached |= model.reached(np.array(places[-1:], dtype=np.intp))
    return places, gains


def _answer(model: _Model, chosen: Ints, *, outcome: Outcome, bound: float, gap: float = 0.0) -> Siting:
    places, gains = _ordered(model, chosen)
    alone = model.cover.T @ model.weights
    return Siting(
        places=tuple(int(model.columns[place]) for place in places),
        gains=tuple(gains),
        alone=tuple(float(alone[place]) for place in places),
        value=float(sum(gains)),
        bound=bound,
        gap=gap,
        outcome=outcome,
    )
