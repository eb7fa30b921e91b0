"""Spatial gap × relational gap: one state per (quartier, type), and measures found by discovery."""

from __future__ import annotations

from reseau.discovery import collect
from reseau.gaps._base import Analysis, Claim, Direction, GapInputs, Measure, Subject
from reseau.gaps._cache import ReachCache
from reseau.gaps.states import analyse, compute_states

__all__ = [
    "Analysis",
    "Claim",
    "Direction",
    "GapInputs",
    "Measure",
    "ReachCache",
    "Subject",
    "all_measures",
    "analyse",
    "compute_states",
]

MEASURES_PACKAGE = "reseau.gaps.measures"


def all_measures() -> dict[str, Measure]:
    """Every measure by id: one file each in `reseau/gaps/measures`.

    Raises:
        TypeError, ValueError: a file without a measure, or two measures with one id.
    """
    return collect(MEASURES_PACKAGE, "MEASURE", Measure)
