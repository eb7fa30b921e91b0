"""The frame of a map: base, panes, background tiles. Constant for a territory, built by folium."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path

import folium
from branca.element import MacroElement
from folium.template import Template

from reseau.maps.data import encode, words
from reseau.maps.lock import close_lock

STATIC_DIR = Path(__file__).parent / "static"
SCRIPTS = ("signs.js", "piles.js", "layers.js", "names.js", "proposals.js", "walks.js", "tools.js", "map.js")
STYLES = ("map.css",)
MAX_ZOOM = 19
FRANCE = (-5.2, 41.3, 9.6, 51.1)
Bounds = tuple[float, float, float, float]

# (name, z-index, takes clicks): Leaflet's own panes are tiles 200, lines 400, markers 600, popups 700.
PANES = (
    ("reseau-portee", 340, False),
    ("reseau-quartiers", 360, True),
    ("reseau-liens", 420, True),
    ("reseau-reperes", 605, True),
    ("reseau-structures", 610, True),
    ("reseau-noms", 615, False),
    ("reseau-permanences", 620, True),
)

close_lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Addresses of the scripts and style sheets, Leaflet first; the server that serves them knows them."""

    scripts: tuple[str, ...] = field(default_factory=tuple)
    styles: tuple[str, ...] = field(default_factory=tuple)


class FrameElement(MacroElement):
    """Starts the constant script of the project on the map; carries numbers and our own words only."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'reseauMap.frame({{ this._parent.get_name() }}, "{{ this.payload }}");'
        "{% endmacro %}"
    )

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ReseauFrame"
        self.payload = encode({"bounds": list(bounds), "words": words()})


def base_map(bounds: Bounds | None, tiles_url: str, attribution: str, *, assets: Assets) -> folium.Map:
    """A map without data, the same text each time for the same arguments.

    It is cheap (a few milliseconds) and whoever displays it adds layers to it: build one per display.

    Args:
        bounds: west, south, east, north, WGS84 degrees; France when None.
        tiles_url: address of the background tiles with `{x}`, `{y}`, `{z}`; empty for a plain ground.
        attribution: text shown with the tiles, taken as text.
        assets: where the browser finds Leaflet and our own scripts; folium's remote lists are not used.
    """
    west, south, east, north = bounds or FRANCE
    frame = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,
        max_zoom=MAX_ZOOM,
        tiles=None,
        zoom_control=False,
        font_size="13px",
        maxZoom=MAX_ZOOM,
    )
    frame._id = "reseauframe"
    frame.default_js = [(f"reseau-script-{rank}", url) for rank, url in enumerate(assets.scripts)]
    frame.default_css = [(f"reseau-style-{rank}", url) for rank, url in enumerate(assets.styles)]
    for rank, (name, z_index, clickable) in enumerate(PANES):
        pane = folium.map.CustomPane(name, z_index=z_index, pointer_events=clickable)
        pane._id = f"reseaupane{rank}"
        pane.add_to(frame)
    if tiles_url:
        tiles = folium.TileLayer(
            tiles=tiles_url,
            attr=_as_html_text(attribution),
            max_zoom=MAX_ZOOM,
            name="fond",
            control=False,
        )
        tiles._id = "reseautiles"
        tiles.add_to(frame)
    element = FrameElement((west, south, east, north))
    element._id = "reseaustart"
    element.add_to(frame)
    return frame


def _as_html_text(text: str) -> str:
    # Leaflet writes the attribution as HTML; braces as entities mean nothing to a template either.
    return html.escape(text or "fond de carte").replace("{", "&#123;").replace("}", "&#125;")
