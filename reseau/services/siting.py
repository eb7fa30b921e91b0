"""Where to open: the places that reach most inhabitants, or the fewest that reach enough of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau.errors import RefusedInput
from reseau.model.vocabulary import State
from reseau.plan.demand import Bools, Demand, demand
from reseau.plan.siting import Outcome, Siting, maximal_cover, set_cover
from reseau.services import siting_words as words
from reseau.services.app import Progress, no_progress
from reseau.services.siting_overlaps import counted_by_default
from reseau.services.siting_places import Candidate, metric
from reseau.services.view import open_view

if TYPE_CHECKING:
    from reseau.services.app import App
    from reseau.services.view import View

MAX_CANDIDATES = 2000
MAX_SECONDS = 300.0
# Quartiers an action is for: those that get at least this part of what the place brings.
HELPED_PART = 0.1
MAX_HELPED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for. Give `k` or `share`, not both.

    Attributes:
        types: codes of the types of service that every place would host.
        k: number of places.
        share: part (0–1) of all inhabitants to reach for each type, those reached today included.
        quartiers: codes of the quartiers whose inhabitants count; empty for all, without the *quartiers
            vécus* that share ground with a QPV.
        weighted: inhabitants count as much as the weight of the type in the settings (`k` only).
        time_limit: seconds given to the solver.
    """

    types: tuple[str, ...]
    k: int | None = None
    share: float | None = None
    quartiers: tuple[str, ...] = ()
    weighted: bool = False
    time_limit: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """What a place brings to a quartier. `people`: inhabitants more, NaN where they cannot be counted."""

    code: str
    name: str
    people: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A chosen place.

    Attributes:
        rank: from 1, the most useful first, each given those before it.
        gain: inhabitants it adds to those before it, once per type; alone: those it reaches by itself.
        by_type: `gain` by type code.
        quartiers: those it helps, the most helped first.
    """

    rank: int
    candidate: Candidate
    gain: float
    alone: float
    by_type: dict[str, float]
    quartiers: tuple[Helped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeTotal:
    """Inhabitants within the threshold of a type: today, with the places, with every possible place.

    `before` is NaN where no known place of the type can be located: nothing says who is reached.
    """

    type_code: str
    minutes: float
    before: float
    after: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingResult:
    """An answer, with all it takes to explain it.

    Attributes:
        version: version of the data it was computed on.
        outcome, gap, bound: how sure it is (`reseau.plan.siting.Siting`).
        proposals: chosen places.
        totals: one per type.
        people: inhabitants counted; the number of quartiers when `by_share`.
        by_share: no population is known: each quartier counts as one.
        quartiers: one row per quartier and type: `code`, `name`, `type_code`, `people` (NaN unknown),
            `before`, `after` (shares; `before` is NaN where no known place can be located).
        candidates: every possible place; useful: how many would reach somebody more.
        travel: how walks were measured, in French; estimated: in a straight line.
        sentence: the answer in French; notes: what to know before using it, in French.
    """

    wish: Wish
    version: int
    outcome: Outcome
    gap: float
    bound: float
    proposals: tuple[Proposal, ...]
    totals: tuple[TypeTotal, ...]
    people: float
    by_share: bool
    quartiers: pd.DataFrame
    candidates: tuple[Candidate, ...]
    useful: int
    travel: str
    estimated: bool
    sentence: str = ""
    notes: tuple[str, ...] = ()


def site(
    app: App,
    territoire_id: int,
    wish: Wish,
    candidates: Sequence[Candidate],
    *,
    on_progress: Progress = no_progress,
) -> SitingResult:
    """Choose places. Nothing is written.

    Args:
        candidates: possible places; of equal choices, the one made of the first places is given.

    Raises:
        RefusedInput: the wish makes no sense, or there is nothing to choose among.
        NotFound: no such territory.
    """
    view = open_view(app, territoire_id)
    _check(view, wish, candidates)
    on_progress(0.1, "Qui est déjà atteint aujourd'hui, et par quels lieux les autres le seraient.")
    types = [list(view.types["type_code"]).index(code) for code in wish.types]
    wanted = demand(view.analysis, types, metric(view, candidates), counted=_counted(view, wish))
    on_progress(0.4, f"Choix parmi {len(candidates)} lieux possibles (au plus {wish.time_limit:g} s).")
    answer = _choose(view, wish, wanted)
    on_progress(0.9, "Bilan par quartier.")
    by_quartier = _by_quartier(view, wish, wanted, answer)
    result = SitingResult(
        wish=wish,
        version=view.version,
        outcome=answer.outcome,
        gap=answer.gap,
        bound=answer.bound,
        proposals=_proposals(view, wish, wanted, [(place, candidates[place]) for place in answer.places]),
        totals=_totals(view, wanted, answer, by_quartier),
        people=float(wanted.weight.sum()),
        by_share=wanted.by_share,
        quartiers=by_quartier,
        candidates=tuple(candidates),
        useful=int(np.count_nonzero(wanted.matrix().sum(axis=0))),
        travel=view.analysis.travel.label,
        estimated=view.analysis.travel.is_straight,
    )
    return replace(result, sentence=words.summary(view, result), notes=words.notes(view, result))


def walking_types(view: View) -> list[str]:
    """Codes of the types that have a walking threshold: opening somewhere changes nothing for the others."""
    minutes = view.gaps.drop_duplicates("type_code").set_index("type_code")["threshold_minutes"]
    return [str(code) for code in minutes.index[minutes.notna()]]


def _check(view: View, wish: Wish, candidates: Sequence[Candidate]) -> None:
    """Everything wrong at once.

    Raises:
        RefusedInput: in French, one problem a line.
    """
    problems = [] if wish.types else ["Types : choisissez au moins un type de service."]
    if view.quartiers.empty:
        problems.append(
            "Quartiers : aucun n'est connu. Importez-les (page Données) : leurs habitants sont ce qui compte."
        )
    else:
        problems += _type_problems(view, wish)
    known = set(view.quartiers["code"])
    if unknown := [code for code in wish.quartiers if code not in known]:
        problems.append(f"Quartiers : {', '.join(unknown)} : aucun quartier du territoire n'a ce code.")
    if (wish.k is None) == (wish.share is None):
        problems.append("But : donnez un nombre de lieux, ou une part des habitants, pas les deux.")
    if not 0 < wish.time_limit <= MAX_SECONDS:
        problems.append(f"Délai de calcul : entre 0 et {MAX_SECONDS:g} secondes.")
    if not candidates:
        problems.append("Lieux possibles : aucun. Choisissez des genres de lieux, ou ajoutez un point.")
    elif len(candidates) > MAX_CANDIDATES:
        problems.append(
            f"Lieux possibles : {len(candidates)}, c'est trop pour un choix sûr. "
            f"Gardez-en {MAX_CANDIDATES} au plus."
        )
    if problems:
        raise RefusedInput("\n".join(problems))


def _type_problems(view: View, wish: Wish) -> list[str]:
    walking = set(walking_types(view))
    problems = [
        f"Type « {code} » : il n'existe pas dans la typologie."
        for code in wish.types
        if code not in view.typology
    ]
    far = [code for code in wish.types if code in view.typology and code not in walking]
    return problems + [
        f"Type « {view.typology[code].short_label} » : il est attendu quelque part dans les communes du "
        "territoire, sans durée de marche. L'ouvrir à un endroit plutôt qu'à un autre n'y change rien : "
        "retirez-le, ou changez sa distance (page Réglages)."
        for code in far
    ]


def _counted(view: View, wish: Wish) -> Bools:
    codes = wish.quartiers or counted_by_default(view)
    found: Bools = view.quartiers["code"].isin(list(codes)).to_numpy()
    return found


def _choose(view: View, wish: Wish, wanted: Demand) -> Siting:
    points, types = wanted.rows
    cover, weights = wanted.matrix(), wanted.weight[points]
    if wish.k is not None:
        settings = {item.type_code: item.weight for item in view.type_settings}
        factor = np.array([settings.get(code, 1.0) if wish.weighted else 1.0 for code in wish.types])
        return maximal_cover(cover, weights * factor[types], wish.k, time_limit=wish.time_limit)
    reached = wanted.weights_of(wanted.reached).sum(axis=0)
    return set_cover(
        cover, weights, wish.share or 0.0, reached=reached, group=types, time_limit=wish.time_limit
    )


def _proposals(
    view: View, wish: Wish, wanted: Demand, chosen: Sequence[tuple[int, Candidate]]
) -> tuple[Proposal, ...]:
    """What each place adds to those before it."""
    found = []
    today = wanted.weights_of(wanted.reached).sum()
    before = wanted.reached
    for rank, (place, candidate) in enumerate(chosen, start=1):
        after = before | wanted.reached_by([place])
        gain = wanted.weights_of(after) - wanted.weights_of(before)
        by_type = gain.sum(axis=0)
        found.append(
            Proposal(
                rank=rank,
                candidate=candidate,
                gain=float(gain.sum()),
                alone=float(wanted.weights_of(wanted.reached_by([place])).sum() - today),
                by_type=dict(zip(wish.types, by_type.tolist(), strict=True)),
                quartiers=_helped(view, wanted, gain.sum(axis=1), before, after),
            )
        )
        before = after
    return tuple(found)


def _helped(
    view: View, wanted: Demand, people: np.ndarray, before: Bools, after: Bools
) -> tuple[Helped, ...]:
    """Quartiers where somebody more is reached; shares are means over the types."""
    shares = (wanted.shares_of(after) - wanted.shares_of(before)).mean(axis=1)
    known = ~np.isnan(wanted.people)
    rows = [
        Helped(
            code=str(view.quartiers["code"].iat[q]),
            name=str(view.quartiers["name"].iat[q]),
            people=float(people[q]) if known[q] else math.nan,
            share=float(shares[q]),
        )
        for q in np.flatnonzero((shares > 0) & wanted.counted)
    ]
    return tuple(sorted(rows, key=lambda item: (-np.nan_to_num(item.people), -item.share, item.code)))


def _totals(view: View, wanted: Demand, answer: Siting, by_quartier: pd.DataFrame) -> tuple[TypeTotal, ...]:
    minutes = view.gaps.drop_duplicates("type_code").set_index("type_code")["threshold_minutes"]
    every = range(wanted.covers[0].shape[1])
    before, after, most = (
        wanted.weights_of(reached).sum(axis=0)
        for reached in (wanted.reached, wanted.reached_by(answer.places), wanted.reached_by(every))
    )
    known = by_quartier.groupby("type_code", sort=False)["before"].count() > 0
    return tuple(
        TypeTotal(
            type_code=str(code),
            minutes=float(minutes[code]),
            before=float(before[t]) if known[code] else math.nan,
            after=float(after[t]),
            most=float(most[t]),
        )
        for t, code in enumerate(known.index)
    )


def _by_quartier(view: View, wish: Wish, wanted: Demand, answer: Siting) -> pd.DataFrame:
    before, after = wanted.shares_of(wanted.reached), wanted.shares_of(wanted.reached_by(answer.places))
    gaps = view.gaps.set_index(["quartier_id", "type_code"])
    rows = []
    for q in np.flatnonzero(wanted.counted):
        quartier = view.quartiers.iloc[q]
        for t, code in enumerate(wish.types):
            gap = gaps.loc[(view.quartiers.index[q], code)]
            # No known place could be located: nobody can be said to be reached or not.
            unknown = math.isnan(gap["share"]) and gap["state"] != State.ABSENT
            rows.append(
                {
                    "code": str(quartier["code"]),
                    "name": str(quartier["name"]),
                    "type_code": code,
                    "people": float(wanted.people[q]),
                    "before": math.nan if unknown else float(before[q, t]),
                    "after": float(after[q, t]),
                }
            )
    return pd.DataFrame(rows, columns=["code", "name", "type_code", "people", "before", "after"])
