"""Building what a bundle says: frames of a territory and choices of a team in, one public document out."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from reseau.errors import RefusedInput
from reseau.model.screens import ScreenMessage
from reseau.screens._calendars import Calendars, usual_week
from reseau.screens._frames import Ground, prepare
from reseau.screens._inputs import ScreenInputs
from reseau.screens._map import Frame, map_part, positions
from reseau.screens._permanences import action_days, permanence_days
from reseau.screens._places import (
    Extras,
    Spot,
    chosen_spots,
    numbered_spots,
    place_part,
    with_codes,
)
from reseau.screens._slides import Shown, ideas_part, slides_of
from reseau.screens._times import lit_spans
from reseau.screens.colours import inks
from reseau.screens.content import (
    SCHEMA,
    VALID_DAYS,
    Content,
    LanguagePart,
    MapPart,
    MessagePart,
    NumberPart,
    Place,
    ScreenPart,
)
from reseau.screens.needs import asked_needs, load_numbers
from reseau.screens.phones import plain
from reseau.screens.pictograms import load_pictograms
from reseau.screens.qr import qr_path, web_address
from reseau.screens.sensitive import NOTHING, mode_of
from reseau.screens.texts import FRENCH, Language, load_language

__all__ = ["ScreenInputs", "build_content", "fingerprint"]

_LATIN = '"Reseau latin"'
FAMILIES = {
    "latin": _LATIN,
    "cyrillique": _LATIN,
    "arabe": f'"Reseau arabe", {_LATIN}',
    "tamoul": f'"Reseau tamoul", {_LATIN}',
    "bengali": f'"Reseau bengali", {_LATIN}',
}
_PNG = b"\x89PNG\r\n\x1a\n"


def build_content(inputs: ScreenInputs) -> Content:
    """The document of a screen (see `reseau.screens.content`).

    The same inputs on the same day give the same `version`, whatever the order of the rows.

    Raises:
        RefusedInput: no quartier of the screen is in the territory, a colour that nothing can be read on, a
            time or a language that does not exist, a logo that is not a PNG.
    """
    ground = prepare(inputs)
    languages = [load_language(code) for code in dict.fromkeys(inputs.screen.languages or (FRENCH,))]
    readable = (
        languages if FRENCH in {item.code for item in languages} else [load_language(FRENCH), *languages]
    )
    calendars = Calendars(ground.first)
    places, plan = _places(ground, inputs, readable, calendars)
    permanences = permanence_days(ground, readable, {place["id"] for place in places})
    actions = action_days(ground)
    messages = list(_messages(inputs, [item.code for item in languages]))
    since = inputs.ideas_since.isoformat() if inputs.ideas_since else ""
    ideas = ideas_part(inputs.screen, inputs.ideas, since)
    shown = Shown(
        places=places,
        open_ids=_open_ids(places, inputs.screen.walk_minutes),
        has_permanences=bool(permanences),
        has_actions=bool(actions),
        messages=messages,
        ideas=ideas,
    )
    content = Content(
        schema=SCHEMA,
        version="",
        made_at=_utc(inputs.made_at),
        zone=inputs.zone,
        valid_days=VALID_DAYS,
        screen=_screen_part(inputs, ground),
        languages=[_language_part(item, inputs) for item in languages],
        slides=slides_of(inputs.screen, shown),
        places=places,
        calendars=calendars.parts,
        map=plan,
        permanences=permanences,
        actions=actions,
        messages=messages,
        numbers={key: NumberPart(**item) for key, item in load_numbers().items()},
        ideas=ideas,
        pictograms=_pictograms(inputs),
        sources=sorted({text for source in inputs.sources if (text := plain(source))}),
    )
    content["version"] = fingerprint(content)
    return content


def fingerprint(content: Content) -> str:
    """16 hexadecimal digits of all the document but `version` and `made_at`."""
    told = {key: value for key, value in content.items() if key not in {"version", "made_at"}}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _places(
    ground: Ground, inputs: ScreenInputs, languages: Sequence[Language], calendars: Calendars
) -> tuple[list[Place], MapPart | None]:
    spots, needs = chosen_spots(ground), asked_needs(ground.screen)
    numbered = numbered_spots([spot for spot in spots if spot.near], needs)
    frame = Frame(ground, numbered)
    marks = positions(ground, frame, spots, numbered)
    number = {spot.id: rank for rank, spot in enumerate(numbered, start=1)}
    coded = with_codes(spots, numbered, needs)

    def part(spot: Spot) -> Place:
        extras = Extras(
            number=number.get(spot.id),
            xy=marks.get(spot.id),
            calendar=calendars.index(spot.row.opening_hours),
            week=usual_week(spot.row.opening_hours),
            code=spot.id in coded,
        )
        return place_part(spot, ground, languages, extras)

    return [part(spot) for spot in spots], map_part(ground, frame, inputs.streets, inputs.epsg)


def _open_ids(places: Sequence[Place], walk_minutes: int) -> list[int]:
    return [
        place["id"]
        for place in places
        if place["calendar"] is not None and place["minutes"] is not None and place["minutes"] <= walk_minutes
    ]


def _screen_part(inputs: ScreenInputs, ground: Ground) -> ScreenPart:
    screen = inputs.screen
    link = web_address(screen.link, local=True)
    path, size = qr_path(link)
    address = web_address(screen.address, local=True).rstrip("/")
    return ScreenPart(
        key=inputs.screen_key,
        name=plain(screen.name),
        quartier=plain(ground.names[0]),
        address=f"{address}/ecran/{inputs.screen_key}/" if address and inputs.screen_key else "",
        link=link,
        link_qr=path,
        link_qr_size=size,
        logo=_logo(inputs.logo),
        colours=inks(screen.background, screen.accent),
        language_order=screen.language_order,
        min_seconds=screen.min_seconds,
        pace=screen.pace,
        touch=screen.touch,
        lit=lit_spans(screen.on_from, screen.on_until),
        fictional=inputs.fictional,
    )


def _logo(png: bytes | None) -> str:
    if not png:
        return ""
    if not png.startswith(_PNG):
        raise RefusedInput("Logo de l'écran : ce n'est pas une image PNG. Choisissez-en une autre.")
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _language_part(language: Language, inputs: ScreenInputs) -> LanguagePart:
    shown = [need.key for need in asked_needs(inputs.screen) if mode_of(need, inputs.screen) != NOTHING]
    return LanguagePart(
        code=language.code,
        name=language.name,
        dir=language.dir,
        font=FAMILIES[language.script],
        reviewed=language.reviewed,
        interface=dict(language.texts["interface"]),
        needs={key: language.text("besoins", key) for key in shown},
        numbers=dict(language.texts["numeros"]),
        reasons=dict(language.texts["avis"]),
        days=list(language.days),
        months=list(language.months),
        missing=list(language.missing),
    )


def _messages(inputs: ScreenInputs, codes: Sequence[str]) -> Iterator[MessagePart]:
    for key, message in sorted(inputs.messages, key=lambda item: item[0]):
        if message.ends_at is not None and message.ends_at <= inputs.now:
            continue
        if text := _message_text(message, codes):
            yield MessagePart(
                id=key,
                emergency=message.emergency,
                text=text,
                starts=_bound(message.starts_at),
                ends=_bound(message.ends_at),
            )


def _message_text(message: ScreenMessage, codes: Sequence[str]) -> dict[str, str]:
    """Texts in the languages of the screen and French; without French, what was written stands there."""
    written = {code: text for code, raw in message.texts.items() if (text := plain(raw, lines=True))}
    if not written:
        return {}
    kept = {code: text for code, text in written.items() if code in {FRENCH, *codes}}
    first = next((code for code in [*codes, *sorted(written)] if code in written), FRENCH)
    return {FRENCH: written[first], **kept}


def _bound(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M")


def _utc(at: datetime) -> str:
    known = at.astimezone(UTC) if at.tzinfo else at
    return known.strftime("%Y-%m-%dT%H:%M:%SZ")


def _pictograms(inputs: ScreenInputs) -> dict[str, list[str]]:
    return {key: list(paths) for key, paths in sorted(load_pictograms().items())}
