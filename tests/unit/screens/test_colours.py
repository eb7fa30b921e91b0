"""Ink that can be read at four metres, or a refusal that says what to do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.model.screens import Screen
from reseau.screens.colours import MIN_CONTRAST, contrast, inks

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_norm() -> None:
    """Figures published with WCAG 2: 21 for black on white, 4.48 for #777 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#0b3d6e", "#0B3D6E") == pytest.approx(1)


@given(colours, colours)
def test_inks_are_readable_or_refused(background: str, accent: str) -> None:
    assert contrast(background, accent) == pytest.approx(contrast(accent, background))
    try:
        found = inks(background, accent)
    except RefusedInput:
        worst = min(
            max(contrast(ground, ink) for ink in ("#000000", "#ffffff")) for ground in (background, accent)
        )
        assert worst < MIN_CONTRAST
    else:
        assert contrast(found["ink"], background) >= MIN_CONTRAST
        assert contrast(found["on_accent"], accent) >= MIN_CONTRAST


def test_the_usual_colours_are_readable() -> None:
    screen = Screen(name="", quartiers=())
    assert inks(screen.background, screen.accent)["on_accent"] == "#ffffff"


def test_a_middle_grey_has_no_ink() -> None:
    with pytest.raises(RefusedInput, match=r"le fond \(#808080\).*plus claire ou plus foncée"):
        inks("#808080", "#0b3d6e")
    with pytest.raises(RefusedInput, match="les bandeaux"):
        inks("#ffffff", "#808080")


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#ffffff;}", "url(x)"])
def test_what_is_not_a_colour_is_refused(text: str) -> None:
    with pytest.raises(RefusedInput, match=re.escape("n'est pas une couleur")):
        inks("#ffffff", text)
