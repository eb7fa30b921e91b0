"""A street address as something to compare: a range of house numbers and the words of the street."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reseau.matching.words import Abbreviations
from reseau.model.typology import normalise

_MAX_NUMBER = 99_999


@dataclass(frozen=True, slots=True)
class Address:
    """House numbers `first`–`last` (0: none) and the street's own words, in order («victor hugo»)."""

    first: int = 0
    last: int = 0
    street: str = ""


def read_address(text: str, table: Abbreviations) -> Address:
    """Take a street address apart: «Maison X - 5-9 bd V. Hugo, BP 12» → 5, 9, «v hugo»."""
    words = _without_boxes(normalise(text).split(), table)
    start = _street_starts(words, table)
    before, street = words[:start], words[start:]
    numbers = _house_numbers(before, table)
    if street and street[0] in table.streets:
        street = street[1:]
    own = [word for word in table.written_out(" ".join(street)) if not re.fullmatch(r"\d{5}", word)]
    return Address(min(numbers, default=0), max(numbers, default=0), " ".join(own))


def _without_boxes(words: list[str], table: Abbreviations) -> list[str]:
    """«BP 40077» says where the mail goes, «bât. B» where inside: neither is the house number."""
    kept: list[str] = []
    skip = False
    for word in words:
        if word in table.boxes:
            skip = True
        elif skip and (word.isdecimal() or len(word) == 1):
            skip = False
        else:
            kept.append(word)
            skip = False
    return kept


def _street_starts(words: list[str], table: Abbreviations) -> int:
    """Position of the first word of the street: its kind after a number, else what follows the number."""
    for rank, word in enumerate(words):
        if word in table.streets and (rank == 0 or _numbered(words, rank, table)):
            return rank
    for rank, word in enumerate(words):
        if word in table.streets and len(word) > 2:
            return rank
    rank = 0
    while rank < len(words) and _is_number(words[rank], table, first=rank == 0):
        rank += 1
    return rank


def _numbered(words: list[str], rank: int, table: Abbreviations) -> bool:
    return any(word.isdecimal() for word in words[max(0, rank - 2) : rank]) and _is_number(
        words[rank - 1], table, first=False
    )


def _is_number(word: str, table: Abbreviations, *, first: bool) -> bool:
    if re.fullmatch(r"\d{1,5}[a-d]?", word):
        return True
    return not first and (word in table.repeats or (len(word) == 1 and word in "abcd"))


def _house_numbers(before: list[str], table: Abbreviations) -> list[int]:
    """Numbers that stand right before the street («5 9 bis» of «Bâtiment 3, 5-9 bis rue…»)."""
    numbers: list[int] = []
    for word in reversed(before):
        if not _is_number(word, table, first=False):
            break
        if digits := re.match(r"\d+", word):
            numbers.append(int(digits[0]))
    return [number for number in numbers[:2] if 0 < number <= _MAX_NUMBER]
