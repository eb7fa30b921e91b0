"""The one door by which data reaches a folium map: a constant template and a base64 payload."""

from __future__ import annotations

from typing import Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from reseau.maps.data import MapData, encode, sections
from reseau.maps.lock import close_lock

Tool = Literal["", "dessiner", "placer"]

close_lock()


class DataElement(MacroElement):
    """Hands the payload to the constant script, which writes every text with `textContent`."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'reseauMap.show({{ this._parent._parent.get_name() }}, "{{ this.payload }}");'
        "{% endmacro %}"
    )

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ReseauData"
        self.payload = payload


def data_layer(data: MapData, *, tool: Tool = "") -> folium.FeatureGroup:
    """Everything that changes, as a layer to add to `base_map`; the same text for equal arguments.

    Args:
        data: what to show.
        tool: `dessiner` offers to draw a polygon, `placer` to click a place, empty for neither.

    Raises:
        ValueError: a coordinate is NaN or infinite.
    """
    group = folium.FeatureGroup(name="reseau", control=False)
    group._id = "reseaugroup"
    element = DataElement(encode({**sections(data), "tool": tool}))
    element._id = "reseaudata"
    group.add_child(element)
    return group
