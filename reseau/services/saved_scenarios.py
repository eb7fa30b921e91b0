"""Scenarios kept with a territory: save, rename, duplicate, delete, set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import NotFound, RefusedInput
from reseau.model.typology import normalise
from reseau.model.vocabulary import STATE_LABELS, STATE_SIGNS, State
from reseau.plan.changes import Change, to_json
from reseau.services.scenarios import Changes, ScenarioResult, compare_scenario, named_changes, read
from reseau.services.territoires import tidy_name
from reseau.services.view import open_view
from reseau.sources import MAX_CELL, MAX_NAME, has_nir
from reseau.store import scenarios as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reseau.services.app import App


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedScenario:
    """A scenario kept with a territory.

    Attributes:
        changes: plain JSON values, as `compare_scenario` takes them.
        version: for the next save, so that two people do not overwrite each other.
    """

    id: int
    name: str
    note: str
    changes: tuple[dict[str, Any], ...]
    version: int
    updated_on: date


def list_scenarios(app: App, territoire_id: int) -> list[SavedScenario]:
    """Scenarios of a territory, the last changed first."""
    with app.store.read() as connection:
        return [_saved(row) for row in repository.list_scenarios(connection, territoire_id)]


def find_scenario(app: App, territoire_id: int, name: str) -> SavedScenario:
    """The scenario of that name, accents and case aside.

    Raises:
        NotFound: none has it; the message says which exist.
    """
    known = list_scenarios(app, territoire_id)
    for item in known:
        if _same(item.name, name):
            return item
    others = f" Scénarios enregistrés : {', '.join(item.name for item in known)}." if known else ""
    raise NotFound(f"Aucun scénario ne s'appelle « {name.strip()} ».{others}")


def save_scenario(
    app: App, territoire_id: int, name: str, changes: Changes, *, note: str = ""
) -> SavedScenario:
    """Keep a new scenario.

    Raises:
        RefusedInput: no name, a name taken, no change, or a change that cannot be read.
    """
    texts = _texts(name, note)
    values = {**texts, "changes": _plain(app, territoire_id, changes)}
    with app.store.write() as connection:
        _refuse_twin(connection, territoire_id, texts["name"])
        row_id = repository.insert_scenario(connection, territoire_id, values)
        return _saved(repository.get_scenario(connection, territoire_id, row_id))


def update_scenario(
    app: App, territoire_id: int, saved: SavedScenario, *, changes: Changes | None = None, **texts: str
) -> SavedScenario:
    """Change what a scenario holds, its `name` or its `note`.

    Args:
        saved: as it was on the person's screen.
        changes: the new ones, None to leave them.
        texts: `name`, `note`, those that change.

    Raises:
        RefusedInput: as for `save_scenario`.
        Conflict: somebody changed it meanwhile.
        NotFound: somebody deleted it meanwhile.
    """
    values: dict[str, Any] = _texts(texts.get("name", saved.name), texts.get("note", saved.note))
    if changes is not None:
        values["changes"] = _plain(app, territoire_id, changes)
    with app.store.write() as connection:
        _refuse_twin(connection, territoire_id, values["name"], but=saved.id)
        repository.update_scenario(connection, territoire_id, saved.id, values, version=saved.version)
        return _saved(repository.get_scenario(connection, territoire_id, saved.id))


def duplicate_scenario(app: App, territoire_id: int, scenario_id: int) -> SavedScenario:
    """A copy under another name: «Nom (copie)», then «Nom (copie 2)».

    Raises:
        NotFound: no such scenario.
    """
    with app.store.write() as connection:
        row = repository.get_scenario(connection, territoire_id, scenario_id)
        taken = {normalise(item["name"]) for item in repository.list_scenarios(connection, territoire_id)}
        name = next(
            candidate
            for candidate in _copies(row["name"], len(taken) + 1)
            if normalise(candidate) not in taken
        )
        values = {"name": name, "note": row["note"], "changes": row["changes"]}
        row_id = repository.insert_scenario(connection, territoire_id, values)
        return _saved(repository.get_scenario(connection, territoire_id, row_id))


def delete_scenario(app: App, territoire_id: int, saved: SavedScenario) -> None:
    """Erase a scenario.

    Raises:
        Conflict: somebody changed it since it was read.
        NotFound: somebody deleted it already.
    """
    with app.store.write() as connection:
        repository.delete_scenario(connection, territoire_id, saved.id, version=saved.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure of several scenarios: today's first, then theirs; None where it has no object."""

    label: str
    values: tuple[float | None, ...]
    digits: int = 0


