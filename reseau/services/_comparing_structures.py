"""Structures of a file beside those that are stored: who is who, what differs, who is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from reseau.model.communes import current_code, matching_codes
from reseau.model.records import Structure
from reseau.model.reports import LocatedRecord, Parsed, Scope
from reseau.services._authority import better_than, fields_of, with_groups
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
from reseau.store import imports as repository
from reseau.store.rows import PERSON, rows_of
from reseau.store.statements import Statement, statements_of_source

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = dict[str, Any]
NAMES = tuple(item.name for item in fields(Structure))
NUMBERS = ("finess", "uai")
# How a record finds its row, best first.
BY_NAME, BY_MERGE, BY_NUMBER = range(3)
NO_FIELDS: Mapping[str, frozenset[str]] = {}


@dataclass(slots=True)
class Known:
    """What is stored, as a source needs it.

    Attributes:
        rows: by id, those put aside too.
        by_uid: row by any of its identifiers.
        uids: every identifier of each row.
        twins: rows among which a number did not choose.
    """

    source: Source
    rows: dict[int, Row]
    by_uid: dict[str, Row]
    uids: dict[int, list[str]]
    by_number: dict[tuple[str, str], list[Row]]
    by_source: dict[int, dict[str, frozenset[str]]]
    statements: dict[tuple[int, str], Statement]
    better: frozenset[str]
    twins: set[int]

    @classmethod
    def read(cls, connection: Connection, territoire_id: int, source: Source) -> Known:
        """Read it."""
        existing = rows_of(connection, "structures", territoire_id, deleted=None)
        rows = {row["id"]: row for row in existing}
        aliases = repository.aliases_of(connection, territoire_id)
        by_uid = {uid: rows[row_id] for uid, row_id in aliases.items()} | {
            row["uid"]: row for row in existing
        }
        uids: dict[int, list[str]] = {}
        for uid, row in by_uid.items():
            uids.setdefault(_final(rows, row)["id"], []).append(uid)
        return cls(
            source=source,
            rows=rows,
            by_uid=by_uid,
            uids=uids,
            by_number=_by_number(existing),
            by_source=repository.fields_by_source(connection, territoire_id),
            statements=statements_of_source(connection, territoire_id, source.id),
            better=better_than(source.id),
            twins=set(),
        )

    def find(self, record: Structure, listed: frozenset[str]) -> tuple[Row, int] | None:
        """The row a record is about, and how it was found.

        Args:
            listed: every uid of the file: a row that another record names is not found by its number.
        """
        row = self.by_uid.get(record.uid)
        if row is not None:
            final = _final(self.rows, row)
            own = final["uid"] == record.uid or not final["uid"].startswith(f"{self.source.id}--")
            return final, BY_NAME if own and final is row else BY_MERGE
        for name in NUMBERS:
            value = getattr(record, name)
            candidates = [
                found
                for found in self.by_number.get((name, value), ())
                if listed.isdisjoint(self.uids[found["id"]])
            ]
            if value and candidates:
                return self._best(candidates), BY_NUMBER
        return None

    def _best(self, candidates: list[Row]) -> Row:
        """The source's own, else the oldest."""
        if len(candidates) > 1:
            self.twins.update(row["id"] for row in candidates)
        mine = f"{self.source.id}--"
        return min(
            candidates,
            key=lambda row: (not any(uid.startswith(mine) for uid in self.uids[row["id"]]), row["id"]),
        )

    def provenance(self, row_id: int) -> Mapping[str, frozenset[str]]:
        """Source → fields of a row."""
        return self.by_source.get(row_id, NO_FIELDS)

    def alone(self, row_id: int) -> bool:
        """Whether nobody else than the source knows a row."""
        return all(uid.startswith(f"{self.source.id}--") for uid in self.uids[row_id])


def _final(rows: Mapping[int, Row], row: Row) -> Row:
    """The row it was merged into, through every merge; itself otherwise."""
    seen = {row["id"]}
    while row["merged_into"] in rows and row["merged_into"] not in seen:
        row = rows[row["merged_into"]]
        seen.add(row["id"])
    return row


