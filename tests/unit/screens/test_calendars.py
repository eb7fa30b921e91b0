"""Hours day by day: what is not known never reads as open nor as closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from reseau.hours import is_open
from reseau.screens._calendars import Calendars, calendar, usual_week
from reseau.screens.content import CALENDAR_DAYS

FIRST = date(2026, 11, 23)
SEASONAL = "Mar-Nov Mo-Fr 09:00-18:00; Dec-Feb Mo-Fr 10:00-16:00"


@pytest.mark.parametrize(
    "osm",
    ["Mo-Fr 09:00-12:00,14:00-17:00", "Mo-Fr 09:00-17:00; PH off", "24/7", "Fr-Sa 20:00-02:00", SEASONAL,
     "Tu[1] 14:00-16:00", "Mo-Fr 09:00-12:00 unknown; Sa 09:00-12:00", "Mo-Su 08:00-20:00"],
)  # fmt: skip
def test_each_minute_says_what_the_hours_say(osm: str) -> None:
    """Against the evaluator, every half hour; a day in doubt is in doubt as a whole, never half an answer."""
    found = calendar(osm, FIRST)
    assert found is not None
    for rank in range(CALENDAR_DAYS):
        day = FIRST + timedelta(days=rank)
        moments = [datetime.combine(day, time()) + timedelta(minutes=30 * step) for step in range(48)]
        states = [is_open(osm, moment) for moment in moments]
        if day.isoformat() in found["unsure"]:
            assert None in states
            assert day.isoformat() not in found["days"]
            continue
        assert None not in states
        spans = found["days"].get(day.isoformat(), [])
        said = [any(start <= 30 * step < end for start, end in spans) for step in range(48)]
        assert said == states


def test_a_holiday_the_hours_do_not_speak_of_is_unsure() -> None:
    """Christmas 2026 is a Friday: most places close, nobody said."""
    said, unsaid = calendar("Mo-Fr 09:00-17:00; PH off", FIRST), calendar("Mo-Fr 09:00-17:00", FIRST)
    assert said is not None
    assert unsaid is not None
    assert unsaid["unsure"] == ["2026-12-25"]
    assert "2026-12-25" not in unsaid["days"]
    assert said["unsure"] == []
    assert "2026-12-25" not in said["days"]
    assert "2026-12-24" in said["days"]


@pytest.mark.parametrize(
    "osm", ["", None, "sur rendez-vous", "sunrise-sunset", "Mo", float("nan"), "unknown"]
)
def test_unknown_hours_have_no_calendar(osm: object) -> None:
    assert calendar(osm, FIRST) is None
    assert Calendars(FIRST).index(osm) is None
    assert usual_week(osm) is None


def test_same_hours_are_written_once() -> None:
    """Two ways of writing the same hours too."""
    kept = Calendars(FIRST)
    ranks = [kept.index(osm) for osm in ("Mo-Fr 09:00-12:00", "Sa 10:00-12:00", "Mo,Tu,We,Th,Fr 09:00-12:00")]
    assert ranks == [0, 1, 0]
    assert len(kept.parts) == 2


def test_the_usual_week() -> None:
    assert usual_week("Mo 09:00-12:00,12:00-13:00; We 14:00-17:00; PH off") == [
        [(540, 780)], [], [(840, 1020)], [], [], [], [],
    ]  # fmt: skip
    assert usual_week(SEASONAL) is None


def test_the_day_a_bundle_is_made_is_its_first() -> None:
    """A Sunday: the week that began six days before does not come along."""
    found = calendar("24/7", date(2026, 11, 29))
    assert found is not None
    assert next(iter(found["days"])) == "2026-11-29"
    assert len(found["days"]) == CALENDAR_DAYS
