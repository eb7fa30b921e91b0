"""Measures, a what-if and a siting with real numbers, on the page and on the command line alike.

Toulouse and Montpellier have the populations INSEE published for the quartiers of 2015; those of 2024 have no
published figure yet, only estimates made on request. Redon has its real streets and places, in a quartier
drawn by hand whose population nobody knows.
"""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from reseau.config import load_config
from reseau.services import open_app
from reseau.services.editing import save_row
from reseau.services.territoires import find_territoire, update_territoire
from tests.e2e.browsing import Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.reading import command, lines, pick, same_figures, same_places, search_places, section

pytestmark = [pytest.mark.e2e, pytest.mark.real_data]
QPV_2024 = "qpv/qpv2024_france.geojson"
FILES = (
    "qpv/qpv2015_occitanie.geojson",
    "qpv/qpv2015_occitanie_indicateurs.csv",
    "finess/cs1100507_toulouse_montpellier.csv",
)
# Of each city, a quartier of 2015: one far from any CMP of the register, one that has some.
CITIES = {"Toulouse": ("QP031015", "Trop loin"), "Montpellier": ("QP034013", "À relier")}
CMP, CMP_NAME = "cmp", "CMP – Centre médico-psychologique"
STREETS = "osm/redon.osm"
CENTRE = shapely.box(-2.0925, 47.6465, -2.0800, 47.6528)
# What a place of the extract is to the team; others are shops.
KINDS = {"pharmacy": "Pharmacie", "school": "École, collège et lycée", "social_facility": "CCAS"}
CLOSING = "Pharmacie Centrale"


@pytest.fixture(params=CITIES)
def city(request: Any, shared_data: Path, tmp_path: Path) -> Iterator[tuple[str, Server]]:
    """A city and the application on it, filled from the files by the command line."""
    name, database = str(request.param), tmp_path / "ville.db"
    reference = ["--referentiel", str(shared_data / QPV_2024)]
    command(database, "territoire", "creer", name, "--communes", name, *reference)
    reports = command(database, "remplir", *(str(shared_data / file) for file in FILES))
    assert [item["hors_territoire"] < item["lus"] for item in reports] == [True] * len(FILES)
    running = Server(tmp_path, database=database)
    yield name, running
    running.stop()


def add_permanence(visit: Visit, place: str) -> str:
    """Et si: a CMP consultation opens somewhere; answers the first sentence."""
    visit.goto("p7_decider")
    pick(visit, "Type de service", CMP_NAME)
    pick(visit, "Structure qui accueille", place)
    visit.press("Ajouter")
    heading = visit.page.get_by_role("heading", level=5)
    heading.wait_for()
    visit.settled()
    return str(heading.inner_text())


def test_a_city_with_its_published_populations(city: tuple[str, Server], open_visit: Opener) -> None:
    """All measures, the best two places of 81 or so, and what the first would change, in people."""
    name, server = city
    visit = open_visit(server)
    quartier, state = CITIES[name]
    assert same_figures(visit, quartier, CMP)["etat"] == state
    visit.page.get_by_text("INSEE, population municipale").wait_for()

    told = command(server.database, "implanter", "--type", CMP, "--nombre", "2")
    assert told["unite"] == "habitants"
    assert all(item["gain"] > 1000 for item in told["choisis"])
    search_places(visit, CMP, 2)
    same_places(visit, told)
    visit.picture(f"{name.lower()}-ou-aller")

    place = told["choisis"][0]["nom"]
    said = add_permanence(visit, place)
    expected = command(server.database, "scenario", "--ouvrir", f"{CMP}@{place}")
    assert said == expected["resume"][0]
    moved = {row["nom"] for row in expected["differences"] if row["etat_avant"] != row["etat_apres"]}
    rows = {row["Quartier"]: row for row in lines(visit)}
    assert moved
    assert all(rows[name]["Aujourd'hui"] != rows[name]["Ensuite"] for name in moved)


@pytest.mark.parametrize("city", ["Montpellier"], indirect=True)
def test_the_quartiers_of_2024_have_estimates_that_say_so(
    city: tuple[str, Server], open_visit: Opener, shared_data: Path
) -> None:
    """Nobody has published their population yet: it is carried from 2015 when somebody asks, never before."""
    _, server = city
    command(server.database, "remplir", str(shared_data / QPV_2024))
    known = command(server.database, "mesures", "--type", CMP)["lignes"]
    assert {row["population_source"] for row in known} == {"non renseignée"}
    visit = open_visit(server)
    visit.goto("p10_reglages")
    section(visit, "Quartiers")
    visit.page.get_by_text(re.compile("Quartiers de 2015 gardés de côté")).click()
    visit.page.get_by_role("button", name=re.compile("Estimer la population de")).click()
    visit.page.get_by_text(re.compile(r"estimations? écrites?")).wait_for()
    told = command(server.database, "mesures", "--type", CMP)["lignes"]
    estimated = [row for row in told if "estim" in row["population_source"].lower()]
    assert estimated
    same_figures(visit, estimated[0]["quartier"], CMP)
    assert estimated[0]["population_source"] in visit.page.get_by_test_id("stMain").inner_text()


