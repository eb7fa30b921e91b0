"""Two tables of states side by side: what changes between today and a scenario."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau.model.vocabulary import State

KEYS = ["quartier_id", "type_code"]
SIDES = ("state", "share", "minutes_nearest", "nearest_name", "n_points", "n_unplaced", "threshold_minutes",
         "fragile", "reason")  # fmt: skip
# One row per (quartier, type). `kind`, `population`: of the quartier, inhabitants NaN when unknown.
# `…_before`, `…_after`: columns of GAPS, each side. `reached_…`: inhabitants within the threshold of a known
# and placed point. `gained`: how many more after, NaN when not known. `better`: 1 the state is better, -1
# worse, 0 the same or of the same rank.
DIFFERENCES = (
    *KEYS, "quartier_code", "quartier_name", "kind", "population",
    *(f"{name}_{side}" for name in SIDES for side in ("before", "after")),
    "reached_before", "reached_after", "gained", "state_changed", "better",
)  # fmt: skip
# Nothing known is the least one can have, whether or not a source says there is none.
_RANKS = {
    State.COUVERT: 3, State.A_RELIER: 2, State.ELOIGNE: 1, State.ABSENT: 0, State.NON_RENSEIGNE: 0,
}  # fmt: skip
QPV = "qpv"
SHARE_TOLERANCE = 1e-9
MINUTES_TOLERANCE = 1e-6


def differences(
    before: pd.DataFrame, after: pd.DataFrame, quartiers: pd.DataFrame, *, drawn: frozenset[Hashable]
) -> pd.DataFrame:
    """The couples (quartier, type) where anything changes, in the order of `before`.

    Where no known point is placed, nobody reaches a known and placed point: that is a fact about what is
    known, even though the share itself is not known. In a quartier without a boundary, nothing can be said.

    Args:
        before: GAPS frame.
        after: GAPS frame of the same quartiers and types.
        quartiers: `kind` and `population` (NaN unknown) by quartier id.
        drawn: ids of the quartiers whose inhabitants have a place.

    Returns:
        Frame of columns `DIFFERENCES`, index 0…n-1.
    """
    sides = [table.set_index(KEYS) for table in (before, after)]
    if not sides[0].index.equals(sides[1].index):
        sides[1] = sides[1].reindex(sides[0].index)
    ids = sides[0].index.get_level_values(0)
    located = ids.isin(list(drawn))
    population = quartiers["population"].reindex(ids).to_numpy(dtype=float)
    cells: dict[str, Any] = {
        "quartier_code": sides[0]["quartier_code"],
        "quartier_name": sides[0]["quartier_name"],
        "kind": quartiers["kind"].reindex(ids).to_numpy(dtype=object),
        "population": population,
    }
    for name in SIDES:
        for side, source in zip(("before", "after"), sides, strict=True):
            cells[f"{name}_{side}"] = source[name]
    for side in ("before", "after"):
        share = cells[f"share_{side}"].to_numpy(dtype=float)
        cells[f"reached_{side}"] = population * np.where(np.isnan(share) & located, 0.0, share)
    ranks = [cells[f"state_{side}"].map(_RANKS).to_numpy(dtype=int) for side in ("before", "after")]
    cells["gained"] = cells["reached_after"] - cells["reached_before"]
    cells["better"] = np.sign(ranks[1] - ranks[0])
    states = [cells[f"state_{side}"].astype(str).to_numpy() for side in ("before", "after")]
    cells["state_changed"] = states[0] != states[1]
    changed: NDArray[np.bool_] = (
        cells["state_changed"]
        | _moved(cells, "share", SHARE_TOLERANCE)
        | _moved(cells, "minutes_nearest", MINUTES_TOLERANCE)
        | _moved(cells, "threshold_minutes", MINUTES_TOLERANCE)
    )
    everything: pd.DataFrame = pd.DataFrame(cells, index=sides[0].index).loc[changed]
    return everything.reset_index()[list(DIFFERENCES)]


def _moved(cells: Mapping[str, Any], name: str, tolerance: float) -> NDArray[np.bool_]:
    first, last = (cells[f"{name}_{side}"].to_numpy(dtype=float) for side in ("before", "after"))
    moved: NDArray[np.bool_] = (np.isnan(first) != np.isnan(last)) | (np.abs(last - first) > tolerance)
    return moved


def by_importance(table: pd.DataFrame) -> pd.DataFrame:
    """What changes state first, then most inhabitants, widest share, longest walk (index 0…n-1)."""
    share = (table["share_after"].fillna(0.0) - table["share_before"].fillna(0.0)).astype(float).abs()
    walk = (table["minutes_nearest_after"] - table["minutes_nearest_before"]).astype(float).abs()
    ranked = table.assign(
        _same=~table["state_changed"], _people=-table["gained"].abs(), _share=-share, _walk=-walk
    ).sort_values(["_same", "_people", "_share", "_walk"], na_position="last", kind="stable")
    return ranked[list(table.columns)].reset_index(drop=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What changes for one type, or for one quartier.

    Attributes:
        key: type code or quartier id.
        states: states that change, of which `better` and `worse`.
        gained, lost: inhabitants (see `countable_together`), None for a quartier (the same person counts once
            per type) and where nothing can be summed.
        unknown: couples whose inhabitants are not known.
    """

    key: Hashable
    states: int
    better: int
    worse: int
    gained: float | None = None
    lost: float | None = None
    unknown: int = 0


def countable_together(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one type whose inhabitants may be summed: QPV, which do not overlap, else one quartier alone.

    A *quartier vécu* may cover part of a QPV, or of another: the same person would count twice.
    """
    qpv = rows[rows["kind"] == QPV]
    return rows if len(rows) == 1 else qpv


def totals_by_type(table: pd.DataFrame) -> list[Total]:
    """One total per type that changes, in order of first appearance."""
    return [_total(code, rows, people=True) for code, rows in table.groupby("type_code", sort=False)]


def totals_by_quartier(table: pd.DataFrame) -> list[Total]:
    """One total per quartier that changes, in order of first appearance."""
    return [_total(key, rows, people=False) for key, rows in table.groupby("quartier_id", sort=False)]


def _total(key: Hashable, rows: pd.DataFrame, *, people: bool) -> Total:
    better = rows["better"].to_numpy()
    gained, qpv = rows["gained"].to_numpy(dtype=float), rows["kind"].to_numpy() == QPV
    unknown = np.isnan(gained)
    moved = unknown | (gained != 0)
    summed = gained[moved if np.count_nonzero(moved) == 1 else moved & qpv]
    known = people and (not moved.any() or not np.isnan(summed).all())
    return Total(
        key=key,
        states=int(rows["state_changed"].sum()),
        better=int(np.count_nonzero(better > 0)),
        worse=int(np.count_nonzero(better < 0)),
        gained=float(np.nansum(summed.clip(min=0))) if known else None,
        lost=float(-np.nansum(summed.clip(max=0))) if known else None,
        unknown=int(np.count_nonzero(unknown)),
    )
