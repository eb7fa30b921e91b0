"""Territories, their settings and what they expect of each type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from reseau.errors import NotFound, RefusedInput
from reseau.model.expectations import expectation_of
from reseau.model.records import Territoire, TypeSetting, VerifiedAbsence
from reseau.store.rows import inserted_id, now, storable
from reseau.store.tables import absences, quartiers, territoires, type_settings

COUNTED = ("weight", "from_inhabitants")


def insert_territoire(connection: Connection, record: Territoire) -> int:
    """Create a territory.

    Raises:
        RefusedInput: one of that name exists.
    """
    values = {**storable(asdict(record)), "created_at": now()}
    try:
        result = connection.execute(insert(territoires).values(values))
    except IntegrityError as error:
        raise RefusedInput(
            f"Un territoire nommé « {record.name} » existe déjà. Choisissez un autre nom."
        ) from error
    return inserted_id(result)


def list_territoires(connection: Connection) -> list[tuple[int, Territoire]]:
    """Every territory, oldest first."""
    rows = connection.execute(select(territoires).order_by(territoires.c.id)).mappings()
    return [(row["id"], _record(row)) for row in rows]


def get_territoire(connection: Connection, territoire_id: int) -> Territoire:
    """One territory.

    Raises:
        NotFound: no such territory.
    """
    row = connection.execute(select(territoires).where(territoires.c.id == territoire_id)).mappings().first()
    if row is None:
        raise NotFound("Ce territoire n'existe pas (ou plus).")
    return _record(row)


def update_territoire(connection: Connection, territoire_id: int, changes: Mapping[str, Any]) -> None:
    """Change settings of a territory."""
    query = update(territoires).where(territoires.c.id == territoire_id).values(**storable(changes))
    try:
        connection.execute(query)
    except IntegrityError as error:
        raise RefusedInput("Un autre territoire porte déjà ce nom. Choisissez-en un autre.") from error


def touch(connection: Connection, territoire_id: int) -> None:
    """Say that the data of a territory changed, so that what was computed is computed again."""
    connection.execute(
        update(territoires)
        .where(territoires.c.id == territoire_id)
        .values(data_version=territoires.c.data_version + 1)
    )


def data_version(connection: Connection, territoire_id: int) -> int:
    """Number that grows with each change of a territory's data.

    Raises:
        NotFound: no such territory.
    """
    query = select(territoires.c.data_version).where(territoires.c.id == territoire_id)
    version = connection.execute(query).scalar()
    if version is None:
        raise NotFound("Ce territoire n'existe pas (ou plus).")
    return int(version)


def get_type_settings(connection: Connection, territoire_id: int) -> dict[str, TypeSetting]:
    """A territory's own settings by type code; a type it never edited is not there."""
    query = select(type_settings).where(type_settings.c.territoire_id == territoire_id)
    return {
        row["type_code"]: TypeSetting(
            type_code=row["type_code"],
            expected=row["expected"],
            gamme=row["gamme"],
            review_days=row["review_days"],
            **_counted(row),
        )
        for row in connection.execute(query).mappings()
    }


def set_type_settings(connection: Connection, territoire_id: int, settings: Iterable[TypeSetting]) -> None:
    """Replace a territory's own settings of types."""
    connection.execute(delete(type_settings).where(type_settings.c.territoire_id == territoire_id))
    rows = [{"territoire_id": territoire_id, **asdict(setting), **_own(setting)} for setting in settings]
    if rows:
        connection.execute(insert(type_settings), rows)


def _counted(row: RowMapping) -> dict[str, Any]:
    """Weight and size of a stored setting: those of the reference where the territory chose none."""
    usual = expectation_of(row["type_code"])
    return {name: getattr(usual, name) if row[name] is None else row[name] for name in COUNTED}


def _own(setting: TypeSetting) -> dict[str, Any]:
    """The weight and the size that are not those of the reference."""
    usual = expectation_of(setting.type_code)
    chosen = {name: getattr(setting, name) for name in COUNTED}
    return {name: None if value == getattr(usual, name) else value for name, value in chosen.items()}


def list_absences(connection: Connection, territoire_id: int) -> list[VerifiedAbsence]:
    """What people verified not to exist."""
    query = (
        select(absences, quartiers.c.code)
        .join(quartiers, quartiers.c.id == absences.c.quartier_id)
        .where(absences.c.territoire_id == territoire_id, quartiers.c.deleted_at.is_(None))
        .order_by(absences.c.id)
    )
    return [
        VerifiedAbsence(
            quartier_code=row["code"],
            type_code=row["type_code"],
            on=row["on"],
            author=row["author"],
            note=row["note"],
        )
        for row in connection.execute(query).mappings()
    ]


def set_absence(
    connection: Connection, territoire_id: int, quartier_id: int, absence: VerifiedAbsence
) -> None:
    """Record (or renew) a verified absence."""
    remove_absence(connection, quartier_id, absence.type_code)
    connection.execute(
        insert(absences).values(
            territoire_id=territoire_id,
            quartier_id=quartier_id,
            type_code=absence.type_code,
            on=absence.on or date.today(),
            author=absence.author,
            note=absence.note,
        )
    )


def remove_absence(connection: Connection, quartier_id: int, type_code: str) -> None:
    """Take a verified absence back."""
    connection.execute(
        delete(absences).where(absences.c.quartier_id == quartier_id, absences.c.type_code == type_code)
    )


def _record(row: RowMapping) -> Territoire:
    values = {item.name: row[item.name] for item in fields(Territoire)}
    return Territoire(
        **{**values, "communes": tuple(values["communes"]), "qpv_codes": tuple(values["qpv_codes"])}
    )
