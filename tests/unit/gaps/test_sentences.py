"""Gaps in words: right French, no figure without its threshold, unknown said as unknown."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reseau.gaps.sentences import basis_sentence, gap_sentence
from reseau.geo.inhabitants import EVENLY
from reseau.geo.travel import StraightLine, Travel
from reseau.model.records import Territoire
from reseau.model.typology import PartnerType, load_typology

TYPOLOGY = load_typology()
SETTINGS = Territoire(name="Essai")


def row(state: str, **cells) -> dict:
    unknown = {"share": math.nan, "minutes_nearest": math.nan, "metres_nearest": math.nan, "n_near": 0}
    return unknown | {"state": state, "nearest_name": None, "threshold_minutes": 30.0, "reason": ""} | cells


def said(cells: dict, type_code: str = "cmp", name: str = "Beauval", population: int | None = 3200) -> str:
    text = gap_sentence(
        cells,
        quartier={"name": name, "population": population},
        partner_type=TYPOLOGY[type_code],
        settings=SETTINGS,
    )
    return text.replace("\u202f", " ").replace("\u00a0", " ")


FAR = row("eloigne", share=0.0, metres_nearest=2900.0, minutes_nearest=50.27, nearest_name="CMP Les Tilleuls")


def test_the_sentence_of_the_specification():
    assert said(FAR) == (
        "À Beauval, 3 200 habitants : aucun CMP à moins de 30 min à pied ; le plus proche, CMP Les Tilleuls, "
        "est à 2,9 km (≈ 50 min)."
    )


def test_spaces_that_must_not_break_do_not_break():
    """A figure must not be parted from its unit at the end of a line."""
    text = gap_sentence(
        FAR,
        quartier={"name": "Beauval", "population": 3200},
        partner_type=TYPOLOGY["cmp"],
        settings=SETTINGS,
    )
    for kept in (
        "3\u202f200\u00a0habitants\u00a0:",
        "30\u00a0min",
        "pied\u202f;",
        "2,9\u00a0km",
        "50\u00a0min",
    ):
        assert kept in text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            row("couvert", share=1.0, n_near=1),
            "un CMP à moins de 30 min à pied, avec une relation active.",
        ),
        (
            row("a_relier", share=0.8, n_near=3, nearest_name="CMP A", metres_nearest=400.0)
            | {"minutes_nearest": 6.9},
            "un CMP à moins de 30 min à pied pour 80 % des habitants (3 lieux), mais aucune relation "
            "active ; le plus proche, CMP A, est à 400 m (≈ 7 min).",
        ),
        (
            FAR | {"share": 0.12, "n_near": 1},
            "un CMP à moins de 30 min à pied pour 12 % des habitants, moins que les 50 % demandés ; "
            "le plus proche, CMP Les Tilleuls, est à 2,9 km (≈ 50 min).",
        ),
        (
            row("eloigne", share=0.0),
            "aucun CMP à moins de 30 min à pied ; ce qui est connu dessert d'autres lieux.",
        ),
        (
            row("absent", reason="FINESS les recense tous ici et n'en cite aucun"),
            "aucun CMP connu ; FINESS les recense tous ici et n'en cite aucun.",
        ),
        (
            row("non_renseigne", reason="2 lieux connus mais non placés"),
            "rien ne permet de dire s'il y a un CMP à moins de 30 min à pied ; 2 lieux connus mais "
            "non placés.",
        ),
    ],
)
def test_each_state_has_its_sentence(cells, expected):
    assert said(cells) == f"À Beauval, 3 200 habitants : {expected}"


def test_a_part_of_the_inhabitants_is_never_rounded_to_none_nor_all():
    assert "moins de 1 % des habitants" in said(FAR | {"share": 0.004})
    assert "plus de 99 % des habitants" in said(row("a_relier", share=0.998, n_near=1))


def test_territory_types_speak_of_communes_and_not_of_walking():
    text = said(FAR | {"threshold_minutes": math.nan, "metres_nearest": 12_300.0}, "caf")
    assert text.endswith(
        "aucune CAF dans les communes du territoire ; la plus proche, CMP Les Tilleuls, est à 12 km."
    )


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (None, "nombre d'habitants inconnu :"),
        (math.nan, "nombre d'habitants inconnu :"),
        (pd.NA, "nombre d'habitants inconnu :"),
        (1, "1 habitant :"),
        (950, "950 habitants :"),
        (12345, "12 345 habitants :"),
    ],
)
def test_inhabitants_are_counted_or_said_unknown(population, expected):
    assert f", {expected}" in said(FAR, population=population)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Beauval", "À Beauval"),
        ("Les Izards", "Aux Izards"),
        ("Le Mirail", "Au Mirail"),
        ("La Reynerie", "À La Reynerie"),
        ("Quartier Nord", "Au quartier Nord"),
        ("Lessart", "À Lessart"),
        ("Les", "À Les"),
    ],
)
def test_the_name_of_the_quartier_is_contracted(name, expected):
    assert said(FAR, name=name).startswith(f"{expected}, ")


@pytest.mark.parametrize(
    ("type_code", "expected"),
    [
        ("pmi", "aucune PMI à"),
        ("csapa", "aucun CSAPA à"),
        ("pharmacie", "aucune pharmacie à"),
        ("medecin", "aucun médecin généraliste à"),
        ("emps", "aucune EMPP à"),
        ("personnes-agees", "aucun lieu « Personnes âgées et aidants » à"),
        ("cidff", "aucun lieu « CIDFF » à"),
    ],
)
def test_types_agree_in_gender_or_are_quoted(type_code, expected):
    """CIDFF does not stand for the words of its label, whose gender would be wrong."""
    assert expected in said(FAR, type_code)


def test_every_type_of_the_vocabulary_makes_a_sentence():
    for item in TYPOLOGY:
        text = said(FAR, item.code)
        assert f"aucun{'e' if 'aucune ' in text else ''} " in text
        assert item.short_label.lower() in text.lower()


def test_a_type_of_one_s_own_is_quoted_rather_than_guessed():
    own = PartnerType(
        code="x", acronym="", label="Fablab", family="autre", gamme="proximite", sensitive=False,
        expected=True, finess=(), aliases=(),
    )  # fmt: skip
    text = gap_sentence(
        FAR, quartier={"name": "Beauval", "population": None}, partner_type=own, settings=SETTINGS
    )
    assert "aucun lieu «\u00a0Fablab\u00a0»" in text


def test_a_name_is_text_as_it_was_written():
    """Escaping belongs to what draws; a sentence neither runs nor alters a name."""
    hostile = "{{ 7*7 }} <img src=x onerror=alert(1)> %s"
    assert hostile in said(FAR | {"nearest_name": hostile})


@pytest.mark.parametrize(
    ("metres", "minutes", "expected"),
    [
        (3.0, 0.05, "moins de 10 m (moins de 1 min)"),
        (994.0, 17.2, "990 m (≈ 17 min)"),
        (996.0, 17.3, "1,0 km (≈ 17 min)"),
        (9960.0, 172.6, "10 km (≈ 2 h 53)"),
        (3461.5, 60.0, "3,5 km (≈ 1 h)"),
        (3400.0, 59.6, "3,4 km (≈ 1 h)"),
    ],
)
def test_distances_and_durations_are_rounded_as_people_say_them(metres, minutes, expected):
    assert said(FAR | {"metres_nearest": metres, "minutes_nearest": minutes}).endswith(f"est à {expected}.")


def basis(*spreads: str, estimated: int = 0, travel: Travel | None = None) -> str:
    people = pd.DataFrame({"spread": spreads, "estimated": [n < estimated for n in range(len(spreads))]})
    settings = Territoire(name="X", detour_factor=1.4, walking_kmh=4.0, near_share=0.6)
    text = basis_sentence(settings, travel or StraightLine(1.4), people)
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_basis_says_speed_detour_spread_and_thresholds():
    assert basis(EVENLY, EVENLY) == (
        "Ligne droite × 1,4 à 4 km/h ; habitants répartis également ; proche = au moins 60 % des habitants à "
        "15 min à pied (proximité) ou 30 min (intermédiaire), ou un lieu dans les communes du territoire."
    )


SQUARES = "carreaux de 200 m (INSEE, 2019)"


@pytest.mark.parametrize(
    ("spreads", "estimated", "expected"),
    [
        ([SQUARES], 0, f"habitants : {SQUARES} ;"),
        (
            [EVENLY, SQUARES, EVENLY],
            0,
            f"habitants : répartis également pour 2 quartiers, {SQUARES} pour 1 ;",
        ),
        ([SQUARES, EVENLY], 0, f"habitants : {SQUARES} pour 1 quartier, répartis également pour 1 ;"),
        ([SQUARES, SQUARES], 1, f"habitants : {SQUARES} ; nombre d'habitants estimé pour 1 ;"),
        ([], 0, "habitants répartis également ;"),
    ],
)
def test_the_basis_says_how_the_inhabitants_of_each_quartier_are_spread(spreads, estimated, expected):
    assert expected in basis(*spreads, estimated=estimated)


def test_the_basis_says_which_walk_was_measured():
    assert basis(EVENLY, travel=Followed()).startswith("Réseau piéton d'essai à 4 km/h ;")


class Followed(StraightLine):
    """A walk that is followed, for its words only."""

    label = "réseau piéton d'essai"
    is_straight = False

    def __init__(self) -> None:
        super().__init__(1.0)


def test_a_length_that_was_followed_is_said_to_be_walked():
    """2.9 km of streets is not 2.9 km as the crow flies."""
    walked = gap_sentence(
        FAR,
        quartier={"name": "Beauval", "population": 3200, "estimated": True},
        partner_type=TYPOLOGY["cmp"],
        settings=SETTINGS,
        walked=True,
    )
    assert "est à 2,9\u00a0km à pied (≈" in walked
    assert "À Beauval, environ 3\u202f200\u00a0habitants (estimation)" in walked


def test_an_acronym_that_means_something_else_is_spelled_out():
    """«CSS» is a health cover to everyone but the authors of the typology."""
    assert "aucun centre de santé sexuelle (CSS) à moins de 30 min" in said(FAR, "sante-sexuelle")
    assert "aucune maison des adolescents (MDA) à moins" in said(FAR, "mda-ado")


def test_a_quartier_named_by_a_common_noun_is_announced():
    assert said(FAR, name="Centre ancien").startswith("Au quartier Centre ancien,")
