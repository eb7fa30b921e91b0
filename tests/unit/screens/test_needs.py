"""The needs and numbers that files give are whole: a slip there would be on every screen."""

from __future__ import annotations

import re

from reseau.model.screens import SUBJECTS
from reseau.model.typology import load_typology
from reseau.screens.needs import asked_needs, load_needs, load_numbers
from reseau.screens.texts import FRENCH, load_language
from tests.screens import sample_screen


def test_each_need_points_to_what_exists() -> None:
    types = {item.code for item in load_typology()}
    words = load_language(FRENCH).texts
    for key, need in load_needs().items():
        assert key == need.key in words["besoins"]
        assert set(need.types) <= types
        assert len(set(need.types)) == len(need.types)
        assert set(need.numbers) <= set(load_numbers())
        assert need.subject in {"", *SUBJECTS}
        assert not need.subject or need.numbers, f"{key}: a sensitive need with nothing to call shows nothing"


def test_each_number_can_be_dialled_and_has_words() -> None:
    words = load_language(FRENCH).texts["numeros"]
    for key, number in load_numbers().items():
        assert re.fullmatch(r"[\d ]{2,16}", number["dial"])
        assert key in words


def test_each_type_has_its_sentence() -> None:
    """A place without a sentence would be an empty line."""
    assert {item.code for item in load_typology()} <= set(load_language(FRENCH).texts["types"])


def test_every_sensitive_type_belongs_to_a_sensitive_need() -> None:
    """Otherwise its places could never be shown, whatever a team chooses."""
    claimed = {code for need in load_needs().values() if need.subject for code in need.types}
    assert {item.code for item in load_typology() if item.sensitive} <= claimed


def test_needs_of_a_screen_come_in_its_order() -> None:
    """What nobody chose is every need; what is no longer in the file is passed over."""
    keys = list(load_needs())
    asked = sample_screen(needs=(keys[2], "disparu", keys[0], keys[2]))
    assert [need.key for need in asked_needs(asked)] == [keys[2], keys[0]]
    assert [need.key for need in asked_needs(sample_screen(needs=()))] == keys
