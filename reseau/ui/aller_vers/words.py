"""Actions in words: status, when, where, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.model.vocabulary import ACTION_STATUS_LABELS, RECURRENCES, ActionStatus
from reseau.plan.occurrences import LAST_RANK, MONTHLY, last_day, next_day, weekday_rank
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.services.view import View

Row = Mapping[Any, Any]
STATUS_SIGNS = {
    ActionStatus.IDEE: "○",
    ActionStatus.PREVUE: "◇",
    ActionStatus.CONFIRMEE: "◆",
    ActionStatus.REALISEE: "✓",
    ActionStatus.ANNULEE: "✕",
}
COUNT_ONE = {
    "personnes_rencontrees": ("personne rencontrée", "personnes rencontrées"),
    "premiers_contacts": ("première rencontre", "premières rencontres"),
    "orientations": ("orientation proposée", "orientations proposées"),
    "rendez_vous_pris": ("rendez-vous pris", "rendez-vous pris"),
    "relais_aboutis": ("orientation qui a abouti", "orientations qui ont abouti"),
}
TEAM_ONLY = "réservé à l'équipe, jamais publié"


def status_words(status: str) -> str:
    """«◆ confirmée»."""
    known = ActionStatus(status)
    return f"{STATUS_SIGNS[known]} {ACTION_STATUS_LABELS[known]}"


def long_day(value: date) -> str:
    """«mardi 8 décembre 2026»."""
    return f"{wording.DAYS[value.weekday()]} {wording.day(value)}"


def when_words(row: Row, *, on: date) -> str:
    """Day, hours and recurrence of an action in words."""
    first = row["starts_on"]
    if not isinstance(first, date):
        return "date à choisir"
    hours = _hours(row)
    if not row["recurrence"]:
        return f"{long_day(first)}{hours}"
    following = next_day(row, on)
    end = last_day(row)
    tail = f", jusqu'au {wording.day(end)}" if row["ends_on"] and end else ", sans date de fin"
    said = f"{recurrence_words(row)}{hours}, depuis le {wording.day(first)}{tail}"
    return f"{said} ; prochaine fois : {long_day(following)}" if following else f"{said} ; terminée"


def recurrence_words(row: Row) -> str:
    """«toutes les semaines, le jeudi», «tous les mois, le 2e mardi»."""
    first = row["starts_on"]
    day = wording.DAYS[first.weekday()]
    if row["recurrence"] != MONTHLY:
        return f"{RECURRENCES[row['recurrence']]}, le {day}"
    rank = weekday_rank(first)
    which = "dernier" if rank == LAST_RANK else "1er" if rank == 1 else f"{rank}e"
    return f"tous les mois, le {which} {day}"


def _hours(row: Row) -> str:
    start, end = row["start_time"], row["end_time"]
    if start and end:
        return f", de {start} à {end}"
    return f", à {start}" if start else ""


def where_words(row: Row) -> str:
    """Host and place, as plain text; empty when neither is known."""
    return ", ".join(filter(None, (row["host_name"], row["place"])))


def quartier_names(view: View, codes: Iterable[str]) -> list[str]:
    """Names of quartiers by code; a code that is not known shows as it is."""
    names = dict(zip(view.quartiers["code"], view.quartiers["name"], strict=True))
    return [names.get(code, code) for code in codes]


def short(text: str, limit: int = 60) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
