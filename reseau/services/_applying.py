"""Writing what a comparison found, inside the caller's transaction, and remembering it to undo it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.services._cells import dated, spoken
from reseau.services._steps import GONE, NEW, SAME, Comparison, Step
from reseau.sources import all_sources
from reseau.store import changes
from reseau.store import imports as repository
from reseau.store.json_values import to_json
from reseau.store.rows import storable
from reseau.store.statements import (
    Statement,
    by_key,
    put_statements,
    remove_statements,
    statements_of_structures,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What makes a row the same one when its number was given again to another.
IDENTITY = ("uid", "code", "origin")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Steps to write. `skipped`: rows of the file that would change something and were not chosen."""

    steps: tuple[Step, ...]
    skipped: int

    def count(self, *actions: str) -> int:
        """Rows of some actions."""
        return sum(step.action in actions for step in self.steps)


def choose(comparison: Comparison, only: Collection[str] | None, *, close_many: bool) -> Chosen:
    """What to write of a comparison.

    Args:
        only: keys of the changes chosen by a person, None for all of them.
        close_many: those of a crowd that would go too.
    """
    wanted = None if only is None else frozenset(only)
    steps: list[Step] = []
    skipped = 0
    for step in comparison.steps:
        if step.action == SAME:
            taken = True
        elif wanted is None:
            taken = close_many or not step.held
        else:
            taken = step.key in wanted
        if taken:
            steps.append(step)
        else:
            skipped += step.action != GONE
    return Chosen(tuple(steps), skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Which import writes, and of what date its data is."""

    connection: Connection
    territoire_id: int
    import_id: int
    source_id: str
    kind: str
    on: date


def apply(writing: Writing, steps: Iterable[Step]) -> None:
    """Write the steps chosen."""
    steps = list(steps)
    _insert(writing, [step for step in steps if step.action == NEW])
    _change(writing, [step for step in steps if step.action != NEW])


def _insert(writing: Writing, steps: list[Step]) -> None:
    connection = writing.connection
    ids = repository.insert_many(connection, writing.kind, [step.values for step in steps], writing.source_id)
    if writing.kind == "structures":
        fresh = [(row_id, name) for row_id, step in zip(ids, steps, strict=True) for name in step.sourced]
        repository.add_provenance(connection, fresh, source=writing.source_id, on=writing.on)
    for row_id, step in zip(ids, steps, strict=True):
        if step.partners:
            repository.set_action_partners(connection, row_id, step.partners)
    made = (
        {"row_id": row_id, "action": NEW, "before": {}, "after": {"identity": identity(step.values)}}
        for row_id, step in zip(ids, steps, strict=True)
    )
    changes.add_changes(connection, writing.import_id, writing.kind, made)


def identity(row: Mapping[str, Any]) -> str:
    """What makes a stored row the same one, whatever its number."""
    return next((str(row[name]) for name in IDENTITY if row.get(name)), "")


def _change(writing: Writing, steps: list[Step]) -> None:
    connection = writing.connection
    rows = {_row(step)["id"]: step for step in steps}
    repository.update_many(
        connection, writing.kind, {row_id: step.values for row_id, step in rows.items() if step.values}
    )
    for row_id, step in rows.items():
        if step.partners is not None:
            repository.set_action_partners(connection, row_id, step.partners)
    about = _say(writing, rows) if writing.kind == "structures" else {}
    done = (
        {
            "row_id": row_id,
            "action": step.action,
            "before": _before(step) | about.get(row_id, ({}, {}))[0],
            "after": _after(step) | about.get(row_id, ({}, {}))[1],
        }
        for row_id, step in rows.items()
    )
    changes.add_changes(connection, writing.import_id, writing.kind, done)


def _row(step: Step) -> Mapping[str, Any]:
    if step.row is None:
        raise ValueError("a step that is not new has a row")
    return step.row


def _before(step: Step) -> dict[str, Any]:
    row = _row(step)
    before: dict[str, Any] = {"values": {name: to_json(row[name]) for name in step.values}}
    if step.partners is not None:
        before["partners"] = [list(item) for item in step.old_partners]
    return before


def _after(step: Step) -> dict[str, Any]:
    values = {name: to_json(value) for name, value in storable(step.values).items()}
    after: dict[str, Any] = {"values": values, "identity": identity(_row(step))}
    if step.partners is not None:
        after["partners"] = [list(item) for item in step.partners]
    return after


Halves = tuple[dict[str, Any], dict[str, Any]]


def _say(writing: Writing, rows: Mapping[int, Step]) -> dict[int, Halves]:
    """Write provenance, statements and aliases of structures; answers what they were and what they became."""
    connection = writing.connection
    speaking = [row_id for row_id, step in rows.items() if step.sourced]
    provenance = repository.provenance_of_many(connection, speaking)
    listening = [row_id for row_id, step in rows.items() if step.said or step.agreed or step.values]
    stored = by_key(statements_of_structures(connection, listening))
    halves: dict[int, Halves] = {}
    put: list[Statement] = []
    removed: list[tuple[int, str, str]] = []
    for row_id, step in rows.items():
        said = _statements(writing, row_id, step, provenance)
        forgotten = [(row_id, name, writing.source_id) for name in step.agreed]
        put += said
        removed += forgotten
        halves[row_id] = _halves(writing, step, provenance, [*map(_key, said), *forgotten], stored, said)
    remove_statements(connection, removed)
    put_statements(connection, put)
    entries = [(row_id, name) for row_id, step in rows.items() for name in step.sourced]
    repository.set_provenance(connection, entries, source=writing.source_id, on=writing.on)
    aliases = {step.alias: row_id for row_id, step in rows.items() if step.alias}
    repository.add_aliases(connection, writing.territoire_id, aliases)
    return halves


def _key(item: Statement) -> tuple[int, str, str]:
    return item.structure_id, item.field, item.source


def _statements(
    writing: Writing, row_id: int, step: Step, provenance: Mapping[tuple[int, str], tuple[str, date]]
) -> list[Statement]:
    """What the source says underneath, and what those it overwrites had said."""
    said = [
        Statement(
            structure_id=row_id, field=name, source=writing.source_id, value=value, on=writing.on, asks=asks
        )
        for name, (value, asks) in step.said.items()
    ]
    for name in step.values:
        source, on = provenance.get((row_id, name), ("", writing.on))
        if source in all_sources() and source != writing.source_id:
            value = _row(step)[name]
            said.append(Statement(structure_id=row_id, field=name, source=source, value=value, on=on))
    return said


def _halves(
    writing: Writing,
    step: Step,
    provenance: Mapping[tuple[int, str], tuple[str, date]],
    touched: list[tuple[int, str, str]],
    stored: Mapping[tuple[int, str, str], Statement],
    said: list[Statement],
) -> Halves:
    """Provenance, statements and alias before and after, as JSON."""
    row_id = _row(step)["id"]
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if step.sourced:
        known = {name: provenance.get((row_id, name)) for name in step.sourced}
        before["provenance"] = {name: dated(*said) if said else None for name, said in known.items()}
        after["provenance"] = {name: dated(writing.source_id, writing.on) for name in step.sourced}
    if touched:
        fresh = by_key(said)
        before["statements"] = [[*key[1:], _spoken(stored.get(key))] for key in touched]
        after["statements"] = [[*key[1:], _spoken(fresh.get(key))] for key in touched]
    if step.alias:
        after["alias"] = step.alias
    return before, after


def _spoken(item: Statement | None) -> list[Any] | None:
    return None if item is None else spoken(item)
