"""«Ce soir», «samedi»: a door open at some moment of a span."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from reseau.hours import is_open, opens_between

WEDNESDAY = datetime(2026, 11, 18)
EVENING = (WEDNESDAY.replace(hour=18), WEDNESDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("osm", "expected"),
    [
        ("Mo-Fr 09:00-17:00", False),
        ("Mo-Fr 09:00-18:00", False),
        ("Mo-Fr 09:00-18:30", True),
        ("We 20:00-22:00", True),
        ("Th 20:00-22:00", False),
        ("Mo-Su 22:00-02:00", True),
        ("24/7", True),
        ("", None),
        ("quand il fait beau", None),
    ],
)
def test_this_evening(osm: str, expected: bool | None) -> None:
    """Open past 18 h: closing at 18 h sharp is not an evening."""
    assert opens_between(osm, *EVENING) is expected


def test_a_holiday_nobody_spoke_about_is_not_known() -> None:
    """The first of May: most places close, some do not."""
    day = datetime(2026, 5, 1)
    assert opens_between("Mo-Fr 09:00-17:00", day, day + timedelta(days=1)) is None
    assert opens_between("Mo-Fr 09:00-17:00; PH off", day, day + timedelta(days=1)) is False


@pytest.mark.parametrize("osm", ["Mo-Fr 09:00-12:00,14:00-18:30", "Sa 10:00-12:30", "Mo,We 17:30-19:00"])
def test_agrees_with_asking_every_five_minutes(osm: str) -> None:
    """Oracle: the same question, naively."""
    for day in range(7):
        start = WEDNESDAY + timedelta(days=day, hours=17)
        moments = [start + timedelta(minutes=5 * step) for step in range(36)]
        naive = any(is_open(osm, moment) for moment in moments)
        assert opens_between(osm, start, start + timedelta(hours=3)) is naive
