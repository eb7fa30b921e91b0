"""From a choice of places to drafts: actions, a permanence with its start, changes to try."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import RefusedInput
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import ActionStatus
from reseau.services import siting_words as words
from reseau.services.editing import Edit, write_edit
from reseau.services.siting import HELPED_PART, MAX_HELPED, Proposal, SitingResult
from reseau.services.siting_places import Candidate
from reseau.services.view import open_view
from reseau.sources import MAX_NAME
from reseau.store import rows as repository

if TYPE_CHECKING:
    from reseau.services.app import App
    from reseau.services.view import View

Row = Mapping[str, Any]
# About ten metres: the same place clicked twice.
SAME_DEGREES = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Ids of what was written, and of what was there already and is not written twice."""

    created: tuple[int, ...] = ()
    existing: tuple[int, ...] = ()


def propose_actions(
    app: App, territoire_id: int, result: SitingResult, *, ranks: Collection[int] | None = None
) -> Proposed:
    """Write one action per chosen place, as an idea without a date; all of them, or none.

    A place that already has an action of the same type, neither done nor cancelled, gets no second one.

    Args:
        ranks: places to take, None for all.

    Raises:
        RefusedInput: a text cannot be kept (see `reseau.services.editing.save_row`).
    """
    view = open_view(app, territoire_id)
    wanted = [item for item in result.proposals if ranks is None or item.rank in ranks]
    created, existing = [], []
    # The lock holds two clicks of one server apart, whatever the database does.
    with app.lock, app.store.write() as connection:
        for proposal in wanted:
            values = action_values(view, result, proposal)
            rows = repository.rows_of(connection, "actions", territoire_id)
            twin = next((row["id"] for row in rows if _same_action(row, values)), None)
            if twin is not None:
                existing.append(int(twin))
                continue
            edit = Edit(kind="actions", values=values)
            created.append(write_edit(connection, territoire_id, edit, app.typology))
    return Proposed(created=tuple(created), existing=tuple(existing))


def action_values(view: View, result: SitingResult, proposal: Proposal) -> dict[str, Any]:
    """Fields of the action of a chosen place."""
    codes = sorted(result.wish.types, key=lambda code: -proposal.by_type[code])
    main = view.typology[codes[0]]
    names = ", ".join(view.typology[code].short_label for code in result.wish.types)
    helped = _most_helped(proposal)
    chosen = set(helped)
    languages = view.quartiers.loc[view.quartiers["code"].isin(chosen), "languages"]
    title = f"{names} : permanence hors les murs, {proposal.candidate.label}"
    return {
        "title": title if len(title) <= MAX_NAME else f"{title[: MAX_NAME - 1]}…",
        "form": "permanence_hors_murs",
        "theme": FAMILIES[main.family].label,
        "publics": ("tous",),
        "languages": tuple(dict.fromkeys(code for codes in languages for code in codes)),
        "quartiers": helped,
        "type_code": main.code,
        **_place(proposal.candidate, host="host_id"),
        "status": ActionStatus.IDEE.value,
        "note": _note(view, result, proposal),
    }


def propose_permanence(
    app: App,
    territoire_id: int,
    candidate: Candidate,
    *,
    structure_id: int,
    type_code: str,
    started_on: date | None,
) -> Proposed:
    """Write the permanence that a structure would hold at a place, from a day to come.

    Before that day it counts nowhere. The same one is not written twice.

    Raises:
        RefusedInput: no day, a day that is not to come, or a structure that does not give this service.
    """
    view = open_view(app, territoire_id)
    _check_holder(view, structure_id, type_code)
    if started_on is None:
        raise RefusedInput("Début : donnez le jour où la permanence commence. D'ici là, elle ne compte pas.")
    if started_on <= view.on:
        raise RefusedInput(
            "Début : donnez un jour à venir. Une permanence déjà en cours s'ajoute dans l'annuaire, sur la "
            "fiche de la structure qui la tient."
        )
    values = {
        "structure_id": structure_id,
        "type_code": type_code,
        **_place(candidate, host="host_id"),
        "started_on": started_on,
    }
    with app.lock, app.store.write() as connection:
        rows = repository.rows_of(connection, "permanences", territoire_id)
        twin = next((row["id"] for row in rows if _same_permanence(row, values)), None)
        if twin is not None:
            return Proposed(existing=(int(twin),))
        edit = Edit(kind="permanences", values=values)
        return Proposed(created=(write_edit(connection, territoire_id, edit, app.typology),))


