"""Hours now, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from reseau.hours import is_open, is_public_holiday, next_change
from reseau.ui import wording

MAX_HOPS = 40


def opening_word(osm: str, at: datetime) -> str:
    """«oui», «non», or «?» when it is not known."""
    return {True: "oui", False: "non", None: "?"}[is_open(osm, at) if osm else None]


def opening_sentence(osm: str, hours_text: str, at: datetime) -> str:
    """«Ouvert, ferme à 17 h 30», «Fermé, ouvre mardi à 9 h», or why it is not known."""
    if not osm:
        return "Horaires à relire (gardés comme texte)" if hours_text else "Horaires non renseignés"
    now = is_open(osm, at)
    if now is None:
        holiday = is_public_holiday(at.date())
        return "Jour férié : horaires à vérifier" if holiday else "Horaires à vérifier"
    change = _next(osm, at, wanted=not now)
    if change is None:
        return "Ouvert en permanence" if now else "Fermé, sans réouverture connue"
    return f"Ouvert, ferme {_when(change, at)}" if now else f"Fermé, ouvre {_when(change, at)}"


def _next(osm: str, at: datetime, *, wanted: bool) -> datetime | None:
    """Next moment known to be open (`wanted`), or no longer open."""
    moment: datetime | None = at
    for _ in range(MAX_HOPS):
        moment = next_change(osm, moment) if moment else None
        if moment is None:
            return None
        state = is_open(osm, moment)
        if state is True if wanted else state is not True:
            return moment
    return None


def _when(moment: datetime, at: datetime) -> str:
    hour = f"à {clock_words(moment)}"
    if moment.date() == at.date():
        return hour
    # Midnight of tonight is the end of today, not a time of tomorrow.
    if moment - datetime.combine(at.date(), datetime.min.time()) == timedelta(days=1):
        return "à minuit"
    days = (moment.date() - at.date()).days
    if days == 1:
        return f"demain {hour}"
    day = wording.DAYS[moment.weekday()] if days < 7 else f"le {wording.day(moment.date())}"
    return f"{day} {hour}"


def clock_words(moment: datetime) -> str:
    """«9 h», «17 h 30»."""
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02d}" if moment.minute else "")
