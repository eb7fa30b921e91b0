"""A real server, a real browser, and what is recorded of every visit."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from reseau.services.catalogue import page_about, page_files

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium resolves no name at all: whatever needs the outside world fails here.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
HERE = "127.0.0.1"
SIZES = ((1366, 768), (1920, 1080))
WAIT_MS = 30_000  # the first page of a cold server, on a busy machine
START_SECONDS = 60
SETTLE_MS = 800
# Streamlit asks its own addresses below each page first, and answers itself with a 404.
KNOWN_NOISE = re.compile(r"/_stcore/")
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def page_addresses() -> dict[str, str]:
    """Page file without extension → its path in the address; the first page is the home page."""
    files = page_files()
    return {path.stem: path.stem.split("_", 1)[1] if rank else "" for rank, path in enumerate(files)}


def page_titles() -> dict[str, str]:
    return {path.stem: page_about(path)["TITLE"] for path in page_files()}


class Server:
    """`streamlit run` of a script in a folder of its own, on a free port of this machine only."""

    def __init__(
        self, folder: Path, script: Path = ROOT / "app.py", *, database: Path | None = None, **env: str
    ) -> None:
        self.folder, self.script, self.port = folder, script, free_port()
        self.database = database or folder / "reseau.db"
        self.tiles_host = urlsplit(env.get("RESEAU_TUILES_URL", "")).hostname
        self._env = os.environ | {
            "PYTHONPATH": str(ROOT),
            "RESEAU_DATABASE_URL": f"sqlite:///{self.database}",
            "RESEAU_TUILES_URL": "",
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://{HERE}:{self.port}"

    def start(self) -> None:
        options = {
            "server.port": self.port, "server.address": HERE, "server.headless": "true",
            "server.fileWatcherType": "none", "browser.gatherUsageStats": "false",
        }  # fmt: skip
        command = [sys.executable, "-m", "streamlit", "run", str(self.script)]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "journal.txt").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, env=self._env, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def restart(self) -> None:
        """As after a power cut or an update: same address, same database, nothing kept in memory."""
        self.stop()
        self.start()

    def log(self) -> str:
        return (self.folder / "journal.txt").read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                pytest.fail(f"the server stopped before answering:\n{self.log()[-2000:]}")
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=2):  # noqa: S310 -- this machine
                    return
            except (URLError, OSError):
                time.sleep(0.2)
        pytest.fail("the server does not answer")


class Visit:
    """One tab: what it asked for, what went wrong, and the gestures of a person."""

    def __init__(self, browser: Any, server: Server, size: tuple[int, int] = SIZES[0]) -> None:
        width, height = size
        self.server = server
        self.page = browser.new_page(
            viewport={"width": width, "height": height}, service_workers="block", locale="fr-FR"
        )
        self.page.set_default_timeout(WAIT_MS)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(f"pageerror: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        address = message.location.get("url", "")
        if message.type != "error" or KNOWN_NOISE.search(address):
            return
        if urlsplit(address).hostname != self.server.tiles_host or self.server.tiles_host is None:
            self.errors.append(f"{message.text} ({address})")

    def outside(self) -> set[str | None]:
        """Hosts asked for that are neither this machine nor the map's background."""
        asked = [urlsplit(url) for url in self.asked]
        hosts = {parts.hostname for parts in asked if parts.scheme in {"http", "https", "ws", "wss"}}
        return hosts - {HERE, self.server.tiles_host}

    def goto(self, page: str = "", **address: str) -> None:
        """Open a page by its file name («p2_carte») or the home page, with a selection in the address."""
        path = page_addresses()[page] if page else ""
        query = "&".join(f"{key}={value}" for key, value in address.items())
        self.page.goto(f"{self.server.address}/{path}?{query}")
        self.at_rest()

    def at_rest(self) -> None:
        """Wait for the end of the script and a title (a page without territory has none)."""
        self.page.locator(AT_REST).wait_for(state="attached")
        self.page.locator("h1, [data-testid=stAlert]").first.wait_for()

    def settled(self) -> None:
        """Wait until the script rests and tables, components and frames have drawn."""
        self.page.wait_for_timeout(SETTLE_MS)
        self.at_rest()

    def menu(self, page: str) -> None:
        """Go to another page through the menu."""
        title = page_titles()[page]
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        self.page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        self.at_rest()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def choose(self, label: str, option: str) -> None:
        """Pick an option of a select box by its text, written first: a long list only draws what is seen."""
        box = self.page.get_by_role("combobox", name=label).first
        box.click()
        box.press_sequentially(option)
        self.page.get_by_role("option", name=option).first.click()

    def map_frame(self) -> Any:
        """The frame of the map, once something is drawn on it."""
        self.page.frame_locator("iframe").locator("path[role=button]").first.wait_for(state="attached")
        return next(frame for frame in self.page.frames if "st_folium" in frame.url)

    def picture(self, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self.page.wait_for_timeout(SETTLE_MS)  # a map that is still flying to its place is no picture
        size = self.page.viewport_size
        self.page.screenshot(path=PICTURES / f"{name}-{size['width']}x{size['height']}.png")

    def close(self) -> None:
        self.page.context.close()


def complaints(visits: Iterable[Visit]) -> list[str]:
    """What no visit may ever do: ask something outside, fail in the console."""
    return [
        *(f"asked outside: {host}" for visit in visits for host in sorted(map(str, visit.outside()))),
        *(error for visit in visits for error in visit.errors),
    ]
