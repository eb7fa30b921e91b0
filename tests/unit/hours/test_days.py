"""Hours come day by day in every directory: a wrong reading sends people to a closed door."""

from datetime import date, datetime

import pytest

from reseau.hours import (
    DayRange,
    ParsedHours,
    changes_hours,
    describe_fr,
    from_day_columns,
    from_osm,
    from_ranges,
    is_open,
    opens_on,
    says_closed_on_holidays,
    unsure_week,
    week,
)

USUAL = "09:00 - 12:00 / 14:00 - 17:00"
MONDAY, ASCENSION = date(2026, 5, 11), datetime(2026, 5, 14, 10)


def columns(*cells: str, remark: str = "") -> ParsedHours:
    return from_day_columns(dict(enumerate(cells)), empty_is_closed=True, remark=remark)


def weekday(first: str, last: str = "", *slots: tuple[str, str], comment: str = "") -> DayRange:
    return DayRange(first=first, last=last, slots=slots, comment=comment)


def test_an_empty_day_is_closed_where_the_source_says_so():
    assert columns("", USUAL, "", USUAL, "", "") == ParsedHours("Tu,Th 09:00-12:00,14:00-17:00", "")


def test_an_empty_day_is_unknown_where_the_source_does_not_say():
    parsed = from_day_columns({0: USUAL, 1: ""}, empty_is_closed=False)
    assert parsed == ParsedHours("", f"lundi : {USUAL}")


def test_no_day_at_all_is_unknown_not_closed():
    assert columns("", "", "") == ParsedHours("", "")


@pytest.mark.parametrize(
    ("cell", "osm"),
    [
        ("09:00 - 12:00", "Mo 09:00-12:00"),
        ("9h-12h et 14h-17h30", "Mo 09:00-12:00,14:00-17:30"),
        ("00:00 - 00:00 / 08:30 - 16:00", "Mo 08:30-16:00"),
        ("09:00 - 11:00 / 11:00 - 12:00 / 13:30 - 17:00", "Mo 09:00-12:00,13:30-17:00"),
        ("09:45 - 12:00 / 09:45 - 12:00", "Mo 09:45-12:00"),
        (
            "08:45-10:00/10:30-11:30/13:30-14:30/15:00-16:15",
            "Mo 08:45-10:00,10:30-11:30,13:30-14:30,15:00-16:15",
        ),
    ],
)
def test_ways_of_writing_one_day(cell: str, osm: str):
    assert columns(cell).osm == osm


@pytest.mark.parametrize(
    "cell", ["09:00 - 12:00 / 09:00 - 16:30", "17:00 - 09:00", "le matin", "25:00 - 26:00"]
)
def test_a_day_that_contradicts_itself_keeps_the_whole_week_as_text(cell: str):
    """One day left out would show as closed."""
    assert columns(cell, USUAL) == ParsedHours("", f"lundi : {cell} ; mardi : {USUAL}")


def test_closed_said_in_words():
    assert columns("Fermé", USUAL).osm == "Tu 09:00-12:00,14:00-17:00"
    assert columns("fermé", "Fermée") == ParsedHours("", "lundi : fermé ; mardi : Fermée")


def test_a_remark_about_times_makes_no_hour_certain():
    parsed = columns(USUAL, remark="Un lundi sur deux seulement")
    assert parsed == ParsedHours("Mo 09:00-12:00,14:00-17:00 unknown", "Un lundi sur deux seulement")
    assert is_open(parsed.osm, datetime(2026, 5, 11, 10)) is None
    assert opens_on(parsed.osm, 0) is None
    assert opens_on(parsed.osm, 5) is False


def test_a_remark_about_something_else_changes_nothing():
    assert columns(USUAL, remark="Entrée par la cour") == ParsedHours("Mo 09:00-12:00,14:00-17:00", "")


@pytest.mark.parametrize(
    "remark", ["Fermé les jours fériés", "fermée les jours fériés.", "sauf jours fériés", "Hors jours fériés"]
)
def test_closed_on_public_holidays(remark: str):
    parsed = columns(USUAL, USUAL, USUAL, USUAL, USUAL, remark=remark)
    assert parsed == ParsedHours("Mo-Fr 09:00-12:00,14:00-17:00; PH off", "")
    assert says_closed_on_holidays(remark)
    assert not changes_hours(remark)
    assert is_open(parsed.osm, ASCENSION) is False
    assert week(parsed.osm, MONDAY)[3] == ()


