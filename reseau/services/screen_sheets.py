"""Posters and hand-outs: the content of a screen on paper, one language a sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from reseau.services.screen_bundles import content_of, content_of_saved
from reseau.services.screens import SavedScreen

if TYPE_CHECKING:
    from reseau.model.screens import Screen
    from reseau.screens.content import Content
    from reseau.screens.sheets import Printed
    from reseau.services.app import App

Kind = Literal["affiche", "feuille", "livret"]
KINDS: dict[Kind, str] = {
    "affiche": "Affiche (A3)",
    "feuille": "Feuille à donner (A4 recto verso)",
    "livret": "Livret (A4, plusieurs pages)",
}


def sheet(app: App, territoire_id: int, screen: SavedScreen | Screen, *, language: str, kind: Kind) -> bytes:
    """A PDF of what a screen says now, in one language.

    Args:
        language: any language that has a file; it need not be one of those of the screen.

    Raises:
        RefusedInput: the screen cannot be built, or no such language.
        NotFound: no such territory.
    """
    from reseau.screens.sheets import sheet_pdf

    return sheet_pdf(_content(app, territoire_id, screen, language), language=language, kind=kind)


def sheet_and_pictures(
    app: App, territoire_id: int, screen: SavedScreen | Screen, *, language: str, kind: Kind
) -> Printed:
    """`sheet`, and its pages as small pictures (PNG)."""
    from reseau.screens.sheets import printed

    return printed(_content(app, territoire_id, screen, language), language=language, kind=kind)


def _content(app: App, territoire_id: int, screen: SavedScreen | Screen, language: str) -> Content:
    if isinstance(screen, SavedScreen):
        told = replace(screen, record=replace(screen.record, languages=(language,)))
        return content_of_saved(app, territoire_id, told)
    return content_of(app, territoire_id, replace(screen, languages=(language,)))
