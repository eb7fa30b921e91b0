"""Names that try to run: on every page in a browser, and in every export, they are these characters."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pytest

from reseau.config import load_config
from reseau.errors import RefusedInput
from reseau.services import App, open_app
from reseau.services.exporting import export, list_exports
from reseau.services.view import View, open_view
from tests.e2e.browsing import Server, Visit, page_titles
from tests.e2e.conftest import Opener
from tests.e2e.english import spoken
from tests.e2e.hostile_files import KEPT, WITNESS, fill

PAGES = list(page_titles())
FORMULA = ("=", "+", "-", "@", "\t", "\r")
RAN = """[window.pwned, window.top.pwned,
    document.querySelector('img[onerror], b, a[href^="javascript:"], a[href*=".example"]')]"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[App]:
    address = f"sqlite:///{folder / 'reseau.db'}"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": address}))) as opened:
        fill(opened, folder / "fichiers")
        yield opened


@pytest.fixture(scope="module")
def view(app: App) -> View:
    return open_view(app, 1)


@pytest.fixture(scope="module")
def server(app: App, folder: Path) -> Iterator[Server]:
    started = Server(folder)
    yield started
    started.stop()


def nothing_ran(visit: Visit) -> None:
    """No script ran in any frame, no markup was made of a name, no page broke, no file was made."""
    visit.settled()
    for frame in visit.page.frames:
        assert frame.evaluate(RAN) == [None, None, None], frame.url
    assert visit.page.get_by_test_id("stException").count() == 0
    made = {path.name for path in visit.server.folder.iterdir() if path.is_dir()}
    assert made == {"fichiers"}
    assert not (visit.server.folder / WITNESS).exists()


def flat(text: str) -> str:
    """Spaces aside: a line break is not a difference."""
    return " ".join(text.split())


def said(visit: Visit) -> str:
    return flat(" \n".join(spoken(visit.page)))


def test_names_are_kept_as_given(view: View) -> None:
    """Refusing to run a text is no reason to change it."""
    assert set(view.structures["name"]) == set(KEPT)
    assert set(view.quartiers["name"]) == set(KEPT)
    assert set(view.actions["title"]) == set(KEPT)
    assert set(view.contacts["name"]) == set(KEPT)


@pytest.mark.e2e
@pytest.mark.parametrize("page", PAGES)
def test_no_name_runs_on_a_page(page: str, server: Server, open_visit: Opener) -> None:
    """Without a selection, then with one, then in every section of the page."""
    visit = open_visit(server)
    visit.goto(page)
    nothing_ran(visit)
    visit.goto(page, quartier="QN99102A", type="cmp", structure="3")
    nothing_ran(visit)
    sections = visit.page.get_by_role("radiogroup", name="Section").get_by_role("radio")
    for rank in range(sections.count()):
        sections.nth(rank).click(force=True)
        nothing_ran(visit)


@pytest.mark.e2e
def test_names_of_quartiers_show_as_these_characters(server: Server, open_visit: Opener) -> None:
    """In the table of the overview, and on the map."""
    visit = open_visit(server)
    visit.goto("p1_vue_densemble")
    visit.page.locator("button[data-state]").first.wait_for()
    heads = visit.page.locator("th[scope=col]").all_text_contents()
    assert {flat(name) for name in heads} == {flat(name) for name in KEPT}
    visit.goto("p2_carte")
    frame = visit.map_frame()
    labels = {flat(name) for name in frame.locator(".reseau-nom .mot").all_text_contents()}
    assert labels
    assert labels <= {flat(name) for name in KEPT}
    nothing_ran(visit)


@pytest.mark.e2e
def test_every_sheet_shows_its_name_as_these_characters(
    server: Server, view: View, open_visit: Opener
) -> None:
    """One structure after the other, with its contacts, relations, permanences, actions and journal."""
    visit = open_visit(server)
    structures = view.structures.sort_index()
    # One sheet in two: the description of each is the name of the next.
    for structure_id, row in structures.iloc[::2].iterrows():
        visit.goto("p5_annuaire", structure=str(structure_id))
        nothing_ran(visit)
        assert flat(row["name"]) in said(visit)
        assert flat(row["description"]) in said(visit)


def exported(app: App, folder: Path) -> Iterator[tuple[str, Path]]:
    """Every export, for the team and for everyone."""
    for item in list_exports():
        for public in (False, True):
            path = folder / f"{item.id}-{public}{item.extension}"
            try:
                export(app, 1, item.id, path, public=public)
            except RefusedInput:
                assert public, "what the team may read is always written"
                continue
            yield item.id, path


def is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def test_no_export_starts_a_formula(app: App, tmp_path: Path) -> None:
    """A spreadsheet runs a cell by its first character, whatever the file's kind."""
    n_cells = 0
    for _, path in exported(app, tmp_path):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
            assert [cell for cell in cells if cell.startswith(FORMULA) and not is_number(cell)] == []
            n_cells += len(cells)
        elif path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
            n_cells += len(cells)
    assert n_cells > 1000


def test_graph_and_map_exports_can_be_read(app: App, tmp_path: Path) -> None:
    """Names with quotes, markup and right-to-left marks leave well-formed files, and come back whole."""
    seen = set()
    for format_id, path in exported(app, tmp_path):
        if path.suffix == ".gexf":
            graph: Any = nx.read_gexf(path)
            assert {data["label"] for _, data in graph.nodes(data=True)} == set(KEPT)
            seen.add(format_id)
        elif path.suffix == ".geojson":
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            if format_id == "reperes":
                # No place of another map was imported: a name of the directory there would be a leak.
                assert features == []
                continue
            written = {
                value for item in features for value in item["properties"].values() if isinstance(value, str)
            }
            assert set(KEPT) <= written
            seen.add(format_id)
    assert {"gexf", "geojson"} <= seen
