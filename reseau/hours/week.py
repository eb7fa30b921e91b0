"""The week grid of the editor and its OSM writing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reseau.hours._osm import canonical

Slot = tuple[str, str]
"""Start and end of an opening, `HH:MM`, the end may be `24:00`."""

Week = tuple[tuple[Slot, ...], ...]
"""Monday to Sunday, the slots of each day in order."""

CLOSED_WEEK: Week = ((),) * 7
ALWAYS: Week = ((("00:00", "24:00"),),) * 7
DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIME = r"\d{2}:\d{2}"
_RULE = re.compile(
    rf"(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*)?"
    rf" ?(?P<times>{_TIME}-{_TIME}(?:,{_TIME}-{_TIME})*)?"
)
_UNSURE = re.compile(r'\s*unknown(?:\s+"[^"]*")?$')
_HOLIDAYS_CLOSED = re.compile(r"\s*;\s*PH\s+(?:off|closed)\s*;?\s*$", re.IGNORECASE)


def from_week(rows: Sequence[Sequence[Slot]], *, closed_on_holidays: bool = False) -> str:
    """Write a week grid in OSM syntax, consecutive days with the same hours in one range.

    Args:
        rows: seven sequences of slots, Monday first; `9:00` and `09:00` are the same.
        closed_on_holidays: add that public holidays are closed.

    Returns:
        The expression; empty when no day has a slot (nothing is known, which is not «always closed»).

    Raises:
        ValueError: not seven days, a time that does not exist, an end before its start, or overlapping
            slots. The message is in French.
    """
    if len(rows) != len(DAYS):
        raise ValueError(f"Horaires : il faut sept jours, il y en a {len(rows)}.")
    week = tuple(_checked_day(row) for row in rows)
    if not any(week):
        return ""
    text = "24/7" if week == ALWAYS else "; ".join(_rules(week))
    return f"{text}; PH off" if closed_on_holidays else text


def from_weeks(
    sure: Sequence[Sequence[Slot]], unsure: Sequence[Sequence[Slot]], *, closed_on_holidays: bool = False
) -> str:
    """As `from_week`, with a second grid of times when it is not known whether it is open.

    Raises:
        ValueError: as `from_week`.
    """
    certain = from_week(sure)
    if not any(unsure):
        return from_week(sure, closed_on_holidays=closed_on_holidays)
    if len(unsure) != len(DAYS):
        raise ValueError(f"Horaires : il faut sept jours, il y en a {len(unsure)}.")
    rules = [f"{rule} unknown" for rule in _rules(tuple(map(_checked_day, unsure)))]
    return "; ".join([*([certain] if certain else []), *rules, *(["PH off"] if closed_on_holidays else [])])


def to_week_grids(osm: str) -> tuple[Week, Week] | None:
    """Read an expression as two grids, what is certain and what is not; None where they cannot say it all."""
    sure: list[str] = []
    unsure: list[str] = []
    for rule in filter(None, map(str.strip, canonical(osm).split(";"))):
        bare, found = _UNSURE.subn("", rule)
        (unsure if found else sure).append(bare)
    if not unsure:
        grid = to_week_grid(osm)
        return None if grid is None else (grid, CLOSED_WEEK)
    grids = [to_week_grid("; ".join(rules)) if rules else CLOSED_WEEK for rules in (sure, unsure)]
    return None if grids[0] is None or grids[1] is None else (grids[0], grids[1])


def to_week_grid(osm: str) -> Week | None:
    """Read an expression as a week grid, or None where a week cannot say it all.

    None for seasons, public-holiday rules (see `split_holidays`), comments, nights that cross midnight
    and for hours that are empty or invalid.
    """
    text = canonical(osm)
    if not text:
        return None
    if text == "24/7":
        return ALWAYS
    days: list[tuple[Slot, ...]] = [()] * 7
    for rule in text.split(";"):
        match = _RULE.fullmatch(rule.strip())
        if match is None or not rule.strip():
            return None
        slots = _slots(match["times"])
        if slots is None:
            return None
        for number in _day_numbers(match["days"]):
            days[number] = slots
    return tuple(days)


def split_holidays(osm: str) -> tuple[str, bool]:
    """Separate a final «closed on public holidays» rule: (the rest, whether it was there)."""
    rest, found = _HOLIDAYS_CLOSED.subn("", osm)
    return rest, bool(found)


def day_ranges(week: Week) -> list[tuple[int, int, tuple[Slot, ...]]]:
    """Runs of consecutive open days with the same slots: (first day, last day, slots)."""
    runs: list[tuple[int, int, tuple[Slot, ...]]] = []
    for number, slots in enumerate(week):
        if runs and runs[-1][1] == number - 1 and runs[-1][2] == slots:
            runs[-1] = (runs[-1][0], number, slots)
        elif slots:
            runs.append((number, number, slots))
    return runs


def minutes(clock: str) -> int:
    """Minutes since midnight of `HH:MM` (up to `24:00`).

    Raises:
        ValueError: no such time, with a French message.
    """
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", clock.strip())
    total = int(match[1]) * 60 + int(match[2]) if match else -1
    if match is None or int(match[2]) > 59 or total > 24 * 60:
        raise ValueError(f"Horaires : «{clock[:20]}» n'est pas une heure. Écrivez par exemple 09:00.")
    return total


def clock(total: int) -> str:
    """`HH:MM` of a number of minutes since midnight."""
    return f"{total // 60:02d}:{total % 60:02d}"


def _checked_day(row: Sequence[Slot]) -> tuple[Slot, ...]:
    pairs = sorted((minutes(start), minutes(end)) for start, end in row)
    for index, (start, end) in enumerate(pairs):
        if end <= start:
            raise ValueError(f"Horaires : la fin ({clock(end)}) doit venir après le début ({clock(start)}).")
        if index and pairs[index - 1][1] > start:
            raise ValueError(f"Horaires : deux plages se chevauchent à {clock(start)}.")
    merged: list[tuple[int, int]] = []
    for start, end in pairs:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple((clock(start), clock(end)) for start, end in merged)


def _rules(week: Week) -> list[str]:
    by_slots: dict[tuple[Slot, ...], list[str]] = {}
    for first, last, slots in day_ranges(week):
        days = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
        by_slots.setdefault(slots, []).append(days)
    return [
        f"{','.join(days)} {','.join(f'{start}-{end}' for start, end in slots)}"
        for slots, days in by_slots.items()
    ]


def _slots(times: str | None) -> tuple[Slot, ...] | None:
    if times is None:
        return ALWAYS[0]
    slots: list[Slot] = []
    for part in times.split(","):
        start, end = part.split("-")
        if not minutes_or_none(start, end):
            return None
        slots.append((start, end))
    return tuple(slots)


def minutes_or_none(start: str, end: str) -> tuple[int, int] | None:
    """Both times in minutes when they lie in one day, start before end; else None."""
    try:
        first, last = minutes(start), minutes(end)
    except ValueError:
        return None
    return (first, last) if first < last else None


def _day_numbers(days: str | None) -> list[int]:
    if days is None:
        return list(range(7))
    numbers: list[int] = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        numbers += [number % 7 for number in range(start, end + 1 if end >= start else end + 8)]
    return numbers
