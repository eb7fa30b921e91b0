"""Measures and decisions on the demonstration, as a person does them, figures those of the command line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.services import App, open_app
from reseau.services.saved_scenarios import list_scenarios
from reseau.services.snapshots import list_snapshots
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.e2e.browsing import SIZES, Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken
from tests.e2e.reading import (
    command,
    downloaded,
    figure,
    lines,
    pick,
    same_figures,
    same_places,
    search_places,
    section,
    tick,
    until,
)

pytestmark = pytest.mark.e2e
BEAUVAL, TILLEULS = ("QN99101M", "Beauval"), ("QN99102M", "Les Tilleuls")
CMP, CMP_NAME = "cmp", "CMP – Centre médico-psychologique"
HOST = "Centre social Les Glycines"
EXPLAINED = re.compile(r"^([\d\s]+) habitants non couverts × poids ([\d,]+) × .* = ([\d\s]+)$")


@contextmanager
def base(database: Path) -> Iterator[tuple[App, int]]:
    """The application on the server's database, and its territory."""
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        yield app, find_territoire(app).id


def labels_of_photos(database: Path) -> list[str]:
    with base(database) as (app, tid):
        return [item.label for item in list_snapshots(app, tid)]


def names_of_scenarios(database: Path) -> list[str]:
    with base(database) as (app, tid):
        return [item.name for item in list_scenarios(app, tid)]


def count_of_actions(database: Path) -> int:
    with base(database) as (app, tid):
        return len(open_view(app, tid).actions)


def in_french(visit: Visit) -> None:
    assert english_in(spoken(visit.page)) == []
    assert visit.page.get_by_test_id("stException").count() == 0


def about(visit: Visit, measure: str) -> str:
    """What the page says a measure is made of."""
    panel = visit.page.get_by_test_id("stVerticalBlock").filter(
        has=visit.page.locator(f"code:text-is('{measure}')")
    )
    return str(panel.last.inner_text())


def test_every_measure_says_what_it_is_made_of(demo_server: Server, open_visit: Opener) -> None:
    """Formula, unit, direction, threshold, source, date and what could not be used, whatever is chosen."""
    visit = open_visit(demo_server)
    told = command(demo_server.database, "mesures", "--quartier", BEAUVAL[0], "--type", CMP)
    visit.goto("p4_mesures", quartier=BEAUVAL[0], type=CMP)
    (line,) = told["lignes"]
    for item in told["mesures"]:
        pick(visit, "Mesure", f"{item['sujet']} · {item['titre']}")
        visit.page.locator(f"code:text-is('{item['id']}')").wait_for()
        visit.at_rest()
        said = about(visit, item["id"])
        assert " ".join(item["formule"].split()) in " ".join(said.split())
        assert f"Sens : {item['sens']}" in said
        assert f"Seuil : {line['seuils'][item['id']] or 'sans objet'}" in said
        assert "Unité : " in said
        assert "2026" in said or "Source des relations" in said, "the date of the data"
        assert "chiffre inventé pour la démonstration" in said
        assert told["trajets"] in said
    in_french(visit)
    same_figures(visit, BEAUVAL[0], CMP)


def test_figures_of_the_table_are_those_of_the_command(demo_server: Server, open_visit: Opener) -> None:
    """A quartier, then a type of it; the file holds what the command says, cell by cell."""
    visit = open_visit(demo_server)
    visit.goto("p4_mesures")
    pick(visit, "Quartier", TILLEULS[1])
    visit.settled()
    told = command(demo_server.database, "mesures", "--quartier", TILLEULS[0])
    file = downloaded(visit, "Télécharger ces chiffres")
    titles = {item["id"]: item["titre"] for item in told["mesures"]}
    expected = {
        (line["type"], titles[key]): (
            text, line["unites"][key], line["seuils"][key], str(line["inutilisables"][key])
        )
        for line in told["lignes"]
        for key, text in line["en_mots"].items()
    }  # fmt: skip
    names = ("valeur en mots", "unité", "seuil", "lieux inutilisables")
    assert {(row["type"], row["mesure"]): tuple(row[name] for name in names) for row in file} == expected
    assert {row["code du quartier"] for row in file} == {TILLEULS[0]}
    assert {row["trajets"] for row in file} == {told["trajets"]}
    pick(visit, "Type", CMP_NAME)
    visit.page.wait_for_url(lambda url: f"type={CMP}" in url)
    visit.settled()
    state = next(line["en_mots"]["etat"] for line in told["lignes"] if line["type"] == CMP)
    assert lines(visit)[0]["Valeur"] == state


def first_priority(visit: Visit) -> tuple[dict[str, str], list[float], float]:
    """First line of the ranking, then the factors and the score of its explanation."""
    texts = [" ".join(text.split()) for text in visit.page.get_by_test_id("stMarkdown").all_inner_texts()]
    said = next(text for text in texts if EXPLAINED.match(text))
    product, score = said.rsplit(" = ", 1)
    factors = [figure(re.sub(r"[^\d,]", "", part)) for part in product.split("×")]
    return lines(visit)[0], factors, figure(score)


