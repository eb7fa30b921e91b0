"""A waiting-room screen left to itself in Chromium, its clock hurried: memory, cuts, first slide.

    python -m benchmarks.screen_run [--minutes 10] [--vitesse 60]

Screens side by side, each in its own browser with the network cut: that of the demonstration, a folder opened
as a file that refreshes from a real `streamlit run app.py`; one of 1,000 places, whose content changes all
along; and, where the public files are in `../shared/data`, one of a real quartier of Toulouse in three
scripts, a folder that nothing refreshes, as on a stick. On the way the servers die and come back, and a
message is saved. Looked at a few times a second. What the process holds counts what the browser's driver
records: every document it fetched. Then the first slide on a processor slowed four times, beside pages of
Streamlit in the same run.
Needs Chromium and Linux.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from benchmarks.pages import EMPTY
from reseau.config import load_config
from reseau.model.screens import ScreenMessage
from reseau.screens.content import Content
from reseau.services import App, open_app
from reseau.services.demo import load_demo
from reseau.services.screen_bundles import write_bundle
from reseau.services.screen_messages import save_message
from reseau.services.screens import SavedScreen, list_screens, save_screen
from reseau.services.territoires import list_territoires
from tests.e2e import screen_content as contents
from tests.e2e.browsing import BROWSER, FLAGS, Server
from tests.e2e.screen_pages import Place, Television
from tests.e2e.screen_watching import Watch, weight
from tests.e2e.toulouse import make_toulouse, write_empalot
from tests.screens import places, sample_screen

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DEMO, LARGE, TOULOUSE = "Démonstration", "Mille lieux", "Toulouse, Empalot"
NEWS = "La permanence de lundi est à quinze heures"
ROUND_SECONDS = 25
SLOWER = 4
VISITS = 3
LEAST_SECONDS = sample_screen().min_seconds
# Long enough for the pauses that slow a processor down to be counted; compiled before it is timed.
BUSY = """() => {
  const turn = () => {
    let sum = 0;
    for (let i = 0; i < 5e6; i += 1) sum += Math.sqrt(i);
    return sum;
  };
  for (let i = 0; i < 5; i += 1) turn();
  const start = performance.now();
  for (let i = 0; i < 40; i += 1) turn();
  return performance.now() - start;
}"""
COLUMNS = ("heap", "nodes", "listeners", "process")


def demo_screen(app: App, server: Server, folder: Path) -> tuple[int, SavedScreen]:
    """The screen of the demonstration, asking this server for news, written as a folder."""
    tid = list_territoires(app)[0].id
    known = list_screens(app, tid)[0]
    record = replace(known.record, address=server.address)
    saved = save_screen(app, tid, record, screen_id=known.id, version=known.version)
    write_bundle(app, tid, saved, folder)
    return tid, saved


def large_content(place: Place) -> Content:
    """A screen of 1,000 places in three scripts, asking `place` for news."""
    content = contents.screen_content(structures=places(1_000, contents.NEEDS))
    return contents.changed(content, screen=content["screen"] | {"address": place.address})


def toulouse_screen(made: Path, folder: Path) -> bool:
    """The screen of a real quartier, as the command line writes it; False without the public files."""
    if not SHARED_DATA.is_dir():
        print(f"{TOULOUSE} : pas mesuré, ../shared/data (fichiers publics) n'est pas là.")
        return False
    make_toulouse(SHARED_DATA, made / "toulouse.db")
    write_empalot(made / "toulouse.db", folder, contents.LANGUAGES)
    return True


class Run:
    """The screens, and what happens around them."""

    def __init__(self, *, app: App, server: Server, place: Place, large: Content) -> None:
        self.app, self.server, self.place, self.large = app, server, place, large
        self.watches: list[Watch] = []
        self.renewed = 0

    def watch(self, seconds: float) -> None:
        """Look at each; the content of the large screen changes every half a minute."""
        until = time.monotonic() + seconds
        change = time.monotonic() + 30
        while time.monotonic() < until:
            for one in self.watches:
                one.look()
            self.watches[0].screen.page.wait_for_timeout(200)
            if time.monotonic() > change:
                change += 30
                self.renew()

    def renew(self) -> None:
        self.renewed += 1
        said = [item | {"text": {"fr": f"Message {self.renewed}"}} for item in self.large["messages"]]
        contents.write_bundle(contents.changed(self.large, messages=said), self.place.folder)

    def go(self, seconds: float, tid: int, saved: SavedScreen) -> list[list[dict[str, float]]]:
        """Weights of each screen: after one round, half way, at the end."""
        weights = []
        self.watch(ROUND_SECONDS)
        weights.append([weight(one.screen) for one in self.watches])
        self.watch(seconds * 0.2)
        self.server.stop()
        self.place.stop()
        self.watch(seconds * 0.3)
        weights.append([weight(one.screen) for one in self.watches])
        self.server.start()
        self.place.start()
        before = self.watches[0].look()["version"]
        save_message(self.app, tid, ScreenMessage(texts={"fr": NEWS}, screen_id=saved.id))
        if not self.watches[0].until(lambda state: state["version"] != before, 60):
            self.watches[0].wrong.add("the message never came")
        self.watch(seconds * 0.5)
        weights.append([weight(one.screen) for one in self.watches])
        return weights


def first_slide(browser: Browser, near: str, address: str) -> tuple[float, float]:
    """Seconds until a title is seen, on a processor slowed down; how much slower it truly was.

    `near`: something small of the same origin, opened first so that the process is the one slowed down.
    """
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(near)
    plain = page.evaluate(BUSY)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("h1").first.wait_for(timeout=120_000)
    seconds = time.perf_counter() - start
    slowed = page.evaluate(BUSY) / plain
    context.close()
    return seconds, slowed


def first_slides(browser: Browser, folders: dict[str, Path], servers: dict[str, tuple[str, str]]) -> None:
    asked = {name: ((path / "LISEZMOI.txt").as_uri(), (path / "index.html").as_uri())
             for name, path in folders.items()} | servers  # fmt: skip
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    slowed = []
    for _ in range(VISITS + 1):
        for name, (near, address) in asked.items():
            took, slower = first_slide(browser, near, address)
            seconds[name].append(took)
            slowed.append(slower)
    true = statistics.median(slowed)
    print(f"\nPremier titre vu, processeur ralenti {SLOWER} fois (mesuré : {true:.1f} fois)")
    for name, took in seconds.items():
        # The first visit warms the server and the disk.
        print(f"{name:<44} {statistics.median(took[1:]):6.2f} s   ({min(took[1:]):.2f}–{max(took[1:]):.2f})")


def table(name: str, watch: Watch, weights: list[dict[str, float]], pages: int) -> None:
    # A busy machine turns fewer pages than it is asked: hours are counted in pages, each at its shortest.
    hours = pages * LEAST_SECONDS / 3600
    print(f"\n{name} : {pages} pages, {hours:.1f} heures d'écran, {len(watch.slides)} diapositives")
    print(f"{'':<24}{'tas (Mo)':>10}{'nœuds':>8}{'écouteurs':>11}{'processus (Mo)':>16}")
    for moment, found in zip(("après un tour", "serveur coupé", "à la fin"), weights, strict=True):
        heap, nodes, listeners, process = (found[column] for column in COLUMNS)
        print(f"{moment:<24}{heap:>10.2f}{nodes:>8.0f}{listeners:>11.0f}{process:>16.0f}")
    print(f"vu d'anormal : {', '.join(sorted(watch.wrong)) or 'rien'}")


def play(run: Run, names: Iterable[str], *, minutes: float, speed: int, tid: int, saved: SavedScreen) -> None:
    """The run itself, and what it weighed."""
    start = time.monotonic()
    weights = run.go(minutes * 60, tid, saved)
    lasted = time.monotonic() - start
    print(f"{lasted / 60:.1f} minutes à la vitesse {speed}")
    print(f"Contenu des mille lieux changé {run.renewed} fois ; serveurs arrêtés puis relancés ; un message")
    for rank, (name, watch) in enumerate(zip(names, run.watches, strict=True)):
        table(name, watch, [found[rank] for found in weights], watch.pages)
        watch.screen.close()


def launch(playwright: Playwright, stack: ExitStack) -> Any:
    browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
    stack.callback(browser.close)
    return browser


def main(minutes: float, speed: int) -> int:
    """Print the figures; 1 where something wrong was seen."""
    if BROWSER is None:
        print("Chromium n'est pas installé.")
        return 1
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        for name in ("serveur", "vide", "place"):
            (folder / name).mkdir()
        database = folder / "demo.db"
        app = stack.enter_context(
            closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"})))
        )
        load_demo(app)
        server = Server(folder / "serveur", database=database)
        stack.callback(server.stop)
        place = Place(folder / "place")
        stack.callback(place.stop)
        tid, saved = demo_screen(app, server, folder / "demo")
        large = large_content(place)
        folders = {DEMO: folder / "demo", LARGE: folder / "mille"}
        contents.write_bundle(large, folders[LARGE])
        contents.write_bundle(large, place.folder)
        if toulouse_screen(folder, folder / "toulouse"):
            folders[TOULOUSE] = folder / "toulouse"
        playwright = stack.enter_context(sync_playwright())
        run = Run(app=app, server=server, place=place, large=large)
        for path in folders.values():
            screen = Television(launch(playwright, stack), at=None, reduced_motion="no-preference")
            run.watches.append(Watch(screen.show(path, vitesse=speed)))
        play(run, folders, minutes=minutes, speed=speed, tid=tid, saved=saved)
        (folder / "vide.py").write_text(EMPTY, encoding="utf-8")
        empty = Server(folder / "vide", folder / "vide.py")
        stack.callback(empty.stop)
        live = {
            "page Streamlit vide": (f"{empty.address}/_stcore/health", empty.address),
            "page Écrans de l'application": (f"{server.address}/_stcore/health", f"{server.address}/ecrans"),
        }
        opened = {f"{name}, dossier": path for name, path in folders.items()}
        first_slides(launch(playwright, stack), opened, live)
        return int(any(watch.wrong for watch in run.watches))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--vitesse", type=int, default=60)
    options = parser.parse_args()
    sys.exit(main(options.minutes, options.vitesse))
