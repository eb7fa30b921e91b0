"""The map in a real browser with the network cut: hostile names, kept view, nothing asked outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reseau.config import load_config
from tests.e2e.browsing import AT_REST, Server, Visit, complaints
from tests.unit.maps.hostile import HOSTILE_NAMES, WITNESS

pytestmark = pytest.mark.e2e
PAGE = Path(__file__).with_name("map_page.py")
TILES = load_config({}).tiles_url
VIEW = "[map_div.getZoom(), map_div.getCenter().lat, map_div.getCenter().lng]"
# The smallest PNG there is: one transparent point, enough to be a tile.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
DEBOUNCE_MS = 700  # the component speaks a quarter of a second after a move, if it speaks


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real Streamlit server showing the page, with the usual background."""
    started = Server(tmp_path_factory.mktemp("serveur"), PAGE, RESEAU_TUILES_URL=TILES)
    yield started
    started.stop()


class MapVisit(Visit):
    """One page opened on the map."""

    def __init__(self, browser: Any, server: Server, *, tiles: bool = False) -> None:
        super().__init__(browser, server, (1366, 900))
        if tiles:
            answer = {"body": TILE, "content_type": "image/png"}
            self.page.route("https://data.geopf.fr/**", lambda route: route.fulfill(**answer))
        self.page.goto(server.address)
        self.page.frame_locator("iframe").locator(".reseau-structure").first.wait_for()
        self.frame = next(frame for frame in self.page.frames if "st_folium" in frame.url)

    def check(self, label: str, turn: int) -> None:
        """Tick a box and wait until the page has run again."""
        self.page.locator("label", has_text=label).first.click()
        self.page.get_by_text(f"tours={turn}", exact=True).wait_for()

    def said(self, words: str) -> None:
        self.page.get_by_text(f"dits={words}", exact=True).wait_for()


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[MapVisit]:
    opened = MapVisit(browser, server)
    yield opened
    found = complaints([opened])
    opened.close()
    assert found == []


def test_hostile_names_are_shown_as_they_are_and_run_nowhere(visit: MapVisit, server: Server) -> None:
    """On hover, by keyboard and in a list, a name is characters: no file on the server, no script here."""
    markers = visit.frame.locator(".reseau-structure")
    shown = set()
    for rank in range(markers.count()):
        if markers.nth(rank).locator(".compte").count():
            continue
        markers.nth(rank).hover()
        shown.add(visit.frame.locator(".reseau-bulle strong").text_content())
    assert shown == set(HOSTILE_NAMES)
    names = visit.frame.locator(".reseau-nom .mot").all_text_contents()
    assert HOSTILE_NAMES[3] in names
    assert visit.frame.locator("img:not(.leaflet-tile)").count() == 0
    assert visit.page.evaluate("window.PIRATE") is None
    assert not (server.folder / WITNESS).exists()


def test_filter_changes_layers_and_not_the_view(visit: MapVisit) -> None:
    """The same map, moved by hand, stays where it is while its markers and colours change."""
    visit.frame.evaluate("map_div.getContainer().dataset.witness = 'same'")
    visit.frame.evaluate("map_div.setView([43.585, 1.405], 14, {animate: false})")
    before = visit.frame.evaluate(VIEW)
    visit.page.wait_for_timeout(DEBOUNCE_MS)
    assert visit.page.get_by_text("tours=1", exact=True).count() == 1, "moving the map runs nothing"
    count = visit.frame.locator(".reseau-structure").count()
    visit.check("Santé seulement", 2)
    visit.frame.wait_for_function(f"document.querySelectorAll('.reseau-structure').length < {count}")
    visit.check("États", 3)
    visit.frame.wait_for_function("document.querySelector('.reseau-nom .signe') !== null")
    assert visit.frame.evaluate(VIEW) == before
    assert visit.frame.evaluate("map_div.getContainer().dataset.witness") == "same"


def test_without_network_everything_but_the_tiles_is_there(visit: MapVisit) -> None:
    """Boundaries, names and markers on a plain ground, and a word about the missing background."""
    visit.frame.get_by_text("Fond de carte indisponible").wait_for()
    assert visit.frame.locator("img.leaflet-tile").count() == 0
    assert visit.frame.locator("path[role=button]").count() == 2
    outside = {urlsplit(url).hostname for url in visit.asked if url.startswith("http")} - {"127.0.0.1"}
    assert outside == {urlsplit(TILES).hostname}


def test_with_tiles_the_background_stays_with_its_attribution(browser: Any, server: Server) -> None:
    """A background that answers is kept, and its author named."""
    visit = MapVisit(browser, server, tiles=True)
    visit.frame.locator("img.leaflet-tile-loaded").first.wait_for()
    assert visit.frame.get_by_text("© IGN – Géoplateforme").count() == 1
    assert visit.frame.get_by_text("Fond de carte indisponible").count() == 0
    visit.close()


def test_click_and_keyboard_choose_once_each(visit: MapVisit) -> None:
    """A structure, one of several at the same place, a quartier: each said once, whatever runs after."""
    visit.frame.locator('[data-reseau="structure-1"]').click()
    visit.said("structure:1:0")
    visit.frame.locator(".signe-carte.choisi").wait_for()
    visit.page.locator("label", has_text="États").first.click()
    visit.frame.wait_for_function("document.querySelector('.reseau-nom .signe') !== null")
    visit.page.locator(AT_REST).wait_for(state="attached")
    visit.said("structure:1:0")
    visit.frame.locator('[data-reseau="structure-100"]').press("Enter")
    visit.frame.locator(".liste-ligne", has_text="Guichet 2").click()
    visit.said("structure:1:0,structure:102:0")
    visit.frame.locator(".signe-carte.choisi").wait_for()
    visit.page.locator(AT_REST).wait_for(state="attached")
    visit.frame.locator("path[role=button]").first.press("Enter")
    visit.said("structure:1:0,structure:102:0,quartier:0:0")


def test_a_quartier_vecu_is_drawn_by_clicks(visit: MapVisit) -> None:
    """Three clicks and «Terminer» give a closed ring; the first press on the map never moves the page."""
    visit.check("Dessin", 2)
    visit.frame.get_by_role("button", name="Dessiner un quartier vécu").click()
    finish = visit.frame.get_by_role("button", name="Terminer")
    finish.wait_for()
    assert finish.is_disabled()
    box = visit.page.locator("iframe").bounding_box()
    for x, y in ((300, 120), (520, 140), (420, 300)):
        visit.page.mouse.click(box["x"] + x, box["y"] + y)
    visit.frame.get_by_text("3 points.", exact=False).wait_for()
    finish.click()
    visit.said("drawing:None:4")
