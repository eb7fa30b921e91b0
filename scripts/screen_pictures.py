"""Pictures of the waiting-room screen on the demonstration, for the guide: four languages by four formats.

Writes the bundle of the demonstration and opens it from its folder in headless Chromium with the network cut.
Pictures are reduced to a palette: a slide has few colours, and the folder stays light.
"""

from __future__ import annotations

import io
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from reseau.config import load_config  # noqa: E402 -- run as a script, the project is not installed
from reseau.model.screens import FORMATS  # noqa: E402
from reseau.services import open_app  # noqa: E402
from reseau.services.demo import load_demo  # noqa: E402
from reseau.services.screen_bundles import write_bundle  # noqa: E402
from reseau.services.screens import list_screens  # noqa: E402
from reseau.services.territoires import find_territoire  # noqa: E402
from tests.e2e.browsing import BROWSER, FLAGS  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = PROJECT / "docs" / "images" / "ecran"
COLOURS = 64
MAX_BYTES = 2_000_000
PATIENCE_MS = 20_000
# A telling slide for each language.
SLIDES = {"fr": "ouvert", "ar": "besoin:soigner", "ta": "carte", "uk": "permanences"}


def main() -> int:
    """Write one PNG per language and format; 1 where Chromium is missing or the folder is too heavy."""
    if BROWSER is None:
        sys.stderr.write("Chromium n'est pas installé : sudo apt install chromium\n")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    total = 0
    with TemporaryDirectory(prefix="reseau-ecran-") as made, sync_playwright() as playwright:
        bundle(Path(made))
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        for language, slide in SLIDES.items():
            for name in FORMATS:
                picture = shoot(browser, Path(made) / "ecran", slide=slide, language=language, size=name)
                target = IMAGES / f"{language}-{name}.png"
                target.write_bytes(picture)
                total += len(picture)
                print(f"{target.relative_to(PROJECT)} : {len(picture) // 1000} ko")
        browser.close()
    print(f"{total / 1e6:.2f} Mo")
    return int(total > MAX_BYTES)


def bundle(folder: Path) -> None:
    """The screen of the demonstration in all the languages of the pictures, in `folder/ecran`."""
    config = load_config({"RESEAU_DATABASE_URL": f"sqlite:///{folder / 'images.db'}"})
    with closing(open_app(config)) as app:
        load_demo(app)
        tid = find_territoire(app).id
        saved = list_screens(app, tid)[0]
        screen = replace(saved, record=replace(saved.record, languages=tuple(SLIDES)))
        write_bundle(app, tid, screen, folder / "ecran")


def morning() -> datetime:
    """Half past ten in France on the next weekday but Monday: places are open, and some open later."""
    day = datetime.now(UTC).replace(hour=9, minute=30, second=0, microsecond=0)
    while day.weekday() not in {1, 2, 3}:
        day += timedelta(days=1)
    return day


def shoot(browser: Browser, folder: Path, *, slide: str, language: str, size: str) -> bytes:
    """Picture of the first page of a slide, at its true size."""
    width, height = FORMATS[size]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.clock.set_fixed_time(morning())
    page.goto(f"{(folder / 'index.html').as_uri()}#diapo={slide}&langue={language}")
    # The page forbids `eval`, by which the browser's driver would wait for a condition.
    page.locator(".front h1").wait_for(timeout=PATIENCE_MS)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.wait_for_timeout(500)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        taken.convert("RGB").quantize(COLOURS).save(buffer, "PNG", optimize=True)
    page.close()
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
