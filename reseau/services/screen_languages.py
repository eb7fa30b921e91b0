"""Languages a waiting-room screen can speak, and how far each translation has come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reseau.errors import RefusedInput
from reseau.screens import texts
from reseau.screens.text_checks import check_language
from reseau.screens.texts import FRENCH, language_codes, load_language


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageState:
    """One language file.

    Attributes:
        code: ISO 639 code.
        name: in its own words; the code where the file cannot be read.
        reviewed: a person whose language it is has read every line.
        in_french: `section.key` of the texts a screen shows in French; None where the file cannot be read.
        to_correct: French sentences, empty for a file in order.
    """

    code: str
    name: str
    reviewed: bool
    in_french: tuple[str, ...] | None
    to_correct: tuple[str, ...]

    @property
    def summary(self) -> str:
        """A few French words."""
        if self.in_french is None:
            return "illisible"
        words = ["relue" if self.reviewed else "non relue"]
        if count := len(self.in_french):
            words.append(f"{count} texte{'s' if count > 1 else ''} en français")
        return ", ".join(words)


def list_languages() -> list[LanguageState]:
    """Every language that has a file, French first; a damaged file is told, it stops nothing."""
    french = _stamp(FRENCH)
    return [_state(code, _stamp(code), french) for code in language_codes()]


def _stamp(code: str) -> tuple[str, int, int]:
    """What tells a file from another, or from itself changed."""
    path = texts.FOLDER / f"{code}.toml"
    about = path.stat()
    return str(path), about.st_mtime_ns, about.st_size


@lru_cache(maxsize=64)
def _state(code: str, _own: tuple[str, int, int], _model: tuple[str, int, int]) -> LanguageState:
    to_correct = tuple(check_language(code))
    try:
        language = load_language(code)
    except RefusedInput:
        return LanguageState(code=code, name=code, reviewed=False, in_french=None, to_correct=to_correct)
    return LanguageState(
        code=code,
        name=language.name,
        reviewed=language.reviewed,
        in_french=language.missing,
        to_correct=to_correct,
    )
