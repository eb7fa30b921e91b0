"""Gaps in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from reseau.geo.inhabitants import EVENLY
from reseau.geo.travel import Travel
from reseau.model import french as fr
from reseau.model.records import Territoire
from reseau.model.typology import PartnerType
from reseau.model.vocabulary import State

Row: TypeAlias = "Mapping[str, Any] | pd.Series[Any]"
Cells: TypeAlias = dict[str, Any]


def gap_sentence(
    row: Row, *, quartier: Row, partner_type: PartnerType, settings: Territoire, walked: bool = False
) -> str:
    """One (quartier, type) in a French sentence, as plain text (names are not escaped).

    «À Beauval, 3 200 habitants : aucun CMP à moins de 30 min à pied ; le plus proche, CMP Les Tilleuls, est à
    2,9 km (≈ 50 min).»

    Args:
        row: row of a GAPS frame.
        quartier: `name`, `population` and, where it may be one, whether the number is `estimated`.
        partner_type: the type of the row.
        settings: the territory's; its `near_share` is quoted where a part of the inhabitants is reached.
        walked: lengths are those of a path, not of a straight line (`Travel.is_straight` is False).
    """
    noun = fr.noun_of(partner_type)
    cells = {str(name): cell for name, cell in row.items()} | {"walked": walked}
    said = {
        State.COUVERT: _covered,
        State.A_RELIER: _to_connect,
        State.ELOIGNE: _far,
        State.ABSENT: _absent,
        State.NON_RENSEIGNE: _unknown,
    }[State(cells["state"])](cells, noun, settings)
    population = quartier["population"]
    known = None if _missing(population) else int(population)
    people = fr.inhabitants(known, estimated=bool(quartier.get("estimated", False)))
    return f"{fr.at_quartier(str(quartier['name']))}, {people}{fr.NBSP}: {said}."


def basis_sentence(settings: Territoire, travel: Travel, people: pd.DataFrame) -> str:
    """How the figures are made, in French: to be shown wherever they are.

    «Ligne droite × 1,3 à 4,5 km/h ; habitants : carreaux de 200 m (INSEE, 2019) pour 3 quartiers, répartis
    également pour 9 ; proche = au moins 50 % des habitants à 15 min à pied (proximité) ou…»

    Args:
        settings: the territory's.
        travel: how walks are measured.
        people: `Inhabitants.quartiers` (`spread`, `estimated`).
    """
    return (
        f"{travel.label[:1].upper()}{travel.label[1:]} à {fr.decimal(settings.walking_kmh)}{fr.NBSP}km/h"
        f"{fr.THIN}; {_people(people)}{fr.THIN}; "
        f"proche{fr.NBSP}= au moins {fr.percent(settings.near_share)} des habitants à "
        f"{settings.minutes_proximite}{fr.NBSP}min à pied (proximité) ou "
        f"{settings.minutes_intermediaire}{fr.NBSP}min (intermédiaire), ou un lieu dans les communes du "
        "territoire."
    )


def _people(people: pd.DataFrame) -> str:
    """How inhabitants are spread, by number of quartiers, and for how many their number is an estimate."""
    counts = people["spread"].value_counts(sort=False)
    # Two ways as frequent are always told in the same order.
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    if len(counts) < 2:
        told = str(next(iter(counts.index), EVENLY))
        text = f"habitants{'' if told == EVENLY else f'{fr.NBSP}:'} {told}"
    else:
        parts = [f"{spread} pour {fr.number(int(n))}" for spread, n in counts.items()]
        parts[0] += f"{fr.NBSP}quartier{'s' if counts.iloc[0] > 1 else ''}"
        text = f"habitants{fr.NBSP}: {', '.join(parts)}"
    estimated = int(people["estimated"].sum())
    if not estimated:
        return text
    return f"{text}{fr.THIN}; nombre d'habitants estimé pour {fr.number(estimated)}"


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))


def _within(row: Cells) -> str:
    threshold = row["threshold_minutes"]
    if _missing(threshold):
        return "dans les communes du territoire"
    return f"à moins de {round(threshold)}{fr.NBSP}min à pied"


def _nearest(row: Cells, noun: fr.Noun) -> str:
    if not row["nearest_name"] or _missing(row["metres_nearest"]):
        return ""
    on_foot = " à pied" if row["walked"] else ""
    length = f"{fr.distance(row['metres_nearest'])}{on_foot}"
    text = f"{fr.THIN}; {noun.nearest}, {row['nearest_name']}, est à {length}"
    if _missing(row["threshold_minutes"]):
        return text
    walk = fr.duration(row["minutes_nearest"])
    return f"{text} ({walk})" if walk.startswith("moins") else f"{text} (≈{fr.NBSP}{walk})"


def _reached(row: Cells, noun: fr.Noun) -> str:
    """«un CMP à moins de 30 min à pied pour 80 % des habitants»."""
    whole = row["share"] >= 1 or _missing(row["threshold_minutes"])
    part = "" if whole else f" pour {fr.percent(row['share'])} des habitants"
    places = f" ({fr.number(int(row['n_near']))}{fr.NBSP}lieux)" if row["n_near"] > 1 else ""
    return f"{noun.one} {_within(row)}{part}{places}"


def _covered(row: Cells, noun: fr.Noun, _settings: Territoire) -> str:
    return f"{_reached(row, noun)}, avec une relation active{_nearest(row, noun)}"


def _to_connect(row: Cells, noun: fr.Noun, _settings: Territoire) -> str:
    return f"{_reached(row, noun)}, mais aucune relation active{_nearest(row, noun)}"


def _far(row: Cells, noun: fr.Noun, settings: Territoire) -> str:
    if row["share"] > 0:
        asked = fr.percent(settings.near_share)
        said = (
            f"{noun.one} {_within(row)} pour {fr.percent(row['share'])} des habitants, moins que les {asked}"
        )
        return f"{said} demandés{_nearest(row, noun)}"
    if nearest := _nearest(row, noun):
        return f"{noun.none} {_within(row)}{nearest}"
    return f"{noun.none} {_within(row)}{fr.THIN}; ce qui est connu dessert d'autres lieux"


def _absent(row: Cells, noun: fr.Noun, _settings: Territoire) -> str:
    return f"{noun.none} connu{'e' if noun.feminine else ''}{fr.THIN}; {row['reason']}"


def _unknown(row: Cells, noun: fr.Noun, _settings: Territoire) -> str:
    return f"rien ne permet de dire s'il y a {noun.one} {_within(row)}{fr.THIN}; {row['reason']}"
