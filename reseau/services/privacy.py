"""What free text seems to say of a person: the author is warned before it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)33[\s.\-]?|0)[67](?:[\s.\-]?\d{2}){4}(?!\d)")
DATE = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:0?[1-9]|1[0-2])\s?[/.\-]\s?((?:19|20)\d{2})(?!\d)"
)
BORN = re.compile(
    r"\b(?:née?s?\s+(?:le|en)|date\s+de\s+naissance|naissance|ddn)\b[^\n]{0,20}\d", re.IGNORECASE
)
# A convention is rarely that old, a person often is.
OLD_YEARS = 15


def personal_hints(texts: Iterable[str], *, today: date) -> list[str]:
    """What the texts seem to contain, in French, without repetition («un numéro de téléphone mobile»).

    A guess that may be wrong both ways: it is for warning the author, never for refusing.
    """
    found: dict[str, None] = {}
    for text in texts:
        if MOBILE.search(text):
            found["un numéro de téléphone mobile"] = None
        old = any(int(year) <= today.year - OLD_YEARS for year in DATE.findall(text))
        if old or BORN.search(text):
            found["une date de naissance"] = None
    return list(found)
