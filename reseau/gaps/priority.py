"""What comes first: uncovered inhabitants × weight of the type × social index × what residents asked for.

One score per expected (quartier, type), made of the very figures that are shown: uncovered inhabitants are
rounded to one, the other factors to two decimals, so that anybody finds the same product with a pencil.

- Uncovered inhabitants: population × (1 − share within reach); where the type is only to be connected, those
  within reach count too, for `Territoire.weight_to_link` each.
- Weight: that of the type in the territory.
- Social index: the chosen figure of the quartier ÷ its mean over the quartiers of the territory, weighted by
  their inhabitants (the inverse where less is worse, as an income), from 0.5 to 2. Unknown: 1, and said.
- Needs: 1 + `Territoire.weight_needs` × share of what residents of the quartier asked for that falls on the
  theme of the type. Nothing noted: 1, and said.

What cannot be counted is not ranked with a number: quartiers of unknown population and couples of which
nothing is known (`non_renseigne`) are given apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau.gaps.expected import expected_couples
from reseau.model.expectations import expectation_of
from reseau.model.indicators import figure_of, load_indicators
from reseau.model.records import Territoire
from reseau.model.vocabulary import State

LEAST_INDEX, MOST_INDEX = 0.5, 2.0
LESS_IS_WORSE = "bas"
COLUMNS = (
    "rank", "quartier_id", "quartier_code", "quartier_name", "type_code", "theme", "state",
    "fragile", "reason",
    "population", "estimated", "share", "uncovered", "uncovered_share", "weight", "social_value",
    "social_index", "needs_count", "needs_total", "needs_factor", "score",
)  # fmt: skip
"""Columns of `Priorities.lines`. `uncovered`: inhabitants (NaN where their number is unknown),
`uncovered_share`: the same as a share of the population; `social_value`: NaN when unknown (index 1);
`needs_count`: times the theme was asked for, `needs_total`: times anything was (0: nothing noted)."""
_GRAVITY = {State.ABSENT: 0, State.ELOIGNE: 1, State.A_RELIER: 2, State.COUVERT: 3}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriorityInputs:
    """What priorities depend on. Frames are never modified.

    Attributes:
        states: GAPS frame.
        types: frame `type_code`, `expected`, `weight`, `from_inhabitants`.
        people: index = quartier id, `population` (NaN unknown), `estimated`.
        figures: published figures of each quartier by id (`Quartier.indicators`).
        needs: NEEDS frame; rows of other quartiers are ignored.
        settings: `weight_to_link`, `weight_needs`, `social_indicator` (empty: social index 1 everywhere).
    """

    states: pd.DataFrame
    types: pd.DataFrame
    people: pd.DataFrame
    figures: Mapping[int, Mapping[str, float]]
    needs: pd.DataFrame
    settings: Territoire


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priorities:
    """Expected couples in order, and what could not be ranked.

    Attributes:
        lines: frame `COLUMNS`, highest score first; only couples with somebody uncovered.
        without_population: the same for quartiers of unknown population: `uncovered` and `score` are NaN,
            and the order is that of the score one inhabitant would have.
        to_fill: GAPS rows of expected couples of which nothing is known, in the order of the states.
        n_covered: expected couples where nobody is uncovered.
        social_mean: mean the social index is made with, NaN when no quartier has the figure.
    """

    lines: pd.DataFrame
    without_population: pd.DataFrame
    to_fill: pd.DataFrame
    n_covered: int
    social_mean: float

    def by_quartier(self) -> pd.DataFrame:
        """Sum of the scores of each quartier: `quartier_id`, `quartier_name`, `score`, `n`, highest first."""
        return _sums(self.lines, ["quartier_id", "quartier_code", "quartier_name"])

    def by_type(self) -> pd.DataFrame:
        """Sum of the scores of each type: `type_code`, `score`, `uncovered`, `n`, highest first."""
        return _sums(self.lines, ["type_code"])


def rank(inputs: PriorityInputs) -> Priorities:
    """Rank what is expected and not covered; the order of the rows given does not matter.

    Ties: what is absent, then too far, then to connect; the longest walk; then quartier code and type code.
    """
    people = inputs.people["population"].astype(float)
    expected = inputs.states[expected_couples(inputs.states, inputs.types, people)]
    unknown = expected["state"] == State.NON_RENSEIGNE
    social, mean = social_values(inputs)
    table = _factors(inputs, expected[~unknown], social, mean)
    concerned = table[table["uncovered_share"] > 0]
    known = concerned["population"].notna()
    lines = concerned[known & (concerned["uncovered"] > 0)]
    return Priorities(
        lines=_ordered(lines, "score"),
        without_population=_ordered(concerned[~known], "_each"),
        to_fill=expected[unknown],
        n_covered=len(table) - len(lines) - int((~known).sum()),
        social_mean=mean,
    )


def social_values(inputs: PriorityInputs) -> tuple[pd.Series[float], float]:
    """The chosen figure by quartier id (NaN unknown), and its mean weighted by inhabitants.

    Where no quartier with the figure has a known population, the mean is that of the quartiers as they are.
    """
    code, ids = inputs.settings.social_indicator, inputs.people.index
    found = [figure_of(inputs.figures.get(int(key), {}), code) if code else None for key in ids]
    values = pd.Series(found, index=ids, dtype=float)
    population = inputs.people["population"].astype(float)
    weights = population.where(values.notna() & (population > 0))
    if weights.notna().any():
        return values, float((values * weights).sum() / weights.sum())
    return values, float(values.mean())


def social_index(values: Floats, mean: float, *, less_is_worse: bool = False) -> Floats:
    """Figure ÷ mean (or mean ÷ figure), from 0.5 to 2, two decimals; 1 where either is unknown.

    Args:
        values: figures, NaN when unknown.
        mean: their mean over the territory, NaN or 0 when there is none to compare with.
    """
    if not np.isfinite(mean) or mean <= 0:
        return np.ones(len(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(values > 0, mean / values, np.inf) if less_is_worse else values / mean
    bounded = np.clip(ratio, LEAST_INDEX, MOST_INDEX)
    return np.where(np.isnan(values), 1.0, bounded.round(2))


def _factors(
    inputs: PriorityInputs, states: pd.DataFrame, social: pd.Series[float], mean: float
) -> pd.DataFrame:
    settings, ids = inputs.settings, states["quartier_id"]
    themes = states["type_code"].map(lambda code: expectation_of(code).theme)
    weights = inputs.types.set_index("type_code")["weight"]
    counts, totals = _needs(inputs.needs, states, themes)
    table = states[
        ["quartier_id", "quartier_code", "quartier_name", "type_code", "state", "fragile", "reason"]
    ].assign(
        theme=themes,
        population=ids.map(inputs.people["population"].astype(float)),
        estimated=ids.map(inputs.people["estimated"]).astype(bool),
        share=states["share"],
        _minutes=states["minutes_nearest"],
        uncovered_share=_uncovered_share(states, settings.weight_to_link),
        weight=states["type_code"].map(weights).astype(float).round(2),
        social_value=ids.map(social),
        needs_count=counts,
        needs_total=totals,
    )
    known = load_indicators().get(settings.social_indicator)
    table["social_index"] = social_index(
        table["social_value"].to_numpy(dtype=float),
        mean,
        less_is_worse=known is not None and known.deprived == LESS_IS_WORSE,
    )
    part = np.where(totals > 0, counts / np.maximum(totals, 1), 0.0)
    table["needs_factor"] = (1.0 + settings.weight_needs * part).round(2)
    table["uncovered"] = (table["population"] * table["uncovered_share"]).round()
    multiplied = table["weight"] * table["social_index"] * table["needs_factor"]
    table["score"] = (table["uncovered"] * multiplied).round()
    return table.assign(_each=table["uncovered_share"] * multiplied)


def _uncovered_share(states: pd.DataFrame, weight_to_link: float) -> pd.Series[float]:
    """Share of the inhabitants that counts as uncovered, 0–1: nobody is reached by what is absent."""
    share = states["share"].fillna(0.0).clip(0.0, 1.0)
    share = share.mask(states["state"] == State.ABSENT, 0.0)
    unlinked = (states["state"] == State.A_RELIER) * weight_to_link
    return 1.0 - share + share * unlinked


def _needs(
    needs: pd.DataFrame, states: pd.DataFrame, themes: pd.Series[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row, times its theme was asked for in its quartier, and times anything was."""
    by_quartier = needs.groupby("quartier_id")["count"].sum()
    by_theme = needs.groupby(["quartier_id", "theme"])["count"].sum()
    couples = pd.MultiIndex.from_arrays([states["quartier_id"], themes])
    totals = states["quartier_id"].map(by_quartier).fillna(0).to_numpy(dtype=np.int64)
    return by_theme.reindex(couples).fillna(0).to_numpy(dtype=np.int64), totals


def _ordered(table: pd.DataFrame, by: str) -> pd.DataFrame:
    # What is absent has no walk: nothing is further.
    ties = table.assign(_gravity=table["state"].map(_GRAVITY), _far=table["_minutes"].fillna(np.inf))
    ordered = ties.sort_values(
        [by, "_gravity", "_far", "quartier_code", "type_code"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    return ordered.assign(rank=np.arange(1, len(ordered) + 1))[list(COLUMNS)].reset_index(drop=True)


def _sums(lines: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    summed = lines.groupby(names, as_index=False).agg(
        score=("score", "sum"), uncovered=("uncovered", "sum"), n=("score", "size")
    )
    return summed.sort_values(["score", names[-1]], ascending=[False, True], ignore_index=True)
