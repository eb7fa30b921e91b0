"""Near points and distances of every (quartier, type), as arrays of shape quartiers × types."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from reseau.gaps._base import Bools, GapInputs, Points, thresholds
from reseau.gaps._cache import ReachCache
from reseau.geo.crs import metric_epsg
from reseau.geo.grid import population_points
from reseau.geo.nearness import Floats, Ints, Population, population_arrays
from reseau.geo.points import OUTGOING, PERMANENCE
from reseau.geo.travel import TOLERANCE_M, StraightLine, Travel
from reseau.geo.variants import reach_types
from reseau.geo.walking import reach_metres, walked_metres, walking_minutes
from reseau.model.communes import current_code, matching_codes
from reseau.model.vocabulary import PRECISION_METRES, USUAL_PRECISION, RelationStatus

# How far a threshold is moved to see whether a state holds.
THRESHOLD_SHIFT = 0.2
# What is looked at beside the state itself: a shorter and a longer threshold, places further and nearer.
AS_IS, SHORTER, LONGER, FURTHER, NEARER = range(5)
N_VARIANTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Arrays quartiers × types, and by variant where said so.

    Attributes:
        share: variants × quartiers × types.
        metres: length as users read it (straight, or followed).
        first: a position in `Points`, -1 when there is none.
        near: quartiers × points by variant: the point is within its limit of at least one inhabitant.
    """

    share: Floats
    metres: Floats
    minutes: Floats
    first: Ints
    inside: Ints
    around: Ints
    boundary_minutes: Floats
    near: Bools


def population_crs(inputs: GapInputs) -> Any:
    """Metric system of the inputs."""
    return f"EPSG:{working_epsg(inputs)}" if inputs.population is None else inputs.population.crs


def spread(inputs: GapInputs) -> gpd.GeoDataFrame:
    """Inhabitants' points of the inputs, made now when none were given."""
    if inputs.population is not None:
        return inputs.population
    return population_points(inputs.quartiers, crs=f"EPSG:{working_epsg(inputs)}")


def travel_of(inputs: GapInputs) -> Travel:
    """How walks are measured: as the inputs say, else in a straight line."""
    return inputs.travel or StraightLine(inputs.settings.detour_factor)


def working_epsg(inputs: GapInputs) -> int:
    """EPSG code of the metric system of the territory: by its communes, else by where its quartiers are."""
    quartiers = inputs.quartiers
    communes = (*inputs.settings.communes, *(code for codes in quartiers["communes"] for code in codes))
    west, south, east, north = quartiers.total_bounds
    if np.isnan(west):
        return metric_epsg(communes)
    return metric_epsg(communes, lon=float(west + east) / 2, lat=float(south + north) / 2)


def territory_communes(inputs: GapInputs) -> frozenset[str]:
    """Codes that designate a commune of the territory; those of its quartiers when none is set."""
    of_quartiers = (code for codes in inputs.quartiers["communes"] for code in codes)
    return matching_codes(inputs.settings.communes or of_quartiers)


def select_points(inputs: GapInputs, crs: object) -> Points:
    """Arrays of the points whose type is asked."""
    position = pd.Index(inputs.types["type_code"]).get_indexer(inputs.points["type_code"])
    row = np.flatnonzero(position >= 0)
    frame = inputs.points.iloc[row]
    shapes = frame.geometry.to_crs(crs).to_numpy()
    xy = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    # A position the metric system cannot hold (the other end of the world) is no position here.
    placed = frame["placed"].to_numpy(dtype=bool) & np.isfinite(xy).all(axis=1)
    insee = [current_code(code) if isinstance(code, str) else "" for code in frame["insee"]]
    communes = territory_communes(inputs)
    commune_known = np.array([code != "" for code in insee], dtype=bool)
    in_communes = np.array([code in communes for code in insee], dtype=bool)
    inside = in_communes | _in_a_quartier(frame, inputs.quartiers, placed)
    structure_id = frame["structure_id"].to_numpy(dtype=np.int64)
    return Points(
        row=row,
        type=position[row],
        xy=xy,
        precision=_precision(inputs, frame),
        placed=placed,
        unplaced=~placed & (frame["kind"] != OUTGOING).to_numpy(),
        declares=np.array([len(codes) > 0 for codes in frame["served_quartiers"]], dtype=bool),
        commune_known=commune_known,
        inside=inside,
        outside=commune_known & ~inside,
        linked=_linked(inputs, structure_id, frame["host_id"]),
        structure_id=structure_id,
        permanence_id=frame["permanence_id"].to_numpy(dtype=np.float64, na_value=-1.0),
    )


def near_couples(inputs: GapInputs, points: Points, walked: Bools, declared: Bools) -> Bools:
    """Which points are near which quartier (variants × quartiers × points).

    Args:
        inputs: what is computed.
        points: its service points.
        walked: those that are within a walk (variants × quartiers × points).
        declared: those that come (quartiers × points).
    """
    local = np.isnan(thresholds(inputs))[points.type] & points.inside
    return walked | declared | local


def served(inputs: GapInputs, points: Points) -> Bools:
    """Which outgoing services declare which quartier (quartiers × points)."""
    position = {code: q for q, code in enumerate(inputs.quartiers["code"])}
    declared = inputs.points["served_quartiers"].to_numpy()
    found = np.zeros((len(position), len(points.row)), dtype=bool)
    for p in np.flatnonzero(points.declares):
        found[[position[code] for code in declared[points.row[p]] if code in position], p] = True
    return found


