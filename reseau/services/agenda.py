"""Coming actions as an iCalendar file (RFC 5545), without anything personal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from reseau.model.vocabulary import ACTION_FORMS, ACTION_STATUS_LABELS, ActionStatus
from reseau.plan.occurrences import OPEN_ENDED_DAYS, occurrences
from reseau.services.actions import CLOSED

MAX_OCTETS = 75
STATUSES = {ActionStatus.IDEE: "TENTATIVE", ActionStatus.PREVUE: "TENTATIVE"}
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


def calendar_file(rows: Iterable[Mapping[str, Any]], *, on: date, stamp: datetime) -> bytes:
    """Every coming day of the actions (rows of ACTIONS), one event each, times as on local walls.

    Team, contacts, notes and figures stay out.

    Args:
        on: first day kept.
        stamp: present time, UTC.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Reseau//Aller-vers//FR", "CALSCALE:GREGORIAN"]
    for row in rows:
        if row["status"] not in CLOSED:
            for day in occurrences(row, on, on + timedelta(days=OPEN_ENDED_DAYS)):
                lines += _event(row, day, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode("utf-8")


def _event(row: Mapping[str, Any], day: date, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(row['uid'])}-{day:%Y%m%d}@reseau"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield from _times(row, day)
    yield f"SUMMARY:{_text(row['title'])}"
    where = ", ".join(filter(None, (row["host_name"], row["place"])))
    if where:
        yield f"LOCATION:{_text(where)}"
    yield f"STATUS:{STATUSES.get(row['status'], 'CONFIRMED')}"
    kind, status = ACTION_FORMS[row["form"]], ACTION_STATUS_LABELS[ActionStatus(row["status"])]
    yield f"DESCRIPTION:{_text(f'Aller-vers : {kind} ({status})')}"
    yield "END:VEVENT"


def _times(row: Mapping[str, Any], day: date) -> Iterator[str]:
    if not row["start_time"]:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        return
    yield f"DTSTART:{day:%Y%m%d}T{row['start_time'].replace(':', '')}00"
    if row["end_time"]:
        yield f"DTEND:{day:%Y%m%d}T{row['end_time'].replace(':', '')}00"


def _text(value: str) -> str:
    """Text of a person: backslash, semicolon, comma and line breaks escaped, other controls dropped."""
    plain = _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, no character cut in two; what follows begins with a space."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode("utf-8"))
        if size + octets > MAX_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + octets
    yield piece
