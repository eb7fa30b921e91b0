"""Names under which a person recognises a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reseau.model.vocabulary import JOURNAL_KINDS, RELATION_PURPOSES

Names = Mapping[int, str]


def _relation(row: Mapping[str, Any], names: Names) -> str:
    purpose = RELATION_PURPOSES.get(row["purpose"], row["purpose"])
    return f"{names.get(row['from_id'], '?')} – {names.get(row['to_id'], '?')} ({purpose})"


def _permanence(row: Mapping[str, Any], names: Names) -> str:
    place = names.get(row["host_id"]) or row["place"]
    return f"{names.get(row['structure_id'], '?')} : {row['type_code']}" + (f" ({place})" if place else "")


def _contact(row: Mapping[str, Any], names: Names) -> str:
    return f"{row['name']} ({names.get(row['structure_id'], '?')})"


def _entry(row: Mapping[str, Any], names: Names) -> str:
    kind = JOURNAL_KINDS.get(row["kind"], row["kind"])
    return f"{names.get(row['structure_id'], '?')}, {row['on']:%d/%m/%Y} ({kind})"


_LABELS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "relations": _relation,
    "permanences": _permanence,
    "contacts": _contact,
    "journal": _entry,
    "actions": lambda row, _names: row["title"],
    "carreaux": lambda row, _names: row["code"],
}


def label_of(kind: str, row: Mapping[str, Any], names: Names) -> str:
    """Name of a row; `names`: those of structures by id."""
    label = _LABELS[kind](row, names) if kind in _LABELS else row["name"] or row.get("code") or row.get("uid")
    return str(label)
