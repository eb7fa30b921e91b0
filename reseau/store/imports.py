"""Imports and their reports, provenance of fields, bulk writing of imported rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from reseau.errors import NotFound
from reseau.model.reports import ImportReport, Problem, RefusedRow
from reseau.store import tables
from reseau.store.changes import in_chunks
from reseau.store.rows import EDITABLE, inserted_id, now, storable


def insert_many(
    connection: Connection, kind: str, rows: Sequence[Mapping[str, Any]], source: str
) -> list[int]:
    """Insert rows of an editable kind (same keys in each) and return their ids, in order."""
    table = EDITABLE[kind]
    common = {"source": source, "overrides": [], "version": 1, "updated_at": now()}
    prepared = [{**common, **storable(row)} for row in rows]
    if not prepared:
        return []
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(row_id) for row_id in connection.execute(query, prepared).scalars()]


def rows_by_id(connection: Connection, kind: str, row_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Rows by id, deleted or not; those that are not there are left out."""
    table = EDITABLE[kind]
    found: dict[int, dict[str, Any]] = {}
    for ids in in_chunks(sorted(row_ids)):
        for row in connection.execute(select(table).where(table.c.id.in_(ids))).mappings():
            found[row["id"]] = dict(row)
    return found


def aliases_of(connection: Connection, territoire_id: int) -> dict[str, int]:
    """Other identifiers of structures → their ids."""
    table = tables.aliases
    query = select(table.c.uid, table.c.structure_id).where(table.c.territoire_id == territoire_id)
    return {row.uid: row.structure_id for row in connection.execute(query)}


def add_aliases(connection: Connection, territoire_id: int, aliases: Mapping[str, int]) -> None:
    """Remember other identifiers of structures."""
    rows = [
        {"territoire_id": territoire_id, "uid": uid, "structure_id": structure_id}
        for uid, structure_id in aliases.items()
    ]
    if rows:
        connection.execute(insert(tables.aliases), rows)


def provenance_of(connection: Connection, territoire_id: int) -> dict[int, dict[str, str]]:
    """Source of each field of each structure of a territory."""
    table = tables.provenance
    query = (
        select(table.c.structure_id, table.c.field, table.c.source)
        .join(tables.structures, tables.structures.c.id == table.c.structure_id)
        .where(tables.structures.c.territoire_id == territoire_id)
    )
    found: dict[int, dict[str, str]] = {}
    for structure_id, field, source in connection.execute(query):
        found.setdefault(structure_id, {})[field] = source
    return found


def fields_by_source(connection: Connection, territoire_id: int) -> dict[int, dict[str, frozenset[str]]]:
    """For each structure of a territory, the fields that come from each source.

    One line per structure and source, put together by the database: a line per field would be twenty times
    as many.
    """
    table = tables.provenance
    query = (
        select(table.c.structure_id, table.c.source, func.aggregate_strings(table.c.field, ","))
        .join(tables.structures, tables.structures.c.id == table.c.structure_id)
        .where(tables.structures.c.territoire_id == territoire_id)
        .group_by(table.c.structure_id, table.c.source)
    )
    split = cache(lambda text: frozenset(text.split(",")))
    found: dict[int, dict[str, frozenset[str]]] = {}
    for structure_id, source, names in connection.execute(query):
        found.setdefault(structure_id, {})[source] = split(names)
    return found


def provenance_of_many(
    connection: Connection, structure_ids: Sequence[int]
) -> dict[tuple[int, str], tuple[str, date]]:
    """Source and date by (structure id, field)."""
    table = tables.provenance
    found: dict[tuple[int, str], tuple[str, date]] = {}
    for ids in in_chunks(structure_ids):
        query = select(table).where(table.c.structure_id.in_(ids))
        for structure_id, field, source, on in connection.execute(query):
            found[structure_id, field] = (source, on)
    return found


