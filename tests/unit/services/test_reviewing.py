"""What waits for a person, and what a person decides: nothing an import may undo."""

from __future__ import annotations

import socket

import pytest
import shapely

from reseau.errors import Conflict, RefusedInput, Unavailable
from reseau.geocoding import GeocodeResult
from reseau.services import App, editing, placing, reviewing
from reseau.services.placing import addresses_to_send, place_by_address, to_place
from reseau.services.reviewing import (
    NO_ADDRESS,
    NOT_ASKED,
    OUTSIDE,
    REFUSED,
    REVIEW,
    UNKNOWN,
    Candidate,
    ReviewItem,
    TypedAddress,
)
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.geocoders import Directory, draw_commune, place

HEADER = "identifiant;nom;type;adresse;code postal;commune;code insee;latitude;longitude\n"
ROWS = (
    "moyen;Moyenne;CMP;1 rue moyenne;31000;Ici;99101;;\n"
    "ville;Ville seule;CMP;1 rue ville;31000;Ici;99101;;\n"
    "loin;Loin;CMP;1 rue loin;31000;Ici;99101;;\n"
    "rien;Inconnue;CMP;1 rue inconnue;31000;Ici;99101;;\n"
    "sans;Sans adresse;CMP;;31000;Ici;99101;;\n"
    "la;Placée;CMP;2 rue moyenne;31000;Ici;99101;48.1;1.6\n"
)
ANSWERS: dict[str, tuple[GeocodeResult, ...]] = {
    "moyenne": tuple(
        place(score=0.7 - rank / 10, lon=1.61 + rank / 100, label=f"Place {rank}") for rank in range(4)
    ),
    "ville": (place(kind="municipality", score=0.98, label="Ici"),),
    "loin": (place(score=0.3),),
}


@pytest.fixture
def asked(app: App, tid: int, load: Importer) -> Directory:
    """A territory after one round."""
    load("tableur", HEADER + ROWS)
    directory = Directory(ANSWERS)
    place_by_address(app, tid, client=directory)
    return directory


def named(app: App, tid: int) -> dict[str, ReviewItem]:
    return {item.name: item for item in reviewing.queue(app, tid)}


def test_everything_that_is_not_placed_waits_with_its_reason(app: App, tid: int, asked: Directory) -> None:
    items = reviewing.queue(app, tid)
    assert [(item.name, item.kind) for item in items] == [
        ("Moyenne", REVIEW),
        ("Ville seule", REFUSED),
        ("Loin", REFUSED),
        ("Inconnue", UNKNOWN),
        ("Sans adresse", NO_ADDRESS),
    ]
    assert {item.structure_id for item in items} == set(to_place(app, tid).index)
    assert all(item.reason for item in items)


def test_an_address_never_sent_waits_to_be_sent(app: App, tid: int, load: Importer) -> None:
    load("tableur", HEADER + ROWS)
    assert {item.kind for item in reviewing.queue(app, tid)} == {NOT_ASKED, NO_ADDRESS}


def test_three_candidates_at_most_best_first(app: App, tid: int, asked: Directory) -> None:
    candidates = named(app, tid)["Moyenne"].candidates
    assert [candidate.label for candidate in candidates] == ["Place 0", "Place 1", "Place 2"]
    first = candidates[0]
    assert (first.score, first.kind_label, first.boundary) == (0.7, "numéro dans la rue", "non vérifié")
    assert "moyenne" in first.reason


def test_the_middle_of_a_commune_cannot_be_accepted(app: App, tid: int, asked: Directory) -> None:
    """However sure the service is of the commune, and whatever the person presses."""
    item = named(app, tid)["Ville seule"]
    assert [candidate.acceptable for candidate in item.candidates] == [False]
    with pytest.raises(RefusedInput, match="commune"):
        reviewing.accept(app, tid, item.structure_id, item.candidates[0])
    assert item.structure_id in to_place(app, tid).index


