"""Pictures of every page on the demonstration, for the README and the guide.

Starts its own server on a free port with a temporary database, and opens it in headless Chromium with the
network cut: what the pictures show is what a machine without internet shows.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from reseau.config import load_config  # noqa: E402 -- run as a script, the project is not installed
from reseau.services import open_app  # noqa: E402
from reseau.services.catalogue import page_files  # noqa: E402
from reseau.services.territoires import find_territoire  # noqa: E402
from reseau.services.view import open_view  # noqa: E402
from tests.e2e.browsing import BROWSER, FLAGS  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = PROJECT / "docs" / "images"
WIDTH, HEIGHT = 1366, 768
MAX_BYTES = 300_000
START_SECONDS, PAGE_MS, SETTLE_MS = 60, 60_000, 2_500
# What is chosen on each page, as a link would say; the others show everything.
LINKS = {
    "p1_vue_densemble": "quartier=QN99101M&type=cmp",
    "p2_carte": "type=cmp",
    "p5_annuaire": "structure={pivot}",
    "p7_decider": "type=cmp",
}


def main() -> int:
    """Write one PNG per page; 1 where a page could not be drawn or a picture is too heavy."""
    if BROWSER is None:
        sys.stderr.write("Chromium n'est pas installé : sudo apt install chromium\n")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    pages = page_files()
    failed = False
    with (
        TemporaryDirectory(prefix="reseau-images-") as folder,
        server(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        pivot = pivot_id(Path(folder))
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR")
        for rank, path in enumerate(pages):
            name = path.stem.split("_", 1)[1]
            link = LINKS.get(path.stem, "").format(pivot=pivot)
            picture = shoot(page, f"{address}/{name if rank else ''}?{link}", GESTURES.get(path.stem))
            target = IMAGES / f"{name.replace('_', '-')}.png"
            target.write_bytes(picture)
            print(f"{target.relative_to(PROJECT)} : {len(picture) // 1000} ko")
            failed |= len(picture) > MAX_BYTES
        browser.close()
    return int(failed)


def database(folder: Path) -> str:
    """Address of the temporary database."""
    return f"sqlite:///{folder / 'images.db'}"


def pivot_id(folder: Path) -> int | None:
    """Id of the structure whose sheet is shown."""
    app = open_app(load_config({"RESEAU_DATABASE_URL": database(folder)}))
    try:
        return open_view(app, find_territoire(app).id).pivot_id
    finally:
        app.close()


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Address of the application on the demonstration, stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"RESEAU_DATABASE_URL": database(folder), "RESEAU_TUILES_URL": ""}
    subprocess.run([sys.executable, "-m", "reseau", "demo"], cwd=PROJECT, env=env, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    running = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=PROJECT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/_stcore/health")
        yield address
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- this machine's own address
                return
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def _open_priorities(page: Page) -> None:
    _open_section(page, "Priorités")


def _search_places(page: Page) -> None:
    """Where to go, with an answer."""
    _open_section(page, "Où aller")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_text("résultat prouvé").wait_for(timeout=PAGE_MS)
    page.mouse.move(WIDTH // 2, 5)


def _open_section(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()
    _rest(page)


# What is done on a page before its picture, where its first section is not the one to show.
GESTURES: dict[str, Callable[[Page], None]] = {
    "p4_mesures": _open_priorities,
    "p7_decider": _search_places,
}


def _rest(page: Page) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=PAGE_MS)


def shoot(page: Page, url: str, gesture: Callable[[Page], None] | None = None) -> bytes:
    """Picture of one page once it is at rest; its colours are kept, they mean something."""
    page.goto(url)
    page.wait_for_selector("h1", timeout=PAGE_MS)
    _rest(page)
    if gesture is not None:
        gesture(page)
        _rest(page)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        taken.convert("RGB").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
