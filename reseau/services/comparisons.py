"""Comparing: two quartiers, a quartier and its commune, two dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from reseau.errors import NotFound, RefusedInput
from reseau.exports import text_csv
from reseau.gaps import analyse
from reseau.gaps.comparing import (
    DatesRow,
    MethodChange,
    PlacesRow,
    Reached,
    compare_areas,
    compare_dates,
    reached,
)
from reseau.gaps.figures import Area, Figures
from reseau.gaps.method_changes import method_changes, source_changes
from reseau.geo.inhabitants import inhabitants
from reseau.geo.shapes import polygons_only
from reseau.model.communes import current_code, matching_codes
from reseau.model.typology import normalise
from reseau.services import context
from reseau.services._figures import areas_of, at_method_of
from reseau.services.app import App
from reseau.services.snapshots import present_figures, read_snapshot
from reseau.services.view import View, open_view

if TYPE_CHECKING:
    from collections.abc import Hashable

    from shapely.geometry.base import BaseGeometry

COMMUNE_KIND = "commune"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesComparison:
    """Two areas side by side.

    Attributes:
        reached_left, reached_right: what each reaches of what is expected of it.
        notes: what must be known to read the figures, French sentences of plain text.
    """

    left: Area
    right: Area
    rows: tuple[PlacesRow, ...]
    reached_left: Reached
    reached_right: Reached
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesComparison:
    """Two dates side by side.

    Attributes:
        methods: what is not measured alike on both dates; sources: what was not known alike.
        separated: the later figures were computed again with the settings of the earlier date, so that what
            comes from the settings is told apart; None where the method is the same.
    """

    before: Figures
    after: Figures
    rows: tuple[DatesRow, ...]
    methods: tuple[MethodChange, ...]
    sources: tuple[MethodChange, ...]
    separated: bool | None


def compare_quartiers(app: App, territoire_id: int, left: str, right: str) -> PlacesComparison:
    """Two quartiers of a territory, named by their code.

    Raises:
        NotFound: no such quartier. RefusedInput: twice the same.
    """
    if left == right:
        raise RefusedInput("Choisissez deux quartiers différents.")
    view = open_view(app, territoire_id)
    known = present_figures(app, territoire_id).areas
    one, other = _area(known, left), _area(known, right)
    return places_comparison(one, other, view.typology.types)


def places_comparison(left: Area, right: Area, order: Iterable[str]) -> PlacesComparison:
    """Two areas side by side, types in the order given among equals."""
    return PlacesComparison(
        left=left,
        right=right,
        rows=tuple(compare_areas(left, right, list(order))),
        reached_left=reached(left),
        reached_right=reached(right),
    )


def communes_of(app: App, territoire_id: int, quartier: str) -> dict[str, str]:
    """INSEE code → name of the communes a quartier lies in: those of the territory first.

    A commune that merged is the one it is now.

    Raises:
        NotFound: no such quartier.
    """
    view = open_view(app, territoire_id)
    row = view.quartiers.loc[_quartier_id(view, quartier)]
    codes, names = tuple(row["communes"]), tuple(row["commune_names"])
    given = dict(zip(codes, names, strict=True)) if len(codes) == len(names) else {}
    drawn = context.boundaries(app, territoire_id)
    drawn_names = dict(zip(drawn["code"], drawn["name"], strict=True))
    mine = matching_codes(view.territoire.communes)
    own = dict.fromkeys(map(current_code, codes or _lies_in(view, drawn, row["geometry"])))
    return {
        code: next(filter(normalise, (given.get(code, ""), drawn_names.get(code, ""))), code)
        for code in sorted(own, key=lambda code: code not in mine)
    }


def _lies_in(view: View, drawn: gpd.GeoDataFrame, shape: BaseGeometry) -> list[str]:
    """Communes of the territory a *quartier vécu* lies in, most of it first; all where none is drawn."""
    every = [current_code(code) for code in view.territoire.communes]
    mine = drawn[drawn["code"].isin(every)].to_crs(epsg=view.epsg)
    area = gpd.GeoSeries([shape], crs=drawn.crs).to_crs(epsg=view.epsg).iloc[0]
    common = mine.geometry.intersection(area).area
    found = [
        str(mine.at[place, "code"]) for place in common.sort_values(ascending=False).index if common[place]
    ]
    return found or every


def compare_with_commune(
    app: App, territoire_id: int, quartier: str, commune: str | None = None
) -> PlacesComparison:
    """A quartier and its commune, measured by the same functions.

    Args:
        quartier: code.
        commune: INSEE code, None for the first of its communes.

    Raises:
        NotFound: no such quartier, or no boundary of the commune is loaded.
        RefusedInput: the quartier is in no known commune.
    """
    view = open_view(app, territoire_id)
    left = _area(present_figures(app, territoire_id).areas, quartier)
    known = communes_of(app, territoire_id, quartier)
    if not known:
        raise RefusedInput(
            f"La commune de « {left.name} » n'est pas connue : indiquez-la dans la fiche du quartier "
            "(Données), ou dans les communes du territoire (Réglages)."
        )
    code = commune or next(iter(known))
    name = known.get(code, code)
    right = commune_area(app, view, code, name)
    # The commune is held to what is expected of the quartier: one list for both.
    wanted = {key for key, cell in left.cells.items() if cell.expected}
    cells = {key: replace(cell, expected=key in wanted) for key, cell in right.cells.items()}
    right = replace(right, cells=cells)
    found = places_comparison(left, right, view.typology.types)
    return replace(found, notes=_commune_notes(view, code, name, wanted))


def commune_area(app: App, view: View, code: str, name: str) -> Area:
    """A commune as an area of the territory, computed once per change of the data.

    Raises:
        NotFound: no boundary of it is loaded.
    """
    found = view.memo(f"commune_{code}", partial(_commune_area, app, view, code, name))
    assert isinstance(found, Area)  # noqa: S101 -- what `_commune_area` made
    return found


def _commune_area(app: App, view: View, code: str, name: str) -> Area:
    shape = _commune_shape(context.boundaries(app, view.territoire_id), code)
    if shape is None:
        raise NotFound(_no_boundary(view, code, name))
    row = _commune_row(app, view, code, name, shape)
    people = inhabitants(
        row,
        crs=f"EPSG:{view.epsg}",
        squares=view.read_layer("carreaux"),
        iris=view.read_layer("iris"),
    )
    inputs = replace(
        view.gap_inputs,
        quartiers=pd.concat([view.quartiers, row]),
        population=pd.concat([view.inhabitants.points, people.points], ignore_index=True),
        people=pd.concat([view.inhabitants.quartiers, people.quartiers]),
    )
    states = analyse(inputs).states
    row_id = int(row.index[0])
    expected = frozenset((row_id, type_code) for type_code in view.expected_types)
    areas = areas_of(view, states, row, people=people.quartiers, expected=expected)
    return areas[str(row.at[row_id, "code"])]


def _no_boundary(view: View, code: str, name: str) -> str:
    first = "ajoutez-la aux communes du territoire (page Réglages), puis "
    if current_code(code) in matching_codes(view.territoire.communes):
        first = ""
    return (
        f"Le contour de {name} ({code}) n'est pas chargé : {first}importez un fichier de communes avec leurs "
        "contours (source communes) ou les IRIS de la commune (source iris), dans la page Données."
    )


def _commune_row(app: App, view: View, code: str, name: str, shape: BaseGeometry) -> gpd.GeoDataFrame:
    """The commune as a QUARTIERS frame of one row."""
    listed = context.layer(app, view.territoire_id, "communes")
    listed = listed[listed["code"].eq(current_code(code)) & listed["population"].notna()]
    population = float(listed["population"].iloc[0]) if len(listed) else None
    source = "liste de communes" if population is not None else ""
    values: dict[str, Any] = {
        "code": code, "name": name, "kind": COMMUNE_KIND, "generation": None, "communes": (code,),
        "commune_names": (name,), "population": population, "population_source": source, "languages": (),
        "indicators": {}, "source": "", "data_date": None,
    }  # fmt: skip
    row_id: Hashable = max([0, *view.quartiers.index]) + 1
    index = pd.Index([row_id], dtype="int64", name="id")
    frame = pd.DataFrame({key: pd.Series([value], dtype=object) for key, value in values.items()})
    frame = frame.assign(population=pd.to_numeric(frame["population"], errors="coerce")).set_axis(index)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([shape], index=index, crs=view.quartiers.crs))


def _commune_shape(drawn: gpd.GeoDataFrame, code: str) -> BaseGeometry | None:
    """Boundary of a commune: its own, else its arrondissements put together."""
    today = current_code(code)
    known = drawn[drawn.geometry.notna()]
    parts = known[known["code"].eq(today)]
    if parts.empty:
        parts = known[known["code"].isin(matching_codes([today]))]
    return polygons_only(parts.geometry.union_all()) if len(parts) else None


def _commune_notes(view: View, code: str, name: str, wanted: set[str]) -> tuple[str, ...]:
    settings = view.territoire
    notes = [
        f"{name} est mesurée comme un quartier : même marche, mêmes seuils. Seuls comptent les lieux chargés "
        "dans ce territoire."
    ]
    if not view.travel.is_straight:
        notes.append(
            "Les rues gardées entourent les quartiers : ailleurs dans la commune, les trajets sont comptés "
            "en ligne droite, et les deux colonnes ne sont pas mesurées tout à fait pareil."
        )
    if current_code(code) not in matching_codes(settings.communes):
        reach = f" à plus de {settings.radius_km:g} km des quartiers" if settings.radius_km else ""
        notes.append(
            f"{name} n'est pas une commune du territoire : ce qui s'y trouve{reach} n'a pas été chargé, et "
            "ses chiffres sont sans doute trop bas. Ajoutez-la aux communes du territoire (Réglages), puis "
            "importez de nouveau les fichiers."
        )
    listed = {item.type_code for item in view.claims if _lists(item.communes, code)}
    partial_types = len(wanted - listed)
    if partial_types:
        one = partial_types == 1
        notes.append(
            f"Pour {partial_types} type{'' if one else 's'} attendu{'' if one else 's'} sur {len(wanted)}, "
            f"aucune source chargée ne dit recenser tous les lieux de {name} : il peut y en avoir que "
            "personne n'a notés."
        )
    return tuple(notes)


def _lists(communes: frozenset[str] | None, code: str) -> bool:
    return communes is None or current_code(code) in matching_codes(communes)


def compare_photos(app: App, territoire_id: int, before: int, after: int | None = None) -> DatesComparison:
    """Two photos of the figures, or a photo and today.

    Args:
        before: id of a photo.
        after: id of another, None for the figures of today. The earlier of the two comes first, whatever
            the order they are given in.

    Raises:
        NotFound: no such photo. RefusedInput: it cannot be read, or twice the same.
    """
    if before == after:
        raise RefusedInput("Choisissez deux dates différentes.")
    first = read_snapshot(app, territoire_id, before)
    if after is not None:
        second = read_snapshot(app, territoire_id, after)
        first, second = sorted((first, second), key=lambda item: item.on)
    else:
        second = present_figures(app, territoire_id)
    methods = method_changes(first, second)
    touching = [item for item in methods if item.types is None or item.types]
    alike = None
    if touching and after is None:
        view = open_view(app, territoire_id)
        spreads = [(code, area.spread, area.outline) for code, area in first.areas.items()]
        name = f"alike_{first.method!r}_{first.gammes!r}_{spreads!r}"
        alike = view.memo(name, partial(at_method_of, view, first))
    return DatesComparison(
        before=first,
        after=second,
        rows=tuple(compare_dates(first, second, alike=alike, changes=methods)),
        methods=tuple(methods),
        sources=tuple(source_changes(first, second)),
        separated=(alike is not None) if touching else None,
    )


def comparison_csv(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table of `reseau.gaps.comparing_words` as a file that no spreadsheet runs."""
    return text_csv(headers, rows)


def _area(known: Mapping[str, Area], code: str) -> Area:
    if code not in known:
        raise _unknown_quartier(code, known)
    return known[code]


def _quartier_id(view: View, code: str) -> int:
    found = view.quartiers.index[view.quartiers["code"] == code]
    if not len(found):
        raise _unknown_quartier(code, view.quartiers["code"])
    return int(found[0])


def _unknown_quartier(code: str, known: Iterable[str]) -> NotFound:
    names = ", ".join(known) or "aucun"
    return NotFound(f"Aucun quartier « {code} » dans ce territoire. Codes connus : {names}.")
