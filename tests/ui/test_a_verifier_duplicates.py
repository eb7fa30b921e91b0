"""The section «Doublons possibles»: two sheets at a time, answered, merged, and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.duplicates import distinct_pairs, list_merges, merge, pairs_to_confirm, say_distinct
from reseau.services.editing import get_row, save_row
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.ui.conftest import HOSTILE, assert_sound, assert_text_stays_text

Opener = Callable[..., AppTest]
PAGE = "p8_a_verifier"
HERE = {"types": ["cmp"], "lat": 48.1, "position_precision": "exacte", "insee": "99101"}
MERGE, DIFFERENT, LATER = (
    "C'est la même structure : fusionner", "Ce sont deux structures différentes", "Plus tard",
)  # fmt: skip


def section(open_page: Opener, **address: str) -> AppTest:
    at = open_page(PAGE, **address)
    at.session_state["a_verifier_section"] = "doublons"
    return at.run()


def part(at: AppTest, name: str) -> AppTest:
    at.session_state["doublons_part"] = name
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    return next(item for item in at.button if item.label == label).click().run()


def everything(at: AppTest) -> str:
    shown = [*at.markdown, *at.caption, *at.info, *at.success, *at.warning, *at.error]
    return "\n".join(item.value for item in shown)


def choose_row(at: AppTest, key: str, row: int) -> AppTest:
    table = next(item for item in at.dataframe if str(item.key).startswith(key))
    at.session_state[table.key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


@pytest.fixture
def twins(empty_app_db: App) -> tuple[App, int, list[int]]:
    """Two places written twice each, and one alone."""
    app = empty_app_db
    tid = create_territoire(app, "Essai", communes=["99101"]).id
    rows: list[dict[str, Any]] = [
        {"name": "C.M.P. Nord", "lon": 1.6, "phone": "0561000001"},
        {"name": "Centre médico-psychologique Nord", "lon": 1.6003, "phone": "0561000002"},
        {"name": "CMP Bellevue", "lon": 1.7},
        {"name": "CMP  Bellevue", "lon": 1.7, "email": "bellevue@exemple.fr"},
        {"name": "CMP Sud", "lon": 1.8},
    ]
    return app, tid, [save_row(app, tid, "structures", {**HERE, **row}) for row in rows]


def test_on_the_demonstration(demo_db: App, open_page: Opener) -> None:
    at = section(open_page)
    assert_sound(at)


def test_an_empty_directory_says_why(empty_app_db: App, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = section(open_page)
    assert_sound(at)
    assert "moins de deux fiches" in everything(at)
    assert "Aucune fusion" in everything(part(at, "Fusions faites"))
    assert "Aucune paire" in everything(part(at, "Dites différentes"))


def test_nothing_alike_says_so(empty_app_db: App, open_page: Opener) -> None:
    tid = create_territoire(empty_app_db, "Essai", communes=["99101"]).id
    for name, lon in (("CMP Nord", 1.6), ("Mairie", 1.9)):
        save_row(empty_app_db, tid, "structures", {**HERE, "name": name, "lon": lon})
    assert "Aucun doublon possible parmi 2 fiches" in everything(section(open_page))


def test_a_pair_is_shown_with_what_differs_in_words(
    twins: tuple[App, int, list[int]], open_page: Opener
) -> None:
    """Colour is never the only sign."""
    at = section(open_page)
    assert_sound(at)
    shown = everything(at)
    assert "2 paires" in shown
    assert "CMP Bellevue" in shown
    press(at, LATER)
    shown = everything(at)
    assert "médico\\-psychologique Nord" in shown
    assert "**différent**" in shown
    assert "Même nom" in shown


def test_merging_with_a_chosen_value(twins: tuple[App, int, list[int]], open_page: Opener) -> None:
    """The sheet and the value chosen on screen are those the base holds."""
    app, tid, ids = twins
    at = section(open_page)
    press(at, LATER)
    at.radio[0].set_value(1).run()
    next(box for box in at.selectbox if box.label == "Téléphone").select(0).run()
    press(at, MERGE)
    assert_sound(at)
    (done,) = list_merges(app, tid)
    assert {done.kept_id, done.gone_id} == set(ids[:2])
    kept = get_row(app, "structures", done.kept_id)
    gone = get_row(app, "structures", done.gone_id)
    assert kept["phone"] == gone["phone"]
    assert "1 paire à regarder" in everything(at).replace("**", "")


def test_two_different_structures_are_not_asked_about_again(
    twins: tuple[App, int, list[int]], open_page: Opener
) -> None:
    app, tid, ids = twins
    at = press(section(open_page), DIFFERENT)
    assert_sound(at)
    assert [(item.a_id, item.b_id) for item in distinct_pairs(app, tid)] == [(ids[2], ids[3])]
    assert len(pairs_to_confirm(app, tid)) == 1
    at = part(at, "Dites différentes")
    choose_row(at, "doublons_distinct", 0)
    press(at, "Poser de nouveau la question")
    assert_sound(at)
    assert len(pairs_to_confirm(app, tid)) == 2


def test_later_puts_the_pair_last(twins: tuple[App, int, list[int]], open_page: Opener) -> None:
    """Once round, the first one is there again; nothing was written."""
    app, tid, _ = twins
    at = section(open_page)
    first = everything(at)
    press(at, LATER)
    assert everything(at) != first
    press(at, LATER)
    assert everything(at) == first
    assert list_merges(app, tid) == []
    assert distinct_pairs(app, tid) == []


def test_undoing_from_the_history(twins: tuple[App, int, list[int]], open_page: Opener) -> None:
    app, tid, ids = twins
    merge(app, tid, ids[2], ids[3])
    save_row(app, tid, "structures", {"email": "autre@exemple.fr"}, row_id=ids[2])
    at = part(section(open_page), "Fusions faites")
    choose_row(at, "doublons_history", 0)
    press(at, "Défaire cette fusion")
    assert_sound(at)
    assert ids[3] in open_view(app, tid).structures.index
    assert "Changé depuis la fusion" in everything(at)
    assert "courriel" in everything(at)
    choose_row(at, "doublons_history", 0)
    assert "déjà défaite" in everything(at)


def test_the_structure_chosen_elsewhere(twins: tuple[App, int, list[int]], open_page: Opener) -> None:
    """Coming from its sheet, a person may look at its pairs only; opening a sheet chooses it everywhere."""
    app, tid, ids = twins
    at = section(open_page, structure=str(ids[0]))
    at.toggle[0].set_value(True).run()
    assert "1 paire à regarder" in everything(at).replace("**", "")
    opened = next(pair.b_id for pair in pairs_to_confirm(app, tid) if ids[0] in (pair.a_id, pair.b_id))
    press(at, "Ouvrir la fiche 2")
    assert_sound(at)
    assert at.session_state["sel_structure"] == str(opened)


def test_a_pair_that_went_meanwhile(twins: tuple[App, int, list[int]], open_page: Opener) -> None:
    """Somebody else answered: the next one is shown, no error."""
    app, tid, ids = twins
    at = section(open_page)
    say_distinct(app, tid, ids[2], ids[3])
    at.run()
    assert_sound(at)
    assert "psychologique Nord" in everything(at)


def test_many_pairs_draw_one(empty_app_db: App, open_page: Opener) -> None:
    """300 pairs: one on screen, the others in one table."""
    tid = create_territoire(empty_app_db, "Essai", communes=["99101"]).id
    for number in range(26):
        save_row(
            empty_app_db, tid, "structures", {**HERE, "name": f"CMP Nord{' ' * (number % 3)}", "lon": 1.6}
        )
    assert len(pairs_to_confirm(empty_app_db, tid)) == 325
    at = section(open_page)
    assert_sound(at)
    assert len(at.button) < 12
    assert len(at.dataframe[0].value) == 325
    choose_row(at, "doublons_table", 200)
    assert_sound(at)
    pair = pairs_to_confirm(empty_app_db, tid)[200]
    assert at.session_state["doublons_current"] == (pair.a_id, pair.b_id)


def test_hostile_text_stays_text(empty_app_db: App, open_page: Opener) -> None:
    tid = create_territoire(empty_app_db, "Essai", communes=["99101"]).id
    ids = []
    for name in HOSTILE:
        values = {**HERE, "name": name, "lon": 1.6, "address": name, "description": name}
        ids += [save_row(empty_app_db, tid, "structures", values) for _ in range(2)]
    at = section(open_page)
    for _ in HOSTILE:
        assert_sound(at)
        assert_text_stays_text(at)
        press(at, LATER)
    merge(empty_app_db, tid, ids[2], ids[3])
    say_distinct(empty_app_db, tid, ids[4], ids[5])
    for name, table in (("Fusions faites", "doublons_history"), ("Dites différentes", "doublons_distinct")):
        choose_row(part(at, name), table, 0)
        assert_sound(at)
        assert_text_stays_text(at)