def restore_provenance(
    connection: Connection, entries: Mapping[tuple[int, str], tuple[str, date] | None]
) -> None:
    """Put provenance back by (structure id, field): source and date, None where nothing was said."""
    _forget_provenance(connection, entries)
    rows = [
        {"structure_id": key, "field": field, "source": said[0], "on": said[1]}
        for (key, field), said in entries.items()
        if said is not None
    ]
    if rows:
        connection.execute(insert(tables.provenance), rows)


def _forget_provenance(connection: Connection, pairs: Collection[tuple[int, str]]) -> None:
    # One by one, by the key: SQLite reads the whole table for a list of pairs.
    table = tables.provenance
    query = delete(table).where(
        table.c.structure_id == bindparam("of_structure"), table.c.field == bindparam("of_field")
    )
    if pairs:
        connection.execute(query, [{"of_structure": key, "of_field": field} for key, field in pairs])


def remove_aliases(connection: Connection, territoire_id: int, aliases: Mapping[str, int]) -> None:
    """Forget other identifiers, where they still lead to the same structure."""
    table = tables.aliases
    for uid, structure_id in aliases.items():
        connection.execute(
            delete(table).where(
                table.c.territoire_id == territoire_id,
                table.c.uid == uid,
                table.c.structure_id == structure_id,
            )
        )


def provenance_of_one(connection: Connection, structure_id: int) -> dict[str, tuple[str, date]]:
    """Source and date of each known field of one structure."""
    return {field: said for (_, field), said in provenance_of_many(connection, [structure_id]).items()}


def set_provenance(
    connection: Connection, entries: Iterable[tuple[int, str]], *, source: str, on: date
) -> None:
    """Say where (structure id, field) pairs come from, replacing what was said before."""
    pairs = list(entries)
    _forget_provenance(connection, pairs)
    add_provenance(connection, pairs, source=source, on=on)


def add_provenance(
    connection: Connection, entries: Iterable[tuple[int, str]], *, source: str, on: date
) -> None:
    """The same for pairs of which nothing was said before (new structures)."""
    rows = [{"structure_id": key, "field": field, "source": source, "on": on} for key, field in entries]
    if rows:
        connection.execute(insert(tables.provenance), rows)


