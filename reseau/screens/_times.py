"""Times of a screen: spans of the day and when slides are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reseau.errors import RefusedInput
from reseau.model.screens import DayPart
from reseau.screens._calendars import MIDNIGHT
from reseau.screens.content import Span, When

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_EVERY_DAY = tuple(range(7))


def clock_or_none(text: object) -> int | None:
    """Minutes after midnight of «HH:MM», None for anything else."""
    match = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    return minutes if minutes <= MIDNIGHT else None


def lit_spans(start: str, end: str) -> list[Span]:
    """Spans of the day when the screen is lit, empty for always.

    Raises:
        RefusedInput: not a time.
    """
    if not start and not end:
        return []
    first, last = _minutes(start or "00:00"), _minutes(end or "24:00")
    return [span for _, span in _cut((), first, last)]


def whens(slide: str, parts: Sequence[DayPart]) -> list[When]:
    """When a slide is shown, empty for always. What is said of one need wins over what is said of all.

    Args:
        slide: key of `SLIDES`, or `besoin:<key>`.

    Raises:
        RefusedInput: not a time.
    """
    own = [part for part in parts if part.slide == slide]
    if not own and slide.startswith("besoin:"):
        own = [part for part in parts if part.slide == "besoins"]
    return [
        When(days=list(days), span=span)
        for part in own
        for days, span in _cut(part.days or _EVERY_DAY, _minutes(part.start), _minutes(part.end))
    ]


def _cut(days: Sequence[int], first: int, last: int) -> list[tuple[tuple[int, ...], Span]]:
    """A span in one piece, or in two when it runs over midnight: the second one is on the days after."""
    today, next_days = tuple(sorted(set(days))), tuple(sorted({(day + 1) % 7 for day in days}))
    if last > first:
        return [(today, (first, last))]
    pieces = [(next_days, (0, last)), (today, (first, MIDNIGHT))]
    return [(when, span) for when, span in pieces if span[1] > span[0]]


def _minutes(text: str) -> int:
    found = clock_or_none(text)
    if found is None:
        raise RefusedInput(
            f"Heures de l'écran : « {text[:20]} » n'est pas une heure. Écrivez par exemple 08:30."
        )
    return found
