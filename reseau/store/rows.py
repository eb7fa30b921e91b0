"""Writing rows that people and imports share: versions, corrections that last, reversible deletion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, delete, insert, select, update

from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.store import tables

EDITABLE: dict[str, Table] = {
    "structures": tables.structures,
    "quartiers": tables.quartiers,
    "relations": tables.relations,
    "permanences": tables.permanences,
    "contacts": tables.contacts,
    "journal": tables.journal,
    "actions": tables.actions,
    "besoins": tables.needs,
    "reperes": tables.reperes,
    "iris": tables.iris,
    "carreaux": tables.squares,
    "communes": tables.communes,
}
PERSON = "saisie"


def now() -> datetime:
    """Current UTC time without its zone, as stored."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def storable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Sequences as lists, for JSON columns."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def inserted_id(result: CursorResult[Any]) -> int:
    """Id the database gave to the row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave no id")
    return int(key[0])


def insert_row(connection: Connection, kind: str, values: Mapping[str, Any]) -> int:
    """Insert one row of an editable kind and return its id."""
    row = {"source": PERSON, "overrides": [], "version": 1, "updated_at": now(), **storable(values)}
    result = connection.execute(insert(EDITABLE[kind]).values(row))
    return inserted_id(result)


def get_row(connection: Connection, kind: str, row_id: int) -> dict[str, Any]:
    """One row as a dict, deleted or not.

    Raises:
        NotFound: no such row.
    """
    table = EDITABLE[kind]
    row = connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
    if row is None:
        raise NotFound("Cette fiche n'existe pas (ou plus). Revenez à la liste.")
    return dict(row)


def update_row(
    connection: Connection,
    kind: str,
    row_id: int,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
    by_person: bool = True,
) -> bool:
    """Change some fields of a row; answers whether anything differed.

    A person's change is remembered field by field, so that the next import leaves it alone.

    Args:
        version: version the person had on screen; None where nobody could have changed it meanwhile.

    Raises:
        NotFound: no such row.
        Conflict: the row has changed since `version`.
    """
    table = EDITABLE[kind]
    current = get_row(connection, kind, row_id)
    if version is not None and current["version"] != version:
        raise Conflict(
            "Quelqu'un d'autre a modifié cette fiche entre-temps. Rechargez la page pour voir ses "
            "changements, puis refaites les vôtres."
        )
    wanted = storable(changes)
    different = {key: value for key, value in wanted.items() if current[key] != value}
    if not different:
        return False
    if by_person and "deleted_at" not in different:
        different["overrides"] = sorted({*current["overrides"], *different})
    connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(**different, version=current["version"] + 1, updated_at=now())
    )
    return True


def delete_row(connection: Connection, kind: str, row_id: int) -> None:
    """Put a row aside; `restore_row` brings it back."""
    update_row(connection, kind, row_id, {"deleted_at": now()})


def restore_row(connection: Connection, kind: str, row_id: int) -> None:
    """Bring a deleted row back."""
    update_row(connection, kind, row_id, {"deleted_at": None})


def purge_row(connection: Connection, kind: str, row_id: int) -> None:
    """Erase for good a row already put aside, with what hangs on it.

    Raises:
        NotFound: no such row.
        RefusedInput: the row is not in the trash.
    """
    if get_row(connection, kind, row_id)["deleted_at"] is None:
        raise RefusedInput("Mettez d'abord cette fiche à la corbeille : on n'efface que ce qui y est.")
    table = EDITABLE[kind]
    connection.execute(delete(table).where(table.c.id == row_id))


def rows_of(
    connection: Connection, kind: str, territoire_id: int, *, deleted: bool | None = False
) -> list[dict[str, Any]]:
    """Rows of a kind in a territory, by id. `deleted`: False without, True only, None both."""
    table = EDITABLE[kind]
    query = select(table).where(table.c.territoire_id == territoire_id).order_by(table.c.id)
    if deleted is not None:
        query = query.where(table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None))
    return [dict(row) for row in connection.execute(query).mappings()]