def side_by_side(results: Sequence[ScenarioResult]) -> list[Line]:
    """Today beside scenarios compared with it: states of what is expected, then the network.

    Args:
        results: of `compare_scenario`, of one territory; at least one.
    """
    lines = []
    for state in State:
        counts = [result.counts_after[state] for result in results]
        words = f"{STATE_SIGNS[state]} {STATE_LABELS[state]}"
        lines.append(Line(label=words, values=(results[0].counts_before[state], *counts)))
    for rank, figure in enumerate(results[0].network.figures):
        after = [result.network.figures[rank].after for result in results]
        lines.append(Line(label=figure.label, values=(figure.before, *after), digits=figure.digits))
    return lines


def compare_saved(app: App, territoire_id: int, saved: SavedScenario) -> ScenarioResult:
    """`compare_scenario` of a scenario that was kept.

    Raises:
        RefusedInput: it holds what this version cannot read (a type that is gone).
    """
    try:
        return compare_scenario(app, territoire_id, saved.changes)
    except RefusedInput as error:
        raise RefusedInput(f"Scénario « {saved.name} » : {error}") from error


def _plain(app: App, territoire_id: int, changes: Changes) -> list[dict[str, Any]]:
    named: tuple[Change, ...] = named_changes(open_view(app, territoire_id), read(app, changes))
    if not named:
        raise RefusedInput("Ajoutez au moins un changement avant d'enregistrer le scénario.")
    if any(has_nir(f"{item.label} {getattr(item, 'hours', '')}") for item in named):
        raise RefusedInput(_NIR)
    return [to_json(item) for item in named]


def _texts(name: str, note: str) -> dict[str, str]:
    name, note = tidy_name(name), "\n".join(map(tidy_name, note.strip().splitlines()))
    if not normalise(name):
        raise RefusedInput("Donnez un nom au scénario.")
    if len(name) > MAX_NAME or len(note) > MAX_CELL:
        raise RefusedInput(f"Nom du scénario : {MAX_NAME} caractères au plus ; note : {MAX_CELL} au plus.")
    if has_nir(f"{name} {note}"):
        raise RefusedInput(_NIR)
    return {"name": name, "note": note}


_NIR = (
    "Ce texte contient ce qui ressemble à un numéro de sécurité sociale. Réseau ne garde aucune donnée de "
    "patient : retirez-le."
)


def _refuse_twin(connection: Connection, territoire_id: int, name: str, *, but: int | None = None) -> None:
    known = repository.list_scenarios(connection, territoire_id)
    if any(_same(item["name"], name) and item["id"] != but for item in known):
        raise RefusedInput(f"Un scénario s'appelle déjà « {name} ». Choisissez un autre nom.")


def _same(first: str, second: str) -> bool:
    return normalise(first) == normalise(second)


def _copies(name: str, count: int) -> list[str]:
    ends = [" (copie)", *(f" (copie {rank})" for rank in range(2, count + 2))]
    return [f"{name[: MAX_NAME - len(end)]}{end}" for end in ends]


def _saved(row: Mapping[str, Any]) -> SavedScenario:
    changes: Any = row["changes"]
    return SavedScenario(
        id=row["id"],
        name=row["name"],
        note=row["note"],
        # A damaged list is said when it is compared; meanwhile the scenario can be deleted.
        changes=tuple(changes) if isinstance(changes, list) else (changes,),
        version=row["version"],
        updated_on=row["updated_at"].date(),
    )
