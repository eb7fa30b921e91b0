"""On which days an action takes place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from reseau.plan.occurrences import OPEN_ENDED_DAYS, last_day, month_weeks, next_day, occurrences

START, END = date(2026, 1, 1), date(2028, 12, 31)


def action(**cells: Any) -> dict[str, Any]:
    """A row of ACTIONS as far as dates go."""
    return {"starts_on": None, "ends_on": None, "recurrence": ""} | cells


def test_weeks_begin_on_monday_and_are_whole() -> None:
    weeks = month_weeks(2026, 11)
    assert weeks[0][0] == date(2026, 10, 26)
    assert weeks[-1][-1] == date(2026, 12, 6)
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)


def test_an_action_without_a_date_has_no_day() -> None:
    row = action(recurrence="hebdomadaire")
    assert occurrences(row, START, END) == []
    assert next_day(row, START) is None
    assert last_day(row) is None


@pytest.mark.parametrize(("recurrence", "step"), [("hebdomadaire", 7), ("quinzaine", 14)])
def test_weeks_follow_each_other_whatever_day_one_looks_from(recurrence: str, step: int) -> None:
    """The naive walk, one step after the other, is the oracle."""
    first, last = date(2026, 10, 1), date(2026, 12, 17)
    row = action(starts_on=first, ends_on=last, recurrence=recurrence)
    walk = [first + timedelta(days=step * rank) for rank in range(40)]
    for offset in range(-20, 100):
        seen_from = first + timedelta(days=offset)
        wanted = [day for day in walk if seen_from <= day <= last]
        assert occurrences(row, seen_from, END) == wanted


def test_the_last_day_counts_when_it_is_one() -> None:
    row = action(starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 17), recurrence="hebdomadaire")
    assert last_day(row) == date(2026, 12, 17)
    assert last_day(row | {"ends_on": date(2026, 12, 16)}) == date(2026, 12, 10)


def test_monthly_keeps_weekday_and_rank() -> None:
    row = action(starts_on=date(2026, 11, 10), ends_on=date(2027, 3, 31), recurrence="mensuelle")
    days = occurrences(row, START, END)
    assert days == [
        date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9),
    ]  # fmt: skip


def test_a_fifth_weekday_means_the_last_one() -> None:
    """30 November 2026 is a fifth Monday; most months have four: none may be skipped."""
    row = action(starts_on=date(2026, 11, 30), ends_on=date(2027, 3, 31), recurrence="mensuelle")
    days = occurrences(row, START, END)
    assert days == [
        date(2026, 11, 30), date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 22), date(2027, 3, 29),
    ]  # fmt: skip


def test_without_an_end_a_recurrence_is_looked_at_for_a_year() -> None:
    first = date(2026, 11, 24)
    days = occurrences(action(starts_on=first, recurrence="hebdomadaire"), START, END)
    assert len(days) == OPEN_ENDED_DAYS // 7 + 1
    assert days[-1] <= first + timedelta(days=OPEN_ENDED_DAYS)


def test_a_single_day_ignores_an_end_date() -> None:
    row = action(starts_on=date(2026, 11, 24), ends_on=date(2026, 12, 24))
    assert occurrences(row, START, END) == [date(2026, 11, 24)]
