"""The network picture: what is sent to the browser, and what a real browser does with it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from reseau.graph.build import build_graph
from reseau.graph.layout import lay_out
from reseau.graph.measures import NetworkMeasures
from reseau.ui.components import network as component
from reseau.ui.components.network import NetworkEdge, NetworkEvent, NetworkNode, network_items, network_view
from tests.frames import relations, structures

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), ""
)
HOSTILE = '<img src=x onerror="window.pirate=1"> {{7*7}} </script><script>window.pirate=1</script>'
PROJECT = Path(__file__).resolve().parents[2]


def example(*, with_dormant: bool = True) -> tuple[list[NetworkNode], list[NetworkEdge], NetworkMeasures]:
    """Pivot 1 tied to 2, 3 (dormant), 4 (to contact), 5; 2 also to 5; 6 stands alone."""
    places = structures(
        {"name": "Maison de santé", "is_pivot": True, "family": "sante"},
        {"name": "Centre social", "family": "education-social-culture"},
        {"name": "Mission locale", "family": "acces-droits"},
        {"name": "Bailleur", "family": "habitat"},
        {"name": HOSTILE, "family": "action-sociale"},
        {"name": "Jardin partagé", "family": "autre"},
    )
    ties = relations(
        {"from_id": 1, "to_id": 2, "intensity": 5},
        {"from_id": 1, "to_id": 3, "intensity": 2, "status": "en_sommeil"},
        {"from_id": 1, "to_id": 4, "intensity": 1, "status": "a_contacter"},
        {"from_id": 5, "to_id": 1, "intensity": 3},
        {"from_id": 2, "to_id": 5, "intensity": 1},
    )
    layout = lay_out(build_graph(places, ties))
    drawn = ties if with_dormant else ties[ties["status"] != "en_sommeil"]
    measures = NetworkMeasures(build_graph(places, drawn))
    return *network_items(measures, layout), measures


def page() -> None:
    """Script under test: a filter, the picture, and what was clicked."""
    import streamlit as st

    from reseau.ui.components.network import network_view
    from tests.ui.test_network_component import example

    hide = st.checkbox("Cacher les liens en sommeil")
    few = st.checkbox("Habitat seulement")
    nodes, edges, measures = example(with_dormant=not hide)
    shown = [node for node in nodes if not few or node.pivot or node.family == "habitat"]
    event = network_view(shown, edges, selected=st.session_state.get("choix"), key="reseau", height=420)
    if event:
        st.session_state["choix"] = event.structure_id
        st.rerun()
    st.text(f"Choix : {st.session_state.get('choix')}")
    if choice := st.session_state.get("choix"):
        st.text(measures.describe(choice))


def sent(at: AppTest) -> dict:
    """What the page hands to the browser."""
    return json.loads(at.get("bidi_component")[0].proto.json)


def test_the_component_mounts_and_sends_text_as_it_is():
    at = AppTest.from_function(page).run()
    assert not at.exception
    data = sent(at)
    assert [node["name"] for node in data["nodes"]][4] == HOSTILE
    assert len(data["edges"]) == 5


def test_filters_move_nobody():
    """Positions come from the whole network: hiding some must leave the others where they were."""
    at = AppTest.from_function(page).run()
    before = {node["id"]: (node["x"], node["y"]) for node in sent(at)["nodes"]}
    at.checkbox[0].check().run()
    at.checkbox[1].check().run()
    after = {node["id"]: (node["x"], node["y"]) for node in sent(at)["nodes"]}
    assert set(after) == {1, 4}
    assert after == {node: before[node] for node in after}
    assert {(edge["from"], edge["to"]) for edge in sent(at)["edges"]} == {(1, 4)}


def test_strokes_say_the_status():
    strokes = {(e["from"], e["to"]): e["stroke"] for e in sent(AppTest.from_function(page).run())["edges"]}
    assert strokes == {
        (1, 2): "actif",
        (1, 3): "sommeil",
        (1, 4): "projet",
        (1, 5): "actif",
        (2, 5): "actif",
    }


def test_items_say_who_is_connected():
    """Hollow marks are those the table calls not connected: the same set, from the same measures."""
    nodes, _, measures = example()
    hollow = {node.id for node in nodes if not node.connected}
    assert hollow == {i for part in measures.unconnected() for i in part.structure_ids} == {4, 6}
    assert {node.id for node in nodes if node.apart} == {6}
    assert [node.note for node in nodes][:4] == ["votre structure", "2 liens", "1 lien", "aucun lien établi"]


def test_items_keep_to_what_the_page_shows():
    _, _, measures = example()
    layout = lay_out(measures.graph)
    nodes, edges = network_items(measures, layout, visible={1, 2, 99})
    assert [node.id for node in nodes] == [1, 2]
    assert [(edge.from_id, edge.to_id) for edge in edges] == [(1, 2)]


@pytest.mark.parametrize(
    ("answer", "event"),
    [(2, NetworkEvent(structure_id=2)), (99, None), ("2", None), (True, None), (None, None)],
)
def test_only_a_drawn_structure_is_taken_from_the_browser(monkeypatch, answer, event):
    """The browser's word is not trusted: an id that was not drawn may be of another territory."""
    monkeypatch.setattr(component, "_mount", lambda **_: {"chosen": answer})
    nodes, edges, _ = example()
    assert network_view(nodes, edges, key="essai") == event


