"""What a translator should look at again in the file of a language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from reseau.errors import RefusedInput
from reseau.screens.texts import FRENCH, NAMES, SECTIONS, all_named, placeholders, read_file

SCRIPT_NAMES = {
    "latin": "LATIN", "cyrillique": "CYRILLIC", "arabe": "ARABIC", "tamoul": "TAMIL", "bengali": "BENGALI",
}  # fmt: skip
"""How Unicode calls the letters of a script."""

OWN_SCRIPT = 0.8
"""Share of the letters of a file that must be of its script: the rest is acronyms and French names."""

LONGER = 2.0
SHORT_TEXT = 24
"""A text is at most twice as long as in French; one of 24 characters fits wherever French fits."""

# Written as in French in several languages.
_SHARED = frozenset({"Important"})
# How an hour or a date is written is the language's own affair.
_PATTERNS = frozenset({"interface.time_hour", "interface.time_minutes", "interface.date"})
_RIGHT_TO_LEFT = frozenset({"arabe"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_BRACES = re.compile(r"\{[^{}]*\}")
_JOINERS = "\u200c\u200d"  # some scripts are written with them


def check_language(code: str) -> list[str]:
    """One French sentence for each thing to look at, none for a file that is in order.

    A text that is simply missing is not one of them: the screen shows it in French and says so.
    """
    try:
        own, french = read_file(code), read_file(FRENCH)
    except RefusedInput as error:
        return [str(error)]
    found = [*_about(own), *_unknown(own, french), *_names(own)]
    for name in SECTIONS:
        for key, text in _items(own.get(name)):
            if key in french[name]:
                said = _text(text, french[name][key], pattern=f"{name}.{key}" in _PATTERNS)
                found += [f"{name}.{key} : {problem}" for problem in said]
                if code != FRENCH and text == french[name][key] and _is_words(text):
                    found.append(f"{name}.{key} : laissé en français ; traduisez ou enlevez la ligne.")
    return found


def own_share(text: str, script: str) -> float:
    """Share of the letters of a text that belong to a script; 1 where there is no letter."""
    letters = [char for char in text if char.isalpha()]
    mine = [char for char in letters if unicodedata.name(char, "").startswith(SCRIPT_NAMES[script])]
    return len(mine) / len(letters) if letters else 1.0


def _about(own: dict[str, Any]) -> Iterator[str]:
    about = own["langue"]
    expected = "rtl" if about["ecriture"] in _RIGHT_TO_LEFT else "ltr"
    if about["sens"] != expected:
        yield f"langue.sens : pour cette écriture, écrivez « {expected} »."
    if not isinstance(about.get("relu", False), bool):
        yield "langue.relu : écrivez true ou false, sans guillemets."
    said = [text for name in SECTIONS for _, text in _items(own.get(name)) if isinstance(text, str)]
    share = own_share(_BRACES.sub("", " ".join(said)), about["ecriture"])
    if share < OWN_SCRIPT:
        yield f"langue.ecriture : {share:.0%} des lettres seulement sont de l'écriture annoncée."


def _unknown(own: dict[str, Any], french: dict[str, Any]) -> Iterator[str]:
    for name, section in own.items():
        if name not in french:
            yield f"{name} : section inconnue ; celles de fr.toml sont {', '.join(french)}."
        elif not isinstance(section, dict):
            yield f"{name} : écrivez la section entre crochets, comme dans fr.toml."
        else:
            yield from (
                f"{name}.{key} : n'existe pas dans fr.toml." for key in section if key not in french[name]
            )


def _names(own: dict[str, Any]) -> Iterator[str]:
    for name, count in NAMES.items():
        if name not in own:
            continue
        if not all_named(own[name], count):
            yield f"{name}.noms : il en faut {count}, chacun entre guillemets."
        elif len(set(own[name]["noms"])) != count:
            yield f"{name}.noms : le même nom y est deux fois."
        elif any(_hides(text) for text in own[name]["noms"]):
            yield f"{name}.noms : contient un caractère invisible."
        elif mixed := [word for text in own[name]["noms"] for word in _mixed(text)]:
            yield f"{name}.noms : « {mixed[0]} » mélange deux écritures : retapez ce mot."


def _text(text: Any, french: str, *, pattern: bool) -> Iterator[str]:
    if not isinstance(text, str):
        yield "écrivez le texte entre guillemets."
        return
    if not text.strip():
        return
    if placeholders(text) != placeholders(french) or re.search(r"[{}]", _BRACES.sub("", text)):
        wanted = ", ".join(f"{{{word}}}" for word in placeholders(french)) or "aucun ici"
        yield f"gardez exactement les mots entre accolades ({wanted})."
    if not pattern and _figures(text) != _figures(french):
        yield "gardez les chiffres du français, écrits de 0 à 9."
    if _hides(text):
        yield "contient un caractère invisible ou un retour à la ligne."
    for word in _mixed(text):
        yield f"« {word} » mélange deux écritures : retapez ce mot."
    if text != text.strip() or "  " in text:
        yield "contient une espace de trop."
    if len(text) > max(LONGER * len(french), SHORT_TEXT):
        yield f"trop long pour l'écran ({len(text)} caractères, {len(french)} en français)."


def _figures(text: str) -> list[str]:
    """Numbers of a text: one wrong figure sends someone in danger nowhere."""
    return sorted(re.findall(r"\d+", text))


def _hides(text: str) -> bool:
    hidden = {"Cc", "Cf", "Zl", "Zp"}
    return any(unicodedata.category(char) in hidden and char not in _JOINERS for char in text)


def _mixed(text: str) -> list[str]:
    """Words with letters of two scripts: a Latin «a» typed among Cyrillic letters is seen by no eye."""
    words = _LETTERS.findall(_BRACES.sub("", text))
    return [word for word in words if len({name for char in word if (name := _script(char))}) > 1]


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return next((known for known in SCRIPT_NAMES.values() if name.startswith(known)), "")


def _is_words(text: str) -> bool:
    return text not in _SHARED and _WORD.search(_BRACES.sub("", text)) is not None


def _items(section: Any) -> list[tuple[str, Any]]:
    return list(section.items()) if isinstance(section, dict) else []
