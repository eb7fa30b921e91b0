"""Comparing what a file says with what is stored. A person's correction is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.model.records import Structure
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow
from reseau.services._references import (
    REMEMBERED,
    KnownRows,
    StructureIndex,
    Unresolved,
    fingerprint,
    key_of,
    values_of,
)
from reseau.sources import Source, all_sources
from reseau.store import imports as repository
from reseau.store.rows import PERSON, rows_of, storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

PERSON_PRIORITY = 1_000
# Fields that only make sense together: one corrected by a person protects the others.
GROUPS = (
    frozenset({"lon", "lat", "position_precision"}),
    frozenset({"opening_hours", "hours_text"}),
)


@dataclass(slots=True)
class Outcome:
    """What an import did. Rows written twice in one file count once, the second is refused.

    Attributes:
        put_aside: how many of the rows taken are ones a person deleted: they stay so.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    put_aside: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """French sentences worth reading."""
        if not self.put_aside:
            return ()
        return (
            f"Lignes désignant une fiche que vous avez supprimée : {self.put_aside}. Ces fiches restent "
            "de côté ; la page Données permet de les restaurer.",
        )


def merge(connection: Connection, territoire_id: int, source: Source, parsed: Parsed) -> Outcome:
    """Write the records of one file, inside the caller's transaction."""
    if source.spec.kind == "structures":
        return _merge_structures(connection, territoire_id, source, parsed)
    return _merge_rows(connection, territoire_id, source, parsed)


def _merge_structures(connection: Connection, territoire_id: int, source: Source, parsed: Parsed) -> Outcome:
    outcome = Outcome()
    existing = rows_of(connection, "structures", territoire_id, deleted=None)
    by_id = {row["id"]: row for row in existing}
    aliases = repository.aliases_of(connection, territoire_id)
    by_uid = {uid: by_id[row_id] for uid, row_id in aliases.items()} | {row["uid"]: row for row in existing}
    by_finess = _unique(existing, "finess")
    other_uids: dict[str, int] = {}
    known = repository.provenance_of(connection, territoire_id)
    priorities = {item.id: item.spec.priority for item in all_sources().values()} | {PERSON: PERSON_PRIORITY}
    taken: dict[int, int] = {}
    created: list[LocatedRecord] = []
    changes: dict[int, dict[str, Any]] = {}
    sourced: list[tuple[int, str]] = []
    for located in parsed.records:
        record = located.record
        assert isinstance(record, Structure)  # noqa: S101 -- kind of the source says so
        row = by_uid.get(record.uid) or (by_finess.get(record.finess) if record.finess else None)
        if row is None:
            created.append(located)
            continue
        if row["id"] in taken:
            outcome.refused.append(_same_as(located, taken[row["id"]]))
            continue
        taken[row["id"]] = located.line
        if record.uid not in by_uid:
            other_uids[record.uid] = row["id"]
        outcome.put_aside += row["deleted_at"] is not None
        provenance = known.get(row["id"], {})
        allowed = _allowed(located.fields - {"uid"}, provenance, priorities, source.spec.priority)
        wanted = storable({name: getattr(record, name) for name in allowed})
        different = {name: value for name, value in wanted.items() if row[name] != value}
        sourced += [(row["id"], name) for name in wanted if name in different or name not in provenance]
        if different:
            changes[row["id"]] = different
        outcome.updated += bool(different)
        outcome.unchanged += not different
    repository.update_many(connection, "structures", changes)
    repository.add_aliases(connection, territoire_id, other_uids)
    fresh = _insert_structures(connection, territoire_id, source.id, created)
    outcome.created = len(created)
    on = parsed.data_date or date.today()
    repository.set_provenance(connection, sourced, source=source.id, on=on)
    repository.add_provenance(connection, fresh, source=source.id, on=on)
    return outcome


def _insert_structures(
    connection: Connection, territoire_id: int, source_id: str, located: list[LocatedRecord]
) -> list[tuple[int, str]]:
    rows = [{"territoire_id": territoire_id, **_row(item.record)} for item in located]
    ids = repository.insert_many(connection, "structures", rows, source_id)
    return [
        (row_id, name)
        for row_id, item in zip(ids, located, strict=True)
        for name in sorted(item.fields - {"uid"})
    ]


