"""Waiting-room screens kept with a territory: their settings as plain JSON values, their key, their logo."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from reseau.errors import Conflict, NotFound
from reseau.model.screens import DayPart, Screen
from reseau.store.rows import inserted_id, now
from reseau.store.tables import screens, territoires

_WITHOUT_LOGO = [column for column in screens.c if column.name != "logo"]
_TUPLES = ("quartiers", "languages", "slides", "needs")


def settings_of(record: Screen) -> dict[str, Any]:
    """A screen as plain JSON values, its name apart."""
    said = asdict(record)
    del said["name"]
    return said


def record_of(row: Mapping[str, Any]) -> Screen:
    """A screen as it was kept; settings that this version does not know are left aside."""
    known = {item.name for item in fields(Screen)} - {"name"}
    said = {name: value for name, value in row["settings"].items() if name in known}
    said |= {name: tuple(said[name]) for name in _TUPLES if name in said}
    parts = tuple(_day_part(item) for item in said.pop("day_parts", ()))
    return Screen(**{"quartiers": (), **said, "name": row["name"], "day_parts": parts})


def _day_part(said: Mapping[str, Any]) -> DayPart:
    return DayPart(
        slide=said["slide"], start=said["start"], end=said["end"], days=tuple(said.get("days", ()))
    )


def list_screens(connection: Connection, territoire_id: int) -> list[dict[str, Any]]:
    """Screens of a territory by name, without their logo but with `has_logo`."""
    query = (
        select(*_WITHOUT_LOGO, screens.c.logo.is_not(None).label("has_logo"))
        .where(screens.c.territoire_id == territoire_id)
        .order_by(screens.c.name, screens.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get_screen(connection: Connection, territoire_id: int, screen_id: int) -> dict[str, Any]:
    """One screen, as in `list_screens`.

    Raises:
        NotFound: no such screen in this territory.
    """
    return _one(connection, screens.c.territoire_id == territoire_id, screens.c.id == screen_id)


def screen_of_key(connection: Connection, key: str) -> dict[str, Any]:
    """The screen that a key names, whatever its territory, as in `list_screens`.

    Raises:
        NotFound: none.
    """
    return _one(connection, screens.c.key == key)


def _one(connection: Connection, *conditions: Any) -> dict[str, Any]:
    query = select(*_WITHOUT_LOGO, screens.c.logo.is_not(None).label("has_logo")).where(*conditions)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("Cet écran n'existe pas (ou plus) : quelqu'un l'a peut-être supprimé.")
    return dict(row)


def insert_screen(connection: Connection, territoire_id: int, record: Screen) -> int:
    """Keep a new screen, under a key nobody can guess, and return its id."""
    moment = now()
    row = {
        "territoire_id": territoire_id,
        "key": secrets.token_urlsafe(9),
        "name": record.name,
        "settings": settings_of(record),
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
    }
    return inserted_id(connection.execute(insert(screens).values(row)))


def one_at_a_time(connection: Connection, territoire_id: int) -> None:
    """Let those who save screens of a territory, or what residents left on them, do it one after the other.

    To be called before what the caller compares is read: not every database makes writers wait by itself.

    Raises:
        NotFound: no such territory.
    """
    lock = select(territoires.c.id).where(territoires.c.id == territoire_id).with_for_update()
    if connection.execute(lock).first() is None:
        raise NotFound("Ce territoire n'existe pas (ou plus).")


def update_screen(connection: Connection, screen_id: int, record: Screen, *, version: int) -> None:
    """Change a screen, whose version grows.

    Raises:
        Conflict: it has changed since `version`.
    """
    query = (
        update(screens)
        .where(screens.c.id == screen_id, screens.c.version == version)
        .values(name=record.name, settings=settings_of(record), version=version + 1, updated_at=now())
    )
    if connection.execute(query).rowcount != 1:
        raise _conflict()


def delete_screen(connection: Connection, screen_id: int, *, version: int) -> None:
    """Erase a screen, with its own messages and what residents left on it.

    Raises:
        Conflict: it has changed since `version`.
    """
    query = delete(screens).where(screens.c.id == screen_id, screens.c.version == version)
    if connection.execute(query).rowcount != 1:
        raise _conflict()


def get_logo(connection: Connection, screen_id: int) -> bytes | None:
    """PNG of a screen, None without one."""
    found = connection.execute(select(screens.c.logo).where(screens.c.id == screen_id)).scalar()
    return None if found is None else bytes(found)


def set_logo(connection: Connection, screen_id: int, png: bytes | None) -> None:
    """Change the logo; the version stays, since nobody types over a logo."""
    connection.execute(update(screens).where(screens.c.id == screen_id).values(logo=png, updated_at=now()))


def _conflict() -> Conflict:
    return Conflict(
        "Quelqu'un d'autre a modifié cet écran entre-temps. Rechargez la page pour voir ses changements, "
        "puis refaites les vôtres, ou enregistrez un autre écran."
    )
