"""The area people reach on a walking network: what surrounds the streets walked."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from reseau.geo.network import WalkNetwork
from reseau.geo.shapes import repair
from reseau.geo.travel import Floats

# A street reached gives access to the buildings along it.
BESIDE_M = 40.0
# Inside of a block of buildings surrounded by streets reached; a larger hole (a lake, tracks) is shown.
CLOSED_HOLE_M2 = 20_000.0
# Drawn on a grid: putting together the surroundings of 100,000 streets one by one takes ten times longer.
FINEST_CELL_M = 8.0
MAX_CELLS = 2_000_000


def walked_area(
    network: WalkNetwork,
    metres: Floats,
    limit_m: float,
    *,
    feet: NDArray[np.float64],
    beside: BaseGeometry | None = None,
) -> BaseGeometry:
    """Polygon around every part of a street walked within the limit, true to about ten metres.

    Args:
        network: where people walk.
        metres: length to each node, infinite when out of reach.
        limit_m: metres walked, included.
        feet: k × 2 × 2, segments from the places to the network.
        beside: area to add (places off the network).

    Returns:
        A valid polygon or multipolygon in the CRS of the network.
    """
    segments = np.concatenate([_segments(network, metres, limit_m), feet])
    area: BaseGeometry = _around(segments) if len(segments) else MultiPolygon()
    if beside is not None:
        area = shapely.union(area, beside)
    return repair(area)[0]


def _segments(network: WalkNetwork, metres: Floats, limit_m: float) -> NDArray[np.float64]:
    """Edges walked whole, and the parts walked of the others, k × 2 × 2."""
    u, v = network.edges.T
    length = network.lengths
    left = np.maximum(limit_m - metres[network.edges], 0.0)
    whole = left.sum(axis=1) >= length
    found = [network.xy[network.edges[whole]]]
    for start, end, walked in ((u, v, left[:, 0]), (v, u, left[:, 1])):
        part = ~whole & (walked > 0)
        share = (walked[part] / length[part])[:, None]
        a, b = network.xy[start[part]], network.xy[end[part]]
        found.append(np.stack([a, a + (b - a) * share], axis=1))
    return np.concatenate(found)


def _around(segments: NDArray[np.float64]) -> BaseGeometry:
    """What is at most `BESIDE_M` from segments, drawn on a grid, small holes closed."""
    low = segments.min(axis=(0, 1)) - 2 * BESIDE_M
    size = segments.max(axis=(0, 1)) + 2 * BESIDE_M - low
    cell = max(FINEST_CELL_M, float(np.sqrt(size[0] * size[1] / MAX_CELLS)))
    walked = np.zeros(np.ceil(size / cell).astype(np.intp)[::-1], dtype=bool)
    steps = int(np.ceil(np.hypot(*(segments[:, 1] - segments[:, 0]).T).max() / cell)) + 1
    for share in np.linspace(0.0, 1.0, steps + 1):
        column, row = ((segments[:, 0] * (1 - share) + segments[:, 1] * share - low) // cell).T.astype(
            np.intp
        )
        walked[row, column] = True
    near = ndimage.distance_transform_edt(~walked) * cell <= BESIDE_M
    holes, _ = ndimage.label(~near)
    small = np.bincount(holes.ravel()) * cell**2 < CLOSED_HOLE_M2
    small[holes[0, 0]] = False
    return _polygons(near | small[holes], low, cell)


def _polygons(cells: NDArray[np.bool_], low: NDArray[np.float64], cell: float) -> BaseGeometry:
    """Cells put together: rows of them first, then everything, then the stairs made slopes."""
    padded = np.zeros((cells.shape[0], cells.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = cells
    change = np.diff(padded, axis=1)
    (row, start), (_, end) = np.nonzero(change > 0), np.nonzero(change < 0)
    x, y = low
    boxes = shapely.box(x + start * cell, y + row * cell, x + end * cell, y + (row + 1) * cell)
    return shapely.simplify(shapely.union_all(boxes), cell)
