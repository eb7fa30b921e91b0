"""What leaves for the national geocoder is what was shown, once; what it answers is judged."""

from __future__ import annotations

import pytest
import shapely

from reseau.errors import Unavailable
from reseau.geocoding import batch
from reseau.services import App, editing
from reseau.services.placing import Placing, addresses_to_send, place_by_address, to_place
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.geocoders import Directory, draw_commune, place

FILE = (
    "identifiant;nom;type;adresse;code postal;commune;code insee;latitude;longitude\n"
    "a;CMP;CMP;3 rue des Fleurs;31000;Ici;99101;;\n"
    "b;CMP bis;CMP;3 rue des fleurs;31000;Ici;99101;;\n"
    "c;CCAS;CCAS;;31000;Ici;99101;;\n"
    "d;PMI;PMI;1 place Haute;31000;Ici;99101;48.1;1.6\n"
)
HEADER = "identifiant;nom;type;adresse;code postal;commune;code insee\n"


def many(count: int) -> str:
    return HEADER + "".join(
        f"s{rank};Structure {rank};CMP;{rank} rue des Fleurs;31000;Ici;99101\n"
        for rank in range(1, count + 1)
    )


def adds_up(done: Placing) -> bool:
    return done.waiting == done.placed + done.review + done.refused + done.unknown + done.remaining


def test_only_what_was_shown_is_sent_and_only_once(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE)
    assert len(to_place(app, tid)) == 3
    shown = addresses_to_send(app, tid)
    # Neither names nor what is already placed; the same address written twice is one request.
    assert shown == ("3 rue des Fleurs 31000 Ici · 99101 · 31000",)
    directory = Directory()
    done = place_by_address(app, tid, client=directory)
    assert directory.asked == ["3 rue des Fleurs 31000 Ici"]
    assert done == Placing(waiting=3, sent=1, placed=2, review=0, refused=0, unknown=0, remaining=1, left=())
    assert addresses_to_send(app, tid) == ()
    assert list(to_place(app, tid)["name"]) == ["CCAS"]
    placed = open_view(app, tid).structures.set_index("name").loc["CMP"]
    assert (placed["lon"], placed["lat"], placed["position_precision"]) == (1.61, 48.11, "adresse")


def test_every_structure_is_counted_once(app: App, tid: int, load: Importer) -> None:
    rows = ["bien", "moyen", "commune", "inconnue", "loin"]
    load("tableur", HEADER + "".join(f"{word};{word};CMP;1 rue {word};31000;Ici;99101\n" for word in rows))
    answers = {
        "bien": (place(),),
        "moyen": (place(score=0.6),),
        "commune": (place(kind="municipality", score=0.99),),
        "loin": (place(score=0.2),),
    }
    done = place_by_address(app, tid, client=Directory(answers))
    assert (done.placed, done.review, done.refused, done.unknown, done.remaining) == (1, 1, 2, 1, 0)
    assert adds_up(done)
    assert {name: reason.split(" (")[0] for _, name, reason in done.left} == {
        "moyen": "ressemblance moyenne",
        "commune": "seule la commune est reconnue, pas l'adresse",
        "inconnue": "adresse inconnue du service national d'adresses",
        "loin": "trop peu ressemblant",
    }


def test_an_unknown_address_is_not_asked_again(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE.replace("rue des Fleurs", "rue Perdue").replace("rue des fleurs", "rue Perdue"))
    done = place_by_address(app, tid, client=Directory())
    assert [name for _, name, _ in done.left] == ["CMP", "CMP bis"]
    assert (done.unknown, done.sent) == (2, 1)
    assert addresses_to_send(app, tid) == ()
    again = Directory()
    assert place_by_address(app, tid, client=again).unknown == 2
    assert again.asked == []


def test_a_service_that_stops_answering_loses_nothing(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE.replace("3 rue des fleurs", "9 rue des fleurs"))
    with pytest.raises(Unavailable):
        place_by_address(app, tid, client=Directory(down_after=1))
    assert list(to_place(app, tid)["name"]) == ["CMP bis", "CCAS"]


