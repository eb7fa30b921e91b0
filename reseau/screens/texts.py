"""The fixed texts of a language, from files a translator can edit (`textes/<code>.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reseau.errors import RefusedInput

FOLDER = Path(__file__).parent / "textes"
FRENCH = "fr"
SECTIONS = ("interface", "besoins", "avis", "numeros", "types")
SCRIPTS = ("latin", "cyrillique", "arabe", "tamoul", "bengali")
_CODE = re.compile(r"[a-z]{2,3}")


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
        missing: `section.key` of what is in French for want of a translation.
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
    own = _read(code)
    french = own if code == FRENCH else _read(FRENCH)
    missing: list[str] = []
    texts: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        said = {key: value for key, value in own.get(section, {}).items() if value.strip()}
        texts[section] = {**french[section], **said}
        missing += [f"{section}.{key}" for key in french[section] if key not in said]
    about = own["langue"]
    return Language(
        code=code,
        name=about["nom"],
        dir=about["sens"],
        script=about["ecriture"],
        reviewed=bool(about.get("relu", False)),
        texts=texts,
        days=tuple(own.get("jours", french["jours"])["noms"]),
        months=tuple(own.get("mois", french["mois"])["noms"]),
        missing=tuple(missing),
    )


def _read(code: str) -> dict[str, dict[str, str]]:
    path = FOLDER / f"{code}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedInput(
            f"Le fichier de langue {path.name} ne se lit pas ({error}). Corrigez-le ou retirez-le."
        ) from error
