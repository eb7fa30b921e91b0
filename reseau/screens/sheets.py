"""The same content on paper: an A3 poster and an A4 hand-out, as PDF, one language a sheet."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from reseau.errors import RefusedInput, ReseauError
from reseau.screens._sheet_data import Sheet
from reseau.screens._sheet_words import Words
from reseau.screens.content import Content
from reseau.screens.fonts import font_paths

FOLDER = Path(__file__).parent / "feuilles"

KINDS = {"affiche": "Affiche A3", "feuille": "Feuille A4"}
"""Kinds of sheets, and their names."""

NEAREST = {"affiche": 6, "feuille": 5}
"""Places shown for each need at most, nearest first: beyond, a sheet says that there are others."""

_LOGO = "data:image/png;base64,"


def sheet_pdf(content: Content, *, language: str, kind: str) -> bytes:
    """A sheet as PDF (PDF/UA-1: tagged, titled, in its language).

    The same content gives the same bytes. `kind`: key of `KINDS`. A place, its number and its map are those
    of the screen; sensitive needs whose places are not shown give their numbers only.

    Raises:
        RefusedInput: the screen is not in this language, there is no such sheet, the logo cannot be read.
        ReseauError: a font is not installed, or the page cannot be made.
    """
    if kind not in KINDS:
        raise RefusedInput(f"Feuille inconnue : {kind[:20]}. Choisissez parmi : {', '.join(KINDS)}.")
    part = next((item for item in content["languages"] if item["code"] == language), None)
    if part is None:
        known = ", ".join(item["code"] for item in content["languages"])
        raise RefusedInput(
            f"Cet écran n'est pas en « {language[:20]} ». Langues de l'écran : {known}. "
            "Ajoutez la langue à l'écran, ou choisissez-en une autre."
        )
    data = Sheet(content, Words(part), nearest=NEAREST[kind], full=kind == "feuille").data()
    # The template reads bytes as a list: its files are texts only.
    logo = list(_logo(content["screen"]["logo"]))
    made = datetime.strptime(content["made_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    try:
        return _compiled(kind, data | {"logo": logo}, made)
    except typst.TypstError as error:
        if logo and "image" in error.message:
            raise RefusedInput("Logo de l'écran : l'image ne se lit pas. Choisissez-en une autre.") from error
        raise _failed(error.message) from error
    except BaseException as error:
        # What the library says when it breaks inside is not an ordinary exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _failed(str(error)) from error


def _failed(reason: str) -> ReseauError:
    return ReseauError(f"La feuille n'a pas pu être faite ({reason}). Signalez-le avec le nom de l'écran.")


def _compiled(kind: str, data: Mapping[str, object], made: datetime) -> bytes:
    files = {"main.typ": _template(kind), "commun.typ": _template("commun")}
    # The library takes several files by name; what it says of its types knows one only.
    compiler: Any = typst.compile
    pdf: bytes = compiler(
        files,
        font_paths=[str(path) for path in font_paths()],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made.timestamp()),
    )
    return pdf


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
