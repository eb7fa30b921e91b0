"""The queue of addresses on a slow computer: a key pressed twice decides about one structure only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.services import open_app, reviewing
from reseau.services.importing import FileToImport, import_file
from reseau.services.placing import place_by_address
from reseau.services.territoires import create_territoire, find_territoire
from tests.e2e.browsing import Server, Visit
from tests.e2e.conftest import Opener
from tests.unit.services.geocoders import Directory, place

pytestmark = pytest.mark.e2e
HEADER = "identifiant;nom;type;adresse;code postal;commune;code insee\n"
COUNT = 8
QUIET_MS = 1500  # no message for so long: the server has drawn all it had to


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Structures whose addresses were found with a doubt."""
    path, database = tmp_path / "liste.csv", tmp_path / "base.db"
    rows = (f"s{n};Structure {n};CMP;{n} rue des Fleurs;31000;Ici;99101\n" for n in range(1, COUNT + 1))
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    doubtful = place(score=0.7, label="1 Rue des Fleurs", lon=1.61, lat=48.11, citycode="99101")
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        tid = create_territoire(app, "Essai", communes=["99101"]).id
        import_file(app, tid, "tableur", FileToImport(path=path))
        place_by_address(app, tid, client=Directory({"fleurs": (doubtful,)}))
    running = Server(tmp_path, database=database)
    yield running
    running.stop()


def waiting(database: Path) -> list[str]:
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        return [item.name for item in reviewing.queue(app, find_territoire(app).id)]


class Line:
    """What the server says to a tab, which can be kept back as a slow computer does."""

    def __init__(self, visit: Visit) -> None:
        self.held, self._kept, self._page = False, [], visit.page
        self._send: Callable[[Any], None] = lambda _message: None
        visit.page.route_web_socket("**/_stcore/stream", self._open)

    def _open(self, route: Any) -> None:
        self._send = route.send
        far = route.connect_to_server()
        route.on_message(far.send)
        far.on_message(self._hear)

    def _hear(self, message: Any) -> None:
        if self.held:
            self._kept.append(message)
        else:
            self._send(message)

    def until_quiet(self) -> None:
        """Wait until the server has drawn all that was asked of it, none of which is on screen."""
        self._page.wait_for_timeout(QUIET_MS)
        count = 0
        while not self._kept or count < len(self._kept):
            count = len(self._kept)
            self._page.wait_for_timeout(QUIET_MS)

    def release(self) -> None:
        self.held = False
        for message in self._kept:
            self._send(message)


@pytest.fixture
def queue(server: Server, open_visit: Opener) -> tuple[Visit, Line]:
    """The queue of addresses, nothing begun, and the line to its server."""
    visit = open_visit(server)
    line = Line(visit)
    visit.goto("p8_a_verifier")
    visit.page.get_by_test_id("stMain").get_by_text("Adresses à relire", exact=True).first.click()
    visit.page.get_by_text(f"1 sur {COUNT}").wait_for()
    visit.settled()
    return visit, line


@pytest.mark.parametrize("gesture", ["key", "click"])
def test_twice_on_a_slow_computer_accepts_one(queue: tuple[Visit, Line], gesture: str) -> None:
    """The next structure is known to the server, and nobody has seen it yet."""
    visit, line = queue
    page, database = visit.page, visit.server.database
    first, second, *_ = waiting(database)

    def accept() -> None:
        if gesture == "key":
            page.keyboard.press("a")
        else:
            page.get_by_role("button", name="Accepter").click()

    line.held = True
    accept()
    line.until_quiet()
    assert waiting(database)[0] == second
    page.get_by_test_id("stMarkdown").get_by_text(first, exact=True).wait_for()
    accept()
    line.until_quiet()
    line.release()
    page.get_by_text(f"1 sur {COUNT - 1}").wait_for()
    visit.settled()
    assert len(waiting(database)) == COUNT - 1
    page.get_by_test_id("stMarkdown").get_by_text(second, exact=True).wait_for()


def test_a_key_held_down_accepts_one(queue: tuple[Visit, Line]) -> None:
    """A keyboard repeats a key that is held thirty times a second."""
    visit, _ = queue
    for _ in range(40):  # the first one is the press, the others its repetitions
        visit.page.keyboard.down("a")
        visit.page.wait_for_timeout(33)
    visit.page.keyboard.up("a")
    visit.page.get_by_text(f"1 sur {COUNT - 1}").wait_for()
    visit.settled()
    assert len(waiting(visit.server.database)) == COUNT - 1
