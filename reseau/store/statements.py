"""What sources say underneath what is in force: a person's correction, a better source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, insert, select, update

from reseau.store.changes import in_chunks
from reseau.store.json_values import field_from_json, to_json
from reseau.store.tables import statements, structures


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source says of a field of a structure.

    Attributes:
        value: as stored in the structure's column.
        on: date of its data.
        asks: said under a person's correction, and not answered yet.
    """

    structure_id: int
    field: str
    source: str
    value: Any
    on: date
    asks: bool = False


def statements_of_source(
    connection: Connection, territoire_id: int, source: str
) -> dict[tuple[int, str], Statement]:
    """What a source says in a territory, by structure and field."""
    query = _of_territoire(territoire_id).where(statements.c.source == source)
    return {(item.structure_id, item.field): item for item in _read(connection, query)}


def asking_statements(connection: Connection, territoire_id: int) -> list[Statement]:
    """Those a person has to answer, about structures that are there."""
    query = _of_territoire(territoire_id).where(
        statements.c.asks.is_(True), structures.c.deleted_at.is_(None)
    )
    return _read(connection, query.order_by(statements.c.structure_id, statements.c.field))


def statements_of_structures(connection: Connection, structure_ids: Iterable[int]) -> list[Statement]:
    """Everything sources say underneath, about some structures."""
    query = select(statements).order_by(statements.c.structure_id, statements.c.field, statements.c.source)
    return [
        item
        for ids in in_chunks(sorted(structure_ids))
        for item in _read(connection, query.where(statements.c.structure_id.in_(ids)))
    ]


def put_statements(connection: Connection, said: Iterable[Statement]) -> None:
    """Remember what sources say, instead of what they said before."""
    rows = [
        {
            "structure_id": item.structure_id,
            "field": item.field,
            "source": item.source,
            "value": to_json(item.value),
            "on": item.on,
            "asks": item.asks,
        }
        for item in said
    ]
    if rows:
        remove_statements(connection, [(row["structure_id"], row["field"], row["source"]) for row in rows])
        connection.execute(insert(statements), rows)


def remove_statements(connection: Connection, keys: Iterable[tuple[int, str, str]]) -> None:
    """Forget what sources said: (structure id, field, source)."""
    rows = [{"of_structure": key, "of_field": field, "of_source": source} for key, field, source in keys]
    if rows:
        connection.execute(
            delete(statements).where(
                statements.c.structure_id == bindparam("of_structure"),
                statements.c.field == bindparam("of_field"),
                statements.c.source == bindparam("of_source"),
            ),
            rows,
        )


def settle(
    connection: Connection, structure_id: int, fields: Iterable[str], source: str | None = None
) -> None:
    """A person has answered about these fields (for one source, or for all of them)."""
    query = update(statements).where(
        statements.c.structure_id == structure_id, statements.c.field.in_(list(fields))
    )
    if source is not None:
        query = query.where(statements.c.source == source)
    connection.execute(query.values(asks=False))


def _of_territoire(territoire_id: int) -> Select[Any]:
    return (
        select(statements)
        .join(structures, structures.c.id == statements.c.structure_id)
        .where(structures.c.territoire_id == territoire_id)
    )


def _read(connection: Connection, query: Select[Any]) -> list[Statement]:
    return [_statement(row) for row in connection.execute(query).mappings()]


def _statement(row: RowMapping) -> Statement:
    value = field_from_json("structures", row["field"], row["value"])
    return Statement(
        structure_id=row["structure_id"],
        field=row["field"],
        source=row["source"],
        value=value,
        on=row["on"],
        asks=row["asks"],
    )


def by_key(found: Iterable[Statement]) -> Mapping[tuple[int, str, str], Statement]:
    """Statements by structure, field and source."""
    return {(item.structure_id, item.field, item.source): item for item in found}
