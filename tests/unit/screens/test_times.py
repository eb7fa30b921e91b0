"""Times of a screen, over midnight too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.model.screens import DayPart
from reseau.screens._times import clock_or_none, lit_spans, whens

clocks = st.integers(0, 24 * 60 - 1)


def text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("00:00", 0), ("8:05", 485), ("24:00", 1440), ("24:01", None), ("25:00", None), ("12:60", None),
     ("", None), (None, None), ("12h", None), (" 09:00 ", 540)],
)  # fmt: skip
def test_clock(written: object, minutes: int | None) -> None:
    assert clock_or_none(written) == minutes


def test_lit() -> None:
    assert lit_spans("", "") == []
    assert lit_spans("08:00", "19:30") == [(480, 1170)]
    assert lit_spans("08:00", "") == [(480, 1440)]
    assert lit_spans("", "19:30") == [(0, 1170)]
    assert lit_spans("18:00", "02:00") == [(0, 120), (1080, 1440)]
    assert lit_spans("18:00", "00:00") == [(1080, 1440)]


@given(clocks, clocks, st.sets(st.integers(0, 6)), st.integers(0, 6), clocks)
def test_a_day_part_holds_what_its_words_say(
    start: int, end: int, days: set[int], day: int, minute: int
) -> None:
    """The oracle says it in words: over midnight, the part that began the day before is still on."""
    part = DayPart(slide="carte", start=text(start), end=text(end), days=tuple(days))
    shown = any(
        day in when["days"] and when["span"][0] <= minute < when["span"][1] for when in whens("carte", [part])
    )
    on, before = (not days or day in days), (not days or (day - 1) % 7 in days)
    wanted = (
        (on and start <= minute < end)
        if end > start
        else (on and minute >= start) or (before and minute < end)
    )
    assert shown == wanted


def test_one_need_wins_over_all_needs() -> None:
    parts = [
        DayPart(slide="besoins", start="08:00", end="12:00"),
        DayPart(slide="besoin:manger", start="11:00", end="14:00"),
    ]
    assert [when["span"] for when in whens("besoin:manger", parts)] == [(660, 840)]
    assert [when["span"] for when in whens("besoin:droits", parts)] == [(480, 720)]
    assert whens("carte", parts) == []


def test_a_wrong_time_is_refused_in_french() -> None:
    with pytest.raises(RefusedInput, match="n'est pas une heure"):
        lit_spans("8 h", "")
    with pytest.raises(RefusedInput, match="08:30"):
        whens("carte", [DayPart(slide="carte", start="", end="12:00")])
