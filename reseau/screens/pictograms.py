"""The drawings of the needs, as the paths of their files (`pictogrammes/*.svg`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path(__file__).parent / "pictogrammes"


@cache
def load_pictograms() -> dict[str, list[str]]:
    """Paths (`d`, on a grid of 24 × 24) of each drawing by name."""
    return {path.stem: _paths(path) for path in sorted(FOLDER.glob("*.svg"))}


def _paths(file: Path) -> list[str]:
    # Our own files, read from the package: nothing that comes from outside is parsed here.
    root = ElementTree.parse(file).getroot()  # noqa: S314
    return [item.attrib["d"] for item in root.iter() if item.tag.endswith("path")]
