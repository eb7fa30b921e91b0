"""A screen at its address, in a folder and in a preview, in a real browser, beside the application."""

from __future__ import annotations

import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from reseau.config import load_config
from reseau.model.screens import FORMATS, Screen, ScreenMessage
from reseau.services import App, open_app
from reseau.services.screen_bundles import write_bundle
from reseau.services.screen_messages import save_message
from reseau.services.screens import SavedScreen, save_screen
from reseau.services.territoires import list_territoires
from reseau.services.view import open_view
from tests.e2e.browsing import PICTURES, Server

pytestmark = pytest.mark.e2e

NEWS = "La permanence de lundi est à 15 heures"
FAST = "#vitesse=60"


def asked(address: str, body: bytes | None = None) -> tuple[int, bytes]:
    request = Request(address, data=body, headers={"Content-Type": "text/plain"})  # noqa: S310 -- this machine
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return int(answer.status), answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def app(demo_server: Server) -> Any:
    """The application on the database of the server, as another process would open it."""
    config = load_config({"RESEAU_DATABASE_URL": f"sqlite:///{demo_server.database}"})
    with closing(open_app(config)) as opened:
        yield opened


@pytest.fixture
def tid(app: App) -> int:
    return list_territoires(app)[0].id


@pytest.fixture
def saved(app: App, tid: int, request: pytest.FixtureRequest) -> SavedScreen:
    codes = tuple(open_view(app, tid).quartiers["code"].head(2))
    return save_screen(app, tid, Screen(name=request.node.name, quartiers=codes, languages=("fr", "ar")))


class Watched:
    """A page of a screen and what went wrong on it."""

    def __init__(self, browser: Any, size: tuple[int, int] = FORMATS["720p"]) -> None:
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(message.text)

    def loaded_fonts(self) -> set[str]:
        self.page.evaluate("() => document.fonts.ready")
        found = self.page.evaluate(
            "() => [...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)"
        )
        return {name.strip('"') for name in found}


def test_a_screen_at_its_address_is_whole(demo_server: Server, browser: Any, saved: SavedScreen) -> None:
    tab = Watched(browser)
    tab.page.goto(f"{demo_server.address}/ecran/{saved.key}")
    tab.page.get_by_role("heading").first.wait_for()
    assert tab.page.url == f"{demo_server.address}/ecran/{saved.key}/"
    assert "Reseau latin" in tab.loaded_fonts()
    # What the page may load is said twice, by the page and by the server: neither forbids what it needs.
    assert tab.wrong == []
    tab.page.close()


def test_a_screen_of_an_address_comes_back_without_its_server(
    demo_server: Server, browser: Any, saved: SavedScreen
) -> None:
    # The power comes back in the morning before the network does.
    tab = Watched(browser)
    tab.page.goto(f"{demo_server.address}/ecran/{saved.key}/")
    tab.page.evaluate("async () => (await navigator.serviceWorker.ready).active.state")
    demo_server.stop()
    try:
        tab.page.reload()
        tab.page.get_by_role("heading").first.wait_for()
        assert "Reseau latin" in tab.loaded_fonts()
    finally:
        demo_server.start()
    tab.page.close()


def test_a_folder_opened_from_a_file_is_the_same_screen(
    browser: Any, app: App, tid: int, saved: SavedScreen, tmp_path: Path
) -> None:
    write_bundle(app, tid, saved, tmp_path / "Écran #1")
    tab = Watched(browser)
    tab.page.goto((tmp_path / "Écran #1" / "index.html").as_uri())
    tab.page.get_by_role("heading").first.wait_for()
    assert "Reseau latin" in tab.loaded_fonts()
    assert tab.wrong == []
    PICTURES.mkdir(exist_ok=True)
    tab.page.screenshot(path=PICTURES / "ecran-dossier-1280x720.png")
    tab.page.close()


def test_a_folder_takes_what_is_newer_at_the_address_of_the_application(
    demo_server: Server, browser: Any, app: App, tid: int, saved: SavedScreen, tmp_path: Path
) -> None:
    # From a file the page has no origin: the server must let anybody read it.
    known = save_screen(
        app, tid, replace(saved.record, address=demo_server.address, slides=("messages",)), screen_id=saved.id
    )
    write_bundle(app, tid, known, tmp_path / "ecran")
    tab = Watched(browser)
    tab.page.goto((tmp_path / "ecran" / "index.html").as_uri() + FAST)
    save_message(app, tid, ScreenMessage(texts={"fr": NEWS}, screen_id=saved.id))
    tab.page.get_by_text(NEWS).first.wait_for(timeout=60_000)
    assert tab.wrong == []
    tab.page.close()


