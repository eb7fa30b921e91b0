"""Hours in words: what a person reads on the way is what the door says."""

from __future__ import annotations

import re

import pytest

from reseau.screens._sheet_words import Words, calm, cut, direction, drawn
from reseau.screens.content import LanguagePart, Span
from tests.screens import sample_content, sample_screen

CLOSED: list[Span] = []
DAY: list[Span] = [(540, 720), (840, 1020)]


def part(code: str) -> LanguagePart:
    return sample_content(screen=sample_screen(languages=(code,)))["languages"][0]


@pytest.fixture(scope="module")
def french() -> Words:
    return Words(part("fr"))


def hours(words: Words, week: list[list[Span]] | None) -> list[str]:
    """Hours as they are read, without the signs of what stays in one piece."""
    return [re.sub("[\ue000\ue001]", "", line["t"].replace("\u00a0", " ")) for line in words.hours(week)]


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ([DAY] * 5 + [CLOSED] * 2, ["lundi–vendredi : 9 h–12 h, 14 h–17 h"]),
        ([DAY] * 7, ["lundi–dimanche : 9 h–12 h, 14 h–17 h"]),
        ([CLOSED] * 5 + [DAY] * 2, ["samedi, dimanche : 9 h–12 h, 14 h–17 h"]),
        (
            [[(510, 600)], CLOSED, [(510, 600)], [(600, 720)], CLOSED, CLOSED, CLOSED],
            ["lundi, mercredi : 8 h 30–10 h", "jeudi : 10 h–12 h"],
        ),
        ([[(0, 1440)]] * 7, ["Jour et nuit"]),
        ([[(0, 1440)], *[CLOSED] * 6], ["lundi : 0 h–24 h"]),
        ([[(1200, 1440)], [(0, 120)], *[CLOSED] * 5], ["lundi : 20 h–2 h"]),
        ([[(0, 120)], *[CLOSED] * 5, [(1320, 1440)]], ["dimanche : 22 h–2 h"]),
        ([[(1200, 1440)], [(0, 1440)], *[CLOSED] * 5], ["lundi : 20 h–24 h", "mardi : 0 h–24 h"]),
        ([CLOSED] * 7, []),
        (None, []),
    ],
)
def test_days_with_the_same_hours_are_said_together(
    french: Words, week: list[list[Span]] | None, expected: list[str]
) -> None:
    assert hours(french, week) == expected


def test_hours_are_said_in_french_where_the_days_have_no_name() -> None:
    """Half a line in each language would be read in neither."""
    incomplete = part("en") | {"missing": ["jours.noms"]}
    said = Words(incomplete).hours([DAY] * 5 + [CLOSED] * 2)

    assert [line["french"] for line in said] == [True]


def test_a_date_on_paper_has_its_year(french: Words) -> None:
    assert french.date("2026-11-23") == "lundi 23 novembre 2026"


def test_a_language_is_named_in_its_own_words(french: Words) -> None:
    said = french.spoken(["fr", "ar", "so", "xx"])

    assert said is not None
    assert "العربية" in said["t"]
    assert "somali" in said["t"]
    assert french.spoken(["fr", "xx"]) is None


def test_a_text_in_french_for_want_of_a_translation_is_known_as_such() -> None:
    words = Words(part("ar"))

    assert words.team({"fr": "Bonjour", "ar": "أهلا"}, 50)["french"] is False
    assert words.team({"fr": "Bonjour"}, 50) == {"t": "Bonjour", "lang": "fr", "dir": "ltr", "french": True}
    assert words.team({}, 50)["french"] is False


def test_texts_are_told_in_one_line_only_when_they_are_in_one_language() -> None:
    english = part("en")
    mixed = Words(english | {"missing": ["interface.always"]})

    assert len(Words(english).several(["always", "free_call"])) == 1
    assert len(mixed.several(["always", "free_call"])) == 2


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert cut("a" * 50, 10) == "a" * 9 + "…"
    assert cut("court", 10) == "court"


def test_what_no_font_draws_is_not_left_as_a_blank_square() -> None:
    assert drawn("Café 中 😀 été") == "Café ?  été"


def test_thousands_of_joined_letters_do_not_reach_what_draws_them() -> None:
    """The shaper of the library breaks on them."""
    assert len(calm("க்" * 200)) < 250
    assert calm("வழங்குகிறார்கள் মানুষের সঙ্গে é") == "வழங்குகிறார்கள் মানুষের সঙ্গে é"


@pytest.mark.parametrize(
    ("text", "expected"), [("12 rue", "ltr"), ("3 مركز", "rtl"), ("", "ltr"), ("123", "ltr")]
)
def test_a_name_runs_as_its_first_letter_does(text: str, expected: str) -> None:
    assert direction(text) == expected
