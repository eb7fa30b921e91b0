"""Quartiers a team draws itself: people's lives do not stop at the administrative line."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from reseau.errors import RefusedInput
from reseau.geo.crs import WGS84, metric_epsg
from reseau.geo.shapes import repair, to_wkb, transform
from reseau.services.app import App
from reseau.services.editing import save_row

MIN_AREA_M2 = 500.0


def create_vecu(
    app: App,
    territoire_id: int,
    name: str,
    ring: Sequence[tuple[float, float]],
    *,
    population: int | None = None,
) -> int:
    """Create a *quartier vécu* from a ring drawn on the map and return its id.

    Args:
        ring: (longitude, latitude) in WGS84 degrees, closed or not.
        population: inhabitants, None when unknown.

    Raises:
        RefusedInput: no name, a name taken, or a line that encloses nothing.
    """
    if not name.strip():
        raise RefusedInput("Donnez un nom à ce quartier.")
    if len(set(ring)) < 3:
        raise RefusedInput("Il faut au moins trois points pour dessiner un quartier.")
    polygon, _repaired = repair(shapely.Polygon(ring))
    lon, lat = ring[0]
    metric = metric_epsg(lon=lon, lat=lat)
    if polygon.is_empty or transform([polygon], source=WGS84, target=metric)[0].area < MIN_AREA_M2:
        raise RefusedInput("Ce tracé est trop petit pour être un quartier : recommencez en l'agrandissant.")
    values = {
        "name": name.strip(),
        "kind": "vecu",
        "wkb": to_wkb(polygon),
        "population": population,
        "population_source": "saisi par l'équipe" if population is not None else "",
    }
    return save_row(app, territoire_id, "quartiers", values)
