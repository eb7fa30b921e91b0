"""The fixed texts of a language, from files a translator can edit (`textes/<code>.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reseau.errors import RefusedInput
from reseau.screens.content import Texts

FOLDER = Path(__file__).parent / "textes"
FRENCH = "fr"
SECTIONS = ("interface", "besoins", "avis", "numeros", "metiers", "types")
SCRIPTS = ("latin", "cyrillique", "arabe", "tamoul", "bengali")
DIRECTIONS = ("ltr", "rtl")
NAMES = {"jours": 7, "mois": 12}
"""Sections that hold a list, `noms`, of that many names."""

_OTHER = "autre"
_CODE = re.compile(r"[a-z]{2,3}")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language, whole: what its file lacks is in French.

    Attributes:
        code: ISO 639 code, the name of its file.
        dir: `ltr` or `rtl`.
        script: one of `SCRIPTS`.
        reviewed: a person whose language it is has read every line.
        texts: by section (`SECTIONS`), then by key.
        days: names of the days, Monday first.
        months: names of the months.
        missing: `section.key` of what is in French: no translation, or one that cannot be filled in.
    """

    code: str
    name: str
    dir: str
    script: str
    reviewed: bool
    texts: dict[str, dict[str, str]]
    days: tuple[str, ...]
    months: tuple[str, ...]
    missing: tuple[str, ...]

    def text(self, section: str, key: str) -> str:
        """One text; French where the language lacks it."""
        return self.texts[section][key]

    def lacks(self, section: str, key: str) -> bool:
        """Whether `text` answers in French for want of a translation."""
        return f"{section}.{key}" in self.missing


def language_codes() -> list[str]:
    """Languages that have a file, French first, then by code."""
    codes = sorted(path.stem for path in FOLDER.glob("*.toml") if _CODE.fullmatch(path.stem))
    return sorted(codes, key=lambda code: code != FRENCH)


@lru_cache
def load_language(code: str) -> Language:
    """The texts of a language, completed in French.

    Raises:
        RefusedInput: no such language, or its file cannot be read.
    """
    if code not in language_codes():
        known = ", ".join(language_codes())
        raise RefusedInput(f"Langue inconnue : {code[:20]}. Langues possibles : {known}.")
    own = read_file(code)
    french = own if code == FRENCH else read_file(FRENCH)
    texts = {name: {**french[name], **_said(own.get(name), french[name])} for name in SECTIONS}
    names = {name: own[name]["noms"] for name, count in NAMES.items() if all_named(own.get(name), count)}
    return Language(
        code=code,
        name=own["langue"]["nom"],
        dir=own["langue"]["sens"],
        script=own["langue"]["ecriture"],
        reviewed=own["langue"].get("relu") is True,
        texts={name: {key: bound(text) for key, text in said.items()} for name, said in texts.items()},
        days=tuple(names.get("jours", french["jours"]["noms"])),
        months=tuple(names.get("mois", french["mois"]["noms"])),
        missing=_missing(own, french, names),
    )


def type_texts(types: Sequence[str], languages: Sequence[Language]) -> Texts:
    """The ready-made sentence of the first type that has one, in French and where the language has it."""
    texts: Texts = {}
    for language in languages:
        known = language.texts["types"]
        code = next((code for code in types if code in known), _OTHER)
        if not language.lacks("types", code):
            texts[language.code] = known[code]
    return texts


def read_file(code: str) -> dict[str, Any]:
    """The file of a language as it is written, its table `langue` checked and nothing else.

    Raises:
        RefusedInput: it cannot be read, or does not say which language it is.
    """
    path = FOLDER / f"{code}.toml"
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedInput(
            f"Le fichier de langue {path.name} ne se lit pas ({error}). Corrigez-le ou retirez-le."
        ) from error
    about = own.get("langue")
    about = about if isinstance(about, dict) else {}
    for key, known in (("nom", ()), ("sens", DIRECTIONS), ("ecriture", SCRIPTS)):
        value = about.get(key)
        if not isinstance(value, str) or not value.strip() or (known and value not in known):
            hint = f" ({', '.join(known)})" if known else ""
            raise RefusedInput(
                f"Le fichier de langue {path.name} : sous [langue], écrivez « {key} »{hint}. "
                "fr.toml montre comment."
            )
    return own


def placeholders(text: str) -> list[str]:
    """Words between braces, which the screen replaces, sorted."""
    return sorted(_PLACEHOLDER.findall(text))


def all_named(section: Any, count: int) -> bool:
    """Whether a section holds exactly that many names."""
    names = section.get("noms") if isinstance(section, dict) else None
    if not isinstance(names, list) or len(names) != count:
        return False
    return all(isinstance(name, str) and name.strip() for name in names)


def _said(section: Any, french: dict[str, str]) -> dict[str, str]:
    """What can be shown of a section; a text the screen could not fill in would show its braces."""
    said = section if isinstance(section, dict) else {}
    return {
        key: text
        for key, text in said.items()
        if key in french
        and isinstance(text, str)
        and text.strip()
        and placeholders(text) == placeholders(french[key])
    }


def _missing(own: dict[str, Any], french: dict[str, Any], names: dict[str, Any]) -> tuple[str, ...]:
    missing = [f"{name}.noms" for name in NAMES if name not in names]
    for name in SECTIONS:
        said = _said(own.get(name), french[name])
        missing += [f"{name}.{key}" for key in french[name] if key not in said]
    return tuple(missing)


def bound(text: str) -> str:
    """Spaces made so that a sign of punctuation never starts a line."""
    return re.sub(r" (?=[?!:;»])|(?<=«) ", "\u00a0", text)
