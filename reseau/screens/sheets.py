"""The same content on paper: an A3 poster, an A4 hand-out and a booklet, as PDF, one language each."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from reseau.errors import RefusedInput, ReseauError
from reseau.screens._sheet_data import Data, Sheet
from reseau.screens._sheet_words import Words
from reseau.screens.content import Content
from reseau.screens.fonts import font_paths

FOLDER = Path(__file__).parent / "feuilles"

KINDS = {"affiche": "affiche", "feuille": "feuille", "livret": "feuille"}
"""Kinds of sheets (a poster, a hand-out, a booklet), and the template of each."""

NEAREST = {"affiche": 6, "feuille": 4, "livret": 5}
"""Places shown for each need at most, nearest first: beyond, a sheet says that there are others."""

SIDES = 2
"""Pages of the hand-out: it is given, so it is one sheet. It keeps as many places as these hold."""

POINTS, MAP_MM = 12.0, 100
"""Size of the letters of a booklet, and the most its map is high."""

SMALLER = ((11.0, 80, True), (11.0, 72, False), (10.5, 66, False))
"""The same of a hand-out, and whether it has the code of each place: the last ones where it has to be."""

PICTURE_PPI = 72.0

_LOGO = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet: the PDF (PDF/UA-1: tagged, titled, in its language), and its pages as small PNG pictures."""

    pdf: bytes
    pictures: list[bytes]


def sheet_pdf(content: Content, *, language: str, kind: str) -> bytes:
    """The PDF of `printed`, alone: the same content gives the same bytes."""
    return _made(content, language=language, kind=kind, pictures=False).pdf


def printed(content: Content, *, language: str, kind: str) -> Printed:
    """A sheet, and what it looks like.

    `kind`: key of `KINDS`. A place, its number and its map are those of the screen; sensitive needs whose
    places are not shown give their numbers only.

    Raises:
        RefusedInput: the screen is not in this language, there is no such sheet, the logo cannot be read.
        ReseauError: a font is not installed, or the page cannot be made.
    """
    return _made(content, language=language, kind=kind, pictures=True)


def _made(content: Content, *, language: str, kind: str, pictures: bool) -> Printed:
    if kind not in KINDS:
        raise RefusedInput(f"Feuille inconnue : {kind[:20]}. Choisissez parmi : {', '.join(KINDS)}.")
    part = next((item for item in content["languages"] if item["code"] == language), None)
    if part is None:
        known = ", ".join(item["code"] for item in content["languages"])
        raise RefusedInput(
            f"Cet écran n'est pas en « {language[:20]} ». Langues de l'écran : {known}. "
            "Ajoutez la langue à l'écran, ou choisissez-en une autre."
        )
    made = datetime.strptime(content["made_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    logo = _logo(content["screen"]["logo"])
    try:
        data = _fitting(content, Words(part), kind)
        return Printed(_compiled(kind, data, made), _drawn(kind, data) if pictures else [])
    except RuntimeError as error:
        if logo and "image" in str(error):
            raise RefusedInput("Logo de l'écran : l'image ne se lit pas. Choisissez-en une autre.") from error
        raise _failed(str(error)) from error
    except BaseException as error:
        # What the library says when it breaks inside is not an ordinary exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _failed(str(error)) from error


def _fitting(content: Content, words: Words, kind: str) -> Data:
    """The document: of a hand-out, that with the most places of each need that its two sides hold."""

    def told(nearest: int, points: float, map_mm: int, codes: bool) -> Data:
        data = Sheet(content, words, nearest=nearest, full=kind != "affiche", codes=codes).data()
        # The template reads bytes as a list: its files are texts only.
        logo = list(_logo(content["screen"]["logo"]))
        return data | {"logo": logo, "size": points, "map-height": map_mm}

    if kind != "feuille":
        return told(NEAREST[kind], POINTS, MAP_MM, True)
    most = 1
    while most < NEAREST[kind] and _pages(kind, told(most + 1, *SMALLER[-1])) <= SIDES:
        most += 1
    for look in SMALLER[:-1]:
        data = told(most, *look)
        if _pages(kind, data) <= SIDES:
            return data
    # Where not even one place of each need fits, what is there matters more than the number of pages.
    return told(most, *SMALLER[-1])


def _failed(reason: str) -> ReseauError:
    return ReseauError(f"La feuille n'a pas pu être faite ({reason}). Signalez-le avec le nom de l'écran.")


def _pages(kind: str, data: Data) -> int:
    found: str = typst.query(_files(kind), "<pages>", field="value", one=True, **_options(data))
    return int(json.loads(found))


def _compiled(kind: str, data: Data, made: datetime) -> bytes:
    # The library takes several files by name; what it says of its types knows one only.
    compiler: Any = typst.compile
    pdf: bytes = compiler(
        _files(kind), pdf_standards="ua-1", timestamp=int(made.timestamp()), **_options(data)
    )
    return pdf


def _drawn(kind: str, data: Data) -> list[bytes]:
    compiler: Any = typst.compile
    found: bytes | list[bytes] = compiler(_files(kind), format="png", ppi=PICTURE_PPI, **_options(data))
    return found if isinstance(found, list) else [found]


def _options(data: Data) -> dict[str, Any]:
    return {
        "font_paths": [str(path) for path in font_paths()],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
    }


def _files(kind: str) -> Any:
    return {"main.typ": _template(KINDS[kind]), "commun.typ": _template("commun")}


@lru_cache
def _template(name: str) -> bytes:
    return (FOLDER / f"{name}.typ").read_bytes()


def _logo(url: str) -> bytes:
    if not url.startswith(_LOGO):
        return b""
    try:
        return base64.b64decode(url.removeprefix(_LOGO), validate=True)
    except binascii.Error:
        return b""
