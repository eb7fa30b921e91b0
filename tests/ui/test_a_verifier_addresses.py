"""Addresses to look at again: each gesture does what it says, and the next item comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from reseau.errors import Unavailable
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.services import App, editing, placing, reviewing
from reseau.services.placing import place_by_address, to_place
from reseau.services.reviewing import ReviewItem
from reseau.services.territoires import find_territoire
from reseau.ui.a_verifier import address_map, addresses
from reseau.ui.components.map_view import MapEvent
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text
from tests.ui.maps import Map
from tests.unit.services.geocoders import Directory, draw_commune, place

PAGE = "p8_a_verifier"
HERE = {"lon": 1.61, "lat": 48.11, "citycode": "99101"}


def opened(open_page: Opener, **address: str) -> AppTest:
    at = open_page(PAGE, **address)
    at.session_state["a_verifier_next_section"] = "adresses"
    return at.run()


def button(at: AppTest, gesture: str) -> Button:
    """A button of the item on screen, by its gesture: its key says which item it is about."""
    return at.button(key=f"relire_{gesture}_{at.session_state['relire_ici']}")


def press(at: AppTest, gesture: str) -> AppTest:
    return button(at, gesture).click().run()


def press_late(at: AppTest, was: Button, *beside: WidgetState) -> AppTest:
    """What a browser tells of a button it still shows, were it already replaced here."""
    return at._run(WidgetStates(widgets=[*beside, WidgetState(id=was.id, trigger_value=True)]))


def said(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.markdown, *at.caption, *at.success, *at.info])


def shown(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["Structure"])


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "READING_SECONDS", 0)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Map:
    found = Map()
    monkeypatch.setattr(address_map, "map_view", found)
    return found


@pytest.fixture
def tid(demo_db: App) -> int:
    return find_territoire(demo_db).id


@pytest.fixture
def items(demo_db: App, tid: int) -> list[ReviewItem]:
    """The demonstration, every structure without position given an address and a doubtful answer."""
    for rank, structure_id in enumerate(to_place(demo_db, tid).index):
        values = {"address": f"{rank + 1} rue Moyenne", "insee": "99101"}
        editing.save_row(demo_db, tid, "structures", values, row_id=int(structure_id))
    doubtful = (
        place(score=0.7, label="1 Rue Moyenne", **HERE),
        place(score=0.6, label="2 Rue Moyenne", **HERE),
    )
    place_by_address(demo_db, tid, client=Directory({"moyenne": doubtful}))
    found = reviewing.queue(demo_db, tid)
    assert len(found) > 3
    return found


def position(app: App, item: ReviewItem) -> tuple[object, ...]:
    row = editing.get_row(app, "structures", item.structure_id)
    return row["lon"], row["lat"], row["position_precision"]


def test_an_empty_store_sends_to_the_settings(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire" in said(at)


def test_when_nothing_waits_it_says_so(demo_db: App, open_page: Opener, tid: int) -> None:
    for structure_id in to_place(demo_db, tid).index:
        reviewing.move(demo_db, tid, int(structure_id), 1.61, 48.11)
    at = opened(open_page)
    assert_sound(at)
    assert "rien n'attend" in said(at)


def test_the_demonstration_as_it_is(demo_db: App, open_page: Opener, tid: int) -> None:
    at = opened(open_page)
    assert_sound(at)
    assert sorted(shown(at)) == sorted(to_place(demo_db, tid)["name"])


def test_accepting_brings_the_next(demo_db: App, open_page: Opener, items: list[ReviewItem]) -> None:
    at = opened(open_page)
    assert shown(at) == [item.name for item in items]
    press(at, "accepter")
    assert_sound(at)
    assert position(demo_db, items[0]) == (1.61, 48.11, "adresse")
    assert editing.provenance_of(demo_db, items[0].structure_id)["lon"][0] == "saisie"
    assert shown(at) == [item.name for item in items[1:]]
    assert any(items[0].name in toast.value.replace("\\", "") for toast in at.toast)


@pytest.mark.parametrize("gesture", ["accepter", "cote", "corriger", "suivante"])
def test_a_gesture_made_twice_does_not_touch_the_next(
    demo_db: App, open_page: Opener, tid: int, items: list[ReviewItem], gesture: str
) -> None:
    """On a slow computer the second press leaves before the next structure shows: nobody has read it."""
    at = opened(open_page)
    again = button(at, gesture)
    press_late(press(at, "accepter"), again)
    assert_sound(at)
    assert position(demo_db, items[0])[2] == "adresse"
    waiting = {item.structure_id: item for item in reviewing.queue(demo_db, tid)}
    assert [waiting.get(item.structure_id) for item in items] == [None, *items[1:]]
    assert at.session_state["relire_ici"] == items[1].structure_id
    assert "relire_adresse" not in at.session_state, "nothing is begun on it"
    assert any("Second appui" in toast.value for toast in at.toast) == (gesture in {"accepter", "cote"})


def test_a_key_held_down_decides_once(
    demo_db: App, open_page: Opener, items: list[ReviewItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each repetition comes on a structure that is shown, and that nobody had the time to read."""
    at = press(opened(open_page), "accepter")
    monkeypatch.setattr(addresses, "READING_SECONDS", 3600)
    for gesture in ("accepter", "cote"):
        press(at, gesture)
    assert_sound(at)
    assert shown(at) == [item.name for item in items[1:]]
    assert [toast.value for toast in at.toast if "Second appui" in toast.value]


