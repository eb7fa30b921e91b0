"""Scenarios kept with a territory: a name and a list of changes, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from reseau.errors import Conflict, NotFound
from reseau.store.rows import inserted_id, now
from reseau.store.tables import scenarios, territoires


def list_scenarios(connection: Connection, territoire_id: int) -> list[dict[str, Any]]:
    """Every scenario of a territory, the last changed first."""
    query = (
        select(scenarios)
        .where(scenarios.c.territoire_id == territoire_id)
        .order_by(scenarios.c.updated_at.desc(), scenarios.c.id.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get_scenario(connection: Connection, territoire_id: int, scenario_id: int) -> dict[str, Any]:
    """One scenario.

    Raises:
        NotFound: no such scenario in this territory.
    """
    query = select(scenarios).where(scenarios.c.territoire_id == territoire_id, scenarios.c.id == scenario_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("Ce scénario n'existe pas (ou plus) : quelqu'un l'a peut-être supprimé.")
    return dict(row)


def insert_scenario(connection: Connection, territoire_id: int, values: Mapping[str, Any]) -> int:
    """Keep a new scenario and return its id.

    Raises:
        NotFound: no such territory.
    """
    # Names are compared by the caller: two people who save at once must do it one after the other.
    lock = select(territoires.c.id).where(territoires.c.id == territoire_id).with_for_update()
    if connection.execute(lock).first() is None:
        raise NotFound("Ce territoire n'existe pas (ou plus).")
    moment = now()
    row = {"territoire_id": territoire_id, "created_at": moment, "updated_at": moment, "version": 1}
    return inserted_id(connection.execute(insert(scenarios).values({**row, **values})))


def update_scenario(
    connection: Connection, territoire_id: int, scenario_id: int, values: Mapping[str, Any], *, version: int
) -> int:
    """Change a scenario and return its new version.

    Raises:
        NotFound: no such scenario.
        Conflict: it has changed since `version`.
    """
    _refuse_old(get_scenario(connection, territoire_id, scenario_id), version)
    query = (
        update(scenarios)
        .where(scenarios.c.id == scenario_id, scenarios.c.version == version)
        .values(**values, version=version + 1, updated_at=now())
    )
    if connection.execute(query).rowcount != 1:
        raise _conflict()
    return version + 1


def delete_scenario(connection: Connection, territoire_id: int, scenario_id: int, *, version: int) -> None:
    """Erase a scenario.

    Raises:
        NotFound: no such scenario.
        Conflict: it has changed since `version`.
    """
    _refuse_old(get_scenario(connection, territoire_id, scenario_id), version)
    connection.execute(delete(scenarios).where(scenarios.c.id == scenario_id, scenarios.c.version == version))


def _refuse_old(row: Mapping[str, Any], version: int) -> None:
    if row["version"] != version:
        raise _conflict()


def _conflict() -> Conflict:
    return Conflict(
        "Quelqu'un d'autre a modifié ce scénario entre-temps. Enregistrez le vôtre sous un autre nom, ou "
        "rouvrez-le pour voir ses changements."
    )
