"""What a person changes by hand: one verb per gesture, each in one transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import RefusedInput
from reseau.model.records import (
    Action,
    Contact,
    JournalEntry,
    Need,
    Permanence,
    Quartier,
    Relation,
    Structure,
    VerifiedAbsence,
)
from reseau.model.typology import Typology, normalise
from reseau.services._checks import check_row, tidy
from reseau.services._references import key_of
from reseau.services.app import App
from reseau.services.statements import remember_replaced
from reseau.store import imports, merges, territoires
from reseau.store import rows as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

KIND_LABELS = {
    "structures": "structure",
    "quartiers": "quartier",
    "relations": "relation",
    "permanences": "permanence",
    "contacts": "contact",
    "journal": "entrée du journal",
    "actions": "action",
    "besoins": "demande d'habitants",
}


def _of(record: Any, *without: str) -> dict[str, Any]:
    """What a new row holds before a person fills it: the defaults of its record."""
    return {item.name: getattr(record, item.name) for item in fields(record) if item.name not in without}


DEFAULTS: dict[str, dict[str, Any]] = {
    "structures": _of(Structure(uid="", name=""), "uid", "name"),
    "relations": _of(Relation(from_ref="", to_ref=""), "from_ref", "to_ref"),
    "permanences": _of(Permanence(structure_ref="", type_code=""), "structure_ref", "host_ref", "type_code"),
    "contacts": _of(Contact(structure_ref="", name=""), "structure_ref", "name"),
    "journal": _of(JournalEntry(structure_ref="", on=date.min), "structure_ref", "on"),
    "actions": _of(Action(uid="", title=""), "uid", "title", "host_ref", "partners"),
    "besoins": _of(Need(quartier_ref="", theme="", count=0), "quartier_ref", "theme", "count"),
    "quartiers": _of(Quartier(code="", name="", wkb=b"", kind="vecu"), "code", "name", "wkb"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person typed of one row (see `save_row`)."""

    kind: str
    values: Mapping[str, Any]
    row_id: int | None = None
    version: int | None = None


def get_row(app: App, kind: str, row_id: int) -> dict[str, Any]:
    """One row as stored, with its `version`.

    Raises:
        NotFound: no such row.
    """
    with app.store.read() as connection:
        return repository.get_row(connection, kind, row_id)


