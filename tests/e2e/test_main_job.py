"""The main job, as a coordinator does it: two files in, the table, the map, an action, found again later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services.importing import list_sources
from tests.e2e.browsing import ROOT, SIZES, Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.reading import command

pytestmark = pytest.mark.e2e
PARTNERS = ROOT / "data" / "partners"
COUNTS = ("lus", "nouveaux", "modifies", "inchanges", "refuses", "hors_territoire")
# In the order of the report's figures on the page.
CELLS = """(buttons) => buttons.map((item) => [item.dataset.type, item.dataset.state])"""


@dataclass(frozen=True)
class Case:
    """A territory and the files that fill it, as (source, file)."""

    name: str
    communes: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]
    n_quartiers: int
    type_code: str


@pytest.fixture(
    scope="module",
    params=["demonstration", pytest.param("toulouse", marks=pytest.mark.real_data)],
)
def case(request: Any) -> Case:
    if request.param == "demonstration":
        files = (
            ("qpv", ROOT / "data" / "qpv" / "demo-quartiers.geojson"),
            ("tableur", PARTNERS / "demo-partenaires.csv"),
            ("finess", PARTNERS / "demo-finess.csv"),
            ("relations", PARTNERS / "demo-relations.csv"),
            ("permanences", PARTNERS / "demo-permanences.csv"),
        )
        return Case("Pays de Beaurivage", ("99101", "99102", "99103"), files, 7, "cmp")
    shared = request.getfixturevalue("shared_data")
    files = (
        ("qpv", shared / "qpv" / "qpv2024_france.geojson"),
        ("finess", shared / "finess" / "cs1100507_toulouse_montpellier.csv"),
    )
    return Case("Toulouse", ("31555",), files, 12, "cmp")


@dataclass(frozen=True)
class Expected:
    """What the command line says of the same files in a database of its own."""

    counts: dict[str, tuple[int, ...]]
    gaps: list[dict[str, Any]]


@pytest.fixture(scope="module")
def expected(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Expected:
    database = tmp_path_factory.mktemp("commande") / "commande.db"
    command(database, "territoire", "creer", case.name, "--communes", *case.communes)
    reports = {source: command(database, "importer", source, str(path)) for source, path in case.files}
    counts = {source: tuple(report[key] for key in COUNTS) for source, report in reports.items()}
    return Expected(counts, command(database, "lacunes"))


@pytest.fixture(scope="module")
def server(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application on an empty database."""
    started = Server(tmp_path_factory.mktemp("serveur"))
    yield started
    started.stop()


def create_territory(visit: Visit, case: Case) -> None:
    visit.goto()
    visit.press("Ouvrir les réglages")
    visit.page.get_by_role("textbox", name="Nom du territoire").fill(case.name)
    visit.page.get_by_role("textbox", name="Communes (nom ou code INSEE)").fill(", ".join(case.communes))
    visit.press("Créer le territoire")
    visit.page.get_by_role("heading", name="Structure pivot", exact=True).wait_for()
    visit.at_rest()


def figure(text: str) -> int:
    """«1 350» as 1350."""
    return int("".join(char for char in text if char.isdecimal()))


def import_one(visit: Visit, source: str, path: Path) -> tuple[int, ...]:
    """Give a file to the page Données and read its report, as counts in the order of `COUNTS`."""
    title = next(spec.title for spec in list_sources() if spec.id == source)
    visit.page.locator("input[type=file]").set_input_files(path)
    visit.page.get_by_test_id("stMain").get_by_text(path.name, exact=True).first.wait_for()
    recognised = visit.page.get_by_role("combobox", name="Source de ce fichier")
    recognised.wait_for()
    visit.at_rest()
    assert recognised.input_value() == title
    visit.press("Importer sans comparer")
    visit.page.get_by_text(f"Compte rendu : {path.name}").wait_for()
    values = visit.page.get_by_test_id("stMetricValue")
    values.nth(len(COUNTS) - 1).wait_for()
    counts = tuple(figure(text) for text in values.all_inner_texts())
    visit.press("Fermer ce compte rendu")
    visit.page.get_by_text("Compte rendu :").wait_for(state="detached")
    return counts


def test_two_files_in_table_map_and_action_out(
    case: Case, expected: Expected, server: Server, open_visit: Opener
) -> None:
    """Every step through the interface; counts and states are those of the command line."""
    visit = open_visit(server)
    create_territory(visit, case)
    visit.menu("p9_donnees")
    counts = {source: import_one(visit, source, path) for source, path in case.files}
    assert counts == expected.counts
    assert counts["qpv"][1] == case.n_quartiers

    visit.menu("p1_vue_densemble")
    cells = visit.page.locator("button[data-state]")
    cells.first.wait_for()
    shown = Counter(map(tuple, cells.evaluate_all(CELLS)))
    assert shown == Counter((row["type"], row["etat"]) for row in expected.gaps)
    assert {state for _, state in shown} <= set(State)
    assert len({row["quartier"] for row in expected.gaps}) == case.n_quartiers
    visit.picture(f"tableau-{case.name.lower().replace(' ', '-')}")

    code, name, state = missing(expected, case.type_code)
    cell = visit.page.locator(f'button[data-type="{case.type_code}"][data-state="{state}"]').first
    cell.click()
    visit.page.wait_for_url(lambda url: f"type={case.type_code}" in url and f"quartier={code}" in url)
    visit.page.get_by_text(STATE_LABELS[State(state)], exact=True).first.wait_for()
    visit.press("Voir sur la carte")
    visit.page.get_by_role("heading", level=1, name="Carte", exact=True).wait_for()
    visit.page.wait_for_url(
        lambda url: "/carte" in url and f"type={case.type_code}" in url and f"quartier={code}" in url
    )
    frame = visit.map_frame()
    frame.wait_for_function("document.querySelector('.reseau-nom .signe') !== null")
    assert visit.page.get_by_role("combobox", name="Quartier").input_value() == name
    visit.picture(f"carte-{case.name.lower().replace(' ', '-')}")

    title = f"Permanence à créer pour {name}"
    visit.menu("p1_vue_densemble")
    visit.press("Préparer une action")
    visit.page.get_by_text("Répond à ce manque").wait_for()
    box = visit.page.get_by_role("textbox", name="Titre", exact=True)
    box.fill(title)
    box.press("Enter")
    visit.press("Enregistrer")
    visit.page.get_by_role("heading", level=1, name="Aller-vers").wait_for()
    visit.page.get_by_text(title).first.wait_for(state="attached")

    server.restart()
    later = open_visit(server, SIZES[1])
    later.goto("p6_aller_vers", quartier=code, type=case.type_code)
    later.page.get_by_text(title).first.wait_for(state="attached")
    later.picture(f"action-{case.name.lower().replace(' ', '-')}")
    # Cut the first tab's complaints at the restart: a server that goes away is an error in its console.
    visit.errors.clear()


def missing(expected: Expected, type_code: str) -> tuple[str, str, str]:
    """Code, name and state of the first quartier, in the table's order, where the type is to bring closer."""
    for state in (State.ELOIGNE, State.A_RELIER):
        for row in expected.gaps:
            if (row["type"], row["etat"]) == (type_code, state):
                return row["quartier"], row["nom"], str(state)
    raise AssertionError(f"no gap of {type_code} to work on")
