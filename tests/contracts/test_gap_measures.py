"""What every measure promises, run over all that is discovered."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from reseau.gaps import Direction, Measure, all_measures, analyse
from reseau.model.records import VerifiedAbsence
from tests.frames import quartiers, square
from tests.unit.gaps.cases import CENTRE, TERRITOIRE, TODAY, cmp_at, inputs_of

MEASURES = all_measures()
# From the worst answer a category can give to the best one.
LADDER = ["absent", "non_renseigne", "eloigne", "a_relier", "couvert", None, "non", "inconnu", "oui"]
BEST = {
    "opening_hours": "Mo-Fr 09:00-20:00; Sa 09:00-12:00", "free": True, "no_appointment": True,
    "accessible": True, "languages": ("ar",), "capacity": 40.0, "capacity_unit": "places",
}  # fmt: skip
AREAS = quartiers(
    {"languages": ("ar",), "population": 1000},
    {"geometry": square(900, 0, 400), "languages": ("ar",), "population": 600},
)
TIE = {"from_id": 4, "to_id": 100, "last_contact_on": TODAY}
ROWS = [cmp_at(700, 100), cmp_at(-1500, 0), {"at": (4000, 0), "types": ("pmi", "caf")}]

every_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES.keys())


def test_the_measures_of_the_domain_are_there():
    assert set(MEASURES) >= {
        "etat", "nombre_proche", "minutes", "part", "soiree", "samedi", "gratuit", "langues", "sans_rdv",
        "accessible", "dans", "a_500m", "minutes_limite", "habitants_par_lieu", "deux_sfca",
        "deux_sfca_decroissance", "aout", "dependance", "dormance",
    }  # fmt: skip


def test_an_identifier_is_the_name_of_its_file():
    """So that a measure seen on a page is found in the code at once."""
    from reseau.discovery import discover

    names = {module.__name__.rpartition(".")[2] for module in discover("reseau.gaps.measures")}
    assert names == set(MEASURES)


@every_measure
def test_says_in_words_what_it_is(measure: Measure):
    assert measure.label[:1].isupper()
    assert len(measure.short or measure.label) <= 15
    assert measure.formula.endswith(".")
    assert measure.unit or measure.direction is Direction.CATEGORY


@every_measure
def test_answers_for_every_couple_once(measure: Measure):
    inputs = inputs_of(*ROWS, areas=AREAS)
    couples = [(q, t) for q in (1, 2) for t in inputs.types["type_code"]]
    assert measure.compute(analyse(inputs)).index.tolist() == couples


@every_measure
def test_accepts_a_territory_without_anything(measure: Measure):
    assert measure.compute(analyse(inputs_of(areas=quartiers()))).empty
    assert len(measure.compute(analyse(inputs_of(areas=AREAS)))) == 6


@every_measure
def test_modifies_nothing(measure: Measure):
    analysis = analyse(inputs_of(*ROWS, areas=AREAS))
    frames = [analysis.states, analysis.near, analysis.inputs.structures, analysis.inputs.points]
    before = [frame.copy() for frame in frames]
    measure.compute(analysis)
    for frame, copy in zip(frames, before, strict=True):
        assert_frame_equal(frame, copy)


@every_measure
def test_ignores_the_order_of_rows(measure: Measure):
    inputs = inputs_of(*ROWS, cmp_at(100, 100, **BEST), areas=AREAS)
    reversed_rows = {
        name: getattr(inputs, name)[::-1] for name in ("quartiers", "points", "structures", "types")
    }
    shuffled = measure.compute(analyse(replace(inputs, **reversed_rows)))
    assert_series_equal(shuffled.sort_index(), measure.compute(analyse(inputs)).sort_index())


@every_measure
def test_moves_the_right_way_when_the_best_partner_opens_in_the_middle(measure: Measure):
    """A new place, open, free, accessible, in active relation, can only make things better there."""
    before = measure.compute(analyse(inputs_of(*ROWS, areas=AREAS))).loc[1, "cmp"]
    opened = inputs_of(*ROWS, cmp_at(*CENTRE, **BEST), areas=AREAS, ties=[TIE])
    after = measure.compute(analyse(opened)).loc[1, "cmp"]
    if measure.direction is Direction.CATEGORY:
        assert after == LADDER[-1] or after == "couvert"
        assert LADDER.index(after) > LADDER.index(before)
    elif pd.isna(before):
        assert not pd.isna(after)
    elif measure.direction is Direction.HIGHER:
        assert after > before or after == before == 1
    else:
        assert after < before


@every_measure
def test_says_its_threshold_for_each_reach(measure: Measure):
    """Nothing is read without knowing what «near» meant: a walk, the communes, 500 m, a month…"""
    said = {gamme: measure.threshold(TERRITOIRE, gamme) for gamme in ("proximite", "intermediaire")}
    assert all(said.values())
    wider = measure.threshold(replace(TERRITOIRE, minutes_proximite=20), "proximite")
    assert wider == said["proximite"] or "20" in wider
    assert isinstance(measure.threshold(TERRITOIRE, "territoire"), str)


@every_measure
def test_unknown_is_told_from_what_has_no_object(measure: Measure):
    """Where a value is missing, whether that is a hole in the data is known of every couple."""
    far, ties = {"geometry": square(9000, 0, 400), "id": 3, "population": 50}, [{"from_id": 1, "to_id": 100}]
    areas = quartiers({"population": 1000}, far, {"geometry": None, "id": 4})
    verified = VerifiedAbsence(quartier_code="QN00001M", type_code="crèche", on=TODAY)
    types = {"cmp": "intermediaire", "crèche": "proximite"}
    inputs = inputs_of(*ROWS, areas=areas, ties=ties, types=types, absences=(verified,))
    analysis = analyse(inputs)
    values, pointless = measure.compute(analysis), measure.pointless(analysis)
    assert not pd.isna(values.loc[1, "crèche"]) or pointless.loc[1, "crèche"]
    assert pointless.index.equals(values.index)
    assert pointless.dtype == bool
    # Nothing is known of CMP in a territory without any: no question is settled.
    assert not measure.pointless(analyse(inputs_of(areas=AREAS))).loc[1, "cmp"]


@every_measure
def test_counts_what_it_could_not_use(measure: Measure):
    """A place without position and a place nothing is known of: whichever the measure needs is missed."""
    inputs = inputs_of(*ROWS, {"types": ("cmp",)}, areas=AREAS, ties=[{"from_id": 1, "to_id": 100}])
    missed = measure.unusable(analyse(inputs))
    assert missed.index.equals(measure.compute(analyse(inputs)).index)
    assert missed.loc[1, "cmp"] >= 1
    assert measure.unusable(analyse(inputs_of(areas=AREAS))).eq(0).all()


@every_measure
def test_never_turns_unknown_into_a_figure(measure: Measure):
    """No point known: no share, no time, no «non»; a count of known places is the only zero."""
    value = measure.compute(analyse(inputs_of(areas=AREAS))).loc[1, "cmp"]
    counted = dict.fromkeys(("nombre_proche", "dans", "a_500m"), 0)
    assert value == ({"etat": "non_renseigne"} | counted).get(measure.id) or pd.isna(value)
