"""Walking times from straight lines: a labelled estimate, used while no walking network is loaded."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reseau.errors import RefusedInput

Lengths = TypeVar("Lengths", float, NDArray[np.float64])
MINUTES_PER_HOUR = 60.0
METRES_PER_KM = 1000.0


def walking_minutes(metres: Lengths, *, detour_factor: float, kmh: float) -> Lengths:
    """Minutes walked for straight-line distances: metres × detour factor ÷ speed.

    Args:
        metres: straight-line distances in a metric CRS, metres; NaN stays NaN.
        detour_factor: walked distance ÷ straight line, at least 1.
        kmh: walking speed, kilometres per hour, above zero.

    Raises:
        RefusedInput: the speed or the factor makes no sense.
    """
    return metres * _minutes_per_metre(detour_factor, kmh)


def reach_metres(minutes: Lengths, *, detour_factor: float, kmh: float) -> Lengths:
    """Straight-line metres reached in that many minutes: inverse of `walking_minutes`.

    Raises:
        RefusedInput: the speed or the factor makes no sense.
    """
    return minutes / _minutes_per_metre(detour_factor, kmh)


def walked_metres(minutes: Lengths, *, kmh: float) -> Lengths:
    """Metres walked in that many minutes.

    Raises:
        RefusedInput: the speed makes no sense.
    """
    return minutes / _minutes_per_metre(1.0, kmh)


def _minutes_per_metre(detour_factor: float, kmh: float) -> float:
    if not kmh > 0:
        raise RefusedInput(f"Réglages : la vitesse de marche ({kmh} km/h) doit être supérieure à zéro.")
    if not detour_factor >= 1:
        raise RefusedInput(
            f"Réglages : le facteur de détour ({detour_factor}) doit être au moins 1, "
            "car un trajet à pied n'est jamais plus court que la ligne droite."
        )
    return detour_factor / (kmh * METRES_PER_KM / MINUTES_PER_HOUR)
