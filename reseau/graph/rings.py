"""Positions of one connected part in rings around its centre, by number of steps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from reseau.graph.build import Network
from reseau.model.typology import FAMILIES

Array = NDArray[np.float64]

# Least distance along a ring and between rings; a screen is wider than high, and so are names.
_ALONG, _BETWEEN, _FIRST = 1.5, 1.5, 2.5
STRETCH = 1.5
_FAMILY_RANK = {code: rank for rank, code in enumerate(FAMILIES)}


def place_rings(part: Network, centre: int) -> dict[int, tuple[float, float]]:
    """Place a connected part: `centre` at (0, 0), one band of rings per number of steps.

    Direct neighbours are sorted by family, so that each family makes a sector; further out, each structure
    stands as near as room allows to the direction of those that lead to it. A crowded band takes several
    rings, filled in turn so that spokes pass between structures.
    """
    steps = nx.single_source_shortest_path_length(part, centre)
    bands: dict[int, list[int]] = {}
    for node in sorted(part):
        bands.setdefault(steps[node], []).append(node)
    angles: dict[int, float] = {}
    positions = {centre: (0.0, 0.0)}
    radius = 0.0
    for step in range(1, len(bands)):
        ordered, turn = _order(part, bands[step], angles, steps)
        radii = _radii(len(ordered), inner=max(radius + _BETWEEN, _FIRST))
        turn = _spread(turn, least=2 * math.pi / _capacity(radii))
        dealt = np.asarray(_deal(len(ordered), radii))
        for ring in radii:
            # Dealing in turn leaves places uneven: each ring is evened out for itself.
            turn[dealt == ring] = _spread(turn[dealt == ring], least=_least_angle(ring))
        for node, angle, ring in zip(ordered, turn.tolist(), dealt.tolist(), strict=True):
            angles[node] = angle
            positions[node] = (
                round(STRETCH * ring * math.sin(angle), 6),
                round(-ring * math.cos(angle), 6),
            )
        radius = radii[-1]
    return positions


def _order(
    part: Network, band: Sequence[int], angles: Mapping[int, float], steps: Mapping[int, int]
) -> tuple[list[int], Array]:
    """Nodes of a band in the order of the angle each would like, and these angles (0 is up, clockwise)."""
    if not angles:
        ordered = sorted(band, key=lambda node: (_family_rank(part, node), _pull(part, node), node))
        return ordered, np.arange(len(ordered), dtype=np.float64) * (2 * math.pi / len(ordered))
    wished = {node: _direction(part, node, angles, steps) for node in band}
    ordered = sorted(band, key=lambda node: (round(wished[node], 9), _family_rank(part, node), node))
    return ordered, np.asarray([wished[node] for node in ordered], dtype=np.float64)


def _family_rank(part: Network, node: int) -> tuple[int, str]:
    family = part.nodes[node]["family"]
    return _FAMILY_RANK.get(family, len(_FAMILY_RANK)), family


def _pull(part: Network, node: int) -> float:
    """Inside a family, those tied to earlier families come first: shorter chords."""
    ranks = sorted(_family_rank(part, other)[0] for other in part.neighbors(node))
    return round(float(np.mean(ranks)), 9)


def _direction(part: Network, node: int, angles: Mapping[int, float], steps: Mapping[int, int]) -> float:
    """Mean direction of the structures one step nearer to the centre."""
    inner = sorted(angles[other] for other in part.neighbors(node) if steps[other] == steps[node] - 1)
    x, y = sum(map(math.sin, inner)), sum(map(math.cos, inner))
    if math.hypot(x, y) < 1e-9:
        return inner[0] % (2 * math.pi)
    return math.atan2(x, y) % (2 * math.pi)


def _radii(number: int, *, inner: float) -> list[float]:
    """Radii of the rings one band needs for `number` structures."""
    radii = [inner]
    while _capacity(radii) < number:
        radii.append(radii[-1] + _BETWEEN)
    return radii


def _capacity(radii: Sequence[float]) -> float:
    # Several rings share a band in whole numbers, so that none may be counted on to the last place.
    full = sum(2 * math.pi / _least_angle(radius) for radius in radii)
    return full if len(radii) == 1 else 0.85 * full


def _least_angle(radius: float) -> float:
    return 2 * math.asin(min(_ALONG / (2 * radius), 1.0))


def _deal(number: int, radii: Sequence[float]) -> list[float]:
    """Radius of each structure of a band, in order: rings served in turn, in proportion to their length."""
    credit = [0.0] * len(radii)
    dealt = []
    for _ in range(number):
        credit = [owed + radius / sum(radii) for owed, radius in zip(credit, radii, strict=True)]
        chosen = max(range(len(radii)), key=lambda ring: (round(credit[ring], 9), -ring))
        credit[chosen] -= 1.0
        dealt.append(radii[chosen])
    return dealt


def _spread(wished: Array, *, least: float) -> Array:
    """Nearest angles to `wished` (sorted, in one turn) that are at least `least` apart, all around.

    The circle is cut at its widest gap; then least squares under order, by pooling adjacent violators
    (Ayer and others, 1955).
    """
    number = len(wished)
    if number < 2:
        return wished
    least = min(least, 2 * math.pi / number)
    gaps = np.diff(np.append(wished, wished[0])) % (2 * math.pi)
    first = (int(gaps.argmax()) + 1) % number
    line = np.roll(wished, -first)
    line = np.where(line < line[0], line + 2 * math.pi, line) - least * np.arange(number)
    pooled: list[tuple[float, int]] = []
    for value in line.tolist():
        mean, size = value, 1
        while pooled and pooled[-1][0] > mean:
            before, count = pooled.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        pooled.append((mean, size))
    flat = np.concatenate([np.full(size, mean) for mean, size in pooled])
    # The two ends must not overlap either: squeeze to one turn less one place.
    span, room = float(flat[-1] - flat[0]), 2 * math.pi - least * number
    if span > room > 0:
        flat = flat[0] + (flat - flat[0]) * (room / span)
    elif room <= 0:
        flat = np.full(number, flat.mean())
    return np.roll((flat + least * np.arange(number)) % (2 * math.pi), first)
