"""Telephone numbers and e-mails in what will be shown: a number is known to be public, or it is left out."""

from __future__ import annotations

import re
import unicodedata

# What people write between digits. Zero-width characters are gone before (see `plain`).
_GAP = r"[\s.·,_/()\-‐‑‒–—]{0,3}"
_COUNTRY = rf"(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{6,14}}"
_NATIONAL = rf"0{_GAP}[1-9](?:{_GAP}\d){{8}}"
_NUMBER = re.compile(rf"(?<!\d)(?:{_COUNTRY}|{_NATIONAL})(?!\d)")
# French numbers whose first zero a spreadsheet lost.
_BARE = re.compile(rf"(?<![\d+])[1-9](?:{_GAP}\d){{8}}(?!\d)")
_SHORT = re.compile(r"(?<!\d)(?:1[578]|11[0-9]|196|3\d ?\d\d|1\d{3}|116 ?\d{3}|118 ?\d{3})(?!\d)")
_EMAIL = re.compile(r"(?:mailto:)?[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+", re.IGNORECASE)
# Country codes that lead to ten-digit French numbers.
_FRENCH = re.compile(r"(?:33|262|590|594|596|508)0?([1-9]\d{8})")
# Fixed lines of the collectivities of the Pacific, whose numbers are shorter.
_PACIFIC_FIXED = re.compile(r"689[4]\d{7}|687[234]\d{5}|68172\d{4}")
_JOINERS = "\u200c\u200d"


def plain(text: object, *, lines: bool = False) -> str:
    """A text without control, direction or invisible characters; on one line unless `lines`.

    What is not text is empty. The joiners of Indian and Persian scripts stay.
    """
    if not isinstance(text, str):
        return ""
    rows = unicodedata.normalize("NFC", text).splitlines()
    kept = [" ".join("".join(map(_visible, row)).split()) for row in rows]
    return ("\n" if lines else " ").join(kept).strip()


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs", "Co", "Cn"} and char not in _JOINERS else char


def public_text(text: object, *, mobiles: bool = False) -> str:
    """`plain` text on one line without e-mail addresses nor, unless `mobiles`, mobile numbers."""
    found = _EMAIL.sub(" ", plain(text))
    if not mobiles:
        found = _NUMBER.sub(lambda match: " " if _is_private(_digits(match[0])) else match[0], found)
        found = _BARE.sub(lambda match: " " if _digits(match[0])[0] in "67" else match[0], found)
    if found == plain(text):
        return found
    return re.sub(r"\s+([,.;:)])", r"\1", " ".join(found.split())).strip(" ,;:/-–—(")


def public_phone(text: object, *, mobiles: bool = False) -> str:
    """The number to show, as it is dialled; empty when none is known to be a public one.

    The first fixed or short number, else the first mobile one where the team says `mobiles`. A foreign number
    may be anyone's: it is treated as a mobile one.
    """
    written = plain(text)
    numbers = [_digits(match[0]) for match in _NUMBER.finditer(written)]
    rest = _NUMBER.sub(" | ", written)
    numbers += [f"0{_digits(match[0])}" for match in _BARE.finditer(rest)]
    shorts = [_digits(match[0]) for match in _SHORT.finditer(_BARE.sub(" | ", rest))]
    public = [number for number in numbers if not _is_private(number)] + shorts
    chosen = public or (numbers if mobiles else [])
    return _dialled(chosen[0]) if chosen else ""


def _digits(text: str) -> str:
    """ASCII digits of a number; one written with its country begins with `+` unless it is French."""
    digits = "".join(str(unicodedata.digit(char)) for char in text if char.isdecimal())
    if not text.startswith("+") and not digits.startswith("00"):
        return digits
    digits = digits.removeprefix("00")
    french = _FRENCH.fullmatch(digits)
    return f"0{french[1]}" if french else f"+{digits}"


def _is_private(number: str) -> bool:
    if number.startswith("+"):
        return not _PACIFIC_FIXED.fullmatch(number[1:])
    return number[:2] in {"06", "07"}


def _dialled(number: str) -> str:
    if len(number) == 10 and number[0] == "0":
        return " ".join(number[at : at + 2] for at in range(0, 10, 2))
    if len(number) == 4 and number[0] == "3":
        return f"{number[:2]} {number[2:]}"
    return number
