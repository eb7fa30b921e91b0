"""The reference of what is expected is complete, sensible, and says it is no norm."""

from __future__ import annotations

import pytest

from reseau.model.expectations import (
    HEAVIEST,
    LIGHTEST,
    NO_NORM,
    SIZES,
    expectation_of,
    load_expectations,
    starting_setting,
)
from reseau.model.typology import TERRITOIRE, load_typology
from reseau.model.vocabulary import THEMES


def test_every_type_has_a_line_in_the_order_of_the_typology() -> None:
    """A type added without saying what is expected of it fails here."""
    assert list(load_expectations()) == list(load_typology().types)


@pytest.mark.parametrize("item", load_expectations().values(), ids=lambda item: item.type_code)
def test_a_line_holds_what_a_person_may_discuss(item) -> None:
    assert item.theme in THEMES
    assert LIGHTEST <= item.weight <= HEAVIEST
    assert item.from_inhabitants in SIZES
    assert item.why.endswith(".")
    assert 20 <= len(item.why) <= 110


def test_every_theme_has_a_type_that_answers_it() -> None:
    """A theme nobody answers could be asked for without ever changing a priority."""
    assert {item.theme for item in load_expectations().values()} == set(THEMES)


def test_what_is_in_the_territory_does_not_depend_on_the_size_of_a_quartier() -> None:
    for item in load_typology():
        if item.gamme == TERRITOIRE:
            assert expectation_of(item.code).from_inhabitants == 0, item.code


@pytest.mark.parametrize("code", ["medecin", "pharmacie", "aide-alimentaire", "ecole", "ccas", "cpam"])
def test_essentials_are_expected_everywhere_and_weigh(code: str) -> None:
    assert expectation_of(code).from_inhabitants == 0
    assert expectation_of(code).weight >= 2


def test_a_doctor_weighs_more_than_what_no_resident_visits() -> None:
    assert expectation_of("medecin").weight > expectation_of("hopital").weight > expectation_of("ars").weight


def test_a_type_the_reference_does_not_know_counts_once_everywhere() -> None:
    """A vocabulary made elsewhere works without a line for each of its types."""
    found = expectation_of("type-inconnu")
    assert (found.weight, found.from_inhabitants, found.theme) == (1.0, 0, "")


def test_a_starting_setting_joins_the_typology_and_the_reference() -> None:
    setting = starting_setting(load_typology()["cmp"])
    assert (setting.expected, setting.gamme) == (True, "intermediaire")
    assert setting.weight == expectation_of("cmp").weight


def test_it_says_that_there_is_no_norm() -> None:
    assert "pas de norme nationale" in NO_NORM
