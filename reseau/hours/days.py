"""Hours given day by day: columns of a table, ranges of a directory, OSM syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reseau.hours._french import folded, read_french
from reseau.hours._osm import canonical
from reseau.hours.parse import ParsedHours
from reseau.hours.week import CLOSED_WEEK, DAY_NAMES, Slot, from_weeks, to_week_grid

# How tables fill the ranges they do not use.
_FILLER = re.compile(r"0?0[:h]00\s*-\s*0?0[:h]00")
_BETWEEN = re.compile(r"\s*[/;,]\s*|\s+et\s+")
_CLOSED = re.compile(r"(?:est )?fermee?s?\.?|-|/")
_CLOCK = re.compile(r"(\d{1,2}:\d{2})(?::\d{2})?")
_HOLIDAYS_ONLY = re.compile(
    r"(?:(?:est |sont )?(?:fermee?s?|fermeture)|sauf|hors|a l'exception des)\s+(?:les |des )?jours feries\.?"
)
# A day that is named without times: some time that day.
_SOME_TIME: tuple[Slot, ...] = (("00:00", "24:00"),)
_APPOINTMENT = re.compile(r"\b(?:sur|avec|uniquement) (?:prise de )?(?:rendez-vous|rdv)\b")
_TIME_WORDS = re.compile(
    r"\b(?:lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|janvier|fevrier|mars|avril|mai|juin"
    r"|juillet|aout|septembre|octobre|novembre|decembre|ete|vacances|scolaires?|semaines?|quinzaine|mois|matins?"
    r"|apres-midis?|midi|soirs?|soirees?|sauf|hors|uniquement|seulement|exceptionnel\w*|ferme\w*|feries?"
    r"|premiers?|1ers?|deuxiemes?|2emes?|troisiemes?|3emes?|derniers?|sur deux|jusqu)\b"
    r"|\b\d{1,2}\s*(?:h|:)\s*\d{0,2}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Hours of a run of days, as a directory gives them.

    Attributes:
        first, last: French names of days, both included; `last` empty for one day.
        slots: (start, end) as `HH:MM` or `HH:MM:SS`; a pair of empty texts is left out.
        comment: remark about these days.
    """

    first: str
    last: str = ""
    slots: tuple[Slot, ...] = ()
    comment: str = ""


def from_osm(text: str) -> ParsedHours:
    """Hours of a source that writes OSM syntax: kept as they are when valid, else as text."""
    written = text.strip()
    return ParsedHours(written, "") if canonical(written) else ParsedHours("", written)


def from_day_columns(days: Mapping[int, str], *, empty_is_closed: bool, remark: str = "") -> ParsedHours:
    """Hours of a table with a column for each day.

    Args:
        days: weekday (0 Monday – 6 Sunday) → text of its column: «09:00 - 12:00 / 14:00 - 17:00», «fermé».
        empty_is_closed: whether the source says so of an empty day (and of a day it has no column for);
            hours that leave a day unknown cannot be written, they stay text.
        remark: what the source says beside; where it speaks of days or times, no hour is certain any more
            and it is kept as text.
    """
    given = {day: text.strip() for day, text in sorted(days.items()) if text.strip()}
    if not given:
        return ParsedHours("", remark if changes_hours(remark) else "")
    rows = [_day_slots(given.get(day, "")) for day in range(7)]
    if any(row is None for row in rows) or not (empty_is_closed or len(given) == 7):
        return ParsedHours("", _written(given, remark))
    unsure = frozenset(range(7)) if changes_hours(remark) else frozenset()
    osm = _osm([row or () for row in rows], unsure, closed_on_holidays=says_closed_on_holidays(remark))
    if not osm:
        return ParsedHours("", _written(given, remark))
    return ParsedHours(osm, remark if unsure else "")


