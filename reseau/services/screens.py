"""Waiting-room screens kept with a territory: save, duplicate, delete, their logo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import Screen
from reseau.model.typology import normalise
from reseau.services._screen_checks import problems_of, tidy_screen
from reseau.services._screen_logo import as_png
from reseau.services.siting_places import is_far
from reseau.services.view import open_view
from reseau.sources import MAX_NAME
from reseau.store import screens as repository
from reseau.store import territoires

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reseau.services.app import App


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedScreen:
    """A screen kept with a territory.

    Attributes:
        key: in its address; cannot be guessed.
        version: for the next save, so that two people do not overwrite each other.
    """

    id: int
    key: str
    record: Screen
    has_logo: bool
    version: int
    updated_on: date


def list_screens(app: App, territoire_id: int) -> list[SavedScreen]:
    """Screens of a territory, by name."""
    with app.store.read() as connection:
        return [_saved(row) for row in repository.list_screens(connection, territoire_id)]


def get_screen(app: App, territoire_id: int, screen_id: int) -> SavedScreen:
    """One screen.

    Raises:
        NotFound: no such screen in this territory.
    """
    with app.store.read() as connection:
        return _saved(repository.get_screen(connection, territoire_id, screen_id))


def find_screen(app: App, territoire_id: int, name: str) -> SavedScreen:
    """The screen of that name, accents and case aside.

    Raises:
        NotFound: none has it; the message says which exist.
    """
    known = list_screens(app, territoire_id)
    for item in known:
        if normalise(item.record.name) == normalise(name):
            return item
    others = f" Écrans enregistrés : {', '.join(item.record.name for item in known)}." if known else ""
    raise NotFound(f"Aucun écran ne s'appelle « {name.strip()} ».{others}")


def screen_by_key(app: App, key: str) -> tuple[int, SavedScreen]:
    """Territory and screen that the key of an address names.

    Raises:
        NotFound: none.
    """
    with app.store.read() as connection:
        row = repository.screen_of_key(connection, key)
    return int(row["territoire_id"]), _saved(row)


def validate(app: App, territoire_id: int, record: Screen) -> Screen:
    """The screen as it would be kept: names on one line, codes said once, colours in small letters.

    Raises:
        RefusedInput: a value is wrong; every problem is in the message, one per line.
        NotFound: no such territory.
    """
    view = open_view(app, territoire_id)
    tidied = tidy_screen(record)
    far = is_far(view, tidied.lon, tidied.lat)
    if problems := problems_of(tidied, set(view.quartiers["code"]), far=far):
        raise RefusedInput("\n".join(problems))
    return tidied


def save_screen(
    app: App,
    territoire_id: int,
    record: Screen,
    *,
    screen_id: int | None = None,
    version: int | None = None,
) -> SavedScreen:
    """Keep a new screen (`screen_id` None), or change one.

    Args:
        version: the one on the person's screen; None where nobody could have changed it meanwhile.

    Raises:
        RefusedInput: a value is wrong (see `validate`), or the name is taken.
        Conflict: somebody changed it meanwhile.
        NotFound: somebody deleted it meanwhile.
    """
    record = validate(app, territoire_id, record)
    with app.store.write() as connection:
        repository.one_at_a_time(connection, territoire_id)
        _refuse_twin(connection, territoire_id, record.name, but=screen_id)
        if screen_id is None:
            screen_id = repository.insert_screen(connection, territoire_id, record)
        else:
            known = repository.get_screen(connection, territoire_id, screen_id)
            expected = known["version"] if version is None else version
            repository.update_screen(connection, screen_id, record, version=expected)
        territoires.touch(connection, territoire_id)
        return _saved(repository.get_screen(connection, territoire_id, screen_id))


def duplicate_screen(app: App, territoire_id: int, screen_id: int) -> SavedScreen:
    """A copy with its logo, under another name and another address; its own messages are not copied.

    Raises:
        NotFound: no such screen in this territory.
    """
    with app.store.write() as connection:
        repository.one_at_a_time(connection, territoire_id)
        row = repository.get_screen(connection, territoire_id, screen_id)
        record = repository.record_of(row)
        name = _free_name(connection, territoire_id, f"{record.name[: MAX_NAME - 8]} (copie)")
        copy_id = repository.insert_screen(connection, territoire_id, replace(record, name=name))
        repository.set_logo(connection, copy_id, repository.get_logo(connection, screen_id))
        territoires.touch(connection, territoire_id)
        return _saved(repository.get_screen(connection, territoire_id, copy_id))


def delete_screen(app: App, territoire_id: int, screen_id: int, *, version: int) -> None:
    """Erase a screen, its own messages and what residents left on it; what was counted stays counted.

    Raises:
        Conflict: somebody changed it since `version`.
        NotFound: somebody deleted it already.
    """
    with app.store.write() as connection:
        repository.get_screen(connection, territoire_id, screen_id)
        repository.delete_screen(connection, screen_id, version=version)
        territoires.touch(connection, territoire_id)


def get_logo(app: App, territoire_id: int, screen_id: int) -> bytes | None:
    """PNG of a screen, None without one.

    Raises:
        NotFound: no such screen in this territory.
    """
    with app.store.read() as connection:
        repository.get_screen(connection, territoire_id, screen_id)
        return repository.get_logo(connection, screen_id)


def set_logo(app: App, territoire_id: int, screen_id: int, data: bytes | None) -> SavedScreen:
    """Give a screen the logo of an image file (PNG, JPEG or WebP), or none; its version stays.

    Raises:
        RefusedInput: not such an image, or one that is too big.
        NotFound: no such screen in this territory.
    """
    png = None if data is None else as_png(data)
    with app.store.write() as connection:
        repository.get_screen(connection, territoire_id, screen_id)
        repository.set_logo(connection, screen_id, png)
        territoires.touch(connection, territoire_id)
        return _saved(repository.get_screen(connection, territoire_id, screen_id))


def default_screen(
    app: App, territoire_id: int, quartier_codes: Sequence[str], languages: Sequence[str] = ("fr",)
) -> Screen:
    """A screen with the usual choices, named after its first quartier; nothing is kept.

    Raises:
        RefusedInput: no quartier, or an unknown quartier or language.
        NotFound: no such territory.
    """
    names = dict(open_view(app, territoire_id).quartiers[["code", "name"]].itertuples(index=False))
    first = names.get(next(iter(quartier_codes), ""), "") or "du quartier"
    record = Screen(
        name=f"Écran {first}"[:MAX_NAME], quartiers=tuple(quartier_codes), languages=tuple(languages)
    )
    checked = validate(app, territoire_id, record)
    with app.store.read() as connection:
        return replace(checked, name=_free_name(connection, territoire_id, checked.name))


def _refuse_twin(connection: Connection, territoire_id: int, name: str, *, but: int | None) -> None:
    known = repository.list_screens(connection, territoire_id)
    if any(normalise(item["name"]) == normalise(name) and item["id"] != but for item in known):
        raise RefusedInput(f"Un écran s'appelle déjà « {name} ». Choisissez un autre nom.")


def _free_name(connection: Connection, territoire_id: int, name: str) -> str:
    """The name, with a number when it is taken."""
    taken = {normalise(item["name"]) for item in repository.list_screens(connection, territoire_id)}
    ends = ["", *(f" {rank}" for rank in range(2, len(taken) + 3))]
    candidates = [f"{name[: MAX_NAME - len(end)]}{end}" for end in ends]
    return next(item for item in candidates if normalise(item) not in taken)


def _saved(row: Mapping[str, Any]) -> SavedScreen:
    return SavedScreen(
        id=row["id"],
        key=row["key"],
        record=repository.record_of(row),
        has_logo=bool(row["has_logo"]),
        version=row["version"],
        updated_on=row["updated_at"].date(),
    )
