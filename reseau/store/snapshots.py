"""Figures of past days, as `reseau.gaps.figures` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from reseau.errors import NotFound
from reseau.store.rows import inserted_id
from reseau.store.tables import snapshots


def insert_snapshot(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep figures and return their id."""
    return inserted_id(connection.execute(insert(snapshots).values(dict(values))))


def list_snapshots(connection: Connection, territoire_id: int) -> list[Row[Any]]:
    """`id`, `on`, `label`, `automatic` of a territory's snapshots, the latest first; content is not read."""
    table = snapshots.c
    query = (
        select(table.id, table.on, table.label, table.automatic)
        .where(table.territoire_id == territoire_id)
        .order_by(table.on.desc(), table.id.desc())
    )
    return list(connection.execute(query))


def get_content(connection: Connection, territoire_id: int, snapshot_id: int) -> dict[str, Any]:
    """What a snapshot holds.

    Raises:
        NotFound: no such snapshot in this territory.
    """
    query = select(snapshots.c.content).where(_is(territoire_id, snapshot_id))
    row = connection.execute(query).first()
    if row is None:
        raise _not_found()
    return dict(row.content) if isinstance(row.content, dict) else {}


def has_automatic(connection: Connection, territoire_id: int, first: date, last: date) -> bool:
    """Whether a snapshot was kept without anybody asking, between two days included."""
    table = snapshots.c
    query = select(func.count()).where(
        table.territoire_id == territoire_id, table.automatic, table.on.between(first, last)
    )
    return bool(connection.execute(query).scalar_one())


def rename_snapshot(connection: Connection, territoire_id: int, snapshot_id: int, label: str) -> None:
    """Change what a snapshot is called.

    Raises:
        NotFound: no such snapshot in this territory.
    """
    query = update(snapshots).where(_is(territoire_id, snapshot_id)).values(label=label)
    if not connection.execute(query).rowcount:
        raise _not_found()


def delete_snapshot(connection: Connection, territoire_id: int, snapshot_id: int) -> None:
    """Forget a snapshot for good.

    Raises:
        NotFound: no such snapshot in this territory.
    """
    if not connection.execute(delete(snapshots).where(_is(territoire_id, snapshot_id))).rowcount:
        raise _not_found()


def _is(territoire_id: int, snapshot_id: int) -> Any:
    return (snapshots.c.id == snapshot_id) & (snapshots.c.territoire_id == territoire_id)


def _not_found() -> NotFound:
    return NotFound("Cette photo des chiffres n'existe pas (ou plus). Choisissez-en une dans la liste.")
