"""Whether hours leave a door open at some moment of a span."""

from __future__ import annotations

from datetime import datetime

from reseau.hours.evaluate import is_open, next_change

MAX_CHANGES = 40


def opens_between(osm: str, start: datetime, end: datetime) -> bool | None:
    """Whether it is open at some moment of [`start`, `end`) (naive local time); None when not known.

    A public holiday the hours do not speak about is not known, as in `is_open`.
    """
    unsure = False
    moment: datetime | None = start
    for _ in range(MAX_CHANGES):
        if moment is None or moment >= end:
            break
        state = is_open(osm, moment)
        if state:
            return True
        unsure |= state is None
        moment = next_change(osm, moment)
    return None if unsure else False
