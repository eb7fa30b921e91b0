"""What each import wrote, row by row: before and after, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from reseau.store.tables import import_changes, imports

CHUNK = 500


def add_changes(
    connection: Connection, import_id: int, kind: str, changes: Iterable[Mapping[str, Any]]
) -> None:
    """Remember what an import did: `row_id`, `action`, `before`, `after` (JSON) of each row."""
    rows = [{"import_id": import_id, "kind": kind, **change} for change in changes]
    if rows:
        connection.execute(insert(import_changes), rows)


def changes_of(connection: Connection, import_id: int) -> list[dict[str, Any]]:
    """What an import did, in the order it did it."""
    query = (
        select(import_changes).where(import_changes.c.import_id == import_id).order_by(import_changes.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def later_changes(connection: Connection, import_id: int) -> dict[int, list[dict[str, Any]]]:
    """What imports after this one did to the same rows, oldest first, by row."""
    mine = import_changes.alias()
    query = (
        select(import_changes)
        .join(
            mine,
            (mine.c.import_id == import_id)
            & (mine.c.kind == import_changes.c.kind)
            & (mine.c.row_id == import_changes.c.row_id),
        )
        .where(import_changes.c.import_id > import_id)
        .order_by(import_changes.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["row_id"], []).append(dict(row))
    return found


def rewrite_before(connection: Connection, befores: Mapping[int, Mapping[str, Any]]) -> None:
    """Change what was there before some changes (by their id): an earlier import was undone under them."""
    query = (
        update(import_changes)
        .where(import_changes.c.id == bindparam("change_id"))
        .values(before=bindparam("what"))
    )
    if befores:
        rows = [{"change_id": key, "what": dict(before)} for key, before in befores.items()]
        connection.execute(query, rows)


def forget_changes(connection: Connection, import_id: int) -> None:
    """Nothing is left to undo of this import."""
    connection.execute(delete(import_changes).where(import_changes.c.import_id == import_id))


def put_aside_by_imports(connection: Connection, territoire_id: int, kind: str) -> set[int]:
    """Rows that an import put aside because their source no longer listed them."""
    query = (
        select(import_changes.c.row_id)
        .join(imports, imports.c.id == import_changes.c.import_id)
        .where(
            imports.c.territoire_id == territoire_id,
            import_changes.c.kind == kind,
            import_changes.c.action == "gone",
        )
    )
    return set(connection.execute(query).scalars())


def in_chunks(values: Sequence[int]) -> list[Sequence[int]]:
    """Lists short enough for one query."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]
