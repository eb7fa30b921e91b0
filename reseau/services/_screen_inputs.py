"""What a screen is built from, gathered from a territory and from what its team decided of its screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from reseau.errors import RefusedInput
from reseau.model.screens import Screen, ScreenMessage, ScreenPlace
from reseau.screens.build import ScreenInputs
from reseau.services.clock import local_now, zone_name
from reseau.services.exporting import source_lines
from reseau.store import networks

if TYPE_CHECKING:
    from reseau.geo.travel import Floats
    from reseau.services.app import App
    from reseau.services.view import View

# A plan shows a little more than the walk of its screen.
AROUND = 1.6
# Of what a screen shows: that a team keeps a journal or counts needs is nobody else's business.
SHOWN = ("structures", "quartiers", "permanences", "actions")
_DEGREE_M = 111_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the team and the residents said, beside the directory.

    Attributes:
        key: names the screen for its server; empty for one that is not kept.
        logo: PNG.
        ideas: shown counts by need, since `ideas_since`.
    """

    key: str = ""
    logo: bytes | None = None
    places: Mapping[int, ScreenPlace] = field(default_factory=dict)
    messages: Sequence[tuple[int, ScreenMessage]] = ()
    ideas: Mapping[str, int] = field(default_factory=dict)
    ideas_since: date | None = None


def gather(app: App, view: View, screen: Screen, said: Said) -> ScreenInputs:
    """Inputs of a screen, now."""
    communes = view.territoire.communes
    return ScreenInputs(
        screen=screen,
        screen_key=said.key,
        logo=said.logo,
        structures=view.structures,
        permanences=view.permanences,
        actions=view.actions,
        quartiers=view.quartiers,
        types=view.types,
        epsg=view.epsg,
        travel=view.travel,
        walking_kmh=view.territoire.walking_kmh,
        places=said.places,
        messages=said.messages,
        ideas=said.ideas,
        ideas_since=said.ideas_since,
        streets=streets_around(app, view, screen),
        pivot_id=view.pivot_id,
        fictional=view.territoire.fictional,
        now=local_now(communes),
        made_at=datetime.now(UTC),
        zone=zone_name(communes),
        sources=source_lines(view, kinds=SHOWN),
    )


def streets_around(app: App, view: View, screen: Screen) -> gpd.GeoSeries | None:
    """Streets of the network kept with the territory around a screen (EPSG:4326); None without one."""
    kept = view.memo("streets of the screens", lambda: _streets(app, view.territoire_id))
    points = _corners(view, screen)
    if kept is None or not len(points):
        return None
    metres = AROUND * screen.walk_minutes * view.territoire.walking_kmh * 1000 / 60
    high = metres / _DEGREE_M
    wide = high / max(0.1, float(np.cos(np.radians(points[:, 1].mean()))))
    around = np.array([wide, high])
    low, top = points.min(axis=0) - around, points.max(axis=0) + around
    ends = kept.lonlat[kept.edges]
    # Streets with an end in the frame: one that only crosses it is longer than any street is.
    near = ((ends >= low) & (ends <= top)).all(axis=2).any(axis=1)
    return gpd.GeoSeries(shapely.linestrings(ends[near]), crs="EPSG:4326")


def _streets(app: App, territoire_id: int) -> networks.Streets | None:
    try:
        with app.store.read() as connection:
            return networks.get_streets(connection, territoire_id)
    except RefusedInput:  # damaged: said where it is loaded, and a plan without streets is still a plan
        return None


def _corners(view: View, screen: Screen) -> Floats:
    """What a plan turns around, n × 2 degrees: corners of the quartiers, the screen or the team."""
    chosen = view.quartiers[view.quartiers["code"].isin(screen.quartiers)]
    found = chosen.geometry.bounds.to_numpy(dtype=float).reshape(-1, 2)
    if screen.lon is not None and screen.lat is not None:
        here = [(screen.lon, screen.lat)]
    else:
        pivot = view.structures.loc[view.structures["is_pivot"] & view.structures["placed"], ["lon", "lat"]]
        here = list(pivot.itertuples(index=False, name=None))
    points = np.array([*found, *here], dtype=float).reshape(-1, 2)
    finite: Floats = points[np.isfinite(points).all(axis=1)]
    return finite
