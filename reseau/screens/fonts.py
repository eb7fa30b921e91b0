"""Fonts of a bundle: the installed ones, cut down to the characters of a script, as woff2.

Cutting takes seconds: what was cut is kept in memory and in the cache folder of the system. A cache that
cannot be read or written costs time, nothing else. A character outside every range (a picture, a Chinese
name) is drawn with whatever font the screen has.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fontpkg
import fontTools
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from reseau.errors import ReseauError
from reseau.screens._files import write_file

LATIN = "latin"
# Digits and signs come from the font of the script: a phone number in a sentence looks as the sentence does.
_SIGNS = ((0x20, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0xA0, 0xBF), (0x2000, 0x206F), (0x20AC, 0x20AC))
_LATIN = ((0x20, 0x2AF), (0x2B0, 0x36F), (0x1E9E, 0x1E9E), (0x2000, 0x206F), (0x20A0, 0x20BF),
          (0x2100, 0x2122), (0x2190, 0x21FF), (0x2212, 0x2215))  # fmt: skip
_RECIPE = 1  # goes up when fonts are cut another way


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One file of a family.

    Attributes:
        script: see `reseau.screens.texts.SCRIPTS`.
        family: name in style sheets.
        source: family that is installed.
        weight: weight of the file asked for.
        weights: weights it answers for in style sheets.
        ranges: characters kept, both ends included.
    """

    script: str
    family: str
    source: str
    ranges: tuple[tuple[int, int], ...]
    weight: int = 400
    weights: tuple[int, int] = (400, 700)

    @property
    def stem(self) -> str:
        """Name of its file before the fingerprint."""
        return f"{self.script}-{self.weight}"


_BENGALI = (*_SIGNS, (0x964, 0x965), (0x980, 0x9FF), (0x25CC, 0x25CC))
FACES = (
    Face(
        script=LATIN,
        family="Reseau latin",
        source="Noto Sans",
        ranges=(*_LATIN, (0x370, 0x3FF), (0x400, 0x52F)),
    ),
    Face(
        script="arabe",
        family="Reseau arabe",
        source="Noto Sans Arabic",
        ranges=(*_SIGNS, (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)),
    ),
    Face(
        script="tamoul",
        family="Reseau tamoul",
        source="Noto Sans Tamil",
        ranges=(*_SIGNS, (0x964, 0x965), (0xB80, 0xBFF), (0x25CC, 0x25CC)),
    ),
    Face(
        script="bengali",
        family="Reseau bengali",
        source="Hind Siliguri",
        ranges=_BENGALI,
        weights=(400, 599),
    ),
    Face(
        script="bengali",
        family="Reseau bengali",
        source="Hind Siliguri",
        ranges=_BENGALI,
        weight=700,
        weights=(600, 700),
    ),
)
# One family draws both: their characters stand in the same files.
_DRAWN_WITH = {"cyrillique": LATIN}

_made: dict[str, bytes] = {}
_making = threading.Lock()


def faces_of(scripts: Iterable[str]) -> list[Face]:
    """Faces some scripts need; the latin one always (names, addresses, fallback)."""
    wanted = {LATIN, *(_DRAWN_WITH.get(script, script) for script in scripts)}
    return [face for face in FACES if face.script in wanted]


def font_files(scripts: Iterable[str]) -> dict[str, bytes]:
    """Woff2 files by their name in the bundle (`fonts/latin-400-1a2b3c4d.woff2`).

    Raises:
        ReseauError: a font is not installed, or is damaged.
    """
    return {_name(face): _woff2(face) for face in faces_of(scripts)}


def fonts_css(scripts: Iterable[str]) -> str:
    """Style sheet that declares the families of some scripts, to stand beside the folder `fonts`."""
    return "".join(
        f'@font-face{{font-family:"{face.family}";font-style:normal;'
        f"font-weight:{face.weights[0]} {face.weights[1]};font-display:block;"
        f'src:url("{_name(face)}") format("woff2")}}\n'
        for face in faces_of(scripts)
    )


def font_paths() -> list[Path]:
    """Folders of the installed fonts, whole, for what draws pages for paper."""
    return sorted({source_file(face).parent for face in FACES})


