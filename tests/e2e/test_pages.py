"""Every page in a real browser, network cut: French, in one piece, at the two sizes people have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.browsing import SIZES, Server, Visit, complaints, page_titles
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken

pytestmark = pytest.mark.e2e
OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map((box) => box.scrollWidth - box.clientWidth)"""
VIEW = "[map_div.getZoom(), map_div.getCenter().lat, map_div.getCenter().lng]"
QUARTIER, TYPE = "QN99101M", "cmp"
PAGES = list(page_titles())


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def visit(request: Any, browser: Any, demo_server: Server) -> Iterator[Visit]:
    """One tab per size walks all pages."""
    opened = Visit(browser, demo_server, request.param)
    yield opened
    found = complaints([opened])
    opened.close()
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole_french_and_fits(visit: Visit, page: str) -> None:
    """A title, the word that all is invented, no English aloud or on hover, nothing beyond the right edge."""
    visit.goto(page)
    visit.page.get_by_role("heading", level=1, name=page_titles()[page], exact=True).wait_for()
    visit.page.get_by_text("Démonstration", exact=True).wait_for()
    visit.settled()
    visit.picture(page)
    assert visit.page.evaluate("document.documentElement.lang") == "fr"
    assert english_in(spoken(visit.page)) == []
    assert visit.page.get_by_test_id("stException").count() == 0
    assert visit.page.evaluate(OVERFLOW) == [0, 0]
    assert complaints([visit]) == []


def test_an_address_that_is_no_page_is_said_in_french(demo_server: Server, open_visit: Opener) -> None:
    """A bookmark of an old version: Streamlit's own words for it are English."""
    visit = open_visit(demo_server)
    visit.page.goto(f"{demo_server.address}/ancienne_page")
    visit.page.get_by_role("dialog").get_by_text("Voici la vue d'ensemble.").wait_for()
    assert english_in(spoken(visit.page)) == []
    # Streamlit also writes it where only a programmer looks.
    [said] = visit.errors
    assert said.startswith("The page that you have requested")
    visit.errors.clear()


def test_english_would_be_seen() -> None:
    """The detector itself: Streamlit's own words are found, French ones are not."""
    assert len(english_in(["Browse files", "Clear value", "Drag and drop file here", "Zoom in"])) == 4
    assert english_in(["Choisir un fichier", "Fermer", "À relier", "Centre social", "Dans ou près de"]) == []


def test_what_opens_on_a_click_is_french_too(demo_server: Server, open_visit: Opener) -> None:
    """Lists, calendar, filters, chosen values, an uploaded file, the menu of a table's column."""
    visit = open_visit(demo_server)
    visit.goto("p2_carte")
    visit.press("Filtres")
    visit.page.get_by_role("combobox", name="Langues parlées").click()
    visit.page.get_by_role("option").nth(2).click()
    assert english_in(spoken(visit.page)) == []
    visit.goto("p5_annuaire")
    visit.page.get_by_test_id("stDataFrame").first.click(position={"x": 60, "y": 12}, button="right")
    visit.settled()
    assert english_in(spoken(visit.page)) == []
    visit.goto("p9_donnees")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "quartiers.geojson", "mimeType": "application/json", "buffer": b"{}"}
    )
    visit.choose("Source de ce fichier", "Quartiers prioritaires")
    visit.press("Comparer")
    visit.page.get_by_text("Rien ne sera enregistré de ce fichier.").wait_for()
    assert english_in(spoken(visit.page)) == []
    visit.press("Importer sans comparer")
    visit.page.get_by_text("Rien n'a été enregistré de ce fichier.").wait_for()
    assert english_in(spoken(visit.page)) == []


def test_a_link_opens_its_selection_and_the_menu_keeps_it(demo_server: Server, open_visit: Opener) -> None:
    """What a colleague sends opens as they saw it, and stays chosen from page to page."""
    visit = open_visit(demo_server)
    visit.goto("p2_carte", quartier=QUARTIER, type=TYPE, structure="1")
    for page in [name for name in PAGES if name != "p2_carte"]:
        visit.menu(page)
        visit.page.wait_for_url(lambda url: f"quartier={QUARTIER}" in url)
        assert f"type={TYPE}" in visit.page.url
        assert "structure=1" in visit.page.url
    visit.menu("p1_vue_densemble")
    chosen = visit.page.locator(f'button[data-type="{TYPE}"][aria-pressed="true"]')
    chosen.wait_for()
    assert chosen.count() == 1
    visit.page.get_by_role("button", name="Préparer une action").wait_for()


def test_an_unknown_selection_is_ignored(demo_server: Server, open_visit: Opener) -> None:
    """An address is text from anyone: what is not in the data chooses nothing, and says no error."""
    visit = open_visit(demo_server)
    visit.goto("p2_carte", quartier="<b>x</b>", type="..%2F..", structure="9'9", territoire="ailleurs")
    visit.map_frame()
    assert visit.page.get_by_test_id("stAlertContentError").count() == 0
    assert visit.page.get_by_test_id("stException").count() == 0


def test_a_filter_changes_the_map_and_not_its_view(demo_server: Server, open_visit: Opener) -> None:
    """The place somebody was looking at stays under their eyes, on the same map."""
    visit = open_visit(demo_server)
    visit.goto("p2_carte")
    frame = visit.map_frame()
    frame.evaluate("map_div.getContainer().dataset.witness = 'same'")
    frame.evaluate("map_div.setView([48.1, 1.61], 14, {animate: false})")
    before = frame.evaluate(VIEW)
    count = frame.locator(".reseau-structure").count()
    visit.press("Filtres")
    visit.page.get_by_test_id("stButtonGroup").get_by_text("Gratuit").click()
    frame.wait_for_function(f"document.querySelectorAll('.reseau-structure').length < {count}")
    assert frame.evaluate(VIEW) == before
    assert frame.evaluate("map_div.getContainer().dataset.witness") == "same"
    visit.page.keyboard.press("Escape")
    visit.choose("Type", "Centre médico-psychologique")
    frame.wait_for_function("document.querySelector('.reseau-nom .signe') !== null")
    assert frame.evaluate(VIEW) == before
    visit.page.wait_for_url(lambda url: f"type={TYPE}" in url)
