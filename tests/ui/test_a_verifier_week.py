"""À vérifier, cette semaine: who to call first, and saying that a sheet is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

from reseau.services import App, quality
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.ui.conftest import assert_sound, assert_text_stays_text

PAGE = "p8_a_verifier"
Opener = Callable[..., AppTest]


def test_without_territory_it_says_where_to_start(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "Aucun territoire" in at.info[0].value


def test_the_demonstration_has_sheets_to_check_partners_first(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    due = quality.to_check(demo_db, find_territoire(demo_db).id)
    assert len(due) > 5
    figures = {item.label: item.value for item in at.metric}
    assert figures["À vérifier d'ici dimanche"] == str(len(due))
    table = at.dataframe[0].value
    assert list(table["Structure"]) == list(due["name"])
    working = list(table["Vous travaillez avec"])
    assert working == sorted(working, reverse=True)


def test_marking_a_sheet_takes_it_off_the_list(demo_db: App, open_page: Opener) -> None:
    """AppTest cannot tick a row of a table: the verb the button calls is given the first one."""
    tid = find_territoire(demo_db).id
    first = int(quality.to_check(demo_db, tid).index[0])
    at = open_page(PAGE)
    before = len(at.dataframe[0].value)
    assert next(button for button in at.button if button.label.startswith("Tout est juste")).disabled
    quality.mark_reviewed(demo_db, tid, [first])
    at.run()
    assert len(at.dataframe[0].value) == before - 1
    assert quality.sheets(demo_db, tid).at[first, "checked_on"] == date.today()


def test_what_only_a_source_dated_is_not_said_checked(demo_db: App, open_page: Opener) -> None:
    """A register's date puts a check off; nobody has rung the structure for all that."""
    tid = find_territoire(demo_db).id
    sheets = quality.sheets(demo_db, tid)
    unread = open_view(demo_db, tid).structures["reviewed_on"].isna().loc[sheets.index]
    dated = unread & sheets["checked_on"].notna()
    assert dated.any()
    figures = {item.label: item.value for item in open_page(PAGE).metric}
    assert figures["Jamais vérifiées par l'équipe"] == str(int(unread.sum()))
    at = open_page("p5_annuaire", structure=int(dated.index[dated.argmax()]))
    labels = [item.proto.popover.label for item in at.get("popover")]
    assert any(" · données du " in label for label in labels), labels


def test_the_sheet_says_its_quality_and_is_marked_from_there(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    first = int(quality.to_check(demo_db, tid).index[0])
    at = open_page("p5_annuaire", structure=first)
    assert not at.exception
    at.button(key=f"annuaire_reviewed_{first}").click().run()
    assert not at.exception
    assert quality.sheets(demo_db, tid).at[first, "fresh"]


def test_hostile_names_stay_text(hostile_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert_text_stays_text(at)
    assert "Ce qui manque le plus" in " ".join(item.label for item in at.expander)
