"""When a sheet was last checked, and when it is to be checked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from reseau.model.records import TypeSetting

DEFAULT_DAYS = 365
"""A year: what a yearly review of the partners of a health project asks. A territory changes it by type."""


def review_periods(settings: Iterable[TypeSetting]) -> dict[str, int]:
    """Days after which a sheet of each type is to be checked again."""
    return {item.type_code: item.review_days or DEFAULT_DAYS for item in settings}


def week_end(day: date) -> date:
    """Sunday of the week of a day."""
    return day + timedelta(days=6 - day.weekday())


def freshness(
    structures: pd.DataFrame, said_on: Mapping[int, date], periods: Mapping[str, int], *, on: date
) -> pd.DataFrame:
    """When each open structure was checked and is due.

    A check by a person counts, from then on. Until there is one, the date of the data of the source does:
    what a register said last month needs no call this week.

    Args:
        structures: columns `STRUCTURES`.
        said_on: latest date at which a source or a person said something of each structure, by id.
        periods: days by type code; a structure takes the shortest of its types, unless it has its own.
        on: today.

    Returns:
        One row per structure that is not closed, same index: `checked_on` (date, None when never), `days`
        (its period), `due_on` (date; today when it was never checked), `late_days` (int, negative while
        there is time), `fresh` (bool).
    """
    frame = structures[~structures["closed"]]
    rows = [
        _row(key, row, said_on, periods, on) for key, row in zip(frame.index, _records(frame), strict=True)
    ]
    columns = ["checked_on", "days", "due_on", "late_days", "fresh"]
    made = pd.DataFrame(rows, columns=columns, index=frame.index)
    kinds: dict[str, Any] = {
        "checked_on": object,
        "due_on": object,
        "days": "int64",
        "late_days": "int64",
        "fresh": bool,
    }
    return made.astype(kinds)


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame[["types", "reviewed_on", "review_days"]].to_dict("records")


def _row(
    key: int, row: Mapping[Any, Any], said_on: Mapping[int, date], periods: Mapping[str, int], on: date
) -> tuple[date | None, int, date, int, bool]:
    # A date in the future is a slip: it must not hide a sheet for years.
    known = (day for day in (row["reviewed_on"], said_on.get(key)) if isinstance(day, date) and day <= on)
    checked = next(known, None)
    usual = min((periods.get(code, DEFAULT_DAYS) for code in row["types"]), default=DEFAULT_DAYS)
    days = usual if pd.isna(row["review_days"]) else int(row["review_days"])
    due = checked + timedelta(days=days) if checked else on
    return checked, days, due, (on - due).days, checked is not None and due >= on
