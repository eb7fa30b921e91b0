"""Everything that is plugged in, by name: `python -m reseau list`."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from reseau.exports import all_exports
from reseau.gaps import all_measures
from reseau.services.importing import list_sources
from reseau.services.screen_languages import LanguageState, list_languages

PAGES_DIR = Path(__file__).resolve().parent.parent / "ui" / "pages"


def list_plugins() -> dict[str, list[dict[str, Any]]]:
    """Sources, measures, exports, pages and languages of the screens: identifier and title of each.

    A language also says how far it has come (`etat`), the texts it shows in French (`en_francais`) and what
    its translator has to look at again (`a_corriger`).
    """
    return {
        "sources": [{"id": spec.id, "titre": spec.title} for spec in list_sources()],
        "mesures": [{"id": item.id, "titre": item.label} for item in all_measures().values()],
        "exports": [{"id": item.id, "titre": item.label} for item in all_exports().values()],
        "pages": [{"id": path.stem, "titre": page_about(path)["TITLE"]} for path in page_files()],
        "langues": [_language(item) for item in list_languages()],
    }


def _language(item: LanguageState) -> dict[str, Any]:
    return {
        "id": item.code,
        "titre": item.name,
        "etat": item.summary,
        "en_francais": list(item.in_french or ()),
        "a_corriger": list(item.to_correct),
    }


def page_files() -> list[Path]:
    """Files of the pages, in the order of the menu: `p2_…` before `p10_…`."""
    return sorted(PAGES_DIR.glob("[!_]*.py"), key=lambda path: int(path.stem.split("_", 1)[0][1:]))


@cache
def page_about(path: Path) -> dict[str, str]:
    """TITLE, ICON and GROUP written on top of a page file, read without running it."""
    about: dict[str, str] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in {"TITLE", "ICON", "GROUP"} and isinstance(node.value, ast.Constant):
                about[name] = str(node.value.value)
    return about
