"""Names of structures in files → ids; natural keys by which a row is recognised the next time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from reseau.model.context import Commune, Iris, Repere, Square
from reseau.model.records import Action, Contact, JournalEntry, Need, Permanence, Quartier, Relation
from reseau.model.typology import normalise

if TYPE_CHECKING:
    from reseau.services._quartier_index import QuartierIndex


class Unresolved(Exception):
    """A row names a structure (or a quartier) that is not known, or several."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value[:200], reason


@dataclass(slots=True)
class StructureIndex:
    """Finds a structure by uid, native id or exact name (accents and case aside).

    Args:
        rows: structures.
        aliases: other uid → id of the structure.
        gone: structures put aside, so that a row naming one says so.
    """

    by_uid: dict[str, int]
    by_native: dict[str, list[int]]
    by_name: dict[str, list[int]]
    names: dict[str, str]
    gone: frozenset[str]

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        aliases: Mapping[str, int] | None = None,
        gone: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.by_uid, self.by_native, self.by_name, self.names = {}, {}, {}, {}
        for row in rows:
            self._add_uid(row["uid"], row["id"])
            self.by_name.setdefault(normalise(row["name"]), []).append(row["id"])
            self.names[normalise(row["name"])] = row["name"]
        self.gone = frozenset(word for row in gone for word in _words_for(row))
        alive = set(self.by_uid.values())
        for uid, row_id in (aliases or {}).items():
            if row_id in alive and uid not in self.by_uid:
                self._add_uid(uid, row_id)

    def _add_uid(self, uid: str, row_id: int) -> None:
        self.by_uid[uid] = row_id
        same = self.by_native.setdefault(uid.partition("--")[2], [])
        if row_id not in same:
            same.append(row_id)

    def find(self, column: str, reference: str) -> int:
        """Id of the structure meant.

        Raises:
            Unresolved: none, or several.
        """
        if reference in self.by_uid:
            return self.by_uid[reference]
        found = self.by_native.get(reference) or self.by_name.get(normalise(reference), [])
        if len(found) == 1:
            return found[0]
        if found:
            reason = "plusieurs structures portent ce nom : écrivez l'identifiant de celle que vous désignez"
            raise Unresolved(column, reference, reason)
        if not self.gone.isdisjoint({reference, normalise(reference)}):
            reason = "cette structure a été supprimée : restaurez-la (page Données), ou retirez la ligne"
            raise Unresolved(column, reference, reason)
        close = get_close_matches(normalise(reference), self.names, n=3, cutoff=0.75)
        hint = f" Vouliez-vous dire : {', '.join(self.names[name] for name in close)} ?" if close else ""
        reason = (
            "aucune structure ne porte ce nom ou cet identifiant : importez-la d'abord, "
            f"ou corrigez le nom.{hint}"
        )
        raise Unresolved(column, reference, reason)

    def find_optional(self, column: str, reference: str) -> int | None:
        """As `find`, None for an empty reference."""
        return self.find(column, reference) if reference else None


