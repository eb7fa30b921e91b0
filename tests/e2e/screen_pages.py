"""A bundle opened as a television does, and a server that answers it, or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.e2e.browsing import HERE, free_port
from tests.e2e.screen_content import MADE_AT

SIZES = {"1080p": (1920, 1080), "720p": (1280, 720), "4k": (3840, 2160), "portrait": (1080, 1920)}
STATE = "window.ecran.state()"
SHOWN = "window.ecran && window.ecran.state().shown > 0"
PATIENCE_MS = 20_000
STEP_SECONDS = 8  # less than the player waits for an answer


class Television:
    """One page on a bundle; its clock stands still but for `pass_time`."""

    def __init__(self, browser: Any, *, size: str = "1080p", at: Any = MADE_AT, **context: Any) -> None:
        width, height = SIZES[size]
        options = {"reduced_motion": "reduce", "timezone_id": "America/New_York", "locale": "en-US"}
        self.context = browser.new_context(viewport={"width": width, "height": height}, **(options | context))
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.pending: set[Any] = set()
        self.page.on("request", self._began)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        if at is not None:
            self.page.clock.install(time=at)

    def show(self, address: str | Path, **hash_: Any) -> Television:
        """Open a folder (as a file) or an address, and wait for the first slide."""
        base = (Path(address) / "index.html").as_uri() if isinstance(address, Path) else address
        self.page.goto("about:blank")
        self.page.goto(f"{base}#{urlencode(hash_)}")
        self._until(SHOWN)
        return self

    def _until(self, condition: str) -> None:
        # The page forbids `eval`, which is how the browser's driver would wait by itself.
        for _ in range(PATIENCE_MS // 50):
            if self.page.evaluate(f"Boolean({condition})"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came: {condition}")

    def _began(self, request: Any) -> None:
        self.pending.add(request)

    def _ended(self, request: Any) -> None:
        self.pending.discard(request)

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.page.evaluate(STATE))

    def pass_time(self, seconds: float) -> None:
        """Let time pass, timers included."""
        self.page.clock.run_for(int(seconds * 1000))

    def wait(self, condition: str) -> None:
        """Until a condition on `state` (JavaScript, `s`) holds."""
        self._until(f"((s) => {condition})({STATE})")

    def live(self, seconds: float) -> None:
        """Let time pass slowly enough for the network to answer before the page loses patience."""
        for _ in range(round(seconds / STEP_SECONDS)):
            self.pass_time(STEP_SECONDS)
            self.page.wait_for_timeout(20)
            for _ in range(100):
                if not self.pending:
                    break
                self.page.wait_for_timeout(20)

    def poll(self, condition: str, seconds: float = 400) -> None:
        """`live` until a condition on `state` (`s`) holds."""
        for _ in range(round(seconds / STEP_SECONDS)):
            if self.page.evaluate(f"((s) => {condition})({STATE})"):
                return
            self.live(STEP_SECONDS)
        raise AssertionError(f"never came: {condition}, {self.state}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def text(self, selector: str = ".front") -> str:
        return str(self.page.locator(selector).first.inner_text())

    def count(self, selector: str) -> int:
        return int(self.page.locator(f".front {selector}").count())

    def until_slide(self, slide: str) -> None:
        """Press «next» until a slide is shown."""
        for _ in range(120):
            if self.state["slide"] == slide:
                return
            self.press("ArrowRight")
        raise AssertionError(f"{slide} never came")

    def close(self) -> None:
        self.context.close()


Opener = Callable[..., Television]


def televisions(browser: Any, **usual: Any) -> Iterator[Opener]:
    """Opens televisions, `usual` their options; at the end none may have said a word of its own."""
    opened: list[Television] = []

    def opener(**options: Any) -> Television:
        opened.append(Television(browser, **(usual | options)))
        return opened[-1]

    yield opener
    errors = [error for one in opened for error in one.errors]
    for one in opened:
        one.close()
    assert errors == []


class Place:
    """A web server on this machine: a folder, or whatever answer a test gives instead of a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.instead: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.at = MADE_AT
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://{HERE}:{self.port}/"

    def start(self) -> None:
        handler: Callable[..., Any] = partial(_Handler, place=self, directory=str(self.folder))
        self._server = ThreadingHTTPServer((HERE, self.port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        self.place = place
        super().__init__(*args, **options)

    def log_message(self, format: str, *args: Any) -> None:
        self.place.asked.append(self.path)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The hour a test says: pages that run on an invented clock are answered at that hour."""
        return super().date_time_string(self.place.at.timestamp() if timestamp is None else timestamp)

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Expose-Headers", "Date")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:
        name = self.path.split("?")[0].lstrip("/")
        if name not in self.place.instead:
            return super().do_GET()
        status, body = self.place.instead[name]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.place.received.append(json.loads(self.rfile.read(length)))
        self.send_response(204)
        self.end_headers()
