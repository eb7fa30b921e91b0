"""Demandes des habitants: counts are noted, corrected, put aside; a dash is not a zero."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from reseau.model.vocabulary import THEMES
from reseau.services import App
from reseau.services.editing import delete_row, save_row
from reseau.services.needs import entries, needs_table
from reseau.services.territoires import create_territoire
from reseau.services.view import View, open_view
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p4_mesures"
TABLE = "Par thème et par quartier"


def opened(open_page: Opener, **address: str) -> AppTest:
    at = open_page(PAGE, **address)
    at.session_state["mesures_section"] = "demandes"
    return at.run()


def said(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.caption, *at.info, *at.markdown])


def told(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.toast, *at.success])


def shown(at: AppTest):
    return next(item.value for item in at.dataframe if "Total" in item.value.columns).set_index("Thème")


def field(at: AppTest, name: str, kind: str):
    """A widget of the form that is open, whatever its number."""
    return next(item for item in getattr(at, kind) if item.key.startswith("annuaire_besoins_") and
                item.key.endswith(f"_{name}"))  # fmt: skip


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def view_of(app: App) -> View:
    return open_view(app, 1)


def quartier(app: App, code: str) -> int:
    rows = view_of(app).quartiers
    return int(rows.index[rows["code"] == code][0])


def test_the_table_is_the_sum_of_what_was_noted(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page)
    assert_sound(at)
    table, needs = shown(at), view_of(demo_db).needs
    assert table.loc["Total", "Total"] == needs["count"].sum()
    assert table.loc[THEMES["soins"], "Beauval"] == 34
    assert table.loc[THEMES["addictions"], "Beauval"] == 0, "asked, nobody wanted it"
    assert table["Le Plateau"].isna().all(), "nobody was asked"
    assert "on ne sait pas" in said(at)


def test_nothing_noted_says_so_and_shows_no_zero(demo_db: App, open_page: Opener) -> None:
    for row_id in view_of(demo_db).needs.index:
        delete_row(demo_db, 1, "besoins", int(row_id))
    at = opened(open_page)
    assert_sound(at)
    assert "Rien n'est noté" in said(at)
    assert not at.dataframe


def test_without_quartiers_the_page_says_what_to_do(empty_app_db: App, open_page: Opener) -> None:
    assert_sound(opened(open_page))
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    at = opened(open_page)
    assert_sound(at)
    assert "Aucun quartier" in said(at)


def test_a_number_is_noted_for_the_quartier_chosen_elsewhere(demo_db: App, open_page: Opener) -> None:
    at = press(opened(open_page, quartier="QN99104M"), "Noter un nombre")
    assert field(at, "quartier_id", "selectbox").value == quartier(demo_db, "QN99104M")
    field(at, "theme", "selectbox").set_value("logement")
    field(at, "count", "number_input").set_value(0)
    field(at, "collected", "text_input").set_value("atelier")
    press(at, "Enregistrer")
    assert_sound(at)
    assert "Le nombre est enregistré" in told(at)
    (row,) = entries(view_of(demo_db), quartier_id=quartier(demo_db, "QN99104M")).to_dict("records")
    assert (row["theme"], row["count"], row["on"], row["collected"]) == ("logement", 0, None, "atelier")
    assert shown(at).loc[THEMES["logement"], "La Croix-Blanche"] == 0


def test_what_is_missing_is_told_and_nothing_is_written(demo_db: App, open_page: Opener) -> None:
    before = len(view_of(demo_db).needs)
    at = press(opened(open_page), "Noter un nombre")
    field(at, "collected", "text_input").set_value("atelier")
    press(at, "Enregistrer")
    told = at.error[0].value
    assert all(word in told for word in ("Quartier", "Thème", "Nombre"))
    assert field(at, "collected", "text_input").value == "atelier"
    assert len(view_of(demo_db).needs) == before


def test_the_same_count_twice_is_refused(demo_db: App, open_page: Opener) -> None:
    for expected in (0, 1):
        at = press(opened(open_page, quartier="QN99104M"), "Noter un nombre")
        field(at, "theme", "selectbox").set_value("logement")
        field(at, "count", "number_input").set_value(3)
        press(at, "Enregistrer")
        assert len(at.error) == expected
    assert "déjà noté" in at.error[0].value


def test_a_telephone_number_is_asked_about(demo_db: App, open_page: Opener) -> None:
    at = press(opened(open_page, quartier="QN99104M"), "Noter un nombre")
    field(at, "theme", "selectbox").set_value("logement")
    field(at, "count", "number_input").set_value(3)
    field(at, "note", "text_input").set_value("rappeler au 06 12 34 56 78")
    press(at, "Enregistrer")
    assert any("téléphone" in item.value for item in at.warning)
    assert entries(view_of(demo_db), quartier_id=quartier(demo_db, "QN99104M")).empty


def test_a_line_is_corrected_then_put_aside(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page, quartier="QN99106M")
    table = next(item for item in at.dataframe if "Recueil" in item.value.columns)
    assert "Quartier" not in table.value.columns, "the quartier is in the title"
    at.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    row_id = int(table.value.index[0])
    field(at, "count", "number_input").set_value(99)
    press(at, "Enregistrer")
    assert_sound(at)
    assert view_of(demo_db).needs.at[row_id, "count"] == 99
    table = next(item for item in at.dataframe if "Recueil" in item.value.columns)
    at.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    press(at, "Confirmer la suppression")
    assert_sound(at)
    assert "est à la corbeille" in told(at)
    assert row_id not in view_of(demo_db).needs.index


@pytest.mark.parametrize("rank", range(len(HOSTILE)))
def test_hostile_text_stays_text(hostile_db: App, open_page: Opener, rank: int) -> None:
    view = open_view(hostile_db, 1)
    row = {"quartier_id": int(view.quartiers.index[rank]), "theme": "soins", "count": 3}
    save_row(hostile_db, 1, "besoins", {**row, "collected": HOSTILE[rank], "note": HOSTILE[rank]})
    at = opened(open_page, quartier=str(view.quartiers["code"].iloc[rank]))
    assert_sound(at)
    assert_text_stays_text(at)
    (noted,) = entries(open_view(hostile_db, 1)).to_dict("records")
    assert noted["count"] == 3
    assert needs_table(open_view(hostile_db, 1)).sum().sum() == 3
