"""A territory filled from real public files, then kept up to date, as a person does it in a browser."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.placing import to_place
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.e2e.browsing import Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken
from tests.e2e.reading import FIRST_BOX, section, until
from tests.unit.geocoding.loopback import Answer, Service, Table, as_csv, collection, found, serve

pytestmark = [pytest.mark.e2e, pytest.mark.real_data]
TOWN = "Toulouse"
QPV = "qpv/qpv2024_france.geojson"
FINESS = "finess/cs1100507_toulouse_montpellier.csv"
FILES = (
    QPV,
    "qpv/qpv2015_occitanie.geojson",
    "qpv/qpv2015_occitanie_indicateurs.csv",
    FINESS,
    "annuaires/france_services.csv",
    "dila/local_social_sante_2019_sans_coordonnees.csv",
    "dila/fiches.json",
)
LONG_NAME, SHORT_NAME = "MAISON DE SANTE PLURIPROFESSIONNELLE", "MSP"


def answers(table: Table | None) -> Any:
    """The first address is doubtful, the others are sure; each in a place of its own."""
    if table is None:
        return collection()
    return as_csv(
        [
            found(
                line,
                latitude=f"{43.58 + rank * 0.002:.5f}",
                longitude=f"{1.40 + rank * 0.003:.5f}",
                result_score="0.93" if rank else "0.62",
            )
            for rank, line in enumerate(table.lines)
        ]
    )


@pytest.fixture
def geocoder() -> Iterator[Service]:
    with serve(Answer(answers)) as running:
        yield running


@pytest.fixture
def server(geocoder: Service, tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path, RESEAU_GEOCODEUR=geocoder.domain)
    yield running
    running.stop()


def structures(database: Path) -> pd.DataFrame:
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        return open_view(app, find_territoire(app).id).structures


def waiting(database: Path) -> list[str]:
    """Names of the structures without a position."""
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        return list(to_place(app, find_territoire(app).id)["name"])


@pytest.fixture
def by_command(
    shared_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[Path, list[dict[str, Any]]]:
    """The same files given to the command line, in a database of its own: the database, and what it said."""
    database = tmp_path / "commande.db"
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.chdir(tmp_path)
    files = [str(shared_data / name) for name in FILES]
    assert main(["territoire", "creer", TOWN, "--communes", TOWN, "--referentiel", files[0]]) == 0
    capsys.readouterr()
    assert main(["remplir", *files, "--json"]) == 0
    return database, json.loads(capsys.readouterr().out)


def corrected(shared_data: Path, folder: Path) -> tuple[Path, list[str], list[str]]:
    """The register a month later: two establishments of the town renamed, two gone (with their names)."""
    with (shared_data / FINESS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    # Neither the communal homes (category 462, never read) nor other towns.
    here = [row for row in rows if row[0] == "structureet" and row[12:14] == ["555", "31"]]
    renamed, gone = here[:2], here[-2:]
    names = [row[4] or row[3] for row in renamed]
    for row in renamed:
        row[3] = row[4] = f"{row[4] or row[3]} (nouveau nom)"
    left = {row[1] for row in gone}
    path = folder / "finess-suivant.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(row for row in rows if row[1] not in left)
    return path, names, [row[4] or row[3] for row in gone]


def in_french(visit: Visit, names: list[str]) -> None:
    """Nothing in English; names of real places («LE HOME») are as they are."""
    texts = spoken(visit.page)
    for name in sorted(names, key=len, reverse=True):
        texts = [text.replace(name, "") for text in texts]
    assert english_in(texts) == []
    assert visit.page.get_by_test_id("stException").count() == 0


def give(visit: Visit, *paths: Path) -> None:
    visit.page.locator("input[type=file]").set_input_files(list(paths))
    visit.page.get_by_test_id("stMain").get_by_text(paths[-1].name, exact=True).first.wait_for()
    visit.at_rest()


def table(visit: Visit) -> Any:
    return visit.page.locator("[data-testid=stDataFrame]:visible").first


def fill_in_one_pass(visit: Visit, shared_data: Path, said: list[dict[str, Any]]) -> None:
    """From nothing to a whole territory; every file says what the command says."""
    page = visit.page
    visit.goto()
    visit.press("Ouvrir les réglages")
    page.get_by_role("textbox", name="Nom du territoire").fill(TOWN)
    page.get_by_role("textbox", name="Communes (nom ou code INSEE)").fill(TOWN.lower())
    page.get_by_text("Où chercher un nom de commune").click()
    page.locator("input[type=file]").set_input_files(shared_data / QPV)
    page.get_by_text("qpv20").first.wait_for()
    visit.press("Créer le territoire")
    page.get_by_role("heading", name="Structure pivot", exact=True).wait_for()
    visit.menu("p9_donnees")
    give(visit, *(shared_data / name for name in reversed(FILES)))
    visit.press(f"Importer les {len(FILES)} fichiers d'un coup")
    page.get_by_role("button", name="Fermer ce compte rendu").wait_for()
    visit.settled()
    reports = page.get_by_test_id("stExpander").locator("summary").all_inner_texts()
    for item in said:
        (report,) = [text for text in reports if f"{item['fichier']} :" in text]
        if item["hors_territoire"] == item["lus"]:
            assert "tout est hors de votre territoire" in report
        else:
            counts = [int(word) for word in report.split(" :")[1].replace(",", "").split() if word.isdigit()]
            assert counts == [item["nouveaux"], item["modifies"], item["refuses"]], report


def compare_choose_and_undo(visit: Visit, path: Path, names: list[str], gone: list[str]) -> None:
    """The copy is read, one of its sheets applied, and all of it goes back."""
    page, database = visit.page, visit.server.database
    before = structures(database)
    give(visit, path)
    visit.press("Comparer")
    page.get_by_text(f"{len(names)} modifiées").first.wait_for()
    page.get_by_text(f"{len(gone)} fiches enregistrées n'y sont plus").wait_for()
    visit.settled()
    in_french(visit, list(before["name"]))
    visit.picture("territoire-reel-comparaison")
    table(visit).click(position=FIRST_BOX)
    visit.press("Appliquer la sélection (1 fiche)")
    page.get_by_text(f"{len(names) - 1} modifiée").first.wait_for()
    visit.settled()
    # What was ticked is applied: nothing is ticked any more among what is left.
    assert page.get_by_role("button", name="Appliquer la sélection", exact=True).is_disabled()
    after = structures(database)
    changed = set(before["name"]) - set(after["name"])
    assert len(changed) == 1
    assert changed < set(names)
    assert int(after["closed"].sum()) == int(before["closed"].sum())
    visit.press("Tout retirer")
    visit.press("Fermer ce compte rendu")
    section(visit, "Imports faits")
    visit.press("Annuler cet import")
    page.get_by_role("dialog").get_by_role("button", name="Annuler l'import").click()
    page.get_by_text("L'import est annulé : 0 fiche retirée, 1 remise comme avant, 0 laissée.").wait_for()
    assert sorted(structures(database)["name"]) == sorted(before["name"])


def place_the_doubtful_one(visit: Visit, left: list[str]) -> None:
    """Addresses sent once agreed; the doubtful answer is accepted, then seen on the sheet and the map."""
    page, database = visit.page, visit.server.database
    section(visit, "À placer")
    visit.press("Chercher les positions des adresses")
    page.get_by_text(f"{len(left)} adresses seront envoyées").wait_for()
    visit.press("Envoyer ces adresses et placer")
    page.get_by_text(f"{len(left) - 1} structures placées, 1 adresse laissée de côté").wait_for()
    (doubtful,) = waiting(database)
    visit.press("Relire et placer à la main")
    page.get_by_text("1 sur 1").wait_for()
    visit.map_frame().locator("[data-reseau=proposal-1]").wait_for()
    visit.picture("territoire-reel-adresse")
    in_french(visit, list(structures(database)["name"]))
    visit.at_rest()
    visit.settled()
    page.keyboard.press("a")
    page.get_by_text("rien n'attend").wait_for()
    frame = structures(database)
    row = frame[frame["name"] == doubtful].iloc[0]
    assert (row["position_precision"], bool(row["placed"])) == ("adresse", True)
    visit.goto("p5_annuaire", structure=str(row.name))
    page.get_by_text("Position : au numéro").wait_for()
    visit.press("Voir sur la carte")
    page.get_by_role("heading", level=1, name="Carte", exact=True).wait_for()
    visit.map_frame().get_by_label(doubtful).first.wait_for(state="attached")
    visit.picture("territoire-reel-carte")


def merge_and_take_apart(visit: Visit, folder: Path) -> None:
    """A row of one's own table that repeats an establishment of the register under a short name."""
    page, frame = visit.page, structures(visit.server.database)
    twin = frame[frame["name"].str.startswith(LONG_NAME)].sort_values("name").iloc[0]
    short = twin["name"].replace(LONG_NAME, SHORT_NAME).title().replace(SHORT_NAME.title(), SHORT_NAME)
    path = folder / "mes-partenaires.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["nom", "type", "commune", "code insee", "latitude", "longitude", "téléphone"])
        place = [f"{twin['lat'] + 0.0001:.5f}", f"{twin['lon']:.5f}"]
        writer.writerow([short, SHORT_NAME, TOWN, twin["insee"], *place, "05 61 00 00 00"])
    visit.menu("p9_donnees")
    section(visit, "Importer")
    give(visit, path)
    visit.press("Importer sans comparer")
    page.get_by_text("1 nouvelle").first.wait_for()
    visit.menu("p8_a_verifier")
    section(visit, "Doublons possibles")
    pairs = page.get_by_text(re.compile(r"\d+ paires? à regarder"))
    pairs.wait_for()
    before = int(pairs.inner_text().split()[0])
    page.get_by_role("cell", name=short, exact=True).wait_for()
    in_french(visit, list(frame["name"]))
    visit.press("C'est la même structure : fusionner")
    until(visit, lambda: len(structures(visit.server.database)) == len(frame))
    section(visit, "Fusions faites")
    table(visit).click(position=FIRST_BOX)
    visit.press("Défaire cette fusion")
    both = {short, twin["name"]}
    until(visit, lambda: both <= set(structures(visit.server.database)["name"]))
    section(visit, "À confirmer")
    until(visit, lambda: int(pairs.inner_text().split()[0]) == before)
    assert both <= set(structures(visit.server.database)["name"])
    in_french(visit, list(frame["name"]))


def test_a_real_territory_from_nothing_to_kept_up_to_date(
    server: Server,
    geocoder: Service,
    open_visit: Opener,
    shared_data: Path,
    by_command: tuple[Path, list[dict[str, Any]]],
) -> None:
    """What the guide promises, in one go: fill, compare, apply a part, undo, place, merge, take apart."""
    database, said = by_command
    visit = open_visit(server)
    fill_in_one_pass(visit, shared_data, said)
    filled, expected = structures(server.database), structures(database)
    assert sorted(zip(filled["uid"], filled["name"], strict=True)) == sorted(
        zip(expected["uid"], expected["name"], strict=True)
    )
    in_french(visit, list(expected["name"]))
    compare_choose_and_undo(visit, *corrected(shared_data, server.folder))
    left = waiting(database)
    assert left
    assert geocoder.paths == []
    place_the_doubtful_one(visit, left)
    merge_and_take_apart(visit, server.folder)
