"""The five states of every (quartier, type), exactly as the domain defines them.

Near, for a walking gamme: at least `near_share` of the inhabitants are within the threshold of a point, or
an outgoing service declares the quartier (it reaches all of it). Near, for the gamme *territoire*: a point
has its commune in the territory, or lies in one of its quartiers; unplaced points with a commune count.

Covered: a near point belongs to the pivot, is held at the pivot, or is held by a structure in active
relation with the pivot, whichever way the relation was declared. For a permanence the holder counts, not
the host: working with the host is not working with the service.

Not known where is not far: when no known point can be located (unplaced, or outgoing without a declared
quartier), the state is `non_renseigne` and the reason says so.

A state is `fragile` when it would be another one if the threshold were 20 % shorter or longer, or if all
places were further or nearer by the precision of their position (one thing at a time; everything else is
computed again the same way). The gamme *territoire* has no threshold and is never fragile.

A state is `reliable` unless it is `non_renseigne`, or points of the type could not be placed (for the gamme
*territoire*: neither placed nor in a known commune), or it is fragile, or it is `eloigne` and neither a
source nor a person says that there is nothing nearer: what is known may not be all there is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau.gaps._base import Analysis, Bools, GapInputs, Points, thresholds
from reseau.gaps._cache import ReachCache
from reseau.gaps._reach import (
    AS_IS,
    Distances,
    arrays_of,
    distances,
    near_couples,
    served,
    travel_of,
)
from reseau.gaps._reasons import Counts, fragilities, justifications, reasons
from reseau.geo.nearness import Floats, Ints
from reseau.model.columns import GAPS
from reseau.model.vocabulary import State

SHARE_TOLERANCE = 1e-9


def compute_states(inputs: GapInputs, cache: ReachCache | None = None) -> pd.DataFrame:
    """State of every (quartier, type).

    `share` is NaN where nothing is known to measure; `metres_nearest` is the mean over inhabitants of the
    length to the nearest placed point of each, `minutes_nearest` the walking time of the same;
    `nearest_id` is the structure serving at the point that most inhabitants reach first.

    Returns:
        GAPS frame, quartiers × types in the order of the inputs, index 0…n-1.

    Raises:
        RefusedInput: a walking speed or detour factor that makes no sense.
    """
    return analyse(inputs, cache).states


def analyse(inputs: GapInputs, cache: ReachCache | None = None) -> Analysis:
    """Compute states and near points once, for all measures.

    Args:
        inputs: what to compute from.
        cache: what was measured before, by type; figures are the same without it.

    Raises:
        RefusedInput: a walking speed or detour factor that makes no sense.
    """
    points, population = arrays_of(inputs)
    measured = distances(inputs, points, population, cache)
    declared = served(inputs, points)
    near = near_couples(inputs, points, measured.near, declared)
    counts = _count(len(inputs.types), points, near, declared)
    share = _share(inputs, counts, measured.share, population.drawn)
    return Analysis(
        points=points,
        population=population,
        travel=travel_of(inputs),
        inputs=inputs,
        states=_frame(inputs, points, counts, measured, share),
        near=_near_frame(inputs, points, near[AS_IS]),
    )


def _count(n_types: int, points: Points, near: Bools, declared: Bools) -> Counts:
    def by_type(mask: Bools) -> Ints:
        return np.bincount(points.type[mask], minlength=n_types)

    def by_cell(mask: Bools) -> Ints:
        quartier, point = np.nonzero(mask)
        cell = quartier * n_types + points.type[point]
        return np.bincount(cell, minlength=len(mask) * n_types).reshape(len(mask), n_types)

    return Counts(
        known=np.bincount(points.type, minlength=n_types),
        placed=by_type(points.placed),
        unplaced=by_type(points.unplaced),
        unplaced_nowhere=by_type(points.unplaced & ~points.commune_known),
        declaring=by_type(points.declares),
        outside=by_type(points.outside),
        inside=by_type(points.inside),
        near=by_cell(near[AS_IS]),
        linked=np.stack([by_cell(variant & points.linked) for variant in near]),
        served=by_cell(declared),
    )


def _share(inputs: GapInputs, counts: Counts, measured: Floats, drawn: Bools) -> Floats:
    """Share of inhabitants reached (variants first), NaN where no known point can be located."""
    walking = ~np.isnan(thresholds(inputs))
    elsewhere = np.where((counts.declaring > 0) & ((counts.placed == 0) | ~drawn[:, None]), 0.0, np.nan)
    on_foot = np.where((counts.placed > 0) & drawn[:, None], measured, elsewhere)
    local = np.where((counts.outside > 0) | (counts.declaring > 0), 0.0, np.nan)
    local = np.where(counts.inside > 0, 1.0, local)
    return np.where(counts.served > 0, 1.0, np.where(walking, on_foot, local))


def _states(counts: Counts, near: Bools, share: Floats, justified: Bools) -> np.ndarray:
    """States by variant (variants × quartiers × types)."""
    conditions = [
        near & (counts.linked > 0),
        near,
        (counts.known > 0) & ~np.isnan(share),
        np.broadcast_to((counts.known == 0) & justified, share.shape),
    ]
    outcomes = [State.COUVERT, State.A_RELIER, State.ELOIGNE, State.ABSENT]
    return np.select(conditions, [str(state) for state in outcomes], str(State.NON_RENSEIGNE))


def _frame(
    inputs: GapInputs, points: Points, counts: Counts, measured: Distances, shares: Floats
) -> pd.DataFrame:
    _, n_quartiers, n_types = shares.shape
    minutes, share = thresholds(inputs), shares[AS_IS]
    near = shares >= inputs.settings.near_share - SHARE_TOLERANCE
    why_absent = justifications(inputs, counts)
    states = _states(counts, near, shares, why_absent != "")
    state = states[AS_IS]
    unlisted = (state == State.ELOIGNE) & (why_absent == "")
    why_fragile = fragilities(states, minutes)
    fragile = why_fragile != ""
    lost = np.where(np.isnan(minutes), counts.unplaced_nowhere, counts.unplaced)
    first = measured.first.ravel()
    names = np.array([*inputs.points["name"].to_numpy(dtype=object)[points.row], None], dtype=object)
    columns = {
        "quartier_id": np.repeat(inputs.quartiers.index.to_numpy(), n_types),
        "quartier_code": np.repeat(inputs.quartiers["code"].to_numpy(dtype=object), n_types),
        "quartier_name": np.repeat(inputs.quartiers["name"].to_numpy(dtype=object), n_types),
        "type_code": np.tile(inputs.types["type_code"].to_numpy(dtype=object), n_quartiers),
        "state": state.ravel(),
        "share": share.ravel(),
        "minutes_nearest": measured.minutes.ravel(),
        "metres_nearest": measured.metres.ravel(),
        "nearest_id": _structures(points, first),
        "nearest_name": pd.Series(names[first], dtype=object),
        "n_points": np.tile(counts.known, n_quartiers),
        "n_near": counts.near.ravel(),
        "n_unplaced": np.tile(counts.unplaced, n_quartiers),
        "n_inside": measured.inside.ravel(),
        "n_500": measured.around.ravel(),
        "minutes_boundary": measured.boundary_minutes.ravel(),
        "threshold_minutes": np.tile(minutes, n_quartiers),
        "fragile": fragile.ravel(),
        "reliable": ((state != State.NON_RENSEIGNE) & ~fragile & (lost == 0) & ~unlisted).ravel(),
        "reason": reasons(inputs, counts, state, (why_fragile, lost, why_absent)).ravel(),
    }
    return pd.DataFrame(columns, columns=list(GAPS))


def _structures(points: Points, positions: Ints) -> pd.Series[int]:
    """Structure serving at each position, missing where the position is -1."""
    known = positions >= 0
    ids = pd.Series(np.zeros(len(positions)), dtype="Int64").mask(~known)
    ids[known] = points.structure_id[positions[known]]
    return ids


def _near_frame(inputs: GapInputs, points: Points, near: Bools) -> pd.DataFrame:
    quartier, point = np.nonzero(near)
    return pd.DataFrame(
        {
            "quartier_id": inputs.quartiers.index.to_numpy()[quartier],
            "type_code": inputs.types["type_code"].to_numpy(dtype=object)[points.type[point]],
            "point": points.row[point],
        }
    )
