"""The country of the national benchmark: quartiers, inhabitants, invented establishments, in one plane.

Overseas territories are measured in their own metric system, then moved as a block beside the mainland, as in
the insets of a map of France: every way of computing then does the same work in one plane.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from reseau.geo.crs import MAINLAND, WGS84, epsg_at
from reseau.geo.grid import population_points
from reseau.geo.nearness import Population
from reseau.geo.shapes import repair, transform
from reseau.geo.walking import reach_metres
from reseau.model.records import Territoire

CRS = f"EPSG:{MAINLAND}"
SEED = 20261122
QUARTIERS, PLACES, TYPES = 1_584, 110_000, 55
# Gives about 113,000 inhabitants' points on the real quartiers.
SPACING_M, POINTS_AT_LEAST = 160.0, 60
# Towns without any quartier, and how places spread around the middle of a town or of a quartier.
TOWNS = 6_000
SPREAD_M, SPREAD_SHARE = (400.0, 1_500.0, 5_000.0), (0.4, 0.35, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Everything the table is computed from, metres. `kind`: type of each place; places sorted by type."""

    areas: np.ndarray
    people: np.ndarray
    quartier: np.ndarray
    weight: np.ndarray
    places: np.ndarray
    kind: np.ndarray
    radius_m: np.ndarray

    @property
    def population(self) -> Population:
        return Population(
            xy=self.people, quartier=self.quartier, weight=self.weight, n_quartiers=len(self.areas)
        )

    def save(self, path: Path) -> None:
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        wkb = shapely.to_wkb(self.areas)
        plain["areas"] = np.frombuffer(b"".join(wkb), dtype=np.uint8)
        np.savez(path, **plain, length=np.array([len(item) for item in wkb]))


def load(path: Path) -> Country:
    """What `Country.save` wrote."""
    with np.load(path) as found:
        content = found["areas"].tobytes()
        ends = np.cumsum(found["length"])
        starts = ends - found["length"]
        areas = shapely.from_wkb([content[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
        names = [field.name for field in fields(Country) if field.name != "areas"]
        return Country(areas=np.asarray(areas, dtype=object), **{name: found[name] for name in names})


def make(qpv: Path | None, n_places: int) -> Country:
    """The country on real quartiers, else on invented ones."""
    areas = _real(qpv) if qpv else _invented()
    frame = gpd.GeoDataFrame(geometry=areas, crs=CRS)
    points = population_points(frame, crs=CRS, spacing_m=SPACING_M, minimum=POINTS_AT_LEAST)
    settings = Territoire(name="")
    pace = {"detour_factor": settings.detour_factor, "kmh": settings.walking_kmh}
    minutes = np.where(np.arange(TYPES) % 5 < 3, settings.minutes_proximite, settings.minutes_intermediaire)
    country = Country(
        areas=areas,
        people=shapely.get_coordinates(points.geometry.to_numpy()),
        quartier=points["quartier_id"].to_numpy(dtype=np.intp),
        weight=points["weight"].to_numpy(),
        places=np.empty((0, 2)),
        kind=np.empty(0, dtype=np.intp),
        radius_m=reach_metres(minutes.astype(float), **pace),
    )
    return with_places(country, n_places)


def with_places(country: Country, number: int) -> Country:
    """The same with so many invented places.

    They gather around quartiers and towns of very unequal sizes; types are unequal too: the commonest has a
    fifth of the places, the rarest four in a thousand.
    """
    draw = np.random.default_rng(SEED)
    middles = shapely.get_coordinates(shapely.centroid(country.areas))
    west, south, east, north = shapely.total_bounds(country.areas)
    towns = np.column_stack([draw.uniform(west, east, TOWNS), draw.uniform(south, north, TOWNS)])
    sizes = np.concatenate([1.5 * (draw.pareto(1.5, len(middles)) + 0.5), draw.pareto(1.2, TOWNS) * 0.4])
    at = draw.choice(len(sizes), number, p=sizes / sizes.sum())
    spread = draw.choice(SPREAD_M, number, p=SPREAD_SHARE)
    places = np.vstack([middles, towns])[at] + draw.normal(0, 1, (number, 2)) * spread[:, None]
    frequency = 1 / np.arange(1, TYPES + 1)
    kind = draw.choice(TYPES, number, p=frequency / frequency.sum())
    order = np.lexsort((places[:, 1], places[:, 0], kind))
    return replace(country, places=places[order], kind=kind[order].astype(np.intp))


def _real(path: Path) -> np.ndarray:
    shapes = np.array([repair(shape)[0] for shape in gpd.read_file(path).geometry], dtype=object)
    shapes = shapes[~shapely.is_empty(shapes)]
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    epsg = np.array([epsg_at(*at) or MAINLAND for at in middle.tolist()])
    for rank, system in enumerate(sorted(set(epsg.tolist()) - {MAINLAND})):
        mine = np.flatnonzero(epsg == system)
        metric = transform(shapes[mine], source=WGS84, target=system)
        west, south, _, _ = shapely.total_bounds(metric)
        # Whole metres: a block that moves keeps its distances.
        shift = np.round([-900_000 - west, 6_000_000 + 200_000 * rank - south])
        shapes[mine] = shapely.transform(metric, lambda xy, shift=shift: xy + shift)
    home = np.flatnonzero(epsg == MAINLAND)
    shapes[home] = transform(shapes[home], source=WGS84, target=MAINLAND)
    return shapes


def _invented() -> np.ndarray:
    """Stars of forty corners, as many and as large as the real ones."""
    draw = np.random.default_rng(SEED)
    middle = np.column_stack([draw.uniform(2e5, 1.2e6, QUARTIERS), draw.uniform(6.1e6, 7.1e6, QUARTIERS)])
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radius = draw.lognormal(5.9, 0.5, QUARTIERS)[:, None] * draw.uniform(0.6, 1.0, (QUARTIERS, 40))
    corners = middle[:, None, :] + radius[:, :, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.asarray(shapely.polygons(corners), dtype=object)