def test_nothing_of_the_component_comes_from_elsewhere_or_writes_markup():
    """No address and no way of turning text into markup in what the browser runs."""
    folder = Path(component.__file__).parent
    text = "".join((folder / name).read_text(encoding="utf-8") for name in component.ASSETS)
    addresses = set(re.findall(r"https?://[^\s\"']+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}, "a namespace, never fetched"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)


# ---- in a real browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server showing `page`."""
    if not CHROMIUM:
        pytest.skip("Chromium n'est pas installé sur cette machine")
    script = tmp_path_factory.mktemp("network") / "script.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(PROJECT)!r})\n"
        "from tests.ui.test_network_component import page\npage()\n",
        encoding="utf-8",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true",
               "browser.gatherUsageStats": "false", "server.fileWatcherType": "none"}  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    server = subprocess.Popen(
        command + [f"--{key}={value}" for key, value in options.items()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright n'est pas installé")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab(address: str, browser: Browser) -> Iterator[Page]:
    """The page, open, with the network cut but for the server itself; an error of a script fails the test."""
    tab = browser.new_page(viewport={"width": 1366, "height": 900})
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort()
    )
    tab.goto(address)
    mark(tab, 1).wait_for(state="visible", timeout=60_000)
    yield tab
    tab.close()
    assert errors == []


def mark(tab: Page, structure_id: int) -> Locator:
    return tab.locator(f'.noeuds .noeud[data-id="{structure_id}"]')


def view(tab: Page) -> str:
    """Centre and zoom, as drawn."""
    return tab.locator("svg.image .monde").get_attribute("transform") or ""


def move_view(tab: Page) -> str:
    """Zoom and drag the ground; returns the view this makes."""
    start = view(tab)
    tab.get_by_role("button", name="Zoomer", exact=True).click()
    box = tab.locator("svg.image").bounding_box()
    assert box
    tab.mouse.move(box["x"] + 30, box["y"] + 300)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 110, box["y"] + 260, steps=4)
    tab.mouse.up()
    moved = view(tab)
    assert moved != start, "or the tests below would prove nothing"
    return moved


def wait_for_marks(tab: Page, number: int) -> None:
    tab.wait_for_function(
        "n => [...document.querySelectorAll('*')].some(e => e.shadowRoot"
        " && e.shadowRoot.querySelectorAll('.noeuds .noeud').length === n)",
        arg=number,
    )


@pytest.mark.e2e
def test_the_view_does_not_jump_when_filters_change(tab):
    """The person's centre and zoom survive other data, and everybody stands where they stood."""
    moved = move_view(tab)
    place = mark(tab, 4).bounding_box()
    tab.get_by_text("Habitat seulement").click()
    wait_for_marks(tab, 2)
    assert view(tab) == moved
    assert mark(tab, 4).bounding_box() == place
    tab.get_by_text("Habitat seulement").click()
    wait_for_marks(tab, 6)
    assert view(tab) == moved
    assert mark(tab, 4).bounding_box() == place


@pytest.mark.e2e
def test_a_click_gives_the_structure_and_leaves_the_view(tab):
    moved = move_view(tab)
    mark(tab, 2).click()
    tab.get_by_text("Choix : 2").wait_for()
    assert view(tab) == moved
    assert "choisi" in (mark(tab, 2).get_attribute("class") or "")
    mark(tab, 3).click()
    tab.get_by_text("Choix : 3").wait_for()
    assert "choisi" not in (mark(tab, 2).get_attribute("class") or "")


@pytest.mark.e2e
def test_a_drag_is_not_a_click(tab):
    """Taking hold of the picture by a mark must move it, not choose."""
    box = mark(tab, 2).bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 80, box["y"] + 40, steps=4)
    tab.mouse.up()
    tab.get_by_text("Cacher les liens en sommeil").click()
    tab.get_by_text("Choix : None").wait_for()


