"""Where a screen stands: a structure, a point clicked on the map or typed, or nothing said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App, screens
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from reseau.ui.components.map_view import MapEvent
from reseau.ui.ecrans import form_place
from reseau.ui.ecrans.form_place import POINT, STRUCTURE, USUAL
from tests.ui.maps import Map

from .conftest import Opener, assert_sound
from .test_ecrans import NOT_SAVED, PAGE, save, widget, words

HALL = (1.612345, 48.1)
NOWHERE = (None, None)


@pytest.fixture
def map_(monkeypatch: pytest.MonkeyPatch) -> Map:
    found = Map()
    monkeypatch.setattr(form_place, "map_view", found)
    return found


def kept(app: App) -> screens.SavedScreen:
    return screens.list_screens(app, find_territoire(app).id)[0]


def point(app: App) -> tuple[float | None, float | None]:
    record = kept(app).record
    return record.lon, record.lat


def put(app: App, lon: float | None, lat: float | None) -> None:
    """Save the screen of the demonstration somewhere else."""
    one = kept(app)
    record = replace(one.record, lon=lon, lat=lat)
    screens.save_screen(app, find_territoire(app).id, record, screen_id=one.id, version=one.version)


def choose(at: AppTest, way: str) -> AppTest:
    widget(at, "radio", "Où il est accroché").set_value(way).run()
    assert_sound(at)
    return at


def some_structure(app: App) -> int:
    structures = open_view(app, find_territoire(app).id).structures
    return int(structures.index[structures["placed"]][3])


def place_of(app: App, structure_id: int) -> tuple[float, float]:
    structures = open_view(app, find_territoire(app).id).structures
    lon, lat = structures.loc[structure_id, ["lon", "lat"]]
    return float(lon), float(lat)


def test_a_click_on_the_map_is_where_the_screen_stands(demo_db: App, open_page: Opener, map_: Map) -> None:
    """A waiting room that no directory knows: seen on the map and in the fields, then saved."""
    put(demo_db, *NOWHERE)
    at = open_page(PAGE)
    assert map_.drawn == 0, "the map is only drawn for who asks for it"
    choose(at, POINT)
    assert NOT_SAVED not in words(at), "nothing is placed before the click"
    assert map_.data.proposals == ()
    map_.event = MapEvent(kind="background", lon=1.61234512, lat=48.1)
    at.run()
    assert_sound(at)
    (mark,) = map_.data.proposals
    assert (mark.lon, mark.lat) == HALL
    assert widget(at, "number_input", "Latitude").value == HALL[1]
    assert map_.options["focus"] is None, "a click does not move the view"
    save(at)
    assert point(demo_db) == HALL
    assert widget(at, "radio", "Où il est accroché").value == POINT


def test_a_click_on_a_structure_hangs_the_screen_there(demo_db: App, open_page: Opener, map_: Map) -> None:
    """The map rounds positions: the directory's own is kept, so that the structure is recognised."""
    structure_id = some_structure(demo_db)
    lon, lat = place_of(demo_db, structure_id)
    put(demo_db, *HALL)
    at = open_page(PAGE)
    map_.event = MapEvent(kind="structure", id=structure_id, lon=round(lon, 3), lat=round(lat, 3))
    at.run()
    save(at)
    assert point(demo_db) == (lon, lat)
    assert widget(at, "radio", "Où il est accroché").value == STRUCTURE


@pytest.mark.parametrize(
    "event",
    [
        MapEvent(kind="structure", id=999_999, lon=1.6, lat=48.1),
        MapEvent(kind="quartier", id=1, lon=1.6, lat=48.1),
        MapEvent(kind="drawing"),
    ],
)
def test_other_things_done_on_the_map_place_nothing(
    demo_db: App, open_page: Opener, map_: Map, event: MapEvent
) -> None:
    put(demo_db, *HALL)
    at = open_page(PAGE)
    map_.event = event
    at.run()
    assert_sound(at)
    assert NOT_SAVED not in words(at)


def test_a_point_can_be_typed(demo_db: App, open_page: Opener, map_: Map) -> None:
    """For who has no mouse, or degrees from elsewhere; one of the two alone is refused and stays typed."""
    put(demo_db, *NOWHERE)
    at = choose(open_page(PAGE), POINT)
    widget(at, "number_input", "Latitude").set_value(HALL[1]).run()
    save(at)
    assert any("ou aucune des deux" in item.value for item in at.error)
    assert point(demo_db) == NOWHERE
    widget(at, "number_input", "Longitude").set_value(HALL[0]).run()
    (mark,) = map_.data.proposals
    assert (mark.lon, mark.lat) == HALL
    assert (map_.options["focus"].lon, map_.options["focus"].lat) == HALL, "what is typed is shown"
    save(at)
    assert point(demo_db) == HALL


def test_a_point_far_from_everything_is_refused(demo_db: App, open_page: Opener, map_: Map) -> None:
    put(demo_db, *HALL)
    at = open_page(PAGE)
    map_.event = MapEvent(kind="background", lon=-4.49, lat=48.39)
    at.run()
    save(at)
    assert not at.exception
    assert any("très loin de vos quartiers" in item.value for item in at.error)
    assert point(demo_db) == HALL


def test_a_point_already_saved_is_opened_and_kept(demo_db: App, open_page: Opener, map_: Map) -> None:
    put(demo_db, *HALL)
    at = open_page(PAGE)
    assert_sound(at)
    assert NOT_SAVED not in words(at), "opening a screen changes nothing"
    focus = map_.options["focus"]
    assert (focus.lon, focus.lat) == HALL, "the map opens on the screen"
    choose(at, USUAL)
    save(at)
    assert point(demo_db) == NOWHERE


def test_a_screen_hangs_in_a_structure_of_the_directory(demo_db: App, open_page: Opener, map_: Map) -> None:
    structure_id = some_structure(demo_db)
    put(demo_db, *NOWHERE)
    at = choose(open_page(PAGE), STRUCTURE)
    assert NOT_SAVED not in words(at), "no structure is chosen for the team"
    widget(at, "selectbox", "Structure où il est").set_value(structure_id).run()
    save(at)
    assert_sound(at)
    assert point(demo_db) == place_of(demo_db, structure_id)
    assert widget(at, "selectbox", "Structure où il est").value == structure_id
    assert map_.drawn == 0
    choose(at, POINT)
    (mark,) = map_.data.proposals
    assert (mark.lon, mark.lat) == place_of(demo_db, structure_id), "to be moved a little from there"