def _row(record: Any) -> dict[str, Any]:
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _merge_rows(connection: Connection, territoire_id: int, source: Source, parsed: Parsed) -> Outcome:
    """Quartiers, relations, permanences, contacts, journal, actions: compared by their natural key."""
    outcome = Outcome()
    kind = source.spec.kind
    known = KnownRows(kind, rows_of(connection, kind, territoire_id, deleted=None))
    aliases = repository.aliases_of(connection, territoire_id)
    index = StructureIndex(
        rows_of(connection, "structures", territoire_id),
        aliases,
        rows_of(connection, "structures", territoire_id, deleted=True),
    )
    stored_partners = repository.action_partners_of(connection, territoire_id) if kind == "actions" else {}
    taken: dict[Any, int] = {}
    created: list[tuple[dict[str, Any], Any]] = []
    changes: dict[int, dict[str, Any]] = {}
    for located in parsed.records:
        try:
            values = values_of(kind, located.record, index)
        except Unresolved as error:
            outcome.refused.append(_unresolved(located, error))
            continue
        if kind == "quartiers":
            values["data_date"] = parsed.data_date
        partners = values.pop("partners", None)
        key = key_of(kind, values)
        row = known.find(key)
        first = taken.get(key) or (taken.get(row["id"]) if row else None)
        if first:
            outcome.refused.append(_same_as(located, first))
            continue
        taken[key] = located.line
        if row is None:
            created.append((_with_origin(kind, key, values), partners))
            continue
        taken[row["id"]] = located.line
        outcome.put_aside += row["deleted_at"] is not None
        different = _differences(values, row, _given(kind, located))
        moved = _partners_moved(located, row, partners, stored_partners)
        if moved:
            repository.set_action_partners(connection, row["id"], partners or [])
        if different:
            changes[row["id"]] = different
        outcome.updated += bool(different) or moved
        outcome.unchanged += not (different or moved)
    repository.update_many(connection, kind, changes)
    rows = [{"territoire_id": territoire_id, **values} for values, _ in created]
    ids = repository.insert_many(connection, kind, rows, source.id)
    for row_id, (_, partners) in zip(ids, created, strict=True):
        if partners:
            repository.set_action_partners(connection, row_id, partners)
    outcome.created = len(ids)
    return outcome


def _with_origin(kind: str, key: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "origin": fingerprint(key)} if kind in REMEMBERED else values


def _partners_moved(
    located: LocatedRecord,
    row: Mapping[str, Any],
    partners: list[tuple[int, str]] | None,
    stored: Mapping[int, list[tuple[int, str]]],
) -> bool:
    """Whether the file gives an action other partners, and no person chose them."""
    if partners is None or "partners" not in located.fields or "partners" in row["overrides"]:
        return False
    return list(dict(partners).items()) != stored.get(row["id"], [])


def _given(kind: str, located: LocatedRecord) -> frozenset[str]:
    references = {
        "structure_ref": "structure_id",
        "host_ref": "host_id",
        "from_ref": "from_id",
        "to_ref": "to_id",
    }
    names = {references.get(name, name) for name in located.fields}
    return frozenset(names | {"data_date"} if kind == "quartiers" else names)


def _differences(values: Mapping[str, Any], row: Mapping[str, Any], given: frozenset[str]) -> dict[str, Any]:
    blocked = _with_groups(frozenset(row["overrides"]))
    return {
        name: value
        for name, value in storable(_with_known_counts(values, row)).items()
        if name in given and name not in blocked and row[name] != value
    }


def _with_known_counts(values: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file that gives one count says nothing of the others: they stay."""
    return {**values, "counts": {**row["counts"], **values["counts"]}} if "counts" in values else values


def _allowed(
    fields: frozenset[str], provenance: Mapping[str, str], priorities: Mapping[str, int], priority: int
) -> frozenset[str]:
    """Fields a source of this priority may set: not those of a person nor of a better source."""
    blocked = frozenset(name for name, source in provenance.items() if priorities.get(source, 0) > priority)
    return fields - _with_groups(blocked)


def _with_groups(names: frozenset[str]) -> frozenset[str]:
    for group in GROUPS:
        if names & group:
            names |= group
    return names


def _unique(rows: list[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    """Rows that are alone to have a value; one put aside does not count beside one that is there."""
    alive = {row[name] for row in rows if row["deleted_at"] is None}
    rows = [row for row in rows if row["deleted_at"] is None or row[name] not in alive]
    found: dict[str, dict[str, Any]] = {}
    twice: set[str] = set()
    for row in rows:
        if value := row[name]:
            twice |= {value} if value in found else set()
            found[value] = row
    return {value: row for value, row in found.items() if value not in twice}


def _same_as(located: LocatedRecord, line: int) -> RefusedRow:
    reason = f"cette ligne désigne la même fiche que la ligne {line} : gardez-en une seule"
    return RefusedRow(
        line=located.line,
        problems=(Problem(line=located.line, column="", value="", reason=reason),),
        row=located.row,
    )


def _unresolved(located: LocatedRecord, error: Unresolved) -> RefusedRow:
    problem = Problem(line=located.line, column=error.column, value=error.value, reason=error.reason)
    return RefusedRow(line=located.line, problems=(problem,), row=located.row)