def update_many(connection: Connection, kind: str, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Apply per-row changes coming from an import (not a person's: overrides stay as they are)."""
    table = EDITABLE[kind]
    grouped: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row_id, values in changes.items():
        stored = storable(values)
        grouped.setdefault(tuple(sorted(stored)), []).append({"row_id": row_id, **stored})
    for names, rows in grouped.items():
        query = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({name: bindparam(name) for name in names} | {"updated_at": now()})
            .values(version=table.c.version + 1)
        )
        connection.execute(query, rows)


def set_action_partners(connection: Connection, action_id: int, partners: Sequence[tuple[int, str]]) -> None:
    """Replace the partners (structure id, role) of an action, in order."""
    table = tables.action_partners
    connection.execute(delete(table).where(table.c.action_id == action_id))
    rows = [
        {"action_id": action_id, "structure_id": structure_id, "role": role, "rank": rank}
        for rank, (structure_id, role) in enumerate(dict(partners).items())
    ]
    if rows:
        connection.execute(insert(table), rows)


def action_partners_of(connection: Connection, territoire_id: int) -> dict[int, list[tuple[int, str]]]:
    """Partners (structure id, role) of every action of a territory, in order."""
    table = tables.action_partners
    query = (
        select(table.c.action_id, table.c.structure_id, table.c.role)
        .join(tables.actions, tables.actions.c.id == table.c.action_id)
        .where(tables.actions.c.territoire_id == territoire_id)
        .order_by(table.c.action_id, table.c.rank)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for action_id, structure_id, role in connection.execute(query):
        found.setdefault(action_id, []).append((structure_id, role))
    return found


def insert_import(
    connection: Connection, territoire_id: int, report: ImportReport, *, fingerprint: str = ""
) -> int:
    """Keep an import's report. `fingerprint`: of its bytes and of how they were read."""
    values = {
        "territoire_id": territoire_id,
        "source": report.source,
        "filename": report.filename,
        "on": now(),
        "data_date": date.fromisoformat(report.data_date) if report.data_date else None,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "out_of_scope": report.out_of_scope,
        "refused": [asdict(row) | {"row": dict(row.row)} for row in report.refused],
        "claims": list(report.claims),
        "scope_communes": list(report.scope_communes),
        "scope_radius_km": report.scope_radius_km,
        "notes": list(report.notes),
        "closed": report.closed,
        "skipped": report.skipped,
        "fingerprint": fingerprint,
    }
    result = connection.execute(insert(tables.imports).values(values))
    return inserted_id(result)


def remember_version(connection: Connection, import_id: int, data_version: int) -> None:
    """Note the version of the territory's data just after an import."""
    query = update(tables.imports).where(tables.imports.c.id == import_id)
    connection.execute(query.values(data_version=data_version))


def same_import(
    connection: Connection, territoire_id: int, source: str, fingerprint: str
) -> ImportReport | None:
    """The last import of a source when it was of the same bytes and nothing was written since.

    Imports that wrote nothing do not count as a change.
    """
    table = tables.imports
    query = (
        select(table)
        .where(table.c.territoire_id == territoire_id, table.c.source == source, table.c.undone_at.is_(None))
        .order_by(table.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None or not fingerprint or row["fingerprint"] != fingerprint or row["data_version"] is None:
        return None
    current = select(tables.territoires.c.data_version).where(tables.territoires.c.id == territoire_id)
    since = set(range(row["data_version"] + 1, int(connection.execute(current).scalar_one()) + 1))
    harmless = select(table.c.data_version).where(
        table.c.territoire_id == territoire_id,
        table.c.id > row["id"],
        ~select(tables.import_changes.c.id).where(tables.import_changes.c.import_id == table.c.id).exists(),
    )
    return _report(row) if since <= set(connection.execute(harmless).scalars()) else None


def mark_undone(connection: Connection, import_id: int) -> None:
    """Say that an import was undone, now."""
    query = update(tables.imports).where(tables.imports.c.id == import_id)
    connection.execute(query.values(undone_at=now()))


def list_imports(connection: Connection, territoire_id: int) -> list[ImportReport]:
    """Imports of a territory, latest first."""
    table = tables.imports
    query = select(table).where(table.c.territoire_id == territoire_id).order_by(table.c.id.desc())
    return [_report(row) for row in connection.execute(query).mappings()]


def get_import(connection: Connection, import_id: int) -> ImportReport:
    """One import's report.

    Raises:
        NotFound: no such import.
    """
    row = (
        connection.execute(select(tables.imports).where(tables.imports.c.id == import_id)).mappings().first()
    )
    if row is None:
        raise NotFound("Cet import n'existe pas (ou plus).")
    return _report(row)


def _report(row: RowMapping) -> ImportReport:
    return ImportReport(
        id=row["id"],
        source=row["source"],
        filename=row["filename"],
        on=row["on"].isoformat(sep=" "),
        data_date=row["data_date"].isoformat() if row["data_date"] else "",
        created=row["created"],
        updated=row["updated"],
        unchanged=row["unchanged"],
        refused=tuple(
            RefusedRow(
                line=item["line"],
                problems=tuple(Problem(**problem) for problem in item["problems"]),
                row=item["row"],
            )
            for item in row["refused"]
        ),
        out_of_scope=row["out_of_scope"],
        claims=tuple(row["claims"]),
        scope_communes=tuple(row["scope_communes"]),
        scope_radius_km=row["scope_radius_km"],
        notes=tuple(row["notes"]),
        closed=row["closed"],
        skipped=row["skipped"],
        undone_on=row["undone_at"].isoformat(sep=" ") if row["undone_at"] else "",
    )