@pytest.mark.e2e
def test_a_name_is_text_whatever_it_holds(tab):
    """On the mark, in its accessible name and on the card: these very characters, and nothing runs."""
    mark(tab, 5).hover()
    card = tab.locator(".fiche strong")
    card.wait_for(state="visible")
    assert card.text_content() == HOSTILE
    assert (mark(tab, 5).get_attribute("aria-label") or "").startswith(HOSTILE)
    assert tab.locator(".noms .nom", has_text="<img src=x").count() == 1
    assert tab.locator(".reseau-vue img, .reseau-vue script").count() == 0
    assert tab.evaluate("window.pirate") is None


@pytest.mark.e2e
def test_pointing_brings_partners_forward(tab):
    mark(tab, 2).hover()
    tab.locator("svg.image.survol").wait_for()
    near = tab.locator(".noeuds .noeud.proche")
    assert {near.nth(i).get_attribute("data-id") for i in range(near.count())} == {"1", "2", "5"}
    assert tab.locator(".lien.proche").count() == 2
    assert "Avec la structure pivot : 5, convention ; active" in tab.locator(".fiche").inner_text()


@pytest.mark.e2e
def test_the_keyboard_goes_everywhere(tab):
    """Arrows walk from the pivot to its neighbours, Enter chooses."""
    mark(tab, 1).focus()
    seen = set()
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft") * 3:
        tab.keyboard.press(key)
        seen.add(tab.evaluate(FOCUSED))
    assert seen >= {"2", "3", "4", "5"}
    last = tab.evaluate(FOCUSED)
    tab.keyboard.press("Enter")
    tab.get_by_text(f"Choix : {last}").wait_for()


FOCUSED = """() => { let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  return e && e.dataset ? e.dataset.id : null; }"""


@pytest.mark.e2e
def test_the_wheel_scrolls_the_page_unless_asked_to_zoom(tab):
    """A picture that swallows the wheel hides the table below from those who do not know it."""
    start = view(tab)
    mark(tab, 1).hover()
    tab.mouse.wheel(0, 60)
    tab.wait_for_timeout(300)
    assert view(tab) == start
    tab.keyboard.down("Control")
    tab.mouse.wheel(0, -60)
    tab.keyboard.up("Control")
    tab.wait_for_timeout(300)
    assert view(tab) != start


@pytest.mark.e2e
def test_the_legend_says_shape_letter_width_and_stroke(tab):
    legend = tab.locator(".legende").inner_text()
    for words in ("Habitat et hébergement", "5 – convention", "en sommeil", "à contacter ou contact pris"):
        assert words in legend
    assert "Les tableaux ci-dessous disent la même chose que l'image." in tab.locator(".note").inner_text()
    height = tab.locator(".legende").bounding_box()["height"]
    tab.get_by_text("Habitat seulement").click()
    wait_for_marks(tab, 2)
    assert tab.locator(".legende").bounding_box()["height"] == height, "the page below does not move"


@pytest.mark.e2e
def test_strokes_and_widths_are_drawn(tab):
    """Dashed when dormant, dotted when only planned, wider when stronger: read from what is drawn."""
    style = "e => [getComputedStyle(e).strokeDasharray, parseFloat(getComputedStyle(e).strokeWidth)]"
    dormant = tab.locator(".liens .lien.sommeil").evaluate(style)
    planned = tab.locator(".liens .lien.projet").evaluate(style)
    active = [tab.locator(".liens .lien.actif").nth(i).evaluate(style) for i in range(3)]
    assert {dash for dash, _ in active} == {"none"}
    assert "none" not in {dormant[0], planned[0]}
    assert dormant[0] != planned[0]
    widths = [width for _, width in active]
    assert widths[0] > widths[1] > widths[2], "intensities 5, 3 and 1, in the order of ids"
