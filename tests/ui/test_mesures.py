"""The table of measures: what is shown is what was computed, with all that goes with it."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from reseau.gaps import all_measures
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App
from reseau.services.measures import measured, ordered_measures, rows_of
from reseau.services.territoires import create_territoire
from reseau.services.view import View, open_view
from reseau.ui.mesures.table import MISSED, SOURCE, THRESHOLD
from reseau.ui.overview import FRAGILE_SIGN
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p4_mesures"


def said(at: AppTest) -> str:
    return "\n".join(str(item.value) for kind in (at.markdown, at.caption, at.text, at.info) for item in kind)


def shown(at: AppTest) -> pd.DataFrame:
    (table,) = at.dataframe
    return table.value.set_index(table.value.columns[0])


def choose_row(at: AppTest, key: str, row: int) -> AppTest:
    """Select a line of the table of that key."""
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


@pytest.fixture
def view(demo_db: App) -> View:
    return open_view(demo_db, 1)


def test_without_quartier_it_says_why_it_is_empty(empty_app_db: App, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun quartier" in said(at)
    assert not at.dataframe


def test_one_measure_of_all_types_and_quartiers(view: View, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    at.selectbox(key="table_measure").set_value("part").run()
    assert_sound(at)
    table = shown(at)
    quartiers = dict(zip(view.quartiers["name"], view.quartiers.index, strict=True))
    labels = {view.typology[code].short_label: code for code in view.expected_types}
    assert list(table.columns) == [MISSED, *quartiers, THRESHOLD, SOURCE]
    texts = measured(view, "part").texts
    expected = set(zip(view.expected_gaps["quartier_id"], view.expected_gaps["type_code"], strict=True))
    for label in table.index:
        for name, quartier_id in quartiers.items():
            couple = (quartier_id, labels[label])
            assert table.loc[label, name] == (texts.loc[couple] if couple in expected else "non attendu")
    assert not table.isna().any().any()


@pytest.mark.parametrize("measure", all_measures())
def test_what_a_measure_is_stands_beside_it(view: View, open_page: Opener, measure: str) -> None:
    """Formula, unit, direction, threshold, source, population, walks and day."""
    at = open_page(PAGE)
    at.selectbox(key="table_measure").set_value(measure).run()
    assert_sound(at)
    found, words = all_measures()[measure], said(at).replace("\\", "").replace("\u2060", "")
    for part in (found.formula, found.label, found.direction.value):
        assert part in words
    for part in (
        "Unité : ",
        "Seuil : ",
        "Source",
        "Habitants : ",
        "Répartition : ",
        "Trajets : ",
        "Chiffres du",
    ):
        assert part in words
    assert "None" not in words
    assert "nan" not in shown(at).to_string().split()


def test_all_types_also_when_asked(view: View, open_page: Opener) -> None:
    at = open_page(PAGE)
    few = len(shown(at))
    at.toggle(key="table_expected").set_value(False).run()
    assert len(shown(at)) == len(view.types) > few


def test_a_fragile_state_is_marked(view: View, open_page: Opener) -> None:
    table = shown(open_page(PAGE))
    marked = table.map(lambda text: FRAGILE_SIGN in str(text)).to_numpy().sum()
    assert marked == int(view.expected_gaps["fragile"].sum()) > 0


def test_a_quartier_chosen_elsewhere_shows_all_its_measures(view: View, open_page: Opener) -> None:
    code = view.quartiers["code"].iloc[1]
    at = open_page(PAGE, quartier=code)
    assert_sound(at)
    table = shown(at)
    wanted = view.expected_gaps[view.expected_gaps["quartier_code"] == code]
    assert table.index.tolist() == [view.typology[item].short_label for item in wanted["type_code"]]
    heads = [item.short or item.label for item in ordered_measures()]
    assert list(table.columns) == [*heads, "À placer", SOURCE]


def test_a_type_chosen_here_is_chosen_everywhere(view: View, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.selectbox(key="table_type").set_value("pharmacie").run()
    assert_sound(at)
    assert at.query_params["type"] in ("pharmacie", ["pharmacie"])
    assert shown(at).index.tolist() == view.quartiers["name"].tolist()


def test_one_quartier_and_type_line_by_line(view: View, open_page: Opener) -> None:
    row = view.expected_gaps[view.expected_gaps["fragile"]].iloc[0]
    at = open_page(PAGE, quartier=row["quartier_code"], type=row["type_code"])
    assert_sound(at)
    table = shown(at)
    expected = rows_of(view, view.gaps.loc[[row.name]])
    assert table["Valeur"].tolist() == [item.text for item in expected]
    assert table[MISSED].tolist() == [str(item.unusable) for item in expected]
    assert table[THRESHOLD].tolist() == [item.threshold or "sans objet" for item in expected]
    assert table.loc["État", "Valeur"] == STATE_LABELS[State(row["state"])]
    assert FRAGILE_SIGN in said(at)


def test_lines_lead_from_a_measure_to_a_type_to_a_cell_to_a_formula(view: View, open_page: Opener) -> None:
    at = open_page(PAGE)
    label = shown(at).index[2]
    choose_row(at, "table_etat", 2)
    code = next(item for item in view.expected_types if view.typology[item].short_label == label)
    assert at.query_params["type"] in (code, [code])
    choose_row(at, "table_all_quartier_id", 1)
    quartier = view.quartiers["code"].iloc[1]
    assert at.query_params["quartier"] in (quartier, [quartier])
    rank = shown(at).index.tolist().index(all_measures()["dependance"].label)
    choose_row(at, "table_sheet", rank)
    assert_sound(at)
    assert at.selectbox(key="table_measure").value == "dependance"
    assert all_measures()["dependance"].formula in said(at).replace("\\", "")


def test_the_file_holds_what_is_shown(view: View, open_page: Opener) -> None:
    at = open_page(PAGE, type="pharmacie")
    (button,) = at.get("download_button")
    assert button.proto.label == "Télécharger ces chiffres (CSV)"


def test_a_type_that_is_not_expected_can_be_looked_at(view: View, open_page: Opener) -> None:
    code = next(item for item in view.types["type_code"] if item not in view.expected_types)
    at = open_page(PAGE, type=code)
    assert_sound(at)
    assert len(shown(at)) == len(view.quartiers)
    assert at.toggle(key="table_expected").disabled


def test_the_overview_lists_them_for_a_cell(view: View, open_page: Opener) -> None:
    row = view.expected_gaps[view.expected_gaps["state"] == State.COUVERT].iloc[0]
    at = open_page("p1_vue_densemble", quartier=row["quartier_code"], type=row["type_code"])
    assert_sound(at)
    words = said(at).replace("\\", "")
    for subject in ("Accès", "Quantité", "Conditions d'accueil", "Solidité"):
        assert f"**{subject}**" in words
    next(button for button in at.button if button.label == "Voir le calcul").click()
    at.run()
    assert at.title[0].value == "Mesures"
    assert shown(at).loc["État", "Valeur"] == "Couvert"


def test_hostile_text_stays_text(hostile_db: App, open_page: Opener) -> None:
    view = open_view(hostile_db, 1)
    at = open_page(PAGE)
    assert_sound(at)
    assert_text_stays_text(at)
    assert len(set(HOSTILE) & set(shown(at).columns)) >= len(HOSTILE) - 2
    for quartier in view.quartiers["code"]:
        at = open_page(PAGE, quartier=quartier, type="cmp")
        assert_sound(at)
        assert_text_stays_text(at)
