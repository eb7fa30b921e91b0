"""Near points and distances of every (quartier, type), as arrays of shape quartiers × types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from reseau.gaps._base import Bools, GapInputs, Points, thresholds
from reseau.geo.crs import metric_epsg
from reseau.geo.grid import population_points
from reseau.geo.nearness import Floats, Ints, Population, near_pairs, population_arrays
from reseau.geo.points import OUTGOING
from reseau.geo.reach_table import reach_table
from reseau.geo.travel import StraightLine, Travel
from reseau.geo.walking import reach_metres, walking_minutes
from reseau.model.communes import current_code, matching_codes
from reseau.model.vocabulary import RelationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Arrays quartiers × types; `first` is a position in `Points`, -1 when there is none."""

    share: Floats
    metres: Floats
    minutes: Floats
    first: Ints
    inside: Ints
    around: Ints
    boundary_minutes: Floats


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
    placed = frame["placed"].to_numpy(dtype=bool) & frame.geometry.notna().to_numpy()
    insee = [current_code(code) if isinstance(code, str) else "" for code in frame["insee"]]
    communes = territory_communes(inputs)
    commune_known = np.array([code != "" for code in insee], dtype=bool)
    in_communes = np.array([code in communes for code in insee], dtype=bool)
    inside = in_communes | _in_a_quartier(frame, inputs.quartiers, placed)
    structure_id = frame["structure_id"].to_numpy(dtype=np.int64)
    return Points(
        row=row,
        type=position[row],
        xy=shapely.get_coordinates(_points_or_nan(frame.geometry.to_crs(crs))).reshape(-1, 2),
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


def near_couples(inputs: GapInputs, points: Points, population: Population) -> tuple[Ints, Ints]:
    """Every near couple once: position of the quartier, position in `points`."""
    minutes = thresholds(inputs)
    radius = _radius(inputs, minutes)[points.type]
    at = np.flatnonzero(points.placed)
    walk_q, walk_p = near_pairs(population, points.xy[at], radius[at])
    served_q, served_p = _served(inputs, points)
    local = np.flatnonzero(np.isnan(minutes)[points.type] & points.inside)
    n = population.n_quartiers
    quartiers = np.concatenate([walk_q, served_q, np.repeat(np.arange(n), len(local))])
    found = np.concatenate([at[walk_p], served_p, np.tile(local, n)])
    pairs = np.unique(np.stack([quartiers, found]).astype(np.intp), axis=1)
    return pairs[0], pairs[1]


def distances(inputs: GapInputs, points: Points, population: Population) -> Distances:
    """Access of every (quartier, type), outgoing services aside."""
    # One order for all: by type, then place, then smallest id, whatever the order of the rows.
    keys = (points.permanence_id, points.structure_id, points.xy[:, 1], points.xy[:, 0], points.type)
    order = np.lexsort(keys)
    order = order[points.placed[order]]
    radius = _radius(inputs, thresholds(inputs))
    areas = inputs.quartiers.geometry.to_crs(population_crs(inputs)).to_numpy()
    table = reach_table(areas, population, points.xy[order], points.type[order], radius)
    return Distances(
        share=table.share,
        metres=table.metres,
        minutes=walking_minutes(table.metres, **_pace(inputs)),
        first=np.append(order, -1)[table.first],
        inside=table.inside,
        around=table.around,
        boundary_minutes=walking_minutes(table.boundary_m, **_pace(inputs)),
    )


def arrays_of(inputs: GapInputs) -> tuple[Points, Population]:
    """Points and inhabitants in the same metric CRS."""
    population = spread(inputs)
    return select_points(inputs, population.crs), population_arrays(population, inputs.quartiers.index)


def _pace(inputs: GapInputs) -> dict[str, float]:
    return {"detour_factor": inputs.settings.detour_factor, "kmh": inputs.settings.walking_kmh}


def _radius(inputs: GapInputs, minutes: Floats) -> Floats:
    return reach_metres(minutes, **_pace(inputs))


def _points_or_nan(geometry: gpd.GeoSeries) -> NDArray[np.object_]:
    shapes = geometry.to_numpy()
    nowhere = shapely.points(np.nan, np.nan)
    return np.array([nowhere if shape is None or shape.is_empty else shape for shape in shapes], dtype=object)


def _in_a_quartier(frame: gpd.GeoDataFrame, quartiers: gpd.GeoDataFrame, placed: Bools) -> Bools:
    shapes = [shape for shape in quartiers.geometry if shape is not None and not shape.is_empty]
    inside = np.zeros(len(frame), dtype=bool)
    at = np.flatnonzero(placed)
    hits = shapely.STRtree(shapes).query(frame.geometry.to_numpy()[at], predicate="intersects")
    inside[at[np.unique(hits[0])]] = True
    return inside


def _linked(inputs: GapInputs, structure_id: Ints, host_id: pd.Series[int]) -> Bools:
    pivots = inputs.pivot_ids
    active = inputs.relations[inputs.relations["status"] == RelationStatus.ACTIF]
    ties = zip(active["from_id"], active["to_id"], strict=True)
    partners = {end for tie in ties if not pivots.isdisjoint(tie) for end in tie} | pivots
    hosted = host_id.isin(list(pivots)).to_numpy(dtype=bool)
    return np.isin(structure_id, np.array(sorted(partners), dtype=np.int64)) | hosted


def _served(inputs: GapInputs, points: Points) -> tuple[Ints, Ints]:
    position = {code: q for q, code in enumerate(inputs.quartiers["code"])}
    served = inputs.points["served_quartiers"].to_numpy()
    pairs = [
        (position[code], p)
        for p in np.flatnonzero(points.declares)
        for code in served[points.row[p]]
        if code in position
    ]
    found = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]
