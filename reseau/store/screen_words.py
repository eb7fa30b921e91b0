"""What a team writes for its screens (messages, places), and what residents left there by touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from reseau.errors import Conflict, NotFound
from reseau.store.changes import in_chunks
from reseau.store.rows import inserted_id, now
from reseau.store.tables import participations, screen_messages, screen_places, structures

Row = dict[str, Any]


def list_messages(connection: Connection, territoire_id: int) -> list[Row]:
    """Messages of a territory, by id."""
    query = (
        select(screen_messages)
        .where(screen_messages.c.territoire_id == territoire_id)
        .order_by(screen_messages.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get_message(connection: Connection, territoire_id: int, message_id: int) -> Row:
    """One message.

    Raises:
        NotFound: no such message in this territory.
    """
    query = select(screen_messages).where(
        screen_messages.c.territoire_id == territoire_id, screen_messages.c.id == message_id
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("Ce message n'existe pas (ou plus) : quelqu'un l'a peut-être supprimé.")
    return dict(row)


def insert_message(connection: Connection, territoire_id: int, values: Mapping[str, Any]) -> int:
    """Keep a new message and return its id."""
    row = {**values, "territoire_id": territoire_id, "version": 1, "updated_at": now()}
    return inserted_id(connection.execute(insert(screen_messages).values(row)))


def update_message(
    connection: Connection, message_id: int, values: Mapping[str, Any], *, version: int
) -> None:
    """Change a message, whose version grows.

    Raises:
        Conflict: it has changed since `version`.
    """
    table = screen_messages
    query = (
        update(table)
        .where(table.c.id == message_id, table.c.version == version)
        .values(**values, version=version + 1, updated_at=now())
    )
    if connection.execute(query).rowcount != 1:
        raise _conflict("ce message")


def delete_message(connection: Connection, message_id: int, *, version: int) -> None:
    """Erase a message.

    Raises:
        Conflict: it has changed since `version`.
    """
    table = screen_messages
    query = delete(table).where(table.c.id == message_id, table.c.version == version)
    if connection.execute(query).rowcount != 1:
        raise _conflict("ce message")


def list_places(connection: Connection, territoire_id: int) -> list[Row]:
    """What is said of the structures of a territory, those put aside excepted."""
    query = (
        select(screen_places)
        .join(structures, structures.c.id == screen_places.c.structure_id)
        .where(structures.c.territoire_id == territoire_id, structures.c.deleted_at.is_(None))
        .order_by(screen_places.c.structure_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get_place(connection: Connection, territoire_id: int, structure_id: int) -> Row | None:
    """What is said of one structure, None when nothing is.

    Raises:
        NotFound: no such structure in this territory.
    """
    query = (
        select(structures.c.id.label("known"), *screen_places.c)
        .join(screen_places, screen_places.c.structure_id == structures.c.id, isouter=True)
        .where(structures.c.territoire_id == territoire_id, structures.c.id == structure_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("Cette structure n'existe pas (ou plus). Revenez à la liste.")
    return None if row["structure_id"] is None else dict(row)


def put_place(
    connection: Connection, structure_id: int, values: Mapping[str, Any] | None, *, version: int
) -> None:
    """Say something of a structure (nothing more when `values` is None).

    Args:
        version: the one that was read, 0 when nothing was said.

    Raises:
        Conflict: somebody said something else since.
    """
    table = screen_places
    mine = (table.c.structure_id == structure_id, table.c.version == version)
    there = select(table.c.version).where(table.c.structure_id == structure_id)
    if (connection.execute(there).scalar() or 0) != version:
        raise _conflict("ce qui est dit de cette structure")
    if values is None:
        connection.execute(delete(table).where(*mine))
    elif version == 0:
        row = {**values, "structure_id": structure_id, "version": 1, "updated_at": now()}
        connection.execute(insert(table).values(row))
    else:
        grown = {"version": version + 1, "updated_at": now()}
        connection.execute(update(table).where(*mine).values(**values, **grown))


def is_received(connection: Connection, key: str) -> bool:
    """Whether what a device sends is there already."""
    query = select(participations.c.id).where(participations.c.key == key)
    return connection.execute(query).first() is not None


def count_of_status(connection: Connection, screen_id: int, status: str) -> int:
    """How many of a screen have this status."""
    query = (
        select(func.count())
        .select_from(participations)
        .where(participations.c.screen_id == screen_id, participations.c.status == status)
    )
    return int(connection.execute(query).scalar_one())


def insert_participation(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep what a resident left."""
    connection.execute(insert(participations).values(**values))


def participations_of(
    connection: Connection, territoire_id: int, *, status: str | None = None, screen_id: int | None = None
) -> list[Row]:
    """What residents of a territory left, oldest first; of one status or one screen when given."""
    table = participations
    query = select(table).where(table.c.territoire_id == territoire_id).order_by(table.c.on, table.c.id)
    if status is not None:
        query = query.where(table.c.status == status)
    if screen_id is not None:
        query = query.where(table.c.screen_id == screen_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def decide_participation(connection: Connection, participation_id: int, values: Mapping[str, Any]) -> None:
    """Write what was decided (`status`, `decided_on`, `counted_in`)."""
    table = participations
    connection.execute(update(table).where(table.c.id == participation_id).values(**values))


def old_ids(connection: Connection, territoire_id: int, *, status: str, before: date) -> list[int]:
    """Those of a status decided (or, never decided, left) before a day."""
    table = participations
    decided = table.c.decided_on.is_not(None) & (table.c.decided_on < before)
    left = table.c.decided_on.is_(None) & (table.c.on < before)
    query = select(table.c.id).where(
        table.c.territoire_id == territoire_id, table.c.status == status, or_(decided, left)
    )
    return list(connection.execute(query).scalars())


def erase_participations(connection: Connection, ids: Sequence[int]) -> None:
    """Erase for good."""
    for part in in_chunks(ids):
        connection.execute(delete(participations).where(participations.c.id.in_(part)))


def _conflict(what: str) -> Conflict:
    return Conflict(
        f"Quelqu'un d'autre a modifié {what} entre-temps. Rechargez la page pour voir ses changements, puis "
        "refaites les vôtres."
    )
