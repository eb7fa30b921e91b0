"""What surrounds the partners of a territory: communes, blocks, squares, figures, former quartiers."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from reseau.errors import NotFound
from reseau.geo.correspondence import by_area, carried
from reseau.geo.inside import outside_commune
from reseau.geocoding import load_policy
from reseau.model.communes import commune_of
from reseau.services._boundaries import boundaries_frame, former_of
from reseau.services.app import App
from reseau.services.view import View, open_view
from reseau.store import territoires
from reseau.store.context_frames import context_frame
from reseau.store.rows import get_row, rows_of, update_row

LAYERS = ("communes", "iris", "carreaux")
# A new quartier is given an estimate only where former ones cover nearly all of it: else the people of the
# rest would be left out.
COVERED_SHARE = 0.9
ESTIMATE = "estimation"
ROUNDED_TO = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What is loaded of one kind.

    Attributes:
        kind: `quartiers` (those with figures, of any generation), or one of `LAYERS`.
        years: years of the figures, oldest first, empty when the files do not say.
        without_figure: how many have no figure at all (secret or absent), None where it means nothing.
    """

    kind: str
    count: int
    sources: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    with_boundary: int | None = None
    without_figure: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Epci:
    """An intercommunality and its communes, as far as a list of communes gives them."""

    code: str
    name: str
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What laying former populations on new quartiers did.

    Attributes:
        written: (code, name, estimate) of the quartiers that now have one.
        left: (code, name, French reason) of those that stay unknown.
    """

    written: tuple[tuple[str, str, int], ...]
    left: tuple[tuple[str, str, str], ...]


def layer(app: App, territoire_id: int, kind: str) -> gpd.GeoDataFrame:
    """Rows of a kind of `LAYERS` (columns: `reseau.model.columns`), read once per change of the data."""
    view = open_view(app, territoire_id)
    found = view.memo(f"context_{kind}", partial(_layer, app, territoire_id, kind))
    assert isinstance(found, gpd.GeoDataFrame)  # noqa: S101 -- what `_layer` made
    return found


def _layer(app: App, territoire_id: int, kind: str) -> gpd.GeoDataFrame:
    with app.store.read() as connection:
        return context_frame(connection, kind, territoire_id)


def loaded(app: App, territoire_id: int) -> list[Loaded]:
    """What is loaded around the partners, kind by kind; a kind nothing is loaded of has a count of 0."""
    view = open_view(app, territoire_id)
    frames = {kind: layer(app, territoire_id, kind) for kind in LAYERS}
    every = pd.concat([view.quartiers, view.former_quartiers])
    with_figures = every[every["indicators"].astype(bool)]
    return [
        Loaded(kind="quartiers", count=len(with_figures), years=_population_years(with_figures)),
        *(_loaded(kind, frame) for kind, frame in frames.items()),
    ]


def _loaded(kind: str, frame: gpd.GeoDataFrame) -> Loaded:
    drawn = int(frame.geometry.notna().sum()) if kind == "communes" else None
    years = frame["year"].dropna().astype(int).unique().tolist() if "year" in frame else []
    return Loaded(
        kind=kind,
        count=len(frame),
        sources=tuple(sorted(set(frame["source"]))),
        years=tuple(sorted(years)),
        with_boundary=drawn,
        without_figure=_without_figure(kind, frame),
    )


def _without_figure(kind: str, frame: gpd.GeoDataFrame) -> int | None:
    if kind == "iris":
        return sum(not figures for figures in frame["indicators"])
    if kind == "carreaux":
        return int(frame[["people", "households"]].isna().all(axis=1).sum())
    return None


def _population_years(quartiers: pd.DataFrame) -> tuple[int, ...]:
    found = (re.search(r"(?:19|20)\d{2}", source) for source in quartiers["population_source"])
    return tuple(sorted({int(year[0]) for year in found if year}))


def boundaries(app: App, territoire_id: int) -> gpd.GeoDataFrame:
    """Boundaries of communes and arrondissements (EPSG:4326; `code`, `name`, `source`), one row per code.

    From the lists of communes; else, for the communes of the territory, put together from their IRIS.
    """
    view = open_view(app, territoire_id)
    found = view.memo("context_boundaries", partial(_boundaries, app, view))
    assert isinstance(found, gpd.GeoDataFrame)  # noqa: S101 -- what `_boundaries` made
    return found


def _boundaries(app: App, view: View) -> gpd.GeoDataFrame:
    with app.store.read() as connection:
        return boundaries_frame(connection, view.territoire_id, view.territoire.communes)


def former_codes(app: App, territoire_id: int) -> dict[str, str]:
    """Code of a commune that merged → the one in force, according to the lists of communes loaded."""
    with app.store.read() as connection:
        return former_of(connection, territoire_id)


def epcis(app: App, territoire_id: int) -> list[Epci]:
    """Intercommunalities of the communes loaded, the one with the most communes first."""
    frame = layer(app, territoire_id, "communes")
    members = frame[frame["epci"].astype(bool) & frame["kind"].eq("commune")]
    found = []
    for code, rows in members.groupby("epci", sort=True):
        named = Counter(name for name in rows["epci_name"] if name)
        name = named.most_common(1)[0][0] if named else str(code)
        found.append(Epci(code=str(code), name=name, communes=tuple(sorted(rows["code"]))))
    return sorted(found, key=lambda item: (-len(item.communes), item.code))


def communes_of_epci(app: App, territoire_id: int, epci: str) -> tuple[str, ...]:
    """INSEE codes of the communes of an intercommunality, by its SIREN or its name.

    Raises:
        NotFound: no list of communes loaded here knows it.
    """
    wanted = " ".join(epci.split()).casefold()
    for item in epcis(app, territoire_id):
        if wanted in {item.code.casefold(), item.name.casefold()}:
            return item.communes
    raise NotFound(
        f"L'intercommunalité « {epci} » n'est pas connue ici : importez une liste de communes qui la nomme "
        "(source communes)."
    )


def in_commune(app: App, territoire_id: int) -> pd.Series[Any]:
    """Whether each structure lies in the commune it declares.

    Returns:
        Indexed by structure id, object dtype: True, False, or None where it cannot be told (no position that
        counts, no commune, or its boundary is not loaded): unknown is not «fine».
    """
    view = open_view(app, territoire_id)
    found = view.memo("context_in_commune", partial(_in_commune, app, view))
    assert isinstance(found, pd.Series)  # noqa: S101 -- what `_in_commune` made
    return found


def _in_commune(app: App, view: View) -> pd.Series[Any]:
    areas = boundaries(app, view.territoire_id)
    former = former_codes(app, view.territoire_id)
    drawn = set(areas["code"])
    declared = [_drawn_code(code, drawn, former) for code in view.insee]
    points = gpd.GeoDataFrame(
        {"insee": declared},
        geometry=view.structures.geometry.where(view.structures["placed"], None),
        index=view.structures.index,
        crs=view.structures.crs,
    )
    tolerance = load_policy().tolerance_metres
    outside = outside_commune(points, areas, epsg=view.epsg, tolerance_m=tolerance)
    return outside.map({True: False, False: True}).astype(object).where(outside.notna(), None)


def _drawn_code(code: str, drawn: set[str], former: dict[str, str]) -> str:
    """The code under which the boundary of a commune is known: its own, that of today, that of its city."""
    today = former.get(code, code)
    return next((known for known in (code, today, commune_of(today)) if known in drawn), "")


def misplaced(app: App, territoire_id: int) -> gpd.GeoDataFrame:
    """Structures whose position is outside the commune they declare (columns `STRUCTURES`).

    Those of which it cannot be told are not in it: see `in_commune`.
    """
    view = open_view(app, territoire_id)
    inside = in_commune(app, territoire_id)
    return view.structures[inside.eq(False)]


def correspondence(app: App, territoire_id: int) -> pd.DataFrame:
    """What each QPV of 2024 takes over of those of 2015, by area.

    Returns:
        Frame of `reseau.geo.correspondence.by_area` plus `old_name`, `new_name`.
    """
    view = open_view(app, territoire_id)
    found = view.memo("context_correspondence", partial(_correspondence, view))
    assert isinstance(found, pd.DataFrame)  # noqa: S101 -- what `_correspondence` made
    return found


def _correspondence(view: View) -> pd.DataFrame:
    present = view.quartiers[view.quartiers["generation"].eq(2024)]
    pairs = by_area(view.former_quartiers, present, epsg=view.epsg)
    old_names, new_names = (
        dict(zip(frame["code"], frame["name"], strict=True)) for frame in (view.former_quartiers, present)
    )
    named = pairs.assign(old_name=pairs["old_code"].map(old_names), new_name=pairs["new_code"].map(new_names))
    named.attrs = pairs.attrs
    return named


def population_estimates(app: App, territoire_id: int) -> pd.DataFrame:
    """What `carry_population` would write.

    Returns:
        Indexed by quartier id, QPV of 2024 of unknown population only: `code`, `name`, `population` (NaN when
        no estimate can be made), `source` (what would be said of it), `reason` (French, why there is none).
    """
    view = open_view(app, territoire_id)
    wanted = view.quartiers[view.quartiers["generation"].eq(2024) & view.quartiers["population"].isna()]
    pairs = correspondence(app, territoire_id)
    old = view.former_quartiers.set_index("code")
    laid = carried(pairs, old["population"].astype(float))
    with app.store.read() as connection:
        rows = rows_of(connection, "quartiers", territoire_id)
    corrected = {row["id"] for row in rows if "population" in row["overrides"]}
    found = [
        _estimate(laid, str(code), old, by_person=quartier_id in corrected)
        for quartier_id, code in wanted["code"].items()
    ]
    frame = pd.DataFrame(found, columns=["population", "source", "reason"], index=wanted.index)
    return frame.assign(code=wanted["code"], name=wanted["name"])


def _estimate(laid: pd.DataFrame, code: str, old: pd.DataFrame, *, by_person: bool) -> tuple[float, str, str]:
    unknown = float("nan")
    if by_person:
        return unknown, "", "une personne a laissé ce nombre vide"
    if code not in laid.index:
        return unknown, "", "aucun quartier de 2015 ici"
    covered = float(laid["covered"].to_dict()[code])
    if covered < COVERED_SHARE:
        share = f"{covered:.0%}".replace("%", " %")
        return unknown, "", f"les quartiers de 2015 ne couvrent que {share} de sa surface"
    population = float(laid["population"].to_dict()[code])
    if math.isnan(population):
        return unknown, "", "la population d'un des quartiers de 2015 est secrète ou inconnue"
    told = old["population_source"].to_dict()
    parts: tuple[str, ...] = laid["old_codes"].to_dict()[code]
    sources = dict.fromkeys(str(told[part]) for part in parts)
    said = ", ".join(filter(None, sources)) or "source non précisée"
    words = f"{ESTIMATE} : {said}, des QPV 2015, répartie à la surface"
    return float(max(ROUNDED_TO, round(population / ROUNDED_TO) * ROUNDED_TO)), words, ""


def carry_population(app: App, territoire_id: int) -> Carried:
    """Write estimates of population for QPV of 2024, from those of 2015 in proportion of area.

    Only where nothing is known: neither a person's figure nor an official one is ever replaced, and the next
    official file replaces the estimate. Where a figure of 2015 is secret, nothing is written.
    """
    estimates = population_estimates(app, territoire_id)
    written: list[tuple[str, str, int]] = []
    with app.store.write() as connection:
        known = estimates[estimates["population"].notna()]
        for quartier_id, row in zip(known.index.tolist(), known.to_dict("records"), strict=True):
            stored = get_row(connection, "quartiers", quartier_id)
            if stored["population"] is not None or "population" in stored["overrides"]:
                continue
            values = {"population": int(row["population"]), "population_source": row["source"]}
            update_row(connection, "quartiers", quartier_id, values, by_person=False)
            written.append((row["code"], row["name"], int(row["population"])))
        if written:
            territoires.touch(connection, territoire_id)
    unknown = estimates[estimates["population"].isna()]
    return Carried(
        written=tuple(written),
        left=tuple(zip(unknown["code"], unknown["name"], unknown["reason"], strict=True)),
    )
