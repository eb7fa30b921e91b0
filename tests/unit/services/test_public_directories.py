"""What a national directory does to a territory once imported: claims, closings, hours, buses."""

from __future__ import annotations

from datetime import datetime

from reseau.config import PROJECT_DIR
from reseau.hours import is_open
from reseau.services import App
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

FOLDER = PROJECT_DIR / "reseau" / "sources"
LIST = (FOLDER / "france_services" / "sample.csv").read_text(encoding="utf-8")
BASE = (FOLDER / "service_public" / "sample.json").read_text(encoding="utf-8")


def test_a_commune_without_any_may_be_called_absent(app: App, load: Importer) -> None:
    """The list is whole and has nothing there: no other source could say so."""
    load.tid = create_territoire(app, "Voisin", communes=["99103"]).id
    load("france-services", LIST)
    (claim,) = open_view(app, load.tid).claims
    assert (claim.type_code, claim.communes) == ("france-services", {"99103"})


def test_the_last_one_of_a_commune_is_closed_when_it_leaves_the_list(
    app: App, tid: int, load: Importer
) -> None:
    load("france-services", LIST)
    lines = LIST.splitlines(keepends=True)
    report = load("france-services", "".join([lines[0], *lines[3:]]), "suivant.csv")
    assert report.closed == 2
    structures = open_view(app, tid).structures
    assert structures["closed"].tolist() == [True, True]


def test_the_same_list_twice_changes_nothing(app: App, tid: int, load: Importer) -> None:
    load("service-public", BASE, "base.json")
    again = load("service-public", f"{BASE}\n", "base.json")
    assert (again.created, again.updated, again.closed) == (0, 0, 0)
    assert again.unchanged == 2


def test_a_place_that_takes_to_the_road_leaves_the_map(app: App, tid: int, load: Importer) -> None:
    load("france-services", LIST)
    moved = LIST.replace('"Principal","Fixe",,"Espace labellisé 01/02/2020"', '"Principal","Itinérante",,""')
    load("france-services", moved, "suivant.csv")
    structures = open_view(app, tid).structures.set_index("uid")
    bus = structures.loc["france-services--9902"]
    assert not bus["placed"]
    assert (bus["address"], list(bus["reception_modes"])) == ("", ["mobile"])
    assert structures.loc["france-services--9901"]["placed"]


def test_imported_hours_honour_public_holidays(app: App, tid: int, load: Importer) -> None:
    load("service-public", BASE, "base.json")
    hall = open_view(app, tid).structures.set_index("name").loc["Mairie - Ville-Exemple"]
    assert is_open(hall["opening_hours"], datetime(2026, 5, 13, 10)) is True
    assert is_open(hall["opening_hours"], datetime(2026, 5, 14, 10)) is False, "Ascension, closed on holidays"
    assert is_open(hall["opening_hours"], datetime(2026, 5, 12, 10)) is None, "Tuesdays have a remark"
