"""Which establishments a territory keeps, and where they are in WGS84."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reseau.geo import shapes
from reseau.geo.crs import WGS84, epsg_at, epsg_for_commune
from reseau.model.communes import current_code, department_of, matching_codes
from reseau.model.reports import Scope
from reseau.sources import _territory
from reseau.sources.finess.codes import source_epsg
from reseau.sources.finess.layouts import Entry

# At least this many communes of a department: the file is not an extract of a few towns.
WHOLE_DEPARTMENT = 20


def select(entries: Sequence[Entry], scope: Scope) -> tuple[list[Entry], np.ndarray]:
    """Entries of the scope's communes or within its radius, and their WGS84 positions.

    Returns:
        entries in the order of the file; array (n, 2) of longitude and latitude, NaN where there is none.
    """
    chosen = _territory.select(
        [entry.insee for entry in entries], scope, lambda places: locate([entries[place] for place in places])
    )
    kept = [entries[place] for place in chosen]
    return kept, locate(kept)


def locate(entries: Sequence[Entry]) -> np.ndarray:
    """WGS84 positions (n, 2), NaN where there is none or where it cannot be in the entry's territory."""
    positions = np.full((len(entries), 2), np.nan)
    by_system: dict[int, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        if _has_coordinates(entry) and (epsg := source_epsg(entry.place, entry.insee)):
            by_system[epsg].append(index)
    for epsg, indexes in by_system.items():
        xs = np.array([entries[index].x for index in indexes])
        ys = np.array([entries[index].y for index in indexes])
        positions[indexes] = np.column_stack(shapes.transformer(epsg, WGS84).transform(xs, ys))
    positions[[not _plausible(entry, at) for entry, at in zip(entries, positions.tolist(), strict=True)]] = (
        np.nan
    )
    return positions


def _has_coordinates(entry: Entry) -> bool:
    # (0, 0) is how an unknown position is written.
    return not (math.isnan(entry.x) or math.isnan(entry.y)) and bool(entry.x or entry.y)


def _plausible(entry: Entry, position: list[float]) -> bool:
    lon, lat = position
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return False
    expected = epsg_for_commune(entry.insee)
    return expected is None or epsg_at(lon, lat) == expected


def uncovered_communes(entries: Sequence[Entry], scope: Scope) -> list[str]:
    """Communes of the scope of which the file may know nothing: it must not say that a type is absent there.

    A commune is covered when it has an establishment, or when the file holds its whole department.
    """
    present = {current_code(entry.insee) for entry in entries if entry.insee}
    by_department: dict[str, int] = defaultdict(int)
    for code in present:
        by_department[department_of(code)] += 1
    return sorted(
        commune
        for commune in scope.communes
        if not matching_codes([commune]) & present
        and by_department[department_of(commune)] < WHOLE_DEPARTMENT
    )
