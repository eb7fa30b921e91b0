"""Somebody open in August."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from reseau.gaps._base import Analysis, Direction, Measure, unlocated
from reseau.gaps._fine import NO, UNKNOWN, YES, Details, answers_of, not_near, of_near_states, together
from reseau.hours import opens_between

AUGUST = 8
WEEK = timedelta(days=7)
Weeks = tuple[bool | None, ...]
"""For each whole week of August: open some day, closed, or not known."""


def _mondays(year: int) -> Iterator[datetime]:
    first = date(year, AUGUST, 1)
    monday = datetime.combine(first + timedelta(days=-first.weekday() % 7), time())
    while (monday + WEEK - timedelta(days=1)).month == AUGUST:
        yield monday
        monday += WEEK


@lru_cache(maxsize=4096)
def open_weeks(opening_hours: str, year: int) -> Weeks:
    """Whether hours leave the door open in each whole week of the August of a year."""
    return tuple(opens_between(opening_hours, monday, monday + WEEK) for monday in _mondays(year))


def _near_weeks(analysis: Analysis) -> Any:
    on = analysis.inputs.on

    def answer(details: Details, _languages: tuple[str, ...]) -> Weeks:
        return (None,) if on is None else open_weeks(details.opening_hours, on.year)

    return analysis.memo("august", lambda: answers_of(analysis, answer))


def _conclude(places: list[Weeks]) -> str:
    weeks = {together(week) for week in zip(*places, strict=True)} or {UNKNOWN}
    return NO if NO in weeks else UNKNOWN if UNKNOWN in weeks else YES


def _unusable(analysis: Analysis) -> pd.Series[Any]:
    lost, answers = unlocated(analysis), _near_weeks(analysis)
    unknown = [sum(None in weeks for weeks in answers.get(couple, ())) for couple in lost.index]
    return lost + pd.Series(unknown, index=lost.index, dtype=int)


MEASURE = Measure(
    id="aout",
    label="Ouvert en août",
    short="Août",
    unit="",
    direction=Direction.CATEGORY,
    formula=(
        "Chaque semaine entière du mois d'août de l'année, au moins un lieu proche ouvre un jour, d'après "
        "ses horaires et les périodes qu'ils disent («\u00a0fermé en août\u00a0»). « non » quand une "
        "semaine tous les lieux proches sont connus pour être fermés ; sinon « inconnu ». Une fermeture "
        "d'été que les horaires ne disent pas n'est pas connue."
    ),
    compute=lambda analysis: of_near_states(analysis, _near_weeks(analysis), _conclude),
    threshold=lambda _settings, _gamme: "août",
    unusable=_unusable,
    pointless=not_near,
)
