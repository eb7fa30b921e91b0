"""What is left of a French name or address once written in one way, by one table of abbreviations."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reseau.model.typology import normalise

TABLE = Path(__file__).parent / "abreviations.csv"
# Words of these kinds contradict each other: a consultation for children is not the one for adults.
OPPOSED = ("age", "cote", "genre")
# Of these, one name alone is enough: the bus is not the office it leaves from.
MODE = "mode"
# Longer texts are not names; comparing them whole would only cost time.
MAX_LENGTH = 300
_DOTTED = re.compile(r"(?<!\w)(?:\w\.){2,}\w?(?!\w)")
_ROMAN = re.compile(r"(?=[ivx]{2,})(x{0,3})(ix|iv|v?i{0,3})")
_ORDINAL = re.compile(r"(\d+)(?:er|ere|e|eme|nd|nde)")
_LETTERS_THEN_DIGITS = re.compile(r"([a-z]{2,})(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        words: every word kept, abbreviations undone, names of services as their acronym.
        own: those that tell this place from another of its kind.
        kinds: acronyms of services (`cmp`, `ehpad`).
        numbers: figures, Roman ones included.
        sides: words that contradict others of their kind, as `age:enfants`.
        mobile: it goes to people (a bus, an outreach team).
        initials: first letters of the words as written, with and without the small ones.
    """

    words: tuple[str, ...]
    own: tuple[str, ...]
    kinds: frozenset[str]
    numbers: frozenset[str]
    sides: frozenset[str]
    mobile: bool
    initials: tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Abbreviations:
    """The table, compiled. An empty one leaves words as they are.

    Attributes:
        words: abbreviation → words (`tlse` → `toulouse`).
        phrases: words → acronym (`centre`, `medico`, `psychologique` → `cmp`), longest first by length.
        streets: kinds of street → one spelling.
        repeats: what follows a house number (`bis`).
        boxes: what announces a post-office box or a building.
        dropped: legal forms and small words.
        common: words many names share.
        sides: word → `kind:value` for the kinds of `OPPOSED`.
        mobile: words that say it goes to people.
        acronyms: every acronym of a service.
    """

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    streets: Mapping[str, str] = field(default_factory=dict)
    repeats: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    sides: Mapping[str, str] = field(default_factory=dict)
    mobile: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()

    @property
    def longest(self) -> int:
        """Words of the longest phrase."""
        return max(map(len, self.phrases), default=0)

    def written_out(self, text: str) -> list[str]:
        """Words of a text, abbreviations undone, small words and legal forms dropped."""
        joined = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
        words = [
            part
            for word in normalise(joined).split()
            for whole in self.words.get(word, (word,))
            for part in _split(_singular(whole))
        ]
        kept = [word for word in words if word not in self.dropped]
        return kept or words

    def contracted(self, words: Iterable[str]) -> list[str]:
        """Names of services as their acronym, longest phrases first."""
        left = list(words)
        made: list[str] = []
        longest = self.longest
        while left:
            for size in range(min(longest, len(left)), 0, -1):
                if acronym := self.phrases.get(tuple(left[:size])):
                    made.append(acronym)
                    del left[:size]
                    break
            else:
                made.append(left.pop(0))
        return made

    def name(self, text: str, *, commune: str = "") -> Name:
        """Take a name apart. The name of its commune is not what tells a place from its neighbours."""
        text = text[:MAX_LENGTH]
        # A name in another alphabet is compared as it is written.
        # Said twice («Maison… des personnes handicapées (MDPH)») is said once.
        words = tuple(dict.fromkeys(self.contracted(self.written_out(text)) or text.casefold().split()))
        here = set(self.written_out(commune))
        numbers = frozenset(filter(None, map(_number, words)))
        kinds = frozenset(word for word in words if word in self.acronyms)
        sides = frozenset(self.sides[word] for word in words if word in self.sides)
        own = tuple(
            word
            for word in words
            if word not in self.common
            and word not in kinds
            and word not in here
            and word not in self.sides
            and word not in self.mobile
            and _number(word) is None
        )
        mobile = not self.mobile.isdisjoint(words)
        return Name(words, own, kinds, numbers, sides, mobile, self._initials(text))

    def _initials(self, text: str) -> tuple[str, str]:
        bare = normalise(text).split()
        return (
            "".join(word[0] for word in bare),
            "".join(word[0] for word in bare if word not in self.dropped),
        )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] != "s" else word


def _split(word: str) -> tuple[str, ...]:
    found = _LETTERS_THEN_DIGITS.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


def _number(word: str) -> str | None:
    """A figure as digits, None for another word."""
    if word.isdecimal():
        return str(int(word)) if len(word) < 10 else word
    if found := _ORDINAL.fullmatch(word):
        return str(int(found[1][:9]))
    found = _ROMAN.fullmatch(word)
    if not found:
        return None
    units = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
    return str(10 * len(found[1]) + units[found[2]])


@cache
def load_abbreviations() -> Abbreviations:
    """The table shipped with the package (UTF-8, `;`: what is written, what it becomes, kind of line)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["forme"], row["devient"], row["sorte"]) for row in csv.DictReader(file, delimiter=";")]

    def of_kind(kind: str) -> dict[str, str]:
        return {form: becomes for form, becomes, sort in rows if sort == kind}

    simple = Abbreviations(
        words={form: tuple(becomes.split()) for form, becomes in of_kind("mot").items()},
        dropped=frozenset({*of_kind("vide"), *of_kind("juridique")}),
    )
    phrases = dict(_phrases(simple, of_kind("sigle")))
    return Abbreviations(
        words=simple.words,
        phrases=phrases,
        streets=of_kind("voie"),
        repeats=frozenset(of_kind("numero")),
        boxes=frozenset(of_kind("boite")),
        dropped=simple.dropped,
        common=frozenset(map(_singular, of_kind("courant"))),
        sides={
            _singular(form): f"{kind}:{becomes}"
            for kind in OPPOSED
            for form, becomes in of_kind(kind).items()
        },
        mobile=frozenset(of_kind(MODE)),
        acronyms=frozenset(phrases.values()),
    )


def _phrases(simple: Abbreviations, written: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Phrases as `written_out` gives them, so that the table may be written as people write."""
    for form, becomes in written.items():
        yield tuple(simple.written_out(form)), becomes.replace(" ", "-")