@pytest.mark.parametrize("size", list(FORMATS))
def test_a_preview_is_shown_at_its_true_size_made_smaller(
    demo_server: Server, browser: Any, saved: SavedScreen, size: str
) -> None:
    # The preview of the page of the screens lives in the server: a screen stands for it here.
    tab = Watched(browser, (700, 420))
    tab.page.route(
        "**/ecran/apercu/abc/**",
        lambda route: route.continue_(url=route.request.url.replace("apercu/abc", saved.key)),
    )
    tab.page.goto(f"{demo_server.address}/ecran/cadre?cle=abc&format={size}&langue=fr")
    frame = tab.page.frame_locator("iframe")
    frame.get_by_role("heading").first.wait_for()
    # It leaves nothing in the browser of the person who designs.
    assert tab.page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    box = tab.page.locator("iframe").bounding_box()
    inner = frame.locator("html").evaluate("() => [innerWidth, innerHeight, location.hash]")
    assert inner == [*FORMATS[size], "#langue=fr"]
    assert box["width"] <= 700.5
    assert box["height"] <= 420.5
    assert box["width"] / box["height"] == pytest.approx(FORMATS[size][0] / FORMATS[size][1], rel=0.01)
    assert tab.wrong == []
    tab.page.close()


def test_nothing_of_the_disk_is_served(demo_server: Server, saved: SavedScreen) -> None:
    for path in ("../../app.py", "%2e%2e/%2e%2e/app.py", "..%5capp.py", "%00", "/etc/passwd", "reseau.db"):
        status, body = asked(f"{demo_server.address}/ecran/{saved.key}/{path}")
        assert status in {400, 404}, path
        assert b"import" not in body
        assert b"root:" not in body


def test_fifty_screens_and_a_locked_database_are_answered(demo_server: Server, saved: SavedScreen) -> None:
    address = f"{demo_server.address}/ecran/{saved.key}/contenu.json"
    with ThreadPoolExecutor(50) as pool:
        answers = [task.result() for task in [pool.submit(asked, address) for _ in range(50)]]
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    # A long import holds the database: screens go on reading what is known.
    with closing(sqlite3.connect(demo_server.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asked(address)[0] == 200
        other.execute("ROLLBACK")


def test_what_a_resident_leaves_is_kept_or_refused_in_a_word(
    demo_server: Server, app: App, tid: int, saved: SavedScreen
) -> None:
    save_screen(app, tid, replace(saved.record, touch=True), screen_id=saved.id)
    address = f"{demo_server.address}/ecran/{saved.key}"
    plan = json.loads(asked(f"{address}/contenu.json")[1])["map"]
    spot = plan["corners"][0]
    idea = {"key": "0123456789abcdef-essai", "need": "manger", "reason": "loin", "spot": spot}
    assert asked(f"{address}/avis", json.dumps(idea).encode()) == (204, b"")
    # Sent twice, counted once.
    assert asked(f"{address}/avis", json.dumps(idea).encode()) == (204, b"")
    for wrong in ({**idea, "key": "x"}, {**idea, "words": "Mme Untel"}, {**idea, "spot": [-1, 0]}, []):
        status, body = asked(f"{address}/avis", json.dumps(wrong).encode())
        assert status == 400
        assert b"Untel" not in body
    # The demonstration holds opinions of its own.
    with closing(sqlite3.connect(demo_server.database)) as base:
        mine = base.execute("SELECT count(*) FROM participations WHERE key = ?", (idea["key"],))
        assert mine.fetchone() == (1,)
        kept = base.execute("SELECT count(*) FROM participations WHERE screen_id = ?", (saved.id,))
        assert kept.fetchone() == (1,)


def test_a_flood_is_told_to_wait(demo_server: Server, app: App, tid: int, saved: SavedScreen) -> None:
    save_screen(app, tid, replace(saved.record, touch=True), screen_id=saved.id)
    address = f"{demo_server.address}/ecran/{saved.key}/avis"
    found: list[int] = []

    def send(rank: int) -> None:
        idea = {"key": f"flot-{rank:020d}", "need": "manger", "reason": "loin"}
        found.append(asked(address, json.dumps(idea).encode())[0])

    senders = [threading.Thread(target=send, args=(rank,)) for rank in range(60)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert set(found) == {204, 429}
