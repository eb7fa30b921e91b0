"""Bytes of a text file to text, with the encoding found; cleaning of one cell."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

UTF8 = "UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8", UTF8), (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
         (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"))  # fmt: skip
_EIGHT_BIT = (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "DOS 850"))
_FRENCH = frozenset("éèêëàâäçùûüôöîïÉÈÊÀÂÇÔÎœŒ’‘«»–—°€…ÿ²")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u3000]")
# Control characters, and halves of characters (JSON may hold them) that no database can write.
_UNWRITABLE = frozenset({"Cc", "Cs"})
_FORMULA_TEXT = re.compile(r'=\s*"([^"]*)"')
_BETWEEN_EQUALS = re.compile(r"=+\s*([^=]*?)\s*=+")
# What our exports protect with one apostrophe: see `neutralise` in `reseau.exports`.
_PROTECTED = re.compile(r"''*\s*[=+\-@＝＋－＠]")
# Two or three bytes of UTF-8 seen through the Windows table.
_FOLLOWING = "[\x80-\xbf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore") + "]"
_DOUBLED = re.compile(f"[\xc2-\xdf]{_FOLLOWING}|[\xe0-\xef]{_FOLLOWING}{{2}}")
_SPREADSHEET_ERROR = re.compile(
    r"#(?:REF!|N/A|NOM\?|NAME\?|VALEUR!|VALUE!|DIV/0!|NUL!|NULL!|NOMBRE!|NUM!|CALC!|SPILL!|PROPAGATION!|#{2,})"
)
# NIR: sex, year, month (or its administrative codes), department, commune, order, key (optional).
_NIR = re.compile(
    r"(?<![0-9])[12][\s.\-]?\d{2}[\s.\-]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.\-]?(?:\d{2}|2[ABab])[\s.\-]?\d{3}"
    r"[\s.\-]?\d{3}(?:[\s.\-/]?\d{2})?(?![0-9])"
)
NIR_MASK = "[numéro masqué]"


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(text: str) -> Iterator[str]:
    """Lines of a text with their ends, as the CSV reader wants them.

    `io.StringIO` would take four times the text again; `splitlines` cuts at characters that texts may hold.
    """
    return (found[0] for found in _LINE.finditer(text))


def decode(data: bytes) -> tuple[str, str, int]:
    """Text, French name of its encoding and number of unreadable characters (replaced by «�»).

    A byte order mark is believed; then strict UTF-8, then UTF-16 without mark; then, when nearly all
    accents are UTF-8, UTF-8 with replacements; else the eight-bit table that gives most French letters.
    """
    for bom, codec, label in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(codec, errors="replace")
            return text, label, text.count("\ufffd")
    wide = _wide_codec(data[:4096])
    if wide:
        text = data.decode(wide, errors="replace")
        return text, "UTF-16", text.count("\ufffd")
    try:
        return data.decode("utf-8"), UTF8, 0
    except UnicodeDecodeError:
        return _decode_eight_bit(data)


def _wide_codec(head: bytes) -> str:
    if head[1::2].count(0) > len(head) * 0.3:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) * 0.3 else ""


def _decode_eight_bit(data: bytes) -> tuple[str, str, int]:
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(char > "\x7f" for char in text) - bad
    if good > 9 * bad:
        return text, UTF8, bad
    sample = data[:200_000]
    codec, label = max(_EIGHT_BIT, key=lambda pair: _french_letters(sample, pair[0]))
    text = data.decode(codec, errors="replace")
    return text, label, text.count("\ufffd")


def _french_letters(data: bytes, codec: str) -> int:
    high = bytes(byte for byte in data if byte > 127)
    text = high.decode(codec, errors="replace")
    # A capital letter in the middle of accents is rarer than a small one: it breaks ties between tables.
    return sum(2 if char in "éèàêç" else char in _FRENCH for char in text)


def clean_cell(text: str) -> str:
    """Text of a cell without control or invisible characters, formula damage or export protection.

    `=11=` and `="11"` give `11`; the apostrophe our own exports put before `=`, `+`, `-`, `@` goes away.
    """
    if text.isalnum() and text.isascii():
        return text
    text = undouble(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    text = "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in _UNWRITABLE
    ).strip()
    for damage in (_FORMULA_TEXT, _BETWEEN_EQUALS):
        if found := damage.fullmatch(text):
            text = found[1].strip()
    return text[1:].strip() if _PROTECTED.match(text) else text


def is_spreadsheet_error(text: str) -> bool:
    """Whether a cell holds what a spreadsheet writes where a formula failed."""
    return text.startswith("#") and _SPREADSHEET_ERROR.fullmatch(text) is not None


def undouble(text: str) -> str:
    """Accents that were read once too often («Ã©» for «é») put right, letter by letter."""
    if "Ã" not in text and "â€" not in text:
        return text

    def again(found: re.Match[str]) -> str:
        data = b"".join(_eight_bits(char) for char in found[0])
        return data.decode("utf-8", "ignore") or found[0]

    return _DOUBLED.sub(again, text)


def _eight_bits(char: str) -> bytes:
    # Five bytes have no letter in the Windows table: programs leave them as they are.
    return bytes([ord(char)]) if ord(char) < 256 else char.encode("cp1252")


def clean_header(text: str) -> str:
    """Name of a column on one line."""
    return " ".join(clean_cell(text).split())


def has_nir(text: str) -> bool:
    """Whether a text holds what looks like a French social-security number."""
    return len(text) > 12 and _NIR.search(text) is not None


def mask_nir(text: str) -> str:
    """The text without any social-security number: it must not be kept, not even in a refused row."""
    return _NIR.sub(NIR_MASK, text) if len(text) > 12 else text
