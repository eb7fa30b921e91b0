"""What leaves for the national geocoder is what was shown, once; what it answers is judged."""

from __future__ import annotations

import pytest

from reseau.errors import Unavailable
from reseau.geocoding import AddressQuery, GeocodeResult
from reseau.services import App
from reseau.services.placing import addresses_to_send, place_by_address, to_place
from tests.unit.services.conftest import Importer

FILE = (
    "identifiant;nom;type;adresse;code postal;commune;code insee;latitude;longitude\n"
    "a;CMP;CMP;3 rue des Fleurs;31000;Ici;99101;;\n"
    "b;CMP bis;CMP;3 rue des fleurs;31000;Ici;99101;;\n"
    "c;CCAS;CCAS;;31000;Ici;99101;;\n"
    "d;PMI;PMI;1 place Haute;31000;Ici;99101;48.1;1.6\n"
)


class Directory:
    """A geocoder that knows one street, and remembers what it was asked."""

    def __init__(self, *, down_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.down_after = down_after

    def locate(self, query: AddressQuery) -> GeocodeResult | None:
        if self.down_after is not None and len(self.asked) >= self.down_after:
            raise Unavailable("Le service ne répond pas.")
        self.asked.append(query.text)
        if "fleurs" not in query.text.lower():
            return None
        return GeocodeResult(
            lon=1.61, lat=48.11, score=0.9, kind="housenumber", label="", citycode="99101", city="Ici"
        )


def test_only_what_was_shown_is_sent_and_only_once(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE)
    assert len(to_place(app, tid)) == 3
    shown = addresses_to_send(app, tid)
    # Neither names nor what is already placed; the same address written twice is one request.
    assert shown == ("3 rue des Fleurs 31000 Ici · 99101 · 31000",)
    directory = Directory()
    result = place_by_address(app, tid, client=directory)
    assert directory.asked == ["3 rue des Fleurs 31000 Ici"]
    assert (result.placed, result.left) == (2, ())
    assert addresses_to_send(app, tid) == ()
    assert list(to_place(app, tid)["name"]) == ["CCAS"]


def test_an_unknown_address_is_not_asked_again(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE.replace("rue des Fleurs", "rue Perdue").replace("rue des fleurs", "rue Perdue"))
    result = place_by_address(app, tid, client=Directory())
    assert [name for _, name, _ in result.left] == ["CMP", "CMP bis"]
    assert all("inconnue" in reason for _, _, reason in result.left)
    assert addresses_to_send(app, tid) == ()


def test_a_service_that_stops_answering_loses_nothing(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE.replace("3 rue des fleurs", "9 rue des fleurs"))
    with pytest.raises(Unavailable):
        place_by_address(app, tid, client=Directory(down_after=1))
    assert list(to_place(app, tid)["name"]) == ["CMP bis", "CCAS"]
