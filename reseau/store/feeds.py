"""Addresses a territory's tables are read from, on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from reseau.errors import NotFound
from reseau.store.rows import inserted_id, now
from reseau.store.tables import feeds


def insert_feed(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep an address and return its id."""
    return inserted_id(connection.execute(insert(feeds).values(dict(values))))


def list_feeds(connection: Connection, territoire_id: int) -> list[dict[str, Any]]:
    """Addresses of a territory, oldest first."""
    query = select(feeds).where(feeds.c.territoire_id == territoire_id).order_by(feeds.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def get_feed(connection: Connection, territoire_id: int, feed_id: int) -> dict[str, Any]:
    """One address.

    Raises:
        NotFound: no such address in this territory.
    """
    query = select(feeds).where(feeds.c.id == feed_id, feeds.c.territoire_id == territoire_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("Cette adresse de tableau n'existe pas (ou plus).")
    return dict(row)


def update_feed(connection: Connection, feed_id: int, values: Mapping[str, Any]) -> None:
    """Change what is kept of an address."""
    connection.execute(update(feeds).where(feeds.c.id == feed_id).values(dict(values)))


def mark_fetched(connection: Connection, feed_id: int, etag: str) -> None:
    """Remember that the table was read now."""
    update_feed(connection, feed_id, {"fetched_at": now(), "etag": etag})


def delete_feed(connection: Connection, feed_id: int) -> None:
    """Forget an address; what was imported from it stays."""
    connection.execute(delete(feeds).where(feeds.c.id == feed_id))