def test_a_place_saved_twice_is_saved_once(
    demo_db: App, open_page: Opener, items: list[ReviewItem], drawn: Map
) -> None:
    at = opened(open_page)
    drawn.event = MapEvent(kind="background", lat=48.15, lon=1.65)
    press(at, "ailleurs")
    save = button(at, "enregistrer")
    save.click().run()
    press_late(at, save)
    assert_sound(at)
    assert position(demo_db, items[1])[2] not in PLACED_PRECISIONS


def test_the_proposal_chosen_just_before_the_key_is_the_one_accepted(
    demo_db: App, open_page: Opener, tid: int, items: list[ReviewItem]
) -> None:
    """The radio shows the second one at once; the key may leave before the page has run again."""
    two = (place(score=0.7, **HERE), place(score=0.6, lon=1.64, lat=48.14))
    reviewing.search_again(demo_db, tid, items[0].structure_id, client=Directory({"moyenne": two}))
    at = opened(open_page, structure=str(items[0].structure_id))
    radio = at.radio(key=address_map.RANK).set_value(2)
    press_late(at, button(at, "accepter"), radio._widget_state)
    assert_sound(at)
    assert position(demo_db, items[0])[:2] == (1.64, 48.14)


def test_another_proposal_can_be_taken(demo_db: App, open_page: Opener, items: list[ReviewItem]) -> None:
    monkey = place(score=0.6, lon=1.64, lat=48.14)
    reviewing.search_again(
        demo_db, find_territoire(demo_db).id, items[0].structure_id,
        client=Directory({"moyenne": (place(score=0.7, **HERE), monkey)}),
    )  # fmt: skip
    at = opened(open_page, structure=str(items[0].structure_id))
    at.radio(key=address_map.RANK).set_value(2).run()
    press(at, "accepter")
    assert_sound(at)
    assert position(demo_db, items[0])[:2] == (1.64, 48.14)


def test_a_click_on_the_map_places(
    demo_db: App, open_page: Opener, items: list[ReviewItem], drawn: Map
) -> None:
    """And only once it is confirmed: a click on a map is easily made by mistake."""
    at = opened(open_page)
    drawn.event = MapEvent(kind="background", lat=48.15, lon=1.65)
    press(at, "ailleurs")
    assert position(demo_db, items[0])[2] not in PLACED_PRECISIONS
    press(at, "enregistrer")
    assert_sound(at)
    assert position(demo_db, items[0]) == (1.65, 48.15, "exacte")
    assert shown(at)[0] == items[1].name


