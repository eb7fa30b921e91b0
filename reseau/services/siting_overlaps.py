"""Quartiers that share ground: the inhabitants there must not count twice without being told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from reseau.services.view import View

# Below this part of the smaller one, two boundaries only touch.
OVERLAP = 0.02
VECU = "vecu"


def overlapping(view: View) -> list[tuple[int, int]]:
    """Pairs of quartiers that share ground, by position."""
    found: list[tuple[int, int]] = view.memo("siting_overlaps", lambda: _pairs(view))
    return found


def counted_by_default(view: View) -> list[str]:
    """Codes of the quartiers, without the *quartiers vécus* that share ground with a QPV."""
    kinds, codes = view.quartiers["kind"].to_numpy(), view.quartiers["code"].to_numpy()
    twice = {
        at
        for pair in overlapping(view)
        for at, other in (pair, pair[::-1])
        if kinds[at] == VECU and kinds[other] != VECU
    }
    return [str(code) for at, code in enumerate(codes) if at not in twice]


def told_twice(view: View, codes: Collection[str]) -> list[str]:
    """«A et B», for each pair of quartiers counted that share ground."""
    known, names = view.quartiers["code"].to_numpy(), view.quartiers["name"].to_numpy()
    return [f"{names[a]} et {names[b]}" for a, b in overlapping(view) if {known[a], known[b]} <= set(codes)]


def _pairs(view: View) -> list[tuple[int, int]]:
    areas = view.quartiers.geometry.to_crs(epsg=view.epsg)
    first, second = areas.sindex.query(areas, predicate="intersects")
    shapes = areas.to_numpy()
    return [
        (a, b)
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
        if a < b and shapes[a].intersection(shapes[b]).area > OVERLAP * min(shapes[a].area, shapes[b].area)
    ]
