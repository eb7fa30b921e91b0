"""The browser, and a door to the application that watches every visit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.services import open_app
from reseau.services.demo import load_demo
from tests.e2e.browsing import BROWSER, FLAGS, SIZES, Server, Visit, complaints

Opener = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with the network cut; one per module, so that no event loop outlives its tests."""
    if BROWSER is None:
        pytest.skip("Chromium n'est pas installé sur cette machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, loaded once."""
    path = tmp_path_factory.mktemp("demonstration") / "demo.db"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))) as app:
        load_demo(app)
    return path


@pytest.fixture(scope="module")
def demo_server(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application on a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("serveur")
    server = Server(folder, database=Path(shutil.copy(demo_file, folder / "demo.db")))
    yield server
    server.stop()


@pytest.fixture
def open_visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens tabs on a server; at the end none of them may have asked outside, nor failed.

    A test that fails leaves a picture of each of its tabs.
    """
    visits: list[Visit] = []
    failed_before = request.session.testsfailed

    def opener(server: Server, size: tuple[int, int] = SIZES[0]) -> Visit:
        visits.append(Visit(browser, server, size))
        return visits[-1]

    yield opener
    found = complaints(visits)
    for rank, visit in enumerate(visits):
        if found or request.session.testsfailed > failed_before:
            visit.picture(f"echec-{request.node.originalname}-{rank}")
        visit.close()
    assert found == []
