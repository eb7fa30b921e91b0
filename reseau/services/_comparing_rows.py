"""Rows of a file that are not structures, beside those that are stored: recognised by their natural key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reseau.model.communes import current_code, matching_codes
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.services._authority import with_groups
from reseau.services._labels import label_of
from reseau.services._quartier_index import QuartierIndex
from reseau.services._references import (
    MIRRORED_FIELDS,
    REFERRING,
    REMEMBERED,
    KnownRows,
    StructureIndex,
    Unresolved,
    fingerprint,
    key_of,
    mirrored,
    other_side,
    values_of,
)
from reseau.services._steps import (
    CHANGED,
    GONE,
    NEW,
    REOPENED,
    SAME,
    Comparison,
    Step,
    hold_crowd,
    mentions,
    same_as,
    speaks_for_all,
)
from reseau.sources import Source
from reseau.store import changes
from reseau.store import imports as repository
from reseau.store.rows import now, rows_of, storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Kinds of which a source may say that a row is no longer there: it is put aside. The column that says its
# commune, None where a file speaks of the whole scope (and must then be one of a complete source).
LAYERS = {"communes": "code", "iris": "insee", "carreaux": None, "reperes": None}
REFERENCES = {
    "structure_ref": "structure_id",
    "host_ref": "host_id",
    "from_ref": "from_id",
    "to_ref": "to_id",
    "quartier_ref": "quartier_id",
}
NEEDS = "besoins"
# Values by name: a file that gives one says nothing of the others.
BY_NAME = ("counts", "indicators")


@dataclass(slots=True)
class Known:
    """What is stored of a kind, as a source needs it.

    Attributes:
        names: of structures by id; of quartiers, for what is counted by quartier.
        gone: ids of rows that an import put aside, and that come back when they are listed again.
        taken: line of the file that spoke of a key or of a row.
    """

    source: Source
    territoire_id: int
    rows: KnownRows
    index: StructureIndex | QuartierIndex
    names: dict[int, str]
    partners: Mapping[int, list[tuple[int, str]]]
    gone: set[int]
    taken: dict[Any, int] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """Kind of the rows."""
        return self.source.spec.kind

    @classmethod
    def read(cls, connection: Connection, territoire_id: int, source: Source) -> Known:
        """Read it."""
        kind = source.spec.kind
        quartiers = rows_of(connection, "quartiers", territoire_id, deleted=None) if kind == NEEDS else []
        structures = (
            rows_of(connection, "structures", territoire_id, deleted=None) if kind in REFERRING else []
        )
        alive = [row for row in structures if row["deleted_at"] is None]
        return cls(
            source=source,
            territoire_id=territoire_id,
            rows=KnownRows(kind, rows_of(connection, kind, territoire_id, deleted=None)),
            index=QuartierIndex(quartiers)
            if kind == NEEDS
            else StructureIndex(
                alive,
                repository.aliases_of(connection, territoire_id) if kind in REFERRING else {},
                [row for row in structures if row["deleted_at"] is not None],
            ),
            names={row["id"]: row["name"] for row in quartiers or structures},
            partners=(repository.action_partners_of(connection, territoire_id) if kind == "actions" else {}),
            gone=(changes.put_aside_by_imports(connection, territoire_id, kind) if kind in LAYERS else set()),
        )


def compare_rows(
    connection: Connection, territoire_id: int, source: Source, parsed: Parsed, scope: Scope
) -> Comparison:
    """Compare the rows of a file with those of a territory."""
    known = Known.read(connection, territoire_id, source)
    comparison = Comparison(source.spec.kind, names=known.names)
    for located in parsed.records:
        try:
            values = values_of(known.kind, located.record, known.index)
        except Unresolved as error:
            comparison.refused.append(_unresolved(located, error))
            continue
        if known.kind == "quartiers":
            values["data_date"] = parsed.data_date
        _compare_one(comparison, known, located, values)
    if known.kind in LAYERS and speaks_for_all(source, parsed, by_commune=LAYERS[known.kind] is not None):
        _departures(comparison, known, parsed, scope)
    return comparison


def _compare_one(
    comparison: Comparison, known: Known, located: LocatedRecord, values: dict[str, Any]
) -> None:
    partners = values.pop("partners", None)
    key = key_of(known.kind, values)
    mirror = other_side(known.kind, values)
    row = known.rows.find(key)
    given = _given(known, located)
    if row is None and mirror is not None and (row := known.rows.find_mirror(key, mirror)):
        values = mirrored(values)
        given = frozenset(MIRRORED_FIELDS.get(name, name) for name in given) - {"from_id", "to_id"}
    first = known.taken.get(key) or known.taken.get(("row", row["id"]) if row else None)
    if first:
        comparison.refused.append(same_as(located, first))
        return
    known.taken[key] = located.line
    if mirror is not None:
        known.taken[mirror] = located.line
    if row is None:
        if known.source.spec.creates:
            comparison.add(_new(known, located, values, partners))
        else:
            comparison.out_of_scope += 1
        return
    known.taken["row", row["id"]] = located.line
    known.met.add(row["id"])
    step = _changed(known, located, row, _differences(values, row, given))
    if partners is not None and "partners" in located.fields:
        _move_partners(known, step, partners)
    back = row["deleted_at"] is not None and row["id"] in known.gone
    if back:
        step.values["deleted_at"] = None
    comparison.put_aside += row["deleted_at"] is not None and not back
    moves = bool(step.values) or step.partners is not None
    step.action = REOPENED if back else CHANGED if moves else SAME
    comparison.n_kept += step.action == SAME and bool(step.kept)
    comparison.add(step)


def step_key(kind: str, values: Mapping[str, Any]) -> str:
    """Stable name of a change: the code of the row, else a fingerprint of what makes it the same one."""
    key = key_of(kind, values)
    return fingerprint(key)[:20] if kind in REMEMBERED else "--".join([key] if isinstance(key, str) else key)


def _new(known: Known, located: LocatedRecord, values: dict[str, Any], partners: Any) -> Step:
    if known.kind in REMEMBERED:
        values["origin"] = fingerprint(key_of(known.kind, values))
    return Step(
        key=step_key(known.kind, values),
        action=NEW,
        line=located.line,
        label=label_of(known.kind, values, known.names),
        values={"territoire_id": known.territoire_id, **values},
        sourced=sorted(_given(known, located)),
        partners=partners or None,
    )


def _changed(
    known: Known,
    located: LocatedRecord,
    row: Mapping[str, Any],
    differences: tuple[dict[str, Any], dict[str, Any]],
) -> Step:
    return Step(
        key=step_key(known.kind, row),
        action=CHANGED,
        line=located.line,
        label=label_of(known.kind, row, known.names),
        row=row,
        values=differences[0],
        kept=differences[1],
    )


def _move_partners(known: Known, step: Step, partners: list[tuple[int, str]]) -> None:
    """Other partners of an action, unless a person chose them."""
    row = step.row or {}
    now = known.partners.get(row["id"], [])
    wanted = list(dict(partners).items())
    if "partners" in row["overrides"]:
        if wanted != now:
            step.kept["partners"] = wanted
    elif wanted != now:
        step.partners, step.old_partners = wanted, now


def _given(known: Known, located: LocatedRecord) -> frozenset[str]:
    names = {REFERENCES.get(name, name) for name in located.fields}
    dated = known.kind == "quartiers" and known.source.spec.creates
    return frozenset(names | {"data_date"} if dated else names)


def _differences(
    values: Mapping[str, Any], row: Mapping[str, Any], given: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What would be written, and what a person's correction keeps from being so."""
    blocked = with_groups(frozenset(row["overrides"]))
    written: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for name, value in storable(_with_known_names(values, row)).items():
        if name in given and row[name] != value and not _unsourced(name, values, row):
            (kept if name in blocked else written)[name] = value
    return written, kept


