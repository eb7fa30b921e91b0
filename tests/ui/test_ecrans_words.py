"""Écrans et affiches: messages, words of the places, opinions: written, corrected, refused, kept as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from reseau.model.screens import ScreenMessage, ScreenPlace
from reseau.services import App
from reseau.services.participations import ACCEPTED, REFUSED, WAITING, list_participations, receive
from reseau.services.screen_messages import list_messages, save_message
from reseau.services.screen_places import list_places, save_place
from reseau.services.screens import default_screen, list_screens, save_screen
from reseau.services.view import open_view
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p11_ecrans"
TID = 1


def opened(open_page: Opener, section: str) -> AppTest:
    at = open_page(PAGE)
    at.session_state["ecrans_section"] = section
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def said(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.caption, *at.info, *at.markdown, *at.text, *at.subheader])


def screen(app: App, *, touch: bool = False, languages: tuple[str, ...] = ("fr", "ar")) -> str:
    """Key of a screen of its own."""
    code = open_view(app, TID).quartiers["code"].iloc[0]
    record = replace(default_screen(app, TID, [code], languages), name="Essai des mots", touch=touch)
    return save_screen(app, TID, record).key


@pytest.mark.parametrize("section", ["messages", "textes", "avis"])
def test_sections_of_a_territory_without_a_screen(empty_app_db: App, open_page: Opener, section: str) -> None:
    """Nothing is loaded: the page says what to do and does not break."""
    from reseau.services.territoires import create_territoire

    create_territoire(empty_app_db, name="Neuf", communes=("99101",))
    assert_sound(opened(open_page, section))


@pytest.mark.parametrize("section", ["messages", "textes", "avis"])
def test_hostile_names_stay_text(hostile_db: App, open_page: Opener, section: str) -> None:
    screen(hostile_db)
    texts = {"fr": HOSTILE[0], "ar": HOSTILE[1]}
    save_message(hostile_db, TID, ScreenMessage(texts=texts))
    at = opened(open_page, section)
    assert_sound(at)
    assert_text_stays_text(at)


def test_a_message_is_written_changed_and_taken_away(demo_db: App, open_page: Opener) -> None:
    screen(demo_db)
    before = {item.id for item in list_messages(demo_db, TID)}
    at = press(opened(open_page, "messages"), "Nouveau message")
    boxes = [item for item in at.text_area if item.key.startswith("message_new_info")]
    assert boxes[0].label == "Texte"
    assert any("العربية" in item.label for item in boxes), "a box for each language of the screens"
    boxes[0].set_value("Vaccination demain à l'accueil.")
    at = press(at, "Enregistrer")
    assert_sound(at)
    (new,) = [item for item in list_messages(demo_db, TID) if item.id not in before]
    assert new.record.texts == {"fr": "Vaccination demain à l'accueil."}
    assert "Vaccination demain à l'accueil." in said(at)
    assert "sans fin : pensez à le retirer" in said(at)

    at.button(key=f"message_edit_{new.id}").click()
    at = at.run()
    at.text_area(key=f"message_{new.id}_info_fr").set_value("Vaccination jeudi.")
    at = press(at, "Enregistrer")
    assert {item.id: item.record.texts["fr"] for item in list_messages(demo_db, TID)}[
        new.id
    ] == "Vaccination jeudi."

    at.button(key=f"message_delete_{new.id}").click()
    assert_sound(at.run())
    assert {item.id for item in list_messages(demo_db, TID)} == before


def test_a_message_without_french_is_refused_and_nothing_typed_is_lost(
    demo_db: App, open_page: Opener
) -> None:
    screen(demo_db)
    before = len(list_messages(demo_db, TID))
    at = press(opened(open_page, "messages"), "Message d'urgence")
    at.text_area(key="message_new_urgence_ar").set_value("الجو حار جدا")
    at = press(at, "Enregistrer")
    assert "français" in at.error[0].value
    assert at.text_area(key="message_new_urgence_ar").value == "الجو حار جدا"
    assert len(list_messages(demo_db, TID)) == before


def test_an_emergency_says_so_and_a_past_message_too(demo_db: App, open_page: Opener) -> None:
    """What takes the whole screen, and what no longer shows, must be seen at once by the team."""
    long_ago = datetime(2020, 1, 1, 8)
    save_message(demo_db, TID, ScreenMessage(texts={"fr": "Canicule"}, emergency=True))
    save_message(demo_db, TID, ScreenMessage(texts={"fr": "Passé"}, ends_at=long_ago + timedelta(days=1)))
    text = said(opened(open_page, "messages"))
    assert "**Urgence** · :material/visibility: **À l'écran**" in text
    assert "Terminé" in text


def test_a_message_that_names_a_mobile_is_told_to_its_author(demo_db: App, open_page: Opener) -> None:
    at = press(opened(open_page, "messages"), "Nouveau message")
    at.text_area(key="message_new_info_fr").set_value("Appelez le 06 12 34 56 78")
    at = press(at, "Enregistrer")
    assert "Relisez ce message, il contient peut-être" in said(at)


def sheet(app: App) -> int:
    rows = open_view(app, TID).structures
    return int(rows.index[[("centre-social" in types) for types in rows["types"]]][0])


def choose(at: AppTest, structure_id: int) -> AppTest:
    """As a click on the line of the table would do."""
    table = next(item for item in at.dataframe if "Lieu" in item.value.columns)
    rank = list(table.value.index).index(structure_id)
    at.session_state[table.key] = {"selection": {"rows": [rank], "columns": [], "cells": []}}
    return at.run()


def test_a_place_is_described_in_simple_words(demo_db: App, open_page: Opener) -> None:
    screen(demo_db)
    chosen = sheet(demo_db)
    at = choose(opened(open_page, "textes"), chosen)
    assert "Sans phrase de votre part" in said(at)
    next(box for box in at.text_area if box.label == "Phrase simple").set_value("On y boit un café.")
    next(box for box in at.multiselect if box.label.startswith("Besoins")).set_value(
        ["rencontrer", "francais"]
    )
    at = press(at, "Enregistrer")
    assert_sound(at)
    record = list_places(demo_db, TID)[chosen]
    assert (record.texts, set(record.needs or ())) == (
        {"fr": "On y boit un café."},
        {"rencontrer", "francais"},
    )
    table = next(item for item in at.dataframe if "Lieu" in item.value.columns).value
    assert table.loc[chosen, "Ce que montre l'écran"] == "On y boit un café."
    assert table.loc[chosen, "Écrit par"] == "votre équipe"


def test_a_sentence_with_a_mobile_number_is_refused(demo_db: App, open_page: Opener) -> None:
    screen(demo_db)
    chosen = sheet(demo_db)
    before = list_places(demo_db, TID).get(chosen)
    at = choose(opened(open_page, "textes"), chosen)
    box = next(box for box in at.text_area if box.label == "Phrase simple")
    box.set_value("Demandez Aline au 06 12 34 56 78.")
    at = press(at, "Enregistrer")
    assert "mobile" in at.error[0].value
    assert list_places(demo_db, TID).get(chosen) == before


def test_saying_the_usual_is_saying_nothing(demo_db: App, open_page: Opener) -> None:
    """A form sent as it was leaves no trace: a later change of the types still reaches the screens."""
    chosen = sheet(demo_db)
    save_place(demo_db, TID, ScreenPlace(structure_id=chosen), version=_version(demo_db, chosen))
    press(choose(opened(open_page, "textes"), chosen), "Enregistrer")
    assert chosen not in list_places(demo_db, TID)


def _version(app: App, structure_id: int) -> int:
    from reseau.services.screen_places import get_place

    return get_place(app, TID, structure_id).version


def left(app: App, key: str, count: int) -> None:
    for rank in range(count):
        payload = {"key": f"essai-des-mots-{rank:05d}", "need": "parler", "reason": "loin", "spot": None}
        assert receive(app, key, payload, on=date(2026, 11, 20))


def test_opinions_are_read_before_they_count(demo_db: App, open_page: Opener) -> None:
    """Accepting adds to the expressed needs, refusing afterwards takes it back."""
    left(demo_db, screen(demo_db, touch=True), 3)
    mine = {
        item.id for item in list_participations(demo_db, TID) if item.record.key.startswith("essai-des-mots")
    }
    before = open_view(demo_db, TID).needs["count"].sum()
    at = opened(open_page, "avis")
    waiting = sum(item.status == "a_relire" for item in list_participations(demo_db, TID))
    assert f"À relire ({waiting})" in said(at)
    at = press(at, f"Accepter les {waiting}")
    assert_sound(at)
    states = {item.id: item.status for item in list_participations(demo_db, TID)}
    assert {states[key] for key in mine} == {ACCEPTED}
    assert open_view(demo_db, TID).needs["count"].sum() >= before + 3

    table = at.dataframe[-1]
    ranks = [rank for rank, key in enumerate(table.value.index) if key in mine]
    at.session_state[table.key] = {"selection": {"rows": ranks, "columns": [], "cells": []}}
    at = press(at.run(), "Finalement, refuser")
    states = {item.id: item.status for item in list_participations(demo_db, TID)}
    assert {states[key] for key in mine} == {REFUSED}


def test_an_opinion_that_comes_meanwhile_is_not_accepted_unread(demo_db: App, open_page: Opener) -> None:
    """The button says how many there were: the one left since was not among them."""
    key = screen(demo_db, touch=True)
    left(demo_db, key, 2)
    at = opened(open_page, "avis")
    waiting = [item.id for item in list_participations(demo_db, TID, status=WAITING)]
    button = next(item for item in at.button if item.label == f"Accepter les {len(waiting)}")
    payload = {"key": "essai-des-mots-venu-entre", "need": "parler", "reason": "loin", "spot": None}
    assert receive(demo_db, key, payload, on=date(2026, 11, 20))
    now = [item.id for item in list_participations(demo_db, TID, status=WAITING)]
    button.click().run()
    assert_sound(at)
    assert [item.id for item in list_participations(demo_db, TID, status=WAITING)] == now
    assert "La liste a changé" in said(at)
    at = press(at, f"Accepter les {len(now)}")
    assert not list_participations(demo_db, TID, status=WAITING)
    assert "La liste a changé" not in said(at)


def test_where_no_screen_takes_opinions_the_page_says_how(demo_db: App, open_page: Opener) -> None:
    from reseau.services.screens import delete_screen

    for item in list_screens(demo_db, TID):
        delete_screen(demo_db, TID, item.id, version=item.version)
    assert "Écran tactile" in said(opened(open_page, "avis"))
