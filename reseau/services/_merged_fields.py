"""Fields of the sheet that stays after a merge: whose value, where it comes from, what the other said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.sources import all_sources
from reseau.store import merges as repository
from reseau.store.imports import provenance_of_one
from reseau.store.json_values import to_json
from reseau.store.merges import Ledger
from reseau.store.rows import now

KEPT, GONE = "kept", "gone"
NAMES = tuple(item.name for item in fields(Structure) if item.name != "uid")
POSITION = ("lon", "lat", "position_precision")
HOURS = ("opening_hours", "hours_text")
CAPACITY = ("capacity", "capacity_unit")
ADDRESS = ("address", "address_extra", "postcode", "commune", "insee")
# Fields that only make sense together: a street of one sheet is not in the town of the other.
GROUPS = (POSITION, HOURS, CAPACITY, ADDRESS)
# Notes of a team: both are worth keeping.
JOINED = "internal_note"

Row = Mapping[str, Any]


def is_empty(value: Any) -> bool:
    """Whether a stored value says nothing («no» says something)."""
    return value is None or value == "" or value in ([], ())


def group_of(name: str) -> tuple[str, ...]:
    """The fields that go with a field, itself included."""
    return next((group for group in GROUPS if name in group), (name,))


def differing(kept: Row, gone: Row) -> list[str]:
    """Fields, one per group, where both sheets say something and not the same thing."""
    found = []
    for group in dict.fromkeys(map(group_of, NAMES)):
        told = [name for name in group if not is_empty(kept[name]) and not is_empty(gone[name])]
        if any(kept[name] != gone[name] for name in told):
            found.append(group[0])
    return found


def combine(ledger: Ledger, kept: Row, gone: Row, choices: Mapping[str, str]) -> None:
    """Write the fields of the kept sheet, their provenance and what the other sources said."""
    taken = taken_from_gone(kept, gone, choices)
    values = {name: gone[name] for name in taken}
    if JOINED not in choices and all((kept[JOINED], gone[JOINED])) and kept[JOINED] != gone[JOINED]:
        values[JOINED] = f"{kept[JOINED]}\n{gone[JOINED]}"
    about = {row["id"]: provenance_of_one(ledger.connection, row["id"]) for row in (kept, gone)}
    corrected = {
        *(name for name in kept["overrides"] if name not in taken),
        *(name for name in gone["overrides"] if name in values),
    }
    changes = {**values, "overrides": sorted(corrected)}
    if any(kept[name] != value for name, value in changes.items()):
        ledger.change("structures", {"id": kept["id"]}, {**changes, "updated_at": now()})
    for name in taken:
        _move_provenance(ledger, kept["id"], name, about[gone["id"]].get(name))
    _remember(ledger, kept, gone, values, about)


def taken_from_gone(kept: Row, gone: Row, choices: Mapping[str, str]) -> list[str]:
    """Fields whose value comes from the sheet that goes.

    Raises:
        RefusedInput: a choice about something that is no field, or that contradicts another.
    """
    chosen = _choices(choices)
    taken: list[str] = []
    for group in dict.fromkeys(map(group_of, NAMES)):
        choice = chosen.get(group[0]) or (GONE if _fills(kept, gone, group) else KEPT)
        if choice == GONE:
            taken += [name for name in group if group is not ADDRESS or not is_empty(gone[name])]
        elif group is ADDRESS and group[0] not in chosen:
            # What completes the same address, not what belongs to another one.
            taken += [name for name in ("postcode", "insee", "commune") if _completes(kept, gone, name)]
    return [name for name in taken if kept[name] != gone[name]]


def _choices(choices: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, choice in choices.items():
        if name not in NAMES or choice not in (KEPT, GONE):
            raise RefusedInput(f"Choix impossible pour la fusion : {name} = {choice}.")
        if found.setdefault(group_of(name)[0], choice) != choice:
            raise RefusedInput(
                "L'adresse, la position, les horaires et la capacité se choisissent chacun d'un bloc."
            )
    return found


def _fills(kept: Row, gone: Row, group: tuple[str, ...]) -> bool:
    """Whether the kept sheet says nothing where the other does."""
    if group is POSITION:
        return not _is_placed(kept) and not is_empty(gone["lon"])
    if group in (HOURS, CAPACITY):
        return all(is_empty(kept[name]) for name in group)
    return is_empty(kept[group[0]]) and not is_empty(gone[group[0]])


def _is_placed(row: Row) -> bool:
    return row["lon"] is not None and row["position_precision"] in PLACED_PRECISIONS


def _completes(kept: Row, gone: Row, name: str) -> bool:
    other_town = any(
        kept[key] and gone[key] and kept[key] != gone[key] for key in ("postcode", "insee", "commune")
    )
    return is_empty(kept[name]) and not is_empty(gone[name]) and not other_town


def _move_provenance(ledger: Ledger, kept_id: int, name: str, said: tuple[str, date] | None) -> None:
    """Where a value comes from follows the value."""
    key = {"structure_id": kept_id, "field": name}
    ledger.remove("provenance", key)
    if said is not None:
        ledger.insert("provenance", {**key, "source": said[0], "on": said[1]})


def _remember(
    ledger: Ledger,
    kept: Row,
    gone: Row,
    values: Mapping[str, Any],
    about: Mapping[int, Mapping[str, tuple[str, date]]],
) -> None:
    """What sources said that is not what is in force: of the two sheets, then what the other one knew."""
    final = {**kept, **values}
    in_force = {name: about[(gone if name in values else kept)["id"]].get(name, ("",))[0] for name in NAMES}
    said: dict[tuple[str, str], tuple[Any, date]] = {}
    for row in repository.hanging_on(ledger.connection, "statements", gone["id"]):
        said[row["field"], row["source"]] = (row["value"], row["on"])
    for sheet in (kept, gone):
        for name, (source, on) in about[sheet["id"]].items():
            if source in all_sources() and name in NAMES:
                said[name, source] = (to_json(sheet[name]), on)
    for (name, source), (value, on) in sorted(said.items(), key=lambda item: item[0]):
        key = {"structure_id": kept["id"], "field": name, "source": source}
        known = repository.read_one(ledger.connection, "statements", key)
        told = value is not None and value != to_json(final[name]) and source != in_force[name]
        if told and known is None:
            ledger.insert("statements", {**key, "value": value, "on": on, "asks": False})