def test_a_priority_is_a_product_anybody_can_do_again(demo_server: Server, open_visit: Opener) -> None:
    """The explanation gives its score; without the demands the score is the one without them."""
    visit = open_visit(demo_server)
    visit.goto("p4_mesures")
    section(visit, "Priorités")
    before, factors, score = first_priority(visit)
    assert len(factors) == 4
    assert round(math.prod(factors)) == score == figure(before["Score"])
    told = command(demo_server.database, "priorites")["priorites"]
    assert [(row["Quartier"], figure(row["Score"])) for row in lines(visit)] == [
        (row["nom"], row["score"]) for row in told[: len(lines(visit))]
    ]
    in_french(visit)
    visit.picture("mesures-priorites")

    asked = next(row for row in lines(visit) if row["Demandes"] != "1")
    visit.page.get_by_text("Ce que veut dire chaque facteur, et changer les poids").click()
    visit.page.get_by_role("slider", name="Demandes des habitants").press("Home")
    visit.page.get_by_text("Changements non enregistrés.").wait_for()
    visit.press("Enregistrer les poids")
    visit.page.get_by_text("le classement est refait").wait_for()
    visit.settled()
    rows = lines(visit)
    assert {row["Demandes"] for row in rows} == {"1"}
    (same,) = [row for row in rows if (row["Quartier"], row["Type"]) == (asked["Quartier"], asked["Type"])]
    names = ("Habitants", "Poids", "Social")
    assert figure(same["Score"]) == round(math.prod(float(same[name]) for name in names))
    assert figure(same["Score"]) < figure(asked["Score"])
    assert [row["Type"] for row in rows] != [row["type"] for row in told[: len(rows)]]
    visit.press("Valeurs de départ")
    visit.page.get_by_text("Changements non enregistrés.").wait_for()
    visit.press("Enregistrer les poids")
    visit.page.get_by_text("le classement est refait").wait_for()
    visit.settled()
    assert lines(visit)[0] == before


def test_figures_are_french_in_an_english_browser(demo_server: Server, browser: Any) -> None:
    """Tables write numbers as the browser's language does: the page says French."""
    page = browser.new_page(locale="en-US")
    page.goto(f"{demo_server.address}/mesures")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_function("navigator.language === 'fr-FR'")
    assert page.evaluate("new Intl.NumberFormat(navigator.languages).format(8100.5)") == "8\u202f100,5"
    page.context.close()


def test_a_demand_is_noted_corrected_and_put_aside(demo_server: Server, open_visit: Opener) -> None:
    """A count where nothing was known; zero is an answer, a dash is none."""
    visit = open_visit(demo_server)
    quartier, theme = "Le Plateau", "handicap"

    def count() -> str:
        (row,) = [row for row in lines(visit) if row["Thème"] == theme]
        return row[quartier]

    visit.goto("p4_mesures")
    section(visit, "Demandes des habitants")
    nothing = count()
    visit.press("Noter un nombre")
    visit.page.get_by_role("spinbutton", name="Nombre de fois").wait_for()
    visit.at_rest()
    pick(visit, "Quartier", quartier)
    pick(visit, "Thème", theme)
    visit.page.get_by_role("spinbutton", name="Nombre de fois").fill("7")
    visit.press("Enregistrer")
    until(visit, lambda: count() == "7")
    assert not nothing.isdecimal()

    pick(visit, "Quartier", quartier)
    visit.settled()
    tick(visit, 1)
    visit.page.get_by_role("spinbutton", name="Nombre de fois").fill("0")
    visit.press("Enregistrer")
    until(visit, lambda: count() == "0")
    tick(visit, 1)
    visit.press("Supprimer")
    visit.press("Confirmer la suppression")
    until(visit, lambda: count() == nothing)


def test_two_quartiers_then_two_dates(demo_server: Server, open_visit: Opener) -> None:
    """What differs is said in a sentence; a photo of the figures is compared to what they became."""
    visit = open_visit(demo_server)
    visit.goto("p4_mesures", quartier=BEAUVAL[0])
    section(visit, "Comparer")
    pick(visit, "comparé à", TILLEULS[1])
    visit.settled()
    told = command(demo_server.database, "comparer", "--quartier", BEAUVAL[0], "--avec", TILLEULS[0])
    main = visit.page.get_by_test_id("stMain").inner_text()
    assert told["resume"][0] in main
    in_french(visit)

    section(visit, "Deux dates")
    visit.press("Garder une photo")
    visit.page.get_by_role("textbox", name="Son nom").fill("Avant le comité")
    visit.press("Garder les chiffres d'aujourd'hui")
    until(visit, lambda: "Avant le comité" in labels_of_photos(demo_server.database))
    pick(visit, "De", "Avant le comité")
    visit.page.get_by_text("aucune case ne va mieux ni moins bien").wait_for()
    file = demo_server.folder / "permanences.csv"
    file.write_text(
        "structure;type;accueillie par;horaires\npmi-croix-blanche;PMI;cs-beauval;mar 9h-11h30\n",
        encoding="utf-8",
    )
    assert command(demo_server.database, "importer", "permanences", str(file))["nouveaux"] == 1
    visit.page.reload()
    visit.at_rest()
    section(visit, "Comparer")
    section(visit, "Deux dates")
    pick(visit, "De", "Avant le comité")
    visit.settled()
    (row,) = [row for row in lines(visit) if (row["Quartier"], row["Type"]) == (BEAUVAL[1], "PMI")]
    assert "Trop loin" in row["Avant"]
    assert "Trop loin" not in row["Après"]
    assert "mieux" in row["Changement"]


