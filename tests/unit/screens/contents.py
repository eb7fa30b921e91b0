"""A content as small as the contract allows, for tests of what carries it: any part can be said."""

from __future__ import annotations

from typing import Any, cast

from reseau.screens.content import SCHEMA, VALID_DAYS, Content
from reseau.screens.fonts import family_list
from reseau.screens.texts import load_language


def language(code: str = "fr") -> dict[str, Any]:
    found = load_language(code)
    return {
        "code": code, "name": found.name, "dir": found.dir, "font": family_list(found.script),
        "reviewed": found.reviewed, "interface": found.texts["interface"], "needs": found.texts["besoins"],
        "numbers": found.texts["numeros"], "reasons": found.texts["avis"], "days": list(found.days),
        "months": list(found.months), "missing": list(found.missing),
    }  # fmt: skip


def content(**parts: Any) -> Content:
    screen = {
        "key": "cle-essai", "name": "Écran d'essai", "quartier": "Quartier d'essai", "address": "",
        "link": "", "link_qr": "", "logo": "", "language_order": "diapositive",
        "min_seconds": 12, "pace": 1.0, "touch": False, "lit": [], "fictional": True,
        "colours": {"background": "#ffffff", "ink": "#000000", "accent": "#0b3d6e", "on_accent": "#ffffff"},
    }  # fmt: skip
    whole = {
        "schema": SCHEMA, "version": "essai-1", "made_at": "2026-06-01T08:00:00Z", "zone": "Europe/Paris",
        "valid_days": VALID_DAYS, "screen": screen, "languages": [language()], "slides": [], "places": [],
        "calendars": [], "map": None, "permanences": [], "actions": [], "messages": [], "numbers": {},
        "ideas": {"needs": [], "counts": {}, "since": ""}, "pictograms": {}, "sources": [],
    }  # fmt: skip
    return cast("Content", whole | parts)
