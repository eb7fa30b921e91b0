"""The map in a page: shown by streamlit-folium, fed and heard through one narrow door each way."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import streamlit as st
import xstatic.pkg.leaflet
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from reseau.maps.data import MapData
from reseau.maps.frame import SCRIPTS, STATIC_DIR, STYLES, Assets, Bounds, base_map
from reseau.maps.layer import Tool, data_layer

EventKind = Literal["structure", "quartier", "permanence", "repere", "proposal", "background", "drawing"]
_PICKED: dict[str, EventKind] = {
    "structure": "structure",
    "quartier": "quartier",
    "permanence": "permanence",
    "repere": "repere",
    "proposal": "proposal",
}
MAX_RING_POINTS = 2000
ANSWER = "last_active_drawing"

# Never mounted: declaring a component is how Streamlit serves a folder, here Leaflet's and our own.
_LEAFLET = declare_component("leaflet", path=xstatic.pkg.leaflet.BASE_DIR)
_SCRIPTS = declare_component("scripts", path=STATIC_DIR)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapBase:
    """What the frame of a map is made of; another value makes another map.

    Attributes:
        bounds: west, south, east, north shown at first, WGS84 degrees; France when None.
        tiles_url: background tiles, empty for a plain ground.
        attribution: text shown with the tiles.
    """

    bounds: Bounds | None
    tiles_url: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Where to move the view, once per new value; `zoom` None keeps the zoom."""

    lat: float
    lon: float
    zoom: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEvent:
    """What a person did on the map.

    Attributes:
        id: of the structure, quartier, permanence or place of OpenStreetMap, rank of the proposal; None for
            `background` and `drawing`.
        lat, lon: of what was chosen or clicked, None for `drawing`.
        ring: closed ring of (longitude, latitude) for `drawing`, empty otherwise.
    """

    kind: EventKind
    id: int | None = None
    lat: float | None = None
    lon: float | None = None
    ring: tuple[tuple[float, float], ...] = ()


def map_view(
    base: MapBase, data: MapData, *, key: str, height: int = 620, tool: Tool = "", focus: Focus | None = None
) -> MapEvent | None:
    """Show a map and answer what was just done on it, once.

    The frame is built once per `base` and `key`; new `data` changes layers in place and leaves the view
    where the person put it. Panning and zooming run nothing.

    Args:
        base: frame of the map.
        data: what to show on it.
        key: name of this map in the session, stable.
        height: pixels.
        tool: `dessiner` offers to draw a *quartier vécu* (event `drawing`), `placer` takes the next clicks
            as a place (event `background`).
        focus: where to bring the view.

    Returns:
        The event, None when nothing new happened since the last run.
    """
    answer = st_folium(
        base_map(base.bounds, base.tiles_url, base.attribution, assets=_assets()),
        key=f"{key}-{_digest(base)}",
        height=height,
        use_container_width=True,
        feature_group_to_add=data_layer(data, tool=tool),
        returned_objects=[ANSWER],
        center=[focus.lat, focus.lon] if focus else None,
        zoom=focus.zoom if focus else None,
    )
    return _new_event(answer, seen_key=f"{key}-vu")


def parse_event(raw: object) -> MapEvent | None:
    """The event in what the browser sent, None where it is not one of ours or does not make sense."""
    if not isinstance(raw, Mapping):
        return None
    kind = raw.get("kind")
    if kind == "drawing":
        ring = _ring(raw.get("ring"))
        return MapEvent(kind="drawing", ring=ring) if ring else None
    lat, lon = _degrees(raw.get("lat"), 90), _degrees(raw.get("lon"), 180)
    if lat is None or lon is None:
        return None
    if kind == "background":
        return MapEvent(kind="background", lat=lat, lon=lon)
    identifier = raw.get("id")
    picked = _PICKED.get(str(kind))
    if picked is None or not isinstance(identifier, int) or isinstance(identifier, bool):
        return None
    return MapEvent(kind=picked, id=identifier, lat=lat, lon=lon)


def _new_event(answer: object, *, seen_key: str) -> MapEvent | None:
    raw = answer.get(ANSWER) if isinstance(answer, Mapping) else None
    number = raw.get("n") if isinstance(raw, Mapping) else None
    # The component answers its last value at every run: an event counts the first time only.
    if not isinstance(number, str) or st.session_state.get(seen_key) == number:
        return None
    st.session_state[seen_key] = number
    return parse_event(raw)


def _degrees(value: Any, limit: float) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= limit else None


def _ring(value: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not 4 <= len(value) <= MAX_RING_POINTS:
        return ()
    points = []
    for pair in value:
        lon, lat = (_degrees(pair[0], 180), _degrees(pair[1], 90)) if _is_pair(pair) else (None, None)
        if lon is None or lat is None:
            return ()
        points.append((lon, lat))
    return tuple(points) if points[0] == points[-1] else ()


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _digest(base: MapBase) -> str:
    text = json.dumps([base.bounds, base.tiles_url, base.attribution, _version()])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _version() -> str:
    content = b"".join((STATIC_DIR / name).read_bytes() for name in SCRIPTS + STYLES)
    return hashlib.sha256(content).hexdigest()[:12]


def _assets() -> Assets:
    # Relative to the frame's own page, so that they hold behind a proxy or a base path.
    leaflet, ours, version = f"../{_LEAFLET.name}", f"../{_SCRIPTS.name}", _version()
    return Assets(
        scripts=(f"{leaflet}/leaflet.js", *(f"{ours}/{name}?v={version}" for name in SCRIPTS)),
        styles=(f"{leaflet}/leaflet.css", *(f"{ours}/{name}?v={version}" for name in STYLES)),
    )
