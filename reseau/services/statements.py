"""What sources say underneath what is in force, and a person's answer when they say something new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import NotFound
from reseau.services._authority import group_of
from reseau.services.app import App
from reseau.sources import all_sources
from reseau.store import imports, territoires
from reseau.store import statements as repository
from reseau.store.rows import PERSON, get_row, storable, update_row
from reseau.store.statements import Statement

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Conflict", "Statement", "conflicts", "keep_mine", "statements_of", "take_theirs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A source says something else than what a person wrote, and had not said it before.

    Attributes:
        mine: value in force.
        theirs: what the source says.
        source: id of the source.
        on: date of its data.
    """

    structure_id: int
    name: str
    field: str
    mine: Any
    theirs: Any
    source: str
    on: date


def conflicts(app: App, territoire_id: int) -> list[Conflict]:
    """What waits for a person's answer, by structure and field."""
    with app.store.read() as connection:
        asking = repository.asking_statements(connection, territoire_id)
        rows = imports.rows_by_id(connection, "structures", {item.structure_id for item in asking})
    return [
        Conflict(
            structure_id=item.structure_id,
            name=rows[item.structure_id]["name"],
            field=item.field,
            mine=rows[item.structure_id][item.field],
            theirs=item.value,
            source=item.source,
            on=item.on,
        )
        for item in asking
        if _differs(item, rows[item.structure_id])
    ]


def statements_of(app: App, structure_id: int) -> list[Statement]:
    """What sources say of a structure that is not what is in force, by field.

    Raises:
        NotFound: no such structure.
    """
    with app.store.read() as connection:
        row = get_row(connection, "structures", structure_id)
        said = repository.statements_of_structures(connection, [structure_id])
    return [item for item in said if _differs(item, row)]


def keep_mine(app: App, territoire_id: int, structure_id: int, field: str, source: str) -> None:
    """The person's value stays, and what the source says now is not asked about again."""
    with app.store.write() as connection:
        repository.settle(connection, structure_id, group_of(field), source)
        territoires.touch(connection, territoire_id)


def take_theirs(app: App, territoire_id: int, structure_id: int, field: str, source: str) -> None:
    """Put what a source says in force, and let its next files change it. A position moves as a whole.

    Raises:
        NotFound: no such structure, or the source says nothing of this field.
    """
    with app.store.write() as connection:
        row = get_row(connection, "structures", structure_id)
        fields = group_of(field)
        said = [
            item
            for item in repository.statements_of_structures(connection, [structure_id])
            if item.source == source and item.field in fields
        ]
        if not any(item.field == field for item in said):
            raise NotFound("Cette source ne dit plus rien de ce champ : rechargez la fiche.")
        values = {item.field: item.value for item in said}
        overrides = sorted(set(row["overrides"]) - fields)
        # A person's answer: nobody else's screen must overwrite it unseen, so the version grows.
        update_row(
            connection, "structures", structure_id, {**values, "overrides": overrides}, by_person=False
        )
        _become(connection, structure_id, fields, said)
        repository.remove_statements(connection, [(structure_id, item.field, source) for item in said])
        territoires.touch(connection, territoire_id)


def _become(connection: Connection, structure_id: int, fields: frozenset[str], said: list[Statement]) -> None:
    """The fields of a group come from the source: those it changes, and those a person had filled."""
    known = imports.provenance_of_one(connection, structure_id)
    taken = {item.field for item in said}
    mine = {name for name in fields if known.get(name, ("",))[0] == PERSON}
    on = max(item.on for item in said)
    entries = [(structure_id, name) for name in sorted(taken | mine)]
    imports.set_provenance(connection, entries, source=said[0].source, on=on)


def _differs(item: Statement, row: Mapping[str, Any]) -> bool:
    return bool(storable({item.field: item.value})[item.field] != row[item.field])


def remember_replaced(connection: Connection, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """A person changes a structure: keep what sources had said of it, and take the change as an answer.

    Args:
        row: the structure as it was.
        values: the fields a person gave.
    """
    new = {name: value for name, value in storable(values).items() if value != row[name]}
    provenance = imports.provenance_of_one(connection, row["id"])
    replaced = [
        Statement(structure_id=row["id"], field=name, source=said[0], value=row[name], on=said[1])
        for name in sorted(new)
        if (said := provenance.get(name)) and said[0] in all_sources()
    ]
    repository.put_statements(connection, replaced)
    repository.settle(connection, row["id"], new)
    said_too = repository.statements_of_structures(connection, [row["id"]])
    agreed = [
        (item.structure_id, item.field, item.source)
        for item in said_too
        if item.field in new and item.value == new[item.field]
    ]
    repository.remove_statements(connection, agreed)
