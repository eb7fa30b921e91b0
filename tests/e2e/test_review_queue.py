"""Addresses sent once agreed, doubtful answers looked at one by one, in a real browser, network cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from reseau.config import load_config
from reseau.services import open_app
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.placing import to_place
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import open_view
from tests.e2e.browsing import Server, Visit
from tests.e2e.conftest import Opener
from tests.e2e.english import english_in, spoken
from tests.e2e.reading import until
from tests.unit.geocoding.loopback import (
    Answer,
    Service,
    Table,
    as_csv,
    collection,
    feature,
    found,
    serve,
    unknown,
)
from tests.unit.services.geocoders import draw_commune

pytestmark = pytest.mark.e2e
HEADER = "identifiant;nom;type;adresse;code postal;commune;code insee\n"
COUNT = 14
PLACED, DOUBTFUL, UNKNOWN = range(1, 5), range(5, 12), range(12, 15)


def answers(table: Table | None) -> object:
    """The first addresses sure, the next doubtful, the last unknown; a single one always sure."""
    place = {"citycode": "99101", "city": "Ici"}
    if table is None:
        return collection(feature((1.612, 48.112), score=0.97, label="15 Rue Neuve 31000 Ici", **place))
    lines = []
    for line in table.lines:
        number = int(line["adresse"].split()[0])
        changes = {
            "latitude": f"48.1{number:02d}",
            "longitude": "1.61",
            "result_citycode": "99101",
            "result_city": "Ici",
            "result_score": "0.95" if number in PLACED else "0.62",
        }
        lines.append(unknown(line) if number in UNKNOWN else found(line, **changes))
    return as_csv(lines)


@pytest.fixture(scope="module")
def geocoder() -> Iterator[Service]:
    with serve(Answer(answers)) as running:
        yield running


@pytest.fixture(scope="module")
def server(geocoder: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("relire")
    path = folder / "liste.csv"
    rows = "".join(
        f"s{n};Structure {n};CMP;{n} rue des Fleurs;31000;Ici;99101\n" for n in range(1, COUNT + 1)
    )
    path.write_text(HEADER + rows, encoding="utf-8")
    database = folder / "base.db"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        tid = create_territoire(app, "Essai", communes=["99101"]).id
        import_file(app, tid, "tableur", FileToImport(path=path))
        quartier = {
            "name": "Les Fleurs",
            "wkb": shapely.box(1.60, 48.10, 1.62, 48.12).wkb,
            "communes": ["99101"],
        }
        save_row(app, tid, "quartiers", quartier)
        draw_commune(app, tid, shapely.box(1.5, 48.0, 1.7, 48.2))
    running = Server(folder, database=database, RESEAU_GEOCODEUR=geocoder.domain)
    yield running
    running.stop()


def positions(database: Path) -> dict[str, tuple[float, float, str]]:
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))) as app:
        tid = find_territoire(app).id
        frame = open_view(app, tid).structures
        placed = frame[~frame.index.isin(to_place(app, tid).index)]
        return {
            row["name"]: (row["lon"], row["lat"], row["position_precision"]) for _, row in placed.iterrows()
        }


def read(visit: Visit) -> None:
    """What is decided before a person can have read is dropped: the page at rest, then the time to read."""
    visit.at_rest()
    visit.settled()


def test_from_addresses_to_positions(server: Server, geocoder: Service, open_visit: Opener) -> None:
    visit = open_visit(server)
    page = visit.page

    # What leaves is shown first, with the host; nothing left until the button.
    visit.goto("p9_donnees")
    page.get_by_text("À placer").first.click()
    visit.press("Chercher les positions des adresses")
    page.get_by_text(f"{COUNT} adresses seront envoyées").wait_for()
    assert page.get_by_text(geocoder.domain).count()
    assert geocoder.paths == []
    visit.press("Envoyer ces adresses et placer")
    page.get_by_text("4 structures placées, 10 adresses laissées de côté").wait_for()
    assert geocoder.paths == ["/geocodage/search/csv/"]
    assert len(geocoder.tables[0].lines) == COUNT
    assert {word for line in geocoder.tables[0].lines for word in line["adresse"].split()}.isdisjoint(
        {"Structure"}
    )

    # One after the other, with the keyboard alone.
    visit.press("Relire et placer à la main")
    page.get_by_text("1 sur 10").wait_for()
    frame = visit.map_frame()
    frame.locator("[data-reseau=proposal-1]").wait_for()
    assert english_in(spoken(page)) == []
    visit.picture("relire")
    for left in range(9, 5, -1):
        read(visit)
        page.keyboard.press("a")
        page.get_by_text(f"1 sur {left}").wait_for()
    assert len(positions(server.database)) == 8

    # Elsewhere: a click, then a button.
    read(visit)
    page.keyboard.press("p")
    frame.get_by_text("Cliquez sur la carte").wait_for()
    visit.settled()
    frame.locator("#map_div").click(position={"x": 260, "y": 90})
    save = page.get_by_role("button", name="Enregistrer la place cliquée")
    save.wait_for()
    read(visit)
    save.click()
    page.get_by_text("1 sur 5").wait_for()
    exact = [row for row in positions(server.database).values() if row[2] == "exacte"]
    assert len(exact) == 1
    assert 1.5 < exact[0][0] < 1.7

    # Another address: saved and sent because the button says so, then seen before it is accepted.
    page.get_by_test_id("stButtonGroup").get_by_text("Adresse inconnue du service").click()
    page.get_by_text("1 sur 3").wait_for()
    visit.settled()
    page.keyboard.press("d")
    page.get_by_label("Adresse", exact=True).fill("15 rue Neuve")
    before = len(geocoder.asked)
    visit.press("Enregistrer et chercher")
    page.get_by_text("15 Rue Neuve 31000 Ici").first.wait_for()
    assert [asked["q"] for asked in geocoder.asked[before:]] == ["15 rue Neuve 31000 Ici"]
    read(visit)
    page.keyboard.press("a")
    until(visit, lambda: (1.612, 48.112, "adresse") in positions(server.database).values())

    # Not now, and back.
    read(visit)
    visit.press("Pas maintenant")
    page.get_by_test_id("stButtonGroup").get_by_text("Mises de côté (1)").click()
    page.get_by_role("button", name="Reprendre").wait_for()
    read(visit)
    visit.press("Reprendre")
    page.get_by_test_id("stButtonGroup").get_by_text("Mises de côté").wait_for(state="detached")
    assert english_in(spoken(page)) == []
    assert page.get_by_test_id("stException").count() == 0