def _words_for(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a file may call a structure by."""
    return row["uid"], row["uid"].partition("--")[2], normalise(row["name"])


@cache
def _names(record_type: Hashable, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.name for item in fields(cast("type[Any]", record_type)) if item.name not in without)


def _plain(record: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _names(cast("Hashable", type(record)), without)}


def _relation(record: Relation, index: StructureIndex) -> dict[str, Any]:
    from_id, to_id = index.find("de", record.from_ref), index.find("vers", record.to_ref)
    if from_id == to_id:
        raise Unresolved("vers", record.to_ref, "une structure ne peut pas être en relation avec elle-même")
    return {"from_id": from_id, "to_id": to_id, **_plain(record, "from_ref", "to_ref")}


def _permanence(record: Permanence, index: StructureIndex) -> dict[str, Any]:
    return {
        "structure_id": index.find("structure", record.structure_ref),
        "host_id": index.find_optional("accueillie par", record.host_ref),
        **_plain(record, "structure_ref", "host_ref"),
    }


def _person(record: Contact | JournalEntry, index: StructureIndex) -> dict[str, Any]:
    return {
        "structure_id": index.find("structure", record.structure_ref),
        **_plain(record, "structure_ref"),
    }


def _need(record: Need, index: QuartierIndex) -> dict[str, Any]:
    return {"quartier_id": index.find("quartier", record.quartier_ref), **_plain(record, "quartier_ref")}


def _action(record: Action, index: StructureIndex) -> dict[str, Any]:
    return {
        "host_id": index.find_optional("accueillie par", record.host_ref),
        "partners": [(index.find("partenaires", item.structure_ref), item.role) for item in record.partners],
        **_plain(record, "host_ref", "partners"),
    }


def _apart(record: Quartier | Repere | Iris | Square | Commune, _index: StructureIndex) -> dict[str, Any]:
    """What names no structure."""
    return _plain(record)


RESOLVERS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "communes": _apart,
    "quartiers": _apart,
    "iris": _apart,
    "carreaux": _apart,
    "reperes": _apart,
    "relations": _relation,
    "permanences": _permanence,
    "contacts": _person,
    "journal": _person,
    "actions": _action,
    "besoins": _need,
}

# Kinds whose key is made of fields a person may correct; the others have a code of their own.
REMEMBERED = frozenset({"relations", "permanences", "contacts", "journal", "besoins"})
# Kinds whose rows name structures.
REFERRING = frozenset({"relations", "permanences", "contacts", "journal", "actions"})
RECIPROCAL = "reciproque"
KEYS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "quartiers": lambda row: row["code"],
    "iris": lambda row: row["code"],
    "carreaux": lambda row: row["code"],
    "communes": lambda row: (row["code"], row["kind"]),
    "reperes": lambda row: row["uid"],
    "relations": lambda row: (row["from_id"], row["to_id"], row["purpose"]),
    "permanences": lambda row: (
        row["structure_id"], row["type_code"], row["host_id"], normalise(row["place"]),
    ),
    "contacts": lambda row: (row["structure_id"], normalise(row["name"])),
    "journal": lambda row: (row["structure_id"], row["on"], row["kind"], row["text"]),
    "actions": lambda row: row["uid"],
    "besoins": lambda row: (row["quartier_id"], row["theme"], row["on"], normalise(row["collected"])),
}  # fmt: skip


def values_of(kind: str, record: Any, index: StructureIndex | QuartierIndex) -> dict[str, Any]:
    """Column values of a record, its references resolved.

    Raises:
        Unresolved: it names a structure or a quartier that is not known, or several.
    """
    return RESOLVERS[kind](record, index)


def key_of(kind: str, row: Mapping[str, Any]) -> Any:
    """What makes two rows of a kind the same one."""
    return KEYS[kind](row)


def fingerprint(key: Any) -> str:
    """A key as a short text, to remember under which one a row came from its file."""
    return hashlib.sha256(json.dumps(key, default=str).encode()).hexdigest()


def mirrored(values: Mapping[str, Any]) -> dict[str, Any]:
    """A reciprocal tie, said from the other side."""
    return {
        **values,
        "from_id": values["to_id"],
        "to_id": values["from_id"],
        "referent_from": values["referent_to"],
        "referent_to": values["referent_from"],
    }


MIRRORED_FIELDS = {"referent_from": "referent_to", "referent_to": "referent_from"}


def other_side(kind: str, values: Mapping[str, Any]) -> Any:
    """Key of the same tie said from the other side, None for what has one side only."""
    if kind != "relations" or values["direction"] != RECIPROCAL:
        return None
    return (values["to_id"], values["from_id"], values["purpose"])


class KnownRows:
    """Rows of a kind, found by what they say now or by what their file said of them.

    A person may have corrected what makes the key (the purpose of a tie, the name of a contact): the next
    import must find the row all the same, and not make it again.
    """

    def __init__(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows = list(rows)
        self._by_key: dict[Any, Mapping[str, Any]] = {}
        self._by_origin: dict[str, Mapping[str, Any]] = {}
        self._mirrors: dict[Any, Mapping[str, Any]] = {}
        # Of two rows of one key (a merge put one of them aside), the one that is there.
        for row in sorted(self.rows, key=lambda row: row.get("deleted_at") is None):
            self._by_key[key_of(kind, row)] = row
            if row.get("origin"):
                self._by_origin[row["origin"]] = row
            if (mirror := other_side(kind, row)) is not None:
                self._mirrors[mirror] = row

    def find(self, key: Any) -> Mapping[str, Any] | None:
        """The row a file means by this key."""
        if self._by_origin and (row := self._by_origin.get(fingerprint(key))):
            return row
        return self._by_key.get(key)

    def find_mirror(self, key: Any, mirror: Any) -> Mapping[str, Any] | None:
        """The reciprocal tie that says from the other side what a reciprocal tie of this key says.

        Args:
            mirror: its key from the other side.
        """
        row = self._by_origin.get(fingerprint(mirror))
        return row if row is not None and row["direction"] == RECIPROCAL else self._mirrors.get(key)