def from_ranges(ranges: Sequence[DayRange], *, remark: str = "") -> ParsedHours:
    """Hours of a directory that gives runs of days; a day it does not name is closed.

    A day whose comment speaks of days, times or appointments, or that has no times, is written `unknown`:
    what is there says when it may be open, not that it is. Comments are kept as text.

    Args:
        ranges: in any order; the same day may come twice.
        remark: about all the days.
    """
    rows: list[set[Slot]] = [set() for _ in range(7)]
    unsure = set(range(7)) if changes_hours(remark) else set()
    comments = []
    for item in ranges:
        slots = _clean_slots(item.slots)
        numbers = day_numbers(item.first, item.last)
        if slots is None or not numbers:
            return ParsedHours("", _ranges_text(ranges, remark))
        if item.comment:
            comments.append(f"{_days_text(item)} : {item.comment}")
        if not slots or changes_hours(item.comment):
            unsure |= set(numbers)
        for day in numbers:
            rows[day] |= set(slots or _SOME_TIME)
    closed = says_closed_on_holidays(remark)
    osm = _osm([tuple(sorted(row)) for row in rows], frozenset(unsure), closed_on_holidays=closed)
    if not osm:
        return ParsedHours("", _ranges_text(ranges, remark))
    return ParsedHours(osm, " ; ".join([*comments, *([remark] if remark and not closed else [])]))


def changes_hours(remark: str) -> bool:
    """Whether a remark speaks of days, times or appointments: the hours beside it are not the whole truth."""
    text = folded(remark)
    if says_closed_on_holidays(remark):
        return False
    return bool(_TIME_WORDS.search(text) or _APPOINTMENT.search(text))


def says_closed_on_holidays(remark: str) -> bool:
    """Whether a remark says that, and nothing else."""
    return _HOLIDAYS_ONLY.fullmatch(" ".join(folded(remark).split())) is not None


def day_numbers(first: str, last: str = "") -> tuple[int, ...]:
    """Weekdays from one French name to another, both included; empty for an unknown name."""
    names = [folded(name).strip() for name in (first, last or first)]
    if any(name not in DAY_NAMES for name in names):
        return ()
    start, end = (DAY_NAMES.index(name) for name in names)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


@lru_cache(maxsize=4096)
def _day_slots(cell: str) -> tuple[Slot, ...] | None:
    """Slots of one day, none for a closed one, None where the text is not understood."""
    text = _FILLER.sub("", folded(cell)).strip(" /;,")
    if not text or _CLOSED.fullmatch(text):
        return ()
    pieces = dict.fromkeys(piece for piece in _BETWEEN.split(text) if piece)
    grid = to_week_grid(read_french(f"lundi {' / '.join(pieces)}"))
    return grid[0] if grid and grid[1:] == CLOSED_WEEK[1:] else None


def _clean_slots(slots: Sequence[Slot]) -> tuple[Slot, ...] | None:
    found: list[Slot] = []
    for slot in slots:
        if not any(part.strip() for part in slot):
            continue
        start, end = (_CLOCK.fullmatch(part.strip()) for part in slot)
        if start is None or end is None:
            return None
        if start[1] != end[1]:
            found.append((start[1], "24:00" if end[1] == "00:00" else end[1]))
    return tuple(found)


def _osm(rows: Sequence[Sequence[Slot]], unsure: frozenset[int], *, closed_on_holidays: bool) -> str:
    try:
        return from_weeks(
            [() if day in unsure else row for day, row in enumerate(rows)],
            [row if day in unsure else () for day, row in enumerate(rows)],
            closed_on_holidays=closed_on_holidays,
        )
    except ValueError:
        return ""


def _written(given: Mapping[int, str], remark: str) -> str:
    days = " ; ".join(f"{DAY_NAMES[day]} : {text}" for day, text in given.items())
    return f"{days} ; {remark}" if remark else days


def _days_text(item: DayRange) -> str:
    first, last = item.first.strip().lower(), item.last.strip().lower()
    return f"{first}–{last}" if last and last != first else first


def _ranges_text(ranges: Sequence[DayRange], remark: str) -> str:
    lines = []
    for item in ranges:
        slots = ", ".join("–".join(slot) for slot in item.slots if any(slot))
        comment = f" ({item.comment})" if item.comment else ""
        lines.append(f"{_days_text(item)} {slots}{comment}".strip())
    return " ; ".join(filter(None, [*lines, remark]))
