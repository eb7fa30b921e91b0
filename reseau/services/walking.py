"""How walks are measured: a network of streets kept with the territory, or the straight line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from reseau.errors import RefusedInput
from reseau.geo.crs import WGS84
from reseau.geo.network import Building
from reseau.geo.network_travel import JOIN_M, NetworkTravel
from reseau.geo.shapes import transformer
from reseau.geo.walking import walked_metres
from reseau.model.context import OSM_ATTRIBUTION
from reseau.services._kept_network import KeptNetwork, kept_network
from reseau.services._reporting import agree
from reseau.services.app import App, Progress, no_progress
from reseau.services.view import View, open_view
from reseau.sources.osm.opening import HEAD_BYTES, file_format
from reseau.sources.osm.ways import WalkableWays, read_ways
from reseau.store import networks, territoires

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["JOIN_M", "OSM_ATTRIBUTION", "PACES", "LoadedNetwork", "NetworkInfo", "Pace"]

# Paths that leave what the farthest threshold reaches, and come back.
MARGIN_M = 1_000.0
USUAL_KMH = 4.5
_NO_PIECE = Building(kept_m=0.0, dropped_m=0.0, pieces=0, too_long=0, nowhere=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A walking speed people can choose; orders of magnitude, not measures."""

    id: str
    label: str
    kmh: float


