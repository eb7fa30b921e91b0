"""Files compared, applied by choice and undone, as a person does it in a browser."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browsing import ROOT, SIZES, Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken

pytestmark = pytest.mark.e2e
PARTNERS = ROOT / "data" / "partners" / "demo-partenaires.csv"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# First box of the first line of a table, drawn on a canvas.
FIRST_BOX = {"x": 16, "y": 52}


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """The partners of the demonstration, two of them renamed by somebody who means harm."""
    with PARTNERS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    name = next(rank for rank, title in enumerate(rows[0]) if title.lower().startswith("nom"))
    rows[1][name] = "<img src=x onerror=alert(1)> {{7*7}}"
    rows[2][name] = "[x](javascript:alert(1))"
    path = tmp_path / "partenaires corrigés.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def give(visit: Visit, *paths: Path) -> None:
    visit.page.locator("input[type=file]").set_input_files(list(paths))
    visit.page.get_by_test_id("stMain").get_by_text(paths[-1].name, exact=True).first.wait_for()
    visit.at_rest()


def table(visit: Visit) -> Any:
    return visit.page.locator("[data-testid=stDataFrame]:visible").first


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_compared_applied_in_part_and_undone(
    demo_server: Server, open_visit: Opener, corrected: Path, size: tuple[int, int]
) -> None:
    """What is ticked is applied, the rest stays to be chosen, and the whole import goes back."""
    visit = open_visit(demo_server, size)
    visit.goto("p9_donnees")
    give(visit, corrected)
    visit.press("Comparer")
    visit.page.get_by_text("2 modifiées").first.wait_for()
    visit.settled()
    assert english_in(spoken(visit.page)) == []
    assert visit.page.evaluate(OVERFLOW) == 0
    visit.picture("comparaison")

    table(visit).click(position=FIRST_BOX)
    visit.page.get_by_role("button", name="Appliquer la sélection (1 fiche)").click()
    visit.page.get_by_text("0 nouvelle, 1 modifiée, 0 refusée").wait_for()
    visit.page.get_by_text("+ 1 modifiée + 0 rouverte").wait_for()
    visit.at_rest()
    visit.press("Tout retirer")
    visit.press("Fermer ce compte rendu")
    visit.at_rest()

    visit.page.get_by_role("radio", name="Imports faits").or_(
        visit.page.get_by_role("button", name="Imports faits")
    ).first.click()
    visit.press("Annuler cet import")
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_text("1 fiche modifiée retrouvera ses valeurs d'avant").wait_for()
    assert english_in(spoken(visit.page)) == []
    dialog.get_by_role("button", name="Annuler l'import").click()
    visit.page.get_by_text(
        "L'import est annulé : 0 fiche retirée, 1 remise comme avant, 0 laissée."
    ).wait_for()
    visit.settled()
    assert english_in(spoken(visit.page)) == []


@pytest.mark.real_data
def test_a_territory_is_filled_in_one_pass(open_visit: Opener, tmp_path: Path, shared_data: Path) -> None:
    """A commune's name, three files at once: one report each, and nothing asked outside."""
    server = Server(tmp_path)
    try:
        visit = open_visit(server)
        qpv = shared_data / "qpv" / "qpv2024_france.geojson"
        visit.goto()
        visit.press("Ouvrir les réglages")
        visit.page.get_by_role("textbox", name="Nom du territoire").fill("Toulouse")
        visit.page.get_by_role("textbox", name="Communes (nom ou code INSEE)").fill("toulouse")
        visit.page.get_by_text("Où chercher un nom de commune").click()
        visit.page.locator("input[type=file]").set_input_files(qpv)
        visit.page.get_by_text(qpv.name[:5]).first.wait_for()
        visit.press("Créer le territoire")
        visit.page.get_by_role("heading", name="Structure pivot", exact=True).wait_for()
        visit.menu("p9_donnees")
        give(visit, shared_data / "finess" / "cs1100507_toulouse_montpellier.csv", qpv)
        visit.press("Importer les 2 fichiers d'un coup")
        visit.page.get_by_text("12 nouvelles, 0 modifiée, 0 refusée").wait_for()
        visit.page.get_by_text("nouvelles, 0 modifiée").nth(1).wait_for()
        visit.settled()
        assert english_in(spoken(visit.page)) == []
    finally:
        server.stop()
