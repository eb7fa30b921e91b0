"""Simple French hours → OSM syntax, by a small grammar that refuses what it does not know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from reseau.hours._osm import MAX_LENGTH
from reseau.hours.week import CLOSED_WEEK, Slot, clock, from_week

_DAY_WORDS = (
    "lundis?|lun|lu", "mardis?|mar|ma", "mercredis?|mer|me", "jeudis?|jeu|je", "vendredis?|ven|ve",
    "samedis?|sam|sa", "dimanches?|dim|di",
)  # fmt: skip

_TOKENS = re.compile(
    "|".join(
        (
            r"(?P<always>24\s*h?\s*/\s*24(?:\s*h)?(?:\s*(?:,|et|-)?\s*7\s*j?\s*/\s*7(?:\s*j)?)?)(?![\d/])",
            r"(?P<holidays>jours? feries?)\b",
            r"(?P<everyday>tous les jours|7\s*j\s*/\s*7(?:\s*j)?|7/7)(?!\w)",
            r"(?P<time>\d{1,2}\s*(?:heures?|h)\s*[0-5]\d(?!\d|\s*h|\s*:)|\d{1,2}\s*(?:heures?|h)(?!\w)|\d{1,2}:\d{2}(?!\d)"
            r"|midi\b|minuit\b)",
            r"(?P<number>\d{1,2}(?=\s*(?:-|a\s)\s*\d{1,2}\s*(?:h|:)))",
            *(rf"(?P<day{number}>(?:{words})\b\.?)" for number, words in enumerate(_DAY_WORDS)),
            r"(?P<closed>fermee?s?\b|fermeture\b)",
            r"(?P<except>sauf\b|hors\b)",
            r"(?P<to>-|au?\b|a(?=\d)|jusqu'a\b)",
            r"(?P<and>,|/|&|\+|et\b|puis\b)",
            r"(?P<stop>;|\n|\|)",
            r"(?P<noise>ouverte?s?\b|ouvertures?\b|horaires?\b|d'|du\b|de\b|des\b|les?\b|sans interruption\b"
            r"|en continu\b|:|\.(?=\s|$))",
            r"(?P<space>\s)",
        )
    )
)
# What other brackets hold may change the hours: only this one is understood.
_HOLIDAYS_IN_BRACKETS = re.compile(r"\(\s*((?:sauf|hors|fermee?s?)\s+(?:les\s+)?jours? feries?)\s*\)")
_EVERY_DAY = frozenset(range(7))
_HOLIDAY = 7


@dataclass(slots=True)
class _Token:
    kind: str
    value: int = 0


@dataclass(slots=True)
class _Reading:
    """What was understood so far: slots stated for sets of days, and days said closed."""

    stated: list[tuple[frozenset[int], tuple[Slot, ...]]] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)


class _NotUnderstood(Exception):
    pass


def read_french(text: str) -> str:
    """OSM expression of simple French hours, empty where anything in the text is not understood."""
    if not text or len(text) > MAX_LENGTH:
        return ""
    try:
        tokens = _tokens(_HOLIDAYS_IN_BRACKETS.sub(r" \1 ", folded(text)))
        if [token.kind for token in tokens] in (["always"], ["everyday", "always"]):
            return "24/7"
        reading = _Reading()
        for segment in _split(tokens, "stop"):
            _read_segment(_Cursor(segment), reading)
        return _written(reading)
    except (_NotUnderstood, ValueError):
        return ""


def folded(text: str) -> str:
    """Lower case without accents, with plain apostrophes and dashes."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    text = "".join(char for char in text if not unicodedata.combining(char)).lower()
    return re.sub(r"[‐‑‒–—−→]", "-", text)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if match is None or match.lastgroup is None:
            raise _NotUnderstood
        if (token := _token(match.lastgroup, match[0])) is not None:
            tokens.append(token)
        position = match.end()
    return tokens


def _token(kind: str, text: str) -> _Token | None:
    if kind in ("noise", "space"):
        return None
    if kind.startswith("day"):
        return _Token("day", int(kind[3:]))
    if kind == "holidays":
        return _Token("day", _HOLIDAY)
    if kind in ("time", "number"):
        return _Token("time", _minutes(text))
    return _Token(kind)