def save_row(
    app: App,
    territoire_id: int,
    kind: str,
    values: Mapping[str, Any],
    *,
    row_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create (`row_id` None) or change a row, and return its id.

    Args:
        kind: key of `KIND_LABELS`.
        values: fields of the stored row; only those given are changed.
        version: version on the person's screen, so that two people do not overwrite each other.

    Raises:
        RefusedInput: a value is wrong; every problem is in the message, one per line.
        Conflict: the row has changed since `version`.
        NotFound: no such row.
    """
    edit = Edit(kind=kind, values=values, row_id=row_id, version=version)
    with app.store.write() as connection:
        return write_edit(connection, territoire_id, edit, app.typology)


def write_edit(
    connection: Connection,
    territoire_id: int,
    edit: Edit,
    typology: Typology,
    *,
    others: Sequence[str] = (),
) -> int:
    """`save_row` inside a transaction that is open.

    Args:
        others: what else is wrong of what the person typed: everything is told at once.
    """
    kind, values, row_id = edit.kind, tidy(edit.values), edit.row_id
    complete = (
        repository.get_row(connection, kind, row_id)
        if row_id is not None
        else {**DEFAULTS[kind], **_identity(kind, values)}
    )
    problems = [*check_row(kind, {**complete, **values}, set(values), typology), *others]
    if problems:
        raise RefusedInput("\n".join(problems))
    if row_id is None:
        row = {**complete, **values, "territoire_id": territoire_id}
        _refuse_twins(repository.rows_of(connection, kind, territoire_id, deleted=None), kind, row)
        row_id = repository.insert_row(connection, kind, row)
    else:
        repository.update_row(connection, kind, row_id, values, version=edit.version)
        if kind == "structures":
            remember_replaced(connection, complete, values)
    if kind == "structures":
        entries = [(row_id, name) for name, value in values.items() if complete.get(name) != value]
        imports.set_provenance(connection, entries, source=repository.PERSON, on=date.today())
    territoires.touch(connection, territoire_id)
    return row_id


def delete_row(app: App, territoire_id: int, kind: str, row_id: int) -> None:
    """Put a row aside (see `deleted_rows`)."""
    with app.store.write() as connection:
        repository.delete_row(connection, kind, row_id)
        territoires.touch(connection, territoire_id)


def restore_row(app: App, territoire_id: int, kind: str, row_id: int) -> None:
    """Bring a row back.

    Raises:
        RefusedInput: the structure was merged into another.
        NotFound: no such row.
    """
    with app.store.write() as connection:
        if kind == "structures":
            _refuse_merged(connection, row_id)
        repository.restore_row(connection, kind, row_id)
        territoires.touch(connection, territoire_id)


def purge_row(app: App, territoire_id: int, kind: str, row_id: int) -> None:
    """Erase for good what is in the trash (a person's contact details, for example). Backups keep it.

    Raises:
        NotFound: no such row.
        RefusedInput: the row is not in the trash.
    """
    with app.store.write() as connection:
        repository.purge_row(connection, kind, row_id)
        territoires.touch(connection, territoire_id)


def deleted_rows(app: App, territoire_id: int) -> list[tuple[str, dict[str, Any]]]:
    """(kind, row) of everything put aside, latest first.

    A structure merged into another is not there, nor what still hangs on it: undoing the merge brings them
    back (`reseau.services.merging_structures`).
    """
    with app.store.read() as connection:
        merged = merges.merged_ids(connection, territoire_id)
        found = [
            (kind, row)
            for kind in KIND_LABELS
            for row in repository.rows_of(connection, kind, territoire_id, deleted=True)
            if merged.isdisjoint(_structures_of(kind, row))
        ]
    return sorted(found, key=lambda item: item[1]["deleted_at"], reverse=True)


def _structures_of(kind: str, row: Mapping[str, Any]) -> set[int]:
    names = ("id",) if kind == "structures" else merges.HANGING.get(kind, ())
    return {row[name] for name in names}


def _refuse_merged(connection: Connection, row_id: int) -> None:
    row = repository.get_row(connection, "structures", row_id)
    if row["merged_into"] is None:
        return
    if imports.rows_by_id(connection, "structures", [row["merged_into"]]):
        raise RefusedInput(
            f"« {row['name']} » a été fusionnée avec une autre fiche : défaites la fusion (page À vérifier, "
            "« Doublons possibles »)."
        )
    # The sheet it was merged into was erased for good: it stands by itself again.
    repository.update_row(connection, "structures", row_id, {"merged_into": None}, by_person=False)


def provenance_of(app: App, structure_id: int) -> dict[str, tuple[str, date]]:
    """Source id (`saisie` for a person) and date of each known field of a structure."""
    with app.store.read() as connection:
        return imports.provenance_of_one(connection, structure_id)


def set_absence(
    app: App, territoire_id: int, quartier_id: int, type_code: str, *, author: str = "", note: str = ""
) -> None:
    """Record «vérifié : il n'y en a pas», dated today.

    Raises:
        NotFound: no such quartier.
    """
    with app.store.write() as connection:
        code = repository.get_row(connection, "quartiers", quartier_id)["code"]
        absence = VerifiedAbsence(
            quartier_code=code, type_code=type_code, on=date.today(), author=author, note=note
        )
        territoires.set_absence(connection, territoire_id, quartier_id, absence)
        territoires.touch(connection, territoire_id)


def remove_absence(app: App, territoire_id: int, quartier_id: int, type_code: str) -> None:
    """Take a verified absence back."""
    with app.store.write() as connection:
        territoires.remove_absence(connection, quartier_id, type_code)
        territoires.touch(connection, territoire_id)


def _identity(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stable identifier of a row a person creates."""
    token = uuid.uuid4().hex[:8]
    if kind in {"structures", "actions"}:
        return {"uid": f"saisie--{token}"}
    if kind == "quartiers":
        slug = re.sub(r"\s+", "-", normalise(str(values.get("name", ""))))[:40]
        return {"code": f"QV-{slug or token}"}
    return {}


def _refuse_twins(existing: list[dict[str, Any]], kind: str, row: Mapping[str, Any]) -> None:
    """One quartier per code, one tie per pair and purpose: the person is sent to the one that exists."""
    if kind == "quartiers" and any(item["code"] == row["code"] for item in existing):
        raise RefusedInput("Un quartier porte déjà ce nom. Choisissez un autre nom.")
    if kind == "relations":
        pair = {row["from_id"], row["to_id"]}
        for item in existing:
            same = {item["from_id"], item["to_id"]} == pair and item["purpose"] == row["purpose"]
            if same and item["deleted_at"] is None:
                raise RefusedInput("Cette relation existe déjà pour le même objet : modifiez-la.")
    if kind == "besoins":
        key = key_of(kind, row)
        if any(item["deleted_at"] is None and key_of(kind, item) == key for item in existing):
            raise RefusedInput(
                "Un nombre est déjà noté pour ce quartier, ce thème, cette date et ce recueil : corrigez-le "
                "dans la liste."
            )
