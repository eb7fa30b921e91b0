"""Everything that is plugged in, by name: `python -m reseau list`."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from reseau.exports import all_exports
from reseau.gaps import all_measures
from reseau.services.importing import list_sources

PAGES_DIR = Path(__file__).resolve().parent.parent / "ui" / "pages"


def list_plugins() -> dict[str, list[dict[str, str]]]:
    """Sources, measures, exports and pages, each with its identifier and French title."""
    return {
        "sources": [{"id": spec.id, "titre": spec.title} for spec in list_sources()],
        "mesures": [{"id": item.id, "titre": item.label} for item in all_measures().values()],
        "exports": [{"id": item.id, "titre": item.label} for item in all_exports().values()],
        "pages": [{"id": path.stem, "titre": page_about(path)["TITLE"]} for path in page_files()],
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
