"""The editor's grid and its OSM writing say the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.hours import CLOSED_WEEK, from_week, split_holidays, to_week_grid, week
from reseau.hours.week import clock


@st.composite
def _days(draw):
    bounds = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
    bounds = bounds[: len(bounds) // 2 * 2]
    return tuple((clock(a), clock(b)) for a, b in zip(bounds[::2], bounds[1::2], strict=True))


WEEKS = st.lists(_days(), min_size=7, max_size=7).map(tuple)


@given(WEEKS)
def test_grid_to_osm_and_back(rows):
    """Saving the grid without touching it must not change the hours."""
    osm = from_week(rows)
    assert (to_week_grid(osm) or CLOSED_WEEK) == rows


@given(WEEKS)
def test_the_evaluator_agrees_with_the_grid(rows):
    """An independent reading (the evaluator) of what the grid wrote; touching nights aside."""
    assert week(from_week(rows), date(2026, 3, 2)) == rows


def test_consecutive_days_are_written_as_ranges():
    morning, evening = [("9:00", "12:00")], [("18:00", "24:00")]
    rows = [morning, morning, [], morning, morning, evening, []]
    assert from_week(rows) == "Mo-Tu,Th-Fr 09:00-12:00; Sa 18:00-24:00"


def test_an_empty_grid_is_unknown_not_closed():
    assert from_week(CLOSED_WEEK, closed_on_holidays=True) == ""


def test_slots_that_touch_are_joined():
    assert from_week([[("09:00", "12:00"), ("12:00", "14:00")], *[[]] * 6]) == "Mo 09:00-14:00"


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ([("12:00", "09:00")], "doit venir après"),
        ([("09:00", "09:00")], "doit venir après"),
        ([("09:00", "12:00"), ("11:00", "14:00")], "se chevauchent"),
        ([("09:00", "25:00")], "n'est pas une heure"),
        ([("neuf", "12:00")], "n'est pas une heure"),
        ([("09:75", "12:00")], "n'est pas une heure"),
    ],
)
def test_a_wrong_slot_is_refused_in_french(slots, said):
    with pytest.raises(ValueError, match=said):
        from_week([slots, *[[]] * 6])


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="sept jours"):
        from_week([[]] * 6)


@pytest.mark.parametrize(
    "osm",
    [
        "",
        "n'importe quoi",
        "Mo 22:00-02:00",
        "Mo[1] 09:00-12:00",
        "Jul-Aug Mo 09:00-12:00",
        "Mo 09:00-12:00; PH off",
        'Mo 09:00-12:00 "sonner"',
        "week 1-53/2 Mo 09:00-12:00",
        "Mo-Fr 09:00+",
    ],
)
def test_what_a_week_cannot_say_has_no_grid(osm):
    """Otherwise saving the sheet would silently drop the season, the comment or the holiday rule."""
    assert to_week_grid(osm) is None


def test_overriding_rules_are_resolved():
    grid = to_week_grid("Mo-Su 09:00-12:00; We off; Sa 10:00-11:00")
    assert grid is not None
    assert grid[1:6] == ((("09:00", "12:00"),), (), *((("09:00", "12:00"),),) * 2, (("10:00", "11:00"),))


def test_the_holiday_rule_can_be_set_aside_and_put_back():
    osm = "Mo 09:00-12:00; PH off"
    base, closed = split_holidays(osm)
    grid = to_week_grid(base)
    assert grid is not None
    assert from_week(grid, closed_on_holidays=closed) == osm
    assert split_holidays("Mo 09:00-12:00") == ("Mo 09:00-12:00", False)
