"""The pictograms, one file each (`pictogrammes/<name>.svg`), drawn for this project.

One convention, so that a pictogram can be drawn by anything (a browser, a PDF): a 24 by 24 square, one
colour, nothing but `<path d="…"/>`, shapes filled and never stroked. Holes turn the other way round and
paths do not cross themselves, so the even-odd and the non-zero rules give the same drawing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from reseau.errors import RefusedInput

FOLDER = Path(__file__).parent / "pictogrammes"

SIZE = 24
"""Units of a side of the square all of them are drawn in."""

_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PATH = r'<path d="([MLHVCQSTAZmlhvcqstaz0-9eE .,+-]+)"/>'
_FILE = re.compile(
    rf'\s*<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">(?:\s*{_PATH})+\s*</svg>\s*'
)


def load_pictograms(folder: Path = FOLDER) -> dict[str, list[str]]:
    """Paths of each pictogram, by name, sorted.

    Raises:
        RefusedInput: a file is badly named, or has anything but paths in it.
    """
    return {name: list(paths) for name, paths in _load(folder).items()}


@lru_cache
def _load(folder: Path) -> dict[str, tuple[str, ...]]:
    return {path.stem: _read(path) for path in sorted(folder.glob("*.svg"))}


def _read(path: Path) -> tuple[str, ...]:
    if not _NAME.fullmatch(path.stem):
        raise RefusedInput(
            f"Pictogramme {path.name} : nommez-le en minuscules sans accent, avec des tirets entre les mots."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInput(f"Le pictogramme {path.name} ne se lit pas ({error}).") from error
    if not _FILE.fullmatch(text):
        raise RefusedInput(
            f"Pictogramme {path.name} : il faut un carré de {SIZE} sur {SIZE} et seulement des tracés "
            '(<path d="…"/>), sans couleur, texte, image ni script. Aplatissez le dessin en tracés.'
        )
    return tuple(re.findall(_PATH, text))
