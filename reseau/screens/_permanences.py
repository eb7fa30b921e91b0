"""Permanences and actions, day by day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from reseau.plan.occurrences import occurrences
from reseau.screens._calendars import MIDNIGHT, calendar
from reseau.screens._frames import Ground, rows_of
from reseau.screens._places import address_of, flag
from reseau.screens._times import clock_or_none
from reseau.screens.content import CALENDAR_DAYS, ActionDay, PermanenceDay, Span
from reseau.screens.needs import asked_needs
from reseau.screens.phones import public_text
from reseau.screens.texts import Language, type_texts


def permanence_days(
    ground: Ground, languages: Sequence[Language], place_ids: Collection[int]
) -> list[PermanenceDay]:
    """Each day of each permanence in reach, in order; a day when nobody knows is not announced."""
    asked = {code for need in asked_needs(ground.screen) for code in need.types}
    days: list[tuple[tuple[Any, ...], PermanenceDay]] = []
    for row in rows_of(ground.permanences):
        types = _types_of(row, ground)
        if not row.metres <= ground.reach_m + 1e-6 or (ground.screen.needs and asked.isdisjoint(types)):
            continue
        host = _host(row, ground)
        for day, spans in _days_of(row, ground.first):
            part = PermanenceDay(
                day=day,
                spans=spans,
                text=type_texts(types, languages),
                place=_where(row, host, ground),
                place_id=int(host.name) if host is not None and int(host.name) in place_ids else None,
                minutes=ground.minutes(row.metres),
                no_appointment=flag(row.no_appointment),
                free=flag(row.free),
            )
            days.append(((day, spans[0], row.metres, row.Index), part))
    return [part for _, part in sorted(days, key=lambda item: item[0])]


def _types_of(row: Any, ground: Ground) -> tuple[str, ...]:
    if isinstance(row.type_code, str) and row.type_code:
        return (row.type_code,)
    known = ground.structures["types"].get(row.structure_id)
    return tuple(known) if known is not None else ()


def _days_of(row: Any, first: date) -> list[tuple[str, list[Span]]]:
    known = calendar(row.opening_hours, first)
    start, end = _iso(row.started_on, "0001-01-01"), _iso(row.ended_on, "9999-12-31")
    return [(day, spans) for day, spans in known["days"].items() if start <= day <= end] if known else []


def _iso(value: Any, unknown: str) -> str:
    return unknown if value is None or pd.isna(value) else pd.Timestamp(value).date().isoformat()


def _host(row: Any, ground: Ground) -> Any:
    """The structure that hosts a permanence or an action, None unless it may be shown."""
    if pd.isna(row.host_id) or int(row.host_id) not in ground.structures.index:
        return None
    return ground.structures.loc[int(row.host_id)]


def _where(row: Any, host: Any, ground: Ground) -> str:
    own = public_text(row.place)
    if host is None:
        return own
    parts = (public_text(host["name"]), own, address_of(host, ground.communes))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def action_days(ground: Ground) -> list[ActionDay]:
    """Each coming day of each announced action of the quartiers, in order."""
    last = ground.first + timedelta(days=CALENDAR_DAYS - 1)
    days: list[tuple[tuple[Any, ...], ActionDay]] = []
    for row in rows_of(ground.actions):
        if row.quartiers and set(ground.codes).isdisjoint(row.quartiers):
            continue
        title = public_text(row.title)
        span = action_span(row.start_time, row.end_time)
        for day in occurrences(_dates(row), ground.first, last):
            part = ActionDay(
                day=day.isoformat(),
                span=span,
                title=title,
                place=_where(row, _host(row, ground), ground),
                languages=[code for item in row.languages if (code := public_text(item))],
            )
            days.append(((part["day"], span or (MIDNIGHT, MIDNIGHT), title, row.Index), part))
    return [part for _, part in sorted(days, key=lambda item: item[0]) if part["title"]]


def action_span(start: object, end: object) -> Span | None:
    """Hours of an action; its end is its start where the end is unknown, None where the start is."""
    first, last = clock_or_none(start), clock_or_none(end)
    if first is None or first == MIDNIGHT:
        return None
    if last is None:
        return first, first
    return first, last if last > first else MIDNIGHT


def _dates(row: Any) -> Mapping[str, Any]:
    """As `occurrences` reads a row: real dates or None."""
    days = {name: getattr(row, name) for name in ("starts_on", "ends_on")}
    return {
        "recurrence": row.recurrence or "",
        **{key: None if _missing(value) else value for key, value in days.items()},
    }


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT
