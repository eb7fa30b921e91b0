"""Places where a service could be opened: structures that lend premises, places of a map, free points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from reseau.errors import RefusedInput
from reseau.model.context import OSM_ATTRIBUTION
from reseau.model.typology import normalise
from reseau.services.action_drafts import HOST_TYPES
from reseau.services.reperes import already_known, list_reperes
from reseau.sources import MAX_NAME, CellError, read_position

if TYPE_CHECKING:
    import pandas as pd

    from reseau.geo.travel import Floats
    from reseau.services.app import App
    from reseau.services.view import View

WGS84 = "EPSG:4326"
FAR_DEGREES = 1.0
FAR = "ce point est très loin de vos quartiers ; vérifiez l'ordre : longitude, puis latitude."
_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*(?:[,;](.*))?", re.DOTALL)
_DECIMAL_COMMAS = re.compile(r"\s*\d+\s*[,;]\s*\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place where a service could be held, or where one walks to.

    Attributes:
        lon, lat: WGS84 degrees.
        structure_id: the structure that is there, None for another place.
        credit: what must be said of the map it was read in, empty otherwise.
    """

    label: str
    lon: float
    lat: float
    structure_id: int | None = None
    credit: str = ""


def host_kinds(view: View) -> dict[str, int]:
    """Open and placed structures by type: those used to lending a room first, then the others."""
    counts = Counter(code for types in _open_structures(view)["types"] for code in types)
    order = [*HOST_TYPES, *(item.code for item in view.typology if item.code not in HOST_TYPES)]
    return {code: counts[code] for code in order if counts[code]}


def structure_candidates(
    view: View, types: Collection[str] = (), *, ids: Iterable[int] = ()
) -> list[Candidate]:
    """Open and placed structures of any of the types, and those picked, by id; each once.

    Raises:
        RefusedInput: a structure that was picked is closed, has no position or is not there any more.
    """
    frame = _open_structures(view)
    picked = set(ids)
    if missing := picked.difference(frame.index):
        names = view.structures["name"].reindex(sorted(missing)).dropna()
        what = ", ".join(f"« {name} »" for name in names) or "une structure choisie"
        raise RefusedInput(
            f"Lieux possibles : {what} (structure fermée, sans position ou supprimée). "
            "Retirez-la du choix, ou placez-la d'abord."
        )
    wanted = [
        row_id in picked or not set(types).isdisjoint(own)
        for row_id, own in zip(frame.index, frame["types"], strict=True)
    ]
    return [
        Candidate(label=str(name), lon=float(lon), lat=float(lat), structure_id=int(row_id))
        for row_id, name, lon, lat in frame.loc[wanted, ["name", "lon", "lat"]].sort_index().itertuples()
    ]


def repere_kinds(app: App, view: View) -> dict[str, int]:
    """Places of another map that the directory does not have, by type."""
    counts = Counter(code for code in _new_reperes(app, view)["type_code"] if code)
    order = [*HOST_TYPES, *(item.code for item in view.typology if item.code not in HOST_TYPES)]
    return {code: counts[code] for code in order if counts[code]}


def repere_candidates(app: App, view: View, types: Collection[str]) -> list[Candidate]:
    """Places of another map of those types that the directory does not have, with the mention they need."""
    frame = _new_reperes(app, view)
    found = frame[frame["type_code"].isin(list(types))].sort_values("uid", kind="stable")
    return [
        Candidate(label=_told(view, name, code), lon=float(lon), lat=float(lat), credit=OSM_ATTRIBUTION)
        for name, code, lon, lat in found[["name", "type_code", "lon", "lat"]].itertuples(index=False)
    ]


def read_point(text: str) -> Candidate:
    """A free point typed «longitude,latitude,nom» («1.4437,43.6045,École Jean-Jaurès»).

    Raises:
        RefusedInput: it is not written so, or is not on Earth.
    """
    found = _POINT.fullmatch(text)
    # «1,44,43,60,École»: decimal commas would make another place, silently.
    if found is None or _DECIMAL_COMMAS.match(found[3] or ""):
        raise RefusedInput(
            f"Point « {text[:80]} » : écrivez « longitude,latitude,nom », avec un point dans les nombres "
            "(exemple : 1.4437,43.6045,École Jean-Jaurès)."
        )
    lon, lat, name = found.groups()
    return free_point(float(lon), float(lat), name or "")


def free_point(lon: float, lat: float, label: str = "") -> Candidate:
    """A point of the map, named or not.

    Raises:
        RefusedInput: the position cannot be, or the name is too long.
    """
    try:
        at = read_position(str(lat), str(lon))
    except CellError as error:
        raise RefusedInput(f"Point : {error}") from error
    name = " ".join(label.split())
    if len(name) > MAX_NAME:
        raise RefusedInput(f"Point : nom trop long ({MAX_NAME} caractères au plus).")
    shown = f"Point {at.lat:.5f} ; {at.lon:.5f}".replace(".", ",")
    return Candidate(label=name or shown, lon=at.lon, lat=at.lat)


def is_far(view: View, lon: float | None, lat: float | None) -> bool:
    """Whether a point (WGS84 degrees) is so far from the quartiers that it must be a slip.

    False where there is no point, or no quartier to say so.
    """
    if lon is None or lat is None or view.quartiers.empty:
        return False
    west, south, east, north = map(float, view.quartiers.total_bounds)
    near = west - FAR_DEGREES <= lon <= east + FAR_DEGREES
    # What is not a number is near nothing.
    return not (near and south - FAR_DEGREES <= lat <= north + FAR_DEGREES)


def metric(view: View, candidates: Collection[Candidate]) -> Floats:
    """Coordinates of places in the metric system of the territory, n × 2, metres."""
    lon, lat = [item.lon for item in candidates], [item.lat for item in candidates]
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=WGS84).to_crs(epsg=view.epsg)
    return np.column_stack([points.x.to_numpy(), points.y.to_numpy()]).reshape(-1, 2)


def _told(view: View, name: str, code: str) -> str:
    """«Redon (Mairie et services municipaux)»: the kind too, where the name does not say it."""
    kind = view.typology[code].short_label
    said = set(normalise(name).split()) & set(normalise(view.typology[code].full_label).split())
    return name if said else f"{name} ({kind})"


def _open_structures(view: View) -> pd.DataFrame:
    frame: pd.DataFrame = view.structures
    return frame[frame["placed"].astype(bool) & ~frame["closed"].eq(True)]


def _new_reperes(app: App, view: View) -> pd.DataFrame:
    frame: pd.DataFrame = list_reperes(app, view.territoire_id)
    return frame[already_known(frame, view.structures).isna()]
