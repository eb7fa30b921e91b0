"""A round on foot over several places, in a sensible order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reseau.errors import RefusedInput
from reseau.exports import text_csv
from reseau.geo.walking import walked_metres
from reseau.model.french import whole_minutes
from reseau.plan.rounds import matrix, reachable, walking_order
from reseau.services.siting_places import Candidate, metric

if TYPE_CHECKING:
    from reseau.services.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place of a round. `metres`, `minutes`: walked from the stop before, 0 for the first."""

    rank: int
    place: Candidate
    metres: float
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingRound:
    """A round.

    Attributes:
        stops: in walking order; the start once more at the end when it is closed.
        metres, minutes: of the whole walk, time spent at the places left out.
        exact: no order is shorter; else a good one, without proof.
        left_out: places no way leads to from the start.
        travel: how walks were measured, in French; estimated: in a straight line.
    """

    stops: tuple[Stop, ...]
    metres: float
    minutes: float
    exact: bool
    left_out: tuple[Candidate, ...]
    travel: str
    estimated: bool


def walking_round(view: View, places: Sequence[Candidate], *, closed: bool = False) -> WalkingRound:
    """Order a walk that starts at the first place.

    Args:
        places: the start, then the others; one that comes twice is visited once.
        closed: come back to the start.

    Raises:
        RefusedInput: fewer than two places, too many, or none that can be walked to.
    """
    unique = list(dict.fromkeys(places))
    if len(unique) < 2:
        raise RefusedInput("Tournée : choisissez au moins deux lieux.")
    metres = matrix(view.travel, metric(view, unique))
    kept = reachable(metres, 0)
    left_out = tuple(place for rank, place in enumerate(unique) if rank not in kept)
    if len(kept) < 2:
        raise RefusedInput("Tournée : aucun chemin à pied ne relie le départ aux autres lieux.")
    found = walking_order(metres[np.ix_(kept, kept)], closed=closed)
    pace = walked_metres(1.0, kmh=view.territoire.walking_kmh)
    order = [*found.order, *([found.order[0]] if closed else [])]
    stops = tuple(
        Stop(rank=rank, place=unique[kept[place]], metres=leg, minutes=leg / pace)
        for rank, (place, leg) in enumerate(zip(order, (0.0, *found.legs_m), strict=True), start=1)
    )
    return WalkingRound(
        stops=stops,
        metres=found.total_m,
        minutes=found.total_m / pace,
        exact=found.exact,
        left_out=left_out,
        travel=view.travel.label,
        estimated=view.travel.is_straight,
    )


def round_csv(walk: WalkingRound) -> bytes:
    """The walk as a table for a spreadsheet: `;`, UTF-8 with a byte-order mark, texts that run nothing."""
    head = (
        "ordre",
        "lieu",
        "metres_depuis_le_precedent",
        "minutes_a_pied",
        "longitude",
        "latitude",
        "source",
    )
    rows = [
        (stop.rank, stop.place.label, round(stop.metres), whole_minutes(stop.minutes), stop.place.lon,
         stop.place.lat, stop.place.credit)
        for stop in walk.stops
    ]  # fmt: skip
    return text_csv(head, [*rows, ("", "Total", round(walk.metres), whole_minutes(walk.minutes))])
