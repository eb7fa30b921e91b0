"""Needs of the screens in French words, and those that the types of a structure answer."""

from __future__ import annotations

from collections.abc import Sequence

from reseau.screens.needs import load_needs
from reseau.screens.texts import FRENCH, load_language


def need_labels() -> dict[str, str]:
    """French words of every need by key, in the order of the file."""
    french = load_language(FRENCH)
    return {key: french.text("besoins", key) for key in load_needs()}


def reason_labels() -> dict[str, str]:
    """French words of what a resident can say of a need, by key of `REASONS`."""
    return dict(load_language(FRENCH).texts["avis"])


def default_needs(types: Sequence[str]) -> tuple[str, ...]:
    """Keys of the needs that these types answer, in the order of the file."""
    asked = set(types)
    return tuple(key for key, need in load_needs().items() if asked.intersection(need.types))
