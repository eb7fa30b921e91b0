"""Colours that can be read: contrast as WCAG 2 defines it, and the ink each ground takes."""

from __future__ import annotations

import re

from reseau.errors import RefusedInput
from reseau.screens.content import Colours

MIN_CONTRAST = 7.0
"""WCAG 2, criterion 1.4.6 (level AAA): what a screen needs at four metres."""

# A soft black first: it tires the eyes less than a full one.
_INKS = ("#111111", "#000000", "#ffffff")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, 1 to 21.

    Raises:
        RefusedInput: not a colour.
    """
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def inks(background: str, accent: str) -> Colours:
    """The colours of a screen, each ink readable on its ground (at least 7:1).

    Raises:
        RefusedInput: not a colour, or neither black nor white can be read on it.
    """
    return Colours(
        background=background,
        ink=_ink_on(background, "le fond"),
        accent=accent,
        on_accent=_ink_on(accent, "les bandeaux"),
    )


def _ink_on(ground: str, where: str) -> str:
    readable = [ink for ink in _INKS if contrast(ink, ground) >= MIN_CONTRAST]
    if not readable:
        best = f"{max(contrast(ink, ground) for ink in _INKS):.1f}".replace(".", ",")
        raise RefusedInput(
            f"Couleurs : sur {where} ({ground}), ni le noir ni le blanc ne se lisent assez de loin "
            f"(contraste {best}, il en faut 7). Choisissez une couleur plus claire ou plus foncée."
        )
    return readable[0]


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2, «relative luminance»)."""
    if not _COLOUR.fullmatch(colour):
        raise RefusedInput(f"Couleurs : «{colour[:20]}» n'est pas une couleur. Écrivez par exemple #0b3d6e.")
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