def holders(view: View, type_code: str) -> dict[int, str]:
    """Open structures of the type: who could hold a permanence, by name."""
    frame = view.structures[~view.structures["closed"].eq(True)]
    of_type = frame.loc[[type_code in types for types in frame["types"]]]
    return {int(row_id): str(name) for row_id, name in of_type["name"].sort_values().items()}


def scenario_changes(result: SitingResult, *, ranks: Collection[int] | None = None) -> list[dict[str, Any]]:
    """The chosen places as permanences that open, for `reseau.plan.changes`; one per place and type."""
    return [
        {"kind": "permanence", "type": code, "label": item.candidate.label}
        | (
            {"host_id": item.candidate.structure_id}
            if item.candidate.structure_id is not None
            else {"lon": item.candidate.lon, "lat": item.candidate.lat}
        )
        for item in result.proposals
        if ranks is None or item.rank in ranks
        for code in result.wish.types
    ]


def _place(candidate: Candidate, *, host: str) -> dict[str, Any]:
    """Fields of where it is: the structure, else the name (with its mention) and the position."""
    if candidate.structure_id is not None:
        return {host: candidate.structure_id, "place": "", "lon": None, "lat": None}
    place = f"{candidate.label} ({candidate.credit})" if candidate.credit else candidate.label
    return {host: None, "place": place, "lon": candidate.lon, "lat": candidate.lat}


def _note(view: View, result: SitingResult, proposal: Proposal) -> str:
    where = ", ".join(words.threshold(view, total) for total in result.totals)
    return (
        f"Proposée le {view.on:%d/%m/%Y} par « Où aller », en position {proposal.rank} : "
        f"{words.gained(result, proposal.gain)} {where}. Marche : {result.travel}."
    )


def _most_helped(proposal: Proposal) -> tuple[str, ...]:
    """Codes of the quartiers that get a real part of what the place brings."""
    total = sum(item.share for item in proposal.quartiers)
    real = [item.code for item in proposal.quartiers if item.share >= HELPED_PART * total]
    return tuple(real[:MAX_HELPED])


def _same_action(row: Row, values: Row) -> bool:
    if row["status"] in (ActionStatus.REALISEE, ActionStatus.ANNULEE):
        return False
    return row["type_code"] == values["type_code"] and _same_place(row, values)


def _same_permanence(row: Row, values: Row) -> bool:
    start, end = values["started_on"], row["ended_on"]
    if row["structure_id"] != values["structure_id"] or row["type_code"] != values["type_code"]:
        return False
    return (end is None or end >= start) and _same_place(row, values)


def _same_place(row: Row, values: Row) -> bool:
    if values["host_id"] is not None or row["host_id"] is not None:
        return bool(row["host_id"] == values["host_id"])
    if row["lon"] is None or row["lat"] is None:
        return bool(row["place"] == values["place"])
    return all(abs(row[name] - values[name]) <= SAME_DEGREES for name in ("lon", "lat"))


def _check_holder(view: View, structure_id: int, type_code: str) -> None:
    if type_code not in view.typology:
        raise RefusedInput(f"Type « {type_code} » : il n'existe pas dans la typologie.")
    if structure_id not in holders(view, type_code):
        label = view.typology[type_code].short_label
        raise RefusedInput(
            f"Structure qui tient la permanence : choisissez une structure ouverte du type « {label} »."
        )
