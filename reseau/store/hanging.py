"""What hangs on rows that would be erased for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Column, Connection, delete, select

from reseau.store import tables
from reseau.store.changes import in_chunks
from reseau.store.rows import EDITABLE

# What hangs → columns that hold the row it hangs on.
_ON_STRUCTURES: dict[str, tuple[Column[int], ...]] = {
    "relations": (tables.relations.c.from_id, tables.relations.c.to_id),
    "permanences": (tables.permanences.c.structure_id, tables.permanences.c.host_id),
    "contacts": (tables.contacts.c.structure_id,),
    "journal": (tables.journal.c.structure_id,),
    "actions": (tables.actions.c.host_id, tables.action_partners.c.structure_id),
    "écran": (tables.screen_places.c.structure_id,),
    "merges": (tables.merges.c.kept_id, tables.merges.c.gone_id, tables.structures.c.merged_into),
}
_ON_QUARTIERS: dict[str, tuple[Column[int], ...]] = {
    "absences": (tables.absences.c.quartier_id,),
    "besoins": (tables.needs.c.quartier_id,),
}
_HANGING = {"structures": _ON_STRUCTURES, "quartiers": _ON_QUARTIERS}


def what_hangs(connection: Connection, kind: str, row_ids: Iterable[int]) -> dict[int, str]:
    """Row id → what hangs on it (`relations`, `permanences`…), put aside or not; others are not there."""
    ids = sorted(row_ids)
    found: dict[int, str] = {}
    for what, columns in _HANGING.get(kind, {}).items():
        for column in columns:
            for part in in_chunks(ids):
                query = select(column).where(column.in_(part)).distinct()
                for row_id in connection.execute(query).scalars():
                    found.setdefault(int(row_id), what)
    return found


def quartiers_of_actions(connection: Connection, territoire_id: int) -> set[str]:
    """Codes of the quartiers that actions of a territory speak of."""
    query = select(tables.actions.c.quartiers).where(tables.actions.c.territoire_id == territoire_id)
    return {code for codes in connection.execute(query).scalars() for code in codes}


def quartiers_of_screens(connection: Connection, territoire_id: int) -> set[str]:
    """Codes of the quartiers that screens of a territory speak of."""
    query = select(tables.screens.c.settings).where(tables.screens.c.territoire_id == territoire_id)
    return {
        code for settings in connection.execute(query).scalars() for code in settings.get("quartiers", ())
    }


def names_of(connection: Connection, kind: str, territoire_id: int) -> dict[int, str]:
    """Names of the structures or quartiers of a territory by id."""
    table = EDITABLE[kind]
    query = select(table.c.id, table.c.name).where(table.c.territoire_id == territoire_id)
    return {row.id: row.name for row in connection.execute(query)}


def erase(connection: Connection, kind: str, row_ids: Sequence[int]) -> None:
    """Erase rows for good, with what is known of them."""
    table = EDITABLE[kind]
    for part in in_chunks(row_ids):
        connection.execute(delete(table).where(table.c.id.in_(part)))