def places_of(extract: Path, path: Path) -> Path:
    """The pharmacies, schools and social services of an extract, as the table of a team."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["nom", "type", "commune", "code insee", "latitude", "longitude"])
        for node in ET.parse(extract).getroot().iter("node"):  # noqa: S314 -- a file of the test
            tags = {item.get("k"): item.get("v") for item in node.iter("tag")}
            if tags.get("amenity") in KINDS and "name" in tags:
                kind = KINDS[str(tags["amenity"])]
                writer.writerow([tags["name"], kind, "Redon", "35236", node.get("lat"), node.get("lon")])
    return path


@pytest.fixture
def redon(shared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The centre of Redon, before its streets are loaded."""
    database = tmp_path / "redon.db"
    command(database, "territoire", "creer", "Redon", "--communes", "35236")
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        tid = find_territoire(app).id
        save_row(app, tid, "quartiers", {"name": "Centre", "wkb": CENTRE.wkb, "kind": "vecu"})
        update_territoire(app, tid, minutes_proximite=5)
    table = places_of(shared_data / STREETS, tmp_path / "lieux.csv")
    assert command(database, "importer", "tableur", str(table))["nouveaux"] > 5
    running = Server(tmp_path, database=database)
    yield running
    running.stop()


def load_streets(visit: Visit, path: Path) -> dict[str, Any]:
    """Réglages, Marche: give the extract; what is said is what the command says."""
    page = visit.page
    visit.goto("p10_reglages")
    section(visit, "Marche")
    page.locator("input[type=file]").set_input_files(path)
    visit.press("Garder ces rues")
    page.get_by_text("autour des quartiers. Les états et les temps sont recalculés.").wait_for()
    visit.settled()
    told: dict[str, Any] = command(visit.server.database, "marche")
    assert told["mesure"] in page.get_by_test_id("stMain").inner_text()
    km, people, structures = page.get_by_test_id("stMetricValue").all_inner_texts()
    kept = told["reseau"]
    assert km == f"{kept['km']:.1f} km".replace(".", ",")
    assert int("".join(filter(str.isdecimal, people))) == round(100 * kept["part_habitants"])
    assert structures.startswith(str(kept["structures_sur_le_reseau"]))
    return told


def test_a_town_by_its_streets(redon: Server, open_visit: Opener, shared_data: Path) -> None:
    """Times change and say why; the map follows the streets; what-if and siting are counted along them."""
    visit = open_visit(redon)
    quartier = command(redon.database, "lacunes")[0]["quartier"]
    straight = same_figures(visit, quartier, "pharmacie")
    assert "ligne droite" in visit.page.get_by_test_id("stMain").inner_text()
    told = load_streets(visit, shared_data / STREETS)
    assert "ligne droite" not in told["mesure"].split("(")[0]
    streets = same_figures(visit, quartier, "pharmacie")
    assert (straight["minutes"], straight["part"]) != (streets["minutes"], streets["part"])

    visit.goto("p2_carte", type="pharmacie")
    frame = visit.map_frame()
    area = frame.locator(".leaflet-reseau-portee-pane path")
    area.first.wait_for(state="attached")
    # A disc per pharmacy in straight line; along streets, an outline nobody draws with a compass.
    assert len(str(area.first.get_attribute("d"))) > 500
    visit.page.get_by_text("par les rues").first.wait_for()
    visit.picture("redon-carte")

    visit.goto("p7_decider")
    pick(visit, "Ajouter un changement", "Une structure ferme")
    visit.settled()
    pick(visit, "Structure qui fermerait", CLOSING)
    visit.press("Ajouter")
    heading = visit.page.get_by_role("heading", level=5)
    heading.wait_for()
    visit.settled()
    expected = command(redon.database, "scenario", "--fermer", CLOSING)
    assert heading.inner_text() == expected["resume"][0]
    assert told["mesure"] in visit.page.get_by_test_id("stMain").inner_text().replace("Réseau p", "réseau p")

    sited = command(redon.database, "implanter", "--type", "medecin", "--nombre", "1")
    search_places(visit, "medecin", 1)
    same_places(visit, sited)
    assert sited["marche"] == told["mesure"]
    visit.picture("redon-ou-aller")
