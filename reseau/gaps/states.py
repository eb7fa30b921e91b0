"""The five states of every (quartier, type), exactly as the domain defines them.

Near, for a walking gamme: at least `near_share` of the inhabitants are within the threshold of a point, or
an outgoing service declares the quartier (it reaches all of it). Near, for the gamme *territoire*: a point
has its commune in the territory, or lies in one of its quartiers; unplaced points with a commune count.

Covered: a near point belongs to the pivot, is held at the pivot, or is held by a structure in active
relation with the pivot, whichever way the relation was declared. For a permanence the holder counts, not
the host: working with the host is not working with the service.

Not known where is not far: when no known point can be located (unplaced, or outgoing without a declared
quartier), the state is `non_renseigne` and the reason says so.

A state is `reliable` unless it is `non_renseigne`, or points of the type could not be placed (for the gamme
*territoire*: neither placed nor in a known commune), or the share is within 10 points of the share asked.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau.gaps._base import Analysis, Bools, GapInputs, Points, thresholds
from reseau.gaps._reach import Distances, arrays_of, distances, near_couples, travel_of
from reseau.gaps._reasons import Counts, justifications, reasons
from reseau.geo.nearness import Floats, Ints
from reseau.model.columns import GAPS
from reseau.model.vocabulary import State

SHARE_TOLERANCE = 1e-9
MARGIN = 0.1


def compute_states(inputs: GapInputs) -> pd.DataFrame:
    """State of every (quartier, type).

    `share` is NaN where nothing is known to measure; `metres_nearest` is the mean over inhabitants of the
    straight line to the nearest placed point of each, `minutes_nearest` the walking time of the same;
    `nearest_id` is the structure serving at the point that most inhabitants reach first.

    Returns:
        GAPS frame, quartiers × types in the order of the inputs, index 0…n-1.

    Raises:
        RefusedInput: a walking speed or detour factor that makes no sense.
    """
    return analyse(inputs).states


def analyse(inputs: GapInputs) -> Analysis:
    """Compute states and near points once, for all measures.

    Raises:
        RefusedInput: a walking speed or detour factor that makes no sense.
    """
    points, population = arrays_of(inputs)
    near = near_couples(inputs, points, population)
    measured = distances(inputs, points, population)
    counts = _count(inputs, points, near)
    share = _share(inputs, counts, measured, population.drawn)
    return Analysis(
        points=points,
        population=population,
        travel=travel_of(inputs),
        inputs=inputs,
        states=_frame(inputs, points, counts, measured, share),
        near=_near_frame(inputs, points, near),
    )


def _count(inputs: GapInputs, points: Points, near: tuple[Ints, Ints]) -> Counts:
    n_types, shape = len(inputs.types), (len(inputs.quartiers), len(inputs.types))
    quartier, point = near
    cell = quartier * n_types + points.type[point]

    def by_type(mask: Bools) -> Ints:
        return np.bincount(points.type[mask], minlength=n_types)

    def by_cell(mask: Bools) -> Ints:
        return np.bincount(cell[mask], minlength=shape[0] * n_types).reshape(shape)

    everything = np.ones(len(points.type), dtype=bool)
    return Counts(
        known=by_type(everything),
        placed=by_type(points.placed),
        unplaced=by_type(points.unplaced),
        unplaced_nowhere=by_type(points.unplaced & ~points.commune_known),
        declaring=by_type(points.declares),
        outside=by_type(points.outside),
        inside=by_type(points.inside),
        near=by_cell(everything[point]),
        linked=by_cell(points.linked[point]),
        served=by_cell(_served_here(inputs, points, near)),
    )


def _served_here(inputs: GapInputs, points: Points, near: tuple[Ints, Ints]) -> Bools:
    quartier, point = near
    codes = inputs.quartiers["code"].to_numpy()
    declared = inputs.points["served_quartiers"].to_numpy()
    return np.array(
        [
            bool(points.declares[p]) and codes[q] in declared[points.row[p]]
            for q, p in zip(quartier, point, strict=True)
        ],
        dtype=bool,
    )


def _share(inputs: GapInputs, counts: Counts, measured: Distances, drawn: Bools) -> Floats:
    """Share of inhabitants reached, NaN where no known point can be located."""
    walking = ~np.isnan(thresholds(inputs))
    elsewhere = np.where((counts.declaring > 0) & ((counts.placed == 0) | ~drawn[:, None]), 0.0, np.nan)
    on_foot = np.where((counts.placed > 0) & drawn[:, None], measured.share, elsewhere)
    local = np.where((counts.outside > 0) | (counts.declaring > 0), 0.0, np.nan)
    local = np.where(counts.inside > 0, 1.0, local)
    return np.where(counts.served > 0, 1.0, np.where(walking, on_foot, local))


def _states(counts: Counts, near: Bools, share: Floats, justified: Bools) -> np.ndarray:
    conditions = [
        near & (counts.linked > 0),
        near,
        (counts.known > 0) & ~np.isnan(share),
        (counts.known == 0) & justified,
    ]
    outcomes = [State.COUVERT, State.A_RELIER, State.ELOIGNE, State.ABSENT]
    return np.select(conditions, [str(state) for state in outcomes], str(State.NON_RENSEIGNE))


def _frame(
    inputs: GapInputs, points: Points, counts: Counts, measured: Distances, share: Floats
) -> pd.DataFrame:
    n_quartiers, n_types = share.shape
    minutes = thresholds(inputs)
    walking = ~np.isnan(minutes)
    near = share >= inputs.settings.near_share - SHARE_TOLERANCE
    why_absent = justifications(inputs, counts)
    state = _states(counts, near, share, why_absent != "")
    at_the_limit = walking & (np.abs(share - inputs.settings.near_share) <= MARGIN + SHARE_TOLERANCE)
    lost = np.where(walking, counts.unplaced, counts.unplaced_nowhere)
    first = measured.first.ravel()
    names = inputs.points["name"].to_numpy(dtype=object)
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
        "nearest_name": pd.Series([names[points.row[p]] if p >= 0 else None for p in first], dtype=object),
        "n_points": np.tile(counts.known, n_quartiers),
        "n_near": counts.near.ravel(),
        "n_unplaced": np.tile(counts.unplaced, n_quartiers),
        "n_inside": measured.inside.ravel(),
        "n_500": measured.around.ravel(),
        "minutes_boundary": measured.boundary_minutes.ravel(),
        "threshold_minutes": np.tile(minutes, n_quartiers),
        "fragile": at_the_limit.ravel(),
        "reliable": ((state != State.NON_RENSEIGNE) & ~at_the_limit & (lost == 0)).ravel(),
        "reason": reasons(inputs, counts, state, (share, at_the_limit, lost), why_absent).ravel(),
    }
    return pd.DataFrame(columns, columns=list(GAPS))


def _structures(points: Points, positions: Ints) -> pd.Series[int]:
    """Structure serving at each position, missing where the position is -1."""
    known = positions >= 0
    ids = pd.Series(np.zeros(len(positions)), dtype="Int64").mask(~known)
    ids[known] = points.structure_id[positions[known]]
    return ids


def _near_frame(inputs: GapInputs, points: Points, near: tuple[Ints, Ints]) -> pd.DataFrame:
    quartier, point = near
    return pd.DataFrame(
        {
            "quartier_id": inputs.quartiers.index.to_numpy()[quartier],
            "type_code": inputs.types["type_code"].to_numpy(dtype=object)[points.type[point]],
            "point": points.row[point],
        }
    )