def _minutes(text: str) -> int:
    if text in ("midi", "minuit"):
        return 12 * 60 if text == "midi" else 0
    hour, _, minute = re.sub(r"\s*(?:heures?|h|:)\s*", ":", text).partition(":")
    total = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total > 24 * 60:
        raise _NotUnderstood
    return total


def _split(tokens: list[_Token], kind: str) -> list[list[_Token]]:
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == kind:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


class _Cursor:
    """A list of tokens read from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def kind(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def take(self, kind: str) -> _Token:
        if self.kind() != kind:
            raise _NotUnderstood
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, kind: str) -> bool:
        found = self.kind() == kind
        self.at += found
        return found


def _read_segment(cursor: _Cursor, reading: _Reading) -> None:
    if cursor.kind() in ("time", "always"):
        # «8h-20h du lundi au samedi»: hours first, then one set of days, and nothing more.
        slots = _slots(cursor)
        _state(reading, _days(cursor), slots)
    else:
        while cursor.kind():
            _read_group(cursor, reading)
            cursor.skip("and")
    if cursor.kind():
        raise _NotUnderstood


def _read_group(cursor: _Cursor, reading: _Reading) -> None:
    if cursor.kind() in ("closed", "except"):
        exception = cursor.take(cursor.kind()).kind == "except"
        days = _days(cursor)
        if (exception and days != {_HOLIDAY}) or cursor.kind() in ("time", "always"):
            raise _NotUnderstood
        reading.closed |= days
        return
    days = _days(cursor)
    if cursor.skip("closed"):
        reading.closed |= days
    else:
        if cursor.kind(1) == "time":
            cursor.skip("and")
        _state(reading, days, _slots(cursor))


def _days(cursor: _Cursor) -> frozenset[int]:
    if cursor.skip("everyday"):
        return _EVERY_DAY
    days: set[int] = set()
    while True:
        first = cursor.take("day").value
        if cursor.kind() == "to" and cursor.kind(1) == "day":
            cursor.take("to")
            last = cursor.take("day").value
            if _HOLIDAY in (first, last) or first == last or cursor.kind() == "to":
                raise _NotUnderstood
            days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        else:
            days.add(first)
        if cursor.kind() == "and" and cursor.kind(1) == "day":
            cursor.take("and")
        elif cursor.kind() != "day":
            return frozenset(days)


def _slots(cursor: _Cursor) -> tuple[Slot, ...]:
    if cursor.skip("always"):
        return (("00:00", "24:00"),)
    slots: list[Slot] = []
    while True:
        start = cursor.take("time").value
        cursor.take("to")
        end = cursor.take("time").value or 24 * 60
        slots.append((clock(start), clock(end)))
        if cursor.kind() == "and" and cursor.kind(1) == "time":
            cursor.take("and")
        elif cursor.kind() != "time":
            return tuple(slots)


def _state(reading: _Reading, days: frozenset[int], slots: tuple[Slot, ...]) -> None:
    # «lun-ven 9h-12h, mercredi 14h-18h» may mean «also» or «instead»: only the same days may be said twice.
    if any(days & said and days != said for said, _ in reading.stated):
        raise _NotUnderstood
    reading.stated.append((days, slots))


def _written(reading: _Reading) -> str:
    days: list[tuple[Slot, ...]] = list(CLOSED_WEEK)
    open_days: set[int] = set()
    for said, slots in reading.stated:
        if _HOLIDAY in said:
            raise _NotUnderstood
        open_days |= said
        for day in said:
            days[day] += slots
    # A day said open by itself then closed is a contradiction; «tous les jours, fermé le dimanche» is not.
    for day in (reading.closed & open_days) - {_HOLIDAY}:
        if any(day in said and len(said) == 1 for said, _ in reading.stated):
            raise _NotUnderstood
        days[day] = ()
    return from_week(days, closed_on_holidays=_HOLIDAY in reading.closed)
