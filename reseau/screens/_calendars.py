"""Opening hours made plain: minutes of each coming day, so that a player has no syntax to understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from reseau.hours import (
    Slot,
    is_open,
    is_public_holiday,
    is_valid,
    split_holidays,
    to_week_grid,
    unsure_week,
    week,
)
from reseau.screens.content import CALENDAR_DAYS, Calendar, Span

MIDNIGHT = 24 * 60


@lru_cache(maxsize=4096)
def _openings(
    osm: str, first: date
) -> tuple[tuple[tuple[str, tuple[Span, ...]], ...], tuple[str, ...]] | None:
    """Spans by ISO day, and days when nobody knows, of `CALENDAR_DAYS` days; None for unknown hours."""
    if not is_valid(osm):
        return None
    days: list[tuple[str, tuple[Span, ...]]] = []
    unsure: list[str] = []
    monday = first - timedelta(days=first.weekday())
    for start in (monday + timedelta(days=7 * rank) for rank in range(CALENDAR_DAYS // 7 + 2)):
        for number, (slots, doubts) in enumerate(zip(week(osm, start), unsure_week(osm, start), strict=True)):
            day = start + timedelta(days=number)
            if not first <= day < first + timedelta(days=CALENDAR_DAYS):
                continue
            if doubts or (slots and _holiday_unsaid(osm, day, slots)):
                unsure.append(day.isoformat())
            elif slots:
                days.append((day.isoformat(), tuple(spans(slots))))
    return tuple(days), tuple(unsure)


def _holiday_unsaid(osm: str, day: date, slots: Sequence[Slot]) -> bool:
    start = _minutes(slots[0][0])
    return (
        is_public_holiday(day)
        and is_open(osm, datetime(day.year, day.month, day.day) + timedelta(minutes=start)) is None
    )


def calendar(osm: object, first: date) -> Calendar | None:
    """Openings of `CALENDAR_DAYS` days from `first`, None where hours are not known.

    A day that is partly unsure is unsure: half an answer would read as a closed door.
    """
    found = _openings(osm, first) if isinstance(osm, str) else None
    if found is None:
        return None
    return Calendar(days={day: list(slots) for day, slots in found[0]}, unsure=list(found[1]))


def usual_week(osm: object) -> list[list[Span]] | None:
    """Usual hours, Monday first; None where a week cannot say them all (seasons, «unknown»)."""
    grid = to_week_grid(split_holidays(osm)[0]) if isinstance(osm, str) and is_valid(osm) else None
    return None if grid is None else [spans(day) for day in grid]


def spans(slots: Sequence[Slot]) -> list[Span]:
    """Slots as minutes after midnight, those that touch or overlap in one."""
    merged: list[Span] = []
    for start, end in sorted((_minutes(start), _minutes(end)) for start, end in slots):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


class Calendars:
    """Calendars of a bundle, each written once."""

    def __init__(self, first: date) -> None:
        self.first = first
        self.parts: list[Calendar] = []
        self._rank: dict[object, int] = {}

    def index(self, osm: object) -> int | None:
        """Rank of the calendar of these hours, None where they are not known."""
        found = _openings(osm, self.first) if isinstance(osm, str) else None
        made = calendar(osm, self.first)
        if found is None or made is None:
            return None
        if found not in self._rank:
            self._rank[found] = len(self.parts)
            self.parts.append(made)
        return self._rank[found]
