"""What a team decides of its waiting-room screens: records as they travel in, and their vocabulary.

Times are local wall-clock times of the territory, "HH:MM"; a span whose end is not after its start runs
over midnight. Texts by language are `{code: text}`; French is the one every other language falls back to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

SLIDES = {
    "ouvert": "Ouvert maintenant ou plus tard aujourd'hui",
    "besoins": "Les besoins, un par un",
    "carte": "La carte, avec les lieux numérotés",
    "permanences": "Les permanences de la semaine",
    "actions": "Les actions et ateliers à venir",
    "messages": "Les messages de l'équipe",
    "avis": "L'avis des habitants",
}
"""Kinds of slides, in their usual order. A kind that has nothing to show is passed over."""

SENSITIVE_MODES = {
    "numeros": "Numéros nationaux seulement, sans lieu ni carte",
    "lieux": "Les lieux, comme pour les autres besoins",
    "rien": "Ne rien montrer",
}
"""What a screen does with a sensitive subject; the first one where the team has chosen nothing."""

SUBJECTS = {"violences": "Violences", "addictions": "Addictions", "vih": "VIH et santé sexuelle"}

LANGUAGE_ORDERS = {
    "diapositive": "Chaque diapositive dans chaque langue, l'une après l'autre",
    "tour": "Un tour complet dans une langue, puis dans la suivante",
}

FORMATS = {
    "1080p": (1920, 1080),
    "720p": (1280, 720),
    "4k": (3840, 2160),
    "portrait": (1080, 1920),
}
"""Sizes a screen is previewed and tested at, in pixels."""

PARTICIPATION_STATUSES = {"a_relire": "À relire", "accepte": "Accepté", "refuse": "Refusé"}

REASONS = ("rien", "loin", "horaires", "langue", "cher", "inconnu", "merci")
"""What a resident can say of a need, by touching a picture; the words are in the texts of each language."""

# Residents are counted, not quoted: below this many, a count could point at someone.
SHOWN_FROM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPart:
    """When a slide is shown.

    Attributes:
        slide: key of `SLIDES`, or `besoin:<key>` for one need.
        start: "HH:MM".
        end: "HH:MM".
        days: 0 (Monday) to 6, empty for every day.
    """

    slide: str
    start: str
    end: str
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen of a territory.

    Attributes:
        quartiers: codes of the quartiers it speaks of, first one names it.
        languages: codes, shown in this order; `fr` need not be among them.
        language_order: key of `LANGUAGE_ORDERS`.
        slides: keys of `SLIDES` shown, in this order.
        needs: keys of the needs shown, in this order; empty for all.
        sensitive: mode (key of `SENSITIVE_MODES`) by subject (key of `SUBJECTS`).
        day_parts: slides shown at certain times only.
        on_from: the screen is lit from this time, empty for always.
        on_until: the screen is black from this time.
        min_seconds: the shortest a page stays.
        pace: how much longer than the usual reading time a page stays (1 for the usual time).
        walk_minutes: places farther than this on foot are left out, those that come to people excepted.
        lon: where the screen stands, WGS84 degrees; None for the team's own structure, else the middle of
            the quartier.
        lat: see `lon`.
        background: colour of the page, `#rrggbb`.
        accent: colour of bands and numbers, `#rrggbb`.
        address: where the application answers for this screen's network, without the path (for example
            `http://exemple.fr:8501`), empty for a screen that is never refreshed by network.
        link: address of the page people can open with their phone (QR code), empty for none.
        touch: whether residents can leave a dot or an idea.
    """

    name: str
    quartiers: tuple[str, ...]
    languages: tuple[str, ...] = ("fr",)
    language_order: str = "diapositive"
    slides: tuple[str, ...] = tuple(SLIDES)
    needs: tuple[str, ...] = ()
    sensitive: dict[str, str] = field(default_factory=dict)
    day_parts: tuple[DayPart, ...] = ()
    on_from: str = ""
    on_until: str = ""
    min_seconds: int = 12
    pace: float = 1.0
    walk_minutes: int = 30
    lon: float | None = None
    lat: float | None = None
    background: str = "#ffffff"
    accent: str = "#0b3d6e"
    address: str = ""
    link: str = ""
    touch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenMessage:
    """A message of the team.

    Attributes:
        screen_id: the only screen that shows it, None for all those of the territory.
        emergency: takes the whole screen while it lasts.
        texts: by language.
        starts_at: local, None for at once.
        ends_at: local, None for until it is taken away.
    """

    texts: dict[str, str]
    screen_id: int | None = None
    emergency: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPlace:
    """What the team says of a structure for its screens and sheets.

    Attributes:
        hidden: never shown.
        needs: keys of the needs it answers; None for those of its types.
        show_mobile: its mobile number is a public one and may be shown.
        texts: one short sentence in the present tense, by language; empty for that of its type.
    """

    structure_id: int
    hidden: bool = False
    needs: tuple[str, ...] | None = None
    show_mobile: bool = False
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """What a resident left by touch: never a word of theirs, never who, the day and not the hour.

    Attributes:
        key: made by the device, so that what is sent twice counts once.
        need: key of a need.
        reason: one of `REASONS`.
        lon: of the dot, rounded to about 100 m; None for an idea without a dot.
        lat: see `lon`.
    """

    key: str
    need: str
    reason: str
    lon: float | None = None
    lat: float | None = None
