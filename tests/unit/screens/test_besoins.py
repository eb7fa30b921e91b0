"""besoins.toml and numeros.toml agree with the rest: each type of partner, theme, subject, drawing, word.

`test_needs` reads them as the loader does; here, what the loader would let pass: a type nobody finds on a
screen, a misspelt key, a number nobody shows or nobody has checked.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

import pytest

from reseau.model.expectations import expectation_of
from reseau.model.screens import SUBJECTS
from reseau.model.typology import load_typology
from reseau.model.vocabulary import THEMES
from reseau.screens._sheet_data import EMERGENCIES
from reseau.screens.needs import FOLDER, load_needs, load_numbers
from reseau.screens.phones import public_text
from reseau.screens.pictograms import load_pictograms
from reseau.screens.text_checks import own_share
from reseau.screens.texts import FRENCH, language_codes, load_language, read_file
from reseau.services._screen_counts import THEME_OF_NEED

WITHOUT_NEED = {
    "education-nationale": "an administration: the door of a family is the school",
    "urps": "works with professionals, receives no resident",
    "cpts": "works with professionals, receives no resident",
    "dac": "answers professionals, not residents",
    "asv": "a project of the town: what it does is shown by its actions",
    "cls": "a contract between institutions",
    "clsm": "a body where institutions meet",
    "ars": "an administration that receives no resident",
    "federation": "its members are the doors",
    "autre": "nobody knows what it does: the team names its needs, place by place",
}
NEED_KEYS = {"pictogramme", "types", "sujet", "numeros"}
NUMBER_KEYS = {"compose", "toujours", "gratuit", "source", "verifie"}
# The team names the places itself: no type teaches French for certain.
WITHOUT_TYPE = {"francais"}


def raw(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def answered() -> set[str]:
    return {code for need in load_needs().values() for code in need.types}


@pytest.mark.parametrize(("name", "known"), [("besoins.toml", NEED_KEYS), ("numeros.toml", NUMBER_KEYS)])
def test_no_key_is_misspelt(name: str, known: set[str]) -> None:
    """«sujets» for «sujet» would open a sensitive need on every screen, without a word."""
    unknown = {key: sorted(set(item) - known) for key, item in raw(name).items() if set(item) - known}
    assert unknown == {}


def test_every_type_answers_a_need_or_is_left_out_for_a_reason() -> None:
    """A type added to the typology must not be forgotten: its places would be on no slide of a need."""
    assert set(load_typology().types) - answered() == set(WITHOUT_NEED)


def test_every_need_has_types_but_those_the_team_fills() -> None:
    assert {key for key, need in load_needs().items() if not need.types} == WITHOUT_TYPE


def test_a_sensitive_type_answers_sensitive_needs_only() -> None:
    """Under an open need it would be shown with its place, whatever the team chose for its subject."""
    sensitive = {item.code for item in load_typology() if item.sensitive}
    open_needs = {code for need in load_needs().values() if not need.subject for code in need.types}
    assert sensitive & open_needs == set()
    assert sensitive <= answered()


def test_each_subject_is_one_need() -> None:
    """The team chooses by subject: one with no need would choose nothing, one with two could not choose."""
    assert sorted(need.subject for need in load_needs().values() if need.subject) == sorted(SUBJECTS)


def test_a_sensitive_need_never_shares_a_type() -> None:
    """Closed here, the type would be open there."""
    needs = load_needs().values()
    closed = [set(need.types) for need in needs if need.subject]
    for types in closed:
        assert all(types == other or types.isdisjoint(other) for other in (set(n.types) for n in needs))


def test_every_theme_leads_to_a_need() -> None:
    """What residents ask for, by theme, has its slide."""
    themes = {expectation_of(code).theme for code in answered()}
    assert set(THEMES) - themes == set()


def test_a_need_is_counted_under_a_theme_of_its_types() -> None:
    """An opinion left on the slide of a need must not weigh on types that do not answer it."""
    wrong = {
        key: THEME_OF_NEED[key]
        for key, need in load_needs().items()
        if need.types and THEME_OF_NEED[key] not in {expectation_of(code).theme for code in need.types}
    }
    assert wrong == {}


def test_each_need_has_a_drawing_of_its_own() -> None:
    drawings = [need.pictogram for need in load_needs().values()]
    assert len(set(drawings)) == len(drawings)
    assert set(drawings) <= set(load_pictograms())


@pytest.mark.parametrize("code", language_codes())
def test_each_language_names_all_or_says_what_it_lacks(code: str) -> None:
    """A need or a number without words nor a mark of absence would be a bare drawing or a bare number."""
    language, own = load_language(code), read_file(code)
    for section, keys in (("besoins", load_needs()), ("numeros", load_numbers())):
        for key in keys:
            assert language.text(section, key).strip()
            assert language.lacks(section, key) == (code != FRENCH and key not in own.get(section, {}))


@pytest.mark.parametrize("code", [code for code in language_codes() if code != FRENCH])
def test_titles_of_needs_are_in_the_letters_of_their_language(code: str) -> None:
    """A title is read from the door: no French one may hide among Tamil ones."""
    language = load_language(code)
    said = [language.text("besoins", key) for key in load_needs() if not language.lacks("besoins", key)]
    assert [text for text in said if own_share(text, language.script) < 1] == []


def test_each_number_has_a_source_and_the_day_it_was_checked() -> None:
    for key, item in raw("numeros.toml").items():
        assert set(item) == NUMBER_KEYS, key
        assert len(item["source"].strip()) > 3
        assert type(item["verifie"]) is date
        assert isinstance(item["toujours"], bool)
        assert isinstance(item["gratuit"], bool)


def test_each_number_is_shown_somewhere() -> None:
    """One that no need and no sheet shows would be checked every year for nothing."""
    shown = {key for need in load_needs().values() for key in need.numbers} | set(EMERGENCIES)
    assert shown == set(load_numbers())


def test_numbers_are_national_public_and_told_apart() -> None:
    dials = [number["dial"] for number in load_numbers().values()]
    bare = [dial.replace(" ", "") for dial in dials]
    assert [public_text(dial) for dial in dials] == dials
    assert [dial for dial in bare if not re.fullmatch(r"1\d{1,2}|3\d{3}|0[89]\d{8}", dial)] == []
    assert len(set(bare)) == len(bare)


def test_a_number_that_is_its_own_key_is_the_one_dialled() -> None:
    """`[3114]` that dials 3141 would be believed on sight of its key."""
    wrong = {
        key: number["dial"]
        for key, number in load_numbers().items()
        if key.isdigit() and number["dial"].replace(" ", "") != key
    }
    assert wrong == {}


@pytest.mark.parametrize("code", language_codes())
def test_numbers_said_in_danger_answer_day_and_night_for_free(code: str) -> None:
    said = re.findall(r"\d+", load_language(code).text("interface", "emergency_call"))
    numbers = load_numbers()
    assert said
    assert all(numbers[key]["always"] and numbers[key]["free"] for key in said)


def test_someone_in_danger_finds_a_number_that_answers_at_night() -> None:
    """Violence and despair do not wait for office hours."""
    needs, numbers = load_needs(), load_numbers()
    for key in ("securite", "parler", "soigner", "enfants", "loger"):
        assert any(numbers[number]["always"] for number in needs[key].numbers), key