def test_a_holiday_nobody_spoke_of_is_unknown():
    assert is_open(columns(USUAL, USUAL, USUAL, USUAL, USUAL).osm, ASCENSION) is None


@pytest.mark.parametrize(
    "remark",
    [
        "Sur rendez-vous",
        "Fermé en août",
        "hors vacances scolaires",
        "1er samedi du mois",
        "ouvert à 9h30 le jeudi",
    ],
)
def test_remarks_that_change_hours(remark: str):
    assert changes_hours(remark)


@pytest.mark.parametrize(
    "remark", ["", "Sans rendez-vous", "Prise de rendez-vous au 04 00 00 00 00", "Bâtiment B"]
)
def test_remarks_that_do_not(remark: str):
    assert not changes_hours(remark)


def test_runs_of_days():
    ranges = [
        weekday("Lundi", "Jeudi", ("08:30:00", "12:00:00"), ("13:30:00", "17:00:00")),
        weekday("Vendredi", "Vendredi", ("08:30:00", "12:00:00"), ("", "")),
    ]
    assert from_ranges(ranges).osm == "Mo-Th 08:30-12:00,13:30-17:00; Fr 08:30-12:00"


def test_the_same_day_may_come_twice():
    ranges = [weekday("Mardi", "", ("09:00", "12:00")), weekday("mardi", "mardi", ("14:00", "16:00"))]
    assert from_ranges(ranges).osm == "Tu 09:00-12:00,14:00-16:00"


def test_a_run_over_the_end_of_the_week():
    assert from_ranges([weekday("samedi", "lundi", ("10:00", "11:00"))]).osm == "Mo,Sa-Su 10:00-11:00"


def test_a_comment_makes_its_own_days_uncertain():
    parsed = from_ranges(
        [
            weekday("Mardi", "Mardi", ("09:00", "12:00"), comment="Uniquement hors vacances scolaires."),
            weekday("Mercredi", "", ("09:00", "12:00"), comment="Rampe à l'entrée"),
        ]
    )
    assert parsed.osm == "We 09:00-12:00; Tu 09:00-12:00 unknown"
    assert parsed.text == "mardi : Uniquement hors vacances scolaires. ; mercredi : Rampe à l'entrée"
    assert week(parsed.osm, MONDAY)[1] == ()
    assert unsure_week(parsed.osm, MONDAY)[1] == (("09:00", "12:00"),)
    assert describe_fr(parsed.osm) == "mercredi 9\u00a0h–12\u00a0h ; à vérifier : mardi 9\u00a0h–12\u00a0h"


def test_a_day_named_without_times_is_not_closed():
    parsed = from_ranges(
        [weekday("Lundi", "", ("09:00", "12:00")), weekday("Samedi", "", comment="Sur rendez-vous")]
    )
    assert is_open(parsed.osm, datetime(2026, 5, 16, 10)) is None
    assert parsed.text == "samedi : Sur rendez-vous"


@pytest.mark.parametrize(
    "wrong",
    [
        weekday("Lundredi", "", ("09:00", "12:00")),
        weekday("Lundi", "", ("9 heures", "12:00")),
        weekday("Lundi", "", ("12:00", "09:00")),
    ],
)
def test_a_range_not_understood_keeps_everything_as_text(wrong: DayRange):
    parsed = from_ranges([weekday("Mardi", "", ("09:00", "12:00")), wrong])
    assert not parsed.osm
    assert "mardi 09:00–12:00" in parsed.text


def test_no_range_is_unknown():
    assert from_ranges([]) == ParsedHours("", "")
    assert from_ranges([], remark="Nous appeler") == ParsedHours("", "Nous appeler")


def test_osm_syntax_is_kept_when_valid():
    """There, «Mar» is March: the source writes OSM, no other reading is possible."""
    assert from_osm(" Mar 09:00-12:00 ") == ParsedHours("Mar 09:00-12:00", "")
    assert from_osm("Mo-Fr 9h") == ParsedHours("", "Mo-Fr 9h")
    assert from_osm("") == ParsedHours("", "")
