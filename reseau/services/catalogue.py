"""Everything that is plugged in, by name: `python -m reseau list`."""

from __future__ import annotations

from pathlib import Path

from reseau.exports import all_exports
from reseau.gaps import all_measures
from reseau.sources import SourceSpec, all_sources

PAGES_DIR = Path(__file__).resolve().parent.parent / "ui" / "pages"


def list_sources() -> list[SourceSpec]:
    """Description of every source, by id."""
    return [source.spec for source in all_sources().values()]


def list_plugins() -> dict[str, list[dict[str, str]]]:
    """Sources, measures, exports and pages, each with its identifier and French title."""
    return {
        "sources": [{"id": spec.id, "titre": spec.title} for spec in list_sources()],
        "mesures": [{"id": item.id, "titre": item.label} for item in all_measures().values()],
        "exports": [{"id": item.id, "titre": item.label} for item in all_exports().values()],
        "pages": [
            {"id": path.stem, "titre": page_title(path)} for path in sorted(PAGES_DIR.glob("[!_]*.py"))
        ],
    }


def page_title(path: Path) -> str:
    """First line of a page's docstring: its French title."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    return first.strip('" .')
