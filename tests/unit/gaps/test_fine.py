"""Finer holes: «non» only when everybody near is known not to; unknown stays unknown."""

from __future__ import annotations

import pytest

from reseau.gaps import all_measures, analyse
from tests.frames import quartiers
from tests.unit.gaps.cases import CENTRE, cmp_at, inputs_of

MEASURES = all_measures()
LATE, OFFICE, SATURDAY = "Mo-Fr 09:00-19:30", "Mo-Fr 09:00-17:00", "Sa 09:00-12:00"


def answer(measure: str, *rows, **options) -> object:
    inputs = inputs_of(*rows, types={"cmp": "intermediaire"}, **options)
    return MEASURES[measure].compute(analyse(inputs)).loc[1, "cmp"]


YES_NO_UNKNOWN = {
    "soiree": ({"opening_hours": LATE}, {"opening_hours": OFFICE}, {"hours_text": "le soir parfois"}),
    "samedi": ({"opening_hours": SATURDAY}, {"opening_hours": OFFICE}, {}),
    "gratuit": ({"free": True}, {"free": False}, {"free": None}),
    "sans_rdv": ({"no_appointment": True}, {"no_appointment": False}, {}),
    "accessible": ({"accessible": True}, {"accessible": False}, {}),
    "langues": ({"languages": ("ar", "fr")}, {"languages": ("fr", "en")}, {"languages": ()}),
}
SPOKEN = {"languages": ("fr", "ar", "tr")}


@pytest.mark.parametrize("measure", sorted(YES_NO_UNKNOWN))
def test_one_yes_is_enough_and_no_needs_everybody(measure):
    yes, no, unknown = ({**cmp_at(*CENTRE), **cells} for cells in YES_NO_UNKNOWN[measure])
    areas = {"areas": quartiers(SPOKEN)}
    assert answer(measure, yes, no, unknown, **areas) == "oui"
    assert answer(measure, no, no, **areas) == "non"
    assert answer(measure, no, unknown, **areas) == "inconnu"
    assert answer(measure, unknown, **areas) == "inconnu"


@pytest.mark.parametrize("measure", sorted(YES_NO_UNKNOWN))
def test_only_near_places_answer(measure):
    """A free CMP an hour away is no answer to the quartier; and without a near one there is no question."""
    yes, no, _ = YES_NO_UNKNOWN[measure]
    areas = {"areas": quartiers(SPOKEN)}
    assert answer(measure, {**cmp_at(*CENTRE), **no}, {**cmp_at(9000, 0), **yes}, **areas) == "non"
    assert answer(measure, {**cmp_at(9000, 0), **yes}, **areas) is None


def test_the_languages_of_a_quartier_must_be_known():
    place = {**cmp_at(*CENTRE), "languages": ("ar",)}
    assert answer("langues", place, areas=quartiers({"languages": ()})) == "inconnu"
    assert answer("langues", place, areas=quartiers({"languages": ("fr",)})) == "inconnu"


def test_a_permanence_has_its_own_hours_and_the_access_of_its_host():
    """The holder's office is elsewhere: neither its hours nor its steps matter here."""
    holder = {"types": (), "opening_hours": OFFICE, "accessible": False}
    host = {"types": (), "accessible": True, "at": CENTRE}
    held = {"structure_id": 1, "host_id": 2, "type_code": "cmp", "at": CENTRE, "opening_hours": LATE}
    assert answer("soiree", holder, host, held=[held]) == "oui"
    assert answer("accessible", holder, host, held=[held]) == "oui"
    assert answer("accessible", holder, held=[held | {"host_id": None, "place": "gymnase"}]) == "inconnu"
