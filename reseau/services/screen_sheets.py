"""Posters and hand-outs: the content of a screen on paper, one language a sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from reseau.services.screen_bundles import content_of, content_of_saved
from reseau.services.screens import SavedScreen

if TYPE_CHECKING:
    from reseau.model.screens import Screen
    from reseau.services.app import App

Kind = Literal["affiche", "feuille"]
KINDS: dict[Kind, str] = {"affiche": "Affiche (A3)", "feuille": "Feuille à donner (A4)"}


def sheet(app: App, territoire_id: int, screen: SavedScreen | Screen, *, language: str, kind: Kind) -> bytes:
    """A PDF of what a screen says now, in one language.

    Args:
        language: any language that has a file; it need not be one of those of the screen.

    Raises:
        RefusedInput: the screen cannot be built, or no such language.
        NotFound: no such territory.
    """
    from reseau.screens.sheets import sheet_pdf

    if isinstance(screen, SavedScreen):
        told = replace(screen, record=replace(screen.record, languages=(language,)))
        content = content_of_saved(app, territoire_id, told)
    else:
        content = content_of(app, territoire_id, replace(screen, languages=(language,)))
    return sheet_pdf(content, language=language, kind=kind)
