"""Réglages › Marche: streets loaded, used, put aside, forgotten; who walks; and the areas of the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.territoires import create_territoire, find_territoire, update_territoire
from reseau.services.view import open_view
from reseau.services.walking import load_network, network_info
from reseau.store.planning_tables import networks
from reseau.ui.carte.reach import STEPS_LABEL
from tests.ui.conftest import Opener, assert_sound
from tests.ui.test_carte import Map, drawn
from tests.unit.services.test_walking import FAR_AWAY, STREET, extract, place, quartier

PAGE = "p10_reglages"
__all__ = ["drawn"]


@pytest.fixture
def here(empty_app_db: App) -> int:
    tid = create_territoire(empty_app_db, "Bourges", communes=["18033"]).id
    quartier(empty_app_db, tid)
    place(empty_app_db, tid, 600, 0, "CMP des Rues")
    place(empty_app_db, tid, 600, 900, "CMP des Champs")
    return tid


def section(at: AppTest, name: str = "marche") -> AppTest:
    at.session_state["reglages_section"] = name
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def way(at: AppTest) -> Any:
    return next(item for item in at.radio if item.label == "Compter les trajets")


def pace(at: AppTest) -> Any:
    return next(item for item in at.radio if item.label == "Qui marche ?")


def send(at: AppTest, path: Path) -> AppTest:
    at.file_uploader[0].upload(path.name, path.read_bytes(), "application/octet-stream").run()
    return press(at, "Garder ces rues")


def words(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.markdown, *at.caption, *at.success])


@pytest.mark.usefixtures("here")
def test_without_a_network_the_page_says_what_is_estimated(open_page: Opener) -> None:
    at = section(open_page(PAGE))
    assert_sound(at)
    assert "ligne droite × 1,3" in words(at).replace("\u00a0", " ")
    assert [item.label for item in at.radio] == ["Qui marche ?"]


def test_an_extract_is_loaded_and_counts_at_once(
    empty_app_db: App, here: int, open_page: Opener, tmp_path: Path
) -> None:
    at = send(section(open_page(PAGE)), extract(tmp_path, STREET))
    assert_sound(at)
    assert "états et les temps sont recalculés" in words(at)
    assert "aucun export" in words(at)
    assert {item.label: item.value for item in at.metric} == {
        "Rues et chemins": "3,0 km", "Habitants": "100\u202f%", "Structures": "1 sur 2",
    }  # fmt: skip
    assert not open_view(empty_app_db, here).travel.is_straight
    assert "recalculés" not in words(at.run())
    seuils = section(at, "seuils")
    assert_sound(seuils)
    assert "réseau piéton OpenStreetMap" in words(seuils)
    assert "en ligne droite**" not in words(seuils)


def test_a_file_of_elsewhere_is_refused_in_words(
    empty_app_db: App, here: int, open_page: Opener, tmp_path: Path
) -> None:
    at = send(section(open_page(PAGE)), extract(tmp_path, FAR_AWAY, name="ailleurs.osm"))
    assert not at.exception
    assert "à 90 km de là" in at.error[0].value
    assert network_info(empty_app_db, here) is None


def test_streets_or_straight_line_and_forgetting(
    empty_app_db: App, here: int, open_page: Opener, tmp_path: Path
) -> None:
    load_network(empty_app_db, here, extract(tmp_path, STREET))
    at = section(open_page(PAGE))
    way(at).set_value("droite").run()
    assert_sound(at)
    assert open_view(empty_app_db, here).travel.is_straight
    assert way(at).value == "droite"
    way(at).set_value("rues").run()
    assert not open_view(empty_app_db, here).travel.is_straight
    press(at, "Oui, oublier ce réseau")
    assert_sound(at)
    assert network_info(empty_app_db, here) is None


def test_who_walks(empty_app_db: App, here: int, open_page: Opener) -> None:
    """The same speed as the slider of the thresholds, which follows."""
    at = section(open_page(PAGE))
    pace(at).set_value("agee").run()
    assert_sound(at)
    assert find_territoire(empty_app_db).record.walking_kmh == 3.0
    at = section(at, "seuils")
    assert at.select_slider(key=f"threshold_walking_kmh_{here}").value == 3.0
    update_territoire(empty_app_db, here, walking_kmh=5.2)
    at = section(at)
    assert pace(at).value == "autre"
    assert any("5,2 km/h" in option for option in pace(at).options)


def test_a_damaged_network_is_said_and_can_be_replaced(
    empty_app_db: App, here: int, open_page: Opener, tmp_path: Path
) -> None:
    path = extract(tmp_path, STREET)
    load_network(empty_app_db, here, path)
    with empty_app_db.store.write() as connection:
        connection.execute(update(networks).values(content=b"PK"))
    empty_app_db.networks.clear()
    empty_app_db.views.clear()
    at = section(open_page(PAGE))
    assert not at.exception
    assert "abîmé" in at.error[0].value
    assert_sound(send(at, path))


def test_the_name_of_a_file_stays_text(
    empty_app_db: App, here: int, open_page: Opener, tmp_path: Path
) -> None:
    load_network(empty_app_db, here, extract(tmp_path, STREET, name="[x](javascript:alert(1)) $x$.osm"))
    at = section(open_page(PAGE))
    assert_sound(at)
    assert not any(
        "[x](" in item.value.replace("\\", "\\\\") and "\\[" not in item.value for item in at.markdown
    )


def test_areas_of_the_map_follow_the_streets(
    empty_app_db: App,
    here: int,
    open_page: Opener,
    drawn: Map,
    tmp_path: Path,
) -> None:
    """Beside a single street: a strip, where the straight line paints a disc; and whose streets, said."""
    at = open_page("p2_carte", type="cmp")
    disc = drawn.data.reach
    load_network(empty_app_db, here, extract(tmp_path, STREET))
    at = open_page("p2_carte", type="cmp")
    assert_sound(at)
    assert drawn.data.reach != disc
    assert "par les rues (© les contributeurs d'OpenStreetMap" in words(at)


def test_minutes_around_the_chosen_structure(
    here: int,
    open_page: Opener,
    drawn: Map,
) -> None:
    at = open_page("p2_carte")
    at.session_state["carte_layers"] = ["minutes"]
    at.run()
    assert drawn.data.reach is None
    assert "choisissez une structure" in words(at)
    at.session_state["sel_structure"] = "1"
    at.run()
    assert_sound(at)
    assert drawn.data.reach is not None
    assert [item["type"] for item in drawn.data.reach["geometries"]] == ["Polygon"] * 3
    assert drawn.data.reach_label == STEPS_LABEL
    assert "5, 10 et 15 min" in words(at)
