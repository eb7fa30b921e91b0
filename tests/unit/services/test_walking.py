"""The network kept with a territory: loaded, used, damaged, forgotten, saved and restored."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import select, update

from reseau.config import load_config
from reseau.errors import RefusedInput
from reseau.geo.network_travel import NetworkTravel
from reseau.model.context import OSM_ATTRIBUTION
from reseau.services import App, open_app
from reseau.services.backups import restore_backup, save_backup
from reseau.services.editing import save_row
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import open_view
from reseau.services.walking import (
    PACES,
    drop_network,
    is_extract,
    load_network,
    local_extracts,
    network_info,
)
from reseau.store.planning_tables import networks
from tests.frames import lonlat

# One street along y = 0, 3 km long, with a private way and a stump that joins nothing.
STREET = [(x, 0.0) for x in range(-1500, 1501, 100)]
FAR_AWAY = [(90_000.0, 0.0), (90_100.0, 0.0)]


def extract(folder: Path, *lines: list[tuple[float, float]], name: str = "rues.osm", tail: str = "") -> Path:
    """An OpenStreetMap file of streets through these places (metres from the origin of `tests.frames`)."""
    nodes, ways, number = [], [], 0
    for rank, line in enumerate(lines, start=1):
        refs = []
        for x, y in line:
            number += 1
            lon, lat = lonlat(x, y)
            nodes.append(f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}"/>')
            refs.append(f'<nd ref="{number}"/>')
        ways.append(f'<way id="{rank}">{"".join(refs)}<tag k="highway" v="residential"/></way>')
    path = folder / name
    head = '<?xml version="1.0"?><osm version="0.6"><meta osm_base="2026-05-04T00:00:00Z"/>'
    path.write_text(head + "".join(nodes) + "".join(ways) + tail + "</osm>", encoding="utf-8")
    return path


def quartier(app: App, tid: int, x: float = 0.0, y: float = 0.0, side: float = 200.0) -> int:
    shape = shapely.Polygon(
        [lonlat(x, y), lonlat(x + side, y), lonlat(x + side, y + side), lonlat(x, y + side)]
    )
    values = {"name": f"Quartier {x:g}", "wkb": shape.wkb, "communes": ["18033"],
              "commune_names": ["Bourges"], "population": 1000}  # fmt: skip
    return save_row(app, tid, "quartiers", values)


def place(app: App, tid: int, x: float, y: float, name: str = "CMP") -> int:
    lon, lat = lonlat(x, y)
    values = {"name": name, "types": ["cmp"], "lon": lon, "lat": lat, "position_precision": "exacte"}
    return save_row(app, tid, "structures", values)


def minutes(app: App, tid: int) -> float:
    gaps = open_view(app, tid).gaps
    return float(gaps.loc[gaps["type_code"] == "cmp", "minutes_nearest"].iloc[0])


@pytest.fixture
def here(app: App) -> int:
    tid = create_territoire(app, "Bourges", communes=["18033"]).id
    quartier(app, tid)
    return tid


def test_without_a_network_everything_is_straight(app: App, here: int) -> None:
    assert network_info(app, here) is None
    assert open_view(app, here).travel.is_straight
    assert not drop_network(app, here)


def test_a_loaded_network_is_used_at_once_and_said(app: App, here: int, tmp_path: Path) -> None:
    place(app, here, 600, 0)
    place(app, here, 600, 400, "Loin des rues")
    before = minutes(app, here)
    loaded = load_network(app, here, extract(tmp_path, STREET))
    view, info = open_view(app, here), loaded.info
    assert isinstance(view.travel, NetworkTravel)
    assert view.travel.label == info.label == "réseau piéton OpenStreetMap (données du 04/05/2026)"
    assert (info.title, info.in_use, info.problem, info.attribution) == (
        "rues.osm",
        True,
        "",
        OSM_ATTRIBUTION,
    )
    assert info.km == pytest.approx(3.0, abs=0.01)
    assert (info.people_share, info.structures, info.on_network) == (1.0, 2, 1)
    assert any("ODbL" in note for note in loaded.notes)
    assert minutes(app, here) != before


def test_where_the_street_goes_around_people_walk_around(app: App, here: int, tmp_path: Path) -> None:
    """A place 300 m away behind a railway: 3 km by the only street."""
    place(app, here, 100, -300)
    straight = minutes(app, here)
    around = [(0, 0), (200, 0), (200, 1400), (900, 1400), (900, -300), (60, -300)]
    load_network(app, here, extract(tmp_path, around))
    assert minutes(app, here) > 5 * straight


def test_the_same_file_twice_changes_nothing(app: App, here: int, tmp_path: Path) -> None:
    place(app, here, 600, 0)
    path = extract(tmp_path, STREET)
    first = load_network(app, here, path).info
    key, before = open_view(app, here).travel.key, minutes(app, here)
    second = load_network(app, here, path).info
    assert (second.km, second.nodes) == (first.km, first.nodes)
    assert (open_view(app, here).travel.key, minutes(app, here)) == (key, before)
    with app.store.read() as connection:
        assert len(connection.execute(select(networks)).all()) == 1


def test_another_file_takes_the_place_of_the_first(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    info = load_network(app, here, extract(tmp_path, [(0, 0), (100, 0)], name="autre.osm")).info
    assert (info.title, round(info.km, 3)) == ("autre.osm", 0.1)
    assert network_info(app, here) == info


def test_only_what_may_be_walked_to_is_kept(app: App, here: int, tmp_path: Path) -> None:
    """Half an hour at 4.5 km/h and a kilometre more; a slower walker may become a faster one again."""
    update_territoire(app, here, walking_kmh=2.0)
    long = [(x, 0.0) for x in range(0, 20_001, 100)]
    info = load_network(app, here, extract(tmp_path, long)).info
    assert info.km == pytest.approx(0.2 + 2.25 + 1.0, abs=0.15)


def test_a_file_of_elsewhere_is_refused_and_said_where(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    before = network_info(app, here)
    with pytest.raises(RefusedInput, match=r"ailleurs\.osm.*ne touche aucun quartier.*nord.*est.*à 90 km"):
        load_network(app, here, extract(tmp_path, FAR_AWAY, name="ailleurs.osm"))
    near_but_beside = [(x, 1500.0) for x in range(0, 1001, 100)]
    with pytest.raises(RefusedInput, match="ne touche aucun quartier"):
        load_network(app, here, extract(tmp_path, near_but_beside, name="voisin.osm"))
    assert network_info(app, here) == before


def test_without_any_boundary_nothing_is_read(app: App, tid: int, tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="contours des quartiers"):
        load_network(app, tid, extract(tmp_path, STREET))


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\x00" * 500, b"<osm><way id='1'>"])
def test_a_bad_file_leaves_what_was_kept(app: App, here: int, tmp_path: Path, content: bytes) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    path = tmp_path / "mauvais.osm"
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=r"mauvais\.osm"):
        load_network(app, here, path)
    info = network_info(app, here)
    assert info is not None
    assert info.title == "rues.osm"


def test_a_choice_of_straight_lines_keeps_the_network(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    update_territoire(app, here, use_network=False)
    info = network_info(app, here)
    assert open_view(app, here).travel.is_straight
    assert info is not None
    assert (info.in_use, info.on_network) == (False, 0)
    update_territoire(app, here, use_network=True)
    assert not open_view(app, here).travel.is_straight


def test_forgetting(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    assert drop_network(app, here)
    assert network_info(app, here) is None
    assert open_view(app, here).travel.is_straight
    assert not drop_network(app, here)


def test_an_edit_does_not_build_the_network_again(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    first = open_view(app, here).travel
    place(app, here, 300, 0)
    update_territoire(app, here, detour_factor=1.5)
    second = open_view(app, here).travel
    assert isinstance(first, NetworkTravel)
    assert isinstance(second, NetworkTravel)
    assert second.network is first.network
    assert (first.estimate.detour, second.estimate.detour) == (1.3, 1.5)


def test_the_network_of_one_territory_is_not_that_of_another(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    other = create_territoire(app, "Autre", communes=["18033"]).id
    quartier(app, other)
    assert network_info(app, other) is None
    assert open_view(app, other).travel.is_straight


def _evil() -> bytes:
    """Objects that numpy would have to unpickle: code."""
    content = io.BytesIO()
    np.savez(content, lonlat=np.array([object()], dtype=object), edges=np.array([[0, 0]]))
    return content.getvalue()


def _pointing_outside() -> bytes:
    content = io.BytesIO()
    np.savez(content, lonlat=np.zeros((2, 2)), edges=np.array([[0, 5]]))
    return content.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 not a zip", b"\x93NUMPY", _evil(), _pointing_outside()],
    ids=["empty", "not a zip", "one array", "objects", "outside"],
)  # fmt: skip
def test_a_damaged_network_stops_nothing(app: App, here: int, tmp_path: Path, content: bytes) -> None:
    """Figures go on, in a straight line, and the page says what to do."""
    load_network(app, here, extract(tmp_path, STREET))
    with app.store.write() as connection:
        connection.execute(update(networks).values(content=content))
    app.networks.clear()
    app.views.clear()
    info = network_info(app, here)
    assert info is not None
    assert "abîmé" in info.problem
    assert "Chargez de nouveau" in info.problem
    assert (info.in_use, info.label, info.people_share) == (False, "", None)
    assert open_view(app, here).travel.is_straight
    assert not load_network(app, here, extract(tmp_path, STREET)).info.problem


def test_a_backup_keeps_the_network(app: App, here: int, tmp_path: Path) -> None:
    info = load_network(app, here, extract(tmp_path, STREET)).info
    key = open_view(app, here).travel.key
    save_backup(app, tmp_path / "sauvegarde.zip")
    drop_network(app, here)
    restore_backup(app, tmp_path / "sauvegarde.zip")
    assert network_info(app, here) == info
    assert open_view(app, here).travel.key == key


def test_restoring_another_network_forgets_the_one_in_memory(app: App, here: int, tmp_path: Path) -> None:
    load_network(app, here, extract(tmp_path, STREET))
    save_backup(app, tmp_path / "sauvegarde.zip")
    load_network(app, here, extract(tmp_path, [(0, 0), (100, 0)], name="autre.osm"))
    restore_backup(app, tmp_path / "sauvegarde.zip")
    info = network_info(app, here)
    assert info is not None
    assert info.km == pytest.approx(3.0, abs=0.01)


def test_files_already_downloaded_are_offered(tmp_path: Path) -> None:
    """By their content: a page of error named like an extract is not one."""
    folder = tmp_path / "osm"
    folder.mkdir()
    good = extract(folder, STREET)
    (folder / "faux.osm").write_text("<html>")
    (folder / "notes.txt").write_text("<osm>")
    settings = {"RESEAU_DATABASE_URL": "sqlite://", "RESEAU_TELECHARGEMENTS": str(tmp_path)}
    with closing(open_app(load_config(settings))) as app:
        assert local_extracts(app) == [good]
    assert not is_extract(folder / "absent.osm")


def test_slower_walkers_are_within_the_bounds(app: App, here: int) -> None:
    speeds = [pace.kmh for pace in PACES]
    assert speeds == sorted(speeds, reverse=True)
    for speed in speeds:
        update_territoire(app, here, walking_kmh=speed)


@pytest.mark.real_data
def test_a_real_town(app: App, shared_data: Path) -> None:
    """Redon: nearly every street is in one piece, and times are those of a small town."""
    tid = create_territoire(app, "Redon", communes=["35236"]).id
    shape = shapely.box(-2.0915, 47.6480, -2.0810, 47.6515)
    save_row(app, tid, "quartiers", {"name": "Centre", "wkb": shape.wkb, "population": 2000})
    info = load_network(app, tid, shared_data / "osm" / "redon.osm").info
    assert info.km == pytest.approx(22.8, abs=0.1)
    assert info.dropped_km < 0.02 * info.km
    assert info.people_share == pytest.approx(1.0, abs=0.02)
    travel = open_view(app, tid).travel
    nodes = travel.network.xy if isinstance(travel, NetworkTravel) else np.empty((0, 2))
    ends = nodes[[nodes[:, 0].argmin(), nodes[:, 0].argmax()]]
    walked = travel.nearest(ends[:1], ends[1:]).metres[0]
    assert 1.0 <= walked / np.hypot(*(ends[1] - ends[0])) <= 2.0
