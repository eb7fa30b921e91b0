"""What a bundle says: the one document that the builder writes and that the player and the sheets read.

It is plain JSON. Everything in it is public; texts are text, never markup. Times are minutes after local
midnight at the place (`zone`), 0 to 1440 (a span over midnight is cut there); days are ISO local dates.
`Texts` are texts by language code; a reader takes its language, else `fr`, and then says that it is French.
Lists of places are nearest first.
"""

from __future__ import annotations

from typing import TypedDict

SCHEMA = 1
"""Goes up when an older player could not read the document any more."""

CALENDAR_DAYS = 38
"""Days of opening hours carried: the 30 days a bundle is believed, and the week after."""

VALID_DAYS = 30
"""Days without refresh after which what may be wrong (hours, dates) is hidden."""

Texts = dict[str, str]
Span = tuple[int, int]


class Colours(TypedDict):
    """Colours `#rrggbb`; every ink has a contrast of at least 7:1 on what it is written on."""

    background: str
    ink: str
    accent: str
    on_accent: str


class ScreenPart(TypedDict):
    """How to show. `lit`: spans of the day when the screen is lit, empty for always.

    `key` names the screen for its server; `address`: where a newer bundle is looked for, ending with `/`,
    empty for nowhere. `link`: address shown as a QR code, `link_qr` its path, `link_qr_size`
    modules a side (quiet zone counted). `logo`: a `data:` PNG or empty.
    """

    key: str
    name: str
    quartier: str
    address: str
    link: str
    link_qr: str
    link_qr_size: int
    logo: str
    colours: Colours
    language_order: str
    min_seconds: int
    pace: float
    touch: bool
    lit: list[Span]
    fictional: bool


class LanguagePart(TypedDict):
    """One language of the screen. `font`: families, as in `fonts.css`. `reviewed`: by a native reader.

    `interface`, `needs`, `numbers`, `reasons`: texts by key (see `reseau/screens/textes/fr.toml`), whole:
    what the language lacks is in French, and its key is then in `missing`.
    """

    code: str
    name: str
    dir: str
    font: str
    reviewed: bool
    interface: dict[str, str]
    needs: dict[str, str]
    numbers: dict[str, str]
    reasons: dict[str, str]
    days: list[str]
    months: list[str]
    missing: list[str]


class Place(TypedDict):
    """One place. `number`: on the map and the sheets, None where it has none (not placed, or comes to you).

    `name` may be empty (a professional's own name is never shown): `role` then says the trade, in a word, or
    where that is empty too, `text` stands for both.
    `text`: one short sentence. `minutes`: on foot from the screen, None unknown. `xy`: on the map.
    `calendar`: index in `calendars`, None where hours are unknown. `week`: usual hours, Monday first, None
    unknown. `free`, `no_appointment`, `accessible`: None unknown. `languages`: ISO codes spoken there.
    `phone`: as it is dialled, with spaces. `qr`: SVG path of its website's code, `qr_size` modules a side
    (quiet zone counted). `minutes` is None for what comes to people or answers by phone.
    """

    id: int
    number: int | None
    name: str
    role: Texts
    text: Texts
    needs: list[str]
    address: str
    phone: str
    website: str
    qr: str
    qr_size: int
    minutes: int | None
    xy: tuple[float, float] | None
    calendar: int | None
    week: list[list[Span]] | None
    free: bool | None
    no_appointment: bool | None
    accessible: bool | None
    languages: list[str]


class Calendar(TypedDict):
    """Openings by day (a day missing from `days` is closed); `unsure`: days when nobody knows."""

    days: dict[str, list[Span]]
    unsure: list[str]


class When(TypedDict):
    """When a slide is shown: `days` 0 (Monday) to 6, `span` minutes."""

    days: list[int]
    span: Span


class Slide(TypedDict):
    """One slide; the player cuts it into pages that fit.

    `kind`: `open` (what opens today, from `places` and the calendars), `need` (`need`, `places`, and
    `numbers` worth knowing), `safe` (a sensitive `need`: `numbers` only), `map` (`places` numbered),
    `permanences`, `actions`, `messages`, `ideas`. `when`: empty for always. `places`: ids.
    """

    id: str
    kind: str
    need: str
    places: list[int]
    numbers: list[str]
    when: list[When]


class MapPart(TypedDict):
    """The plan, in its own units: `areas` and `streets` are SVG paths; `here`: «vous êtes ici», or None.

    `metres`: metres of one unit. North is up. `corners`: longitude and latitude of A top-left, B top-right
    and C bottom-left; the point (x, y) is at `A + x/width × (B − A) + y/height × (C − A)`.
    """

    width: float
    height: float
    metres: float
    areas: list[str]
    streets: list[str]
    here: tuple[float, float] | None
    corners: list[tuple[float, float]]
    credit: str


class PermanenceDay(TypedDict):
    """A permanence on a day. `text`: what for. `place`: where, in words. `place_id`: its place, or None."""

    day: str
    spans: list[Span]
    text: Texts
    place: str
    place_id: int | None
    minutes: int | None
    no_appointment: bool | None
    free: bool | None


class ActionDay(TypedDict):
    """An action or workshop. `title` is the team's, in French.

    `span`: None when its hours are unknown, (start, start) when only its end is.
    """

    day: str
    span: Span | None
    title: str
    place: str
    languages: list[str]


class MessagePart(TypedDict):
    """A message; `starts`, `ends`: local `YYYY-MM-DDTHH:MM`, empty for no bound."""

    id: int
    emergency: bool
    text: Texts
    starts: str
    ends: str


class NumberPart(TypedDict):
    """A national number: `dial` as it is shown, `always`: day and night. Its words are in `numbers`."""

    dial: str
    always: bool
    free: bool


class IdeasPart(TypedDict):
    """What residents said, moderated: `counts` by need, those of at least five only."""

    needs: list[str]
    counts: dict[str, int]
    since: str


class Content(TypedDict):
    """The whole document. `version`: fingerprint of all but `version` and `made_at` (UTC, `…Z`)."""

    schema: int
    version: str
    made_at: str
    zone: str
    valid_days: int
    screen: ScreenPart
    languages: list[LanguagePart]
    slides: list[Slide]
    places: list[Place]
    calendars: list[Calendar]
    map: MapPart | None
    permanences: list[PermanenceDay]
    actions: list[ActionDay]
    messages: list[MessagePart]
    numbers: dict[str, NumberPart]
    ideas: IdeasPart
    pictograms: dict[str, list[str]]
    sources: list[str]
