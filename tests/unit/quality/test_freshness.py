"""When a sheet is to be checked again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.model.records import TypeSetting
from reseau.quality import DEFAULT_DAYS, freshness, review_periods, week_end
from tests.frames import structures

TODAY = date(2026, 11, 22)
PERIODS = {"cmp": 365, "caf": 90}


def due(row: dict[str, object], said: dict[int, date] | None = None) -> dict[str, object]:
    return freshness(structures(row), said or {}, PERIODS, on=TODAY).iloc[0].to_dict()


def test_a_check_by_a_person_counts_else_the_date_of_the_data() -> None:
    """A register that is read again every month says nothing of the phone a person has to check."""
    reviewed = {"types": ("cmp",), "reviewed_on": date(2026, 1, 1)}
    assert due(reviewed, {1: date(2026, 5, 12)})["checked_on"] == date(2026, 1, 1)
    assert due(reviewed)["due_on"] == date(2027, 1, 1)
    assert due({"types": ("cmp",)}, {1: date(2026, 5, 12)})["checked_on"] == date(2026, 5, 12)


def test_never_checked_is_due_today_and_not_fresh() -> None:
    row = due({"types": ("cmp",)})
    assert (row["checked_on"], row["due_on"], row["fresh"]) == (None, TODAY, False)


@pytest.mark.parametrize(
    ("row", "days"),
    [
        ({"types": ("cmp",)}, 365),
        ({"types": ("cmp", "caf")}, 90),
        ({"types": ("cmp", "caf"), "review_days": 30}, 30),
        ({"types": ()}, DEFAULT_DAYS),
        ({"types": ("inconnu",)}, DEFAULT_DAYS),
    ],
)
def test_the_period_is_the_sheet_s_own_else_the_shortest_of_its_types(
    row: dict[str, object], days: int
) -> None:
    assert due(row)["days"] == days


def test_a_date_in_the_future_is_a_slip() -> None:
    """Otherwise a typing error would hide a sheet for years."""
    assert due({"types": ("cmp",), "reviewed_on": date(2062, 1, 1)})["checked_on"] is None


def test_a_territory_changes_the_period_of_a_type() -> None:
    settings = [
        TypeSetting(type_code="cmp", expected=True, gamme="proximite", review_days=60),
        TypeSetting(type_code="caf", expected=True, gamme="territoire"),
    ]
    assert review_periods(settings) == {"cmp": 60, "caf": DEFAULT_DAYS}


def test_closed_structures_are_not_called() -> None:
    assert freshness(structures({"closed": True}), {}, {}, on=TODAY).empty


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_week_ends_on_sunday_within_seven_days(day: date) -> None:
    end = week_end(day)
    assert end.weekday() == 6
    assert 0 <= (end - day).days <= 6
