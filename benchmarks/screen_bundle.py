"""Bundle of a waiting-room screen, for 100 to 1,000 places, in scripts of all twelve languages.

    python -m benchmarks.screen_bundle

Beside it, what the same bundle would weigh the plain way: fonts as they are installed, and the openings of
each place written with the place. Every place of the benchmark has a website, hours and an address. Fonts are
cut once for all rows, as in a server.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from reseau.screens import fonts
from reseau.screens.build import build_content
from reseau.screens.bundle import bundle_files, to_json, write_folder, write_zip
from reseau.screens.content import Content
from reseau.screens.texts import SCRIPTS
from tests.screens import places, sample_inputs

T = TypeVar("T")
VOLUMES = (100, 300, 1_000)
LIMIT_MB = 8.0
MB = 1_000_000


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def cut_anew() -> dict[str, bytes]:
    """Fonts cut with nothing kept from before."""
    with tempfile.TemporaryDirectory() as folder:
        known = fonts.cache_folder
        fonts._made.clear()
        fonts.cache_folder = lambda: Path(folder)
        try:
            return fonts.font_files(SCRIPTS)
        finally:
            fonts.cache_folder = known


def whole_fonts() -> int:
    """Bytes of the same fonts as they are installed."""
    return sum(path.stat().st_size for path in {fonts.source_file(face) for face in fonts.FACES})


def plain_content(content: Content) -> int:
    """Bytes of the content with the openings of each place in the place."""
    calendars = content["calendars"]
    rows: list[dict[str, Any]] = [
        {**place, "calendar": None if place["calendar"] is None else calendars[place["calendar"]]}
        for place in content["places"]
    ]
    return len(to_json({**content, "places": rows, "calendars": []}))


def size(files: dict[str, bytes]) -> float:
    return sum(map(len, files.values())) / MB


def row(count: int, cut: dict[str, bytes], folder: Path) -> str:
    inputs = sample_inputs(structures=places(count))
    content, building = timed(lambda: build_content(inputs))
    files, packing = timed(lambda: bundle_files(content, fonts=cut))
    _, writing = timed(lambda: write_folder(files, folder / "ecran"))
    packed, zipping = timed(lambda: write_zip(files, folder / "ecran.zip"))
    # The document is in the page and beside it; so would the plain one be.
    plain = size(files) + (whole_fonts() - sum(map(len, cut.values()))) / MB
    plain += 2 * (plain_content(content) - len(files["contenu.json"])) / MB
    shown = len(content["places"])
    return (
        f"{count:>6} {shown:>8} {size(files):>8.2f} {packed / MB:>8.2f} {plain:>8.2f}   "
        f"{building:>8.2f} {packing:>8.2f} {writing:>8.2f} {zipping:>8.2f}"
    )


def main() -> None:
    cut, cutting = timed(cut_anew)
    light, heavy = sum(map(len, cut.values())) / MB, whole_fonts() / MB
    print(f"Fonts: {light:.2f} MB instead of {heavy:.2f}, cut in {cutting:.1f} s")
    print("places    shown   bundle      zip    plain      build     pack    write      zip  (MB, seconds)")
    with tempfile.TemporaryDirectory() as folder:
        for count in VOLUMES:
            print(row(count, cut, Path(folder)))
    print(f"A bundle of 1,000 places is to weigh less than {LIMIT_MB:.0f} MB.")


if __name__ == "__main__":
    main()
