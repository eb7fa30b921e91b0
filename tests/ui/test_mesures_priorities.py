"""Priorités: the ranking with its formula, lines explained, weights changed in place, ways on."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from reseau.gaps.priority_words import FORMULA, explanation
from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.priorities import DEFAULT_WEIGHTS, priorities
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import open_view
from reseau.ui import state, wording
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text

PAGE = "p4_mesures"


def opened(open_page: Opener, **address: str) -> AppTest:
    at = open_page(PAGE, **address)
    at.session_state["mesures_section"] = "priorites"
    return at.run()


def said(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.caption, *at.info, *at.markdown, *at.text])


def ranking(at: AppTest):
    return next(item for item in at.dataframe if "Rang" in item.value.columns)


def test_the_formula_is_on_top_with_what_it_is_made_of(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page)
    assert_sound(at)
    assert f"**Score = {FORMULA}**" in [item.value for item in at.markdown]
    assert "Référence de départ. Il n'existe pas de norme nationale" in said(at)
    found = priorities(open_view(demo_db, 1))
    assert ranking(at).value["Score"].tolist() == found.lines["score"].astype(int).tolist()
    assert wording.markdown_text(explanation(found.lines.to_dict("records")[0])) in said(at)


def test_the_line_chosen_elsewhere_is_the_one_explained(demo_db: App, open_page: Opener) -> None:
    line = priorities(open_view(demo_db, 1)).lines.iloc[4].to_dict()
    at = opened(open_page, quartier=line["quartier_code"], type=line["type_code"])
    assert wording.markdown_text(explanation(line)) in said(at)


@pytest.mark.parametrize(
    ("key", "page", "asked"),
    [
        ("priorities_action", "p6_aller_vers", "prepare_action"),
        ("priorities_siting", "p7_decider", "decider_next_section"),
        ("priorities_map", "p2_carte", None),
    ],
)
def test_a_line_leads_on(
    demo_db: App, open_page: Opener, monkeypatch: pytest.MonkeyPatch, key: str, page: str, asked: str | None
) -> None:
    """The quartier and the type go with the person."""
    gone: list[str] = []
    monkeypatch.setattr(state, "go", gone.append)
    line = priorities(open_view(demo_db, 1)).lines.iloc[2].to_dict()
    at = opened(open_page, quartier=line["quartier_code"], type=line["type_code"])
    at.button(key=key).click().run()
    assert gone == [page]
    assert at.session_state["sel_quartier"] == line["quartier_code"]
    assert at.session_state["sel_type"] == line["type_code"]
    if asked == "prepare_action":
        assert at.session_state[asked] == (line["quartier_id"], line["type_code"])
    elif asked:
        assert at.session_state[asked] == "ou_aller"


def test_filters_keep_ranks(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page)
    at.multiselect(key="priorities_themes").set_value(["soins"]).run()
    assert_sound(at)
    lines = priorities(open_view(demo_db, 1)).lines
    assert ranking(at).value["Rang"].tolist() == lines.loc[lines["theme"] == "soins", "rank"].tolist()
    at.multiselect(key="priorities_themes").set_value(["handicap"]).run()
    assert "Aucune ligne ne correspond" in said(at)


def test_weights_are_changed_in_place(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page)
    assert at.button(key="priority_weights_save").disabled
    at.select_slider(key="priority_weight_needs_1").set_value(0.0).run()
    at.select_slider(key="priority_weight_to_link_1").set_value(1.0).run()
    at.selectbox(key="priority_social_indicator_1").set_value("disp_q2").run()
    assert "non enregistrés" in said(at)
    assert find_territoire(demo_db).record.weight_needs == DEFAULT_WEIGHTS["weight_needs"]
    at.button(key="priority_weights_save").click().run()
    assert_sound(at)
    record = find_territoire(demo_db).record
    assert (record.weight_needs, record.weight_to_link, record.social_indicator) == (0.0, 1.0, "disp_q2")
    assert set(ranking(at).value["Demandes"]) == {1.0}
    at.run()
    assert "le classement est refait" in said(at), "it stays: on a slow computer a fleeting word is missed"
    at.button(key="priority_weights_reset").click().run()
    assert "le classement est refait" not in said(at)
    at.button(key="priority_weights_save").click().run()
    record = find_territoire(demo_db).record
    assert {name: getattr(record, name) for name in DEFAULT_WEIGHTS} == DEFAULT_WEIGHTS


def test_what_cannot_be_ranked_is_apart(demo_db: App, open_page: Opener) -> None:
    at = opened(open_page)
    found = priorities(open_view(demo_db, 1))
    assert f"À part ({len(found.without_population) + len(found.to_fill)})" in [tab.label for tab in at.tabs]
    aside = next(item.value for item in at.dataframe if "Part non couverte" in item.value.columns)
    assert set(aside["Quartier"]) == {"Le Plateau"}
    assert "Score" not in aside.columns
    unknown = next(item.value for item in at.dataframe if list(item.value.columns) == ["Quartier", "Type"])
    assert len(unknown) == len(found.to_fill)
    # The same reason for all: said once, where it is not cut.
    (reason,) = set(found.to_fill["reason"])
    assert wording.markdown_text(f"Pour toutes ces lignes : {reason}.") in said(at)


def test_different_reasons_have_their_column(demo_db: App, open_page: Opener) -> None:
    """A place that is known and not located is not a type nobody heard of."""
    code = priorities(open_view(demo_db, 1)).to_fill["type_code"].iloc[0]
    save_row(demo_db, 1, "structures", {"name": "Point sans adresse", "types": [code]})
    at = opened(open_page)
    assert_sound(at)
    reasons = next(item.value["Pourquoi"] for item in at.dataframe if "Pourquoi" in item.value.columns)
    assert set(reasons) == set(priorities(open_view(demo_db, 1)).to_fill["reason"])
    assert reasons.nunique() > 1


def test_nothing_to_rank_says_why(empty_app_db: App, open_page: Opener) -> None:
    assert_sound(opened(open_page))
    tid = create_territoire(empty_app_db, "Essai", communes=["99101"]).id
    at = opened(open_page)
    assert_sound(at)
    assert "Aucun quartier" in said(at)
    import shapely

    save_row(empty_app_db, tid, "quartiers", {"name": "Nord", "wkb": shapely.box(1.6, 48.1, 1.61, 48.11).wkb})
    at = opened(open_page)
    assert_sound(at)
    assert "Rien à classer" in said(at)


def test_hostile_text_stays_text(hostile_db: App, open_page: Opener) -> None:
    view = open_view(hostile_db, 1)
    for line in priorities(view).lines.drop_duplicates("quartier_id").to_dict("records"):
        at = opened(open_page, quartier=line["quartier_code"], type=line["type_code"])
        assert_sound(at)
        assert_text_stays_text(at)