def add_permanence(visit: Visit) -> None:
    pick(visit, "Type de service", CMP_NAME)
    pick(visit, "Structure qui accueille", HOST)
    visit.page.get_by_role("textbox", name="Quand").fill("mardi 14h-17h")
    visit.page.get_by_role("textbox", name="Quand").press("Enter")
    visit.settled()
    visit.press("Ajouter")
    visit.page.get_by_role("heading", level=5).wait_for()
    visit.settled()


def test_what_if_a_permanence_opened(demo_server: Server, open_visit: Opener) -> None:
    """States change on the page and nowhere else; the scenario is kept, found again and compared."""
    visit = open_visit(demo_server)
    states = command(demo_server.database, "lacunes")
    visit.goto("p7_decider")
    add_permanence(visit)
    option = ["--ouvrir", f"{CMP}@{HOST}", "--le", "mardi 14h-17h"]
    told = command(demo_server.database, "scenario", *option)
    said = visit.page.get_by_role("heading", level=5).inner_text()
    assert said == told["resume"][0]
    moved = [row for row in told["differences"] if row["etat_avant"] != row["etat_apres"]]
    assert BEAUVAL[0] in {row["quartier"] for row in moved}
    rows = {row["Quartier"]: row for row in lines(visit)}
    assert "Trop loin" in rows[BEAUVAL[1]]["Aujourd'hui"]
    assert "Trop loin" not in rows[BEAUVAL[1]]["Ensuite"]
    in_french(visit)
    visit.picture("decider-et-si")
    assert command(demo_server.database, "lacunes") == states, "nothing is written"

    visit.press("Enregistrer")
    visit.page.get_by_role("textbox", name="Nom du scénario").fill("CMP le mardi")
    visit.press("Enregistrer sous ce nom")
    until(visit, lambda: names_of_scenarios(demo_server.database) == ["CMP le mardi"])
    later = open_visit(demo_server, SIZES[1])
    later.goto("p7_decider")
    later.press("Ouvrir un scénario")
    later.press("CMP le mardi")
    later.page.get_by_role("heading", level=5).wait_for()
    later.settled()
    assert later.page.get_by_role("heading", level=5).inner_text() == said
    assert command(demo_server.database, "scenario", "--voir", "CMP le mardi")["resume"] == told["resume"]


def test_where_to_go_then_actions_and_a_round(demo_server: Server, open_visit: Opener) -> None:
    """Numbered places with what each adds, written once as actions, then walked in order."""
    visit = open_visit(demo_server)
    told = command(demo_server.database, "implanter", "--type", CMP, "--nombre", "2")
    before = count_of_actions(demo_server.database)
    search_places(visit, CMP, 2)
    same_places(visit, told)
    visit.map_frame().locator("[data-reseau=proposal-2]").wait_for()
    in_french(visit)
    visit.picture("decider-ou-aller")

    visit.press("Créer les 2 actions proposées")
    until(visit, lambda: count_of_actions(demo_server.database) == before + 2)
    visit.press("Créer les 2 actions proposées")
    visit.settled()
    visit.settled()
    assert count_of_actions(demo_server.database) == before + 2, "those already there are not made twice"
    visit.press("Faire une tournée")
    visit.page.get_by_role("combobox", name="Départ").wait_for()
    visit.settled()
    walk(visit, told)

    visit.menu("p6_aller_vers")
    visit.settled()
    page = visit.page.get_by_test_id("stMain")
    for item in told["choisis"]:
        title = f"permanence hors les murs, {item['nom']}"
        assert page.get_by_text(title).count() == 1


def walk(visit: Visit, told: dict[str, Any]) -> None:
    """A round from the team's structure through the places chosen: its order, and minutes that add up."""
    rows = lines(visit)
    assert [row["N°"] for row in rows] == [str(rank) for rank in range(1, len(rows) + 1)]
    assert {item["nom"] for item in told["choisis"]} <= {row["Lieu"] for row in rows}
    assert rows[0]["Marche"] == "départ"
    assert "Aucun ordre n'est plus court." in visit.page.get_by_test_id("stMain").inner_text()
    *stops, total = downloaded(visit, "Télécharger la liste")
    assert [stop["lieu"] for stop in stops] == [row["Lieu"] for row in rows]
    assert abs(sum(int(stop["metres_depuis_le_precedent"]) for stop in stops) - int(
        total["metres_depuis_le_precedent"])) <= len(stops)  # fmt: skip
    assert int(total["minutes_a_pied"]) > 0
