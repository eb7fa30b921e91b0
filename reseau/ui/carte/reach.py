"""What people reach on foot, drawn on the map: around the places of a type, or around one structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reseau.geo.shapes import repair, to_wgs84
from reseau.geo.walking import walked_metres
from reseau.maps import shapes
from reseau.model.context import OSM_ATTRIBUTION
from reseau.ui import state
from reseau.ui.carte.lists import threshold_minutes

if TYPE_CHECKING:
    import geopandas as gpd

    from reseau.maps.data import Geometry
    from reseau.services.view import View
    from reseau.ui.carte.filters import Shown

TYPE_LAYER, STRUCTURE_LAYER = "portee", "minutes"
STEPS = (5, 10, 15)
STEPS_LABEL = "À 5, 10 et 15 min de la structure choisie"


def on_map(view: View, shown: Shown) -> dict[str, Any]:
    """What the map draws of it, as arguments of `MapData`: around the chosen structure when that is asked."""
    chosen = state.selection(view)
    if STRUCTURE_LAYER in shown.layers and chosen.structure_id is not None:
        around = _around_structure(view, chosen.structure_id)
        if around is not None:
            return {"reach": around, "reach_label": STEPS_LABEL}
    if TYPE_LAYER in shown.layers and chosen.type_code is not None:
        return {"reach": _around_type(view, chosen.type_code)}
    return {}


def in_words(view: View, shown: Shown) -> list[str]:
    """What the light areas are, how they were made and whose streets they follow."""
    chosen = state.selection(view)
    found = []
    if STRUCTURE_LAYER in shown.layers:
        if chosen.structure_id is None:
            found.append("choisissez une structure pour voir ce qui en est à 5, 10 et 15 min à pied")
        elif not view.structures.at[chosen.structure_id, "placed"]:
            found.append("la structure choisie n'a pas de position : pas de zone de marche")
        else:
            return [f"zones claires : à 5, 10 et 15 min à pied de la structure choisie{_credit(view)}"]
    if TYPE_LAYER in shown.layers and chosen.type_code:
        minutes = threshold_minutes(view, chosen.type_code)
        label = view.typology[chosen.type_code].short_label
        if minutes is None:
            found.append(f"{label} : attendu dans les communes du territoire, sans portée à pied")
        else:
            found.append(f"zone claire : à moins de {minutes} min à pied ({label}){_credit(view)}")
    return found


def _credit(view: View) -> str:
    return "" if view.travel.is_straight else f", par les rues ({OSM_ATTRIBUTION})"


def _around_type(view: View, type_code: str) -> Geometry | None:
    """What lies within the walking threshold of the type, once per view and type."""
    minutes = threshold_minutes(view, type_code)
    if minutes is None:
        return None
    known: dict[str, Geometry | None] = view.memo("carte_reach", dict)
    if type_code not in known:
        points = view.points[(view.points["type_code"] == type_code) & view.points["placed"]]
        known[type_code] = _area(view, points.geometry, minutes)
    return known[type_code]


def _around_structure(view: View, structure_id: int) -> Geometry | None:
    """Three areas one in another, the widest first; None for a structure without a position."""
    known: dict[int, Geometry | None] = view.memo("carte_minutes", dict)
    if structure_id not in known:
        place = view.structures.loc[[structure_id]]
        areas = [_area(view, place[place["placed"]].geometry, minutes) for minutes in reversed(STEPS)]
        drawn = [area for area in areas if area is not None]
        known[structure_id] = {"type": "GeometryCollection", "geometries": drawn} if drawn else None
    return known[structure_id]


def _area(view: View, points: gpd.GeoSeries, minutes: int) -> Geometry | None:
    metric = points.to_crs(view.epsg)
    places = np.column_stack([metric.x.to_numpy(), metric.y.to_numpy()]).reshape(-1, 2)
    area = view.travel.area(places, walked_metres(float(minutes), kmh=view.territoire.walking_kmh))
    if area is None or area.is_empty:
        return None
    # Coming back to degrees can fold a sliver of the area on itself.
    degrees, _ = repair(to_wgs84([area], view.epsg)[0])
    return shapes.geojson(degrees)
