"""Hours in readable French."""

from __future__ import annotations

from reseau.hours._osm import compiled
from reseau.hours.week import ALWAYS, DAY_NAMES, Slot, Week, day_ranges, split_holidays, to_week_grids

_NBSP = "\u00a0"


def describe_fr(osm: str) -> str:
    """Say hours in French: «lundi–vendredi 9 h–12 h, 14 h–17 h 30 ; samedi 9 h–12 h».

    Empty for empty or invalid hours. Hours that no week can say (seasons, first Tuesday of the month…)
    are given as they are written, after «horaires particuliers»; times when it may be open come last, after
    «à vérifier».
    """
    base, closed_on_holidays = split_holidays(osm)
    grids = to_week_grids(base)
    if grids is None:
        return f"horaires particuliers : {osm}" if compiled(osm) is not None else ""
    sure, unsure = grids
    parts = [_week_text(sure)] if any(sure) or not any(unsure) else []
    parts += [f"à vérifier : {_week_text(unsure)}"] if any(unsure) else []
    text = " ; ".join(parts)
    return f"{text} ; fermé les jours fériés" if closed_on_holidays else text


def _week_text(grid: Week) -> str:
    if grid == ALWAYS:
        return f"24{_NBSP}h/24, 7{_NBSP}j/7"
    by_slots: dict[tuple[Slot, ...], list[str]] = {}
    for first, last, slots in day_ranges(grid):
        by_slots.setdefault(slots, []).extend(_days_text(first, last))
    parts = [f"{_listed(days)} {', '.join(map(_slot_text, slots))}" for slots, days in by_slots.items()]
    return " ; ".join(parts) or "fermé"


def _days_text(first: int, last: int) -> tuple[str, ...]:
    if (first, last) == (0, 6):
        return ("tous les jours",)
    if last - first < 2:
        return DAY_NAMES[first : last + 1]
    return (f"{DAY_NAMES[first]}–{DAY_NAMES[last]}",)


def _listed(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{', '.join(days[:-1])} et {days[-1]}"


def _slot_text(slot: Slot) -> str:
    return "–".join(map(_clock_text, slot))


def _clock_text(clock: str) -> str:
    hour, minute = clock.split(":")
    return f"{int(hour)}{_NBSP}h" if minute == "00" else f"{int(hour)}{_NBSP}h{_NBSP}{minute}"
