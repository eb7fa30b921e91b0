"""Places of OpenStreetMap on the map page: out of sight until asked for, credited, made partners by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reseau.model.context import OSM_ATTRIBUTION
from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.reperes import list_reperes
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.sources import all_sources
from reseau.ui.carte import page
from reseau.ui.components.map_view import MapEvent
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text
from tests.ui.maps import Map

PAGE = "p2_carte"
SAMPLE = Path(__file__).resolve().parents[2] / "reseau" / "sources" / "osm" / all_sources()["osm"].spec.sample
LAYER = "reperes"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Map:
    found = Map()
    monkeypatch.setattr(page, "map_view", found)
    return found


@pytest.fixture
def territory(empty_app_db: App) -> int:
    tid = create_territoire(empty_app_db, "Beauval", communes=["99101"]).id
    import_file(empty_app_db, tid, "osm", FileToImport(path=SAMPLE))
    return tid


def test_with_nothing_else_the_map_opens_on_the_places(
    territory: int, empty_app_db: App, drawn: Map, open_page: Opener
) -> None:
    """Seen from the whole country, every place is under one dot."""
    at = layers(open_page(PAGE), LAYER)
    assert_sound(at)
    places = list_reperes(empty_app_db, territory)
    assert drawn.base is not None
    assert drawn.base.bounds is not None
    west, south, east, north = drawn.base.bounds
    assert west < places["lon"].min() <= places["lon"].max() < east
    assert south < places["lat"].min() <= places["lat"].max() < north
    assert east - west < 1


def layers(at: AppTest, *chosen: str) -> AppTest:
    group = next(item for item in at.button_group if item.label == "Montrer sur la carte")
    return group.set_value(list(chosen)).run()


def said(at: AppTest) -> str:
    return "\n".join(str(item.value) for kind in (at.markdown, at.caption, at.text) for item in kind)


def pick(at: AppTest, drawn: Map, app: App, tid: int, name: str) -> int:
    """Click a place on the map."""
    places = list_reperes(app, tid)
    row = places[places["name"] == name].iloc[0]
    drawn.event = MapEvent(kind="repere", id=int(row.name), lat=row["lat"], lon=row["lon"])
    at.run()
    assert_sound(at)
    return int(row.name)


def test_the_layer_is_off_until_asked_for(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert drawn.data.reperes == ()
    assert OSM_ATTRIBUTION not in said(at)
    assert not [tab for tab in at.tabs if tab.label.startswith("Repères")]


def test_once_on_it_is_drawn_listed_and_credited(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    """What the map says, a table says too; and whose it is."""
    at = layers(open_page(PAGE), LAYER)
    assert_sound(at)
    assert drawn.data.structures == ()
    assert [tab.label for tab in at.tabs][-1] == "Repères (5)"
    table = next(item.value for item in at.dataframe if "Dans l'annuaire" in item.value)
    assert sorted(table["Nom"]) == sorted(mark.name for mark in drawn.data.reperes)
    assert OSM_ATTRIBUTION in said(at)


def test_a_chosen_type_keeps_the_places_of_that_type(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    layers(open_page(PAGE, type="pharmacie"), LAYER)
    assert [mark.name for mark in drawn.data.reperes] == ["Pharmacie de l'Étang"]


def test_without_any_place_the_list_says_where_they_come_from(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    at = layers(open_page(PAGE), LAYER)
    assert_sound(at)
    assert "Importez un extrait d'OpenStreetMap" in said(at)


def test_a_place_becomes_a_partner_once_confirmed(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    """The form holds what the map says; what the person changes is what is kept."""
    at = layers(open_page(PAGE), LAYER)
    place = pick(at, drawn, empty_app_db, territory, "Épicerie solidaire des Tilleuls")
    assert drawn.data.selected_repere == place
    assert "aide alimentaire" in said(at).lower()
    at.button(key="carte_repere_make").click().run()
    assert_sound(at)
    name = next(item for item in at.text_input if item.label == "Nom")
    assert name.value == "Épicerie solidaire des Tilleuls"
    name.set_value("Épicerie des Tilleuls")
    next(item for item in at.button if item.label == "Ajouter à l'annuaire").click().run()
    assert_sound(at)
    (row,) = open_view(empty_app_db, territory).structures.to_dict("records")
    assert (row["name"], row["types"], row["placed"]) == (
        "Épicerie des Tilleuls",
        ("aide-alimentaire",),
        True,
    )
    assert OSM_ATTRIBUTION in row["description"]
    assert [mark.known for mark in drawn.data.reperes if mark.id == place] == [True]


def test_a_form_without_type_says_so_and_makes_nothing(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    at = layers(open_page(PAGE), LAYER)
    pick(at, drawn, empty_app_db, territory, "Pharmacie de l'Étang")
    at.button(key="carte_repere_make").click().run()
    next(item for item in at.multiselect if item.label == "Types").set_value([])
    next(item for item in at.button if item.label == "Ajouter à l'annuaire").click().run()
    assert not at.exception
    assert "Types" in at.error[0].value
    assert open_view(empty_app_db, territory).structures.empty


def test_a_place_already_in_the_directory_leads_to_its_sheet(
    empty_app_db: App, territory: int, open_page: Opener, drawn: Map
) -> None:
    save_row(
        empty_app_db, territory, "structures",
        {"name": "Pharmacie", "types": ("pharmacie",), "finess": "990000017"},
    )  # fmt: skip
    at = layers(open_page(PAGE), LAYER)
    pick(at, drawn, empty_app_db, territory, "Pharmacie de l'Étang")
    assert "Déjà dans votre annuaire" in said(at)
    assert not [item for item in at.button if item.key == "carte_repere_make"]
    assert at.button(key="carte_repere_sheet").label == "Ouvrir sa fiche"


def test_hostile_names_stay_text(empty_app_db: App, open_page: Opener, drawn: Map, tmp_path: Path) -> None:
    """Anyone may write in OpenStreetMap."""
    tid = create_territoire(empty_app_db, "Essai", communes=["99101"]).id
    bad = HOSTILE[1] + HOSTILE[2] + HOSTILE[3]
    safe = bad.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    path = tmp_path / "hostile.osm"
    path.write_text(
        f'<osm version="0.6"><node id="1" lat="48.1" lon="1.6"><tag k="amenity" v="pharmacy"/>'
        f'<tag k="name" v="{safe}"/><tag k="addr:street" v="{safe}"/>'
        f'<tag k="operator" v="{safe}"/></node></osm>',
        encoding="utf-8",
    )
    import_file(empty_app_db, tid, "osm", FileToImport(path=path))
    at = layers(open_page(PAGE), LAYER)
    pick(at, drawn, empty_app_db, tid, bad)
    at.button(key="carte_repere_make").click().run()
    assert_sound(at)
    assert_text_stays_text(at)
    assert [mark.name for mark in drawn.data.reperes] == [bad]
