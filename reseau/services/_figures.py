"""What a view shows, as figures that can be kept and compared (`reseau.gaps.figures`)."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from reseau.gaps import GapInputs, analyse
from reseau.gaps.figures import (
    MINUTE_DIGITS,
    SHARE_DIGITS,
    Area,
    Cell,
    Figures,
    LoadedSource,
    Method,
    rounded,
)
from reseau.geo.grid import population_points
from reseau.geo.inhabitants import EVENLY, NO_BOUNDARY
from reseau.geo.travel import StraightLine, Travel
from reseau.model.indicators import figure_of
from reseau.model.vocabulary import RelationStatus, State
from reseau.services.importing import list_sources

if TYPE_CHECKING:
    import geopandas as gpd

    from reseau.services.view import View

Couple = tuple[int, str]
_EVEN_SPREADS = frozenset({EVENLY, NO_BOUNDARY})


def figures_of(view: View) -> Figures:
    """Everything a view shows, for the types that are expected or known."""
    expected = couples(view.expected_gaps)
    people = view.inhabitants.quartiers
    return Figures(
        on=view.on,
        territoire=view.territoire.name,
        method=method_of(view),
        areas=areas_of(view, view.gaps, view.quartiers, people=people, expected=expected),
        gammes={item.type_code: item.gamme for item in view.type_settings},
        labels={item.code: item.full_label for item in view.typology},
        sources=_sources(view),
        counts={
            "structures": len(view.structures),
            "placed": int(view.structures["placed"].sum()),
            "permanences": len(view.permanences),
            "relations": int((view.relations["status"] == RelationStatus.ACTIF).sum()),
        },
    )


def couples(states: pd.DataFrame) -> frozenset[Couple]:
    """The (quartier_id, type_code) of a GAPS frame."""
    return frozenset(zip(states["quartier_id"].tolist(), states["type_code"].tolist(), strict=True))


def areas_of(
    view: View,
    states: pd.DataFrame,
    quartiers: gpd.GeoDataFrame,
    *,
    people: pd.DataFrame,
    expected: frozenset[Couple],
) -> dict[str, Area]:
    """Areas by code, in the order of `quartiers`, with the cells that are expected or known.

    Args:
        view: where the social indicator is chosen.
        states: GAPS frame, other areas are ignored.
        quartiers: QUARTIERS frame.
        people: `Inhabitants.quartiers` of the same areas.
        expected: couples that are expected.
    """
    cells: dict[Hashable, dict[str, Cell]] = {row_id: {} for row_id in quartiers.index}
    for row in states.to_dict("records"):
        couple = (row["quartier_id"], row["type_code"])
        if row["quartier_id"] in cells and (row["n_points"] > 0 or couple in expected):
            cells[row["quartier_id"]][row["type_code"]] = _cell(row, expected=couple in expected)
    told = people.to_dict("index")
    return {
        row["code"]: Area(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            population=rounded(told[row_id]["population"], 0),
            population_source=told[row_id]["population_source"] or "",
            spread=told[row_id]["spread"],
            poverty=rounded(figure_of(row["indicators"] or {}, view.territoire.social_indicator), 2),
            outline=_outline(row["geometry"]),
            cells=cells[row_id],
        )
        for row_id, row in zip(quartiers.index, quartiers.to_dict("records"), strict=True)
    }


def method_of(view: View) -> Method:
    """Settings of a view."""
    settings, travel = view.territoire, view.travel
    return Method(
        minutes_proximite=float(settings.minutes_proximite),
        minutes_intermediaire=float(settings.minutes_intermediaire),
        near_share=float(settings.near_share),
        walking_kmh=float(settings.walking_kmh),
        detour_factor=float(settings.detour_factor),
        travel=travel.label,
        travel_key=travel.key,
        is_straight=travel.is_straight,
        expectations=view.reference,
        social=settings.social_indicator,
    )


def at_method_of(view: View, then: Figures) -> Figures | None:
    """The figures of today with the settings of another day; None where that way of measuring is lost.

    Lost: a walking network that is no longer the one loaded, or inhabitants that were laid out from a file
    that now says something else.
    """
    travel = _travel_then(view, then.method)
    population = _population_then(view, then)
    if travel is None or population is None:
        return None
    method = then.method
    gammes = [then.gammes.get(code, gamme) for code, gamme in _type_rows(view)]
    inputs: GapInputs = replace(
        view.gap_inputs,
        types=view.types.assign(gamme=gammes),
        settings=replace(
            view.territoire,
            minutes_proximite=int(method.minutes_proximite),
            minutes_intermediaire=int(method.minutes_intermediaire),
            near_share=method.near_share,
            walking_kmh=method.walking_kmh,
            detour_factor=method.detour_factor,
        ),
        travel=travel,
        population=population,
    )
    states = analyse(inputs).states
    areas = areas_of(
        view,
        states,
        view.quartiers,
        people=view.inhabitants.quartiers,
        expected=couples(view.expected_gaps),
    )
    # A boundary drawn again is not a setting: what it gave before cannot be had again.
    same = {code: area for code, area in areas.items() if _same_outline(then, area)}
    return replace(figures_of(view), areas=same, method=method)


def _same_outline(then: Figures, area: Area) -> bool:
    return area.code in then.areas and then.areas[area.code].outline == area.outline


def _type_rows(view: View) -> Iterable[tuple[str, str]]:
    return zip(view.types["type_code"], view.types["gamme"], strict=True)


def _travel_then(view: View, method: Method) -> Travel | None:
    if method.is_straight:
        return StraightLine(method.detour_factor)
    for known in (view.travel, view.network):
        if known is not None and known.key == method.travel_key:
            return known
    return None


def _population_then(view: View, then: Figures) -> gpd.GeoDataFrame | None:
    """Inhabitants' points as they were laid out then, for the quartiers of both days."""
    now = dict(zip(view.quartiers["code"], view.inhabitants.quartiers["spread"], strict=True))
    changed = {code for code, area in then.areas.items() if code in now and area.spread != now[code]}
    if not changed:
        return view.inhabitants.points
    if any(then.areas[code].spread not in _EVEN_SPREADS for code in changed):
        return None
    again = view.quartiers[view.quartiers["code"].isin(changed)]
    kept = view.inhabitants.points
    kept = kept[~kept["quartier_id"].isin(again.index)]
    evenly = population_points(again, crs=f"EPSG:{view.epsg}")
    joined: gpd.GeoDataFrame = pd.concat([kept, evenly], ignore_index=True)
    return joined


