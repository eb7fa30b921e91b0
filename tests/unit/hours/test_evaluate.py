"""What hours say at a time: unknown is neither open nor closed."""

from datetime import UTC, date, datetime

import pytest

from reseau.hours import (
    is_open,
    is_public_holiday,
    is_valid,
    next_change,
    opens_after,
    opens_on,
    parse_hours,
    week,
)

OFFICE = "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00"
TUESDAY_10H = datetime(2026, 6, 9, 10)
BASTILLE_10H = datetime(2026, 7, 14, 10)


def test_open_and_closed():
    assert is_open(OFFICE, TUESDAY_10H) is True
    assert is_open(OFFICE, TUESDAY_10H.replace(hour=12)) is False
    assert is_open(OFFICE, TUESDAY_10H.replace(hour=17, minute=29)) is True


@pytest.mark.parametrize(
    "osm", ["", "sur rendez-vous", "Fr", "unknown", "sunrise-sunset", "Tu 09:00-12:00 unknown"]
)
def test_unknown_hours_are_neither_open_nor_closed(osm):
    assert is_open(osm, TUESDAY_10H) is None


def test_a_public_holiday_nobody_spoke_about_is_unknown():
    """«Open on Tuesdays» says nothing of 14 July: neither a closed door nor a missed open one."""
    assert is_open("Tu 09:00-12:00", BASTILLE_10H) is None
    assert is_open("Tu 09:00-12:00", BASTILLE_10H.replace(hour=20)) is False
    assert is_open("Tu 09:00-12:00; PH off", BASTILLE_10H) is False
    assert is_open("Tu 09:00-12:00; PH 09:00-12:00", BASTILLE_10H) is True
    assert is_open("24/7", BASTILLE_10H) is True


def test_french_public_holidays():
    assert is_public_holiday(date(2026, 7, 14))
    assert is_public_holiday(date(2026, 4, 6))  # Easter Monday
    assert not is_public_holiday(date(2026, 7, 4))


def test_an_aware_time_is_read_in_paris():
    """A server in UTC must not say «closed» at nine in summer."""
    assert is_open(OFFICE, datetime(2026, 6, 9, 7, 30, tzinfo=UTC)) is True


def test_next_change():
    assert next_change(OFFICE, TUESDAY_10H) == datetime(2026, 6, 9, 12)
    assert next_change(OFFICE, datetime(2026, 6, 13, 13)) == datetime(2026, 6, 15, 9)
    assert next_change("24/7", TUESDAY_10H) is None
    assert next_change("", TUESDAY_10H) is None


def test_week_respects_holidays_and_cuts_nights():
    shown = week("Mo-Fr 09:00-12:00; Sa 22:00-02:00; PH off", date(2026, 7, 13))
    assert shown[0] == (("09:00", "12:00"),)
    assert shown[1] == ()
    assert shown[5] == (("22:00", "24:00"),)
    assert shown[6] == (("00:00", "02:00"),)


def test_week_of_a_month_rule_depends_on_the_week():
    assert week("Tu[1] 14:00-16:00", date(2026, 6, 1))[1] == (("14:00", "16:00"),)
    assert week("Tu[1] 14:00-16:00", date(2026, 6, 8))[1] == ()


def test_week_of_unknown_hours_is_empty():
    assert week("", date(2026, 7, 13)) == ((),) * 7


def test_opens_after():
    assert opens_after("Mo-Fr 09:00-18:00", 18) is False
    assert opens_after("We 09:00-18:30", 18) is True
    assert opens_after("We 09:00-18:30; PH off", 18) is True
    assert opens_after("Sa 09:00-20:00", 18) is False
    assert opens_after("24/7", 18) is True
    assert opens_after("Mo 22:00-02:00", 18) is True
    assert opens_after("", 18) is None
    assert opens_after("sur rendez-vous", 18) is None


def test_opens_on():
    assert opens_on(OFFICE, 5) is True
    assert opens_on(OFFICE, 6) is False
    assert opens_on("Sa[1] 09:00-12:00", 5) is True
    assert opens_on("Jul-Aug Sa 09:00-12:00", 5) is True
    assert opens_on("Mo-Su 09:00-12:00; Sa off", 5) is False
    assert opens_on("", 5) is None
    assert opens_on("Mo 09:00-12:00; Sa 09:00-12:00 unknown", 5) is None
    assert opens_on("Mo 09:00-12:00; Sa 09:00-12:00 unknown", 0) is True
    assert opens_on("Mo 09:00-12:00; Sa 09:00-12:00 unknown", 1) is False


def test_validity():
    assert is_valid(OFFICE)
    assert not is_valid("lun-ven 9h-12h")
    assert not is_valid("")


def test_far_fetched_expressions_end():
    """A hostile expression is answered with a bounded amount of work, or kept as text."""
    for osm in (
        "9999Dec31 00:00-00:01",
        "week53 Mo 00:00-00:01",
        "00:00-24:00/00:01",
        "Feb29 Mo 09:00-10:00",
    ):
        assert opens_on(osm, 0) in (True, False, None)
        assert next_change(osm, TUESDAY_10H) is None or next_change(osm, TUESDAY_10H) > TUESDAY_10H
        assert parse_hours(osm).osm in (osm, "")