def font_licences(scripts: Iterable[str]) -> dict[str, str]:
    """Licence text of each family used, by the name of the family that is installed."""
    sources = {face.source: source_file(face) for face in faces_of(scripts)}
    return {name: _licence(path) for name, path in sorted(sources.items())}


def source_file(face: Face) -> Path:
    """File of an installed font.

    Raises:
        ReseauError: it is not installed.
    """
    try:
        return Path(fontpkg.path(face.source, weight=face.weight))
    except fontpkg.FontpkgError as error:
        raise ReseauError(_missing(face)) from error


def undrawn(text: str, script: str) -> str:
    """Characters of a text that the fonts of a script lack, once each, in order."""
    known = {code for face in faces_of([script]) for code in _characters(face)}
    return "".join(dict.fromkeys(char for char in text if ord(char) not in known and char.isprintable()))


@lru_cache
def _characters(face: Face) -> frozenset[int]:
    with TTFont(source_file(face), lazy=True) as font:
        kept = set(font.getBestCmap())
    return frozenset(kept & set(_wanted(face)))


def _wanted(face: Face) -> list[int]:
    return [code for first, last in face.ranges for code in range(first, last + 1)]


def _name(face: Face) -> str:
    return f"fonts/{face.stem}-{_key(face)}.woff2"


@lru_cache
def _key(face: Face) -> str:
    """Fingerprint of all that makes the file: same name, same bytes."""
    package = f"fontpkg-{face.source.lower().replace(' ', '-')}"
    made_of = [_RECIPE, face.source, face.weight, face.ranges, version(package)]
    made_of += [fontTools.version, version("brotli"), source_file(face).stat().st_size]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:12]


def _woff2(face: Face) -> bytes:
    name = _name(face)
    # One at a time: two screens that start together wait for the same work.
    with _making:
        if name not in _made:
            _made[name] = _kept(face) or _keep(face, _cut(face))
        return _made[name]


def _cut(face: Face) -> bytes:
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]  # its authors and its licence stay in the file
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_wanted(face))
    try:
        with TTFont(source_file(face), recalcTimestamp=False) as font:
            subsetter.subset(font)
            return _packed(_only_weights(font, face.weights))
    except ReseauError:
        raise
    except Exception as error:  # a damaged font may raise anything
        raise ReseauError(_missing(face)) from error


def _only_weights(font: Any, weights: tuple[int, int]) -> Any:
    """A variable font without what no screen uses: a third of the size."""
    if "fvar" not in font:
        return font
    kept: dict[str, Any] = {axis.axisTag: None for axis in font["fvar"].axes}
    return instancer.instantiateVariableFont(font, kept | {"wght": weights}, inplace=True)


def _packed(font: Any) -> bytes:
    content = io.BytesIO()
    font.flavor = "woff2"
    font.save(content)
    return content.getvalue()


def cache_folder() -> Path | None:
    """Folder of the system for what can be made again; None where the person has none."""
    home = {"win32": "LOCALAPPDATA"}.get(sys.platform, "XDG_CACHE_HOME")
    try:
        usual = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    except RuntimeError:
        return None
    return Path(os.environ.get(home) or usual) / "reseau" / "polices"


def _kept(face: Face) -> bytes | None:
    folder = cache_folder()
    try:
        content = (folder / Path(_name(face)).name).read_bytes() if folder else b""
    except OSError:
        return None
    # A woff2 file says its own length: one that was cut short is made again.
    return content if content[:4] == b"wOF2" and int.from_bytes(content[8:12]) == len(content) else None


def _keep(face: Face, content: bytes) -> bytes:
    folder = cache_folder()
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            write_file(folder / Path(_name(face)).name, content)
    except OSError:
        pass  # a home that cannot be written: next time costs the same
    return content


def _licence(font: Path) -> str:
    try:
        return (font.parents[1] / "LICENSE").read_text(encoding="utf-8").strip()
    except OSError:
        return "SIL Open Font License 1.1"


def _missing(face: Face) -> str:
    return (
        f"La police « {face.source} » manque ou est abîmée. Installez de nouveau les bibliothèques "
        "de Réseau (`pip install -r requirements.txt`)."
    )
