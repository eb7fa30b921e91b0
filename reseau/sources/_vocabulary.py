"""Words of the closed lists, recognised by code, French label or usual synonym."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from reseau.model import vocabulary as words
from reseau.model.typology import Typology, normalise
from reseau.sources._cells import CellError

LISTS: dict[str, Mapping[str, str]] = {
    "publics": words.PUBLICS,
    "langues": words.LANGUAGES,
    "modes": words.RECEPTION_MODES,
    "precisions": words.POSITION_PRECISIONS,
    "objets": words.RELATION_PURPOSES,
    "sens": words.DIRECTIONS,
    "intensites": {str(level): label for level, label in words.INTENSITIES.items()},
    "statuts": {key.value: label for key, label in words.RELATION_STATUS_LABELS.items()},
    "formes": words.ACTION_FORMS,
    "etats_action": {key.value: label for key, label in words.ACTION_STATUS_LABELS.items()},
    "roles": words.PARTNER_ROLES,
    "recurrences": words.RECURRENCES,
    "genres": words.JOURNAL_KINDS,
    "themes": words.THEMES,
    "unites": words.CAPACITY_UNITS,
}
MAX_SUGGESTIONS = 200
CHOOSE_TYPE = "Choisissez-le dans la feuille « Types » du modèle."
LIST_SEPARATORS = re.compile(r"[|;,/\n]")


def _key(text: str) -> str:
    return " ".join(word.rstrip("sx") if len(word) > 3 else word for word in normalise(text).split())


@cache
def _index(name: str) -> dict[str, str]:
    """Every way of writing a word of a list → its code; codes and labels win over synonyms."""
    index: dict[str, str] = {}
    labels = LISTS[name]
    # A label may carry an explanation in brackets that nobody types.
    names = [(text, code) for code, label in labels.items() for text in (code, label, label.split(" (")[0])]
    with (Path(__file__).parent / "_vocabulaire.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["liste"] == name:
                names += [(text, row["code"]) for text in row["autres mots"].split("|")]
    for text, code in names:
        if key := _key(text):
            index.setdefault(key, code)
    return index


def find_word(text: str, name: str) -> str | None:
    """Code of a word of the list `name` (key of `LISTS`), or None."""
    return _index(name).get(_key(text))


def accepted(name: str) -> str:
    """The labels of a list, for a message."""
    return ", ".join(LISTS[name].values())


def read_word(name: str) -> Callable[[str], str]:
    """Reader of a cell that holds one word of a list."""

    def read(text: str) -> str:
        code = find_word(text, name)
        if code is None:
            raise CellError(f"« {text[:60]} » n'est pas dans la liste. Valeurs acceptées : {accepted(name)}.")
        return code

    return read


def read_words(name: str) -> Callable[[str], tuple[str, ...]]:
    """Reader of a cell that holds several words of a list; all the unknown ones are named."""

    def read(text: str) -> tuple[str, ...]:
        whole = find_word(text, name)
        if whole is not None:
            return (whole,)
        parts = [part.strip() for part in LIST_SEPARATORS.split(text) if part.strip()]
        codes = [find_word(part, name) for part in parts]
        unknown = [part[:60] for part, code in zip(parts, codes, strict=True) if code is None]
        if unknown or not parts:
            listed = ", ".join(f"« {part} »" for part in unknown[:10]) or f"« {text[:60]} »"
            raise CellError(f"{listed} : pas dans la liste. Valeurs acceptées : {accepted(name)}.")
        return tuple(dict.fromkeys(code for code in codes if code is not None))

    return read


def read_intensity(text: str) -> int:
    """Intensity of a tie: 1 to 5, its word, or both («3 – coordination»)."""
    code = find_word(text, "intensites")
    if code is None and (found := re.match(r"([1-5])\s*[-–:.(]", text)):
        code = found[1]
    if code is None:
        ladder = ", ".join(f"{level} ({label})" for level, label in words.INTENSITIES.items())
        raise CellError(f"intensité non comprise. Valeurs acceptées : {ladder}.")
    return int(code)


@cache
def _type_names(typology: Typology) -> dict[str, str]:
    """Normalised name → name to suggest, for every way of naming a type."""
    names: dict[str, str] = {}
    for item in typology:
        for name in (item.acronym, item.label, item.code, *item.aliases):
            names.setdefault(normalise(name), item.full_label)
    return names


def suggest_types(text: str, typology: Typology) -> list[str]:
    """Full labels of the types whose name is nearest to a text, best first, three at most."""
    names = _type_names(typology)
    wanted = normalise(text)[:100]
    close = difflib.get_close_matches(wanted, names, n=6, cutoff=0.7)
    # «association» is nearer to «vaccination» by its letters than to what begins with it.
    begun = [name for name in names if name.startswith(f"{wanted} ")]
    return list(dict.fromkeys(names[key] for key in (*begun, *close)))[:3]


def read_types(typology: Typology) -> Callable[[str], tuple[str, ...]]:
    """Reader of a cell that holds one or several types; unknown ones are named, with suggestions."""
    known: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    advice: dict[str, str] = {}

    def explain(text: str) -> str:
        # Comparing texts is slow: a whole file of unknown types must not take minutes.
        if text not in advice and len(advice) < MAX_SUGGESTIONS:
            advice[text] = _unknown_type(text, typology)
        return advice.get(text) or f"type « {text[:60]} » inconnu. {CHOOSE_TYPE}"

    def read(text: str) -> tuple[str, ...]:
        if text not in known:
            known[text] = typology.recognise_all(text)
        codes, unknown = known[text]
        if unknown or not codes:
            raise CellError(" ; ".join(explain(part) for part in (unknown or (text,))[:10]))
        return codes

    return read


def _unknown_type(text: str, typology: Typology) -> str:
    hint = " ou ".join(f"« {title} »" for title in suggest_types(text, typology))
    return f"type « {text[:60]} » inconnu. " + (f"Vouliez-vous dire {hint} ?" if hint else CHOOSE_TYPE)