def test_a_click_on_a_number_chooses_that_proposal(
    demo_db: App, open_page: Opener, tid: int, items: list[ReviewItem], drawn: Map
) -> None:
    two = (place(score=0.7, **HERE), place(score=0.6, lon=1.64, lat=48.14))
    reviewing.search_again(demo_db, tid, items[0].structure_id, client=Directory({"moyenne": two}))
    drawn.event = MapEvent(kind="proposal", id=2, lat=48.14, lon=1.64)
    at = opened(open_page, structure=str(items[0].structure_id))
    assert_sound(at)
    assert at.radio(key=address_map.RANK).value == 2


def test_a_place_nowhere_is_said_and_stays_on_screen(
    demo_db: App, open_page: Opener, items: list[ReviewItem], drawn: Map
) -> None:
    """The sea off Somalia, as when longitude and latitude change places."""
    at = opened(open_page)
    drawn.event = MapEvent(kind="background", lat=1.6, lon=48.1)
    press(at, "ailleurs")
    press(at, "enregistrer")
    assert "latitude et longitude" in at.error[0].value
    assert shown(at)[0] == items[0].name


def test_a_corrected_address_is_sent_only_on_the_button_that_says_so(
    demo_db: App, open_page: Opener, items: list[ReviewItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = Directory({"neuve": (place(score=0.95, label="9 Rue Neuve", **HERE),)})
    monkeypatch.setattr(reviewing, "make_client", lambda _config: directory)
    at = opened(open_page)
    press(at, "corriger")
    assert "data" in said(at)
    assert "geopf" in said(at)
    first = items[0]
    key = f"relire_{first.structure_id}_{first.version}"
    at.session_state["relire_filtre"] = reviewing.REVIEW
    at.text_input(key=f"{key}_adresse").set_value("9 rue Neuve")
    next(button for button in at.button if button.label == "Enregistrer sans chercher").click().run()
    assert_sound(at)
    assert at.session_state["relire_filtre"] == reviewing.NOT_ASKED, "it stays on screen"
    assert directory.asked == []
    assert editing.get_row(demo_db, "structures", first.structure_id)["address"] == "9 rue Neuve"
    press(at, "corriger")
    next(button for button in at.button if button.label == "Enregistrer et chercher").click().run()
    assert_sound(at)
    assert len(directory.asked) == 1
    assert "9 rue Neuve" in directory.asked[0]
    assert "9 Rue Neuve" in said(at)
    assert position(demo_db, first)[2] not in PLACED_PRECISIONS, "the person sees it first"


def test_an_outage_while_searching_keeps_what_was_typed(
    demo_db: App, open_page: Opener, items: list[ReviewItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "make_client", lambda _config: Directory(down_after=0))
    at = opened(open_page)
    press(at, "corriger")
    key = f"relire_{items[0].structure_id}_{items[0].version}"
    at.text_input(key=f"{key}_adresse").set_value("9 rue Neuve")
    next(button for button in at.button if button.label == "Enregistrer et chercher").click().run()
    assert not at.exception
    assert "est enregistrée, mais" in at.error[0].value
    assert editing.get_row(demo_db, "structures", items[0].structure_id)["address"] == "9 rue Neuve"


def test_a_wrong_postcode_is_said_beside_what_was_typed(
    demo_db: App, open_page: Opener, items: list[ReviewItem]
) -> None:
    at = opened(open_page)
    press(at, "corriger")
    key = f"relire_{items[0].structure_id}_{items[0].version}"
    at.text_input(key=f"{key}_postal").set_value("12")
    next(button for button in at.button if button.label == "Enregistrer sans chercher").click().run()
    assert "Code postal" in at.error[0].value
    assert at.text_input(key=f"{key}_postal").value == "12"


def test_not_now_can_be_found_again(demo_db: App, open_page: Opener, items: list[ReviewItem]) -> None:
    at = opened(open_page)
    press(at, "cote")
    assert_sound(at)
    assert items[0].name not in shown(at)
    at.session_state["relire_filtre"] = "mises_de_cote"
    at.run()
    assert shown(at) == [items[0].name]
    assert button(at, "cote").label == "Reprendre"
    press(at, "cote")
    assert_sound(at)
    assert items[0].name in shown(opened(open_page))


def test_next_goes_round(demo_db: App, open_page: Opener, items: list[ReviewItem]) -> None:
    at = opened(open_page)
    for item in [*items[1:], items[0]]:
        press(at, "suivante")
        assert at.session_state["relire_ici"] == item.structure_id
    assert_sound(at)


def test_a_list_already_replaced_does_not_bring_its_item_back(
    open_page: Opener, items: list[ReviewItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow computer the list before tells the row it was drawn with along with the next key."""
    told: list[Callable[[], None]] = []
    draw, begin = addresses.st.dataframe, addresses._begin

    def listening(table: object, **options: Any) -> Any:
        if str(options.get("key")).startswith("relire_liste"):
            told.append(options["on_select"])
        return draw(table, **options)

    def both(item: ReviewItem, mode: str) -> None:
        told[0]()
        begin(item, mode)

    monkeypatch.setattr(addresses.st, "dataframe", listening)
    monkeypatch.setattr(addresses, "_begin", both)
    at = opened(open_page)
    before = at.dataframe[0].key
    press(at, "accepter")
    at.session_state[before] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    press(at, "ailleurs")
    assert at.session_state["relire_ici"] == items[1].structure_id
    assert button(at, "ailleurs").disabled, "placing has begun, and is not dropped"
    assert_sound(at)


def test_what_is_chosen_elsewhere_comes_first(
    demo_db: App, open_page: Opener, items: list[ReviewItem]
) -> None:
    at = opened(open_page, structure=str(items[2].structure_id))
    assert at.session_state["relire_ici"] == items[2].structure_id


def test_somebody_else_was_there_before(
    demo_db: App, open_page: Opener, tid: int, items: list[ReviewItem]
) -> None:
    at = opened(open_page)
    reviewing.move(demo_db, tid, items[0].structure_id, 1.65, 48.15)
    button(at, "accepter").click()
    at.run()
    assert not at.exception
    assert position(demo_db, items[0]) == (1.65, 48.15, "exacte")


def test_the_limit_of_the_commune_is_on_the_map(
    demo_db: App, open_page: Opener, tid: int, items: list[ReviewItem], drawn: Map
) -> None:
    import shapely

    opened(open_page)
    assert drawn.data.outline is None
    draw_commune(demo_db, tid, shapely.box(1.5, 48.0, 1.7, 48.2))
    opened(open_page)
    assert drawn.data.outline is not None
    assert drawn.data.outline["type"] == "Polygon"
    assert [mark.rank for mark in drawn.data.proposals] == [1, 2]


def test_hostile_text_stays_text(hostile_db: App, open_page: Opener) -> None:
    """Names, addresses, communes, and what a service that was broken into would answer."""
    tid = find_territoire(hostile_db).id
    answers = {
        "": tuple(place(score=0.6, label=text, city=HOSTILE[1], kind=HOSTILE[2]) for text in HOSTILE[:3])
    }
    place_by_address(hostile_db, tid, client=Directory(answers))
    at = opened(open_page)
    assert_sound(at)
    assert_text_stays_text(at)
    for _ in range(3):
        press(at, "suivante")
        press(at, "corriger")
        assert_sound(at)
        assert_text_stays_text(at)
    press(at, "cote")
    assert_text_stays_text(at)


def test_nothing_leaves_by_looking(
    demo_db: App, open_page: Opener, tid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_config: object) -> None:
        raise Unavailable("asked without being told to")

    for module in (placing, reviewing):
        monkeypatch.setattr(module, "make_client", never)
    at = opened(open_page)
    for gesture in ("suivante", "corriger", "cote"):
        press(at, gesture)
        assert_sound(at)
