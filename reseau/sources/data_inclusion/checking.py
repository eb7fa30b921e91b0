"""Rows checked by the publisher's own schema (package `data-inclusion-schema`, v1), refusals in French."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from reseau.model.reports import Problem, RefusedRow
from reseau.sources._text import clean_cell, has_nir, mask_nir
from reseau.sources.data_inclusion.rows import EXTRA_CELLS, Row

if TYPE_CHECKING:
    from pydantic import ValidationError

LISTS = (
    "publics", "modes_accueil", "thematiques", "reseaux_porteurs", "modes_mobilisation", "mobilisable_par",
    "zone_eligibilite",
)  # fmt: skip
# Given beside the schema by the files or the interface, and left aside on purpose.
KNOWN_EXTRAS = frozenset({
    "score_qualite", "adresse_certifiee", "doublons", "extra", "geometry", "distance", "services",
    "structure",
})  # fmt: skip
# Names a person, and nobody but the structure should say whom to ask for.
PERSONAL = frozenset({"contact_nom_prenom", "courriel", "extra"})
MAX_VALUE = 200
_NIR = (
    "ce texte contient ce qui ressemble à un numéro de sécurité sociale : Réseau ne garde aucune donnée de "
    "patient."
)
_TOO_WIDE = "cette ligne a plus de cellules que d'en-têtes : un séparateur de trop, sans doute dans un texte."
_REASONS = {
    "missing": "ce champ est obligatoire.",
    "enum": "cette valeur n'est pas dans la liste du schéma.",
    "string_too_short": "le texte est trop court.",
    "string_too_long": "le texte est trop long.",
    "string_type": "un texte est attendu.",
    "float_parsing": "un nombre est attendu.",
    "int_parsing": "un nombre entier est attendu.",
    "set_type": "une liste de valeurs est attendue.",
    "list_type": "une liste de valeurs est attendue.",
    "too_short": "la liste est vide : ne donnez rien plutôt qu'une liste vide.",
}
_PATTERNS = {
    "code_postal": "un code postal a cinq chiffres.",
    "code_insee": "un code commune INSEE a cinq caractères.",
    "siret": "un numéro SIRET a quatorze chiffres.",
}
_OF_FIELD = {
    "courriel": "l'adresse de courriel n'est pas bien écrite.",
    "date_maj": "la date de mise à jour n'est pas une date possible (AAAA-MM-JJ, ni future ni avant 2000).",
    "site_web": "l'adresse du site doit commencer par http:// ou https://.",
    "lien_source": "l'adresse doit commencer par http:// ou https://.",
    "lien_mobilisation": "l'adresse doit commencer par http:// ou https://.",
    "accessibilite_lieu": "l'adresse doit commencer par http:// ou https://.",
    "publics": "valeur hors de la liste, ou « tous-publics » avec d'autres.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A row taken: what the schema made of it, and the row itself as text, without what names a person."""

    line: int
    record: Any
    row: Mapping[str, str]
    certified: bool


def check(row: Row, line: int, *, service: bool = False) -> Checked | RefusedRow:
    """The row as the schema reads it, or why it does not."""
    # The schema takes a third of a second to load.
    from data_inclusion.schema import v1
    from pydantic import ValidationError

    shown = shown_row(row)
    label = f"Service « {shown.get('nom', '')[:80]} » : " if service else ""
    if row.get(EXTRA_CELLS):
        return _refused(shown, line, [Problem(line=line, column="", value="", reason=label + _TOO_WIDE)])
    tidy = {name: _tidy(name, value) for name, value in row.items()}
    model = v1.Service if service else v1.Structure
    try:
        record = model.model_validate(tidy)
    except ValidationError as error:
        return _refused(shown, line, _problems(error, shown, line=line, label=label))
    leaks = [name for name, value in tidy.items() if isinstance(value, str) and has_nir(value)]
    if leaks:
        return _refused(
            shown, line, [Problem(line=line, column=n, value="", reason=label + _NIR) for n in leaks]
        )
    certified = str(row.get("adresse_certifiee")).lower() == "true"
    return Checked(line, record, shown, certified)


def known_columns() -> frozenset[str]:
    """Columns of the schema, and those known beside it."""
    from data_inclusion.schema import v1

    return frozenset(v1.Structure.model_fields) | frozenset(v1.Service.model_fields) | KNOWN_EXTRAS


def shown_row(row: Row) -> dict[str, str]:
    """A row as text by column, for the list of refusals: neither personal data nor empty cells."""
    texts = {str(name): _as_text(value) for name, value in row.items() if name not in PERSONAL}
    return {name: text for name, text in texts.items() if text}


def _as_text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, list | tuple | set):
        return " | ".join(map(str, value))
    return mask_nir(str(value))


def _tidy(name: str, value: Any) -> Any:
    """A value as the schema wants it: lists out of the text of a CSV, dates without hours, clean text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if name in LISTS and isinstance(value, str):
        # «['a', 'b']», «{a,b}», «["a"]», «a | b»: all the ways lists are written in cells.
        return re.findall(r"[\w-]+", value) or None
    if name in LISTS and isinstance(value, list):
        return value or None
    if name == "date_maj":
        return _day(value)
    return clean_cell(value) or None if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}[T ]", value):
        return value[:10]
    return value


def _problems(error: ValidationError, shown: Mapping[str, str], *, line: int, label: str) -> list[Problem]:
    found: dict[str, Problem] = {}
    for item in error.errors(include_url=False, include_context=False):
        column = str(item["loc"][0]) if item["loc"] else ""
        kind = item["type"]
        reason = _REASONS.get(kind) if kind in {"missing", "enum"} else None
        reason = reason or _PATTERNS.get(column) or _OF_FIELD.get(column) or _REASONS.get(kind)
        reason = reason or "cette valeur est refusée par le schéma de data·inclusion."
        value = "" if column in PERSONAL else shown.get(column, "")[:MAX_VALUE]
        found.setdefault(column, Problem(line=line, column=column, value=value, reason=label + reason))
    return list(found.values())


def _refused(shown: Mapping[str, str], line: int, problems: list[Problem]) -> RefusedRow:
    return RefusedRow(line=line, problems=tuple(problems), row=shown or {"ligne": str(line)})
