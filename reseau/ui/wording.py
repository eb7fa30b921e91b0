"""Numbers, dates and lists as they are written in French."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from reseau.model import french
from reseau.model.french import THIN

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
UNKNOWN = "non renseigné"
# Streamlit makes links and icons of these even when escaped: an invisible joiner keeps them text.
SHORTCODES = re.compile(r":(?=[\w+\-/]+:)")
AUTOLINKS = re.compile(r"https?:|www|ftp:", re.IGNORECASE)


def number(value: float | None, digits: int = 0) -> str:
    """«3 200», «2,9»; an unknown figure says so."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNKNOWN
    return f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")


def percent(share: float | None) -> str:
    """A share 0–1 as «45 %», «moins de 1 %»."""
    return UNKNOWN if share is None or math.isnan(share) else french.percent(share)


def distance(metres: float | None) -> str:
    """«850 m» below a kilometre, «2,9 km» above."""
    return UNKNOWN if metres is None or math.isnan(metres) else french.distance(metres)


def minutes(value: float | None) -> str:
    """«12 min», «1 h 05»."""
    return UNKNOWN if value is None or math.isnan(value) else french.duration(value)


def plural(count: int, one: str, many: str | None = None) -> str:
    """«1 structure», «2 structures», «0 structure»: in French zero is singular."""
    return f"{number(count)} {one if count < 2 else (many or one + 's')}"


def counted(label: str, count: int) -> str:
    """«Filtres (2)», «Filtres» when there is none."""
    return f"{label} ({number(count)})" if count else label


def day(value: date | None) -> str:
    """«22 novembre 2026»."""
    if not isinstance(value, date):
        return UNKNOWN
    return french.written_day(value)


def short_day(value: date | None) -> str:
    """«22/11/2026»."""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else ""


def yes_no(value: Any) -> str:
    """«oui», «non» or «non renseigné»."""
    return {True: "oui", False: "non"}.get(value, UNKNOWN) if isinstance(value, bool) else UNKNOWN


def unique_labels(labels: Mapping[Any, str]) -> dict[Any, str]:
    """The same labels, those that repeat told apart by their identifier.

    A select box knows its options by their label: of two that read the same, only the last can be chosen.
    """
    times = Counter(labels.values())
    return {key: f"{text} (n° {key})" if times[text] > 1 else text for key, text in labels.items()}


def markdown_text(text: str) -> str:
    """Text of a person or a file as plain text inside Markdown: no link, no emphasis, no HTML, no formula."""
    text = AUTOLINKS.sub("\\g<0>\u2060", text).replace("@", "\u2060@")
    text = SHORTCODES.sub(":\u2060", text)
    escaped = "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+-.!|~$:&" else char for char in text)
    return re.sub(r"[ \t\r\n\f\v]+", " ", escaped).strip()
