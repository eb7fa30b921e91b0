"""Measures of one file each: what they count, and what they refuse to say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from reseau.gaps import all_measures, analyse
from tests.frames import quartiers, square
from tests.unit.gaps.cases import CENTRE, TODAY, cmp_at, inputs_of

MEASURES = all_measures()
OFFICE = "Mo-Fr 09:00-17:00"
OFF_IN_AUGUST = f"{OFFICE}; Aug off"


def value(measure: str, *rows, type_code: str = "cmp", **options):
    return MEASURES[measure].compute(analyse(inputs_of(*rows, **options))).loc[1, type_code]


def missed(measure: str, *rows, **options) -> int:
    return int(MEASURES[measure].unusable(analyse(inputs_of(*rows, **options))).loc[1, "cmp"])


def test_inside_at_500_m_and_within_reach_are_three_different_numbers():
    rows = [cmp_at(*CENTRE), cmp_at(400, 0), cmp_at(890, 0), cmp_at(1500, 0), cmp_at(9000, 0)]
    assert [value(name, *rows) for name in ("dans", "a_500m", "nombre_proche")] == [2, 3, 4]


@pytest.mark.parametrize("measure", ["dans", "a_500m"])
def test_a_count_of_places_that_are_nowhere_is_not_zero(measure):
    """One CMP is known, nobody knows where: it may be next door."""
    assert pd.isna(value(measure, {"types": ("cmp",)}))
    assert pd.isna(value(measure, cmp_at(*CENTRE), areas=quartiers({"geometry": None})))
    assert value(measure) == 0
    assert missed(measure, {"types": ("cmp",)}, cmp_at(*CENTRE)) == 1


def test_the_best_placed_inhabitant_walks_less_than_the_average_one():
    row = cmp_at(1200, 200)
    assert 0 < value("minutes_limite", row) < value("minutes", row)
    assert pd.isna(value("minutes_limite"))


def test_inhabitants_per_place():
    areas = {"areas": quartiers({"population": 1200})}
    assert value("habitants_par_lieu", cmp_at(*CENTRE), cmp_at(900, 0), **areas) == 600
    assert pd.isna(value("habitants_par_lieu", cmp_at(9000, 0), **areas))
    assert pd.isna(value("habitants_par_lieu", cmp_at(*CENTRE)))


AUGUST = {
    "every week": ([OFFICE], "oui"),
    "closed all the month": ([OFF_IN_AUGUST], "non"),
    "they take turns": ([f"{OFFICE}; Aug 01-15 off", f"{OFFICE}; Aug 16-31 off"], "oui"),
    "closed the same fortnight": ([f"{OFFICE}; Aug 01-15 off", f"{OFFICE}; Aug 08-20 off"], "non"),
    "nothing is known of one": ([OFF_IN_AUGUST, ""], "inconnu"),
    "nothing is known": ([""], "inconnu"),
    "one is enough": ([OFFICE, ""], "oui"),
    "may be open": (["Mo-Fr 09:00-17:00; Aug unknown"], "inconnu"),
}


@pytest.mark.parametrize(("hours", "expected"), AUGUST.values(), ids=AUGUST.keys())
def test_august_is_looked_at_week_by_week(hours, expected):
    """In 2026 the whole weeks begin on 3, 10, 17 and 24 August."""
    rows = [cmp_at(*CENTRE, opening_hours=text) for text in hours]
    assert value("aout", *rows) == expected
    assert missed("aout", *rows) == sum(not text or "unknown" in text for text in hours)


def test_august_has_no_answer_without_a_year_or_a_near_place():
    assert value("aout", cmp_at(*CENTRE, opening_hours=OFFICE), on=None) == "inconnu"
    assert value("aout", cmp_at(9000, 0, opening_hours=OFFICE)) is None


def test_the_fifteenth_of_august_is_a_holiday_nobody_spoke_about():
    """A place open on Saturdays only: in 2026, 15 August is one, and its week is not known."""
    assert value("aout", cmp_at(*CENTRE, opening_hours="Sa 09:00-12:00")) == "inconnu"
    assert value("aout", cmp_at(*CENTRE, opening_hours="Sa 09:00-12:00; PH off")) == "non"
    assert value("aout", cmp_at(*CENTRE, opening_hours="Sa,PH 09:00-12:00")) == "oui"


RECENT, OLD = date(2026, 3, 1), date(2025, 11, 1)
TIES = {
    "seen lately": ({"last_contact_on": RECENT}, 0, 0),
    "not seen for a year": ({"last_contact_on": OLD}, 1, 0),
    "a year ago to the day": ({"last_contact_on": date(2025, 11, 2)}, 0, 0),
    "asleep": ({"status": "en_sommeil"}, 1, 0),
    "nobody noted when": ({}, None, 1),
    "agreement out of date": ({"purpose": "convention", "renewal_on": date(2026, 1, 1)}, 1, 0),
    "agreement at its level": (
        {"intensity": 5, "renewal_on": date(2026, 1, 1), "last_contact_on": RECENT},
        1,
        0,
    ),
    "agreement in force": (
        {"purpose": "convention", "renewal_on": date(2027, 1, 1), "last_contact_on": RECENT},
        0,
        0,
    ),
    "to be made": ({"status": "a_contacter", "last_contact_on": RECENT}, None, 0),
    "ended": ({"status": "termine", "last_contact_on": OLD}, None, 0),
}


@pytest.mark.parametrize(("tie", "share", "unusable"), TIES.values(), ids=TIES.keys())
def test_a_relation_sleeps_when_something_says_so(tie, share, unusable):
    """A last contact nobody noted is neither alive nor asleep."""
    ties = {"ties": [{"from_id": 1, "to_id": 100, **tie}]}
    found = value("dormance", cmp_at(*CENTRE), **ties)
    assert pd.isna(found) if share is None else found == share
    assert missed("dormance", cmp_at(*CENTRE), **ties) == unusable


def test_dormancy_is_a_part_of_the_relations_with_near_partners():
    """Whichever way they were declared; what is far, or between others, is not there."""
    rows = [cmp_at(*CENTRE), cmp_at(150, 100), cmp_at(9000, 0)]
    ties = [
        {"from_id": 100, "to_id": 1, "last_contact_on": RECENT},
        {"from_id": 2, "to_id": 100, "last_contact_on": OLD},
        {"from_id": 3, "to_id": 100, "last_contact_on": OLD},
        {"from_id": 1, "to_id": 2, "last_contact_on": OLD},
    ]
    assert value("dormance", *rows, ties=ties) == 0.5
    assert pd.isna(value("dormance", *rows, ties=ties, pivot=False))
    # One partner with two places nearby, one relation.
    held = [{"structure_id": 2, "type_code": "cmp", "at": (100, 300)}]
    assert value("dormance", *rows, ties=ties, held=held) == 0.5


def test_a_leap_day_has_a_year_before():
    ties = [{"from_id": 1, "to_id": 100, "last_contact_on": date(2027, 2, 27)}]
    assert value("dormance", cmp_at(*CENTRE), ties=ties, on=date(2028, 2, 29)) == 1


def test_a_closed_partner_is_no_place_and_the_day_is_the_inputs():
    ties = [{"from_id": 1, "to_id": 100, "last_contact_on": TODAY}]
    assert pd.isna(value("dormance", cmp_at(*CENTRE, closed=True), ties=ties))
    assert pd.isna(value("dormance", cmp_at(*CENTRE), ties=ties, on=None))


def test_what_a_fine_measure_could_not_use_is_unknown_near_or_not_placed():
    rows = [cmp_at(*CENTRE, free=True), cmp_at(*CENTRE), {"types": ("cmp",)}, cmp_at(9000, 0)]
    assert missed("gratuit", *rows) == 2
    assert missed("langues", *rows, areas=quartiers({"languages": ("ar",)})) == 3


def test_for_the_whole_territory_a_known_commune_is_enough_to_be_used():
    """A CAF of the territory that could not be placed is near all the same: it was used."""
    inputs = inputs_of({"types": ("caf",)}, areas=quartiers({}, {"geometry": square(900, 0, 400)}))
    analysis = analyse(inputs)
    assert MEASURES["nombre_proche"].compute(analysis).loc[1, "caf"] == 1
    assert MEASURES["nombre_proche"].unusable(analysis).loc[1, "caf"] == 0
    assert MEASURES["dans"].unusable(analysis).loc[1, "caf"] == 1
