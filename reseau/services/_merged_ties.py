"""What hangs on a structure that is merged into another: moved, or put aside where it would be double."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reseau.model.vocabulary import RelationStatus
from reseau.services._references import REMEMBERED, fingerprint, key_of
from reseau.store import merges as repository
from reseau.store.merges import HANGING, Ledger
from reseau.store.rows import now

KINDS = ("relations", "permanences", "contacts", "journal")
# Of two same ties, the one where most was done stays.
_DONE = (
    RelationStatus.TERMINE,
    RelationStatus.A_CONTACTER,
    RelationStatus.EN_SOMMEIL,
    RelationStatus.CONTACT_PRIS,
    RelationStatus.ACTIF,
)
_CONTACT_DETAILS = ("role", "phone", "email", "note")

Row = dict[str, Any]


@dataclass(slots=True)
class Moved:
    """How many rows went to the kept structure, and how many were put aside."""

    moved: int = 0
    apart: int = 0


def move_all(ledger: Ledger, territoire_id: int, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Moved:
    """Everything that hangs on `gone` hangs on `kept`."""
    count = Moved()
    for kind in KINDS:
        _move_rows(ledger, kind, (kept["id"], gone["id"]), count)
    for row in repository.hanging_on(ledger.connection, "actions", gone["id"]):
        ledger.change("actions", {"id": row["id"]}, {"host_id": kept["id"]})
        count.moved += 1
    _move_partners(ledger, kept["id"], gone["id"], count)
    _move_words(ledger, kept["id"], gone)
    for row in repository.hanging_on(ledger.connection, "aliases", gone["id"]):
        key = {"territoire_id": territoire_id, "uid": row["uid"]}
        ledger.change("aliases", key, {"structure_id": kept["id"]})
    _add_alias(ledger, territoire_id, kept, gone)
    _move_answers(ledger, kept["id"], gone["id"])
    return count


def _move_rows(ledger: Ledger, kind: str, ids: tuple[int, int], count: Moved) -> None:
    kept_id, gone_id = ids
    mine = [
        row
        for row in repository.hanging_on(ledger.connection, kind, kept_id)
        if row["deleted_at"] is None and not _touches(kind, row, gone_id)
    ]
    known: dict[Any, list[Row]] = {}
    for row in mine:
        known.setdefault(_double_key(kind, row), []).append(row)
    for row in repository.hanging_on(ledger.connection, kind, gone_id):
        moved = {**row, **{name: kept_id for name in HANGING[kind] if row[name] == gone_id}}
        if _is_loop(kind, moved):
            # Put aside where it stands: it comes back with the structure it is tied to.
            if row["deleted_at"] is None:
                ledger.change(kind, {"id": row["id"]}, {"deleted_at": now()})
                count.apart += 1
            continue
        _move_one(ledger, kind, (row, moved), known, count)


def _move_one(
    ledger: Ledger, kind: str, both: tuple[Row, Row], known: dict[Any, list[Row]], count: Moved
) -> None:
    row, moved = both
    key = _double_key(kind, moved)
    twins = known.get(key, []) if row["deleted_at"] is None else []
    for twin in twins:
        loser = _loser(kind, twin, moved)
        if loser is moved:
            ledger.change(kind, {"id": row["id"]}, {"deleted_at": now()})
            count.apart += 1
            return
        if loser is twin:
            ledger.change(kind, {"id": twin["id"]}, {"deleted_at": now()})
            count.apart += 1
            twins.remove(twin)
            break
    values = {name: moved[name] for name in HANGING[kind]}
    if kind in REMEMBERED and row["origin"] == fingerprint(key_of(kind, row)):
        values["origin"] = fingerprint(key_of(kind, moved))
    ledger.change(kind, {"id": row["id"]}, values)
    count.moved += 1
    if row["deleted_at"] is None:
        known.setdefault(key, []).append(moved)


def _touches(kind: str, row: Mapping[str, Any], structure_id: int) -> bool:
    return any(row[name] == structure_id for name in HANGING[kind])


def _is_loop(kind: str, row: Mapping[str, Any]) -> bool:
    """A tie of a structure with itself, a permanence at home."""
    names = HANGING[kind]
    return len(names) == 2 and row[names[0]] == row[names[1]]


def _relation_key(row: Mapping[str, Any]) -> Any:
    """Same ends, same purpose, same way: a tie said from either side is one."""
    ends = (row["from_id"], row["to_id"])
    if row["direction"] == "reciproque":
        return (frozenset(ends), row["purpose"], "")
    return (ends if row["direction"] == "aller" else ends[::-1], row["purpose"], "aller")


def _double_key(kind: str, row: Mapping[str, Any]) -> Any:
    return _relation_key(row) if kind == "relations" else key_of(kind, row)


def _loser(kind: str, mine: Row, other: Row) -> Row | None:
    """Which of two rows that say the same thing is put aside; None when both say something of their own."""
    if kind == "contacts":
        return other if _adds_nothing(other, mine) else mine if _adds_nothing(mine, other) else None
    if kind == "relations":
        return mine if _worth(other) > _worth(mine) else other
    return other


def _adds_nothing(row: Row, beside: Row) -> bool:
    return all(not row[name] or row[name] == beside[name] for name in _CONTACT_DETAILS)


def _worth(row: Row) -> tuple[int, int]:
    status = row["status"]
    return (_DONE.index(RelationStatus(status)) if status in list(RelationStatus) else -1, row["intensity"])


def _move_partners(ledger: Ledger, kept_id: int, gone_id: int, count: Moved) -> None:
    """A structure takes part once in an action: the role it had already stays."""
    for row in repository.hanging_on(ledger.connection, "action_partners", gone_id):
        key = {"action_id": row["action_id"], "structure_id": gone_id}
        mine = {"action_id": row["action_id"], "structure_id": kept_id}
        ledger.remove("action_partners", key)
        if repository.read_one(ledger.connection, "action_partners", mine) is None:
            ledger.insert("action_partners", {**row, "structure_id": kept_id})
            count.moved += 1
        else:
            count.apart += 1


def _move_words(ledger: Ledger, kept_id: int, gone: Mapping[str, Any]) -> None:
    """What screens say of the one that stays is its own; of what it does not say, the other's.

    A place that is never shown stays so, whichever said it. A mobile number was allowed for the one it is of.
    """
    table, key, mine = "screen_places", {"structure_id": gone["id"]}, {"structure_id": kept_id}
    other, own = (repository.read_one(ledger.connection, table, each) for each in (key, mine))
    if other is None:
        return
    ledger.remove(table, key)
    phone = (repository.read_one(ledger.connection, "structures", {"id": kept_id}) or {}).get("phone")
    if own is None:
        allowed = other["show_mobile"] and phone == gone["phone"]
        ledger.insert(table, {**other, **mine, "show_mobile": allowed})
        return
    taken = {
        "hidden": own["hidden"] or other["hidden"],
        "texts": own["texts"] or other["texts"],
        "needs": other["needs"] if own["needs"] is None else own["needs"],
    }
    ledger.change(table, mine, taken)


def _add_alias(ledger: Ledger, territoire_id: int, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> None:
    """Files that name the one that goes mean the one that stays."""
    key = {"territoire_id": territoire_id, "uid": gone["uid"]}
    if repository.read_one(ledger.connection, "aliases", key) is None:
        ledger.insert("aliases", {**key, "structure_id": kept["id"]})
    else:
        ledger.change("aliases", key, {"structure_id": kept["id"]})


def _move_answers(ledger: Ledger, kept_id: int, gone_id: int) -> None:
    """What was said of the one that goes and a third holds for the one that stays."""
    for row in repository.hanging_on(ledger.connection, "pair_answers", gone_id):
        third = row["b_id"] if row["a_id"] == gone_id else row["a_id"]
        if third == kept_id:
            continue
        key = {"a_id": min(third, kept_id), "b_id": max(third, kept_id)}
        if repository.read_one(ledger.connection, "pair_answers", key) is None:
            ledger.insert("pair_answers", {**key, "answer": row["answer"], "on": row["on"]})