PACES = (
    Pace(id="adulte", label="Adulte", kmh=4.5),
    Pace(id="poussette", label="Avec une poussette ou un jeune enfant", kmh=3.5),
    Pace(id="agee", label="Personne âgée", kmh=3.0),
    Pace(id="canne", label="Avec une canne ou un déambulateur", kmh=2.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInfo:
    """The network kept with a territory.

    Attributes:
        title: name of the file it came from; data_date: day of the map, None when unknown.
        loaded_at: UTC, without its zone.
        label: how it is named beside figures, empty when it cannot be read (`problem` says why).
        in_use: whether the territory walks on it now.
        km: length of its streets; dropped_km: of those left out because they join nothing.
        people_share: share of the inhabitants at most 250 m from a street, None when unknown.
        structures: placed structures that are not closed; on_network: those at most 250 m from a street.
    """

    title: str
    data_date: date | None
    loaded_at: datetime
    label: str
    problem: str
    in_use: bool
    nodes: int
    km: float
    dropped_km: float
    people_share: float | None
    structures: int
    on_network: int
    attribution: str = OSM_ATTRIBUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNetwork:
    """What loading a file did. `notes`: French sentences about what the file does not hold."""

    info: NetworkInfo
    ways: int
    notes: tuple[str, ...]


def load_network(
    app: App, territoire_id: int, path: Path, *, on_progress: Progress = no_progress
) -> LoadedNetwork:
    """Keep the streets of an OpenStreetMap file around the quartiers, in place of those kept before.

    Streets are kept as far as the largest threshold reaches, and a kilometre more.

    Args:
        path: `.osm` or `.osm.pbf`.

    Raises:
        RefusedInput: no boundary of quartier yet; not such a file, damaged, without streets, or of somewhere
            else. What was kept before stays.
    """
    view = open_view(app, territoire_id)
    areas = _areas(view, path.name)
    reach = _reach_metres(view)
    on_progress(0.05, "Lecture des rues…")
    ways = read_ways(path, box=_degrees_box(areas, reach, view.epsg))
    on_progress(0.7, "Choix des rues autour des quartiers…")
    streets = _around(ways, areas, reach, view.epsg)
    if streets is None:
        raise RefusedInput(_elsewhere(path.name, ways, areas, view.epsg))
    on_progress(0.85, "Enregistrement du réseau…")
    with app.store.write() as connection:
        networks.keep_network(connection, territoire_id, streets, title=path.name, data_date=ways.data_date)
        territoires.touch(connection, territoire_id)
    info = network_info(app, territoire_id)
    if info is None:
        raise RefusedInput("Le réseau vient d'être oublié par quelqu'un d'autre : chargez-le de nouveau.")
    on_progress(1.0, "Le réseau est prêt.")
    return LoadedNetwork(info=info, ways=ways.ways, notes=tuple(_notes(app, view, ways)))


def network_info(app: App, territoire_id: int) -> NetworkInfo | None:
    """What is known of the network of a territory, None when it has none."""
    view = open_view(app, territoire_id)
    kept = kept_network(app, territoire_id, view.epsg)
    if kept is None:
        return None
    found = view.memo("network_info", lambda: _info(view, kept))
    assert isinstance(found, NetworkInfo)  # noqa: S101 -- what `_info` made
    return found


def drop_network(app: App, territoire_id: int) -> bool:
    """Forget the network of a territory: distances are straight lines again. Answers whether it had one."""
    with app.store.write() as connection:
        dropped = networks.drop_network(connection, territoire_id)
        if dropped:
            territoires.touch(connection, territoire_id)
    return dropped


def local_extracts(app: App) -> list[Path]:
    """OpenStreetMap files already in the folder of downloads, by name."""
    folder = app.config.downloads_dir
    found = [path for path in folder.glob("**/*") if path.suffix in {".osm", ".pbf"} and path.is_file()]
    return sorted((path for path in found if is_extract(path)), key=lambda path: path.name)


def is_extract(path: Path) -> bool:
    """Whether the first bytes are those of an OpenStreetMap file."""
    try:
        with path.open("rb") as file:
            return bool(file_format(file.read(HEAD_BYTES)))
    except OSError:
        return False


def _areas(view: View, filename: str) -> BaseGeometry:
    """Quartiers put together, in metres."""
    drawn = view.quartiers[view.quartiers.geometry.notna() & ~view.quartiers.geometry.is_empty]
    if drawn.empty:
        raise RefusedInput(
            f"« {filename} » n'a pas été lu : aucun quartier du territoire n'a de contour, Réseau ne sait "
            "pas quelles rues garder. Importez d'abord les contours des quartiers (page Données)."
        )
    shape: BaseGeometry = drawn.to_crs(view.epsg).union_all()
    return shape


def _reach_metres(view: View) -> float:
    settings = view.territoire
    minutes = float(max(settings.minutes_proximite, settings.minutes_intermediaire))
    return walked_metres(minutes, kmh=max(settings.walking_kmh, USUAL_KMH)) + MARGIN_M


def _degrees_box(areas: BaseGeometry, metres: float, epsg: int) -> tuple[float, float, float, float]:
    west, south, east, north = areas.bounds
    box = (west - metres, south - metres, east + metres, north + metres)
    found = transformer(epsg, WGS84).transform_bounds(*box)
    return (float(found[0]), float(found[1]), float(found[2]), float(found[3]))


def _around(ways: WalkableWays, areas: BaseGeometry, metres: float, epsg: int) -> networks.Streets | None:
    """Streets within a distance of the quartiers, None when none comes near any quartier."""
    x, y = transformer(WGS84, epsg).transform(ways.lonlat[:, 0], ways.lonlat[:, 1])
    shapely.prepare(areas)
    known = np.isfinite(x) & np.isfinite(y)
    points = shapely.points(np.where(known, x, 0.0), np.where(known, y, 0.0))
    near = known & shapely.dwithin(areas, points, metres)
    edges = ways.edges[near[ways.edges].any(axis=1)]
    touching = known & shapely.dwithin(areas, points, JOIN_M)
    if not len(edges) or not touching[edges].any():
        return None
    used, kept = np.unique(edges, return_inverse=True)
    return networks.Streets(lonlat=ways.lonlat[used], edges=kept.reshape(-1, 2).astype(np.int32))


def _elsewhere(filename: str, ways: WalkableWays, areas: BaseGeometry, epsg: int) -> str:
    if ways.ways and not len(ways.edges):
        return (
            f"« {filename} » n'a aucune rue d'un seul tenant : les points de ses rues manquent. Prenez un "
            "extrait complet de la zone."
        )
    west, south, east, north = ways.bounds
    there = ((west + east) / 2, (south + north) / 2)
    here = transformer(epsg, WGS84).transform(areas.centroid.x, areas.centroid.y)
    km = Geod(ellps="GRS80").inv(*there, *here)[2] / 1000
    return (
        f"« {filename} » ne touche aucun quartier du territoire : ses rues sont autour de "
        f"{_degrees(*there)}, les quartiers autour de {_degrees(*here)}, à "
        f"{km:.0f} km de là. Prenez un extrait de votre commune "
        "ou de votre région."
    )


def _degrees(lon: float, lat: float) -> str:
    north, east = "nord" if lat >= 0 else "sud", "est" if lon >= 0 else "ouest"
    return f"{abs(lat):.2f}° {north}, {abs(lon):.2f}° {east}".replace(".", ",")


def _info(view: View, kept: KeptNetwork) -> NetworkInfo:
    travel = kept.travel(view.territoire.detour_factor)
    built = kept.built[1] if kept.built else _NO_PIECE
    placed = view.structures[view.structures["placed"].astype(bool) & ~view.structures["closed"].astype(bool)]
    on_network = len(placed) - travel.off_network(_xy(placed.to_crs(view.epsg))) if travel else 0
    return NetworkInfo(
        title=kept.head.title,
        data_date=kept.head.data_date,
        loaded_at=kept.head.loaded_at,
        label=travel.label if travel else "",
        problem=kept.problem,
        in_use=travel is not None and view.territoire.use_network,
        nodes=kept.head.nodes,
        km=built.kept_m / 1000,
        dropped_km=built.dropped_m / 1000,
        people_share=_people_share(view, travel) if travel else None,
        structures=len(placed),
        on_network=on_network,
    )


def _people_share(view: View, travel: NetworkTravel) -> float | None:
    """Share of the inhabitants on the network; a quartier of unknown population counts as a mean one."""
    points = view.inhabitants.points
    if points.empty:
        return None
    population = view.inhabitants.quartiers["population"].astype(float)
    usual = 1.0 if population.isna().all() else float(population.mean())
    people: pd.Series[Any] = points["quartier_id"].map(population.fillna(usual)) * points["weight"]
    total = float(people.sum())
    on = travel.join(_xy(points)).node >= 0
    return float(people[on].sum()) / total if total else None


def _xy(frame: Any) -> np.ndarray:
    return np.column_stack([frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()])


def _notes(app: App, view: View, ways: WalkableWays) -> list[str]:
    notes = [
        f"{OSM_ATTRIBUTION} : le réseau reste avec ce territoire, il n'est dans aucun export et son origine "
        "est dite à côté des chiffres."
    ]
    kept = kept_network(app, view.territoire_id, view.epsg)
    if ways.data_date is None:
        notes.append("Le fichier ne dit pas de quel jour sont ses données.")
    if ways.missing:
        notes.append(
            f"{ways.missing} point(s) de rues absent(s) du fichier (rues coupées à son bord) : elles "
            "s'arrêtent là."
        )
    if ways.barriers:
        notes.append(f"{ways.barriers} passage(s) fermé(s) au public (portail privé) : rues coupées là.")
    if kept and kept.built and kept.built[1].too_long:
        notes.append(f"{kept.built[1].too_long} tronçon(s) trop long(s) pour être vrais : laissés de côté.")
    if kept and kept.built and kept.built[1].dropped_m:
        km = f"{kept.built[1].dropped_m / 1000:.1f}".replace(".", ",")
        notes.append(f"{km} km de chemins qui ne rejoignent aucun autre : laissés de côté.")
    return [agree(note) for note in notes]
