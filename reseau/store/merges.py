"""Merges of structures, and a ledger of what each changed, so that it can be put back exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from reseau.errors import NotFound
from reseau.store import tables
from reseau.store.json_values import from_json, to_json
from reseau.store.rows import inserted_id, now, storable

Key = Mapping[str, Any]
Operation = dict[str, Any]
# Not put back: a version already seen on somebody's screen must never mean another content.
GROWING = "version"
# Tables whose rows hang on a structure, with the columns that say which.
HANGING: dict[str, tuple[str, ...]] = {
    "relations": ("from_id", "to_id"),
    "permanences": ("structure_id", "host_id"),
    "contacts": ("structure_id",),
    "journal": ("structure_id",),
    "actions": ("host_id",),
    "action_partners": ("structure_id",),
    "aliases": ("structure_id",),
    "provenance": ("structure_id",),
    "statements": ("structure_id",),
    "pair_answers": ("a_id", "b_id"),
    "screen_places": ("structure_id",),
}


def _table(name: str) -> Table:
    return tables.metadata.tables[name]


def _where(table: Table, key: Key) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def read_one(connection: Connection, table: str, key: Key) -> dict[str, Any] | None:
    """One row by its key, None where there is none."""
    found = _table(table)
    row = connection.execute(select(found).where(_where(found, key))).mappings().first()
    return dict(row) if row else None


def hanging_on(connection: Connection, table: str, structure_id: int) -> list[dict[str, Any]]:
    """Rows of a table of `HANGING` that hang on a structure, those put aside too, in order."""
    found = _table(table)
    mine = or_(*(found.c[name] == structure_id for name in HANGING[table]))
    query = select(found).where(mine).order_by(*found.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


@dataclass(slots=True)
class Ledger:
    """Writes rows and remembers, column by column, what was there before and what came after.

    Keys hold numbers and text only.
    """

    connection: Connection
    operations: list[Operation] = field(default_factory=list)

    def change(self, table: str, key: Key, values: Mapping[str, Any]) -> None:
        """Change some columns of a row; its version grows."""
        found = _table(table)
        row = read_one(self.connection, table, key)
        if row is None:
            raise NotFound("Cette fiche n'existe pas (ou plus). Revenez à la liste.")
        different = {name: value for name, value in storable(values).items() if row[name] != value}
        if not different:
            return
        self._note(table, key, {name: row[name] for name in different}, different)
        grown = {GROWING: row[GROWING] + 1} if GROWING in found.c else {}
        self.connection.execute(update(found).where(_where(found, key)).values(**different, **grown))

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Add a row whose key is among its values."""
        found = _table(table)
        key = {column.name: row[column.name] for column in found.primary_key.columns}
        self._note(table, key, None, row)
        self.connection.execute(insert(found).values(**storable(row)))

    def remove(self, table: str, key: Key) -> None:
        """Take a row away, if it is there."""
        row = read_one(self.connection, table, key)
        if row is not None:
            self._note(table, key, row, None)
            found = _table(table)
            self.connection.execute(delete(found).where(_where(found, key)))

    def _note(
        self, table: str, key: Key, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        def plain(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
            return None if row is None else {name: to_json(value) for name, value in storable(row).items()}

        self.operations.append(
            {"table": table, "key": dict(key), "before": plain(before), "after": plain(after)}
        )


@dataclass(frozen=True, slots=True)
class Left:
    """What undoing leaves as it is, because it was changed since. `columns` empty: the row itself."""

    table: str
    key: dict[str, Any]
    columns: tuple[str, ...] = ()


def put_back(connection: Connection, operations: Sequence[Operation]) -> list[Left]:
    """Undo what a ledger wrote, last first; what no longer is as it wrote it stays, and is answered."""
    undo: dict[tuple[bool, bool], Callable[[Connection, Operation], Left | None]] = {
        (True, True): _change_back,
        (False, True): _take_away,
        (True, False): _bring_back,
    }
    left = []
    changed = _changed_since(connection, operations)
    for operation in reversed(operations):
        key = operation["key"]
        if operation["table"] == "provenance" and (key["structure_id"], key["field"]) in changed:
            continue
        how = undo[operation["before"] is not None, operation["after"] is not None]
        if (kept := how(connection, operation)) is not None:
            left.append(kept)
    return left


def _changed_since(connection: Connection, operations: Sequence[Operation]) -> set[tuple[int, str]]:
    """(structure, field) whose value is no longer what was written: where it comes from stays with it."""
    found: set[tuple[int, str]] = set()
    table = tables.structures
    for operation in operations:
        if operation["table"] == table.name and operation["after"] is not None:
            row = read_one(connection, table.name, operation["key"]) or {}
            for name, value in operation["after"].items():
                if row.get(name) != from_json(table, name, value):
                    found.add((operation["key"]["id"], name))
    return found


def _change_back(connection: Connection, operation: Operation) -> Left | None:
    table, key = _table(operation["table"]), operation["key"]
    row = read_one(connection, table.name, key)
    if row is None:
        return Left(table.name, key)
    after = {name: from_json(table, name, value) for name, value in operation["after"].items()}
    same = [name for name, value in after.items() if row[name] == value]
    values = {name: from_json(table, name, operation["before"][name]) for name in same}
    if values:
        grown = {GROWING: row[GROWING] + 1} if GROWING in table.c else {}
        connection.execute(update(table).where(_where(table, key)).values(**values, **grown))
    # The date of a sheet and the list of its corrections follow what is in it.
    others = tuple(name for name in after if name not in same and name not in {"updated_at", "overrides"})
    return Left(table.name, key, others) if others else None


def _take_away(connection: Connection, operation: Operation) -> Left | None:
    table, key = _table(operation["table"]), operation["key"]
    row = read_one(connection, table.name, key)
    if row is None:
        return None
    after = {name: from_json(table, name, value) for name, value in operation["after"].items()}
    # Another merge, undone since, made its version grow and left it as it was.
    if any(row[name] != value for name, value in after.items() if name != GROWING):
        return Left(table.name, key)
    connection.execute(delete(table).where(_where(table, key)))
    return None


def _bring_back(connection: Connection, operation: Operation) -> Left | None:
    table, key = _table(operation["table"]), operation["key"]
    if read_one(connection, table.name, key) is not None or not _still_hangs(connection, table, operation):
        return Left(table.name, key)
    row = {name: from_json(table, name, value) for name, value in operation["before"].items()}
    connection.execute(insert(table).values(**row))
    return None


def _still_hangs(connection: Connection, table: Table, operation: Operation) -> bool:
    """Whether what a row refers to was not erased meanwhile."""
    for reference in table.foreign_keys:
        value = operation["before"][reference.parent.name]
        query = select(reference.column).where(reference.column == value)
        if value is not None and connection.execute(query).first() is None:
            return False
    return True


def insert_merge(connection: Connection, values: Mapping[str, Any]) -> int:
    """Keep a merge (`territoire_id`, `kept_id`, `gone_id`, `author`, `undo`), dated now; its id."""
    return inserted_id(connection.execute(insert(tables.merges).values(**values, on=now())))


def merges_of(connection: Connection, territoire_id: int) -> list[dict[str, Any]]:
    """Merges of a territory, latest first."""
    table = tables.merges
    query = select(table).where(table.c.territoire_id == territoire_id).order_by(table.c.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def mark_undone(connection: Connection, merge_id: int) -> None:
    """Say that a merge was undone, now."""
    table = tables.merges
    connection.execute(update(table).where(table.c.id == merge_id).values(undone_at=now()))


def answers_of(connection: Connection, territoire_id: int) -> dict[tuple[int, int], str]:
    """What people answered about pairs of a territory, by (smaller id, larger id)."""
    table, structures = tables.pair_answers, tables.structures
    query = (
        select(table.c.a_id, table.c.b_id, table.c.answer)
        .join(structures, structures.c.id == table.c.a_id)
        .where(structures.c.territoire_id == territoire_id)
    )
    return {(a_id, b_id): answer for a_id, b_id, answer in connection.execute(query)}


def set_answer(connection: Connection, pair: tuple[int, int], answer: str) -> None:
    """Remember what a person answered about a pair (smaller id first), instead of what was before."""
    remove_answer(connection, pair)
    values = {"a_id": pair[0], "b_id": pair[1], "answer": answer, "on": date.today()}
    connection.execute(insert(tables.pair_answers).values(**values))


def remove_answer(connection: Connection, pair: tuple[int, int]) -> None:
    """Forget what a person answered about a pair (smaller id first)."""
    table = tables.pair_answers
    connection.execute(delete(table).where(table.c.a_id == pair[0], table.c.b_id == pair[1]))


def merged_ids(connection: Connection, territoire_id: int) -> frozenset[int]:
    """Structures of a territory merged into one that is still known (put aside or not)."""
    merged = tables.structures
    kept = merged.alias()
    query = (
        select(merged.c.id)
        .join(kept, kept.c.id == merged.c.merged_into)
        .where(merged.c.territoire_id == territoire_id)
    )
    return frozenset(connection.execute(query).scalars())
