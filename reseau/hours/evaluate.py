"""What hours say at a given time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from reseau.hours._osm import compiled
from reseau.hours.week import CLOSED_WEEK, Slot, Week, clock, to_week_grid

PARIS = ZoneInfo("Europe/Paris")
_HOLIDAYS = OpeningHours("PH 00:00-24:00", country="FR")
# Seasonal hours have no typical week: they are looked at over one whole year, always the same one.
_REFERENCE = (datetime(2026, 1, 5), datetime(2027, 1, 4))
_MAX_INTERVALS = 3000


def is_valid(osm: str) -> bool:
    """Whether the expression is OSM syntax that says certain clock times."""
    return compiled(osm) is not None


def is_public_holiday(day: date) -> bool:
    """Whether this is a public holiday everywhere in France."""
    return bool(_HOLIDAYS.is_open(datetime.combine(day, time(12))))


def is_open(osm: str, at: datetime) -> bool | None:
    """Whether it is open; None when that is not known.

    A public holiday the hours do not speak about (no `PH` rule) on a day that would be open gives None:
    most places close, some do not, and nobody said.
    """
    hours = compiled(osm)
    if hours is None:
        return None
    moment = _local(at)
    if hours.is_unknown(moment):
        return None
    opened = bool(hours.is_open(moment))
    return None if opened and _holiday_unsaid(osm, moment.date()) else opened


def next_change(osm: str, at: datetime) -> datetime | None:
    """Next opening or closing (naive local time), None when there is none within a year or no hours."""
    hours = compiled(osm)
    found = None if hours is None else hours.next_change(_local(at))
    return found if isinstance(found, datetime) else None


def week(osm: str, monday: date) -> Week:
    """Slots of seven days from `monday`, as the expression says (public-holiday rules applied).

    A night that crosses midnight is cut at midnight. Seven empty days when nothing is known.
    """
    return _week(osm, monday, State.OPEN)


def unsure_week(osm: str, monday: date) -> Week:
    """As `week`, the times when the expression says that it may be open (`unknown`)."""
    return _week(osm, monday, State.UNKNOWN)


def _week(osm: str, monday: date, wanted: State) -> Week:
    hours = compiled(osm)
    days: list[list[Slot]] = [[] for _ in range(7)]
    if hours is not None:
        start = datetime.combine(monday, time())
        for number, slot in _slots(hours, start, start + timedelta(days=7), wanted):
            days[number].append(slot)
    return tuple(tuple(day) for day in days)


def opens_after(osm: str, hour: int) -> bool | None:
    """Whether it is open past `hour` o'clock (0–23) on some day from Monday to Friday; None when unknown."""
    return _opens(osm, range(5), f"{hour:02d}:00")


def opens_on(osm: str, weekday: int) -> bool | None:
    """Whether it opens on some `weekday` (0 Monday – 6 Sunday) of the year; None when unknown."""
    return _opens(osm, [weekday], "00:00")


def _opens(osm: str, weekdays: Iterable[int], past: str) -> bool | None:
    usual = _usual(osm)
    if usual is None:
        return None
    opened, unsure = (any(end > past for day in weekdays for _, end in days[day]) for days in usual)
    return None if unsure and not opened else opened


@lru_cache(maxsize=4096)
def _usual(osm: str) -> tuple[Week, Week] | None:
    """Slots of each weekday over a year: open ones, and ones the hours call «unknown»."""
    if (grid := to_week_grid(osm)) is not None:
        return grid, CLOSED_WEEK
    hours = compiled(osm)
    if hours is None:
        return None
    return _over_a_year(hours, State.OPEN), _over_a_year(hours, State.UNKNOWN)


def _over_a_year(hours: OpeningHours, wanted: State) -> Week:
    days: list[set[Slot]] = [set() for _ in range(7)]
    for number, slot in _slots(hours, *_REFERENCE, wanted):
        days[number % 7].add(slot)
    return tuple(tuple(sorted(day)) for day in days)


def _slots(hours: OpeningHours, start: datetime, end: datetime, wanted: State) -> list[tuple[int, Slot]]:
    """Slots in the wanted state, cut at midnight, with the number of their day after `start` (a midnight)."""
    found: list[tuple[int, Slot]] = []
    for count, (first, last, state, _) in enumerate(hours.intervals(start, end)):
        if count >= _MAX_INTERVALS:
            break
        if state == wanted:
            found += _cut_at_midnight(start, max(first, start), min(last or end, end))
    return found


def _cut_at_midnight(start: datetime, first: datetime, last: datetime) -> list[tuple[int, Slot]]:
    pieces: list[tuple[int, Slot]] = []
    while first < last:
        midnight = datetime.combine(first.date() + timedelta(days=1), time())
        stop = min(last, midnight)
        ends = "24:00" if stop == midnight else clock(stop.hour * 60 + stop.minute)
        pieces.append(((first - start).days, (clock(first.hour * 60 + first.minute), ends)))
        first = stop
    return pieces


def _holiday_unsaid(osm: str, day: date) -> bool:
    return "PH" not in osm and osm.strip() != "24/7" and is_public_holiday(day)


def _local(at: datetime) -> datetime:
    return at if at.tzinfo is None else at.astimezone(PARIS).replace(tzinfo=None)