def distances(
    inputs: GapInputs, points: Points, population: Population, cache: ReachCache | None = None
) -> Distances:
    """Access of every (quartier, type), outgoing services aside."""
    travel, n_types = travel_of(inputs), len(inputs.types)
    # One order for all: by type, then place, then smallest id, whatever the order of the rows.
    keys = (points.permanence_id, points.structure_id, points.xy[:, 1], points.xy[:, 0], points.type)
    order = np.lexsort(keys)
    order = order[points.placed[order]]
    types, start = np.unique(points.type[order], return_index=True)
    members = np.split(order, start[1:]) if len(order) else []
    limit = _limits(inputs, points, travel)
    areas = inputs.quartiers.geometry.to_crs(population_crs(inputs)).to_numpy()
    places, limits = [points.xy[at] for at in members], [limit[:, at] for at in members]

    def measure(which: list[int]) -> list[Any]:
        chosen = [places[i] for i in which], [limits[i] for i in which]
        return reach_types(travel, areas, population, *chosen)

    digests = _digests(travel, areas, population, places, limits)
    found = measure(list(range(len(places)))) if cache is None else cache.get(digests, measure)
    shape = (len(areas), n_types)
    made = _empty(shape, len(points.row))
    for t, at, reach in zip(types, members, found, strict=True):
        made.share[:, :, t], made.metres[:, t] = reach.share, reach.metres / travel.detour
        made.minutes[:, t] = _minutes(inputs, reach.metres)
        made.first[:, t] = np.where(reach.first >= 0, at[reach.first], -1)
        made.inside[:, t], made.around[:, t] = reach.inside, reach.around
        made.boundary_minutes[:, t] = _minutes(inputs, reach.boundary)
        made.near[:, :, at] = reach.closest <= limit[:, None, at] + TOLERANCE_M * travel.detour
    return made


def _empty(shape: tuple[int, int], n_points: int) -> Distances:
    return Distances(
        share=np.full((N_VARIANTS, *shape), np.nan),
        metres=np.full(shape, np.nan),
        minutes=np.full(shape, np.nan),
        first=np.full(shape, -1, dtype=np.intp),
        inside=np.zeros(shape, dtype=np.intp),
        around=np.zeros(shape, dtype=np.intp),
        boundary_minutes=np.full(shape, np.nan),
        near=np.zeros((N_VARIANTS, shape[0], n_points), dtype=bool),
    )


def _limits(inputs: GapInputs, points: Points, travel: Travel) -> Floats:
    """Limit of each point in each variant, metres walked; NaN for the gamme *territoire*.

    A place further by its precision is a place as it is with a limit shorter by the same.
    """
    settings = inputs.settings
    # Refused here, whatever the travel: minutes are read beside a threshold.
    reach_metres(1.0, detour_factor=settings.detour_factor, kmh=settings.walking_kmh)
    # On a network, moving by so much changes the path by about so much × the usual detour.
    detour = travel.detour if travel.is_straight else settings.detour_factor
    limit = walked_metres(thresholds(inputs), kmh=settings.walking_kmh)[points.type]
    slack = points.precision * detour
    shift = THRESHOLD_SHIFT
    return np.stack([limit, limit * (1 - shift), limit * (1 + shift), limit - slack, limit + slack])


def _digests(
    travel: Travel,
    areas: np.ndarray,
    population: Population,
    places: list[Floats],
    limits: list[Floats],
) -> list[bytes]:
    """What tells two measures of a type apart: walk, quartiers, inhabitants, places and limits."""
    common = hashlib.blake2b(f"{travel.key}|{population.n_quartiers}".encode(), digest_size=16)
    for array in (population.xy, population.quartier, population.weight):
        common.update(np.ascontiguousarray(array).tobytes())
    for wkb in shapely.to_wkb(areas):
        common.update(wkb or b"-")
    return [
        hashlib.blake2b(
            common.digest() + xy.tobytes() + np.ascontiguousarray(limit).tobytes(), digest_size=16
        ).digest()
        for xy, limit in zip(places, limits, strict=True)
    ]


def _minutes(inputs: GapInputs, walked: Floats) -> Floats:
    return walking_minutes(walked, detour_factor=1.0, kmh=inputs.settings.walking_kmh)


def arrays_of(inputs: GapInputs) -> tuple[Points, Population]:
    """Points and inhabitants in the same metric CRS."""
    population = spread(inputs)
    return select_points(inputs, population.crs), population_arrays(population, inputs.quartiers.index)


def _in_a_quartier(frame: gpd.GeoDataFrame, quartiers: gpd.GeoDataFrame, placed: Bools) -> Bools:
    shapes = [shape for shape in quartiers.geometry if shape is not None and not shape.is_empty]
    inside = np.zeros(len(frame), dtype=bool)
    at = np.flatnonzero(placed)
    hits = shapely.STRtree(shapes).query(frame.geometry.to_numpy()[at], predicate="intersects")
    inside[at[np.unique(hits[0])]] = True
    return inside


def _precision(inputs: GapInputs, frame: pd.DataFrame) -> Floats:
    """How far the true place of each point may be, metres: as its structure, or its host, says."""
    place = frame["structure_id"].where(frame["kind"] != PERMANENCE, frame["host_id"])
    said = place.map(inputs.structures["position_precision"].map(PRECISION_METRES))
    metres = said.astype(float).fillna(PRECISION_METRES[USUAL_PRECISION])
    return np.asarray(metres, dtype=np.float64)


def _linked(inputs: GapInputs, structure_id: Ints, host_id: pd.Series[int]) -> Bools:
    pivots = inputs.pivot_ids
    active = inputs.relations[inputs.relations["status"] == RelationStatus.ACTIF]
    ties = zip(active["from_id"], active["to_id"], strict=True)
    partners = {end for tie in ties if not pivots.isdisjoint(tie) for end in tie} | pivots
    hosted = host_id.isin(list(pivots)).to_numpy(dtype=bool)
    return np.isin(structure_id, np.array(sorted(partners), dtype=np.int64)) | hosted
