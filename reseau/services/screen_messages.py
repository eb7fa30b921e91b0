"""Messages of the team on its screens: written in several languages, shown from a moment to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from reseau.errors import RefusedInput
from reseau.model.screens import ScreenMessage
from reseau.services._screen_checks import private_problem, texts_problems, tidy_texts
from reseau.services.privacy import personal_hints
from reseau.store import screen_words as repository
from reseau.store import territoires
from reseau.store.screens import get_screen

if TYPE_CHECKING:
    from reseau.services.app import App

MAX_TEXT = 600
"""Characters of a message, in each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMessage:
    """A message kept with a territory. `version`: for the next save."""

    id: int
    record: ScreenMessage
    version: int


def list_messages(app: App, territoire_id: int, *, screen_id: int | None = None) -> list[SavedMessage]:
    """Messages of a territory, oldest first, those that are over too.

    Args:
        screen_id: only what this screen shows: its own and those of every screen.
    """
    with app.store.read() as connection:
        rows = repository.list_messages(connection, territoire_id)
    return [_saved(row) for row in rows if screen_id is None or row["screen_id"] in {None, screen_id}]


def is_current(message: ScreenMessage, now: datetime) -> bool:
    """Whether a message is shown at a local moment (naive)."""
    return not is_past(message, now) and (message.starts_at is None or message.starts_at <= now)


def is_past(message: ScreenMessage, now: datetime) -> bool:
    """Whether a message is over at a local moment (naive)."""
    return message.ends_at is not None and message.ends_at <= now


def ends_soon(message: ScreenMessage, now: datetime, *, days: int = 7) -> bool:
    """Whether a message that is not over will be within some days."""
    return (
        message.ends_at is not None
        and not is_past(message, now)
        and (message.ends_at - now).total_seconds() <= days * 86_400
    )


def warnings_of(record: ScreenMessage, *, today: date) -> list[str]:
    """What the texts seem to say of a person, in French: for warning the author, who may go on.

    A message is shown as it is written: a number the team gives on purpose is its own decision.
    """
    texts = list(record.texts.values())
    found = personal_hints(texts, today=today)
    if not found and any(private_problem(text) for text in texts):
        found.append("une adresse électronique ou un numéro de téléphone mobile")
    return found


def save_message(
    app: App,
    territoire_id: int,
    record: ScreenMessage,
    *,
    message_id: int | None = None,
    version: int | None = None,
) -> SavedMessage:
    """Keep a new message (`message_id` None), or change one.

    Args:
        version: the one on the person's screen; None where nobody could have changed it meanwhile.

    Raises:
        RefusedInput: no French text, a text that is too long, an end that is not after its start.
        Conflict: somebody changed it meanwhile.
        NotFound: no such message, or no such screen, in this territory.
    """
    record = replace(record, texts=tidy_texts(record.texts, lines=True))
    if problems := _problems(record):
        raise RefusedInput("\n".join(problems))
    values = asdict(record)
    with app.store.write() as connection:
        if record.screen_id is not None:
            get_screen(connection, territoire_id, record.screen_id)
        if message_id is None:
            message_id = repository.insert_message(connection, territoire_id, values)
        else:
            known = repository.get_message(connection, territoire_id, message_id)
            expected = known["version"] if version is None else version
            repository.update_message(connection, message_id, values, version=expected)
        territoires.touch(connection, territoire_id)
        return _saved(repository.get_message(connection, territoire_id, message_id))


def delete_message(app: App, territoire_id: int, message_id: int, *, version: int) -> None:
    """Erase a message.

    Raises:
        Conflict: somebody changed it since `version`.
        NotFound: somebody deleted it already.
    """
    with app.store.write() as connection:
        repository.get_message(connection, territoire_id, message_id)
        repository.delete_message(connection, message_id, version=version)
        territoires.touch(connection, territoire_id)


def _problems(record: ScreenMessage) -> list[str]:
    problems = texts_problems(record.texts, MAX_TEXT, "Message")
    bounds = (record.starts_at, record.ends_at)
    if any(at is not None and at.tzinfo is not None for at in bounds):
        problems.append("Dates du message : à l'heure du territoire, sans fuseau.")
    elif record.starts_at is not None and record.ends_at is not None and record.ends_at <= record.starts_at:
        problems.append("Dates du message : la fin doit venir après le début.")
    return problems


def _saved(row: Mapping[str, Any]) -> SavedMessage:
    record = ScreenMessage(
        texts=dict(row["texts"]),
        screen_id=row["screen_id"],
        emergency=row["emergency"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
    )
    return SavedMessage(id=row["id"], record=record, version=row["version"])
