"""Duplicates in a real browser: one structure in two real files, merged, told apart, and undone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.duplicates import two_files
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.duplicates import pairs_to_confirm
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire
from tests.e2e.browsing import SIZES, Server
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken

pytestmark = [pytest.mark.e2e, pytest.mark.real_data]
OVERFLOW = """() => [document.querySelector('[data-testid=stMain]')]
    .map((box) => box.scrollWidth - box.clientWidth)[0]"""
KINDS = ("msp", "cmp", "centre-sante", "hebergement")
TOWN, CODE = "Montpellier", "34172"


@pytest.fixture
def server(shared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The register's establishments of a town, and a table of partners that names some of them in full."""
    path, table = tmp_path / "base.db", tmp_path / "partenaires.csv"
    _, long = two_files(shared_data, TOWN)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["identifiant", "nom", "type", "ville", "code insee", "latitude", "longitude"])
        for rank, row in enumerate(long[long["types"].str[0].isin(KINDS)].itertuples()):
            writer.writerow([f"P{rank}", row.name, row.types[0], TOWN, CODE, row.lat + 0.0002, row.lon])
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))) as app:
        tid = create_territoire(app, TOWN, communes=[CODE]).id
        source = shared_data / "finess" / "cs1100507_toulouse_montpellier.csv"
        import_file(app, tid, "finess", FileToImport(path=source))
        import_file(app, tid, "tableur", FileToImport(path=table))
        assert len(pairs_to_confirm(app, tid)) > 5
    running = Server(tmp_path, database=path)
    yield running
    running.stop()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_merge_tell_apart_and_undo(server: Server, open_visit: Opener, size: tuple[int, int]) -> None:
    """The buttons are in view, the queue gets shorter, undoing brings the pair back."""
    visit = open_visit(server, size)
    visit.goto("p8_a_verifier")
    visit.page.get_by_text("Doublons possibles").click()
    count = visit.page.get_by_text(re.compile(r"\d+ paires à regarder"))
    count.wait_for()
    visit.settled()
    visit.picture("doublons")
    before = int(count.inner_text().split()[0])
    merge = visit.page.get_by_role("button", name="C'est la même structure : fusionner")
    assert merge.bounding_box()["y"] + 40 < size[1]
    assert english_in(spoken(visit.page)) == []
    assert visit.page.evaluate(OVERFLOW) == 0
    merge.click()
    visit.page.get_by_text(f"{before - 1} paires à regarder").wait_for()
    visit.settled()
    visit.press("Ce sont deux structures différentes")
    visit.page.get_by_text(f"{before - 2} paires à regarder").wait_for()
    visit.settled()
    visit.page.get_by_text("Fusions faites", exact=True).click()
    visit.settled()
    # The first cell of a line of a table is where it is chosen.
    grid = visit.page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    grid.click(position={"x": 16, "y": 52})
    visit.press("Défaire cette fusion")
    visit.page.get_by_text("les deux fiches sont de nouveau là").wait_for()
    visit.page.get_by_text("À confirmer", exact=True).click()
    visit.page.get_by_text(f"{before - 1} paires à regarder").wait_for()
    assert visit.page.get_by_test_id("stException").count() == 0
