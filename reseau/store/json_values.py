"""Stored values as JSON holds them, and back: in backups, in what imports and merges remember."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, Table

from reseau.store.rows import EDITABLE


def to_json(value: Any) -> Any:
    """A stored value as JSON holds it: bytes in base64, dates in ISO, sequences as lists."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_json(table: Table, name: str, value: Any) -> Any:
    """The stored value of a column again.

    Raises:
        KeyError: no such column.
        ValueError: not a value of this column.
    """
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def field_from_json(kind: str, name: str, value: Any) -> Any:
    """The stored value of a field of a kind of rows again (see `from_json`)."""
    return from_json(EDITABLE[kind], name, value)
