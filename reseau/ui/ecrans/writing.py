"""Writing one text in several languages: French first, then those of the screens of the territory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from reseau.services.screen_languages import list_languages
from reseau.services.screens import list_screens

if TYPE_CHECKING:
    from reseau.ui.context import Context

FRENCH = "fr"
LINE = 68
"""Pixels of one line in a box, its frame included; Streamlit accepts no less."""


def spoken_here(context: Context) -> list[str]:
    """Codes of the languages of the screens, French first."""
    asked = [code for item in list_screens(context.app, context.tid) for code in item.record.languages]
    return list(dict.fromkeys([FRENCH, *asked]))


def names() -> dict[str, str]:
    """Languages by code, in their own words."""
    return {item.code: item.name for item in list_languages()}


def boxes(
    context: Context, texts: Mapping[str, str], *, label: str, limit: int, key: str, height: int = LINE
) -> dict[str, str]:
    """One box per language, two a line; texts that are already written keep theirs.

    Args:
        limit: characters in each language.
        key: of the widgets.
    """
    known = names()
    codes = list(dict.fromkeys([*spoken_here(context), *texts]))
    written = {FRENCH: _box(FRENCH, texts, known, (label, limit, key, height))}
    others = [code for code in codes if code != FRENCH]
    for left in range(0, len(others), 2):
        for column, code in zip(st.columns(2), others[left : left + 2], strict=False):
            with column:
                written[code] = _box(code, texts, known, (label, limit, key, height))
    if others:
        st.caption("Ce qui reste vide est montré en français, et l'écran le dit.")
    return written


def _box(
    code: str, texts: Mapping[str, str], known: Mapping[str, str], how: tuple[str, int, str, int]
) -> str:
    label, limit, key, height = how
    title = label if code == FRENCH else f"{label} · {known.get(code, code)}"
    written: str = st.text_area(
        title, texts.get(code, ""), max_chars=limit, key=f"{key}_{code}", height=height
    )
    return written
