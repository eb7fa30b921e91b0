"""What a sheet says, in one language: texts filled in, hours in words, French where French is all there is.

A text of a sheet is a `Said`: the template sets it as it is, in its language and its direction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypedDict

from fontTools.ttLib import TTFont

from reseau.model.vocabulary import LANGUAGES
from reseau.screens.content import LanguagePart, Span, Texts
from reseau.screens.fonts import FACES, source_file
from reseau.screens.phones import plain
from reseau.screens.texts import FRENCH, bound, language_codes, load_language

MIDNIGHT = 24 * 60
_SECTIONS = {"interface": "interface", "needs": "besoins", "numbers": "numeros"}
_JOINERS = "\u200c\u200d"
_VIRAMA = 9
"""Combining class of the signs that join two letters of Indian scripts."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TIED = "\ue000{}\ue001"
"""Around what is not cut at the end of a line. No text that somebody typed can hold these signs (`plain`)."""
_CLUSTER = 12
"""Marks and joined letters drawn as one at most: languages use fewer, and thousands make the drawing fail."""


class Said(TypedDict):
    """A text: `dir` of its first letter; `french`: in French for want of the language of the sheet."""

    t: str
    lang: str
    dir: str
    french: bool


class Words:
    """The texts of one language of a screen."""

    def __init__(self, part: LanguagePart) -> None:
        self.part = part
        self._missing = frozenset(part["missing"])
        self._comma = "، " if part["dir"] == "rtl" else ", "

    def say(self, key: str, section: str = "interface", **values: str) -> Said:
        """A fixed text, its words in braces replaced by values."""
        french = self._lacks(f"{_SECTIONS[section]}.{key}")
        return self._said(self._filled(self._texts(section).get(key, ""), values), french=french)

    def several(self, keys: Sequence[str]) -> list[Said]:
        """Fixed texts, in one line when all are in the same language."""
        said = [self.say(key) for key in keys]
        if len(said) < 2 or any(item["french"] != said[0]["french"] for item in said):
            return said
        return [said[0] | {"t": " · ".join(item["t"] for item in said)}]

    def team(self, texts: Texts, limit: int) -> Said:
        """A text by language: that of the sheet, else the French one, cut at `limit` characters."""
        own = texts.get(self.part["code"], "").strip()
        return self._said(cut(own or texts.get(FRENCH, ""), limit), french=not own)

    def own(self, text: str, limit: int) -> Said:
        """A name or an address, which belongs to no language of the sheet, cut at `limit` characters."""
        shown = cut(text, limit)
        return Said(t=shown, lang=FRENCH, dir=direction(shown), french=False)

    def hours(self, week: Sequence[Sequence[Span]] | None) -> list[Said]:
        """Usual hours, days that have the same ones together; empty where they are unknown."""
        if week is None or not any(week):
            return []
        if all(list(map(tuple, day)) == [(0, MIDNIGHT)] for day in week):
            return [self.say("always")]
        french = self._lacks("jours.noms") or self._lacks("interface.time_hour")
        colon = "\u00a0: " if french or self.part["code"] == FRENCH else ": "
        lines = [f"{self._days(days)}{colon}{self._spans(spans)}" for days, spans in _grouped(_nights(week))]
        return [self._said(line, french=french) for line in lines]

    def date(self, day: str) -> str:
        """A day in words, with its year: a sheet outlives the year it was printed in."""
        year, month, number = (int(piece) for piece in day.split("-"))
        values = {
            "day": self.part["days"][weekday(day)],
            "n": str(number),
            "month": self.part["months"][month - 1],
        }
        return f"{self._filled(self._texts('interface')['date'], values)} {year}"

    def spoken(self, codes: Iterable[str]) -> Said | None:
        """Languages spoken, each in its own words where Réseau has them; None when nothing is to be said."""
        names = [name for code in codes if code != FRENCH and (name := _language_name(code))]
        return self.say("spoken", languages=self._comma.join(map(_TIED.format, names))) if names else None

    def _texts(self, section: str) -> dict[str, str]:
        return {
            "interface": self.part["interface"],
            "needs": self.part["needs"],
            "numbers": self.part["numbers"],
        }[section]

    def _lacks(self, key: str) -> bool:
        return key in self._missing and self.part["code"] != FRENCH

    def _said(self, text: str, *, french: bool) -> Said:
        french = french and self.part["code"] != FRENCH
        return Said(
            t=drawn(text),
            lang=FRENCH if french else self.part["code"],
            dir="ltr" if french else self.part["dir"],
            french=french and bool(text),
        )

    @staticmethod
    def _filled(template: str, values: dict[str, str]) -> str:
        return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), template)

    def _days(self, days: Sequence[int]) -> str:
        names = self.part["days"]
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return f"{names[days[0]]}–{names[days[-1]]}"
        return self._comma.join(names[day] for day in days)

    def _spans(self, spans: Sequence[Span]) -> str:
        pieces = (_TIED.format(f"{self._time(start)}–{self._time(end)}") for start, end in spans)
        return self._comma.join(pieces)

    def _time(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        key = "time_minutes" if rest else "time_hour"
        filled = self._filled(self._texts("interface")[key], {"h": str(hours), "mm": f"{rest:02d}"})
        return filled.replace(" ", "\u00a0")


def weekday(day: str) -> int:
    """0 (Monday) to 6 of an ISO day."""
    return date.fromisoformat(day).weekday()


def cut(text: str, limit: int) -> str:
    """A text without invisible characters, at most that long, that the fonts of the sheets can draw."""
    shown = bound(calm(drawn(plain(text))))
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def drawn(text: str) -> str:
    """The text without what no font of the sheets draws: a letter is replaced by «?», a picture left out."""
    known = _characters()
    return "".join(char if ord(char) in known else _instead(char) for char in text)


def calm(text: str) -> str:
    """The text without the marks and joiners that follow `_CLUSTER` characters drawn as one."""
    kept: list[str] = []
    length = 0
    for char in text:
        joins = unicodedata.category(char)[0] == "M" or char in _JOINERS
        joined = bool(kept) and (kept[-1] in _JOINERS or unicodedata.combining(kept[-1]) == _VIRAMA)
        length = length + 1 if joins or joined else 0
        if length < _CLUSTER:
            kept.append(char)
    return "".join(kept)


def direction(text: str) -> str:
    """Direction of the first letter."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    first = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


def _instead(char: str) -> str:
    if char in _TIED:
        return char
    return "?" if unicodedata.category(char)[0] in "LN" else ""


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    known: set[int] = set()
    for path in {source_file(face) for face in FACES}:
        with TTFont(path, lazy=True) as font:
            known |= set(font.getBestCmap())
    return frozenset(known)


def _language_name(code: str) -> str:
    return load_language(code).name if code in language_codes() else LANGUAGES.get(code, "")


def _nights(week: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """The same week with what runs over midnight on the day it starts."""
    days = [[(int(start), int(end)) for start, end in day] for day in week]
    whole = [day == [(0, MIDNIGHT)] for day in days]
    joined = [list(day) for day in days]
    for number, day in enumerate(days):
        after = (number + 1) % 7
        late = [span for span in day if span[1] == MIDNIGHT and span[0] > 0]
        early = [span for span in days[after] if span[0] == 0 and span[1] < MIDNIGHT]
        if late and early and not whole[number] and not whole[after]:
            joined[number][joined[number].index(late[0])] = (late[0][0], early[0][1])
            joined[after].remove(early[0])
    return joined


def _grouped(week: Sequence[Sequence[Span]]) -> list[tuple[list[int], list[Span]]]:
    """Open days by hours, in the order of the first day of each."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    for number, day in enumerate(week):
        if day:
            groups.setdefault(tuple(day), []).append(number)
    return [(days, list(spans)) for spans, days in groups.items()]
