"""Which places a screen shows, in which needs, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reseau.model.typology import normalise
from reseau.model.vocabulary import OUTGOING_MODES
from reseau.screens._frames import Ground, rows_of
from reseau.screens.content import Place, Texts
from reseau.screens.needs import Need, asked_needs
from reseau.screens.phones import public_phone, public_text, public_website
from reseau.screens.qr import qr_path, web_address
from reseau.screens.sensitive import PLACES, mode_of
from reseau.screens.texts import FRENCH, Language, type_texts

ON_SITE = "sur_place"
MAX_NUMBERED = 24
FIRST_PLACES = 6
"""Places of a need whose website gets a QR code: those of its first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that is shown.

    Attributes:
        needs: keys, in the order of the screen.
        types: those that answer these needs first.
        metres: walked from the screen, NaN for a service that comes to people.
        x: metres in the CRS, NaN as `metres`.
        y: see `x`.
        near: within the walk the screen asks.
    """

    id: int
    row: Any
    needs: tuple[str, ...]
    types: tuple[str, ...]
    metres: float
    x: float
    y: float
    near: bool


def chosen_spots(ground: Ground) -> list[Spot]:
    """Places shown: those of a need in reach, nearest first, then those that come to people.

    A need without any has its nearest one, however far.
    """
    asked = [need for need in asked_needs(ground.screen) if mode_of(need, ground.screen) == PLACES]
    known = [spot for row in rows_of(ground.structures) if (spot := _spot(row, ground, asked))]
    kept = {spot.id for spot in known if spot.near or np.isnan(spot.metres)}
    for need in asked:
        of_need = [spot for spot in known if need.key in spot.needs]
        if of_need and not any(spot.id in kept for spot in of_need):
            kept.add(min(of_need, key=_order).id)
    return sorted((spot for spot in known if spot.id in kept), key=_order)


def _order(spot: Spot) -> tuple[bool, float, int]:
    comes = bool(np.isnan(spot.metres))
    return comes, 0.0 if comes else spot.metres, spot.id


def _spot(row: Any, ground: Ground, asked: Sequence[Need]) -> Spot | None:
    said = ground.of(row.Index).needs
    mine = set(row.types)
    needs = [
        need for need in asked if (need.key in said if said is not None else mine.intersection(need.types))
    ]
    if not needs:
        return None
    on_site = ON_SITE in row.reception_modes or not OUTGOING_MODES.intersection(row.reception_modes)
    metres = float(row.metres) if on_site else np.nan
    near = bool(metres <= ground.reach_m + 1e-6)
    if not near and _comes(row, ground.codes):
        metres = np.nan
    elif np.isnan(metres):
        return None
    answering = {code for need in needs for code in need.types}
    placed = not np.isnan(metres)
    return Spot(
        id=int(row.Index),
        row=row,
        needs=tuple(need.key for need in needs),
        types=tuple(sorted(dict.fromkeys(row.types), key=lambda code: code not in answering)),
        metres=metres,
        x=float(row.x) if placed else np.nan,
        y=float(row.y) if placed else np.nan,
        near=near,
    )


def _comes(row: Any, codes: Iterable[str]) -> bool:
    return bool(OUTGOING_MODES.intersection(row.reception_modes)) and not set(codes).isdisjoint(
        row.served_quartiers
    )


def numbered_spots(spots: Sequence[Spot], needs: Sequence[Need]) -> list[Spot]:
    """At most `MAX_NUMBERED` spots that can be on the map, nearest first.

    The nearest of each need, then the second of each…: a street full of doctors leaves room for the rest.
    """
    placed = [spot for spot in spots if not np.isnan(spot.x)]
    queues = [[spot for spot in placed if need.key in spot.needs] for need in needs]
    chosen: dict[int, Spot] = {}
    for rank in range(max(map(len, queues), default=0)):
        for spot in sorted((queue[rank] for queue in queues if rank < len(queue)), key=_order):
            if len(chosen) < MAX_NUMBERED:
                chosen.setdefault(spot.id, spot)
    return sorted(chosen.values(), key=_order)


def with_codes(spots: Sequence[Spot], numbered: Sequence[Spot], needs: Sequence[Need]) -> set[int]:
    """Ids of the places whose website is given as a QR code."""
    first = [spot.id for need in needs for spot in [s for s in spots if need.key in s.needs][:FIRST_PLACES]]
    return {*first, *(spot.id for spot in numbered)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What other parts know of a place."""

    number: int | None
    xy: tuple[float, float] | None
    calendar: int | None
    week: list[list[tuple[int, int]]] | None
    code: bool


def place_part(spot: Spot, ground: Ground, languages: Sequence[Language], extras: Extras) -> Place:
    """A place as the document says it."""
    row, said = spot.row, ground.of(spot.id)
    name = public_text(row.name, mobiles=said.show_mobile)
    website = web_address(public_website(row.website, mobiles=said.show_mobile))
    path, size = qr_path(website) if extras.code else ("", 0)
    return Place(
        id=spot.id,
        number=extras.number,
        name=name,
        role={} if name else _role(spot.types, languages),
        text=_texts(spot, ground, languages),
        needs=list(spot.needs),
        address="" if np.isnan(spot.metres) else address_of(row, ground.communes),
        phone=public_phone(row.phone, mobiles=said.show_mobile),
        website=website,
        qr=path,
        qr_size=size,
        minutes=ground.minutes(spot.metres),
        xy=extras.xy,
        calendar=extras.calendar,
        week=extras.week,
        free=flag(row.free),
        no_appointment=flag(row.no_appointment),
        accessible=flag(row.accessible),
        languages=[plain for code in row.languages if (plain := public_text(code))],
    )


def _texts(spot: Spot, ground: Ground, languages: Sequence[Language]) -> Texts:
    said = ground.of(spot.id)
    wanted = dict.fromkeys([FRENCH, *(language.code for language in languages)])
    team = {
        code: text
        for code in wanted
        if (text := public_text(said.texts.get(code, ""), mobiles=said.show_mobile))
    }
    # Once the team has said it in French, a ready-made sentence in another language could contradict it.
    return team if FRENCH in team else type_texts(spot.types, languages) | team


def _role(types: Sequence[str], languages: Sequence[Language]) -> Texts:
    """The trade of a practice that bears a person's name, where a type is one; French and where known."""
    code = next((code for code in types if code in languages[0].texts["metiers"]), "")
    known = [language for language in languages if code and not language.lacks("metiers", code)]
    return {language.code: language.text("metiers", code) for language in known}


def address_of(row: Any, communes: frozenset[str]) -> str:
    """Number and street; with the commune where it is not that of the quartiers."""
    street, commune = public_text(row.address), public_text(row.commune)
    known = street and normalise(commune) in communes
    return ", ".join(filter(None, (street, "" if known else commune)))


def flag(value: Any) -> bool | None:
    """A yes or a no; None when it is not known."""
    return None if value is None or bool(pd.isna(value)) else bool(value)