def _with_known_names(values: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    merged = {name: {**row[name], **values[name]} for name in BY_NAME if name in values}
    return {**values, **merged} if merged else values


def _unsourced(name: str, values: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """A number of inhabitants without its source does not replace one that has it."""
    return name == "population" and bool(row["population_source"]) and not values["population_source"]


def _departures(comparison: Comparison, known: Known, parsed: Parsed, scope: Scope) -> None:
    """Rows the file no longer lists, though it speaks of their commune."""
    column = LAYERS[known.kind]
    wanted = matching_codes(scope.communes)
    spoken = {getattr(located.record, column) for located in parsed.records} if column else set()
    refused = mentions(parsed)
    mine = [row for row in known.rows.rows if row["source"] == known.source.id and row["deleted_at"] is None]
    gone = [
        Step(
            key=step_key(known.kind, row),
            action=GONE,
            line=0,
            label=label_of(known.kind, row, known.names),
            row=row,
            values={"deleted_at": now()},
        )
        for row in mine
        if row["id"] not in known.met
        and (column is None or (row[column] in spoken and current_code(row[column]) in wanted))
        and str(row.get("uid") or row.get("code")).rpartition("--")[2] not in refused
        and not row["overrides"]
    ]
    created = sum(step.action == NEW for step in comparison.steps)
    hold_crowd(comparison, gone, len(mine), replaced=created >= len(gone))


def _unresolved(located: LocatedRecord, error: Unresolved) -> RefusedRow:
    problem = Problem(line=located.line, column=error.column, value=error.value, reason=error.reason)
    return RefusedRow(line=located.line, problems=(problem,), row=located.row)
