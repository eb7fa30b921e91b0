"""What outlives an edit: where inhabitants are, and what was measured for each type."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from reseau.gaps import ReachCache
from reseau.geo.inhabitants import Inhabitants, inhabitants

if TYPE_CHECKING:
    import geopandas as gpd

LAYERS = ("carreaux", "iris")


@dataclass(slots=True)
class KeptReach:
    """Of one territory, from one version of its data to the next.

    Attributes:
        reach: what was measured for each type.
        people: the last inhabitants computed, with the key of what they were computed from.
    """

    reach: ReachCache = field(default_factory=ReachCache)
    people: tuple[str, Inhabitants] | None = None

    def inhabitants(
        self,
        quartiers: gpd.GeoDataFrame,
        *,
        epsg: int,
        read_layer: Callable[[str], gpd.GeoDataFrame],
        stamp_layer: Callable[[str], str],
    ) -> Inhabitants:
        """Inhabitants of these quartiers, computed again only if a boundary, a number or a layer changed.

        Args:
            quartiers: QUARTIERS frame.
            epsg: metric system wanted.
            read_layer: reads the squares (`carreaux`) or the blocks (`iris`).
            stamp_layer: short text that changes when one of these does.
        """
        stamps = [stamp_layer(kind) for kind in LAYERS]
        key = _key(quartiers, epsg, stamps)
        if self.people is not None and self.people[0] == key:
            return self.people[1]
        squares, iris = map(read_layer, LAYERS)
        found = inhabitants(quartiers, crs=f"EPSG:{epsg}", squares=squares, iris=iris)
        # A layer that changed while it was read must not be kept under the stamp it had before.
        if stamps == [stamp_layer(kind) for kind in LAYERS]:
            self.people = (key, found)
        return found


def _key(quartiers: gpd.GeoDataFrame, epsg: int, stamps: list[str]) -> str:
    found = hashlib.blake2b(repr((epsg, stamps, quartiers.index.tolist())).encode(), digest_size=16)
    found.update(repr(quartiers[["population", "population_source"]].to_numpy().tolist()).encode())
    for wkb in shapely.to_wkb(quartiers.geometry.to_numpy()):
        found.update(b"-" if wkb is None else wkb)
    return found.hexdigest()
