"""Figures as they are written in French, and text that stays text."""

from __future__ import annotations

from datetime import date

import pytest

from reseau.ui import wording


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.number(3200), "3\u202f200"),
        (wording.number(2.94, 1), "2,9"),
        (wording.number(float("nan")), "non renseigné"),
        (wording.number(None), "non renseigné"),
        (wording.percent(0.456), "46\u202f%"),
        (wording.percent(0.996), "plus de 99\u202f%"),
        (wording.percent(None), "non renseigné"),
        (wording.minutes(12.5), "13\u00a0min"),
        (wording.minutes(float("nan")), "non renseigné"),
        (wording.distance(2941), "2,9\u00a0km"),
        (wording.distance(994), "990\u00a0m"),
        (wording.distance(999), "1,0\u00a0km"),
        (wording.plural(0, "structure"), "0 structure"),
        (wording.plural(2, "animal", "animaux"), "2 animaux"),
        (wording.day(date(2026, 12, 1)), "1er décembre 2026"),
        (wording.yes_no(None), "non renseigné"),
        (wording.yes_no(False), "non"),
    ],
)
def test_figures_read_in_french(said: str, expected: str) -> None:
    """Unknown is said, never shown as zero."""
    assert said == expected


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "<img src=x>", "$x^2$", "*a*", "`b`", "# t", "a\n\n- b", "~~c~~"]
)
def test_markdown_signs_are_escaped(text: str) -> None:
    escaped = wording.markdown_text(text)
    assert "\n" not in escaped
    for position, char in enumerate(escaped):
        if char in "[]()<>$*`#~-!|":
            assert escaped[position - 1] == "\\"


@pytest.mark.parametrize(
    "text", ["www.exemple.fr", "https://exemple.fr", "a@exemple.fr", ":material/home:", ":heart:"]
)
def test_what_markdown_would_turn_into_links_or_icons_is_cut_by_a_joiner(text: str) -> None:
    """Streamlit looks for these after the escaping is undone: only another character stops it."""
    assert "\u2060" in wording.markdown_text(text)


def test_narrow_spaces_stay_narrow() -> None:
    assert wording.markdown_text("3\u202f200  habitants") == "3\u202f200 habitants"


def test_a_button_says_how_many_filters_are_behind_it() -> None:
    assert wording.counted("Filtres", 2) == "Filtres (2)"
    assert wording.counted("Filtres", 0) == "Filtres"