def test_accepting_writes_the_position_and_says_who(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Moyenne"]
    reviewing.accept(app, tid, item.structure_id, item.candidates[1], version=item.version)
    row = editing.get_row(app, "structures", item.structure_id)
    assert (row["lon"], row["lat"], row["position_precision"]) == (1.62, 48.11, "adresse")
    assert "Moyenne" not in named(app, tid)
    provenance = editing.provenance_of(app, item.structure_id)
    assert {provenance[name][0] for name in placing.POSITION} == {"saisie"}


@pytest.mark.parametrize("gesture", ["accept", "move"])
def test_a_decision_survives_a_file_that_says_nothing_and_one_that_says_otherwise(
    app: App, tid: int, load: Importer, asked: Directory, gesture: str
) -> None:
    item = named(app, tid)["Moyenne"]
    if gesture == "accept":
        reviewing.accept(app, tid, item.structure_id, item.candidates[0])
    else:
        reviewing.move(app, tid, item.structure_id, 1.61, 48.11)
    expected = (1.61, 48.11, "adresse" if gesture == "accept" else "exacte")
    for name, rows in {
        "meme.csv": ROWS,
        "autre.csv": ROWS.replace(
            "1 rue moyenne;31000;Ici;99101;;", "1 rue moyenne;31000;Ici;99101;48.2;1.7"
        ),
    }.items():
        load("tableur", HEADER + rows, name=name)
        row = editing.get_row(app, "structures", item.structure_id)
        assert (row["lon"], row["lat"], row["position_precision"]) == expected, name


def test_accepting_the_present_position_makes_all_of_it_the_person_s(
    app: App, tid: int, asked: Directory, load: Importer
) -> None:
    """Nothing changes in the row, and yet the next file may not move it any more."""
    row = open_view(app, tid).structures.set_index("name").loc["Placée"]
    structure_id = int(
        open_view(app, tid).structures.index[open_view(app, tid).structures["name"] == "Placée"][0]
    )
    present = Candidate(
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        precision=row["position_precision"],
        label="Position actuelle",
    )
    reviewing.accept(app, tid, structure_id, present)
    load("tableur", HEADER + ROWS.replace("48.1;1.6", "48.2;1.7"), name="deplacee.csv")
    after = editing.get_row(app, "structures", structure_id)
    assert (after["lat"], after["lon"]) == (48.1, 1.6)


def test_a_place_on_the_map_is_exact(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Sans adresse"]
    reviewing.move(app, tid, item.structure_id, 1.65, 48.15)
    row = editing.get_row(app, "structures", item.structure_id)
    assert (row["lon"], row["lat"], row["position_precision"]) == (1.65, 48.15, "exacte")


def test_a_place_nowhere_is_refused(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Moyenne"]
    with pytest.raises(RefusedInput):
        reviewing.move(app, tid, item.structure_id, 48.1, 1.6)
    assert item.structure_id in to_place(app, tid).index


def test_two_people_do_not_overwrite_each_other(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Moyenne"]
    reviewing.move(app, tid, item.structure_id, 1.65, 48.15, version=item.version)
    with pytest.raises(Conflict):
        reviewing.accept(app, tid, item.structure_id, item.candidates[0], version=item.version)
    assert editing.get_row(app, "structures", item.structure_id)["lon"] == 1.65


def test_a_corrected_address_sends_nothing_by_itself(
    app: App, tid: int, asked: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    item = named(app, tid)["Inconnue"]
    typed = TypedAddress(address="8 rue moyenne", postcode="31000", commune="Ici")
    new = reviewing.retype(app, tid, item.structure_id, typed)
    assert new is not None
    assert (new.kind, new.address, new.insee) == (NOT_ASKED, "8 rue moyenne", "99101")
    assert addresses_to_send(app, tid) == ("8 rue moyenne 31000 Ici · 99101 · 31000",)


def test_search_again_asks_for_one_address_and_writes_no_position(
    app: App, tid: int, asked: Directory
) -> None:
    item = named(app, tid)["Inconnue"]
    typed = TypedAddress(address="8 rue moyenne", postcode="31000", commune="Ici")
    reviewing.retype(app, tid, item.structure_id, typed)
    one = Directory(ANSWERS)
    new = reviewing.search_again(app, tid, item.structure_id, client=one)
    assert one.asked == ["8 rue moyenne 31000 Ici"]
    assert new is not None
    assert (new.kind, len(new.candidates)) == (REVIEW, 3)
    assert item.structure_id in to_place(app, tid).index
    assert addresses_to_send(app, tid) == ()


def test_a_sure_answer_asked_by_a_person_still_waits_for_them(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Loin"]
    sure = Directory({"loin": (place(),)})
    new = reviewing.search_again(app, tid, item.structure_id, client=sure)
    assert new is not None
    assert (new.kind, new.reason) == (REVIEW, "réponse sûre, pas encore écrite")


def test_an_outage_keeps_the_corrected_address(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Inconnue"]
    reviewing.retype(app, tid, item.structure_id, TypedAddress(address="8 rue moyenne", commune="Ici"))
    with pytest.raises(Unavailable):
        reviewing.search_again(app, tid, item.structure_id, client=Directory(down_after=0))
    assert named(app, tid)["Inconnue"].kind == NOT_ASKED


@pytest.mark.parametrize(("commune", "insee"), [("ICI", "99101"), ("Là-bas", "99102"), ("Ailleurs", "")])
def test_the_code_of_a_commune_follows_its_name(
    app: App, tid: int, load: Importer, asked: Directory, commune: str, insee: str
) -> None:
    """The old code would send the search, and the check, to the former commune."""
    load("tableur", HEADER + "z;Autre;CMP;;31000;Là-bas;99102;48.1;1.6\n", name="autre.csv")
    item = named(app, tid)["Inconnue"]
    new = reviewing.retype(app, tid, item.structure_id, TypedAddress(address="8 rue X", commune=commune))
    assert new is not None
    assert new.insee == insee


def test_a_wrong_postcode_is_refused_and_nothing_is_changed(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Inconnue"]
    with pytest.raises(RefusedInput, match="Code postal"):
        reviewing.retype(app, tid, item.structure_id, TypedAddress(address="8 rue X", postcode="abc"))
    assert editing.get_row(app, "structures", item.structure_id)["address"] == "1 rue inconnue"


def test_not_now_goes_last_and_can_be_taken_back(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Moyenne"]
    reviewing.set_aside(app, tid, item.structure_id)
    last = reviewing.queue(app, tid)[-1]
    assert (last.name, last.aside) == ("Moyenne", True)
    assert last.structure_id in to_place(app, tid).index, "it is still counted as not placed"
    reviewing.set_aside(app, tid, item.structure_id, aside=False)
    assert not named(app, tid)["Moyenne"].aside


def test_a_new_address_takes_it_back_too(app: App, tid: int, load: Importer, asked: Directory) -> None:
    reviewing.set_aside(app, tid, named(app, tid)["Inconnue"].structure_id)
    load("tableur", HEADER + ROWS.replace("rue inconnue", "rue nouvelle"), name="suite.csv")
    assert not named(app, tid)["Inconnue"].aside


def test_putting_aside_is_not_an_answer_of_the_geocoder(app: App, tid: int, asked: Directory) -> None:
    """Both live in the same table: neither may be read for the other."""
    for item in reviewing.queue(app, tid):
        reviewing.set_aside(app, tid, item.structure_id)
    again = Directory(ANSWERS)
    done = place_by_address(app, tid, client=again)
    assert again.asked == []
    assert (done.review, done.refused, done.unknown) == (1, 2, 1)


def test_a_position_outside_its_commune_waits_until_a_person_says_it_is_right(
    app: App, tid: int, asked: Directory
) -> None:
    draw_commune(app, tid, shapely.box(1.605, 48.05, 1.7, 48.2))
    item = named(app, tid)["Placée"]
    assert item.kind == OUTSIDE
    present = item.candidates[0]
    assert (present.lon, present.lat, present.label) == (1.6, 48.1, "Position actuelle")
    reviewing.accept(app, tid, item.structure_id, present)
    assert "Placée" not in named(app, tid)


def test_a_candidate_outside_the_boundary_says_so(app: App, tid: int, asked: Directory) -> None:
    draw_commune(app, tid, shapely.box(1.55, 48.05, 1.615, 48.2))
    candidates = named(app, tid)["Moyenne"].candidates
    assert [candidate.boundary for candidate in candidates] == [
        "dans la commune", "hors de la commune", "hors de la commune",
    ]  # fmt: skip


def test_a_closed_structure_does_not_wait(app: App, tid: int, asked: Directory) -> None:
    item = named(app, tid)["Moyenne"]
    editing.save_row(app, tid, "structures", {"closed": True}, row_id=item.structure_id)
    assert "Moyenne" not in named(app, tid)
    assert reviewing.one_item(app, tid, item.structure_id) is None


def test_one_item_is_the_one_of_the_queue(app: App, tid: int, asked: Directory) -> None:
    for item in reviewing.queue(app, tid):
        assert reviewing.one_item(app, tid, item.structure_id) == item


def test_the_whole_flow_opens_no_connection(
    app: App, tid: int, load: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Import, show, look at the queue, decide: with sockets closed, as long as nobody asks to send."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load("tableur", HEADER + ROWS)
    assert len(addresses_to_send(app, tid)) == 4
    items = reviewing.queue(app, tid)
    reviewing.set_aside(app, tid, items[0].structure_id)
    reviewing.move(app, tid, items[1].structure_id, 1.65, 48.15)
    reviewing.retype(app, tid, items[2].structure_id, TypedAddress(address="9 rue X", commune="Ici"))
    with pytest.raises((AssertionError, Unavailable)):
        place_by_address(app, tid)
