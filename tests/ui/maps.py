"""What stands where a map is: AppTest cannot click in a component."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reseau.maps.data import MapData
from reseau.ui.components.map_view import MapBase, MapEvent


@dataclass
class Map:
    """Keeps what it was given, and answers the event it was told to, once.

    Attributes:
        drawn: how many times it was asked for.
        options: what else the page said last: what a click would do, where to look…
    """

    drawn: int = 0
    base: MapBase | None = None
    data: MapData = field(default_factory=MapData)
    options: dict[str, Any] = field(default_factory=dict)
    event: MapEvent | None = None

    def __call__(self, base: MapBase, data: MapData, **options: Any) -> MapEvent | None:
        self.drawn += 1
        self.base, self.data, self.options = base, data, options
        answer, self.event = self.event, None
        return answer