def _cell(row: Mapping[Hashable, Any], *, expected: bool) -> Cell:
    return Cell(
        state=State(row["state"]),
        share=rounded(row["share"], SHARE_DIGITS),
        minutes=rounded(row["minutes_nearest"], MINUTE_DIGITS),
        threshold=rounded(row["threshold_minutes"], MINUTE_DIGITS),
        points=int(row["n_points"]),
        near=int(row["n_near"]),
        around=int(row["n_500"]),
        inside=int(row["n_inside"]),
        unplaced=int(row["n_unplaced"]),
        fragile=bool(row["fragile"]),
        reliable=bool(row["reliable"]),
        expected=expected,
    )


def _outline(shape: Any) -> str:
    if shape is None:
        return ""
    return hashlib.blake2b(shapely.to_wkb(shape), digest_size=8).hexdigest()


def _sources(view: View) -> tuple[LoadedSource, ...]:
    """Each source that spoke, with the date of its latest data, by title."""
    titles = {spec.id: spec.title for spec in list_sources()}
    latest: dict[str, str] = {}
    for report in view.imports:
        if not report.undone_on:
            latest.setdefault(report.source, report.data_date or report.dated)
    found = [LoadedSource(id=key, title=titles.get(key, key), data_date=day) for key, day in latest.items()]
    return tuple(sorted(found, key=lambda item: item.title))
