"""What an import remembers of a row, cell by cell: values, provenance, statements, partners, alias.

Everything here is as JSON holds it, so that what was written and what is there now compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.store import imports as repository
from reseau.store.json_values import field_from_json, to_json
from reseau.store.statements import Statement, put_statements, remove_statements, statements_of_structures

if TYPE_CHECKING:
    from sqlalchemy import Connection

Cell = tuple[str, ...]
"""A word, then what it is about: `("values", field)`, `("provenance", field)`, `("partners",)`,
`("statements", field, source)`, `("alias", uid)`."""


def cells_of(half: Mapping[str, Any]) -> dict[Cell, Any]:
    """Cells of what was before, or after, an import (see `reseau.services._applying`)."""
    found: dict[Cell, Any] = {("values", name): value for name, value in half.get("values", {}).items()}
    found |= {("provenance", name): value for name, value in half.get("provenance", {}).items()}
    found |= {("statements", name, source): value for name, source, value in half.get("statements", ())}
    if "partners" in half:
        found["partners",] = half["partners"]
    if half.get("alias"):
        found["alias", half["alias"]] = True
    return found


def with_cell(half: Mapping[str, Any], cell: Cell, value: Any) -> dict[str, Any]:
    """The same, one cell holding something else."""
    if cell[0] == "statements":
        others = [item for item in half["statements"] if tuple(item[:2]) != cell[1:]]
        return {**half, "statements": [*others, [*cell[1:], value]]}
    if cell[0] in {"values", "provenance"}:
        return {**half, cell[0]: {**half[cell[0]], cell[1]: value}}
    return {**half, "partners": value} if cell[0] == "partners" else dict(half)


def cells_now(
    connection: Connection,
    kind: str,
    territoire_id: int,
    changed: Iterable[Mapping[str, Any]],
    rows: Mapping[int, Mapping[str, Any]],
) -> dict[int, dict[Cell, Any]]:
    """What the cells of some rows hold now.

    Args:
        changed: changes of an import; only the fields it wrote are looked at.
        rows: the rows as stored, by id.
    """
    now: dict[int, dict[Cell, Any]] = {}
    for item in changed:
        row = rows[item["row_id"]]
        now[row["id"]] = {("values", name): to_json(row[name]) for name in item["after"].get("values", {})}
    if kind == "actions":
        partners = repository.action_partners_of(connection, territoire_id)
        for row_id, cells in now.items():
            cells["partners",] = [list(pair) for pair in partners.get(row_id, [])]
    if kind == "structures":
        _add_sayings(connection, territoire_id, now)
    return now


def _add_sayings(connection: Connection, territoire_id: int, now: dict[int, dict[Cell, Any]]) -> None:
    ids = sorted(now)
    for (row_id, name), said in repository.provenance_of_many(connection, ids).items():
        now[row_id]["provenance", name] = dated(*said)
    for item in statements_of_structures(connection, ids):
        now[item.structure_id]["statements", item.field, item.source] = spoken(item)
    for uid, row_id in repository.aliases_of(connection, territoire_id).items():
        if row_id in now:
            now[row_id]["alias", uid] = True


def dated(source: str, on: date) -> list[str]:
    """Provenance of a field, as a cell holds it."""
    return [source, on.isoformat()]


def spoken(item: Statement) -> list[Any]:
    """A statement, as a cell holds it."""
    return [to_json(item.value), item.on.isoformat(), item.asks]


def write_cells(
    connection: Connection, kind: str, territoire_id: int, cells: Mapping[int, Mapping[Cell, Any]]
) -> None:
    """Write cells of rows; None takes provenance, a statement or an alias away."""
    values: dict[int, dict[str, Any]] = {}
    provenance: dict[tuple[int, str], tuple[str, date] | None] = {}
    said: list[Statement] = []
    forgotten: list[tuple[int, str, str]] = []
    aliases: dict[str, int] = {}
    for row_id, of_row in cells.items():
        for cell, value in of_row.items():
            match cell:
                case ("values", name):
                    values.setdefault(row_id, {})[name] = field_from_json(kind, name, value)
                case ("provenance", name):
                    provenance[row_id, name] = value and (value[0], date.fromisoformat(value[1]))
                case ("statements", name, source):
                    if value is None:
                        forgotten.append((row_id, name, source))
                    else:
                        said.append(_statement(row_id, name, source, value))
                case ("partners",):
                    partners = [(structure_id, role) for structure_id, role in value or []]
                    repository.set_action_partners(connection, row_id, partners)
                case ("alias", uid):
                    aliases[uid] = row_id
    repository.update_many(connection, kind, values)
    repository.restore_provenance(connection, provenance)
    remove_statements(connection, forgotten)
    put_statements(connection, said)
    repository.remove_aliases(connection, territoire_id, aliases)


def _statement(row_id: int, name: str, source: str, cell: list[Any]) -> Statement:
    value, on, asks = cell
    return Statement(
        structure_id=row_id,
        field=name,
        source=source,
        value=field_from_json("structures", name, value),
        on=date.fromisoformat(on),
        asks=asks,
    )
