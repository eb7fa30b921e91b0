"""What a screen is built from: streets around it, the clock of its territory, what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from sqlalchemy import update

from reseau.model.screens import Screen
from reseau.services import App
from reseau.services._screen_inputs import Said, gather, streets_around
from reseau.services.demo import load_demo
from reseau.services.editing import save_row
from reseau.services.importing import list_sources
from reseau.services.territoires import create_territoire, list_territoires
from reseau.services.view import open_view
from reseau.store import networks
from reseau.store.planning_tables import networks as table
from tests.frames import lonlat

CODE = "QN00001M"
SCREEN = Screen(name="Accueil", quartiers=(CODE,), walk_minutes=10)
# A short street every 200 m, from 5 km west to 5 km east of the quartier.
STREETS = range(-5000, 5001, 200)


def territory(app: App, commune: str = "18033") -> int:
    tid = create_territoire(app, f"Essai {commune}", communes=[commune]).id
    shape = shapely.Polygon([lonlat(0, 0), lonlat(400, 0), lonlat(400, 400), lonlat(0, 400)])
    values = {"code": CODE, "name": "Parc", "wkb": shape.wkb, "communes": [commune], "commune_names": ["Ici"]}
    save_row(app, tid, "quartiers", values)
    return tid


def with_streets(app: App, tid: int) -> None:
    ends = [lonlat(x, y) for x in STREETS for y in (0, 100)]
    edges = np.arange(len(ends), dtype=np.int32).reshape(-1, 2)
    streets = networks.Streets(lonlat=np.array(ends), edges=edges)
    with app.store.write() as connection:
        networks.keep_network(connection, tid, streets, title="rues.osm", data_date=None)


def metres_east(app: App, tid: int, screen: Screen) -> list[float]:
    """How far east of the origin each street around a screen is."""
    found = streets_around(app, open_view(app, tid), screen)
    assert found is not None
    west = np.array([lonlat(x, 0)[0] for x in STREETS])
    starts = [line.coords[0][0] for line in found]
    return [float(STREETS[int(np.abs(west - lon).argmin())]) for lon in starts]


def test_without_a_network_there_is_no_street(app: App) -> None:
    assert streets_around(app, open_view(app, territory(app)), SCREEN) is None


def test_streets_are_those_around_the_quartiers_of_the_screen(app: App) -> None:
    tid = territory(app)
    with_streets(app, tid)
    # Ten minutes at 4.5 km/h and a little more: 1.2 km around 0 to 400 m.
    near = metres_east(app, tid, SCREEN)
    assert (min(near), max(near)) == (-1200, 1600)
    assert len(metres_east(app, tid, replace(SCREEN, walk_minutes=30))) > 2 * len(near)


def test_a_screen_put_elsewhere_has_the_streets_up_to_there(app: App) -> None:
    tid = territory(app)
    with_streets(app, tid)
    lon, lat = lonlat(3000, 0)
    assert max(metres_east(app, tid, replace(SCREEN, lon=lon, lat=lat))) == 4200


def test_a_screen_of_nowhere_has_no_street_and_does_not_fail(app: App) -> None:
    tid = territory(app)
    with_streets(app, tid)
    assert streets_around(app, open_view(app, tid), replace(SCREEN, quartiers=("QN99999M",))) is None


def test_a_damaged_network_is_a_plan_without_streets(app: App) -> None:
    tid = territory(app)
    with_streets(app, tid)
    with app.store.write() as connection:
        connection.execute(update(table).values(content=b"damaged"))
    assert streets_around(app, open_view(app, tid), SCREEN) is None


@pytest.mark.parametrize(
    ("commune", "zone"),
    [("18033", "Europe/Paris"), ("97411", "Indian/Reunion"), ("97302", "America/Cayenne")],
)
def test_the_clock_is_that_of_the_territory(app: App, commune: str, zone: str) -> None:
    # A server in Paris serves a screen in Saint-Denis de la Réunion: its day changes there first.
    inputs = gather(app, open_view(app, territory(app, commune)), SCREEN, Said())
    assert inputs.zone == zone
    there = datetime.now(ZoneInfo(zone)).replace(tzinfo=None)
    assert abs(inputs.now - there) < timedelta(minutes=2)
    assert abs(inputs.made_at - datetime.now(UTC)) < timedelta(minutes=2)


def test_settings_of_the_territory_are_those_of_its_figures(app: App) -> None:
    view = open_view(app, territory(app))
    inputs = gather(app, view, SCREEN, Said(key="k", ideas={"sante": 6}))
    assert inputs.travel is view.travel
    assert inputs.walking_kmh == view.territoire.walking_kmh
    assert (inputs.screen_key, inputs.ideas, inputs.fictional) == ("k", {"sante": 6}, False)


def test_sources_are_those_of_what_is_shown(app: App) -> None:
    """That a team keeps a journal, contacts or counts of needs is nobody else's business."""
    load_demo(app)
    view = open_view(app, list_territoires(app)[0].id)
    said = gather(app, view, replace(SCREEN, quartiers=(view.quartiers["code"].iloc[0],)), Said()).sources
    kinds = {source.id: source.kind for source in list_sources()}
    loaded = {kinds[report.source] for report in view.imports}
    assert {"journal", "contacts", "relations"} <= loaded, "there is something to leave out"
    titles = {
        source.title for source in list_sources() if source.kind in {"journal", "contacts", "relations"}
    }
    assert said
    assert not [line for line in said if line.split(" — ")[0] in titles]
