"""Telephone numbers and e-mails in what will be shown: a number is known to be public, or it is left out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

# What people write between digits. Zero-width characters are gone before (see `plain`).
_GAP = r"[\s.·,_/()\-‐‑‒–—]{0,3}"
_COUNTRY = rf"(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{6,14}}"
_NATIONAL = rf"0{_GAP}[1-9](?:{_GAP}\d){{8}}"
_NUMBER = re.compile(rf"(?<!\d)(?:{_COUNTRY}|{_NATIONAL})(?!\d)")
# French numbers whose first zero a spreadsheet lost.
_BARE = re.compile(r"(?<![\d+])[1-9](?:\d{8}|(?:[\s.]\d\d){4})(?!\d)")
_SHORT = re.compile(
    r"(?<!\d)(?<!\d[\s.\-/])(?:1[578]|11[0-9]|196|3\d ?\d\d|1\d{3}|116 ?\d{3}|118 ?\d{3})(?![\s.\-/]?\d)"
)
# Addresses that dial or write to a telephone carry its number, most often without a sign.
_LINKED = re.compile(r"(?<!\d)(?:(?:00)?(?:33|262|590|594|596|508)0?|0)[67]\d{8}(?!\d)")
_EMAIL = re.compile(r"(?:mailto:)?[^\s@<>()\[\],;:/?=&]+@[^\s@<>()\[\],;:/?=&]+", re.IGNORECASE)
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
    written = plain(text)
    found = _EMAIL.sub(" ", written)
    if not mobiles:
        found = _without(_BARE, _without(_NUMBER, found))
    return found if found == written else _tidy(found)


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text without the private numbers that the pattern finds."""
    # Digits of every script are read as ours; one for one, so that spans stay those of the text.
    for match in reversed(list(pattern.finditer(_ascii_digits(text)))):
        if _is_private(_number(match[0])):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _tidy(text: str) -> str:
    text = re.sub(r"\(\s*\)", " ", text)
    text = re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.split()))
    return re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text).strip(" ,;:/-–—(")


def public_phone(text: object, *, mobiles: bool = False) -> str:
    """The number to show, as it is dialled; empty when none is known to be a public one.

    The first fixed or short number, else the first mobile one where the team says `mobiles`. A foreign number
    may be anyone's: it is treated as a mobile one.
    """
    written = _ascii_digits(plain(text))
    numbers = [_number(match[0]) for match in _NUMBER.finditer(written)]
    rest = _NUMBER.sub(" | ", written)
    numbers += [_number(match[0]) for match in _BARE.finditer(rest)]
    shorts = [_number(match[0]) for match in _SHORT.finditer(_BARE.sub(" | ", rest))]
    public = [number for number in numbers if not _is_private(number)] + shorts
    chosen = public or (numbers if mobiles else [])
    return _dialled(chosen[0]) if chosen else ""


def public_website(text: object, *, mobiles: bool = False) -> str:
    """A web address as given; empty where it carries an e-mail or, unless `mobiles`, a mobile number."""
    written = text.strip() if isinstance(text, str) else ""
    told = _ascii_digits(unquote(written))
    if told != plain(told) or _EMAIL.search(told.partition("://")[2]):
        return ""
    numbers = _LINKED.findall(re.sub(r"[.\-_ ()]", "", told))
    return written if mobiles or not numbers else ""


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def _number(text: str) -> str:
    """Digits of a number as dialled in France; one of another country begins with `+`."""
    digits = "".join(char for char in text if char.isdecimal())
    if text.startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        french = _FRENCH.fullmatch(digits)
        return f"0{french[1]}" if french else f"+{digits}"
    return f"0{digits}" if len(digits) == 9 else digits


def _is_private(number: str) -> bool:
    if number.startswith("+"):
        return not _PACIFIC_FIXED.fullmatch(number[1:])
    return number[:2] in {"06", "07"}


def _dialled(number: str) -> str:
    if len(number) == 10 and number.startswith("08"):
        return f"0 {number[1:4]} {number[4:6]} {number[6:8]} {number[8:]}"
    if len(number) == 10 and number[0] == "0":
        return " ".join(number[at : at + 2] for at in range(0, 10, 2))
    if len(number) == 6:
        return f"{number[:3]} {number[3:]}"
    if len(number) == 4 and number[0] == "3":
        return f"{number[:2]} {number[2:]}"
    return number