def test_an_outage_between_two_tables_is_resumed_where_it_was(
    app: App, tid: int, load: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LINES", 20)
    load("tableur", many(70))
    with pytest.raises(Unavailable):
        place_by_address(app, tid, client=Directory(down_after=2))
    assert len(to_place(app, tid)) == 30
    assert len(addresses_to_send(app, tid)) == 30
    second = Directory()
    done = place_by_address(app, tid, client=second)
    assert (done.placed, len(second.asked), done.remaining) == (30, 30, 0)
    assert to_place(app, tid).empty


def test_an_interruption_keeps_the_tables_that_came(
    app: App, tid: int, load: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C arrives while waiting for the third table."""
    monkeypatch.setattr(batch, "LINES", 20)
    load("tableur", many(50))
    directory = Directory()
    first = directory.search_many

    def interrupted(queries: list[object]) -> object:
        if directory.requests == 2:
            raise KeyboardInterrupt
        return first(queries)  # type: ignore[arg-type]

    monkeypatch.setattr(directory, "search_many", interrupted)
    with pytest.raises(KeyboardInterrupt):
        place_by_address(app, tid, client=directory)
    assert len(to_place(app, tid)) == 10
    assert len(addresses_to_send(app, tid)) == 10


def test_a_limit_is_what_is_sent_at_most(app: App, tid: int, load: Importer) -> None:
    load("tableur", many(40))
    directory = Directory()
    done = place_by_address(app, tid, client=directory, limit=15)
    assert len(directory.asked) == done.sent == done.placed == 15
    assert done.remaining == 25
    assert adds_up(done)
    assert len(addresses_to_send(app, tid, limit=10)) == 10


def test_a_stop_is_quiet(app: App, tid: int, load: Importer) -> None:
    load("tableur", many(5))
    done = place_by_address(
        app, tid, client=Directory(), stop=iter([False, False, False, False, True]).__next__
    )
    assert 0 < done.placed < 5
    assert adds_up(done)


def test_an_answer_kept_before_a_cut_places_without_being_asked_again(
    app: App, tid: int, load: Importer
) -> None:
    """And so does a structure imported later at an address already known."""
    load("tableur", FILE)
    place_by_address(app, tid, client=Directory())
    load("tableur", HEADER + "z;Nouveau;CMP;3 rue des Fleurs;31000;Ici;99101\n", name="autre.csv")
    silent = Directory(down_after=0)
    assert place_by_address(app, tid, client=silent).placed == 1
    assert silent.asked == []


def test_what_a_person_did_meanwhile_wins(app: App, tid: int, load: Importer) -> None:
    """Answers take minutes to come; somebody places the structure on the map before."""
    load("tableur", FILE)
    first = int(to_place(app, tid).index[0])
    values = {"lon": 1.7, "lat": 48.2, "position_precision": "exacte"}

    class Slow(Directory):
        def search(self, query):  # type: ignore[no-untyped-def]
            editing.save_row(app, tid, "structures", values, row_id=first)
            return super().search(query)

    place_by_address(app, tid, client=Slow())
    row = open_view(app, tid).structures.loc[first]
    assert (row["lon"], row["lat"], row["position_precision"]) == (1.7, 48.2, "exacte")
    assert editing.provenance_of(app, first)["lon"][0] == "saisie"


def test_a_re_import_without_position_keeps_the_one_found(app: App, tid: int, load: Importer) -> None:
    load("tableur", FILE)
    place_by_address(app, tid, client=Directory())
    load("tableur", FILE.replace("CMP bis", "CMP ter"), name="suite.csv")
    assert list(to_place(app, tid)["name"]) == ["CCAS"]


@pytest.mark.parametrize(
    ("shape", "placed"),
    [(shapely.box(1.6, 48.1, 1.7, 48.2), 2), (shapely.box(2.6, 48.1, 2.7, 48.2), 0)],
)
def test_a_position_outside_the_boundary_waits_for_a_person(
    app: App, tid: int, load: Importer, shape: shapely.Polygon, placed: int
) -> None:
    load("tableur", FILE)
    draw_commune(app, tid, shape)
    done = place_by_address(app, tid, client=Directory())
    assert (done.placed, done.review) == (placed, 2 - placed)
    assert all("hors du contour" in reason for _, _, reason in done.left)
