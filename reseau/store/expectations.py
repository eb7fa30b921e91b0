"""Every set of expected types a team worked with, whole, numbered from 1."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from reseau.errors import NotFound, RefusedInput
from reseau.model.records import TypeSetting
from reseau.model.typology import GAMME_LABELS
from reseau.store.rows import now
from reseau.store.tables import expectation_versions, territoires


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One saved set.

    Attributes:
        at: when it was saved, UTC, naive.
        settings: of every type of the typology of that day.
    """

    number: int
    at: datetime
    author: str
    note: str
    settings: tuple[TypeSetting, ...]


def add_version(
    connection: Connection,
    territoire_id: int,
    settings: Iterable[TypeSetting],
    *,
    author: str = "",
    note: str = "",
) -> int:
    """Keep a set and answer its number."""
    table = expectation_versions
    # Two people who save at once get two numbers, one after the other.
    connection.execute(select(territoires.c.id).where(territoires.c.id == territoire_id).with_for_update())
    last = connection.execute(select(func.max(table.c.number)).where(table.c.territoire_id == territoire_id))
    number = (last.scalar() or 0) + 1
    values = {
        "territoire_id": territoire_id,
        "number": number,
        "on": now(),
        "author": author,
        "note": note,
        "content": [asdict(setting) for setting in settings],
    }
    connection.execute(insert(table).values(values))
    return number


def list_versions(connection: Connection, territoire_id: int) -> list[StoredVersion]:
    """Sets of a territory, latest first; one that is damaged is left out."""
    table = expectation_versions
    query = select(table).where(table.c.territoire_id == territoire_id).order_by(table.c.number.desc())
    found = [_version(row) for row in connection.execute(query).mappings()]
    return [version for version in found if version is not None]


def last_version(connection: Connection, territoire_id: int) -> tuple[int, datetime] | None:
    """Number and time (UTC) of the set in use, None before the first save."""
    table = expectation_versions
    query = (
        select(table.c.number, table.c.on)
        .where(table.c.territoire_id == territoire_id)
        .order_by(table.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.number, row.on) if row else None


def get_version(connection: Connection, territoire_id: int, number: int) -> StoredVersion:
    """One set.

    Raises:
        NotFound: no such number.
        RefusedInput: it is damaged.
    """
    table = expectation_versions
    query = select(table).where(table.c.territoire_id == territoire_id, table.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"La version {number} des types attendus n'existe pas (ou plus).")
    version = _version(row)
    if version is None:
        raise RefusedInput(
            f"La version {number} des types attendus est abîmée : elle ne peut pas être lue. Choisissez une "
            "autre version, ou revenez à la référence de départ."
        )
    return version


def _version(row: RowMapping) -> StoredVersion | None:
    """A set as it was saved, None when it is damaged: half of it would pass for the whole."""
    try:
        settings = tuple(_setting(cells) for cells in row["content"])
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError):
        return None
    return StoredVersion(
        number=row["number"], at=row["on"], author=row["author"], note=row["note"], settings=settings
    )


def _setting(cells: Any) -> TypeSetting:
    found = TypeSetting(**{name: cells[name] for name in _NAMES if name in cells})
    known = isinstance(found.type_code, str) and found.gamme in GAMME_LABELS
    periods = found.review_days is None or isinstance(found.review_days, int)
    figures = periods and isinstance(found.from_inhabitants, int) and isinstance(found.weight, int | float)
    if not (known and isinstance(found.expected, bool) and figures and math.isfinite(found.weight)):
        raise ValueError(found)
    return found


_NAMES = tuple(item.name for item in fields(TypeSetting))
