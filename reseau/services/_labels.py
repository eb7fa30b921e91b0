"""Names under which a person recognises a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from reseau.model.vocabulary import JOURNAL_KINDS, RELATION_PURPOSES, THEMES

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


def _need(row: Mapping[str, Any], names: Names) -> str:
    day = f", {row['on']:%d/%m/%Y}" if row["on"] else ""
    return f"{names.get(row['quartier_id'], '?')} : {THEMES.get(row['theme'], row['theme'])}{day}"


_LABELS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "relations": _relation,
    "permanences": _permanence,
    "contacts": _contact,
    "journal": _entry,
    "besoins": _need,
    "actions": lambda row, _names: row["title"],
    "carreaux": lambda row, _names: row["code"],
}


def label_of(kind: str, row: Mapping[str, Any], names: Names) -> str:
    """Name of a row; `names`: those of structures by id (of quartiers for `besoins`)."""
    label = _LABELS[kind](row, names) if kind in _LABELS else row["name"] or row.get("code") or row.get("uid")
    return str(label)


# What exports do not write, or write with something else.
_OTHER_WORDS = {
    "opening_hours": "horaires", "hours_text": "horaires (texte)", "uai": "uai", "reviewed_on": "vérifiée le",
    "review_days": "à revoir tous les (jours)", "deleted_at": "mise de côté le", "wkb": "contour",
    "name": "nom", "communes": "communes", "commune_names": "noms des communes", "population": "habitants",
    "population_source": "source de la population", "generation": "génération", "languages": "langues",
    "indicators": "indicateurs", "counts": "nombres", "year": "année", "people": "habitants",
    "households": "ménages", "poor_households": "ménages pauvres", "tags": "étiquettes", "address": "adresse",
    "phone": "téléphone", "website": "site internet", "type_code": "type", "lon": "longitude",
    "lat": "latitude", "postcodes": "codes postaux", "epci_name": "intercommunalité",
    "quartier_id": "quartier", "parent": "commune actuelle", "insee": "code insee",
}  # fmt: skip


@cache
def _words(kind: str) -> dict[str, str]:
    # Loads pandas: not for a command that shows no field.
    from reseau.exports import TABLES

    frame = "needs" if kind == "besoins" else kind
    columns = [column for table in TABLES if table.frame == frame for column in table.columns]
    return {column.needs[0]: column.header for column in columns} | _OTHER_WORDS


def field_label(kind: str, name: str) -> str:
    """A field of a kind of rows in French: the word that heads its column in files."""
    return _words(kind).get(name, name)
