"""What a bundle is built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from reseau.model.screens import Screen, ScreenMessage, ScreenPlace

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from reseau.geo.travel import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenInputs:
    """What a bundle is built from. Frames: columns of `reseau.model.columns`, EPSG:4326, index = id.

    Attributes:
        screen_key: names the screen for its server; empty for a bundle that nothing refreshes.
        logo: PNG, None without one.
        types: one row per type the territory knows (`type_code`).
        epsg: metric CRS of the territory, the one `travel` measures in.
        walking_kmh: kilometres per hour.
        places: what the team says of a structure, by its id.
        messages: those of this screen, with their ids.
        ideas: accepted counts by need.
        ideas_since: day from which they were counted.
        streets: lines of the walking network, EPSG:4326; None without one.
        pivot_id: the team's own structure.
        fictional: whether the territory is invented (demonstration).
        now: local wall-clock time, naive; its day is the first of the calendars.
        made_at: the same moment, UTC.
        zone: IANA name of the local time zone.
        sources: where the data come from, in French.
    """

    screen: Screen
    screen_key: str
    logo: bytes | None
    structures: pd.DataFrame
    permanences: pd.DataFrame
    actions: pd.DataFrame
    quartiers: gpd.GeoDataFrame
    types: pd.DataFrame
    epsg: int
    travel: Travel
    walking_kmh: float
    places: Mapping[int, ScreenPlace]
    messages: Sequence[tuple[int, ScreenMessage]]
    ideas: Mapping[str, int]
    ideas_since: date | None
    streets: gpd.GeoSeries | None
    pivot_id: int | None
    fictional: bool
    now: datetime
    made_at: datetime
    zone: str
    sources: tuple[str, ...]
