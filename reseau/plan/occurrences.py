"""On which days an outreach action takes place."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
# How far a recurring action without an end is looked at.
OPEN_ENDED_DAYS = 365
STEP_DAYS = {"hebdomadaire": 7, "quinzaine": 14}
MONTHLY = "mensuelle"
LAST_RANK = 5


def weekday_rank(day: date) -> int:
    """Rank of a day among the same weekdays of its month, 1 to 5."""
    return (day.day - 1) // 7 + 1


def month_weeks(year: int, month: int) -> list[list[date]]:
    """Weeks of a month from Monday to Sunday, completed with days of the months around."""
    return Calendar(firstweekday=0).monthdatescalendar(year, month)


def occurrences(row: Row, start: date, end: date) -> list[date]:
    """Days of an action (row of ACTIONS) from `start` to `end`, both included, in order.

    A recurrence stops at `ends_on`, or a year after the first day where no end is given. `mensuelle` keeps
    the weekday and its rank («2e mardi»); a fifth weekday means the last one of each month.
    """
    first = row["starts_on"]
    if not isinstance(first, date):
        return []
    end = min(end, _until(row, first))
    recurrence = row["recurrence"]
    if step := STEP_DAYS.get(recurrence):
        skipped = max(0, -(-(start - first).days // step))
        days = [first + timedelta(days=rank) for rank in range(skipped * step, (end - first).days + 1, step)]
    elif recurrence == MONTHLY:
        days = list(_monthly(first, end))
    else:
        days = [first]
    return [day for day in days if start <= day <= end]


def _until(row: Row, first: date) -> date:
    if not row["recurrence"]:
        return first
    ends_on = row["ends_on"]
    return ends_on if isinstance(ends_on, date) else first + timedelta(days=OPEN_ENDED_DAYS)


def _monthly(first: date, end: date) -> Iterable[date]:
    rank = weekday_rank(first)
    year, month = first.year, first.month
    while (year, month) <= (end.year, end.month):
        days = [week[first.weekday()] for week in month_weeks(year, month)]
        own = [day for day in days if day.month == month]
        yield own[-1] if rank == LAST_RANK else own[rank - 1]
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def next_day(row: Row, on: date) -> date | None:
    """First day of an action from `on`, None when it is over or has no date."""
    first = row["starts_on"]
    if not isinstance(first, date):
        return None
    return next(iter(occurrences(row, on, _until(row, first))), None)


def last_day(row: Row) -> date | None:
    """Last day of an action, None when it has no date."""
    first = row["starts_on"]
    return occurrences(row, first, _until(row, first))[-1] if isinstance(first, date) else None
