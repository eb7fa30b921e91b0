"""What a team says of a structure for its screens: a simple sentence, the needs it answers, or silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reseau.errors import RefusedInput
from reseau.model.screens import ScreenPlace
from reseau.screens.needs import load_needs
from reseau.screens.texts import language_codes, load_language, type_texts
from reseau.services._screen_checks import private_problem, texts_problems, tidy_texts
from reseau.store import screen_words as repository
from reseau.store import territoires

if TYPE_CHECKING:
    from reseau.services.app import App

MAX_TEXT = 160
"""Characters of the sentence, in each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlace:
    """What is said of a structure. `version`: for the next save, 0 when nothing is said."""

    record: ScreenPlace
    version: int


def get_place(app: App, territoire_id: int, structure_id: int) -> SavedPlace:
    """What is said of one structure; the usual when nothing is.

    Raises:
        NotFound: no such structure in this territory.
    """
    with app.store.read() as connection:
        row = repository.get_place(connection, territoire_id, structure_id)
    if row is None:
        return SavedPlace(record=ScreenPlace(structure_id=structure_id), version=0)
    return _saved(row)


def list_places(app: App, territoire_id: int) -> dict[int, ScreenPlace]:
    """What is said of the structures of a territory, by id; those nothing is said of are not there."""
    with app.store.read() as connection:
        rows = repository.list_places(connection, territoire_id)
    return {row["structure_id"]: _saved(row).record for row in rows}


def save_place(app: App, territoire_id: int, record: ScreenPlace, *, version: int) -> SavedPlace:
    """Say something of a structure. Saying the usual is saying nothing.

    Args:
        version: as `get_place` gave it.

    Raises:
        RefusedInput: an unknown need or language, no French sentence, one that is too long or that holds
            what looks like somebody's number or address.
        Conflict: somebody said something else meanwhile.
        NotFound: no such structure in this territory.
    """
    needs = None if record.needs is None else tuple(dict.fromkeys(record.needs))
    record = replace(record, texts=tidy_texts(record.texts), needs=needs)
    if problems := _problems(record):
        raise RefusedInput("\n".join(problems))
    silent = record == ScreenPlace(structure_id=record.structure_id)
    with app.store.write() as connection:
        repository.get_place(connection, territoire_id, record.structure_id)
        values = None if silent else _values(record)
        repository.put_place(connection, record.structure_id, values, version=version)
        territoires.touch(connection, territoire_id)
    return get_place(app, territoire_id, record.structure_id)


def fallback(types: Sequence[str]) -> dict[str, str]:
    """The ready-made sentence of a structure nobody described, by language.

    A language that lacks it is not there: its readers see the French.
    """
    return type_texts(types, [load_language(code) for code in language_codes()])


def _problems(record: ScreenPlace) -> list[str]:
    unknown = [key[:40] for key in record.needs or () if key not in load_needs()]
    problems = [f"Besoins : inconnu ({', '.join(unknown)})."] if unknown else []
    if not record.texts:
        return problems
    private = {code: private_problem(text) for code, text in record.texts.items()}
    return [
        *problems,
        *texts_problems(record.texts, MAX_TEXT, "Texte simple"),
        *(f"Texte simple ({code}) : {problem}" for code, problem in private.items() if problem),
    ]


def _values(record: ScreenPlace) -> dict[str, Any]:
    return {
        "hidden": record.hidden,
        "needs": None if record.needs is None else list(record.needs),
        "show_mobile": record.show_mobile,
        "texts": dict(record.texts),
    }


def _saved(row: Mapping[str, Any]) -> SavedPlace:
    record = ScreenPlace(
        structure_id=row["structure_id"],
        hidden=row["hidden"],
        needs=None if row["needs"] is None else tuple(row["needs"]),
        show_mobile=row["show_mobile"],
        texts=dict(row["texts"]),
    )
    return SavedPlace(record=record, version=row["version"])
