"""Which e-mail addresses look like a person's own: they are left where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reseau.model.typology import normalise

_PLACES_FILE = Path(__file__).parent / "mots_de_lieux.txt"
_PARTS = re.compile(r"[._\-+]+")


def looks_personal(address: str, known: Iterable[str] = ()) -> bool:
    """Whether the part before the @ reads like a first name and a name (`camille.durand`, `c.durand`).

    A guess on the side of caution: two or three words of letters, none of which is a usual word of an
    organisation, nor of its own name, its commune or its domain.

    Args:
        address: the e-mail address.
        known: texts that name the organisation and its place.
    """
    local, _, domain = address.lower().partition("@")
    parts = [part for part in _PARTS.split(local) if part]
    if not 2 <= len(parts) <= 3 or not all(part.isalpha() for part in parts):
        return False
    words = {word for text in (*known, domain.replace("-", " ").replace(".", " ")) for word in _words(text)}
    return not any(_singular(normalise(part)) in words | _of_places() for part in parts)


def _words(text: str) -> set[str]:
    return {_singular(word) for word in normalise(text).split() if len(word) > 2}


def _singular(word: str) -> str:
    return word.rstrip("sx") if len(word) > 3 else word


@cache
def _of_places() -> frozenset[str]:
    lines = _PLACES_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(_singular(line) for line in lines if line and not line.startswith("#"))
