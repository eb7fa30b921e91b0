"""Checks of what a person types, every problem at once. Same rules as for files where both exist."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from reseau.hours import is_valid
from reseau.model.typology import Typology
from reseau.model.vocabulary import (
    ACTION_FORMS,
    CAPACITY_UNITS,
    DIRECTIONS,
    INTENSITIES,
    JOURNAL_KINDS,
    LANGUAGES,
    POSITION_PRECISIONS,
    PUBLICS,
    RECEPTION_MODES,
    RECURRENCES,
    RELATION_PURPOSES,
    THEMES,
    ActionStatus,
    RelationStatus,
)
from reseau.services.field_labels import field_label
from reseau.sources import (
    MAX_CAPACITY,
    MAX_CELL,
    MAX_NAME,
    MISSING_ONE,
    CellError,
    has_nir,
    read_email,
    read_finess,
    read_insee,
    read_phone,
    read_position,
    read_postcode,
    read_siret,
    read_time,
    read_uai,
    read_website,
)

MAX_TEXT = MAX_CELL
MAX_COUNT = 9_999_999
# Longer, a name could not be read back from an export.
LIMITS = {"name": MAX_NAME, "title": MAX_NAME}
SEVERAL_LINES = frozenset({
    "description", "access_conditions", "internal_note", "evidence", "note", "text", "outcome", "hours_text",
})  # fmt: skip
# The readers of files, so that a form and a spreadsheet understand and refuse the same things.
READERS: dict[str, Callable[[str], str]] = {
    "email": read_email,
    "website": read_website,
    "phone": read_phone,
    "postcode": read_postcode,
    "insee": read_insee,
    "siret": read_siret,
    "finess": read_finess,
    "uai": read_uai,
    "start_time": read_time,
    "end_time": read_time,
}
CHOICES: dict[str, Collection[Any]] = {
    "publics": PUBLICS, "languages": LANGUAGES, "reception_modes": RECEPTION_MODES,
    "purpose": RELATION_PURPOSES, "direction": DIRECTIONS, "intensity": INTENSITIES, "form": ACTION_FORMS,
    "recurrence": RECURRENCES, "position_precision": {"", *POSITION_PRECISIONS},
    "capacity_unit": CAPACITY_UNITS,
}  # fmt: skip
REQUIRED = {
    "structures": ("name", "types"), "quartiers": ("name",), "contacts": ("name",), "actions": ("title",),
    "permanences": ("type_code",), "besoins": ("quartier_id", "theme"),
}  # fmt: skip


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored: text trimmed, numbers and addresses in their usual form.

    What cannot be read stays as it is, for `check_row` to blame.
    """
    return {
        name: _tidy(name, value.strip()) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _tidy(name: str, text: str) -> str:
    if name not in SEVERAL_LINES:
        text = " ".join(text.split())
    if not text or name not in READERS:
        return text
    try:
        return READERS[name](text)
    except CellError:
        return text


def check_row(kind: str, row: Mapping[str, Any], given: set[str], typology: Typology) -> list[str]:
    """Problems of a row, in French; only the fields `given` are blamed, with the whole row in sight."""
    problems = [
        f"{field_label(name)} : à remplir."
        for name in REQUIRED.get(kind, ())
        if (name in given or kind not in {"structures"}) and not row.get(name)
    ]
    for name in sorted(given):
        problems += _check_field(kind, name, row[name], typology)
    if {"lon", "lat"} & given:
        problems += _check_position(row)
    return problems + _check_dates(kind, row) + _check_ties(kind, row) + _check_count(kind, row)


def _check_field(kind: str, name: str, value: Any, typology: Typology) -> list[str]:
    if isinstance(value, str) and (problem := text_problem(name, value)):
        return [problem]
    if value in ("", None, (), []):
        return []
    if name in READERS:
        return _problem(name, lambda: READERS[name](value))
    if name == "opening_hours" and not is_valid(value):
        return ["Horaires : l'écriture n'a pas été comprise."]
    if name == "population" and not 0 <= value <= 1_000_000:
        return ["Nombre d'habitants : entre 0 et 1 000 000."]
    if name == "capacity" and not 0 < value <= MAX_CAPACITY:
        return ["Capacité : un nombre de plus de 0 à 100\u202f000."]
    if name == "review_days" and not 1 <= value <= 3650:
        return ["À revoir tous les (jours) : entre 1 et 3 650."]
    wanted = {*_choices(kind, name, typology)}
    chosen = value if isinstance(value, list | tuple) else [value]
    unknown = [str(item) for item in chosen if wanted and item not in wanted]
    return [f"{field_label(name)} : valeur inconnue ({', '.join(unknown)})."] if unknown else []


def text_problem(name: str, value: str) -> str:
    """What is wrong of a text that a person typed in a field, empty when nothing is."""
    limit = LIMITS.get(name, MAX_TEXT)
    if len(value) > limit:
        return f"{field_label(name)} : texte trop long ({limit} caractères au plus)."
    if has_nir(value):
        return (
            f"{field_label(name)} : ce texte contient ce qui ressemble à un numéro de sécurité sociale. "
            "Réseau ne garde aucune donnée de patient : retirez-le."
        )
    return ""


def _choices(kind: str, name: str, typology: Typology) -> Collection[Any]:
    if name == "status":
        return list(RelationStatus) if kind == "relations" else list(ActionStatus)
    if name == "kind" and kind == "journal":
        return JOURNAL_KINDS
    if name == "theme" and kind == "besoins":
        return THEMES
    if name in {"types", "type_code"}:
        return list(typology.types)
    return CHOICES.get(name, ())


def _problem(name: str, read: Callable[[], object]) -> list[str]:
    try:
        read()
    except CellError as error:
        return [f"{field_label(name)} : {error}"]
    return []


def _check_position(row: Mapping[str, Any]) -> list[str]:
    lat, lon = row.get("lat"), row.get("lon")
    if lat is None and lon is None:
        return []
    if lat is None or lon is None:
        return [f"Position : {MISSING_ONE}"]
    return _problem("position", lambda: read_position(str(lat), str(lon)))


def _check_dates(kind: str, row: Mapping[str, Any]) -> list[str]:
    pairs = {
        "actions": ("starts_on", "ends_on"),
        "permanences": ("started_on", "ended_on"),
        "relations": ("started_on", "renewal_on"),
    }
    if kind not in pairs:
        return []
    start, end = (row.get(name) for name in pairs[kind])
    problems = []
    if isinstance(start, date) and isinstance(end, date) and end < start:
        problems.append("Dates : la fin est avant le début.")
    if kind == "actions":
        first, last = row.get("start_time") or "", row.get("end_time") or ""
        if first and last and last <= first:
            problems.append("Heures : la fin est avant le début.")
    return problems


def _check_ties(kind: str, row: Mapping[str, Any]) -> list[str]:
    if kind == "structures" and bool(row.get("capacity")) != bool(row.get("capacity_unit")):
        return ["Capacité : donnez le nombre et son unité, ou laissez les deux vides."]
    if kind == "relations" and row.get("from_id") == row.get("to_id"):
        return ["Une structure ne peut pas être en relation avec elle-même."]
    if kind == "permanences" and not (row.get("host_id") or row.get("place") or row.get("lon")):
        return ["Lieu : choisissez la structure qui accueille, ou écrivez le lieu."]
    if kind == "actions":
        counts = row.get("counts") or {}
        if any(value is not None and (not isinstance(value, int) or value < 0) for value in counts.values()):
            return ["Bilan : les nombres sont des entiers positifs (laissez vide ce que vous ne savez pas)."]
    return []


def _check_count(kind: str, row: Mapping[str, Any]) -> list[str]:
    """A count is given, zero included: nobody asked is not the same as nobody knows."""
    if kind != "besoins":
        return []
    count = row.get("count")
    if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MAX_COUNT:
        return []
    return [
        f"Nombre : un nombre entier, de 0 à {MAX_COUNT:,}".replace(",", "\u202f")
        + " (zéro si personne ne l'a demandé)."
    ]
