"""What a territory keeps of a national file: one rule for every source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely

from reseau.errors import RefusedInput
from reseau.model.communes import current_code, matching_codes
from reseau.model.reports import Scope
from reseau.sources._around import near_areas

_NO_BOX = (1.0, 1.0, -1.0, -1.0)


def require_territory(scope: Scope, name: str) -> None:
    """Make sure that a scope names a territory.

    Raises:
        RefusedInput: neither communes nor a radius around quartiers: the whole country would be kept.
    """
    if scope.communes or (scope.areas_wkb and scope.radius_km is not None):
        return
    raise RefusedInput(
        f"« {name} » est un fichier national : indiquez d'abord les communes du territoire, ou un rayon "
        "autour de ses quartiers (page Réglages, ou « territoire creer NOM --communes 31555 »)."
    )


class Territory:
    """A scope, ready to be asked about one place after another."""

    def __init__(self, scope: Scope) -> None:
        self._codes = matching_codes(scope.communes)
        self._areas = scope.areas_wkb if scope.radius_km is not None else ()
        self._metres = (scope.radius_km or 0) * 1000
        self._box = self._degrees_box()

    def has(self, insee: str) -> bool:
        """Whether a commune is one of the territory's (former codes and arrondissements understood)."""
        return bool(insee) and current_code(insee) in self._codes

    def may_be_near(self, lon: float, lat: float) -> bool:
        """Cheap first answer about a WGS84 position: when False, `near` would say so too."""
        west, south, east, north = self._box
        return west <= lon <= east and south <= lat <= north

    def near(self, positions: np.ndarray) -> np.ndarray:
        """Whether each WGS84 position (n, 2) is within the radius of a quartier; NaN is near nothing."""
        return near_areas(positions, self._areas, self._metres)

    def _degrees_box(self) -> tuple[float, float, float, float]:
        if not self._areas:
            return _NO_BOX
        west, south, east, north = shapely.total_bounds(shapely.from_wkb(list(self._areas)))
        high = self._metres / 110_000
        wide = high / max(0.1, float(np.cos(np.radians(max(abs(south), abs(north)) + high))))
        return float(west - wide), float(south - high), float(east + wide), float(north + high)


def select(insee: Sequence[str], scope: Scope, locate: Callable[[list[int]], np.ndarray]) -> list[int]:
    """Places of the scope's communes, and those within its radius of its quartiers.

    Args:
        insee: commune of each place, empty when unknown.
        scope: what the territory wants.
        locate: WGS84 positions (n, 2; NaN when unknown) of the places at these indexes; asked only of those
            whose commune is elsewhere, and only when a radius counts.

    Returns:
        indexes kept, in order.
    """
    territory = Territory(scope)
    kept = [index for index, code in enumerate(insee) if territory.has(code)]
    if scope.radius_km is not None and scope.areas_wkb:
        inside = set(kept)
        others = [index for index in range(len(insee)) if index not in inside]
        kept += [others[place] for place in np.flatnonzero(territory.near(locate(others)))]
    return sorted(kept)