def _by_number(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by register number; one put aside does not count beside one that is there."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for name in NUMBERS:
            if row[name] and row["merged_into"] is None:
                found.setdefault((name, row[name]), []).append(row)
    return {
        number: [row for row in same if row["deleted_at"] is None] or same for number, same in found.items()
    }


def compare_structures(
    connection: Connection, territoire_id: int, source: Source, parsed: Parsed, scope: Scope
) -> Comparison:
    """Compare the structures of a file with those of a territory."""
    known = Known.read(connection, territoire_id, source)
    comparison = Comparison("structures", by_source=known.by_source)
    created, found = _match(known, parsed)
    taken: set[int] = set()
    for row_id, claims in found.items():
        taken.add(row_id)
        claims.sort(key=lambda claim: (claim[0], claim[1].line))
        located = claims[0][1]
        comparison.put_aside += sum(known.rows[row_id]["deleted_at"] is not None for _ in claims)
        step = _compare_one(known, known.rows[row_id], located)
        comparison.add(step)
        comparison.n_kept += step.action == SAME and _kept_from_person(known, row_id, step)
        for how, other in claims[1:]:
            _second(comparison, how, other, located)
    for located in created:
        if source.spec.creates:
            comparison.add(_new(located, territoire_id))
        else:
            comparison.out_of_scope += 1
    if speaks_for_all(source, parsed):
        _departures(comparison, known, parsed, scope, taken)
    comparison.notes += _notes(known)
    return comparison


def _match(
    known: Known, parsed: Parsed
) -> tuple[list[LocatedRecord], dict[int, list[tuple[int, LocatedRecord]]]]:
    """Records about nothing known, and those about each row."""
    listed = frozenset(
        located.record.uid for located in parsed.records if isinstance(located.record, Structure)
    )
    created: list[LocatedRecord] = []
    found: dict[int, list[tuple[int, LocatedRecord]]] = {}
    for located in parsed.records:
        record = located.record
        assert isinstance(record, Structure)  # noqa: S101 -- kind of the source says so
        match = known.find(record, listed)
        if match is None:
            created.append(located)
        else:
            found.setdefault(match[0]["id"], []).append((match[1], located))
    return created, found


def _second(comparison: Comparison, how: int, located: LocatedRecord, first: LocatedRecord) -> None:
    """Another row about the same structure: expected after a merge, a mistake otherwise."""
    # Two identifiers of one source lead to one row by a merge only, its own or one of before.
    if how == BY_MERGE or (how == BY_NAME and _uid(located) != _uid(first)):
        comparison.unchanged += 1
    else:
        comparison.refused.append(same_as(located, first.line))


def _uid(located: LocatedRecord) -> str:
    assert isinstance(located.record, Structure)  # noqa: S101 -- see `_match`
    return located.record.uid


def _new(located: LocatedRecord, territoire_id: int) -> Step:
    record = located.record
    assert isinstance(record, Structure)  # noqa: S101 -- see `_match`
    values = {name: getattr(record, name) for name in NAMES}
    return Step(
        key=record.uid,
        action=NEW,
        line=located.line,
        label=record.name,
        values={"territoire_id": territoire_id, **values},
        sourced=sorted(located.fields - {"uid"}),
    )


def _compare_one(known: Known, row: Row, located: LocatedRecord) -> Step:
    record = located.record
    assert isinstance(record, Structure)  # noqa: S101 -- see `_match`
    step = Step(key=record.uid, action=SAME, line=located.line, label=row["name"], row=row)
    provenance = known.provenance(row["id"])
    blocked = fields_of(known.better, provenance)
    said_before = frozenset[str]().union(*provenance.values())
    sourced: list[str] = []
    agreed: set[str] = set()
    for name in located.fields:
        if name == "uid":
            continue
        value = getattr(record, name)
        if type(value) is tuple:
            value = list(value)
        if name in blocked:
            if row[name] != value:
                step.kept[name] = value
            elif (row["id"], name) in known.statements:
                agreed.add(name)
        elif row[name] != value:
            step.values[name] = value
        elif name not in said_before:
            sourced.append(name)
    _reopen(known, step, located, agreed)
    step.action = SAME if not step.values else REOPENED if step.values.get("closed") is False else CHANGED
    step.sourced = sorted((*sourced, *step.values))
    step.agreed = sorted(agreed | {name for name in step.values if (row["id"], name) in known.statements})
    step.alias = "" if record.uid in known.by_uid else record.uid
    _remember(known, step)
    return step


def _reopen(known: Known, step: Step, located: LocatedRecord, agreed: set[str]) -> None:
    """A structure closed because the source no longer listed it, and listed again."""
    row = step.row
    if row is None or "closed" in located.fields or not known.source.spec.complete:
        return
    if row["closed"] and "closed" in known.provenance(row["id"]).get(known.source.id, ()):
        step.values["closed"] = False
    elif (row["id"], "closed") in known.statements:
        # It was said to be gone under a person's «open».
        agreed.add("closed")


def _remember(known: Known, step: Step) -> None:
    """What the source says underneath; a person is asked when it is news to them."""
    if not step.kept or step.row is None:
        return
    row_id = step.row["id"]
    corrected = with_groups(known.provenance(row_id).get(PERSON, frozenset()))
    for name, value in step.kept.items():
        before = known.statements.get((row_id, name))
        if before is None or before.value != value:
            step.said[name] = (value, name in corrected)


def _kept_from_person(known: Known, row_id: int, step: Step) -> bool:
    return not with_groups(known.provenance(row_id).get(PERSON, frozenset())).isdisjoint(step.kept)


def _departures(comparison: Comparison, known: Known, parsed: Parsed, scope: Scope, taken: set[int]) -> None:
    """Structures that the file no longer lists, though it speaks of their commune."""
    mine = f"{known.source.id}--"
    wanted = matching_codes(scope.communes)
    spoken = parsed.spoken
    refused = mentions(parsed)
    gone: list[Step] = []
    n_known = shared = 0
    for row_id, uids in known.uids.items():
        row = known.rows[row_id]
        if row["deleted_at"] is not None or row["closed"] or not any(uid.startswith(mine) for uid in uids):
            continue
        n_known += 1
        here = row["insee"] in spoken and current_code(row["insee"]) in wanted
        if row_id in taken or not here or not refused.isdisjoint(_native(uids, mine)):
            continue
        if not known.alone(row_id):
            shared += 1
            continue
        _add_departure(comparison, known, row, gone)
    if shared:
        comparison.notes.append(
            f"{shared} fiche(s) que ce fichier ne cite plus, mais qu'une autre source ou une personne "
            "connaît : laissée(s) ouverte(s)."
        )
    hold_crowd(comparison, gone, n_known)


def _native(uids: Iterable[str], mine: str) -> set[str]:
    return {uid.removeprefix(mine) for uid in uids if uid.startswith(mine)}


def _add_departure(comparison: Comparison, known: Known, row: Row, gone: list[Step]) -> None:
    step = Step(key=row["uid"], action=GONE, line=0, label=row["name"], row=row)
    if "closed" not in fields_of(known.better, known.provenance(row["id"])):
        step.values, step.sourced = {"closed": True}, ["closed"]
        gone.append(step)
        return
    # A person says it is open: their word stays, and they are asked.
    step.action, step.kept = SAME, {"closed": True}
    comparison.n_kept += 1
    _remember(known, step)
    if step.writes:
        comparison.steps.append(step)


def _notes(known: Known) -> list[str]:
    if not known.twins:
        return []
    return [
        f"{len(known.twins)} fiches portent le même numéro (FINESS ou UAI) qu'une autre : le fichier a "
        "complété celle de sa source, sinon la plus ancienne. Voyez les doublons sur la page « À vérifier »."
    ]
