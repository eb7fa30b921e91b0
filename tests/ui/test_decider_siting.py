"""Où aller and Tournée: what is asked is searched, what is shown is what was found, gestures write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.siting import SitingResult, Wish, site
from reseau.services.siting_actions import holders
from reseau.services.siting_places import host_kinds, structure_candidates
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.ui.components.map_view import MapEvent
from reseau.ui.decider import rounds, siting, siting_map
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text
from tests.ui.maps import Map

PAGE = "p7_decider"
GO = "ou_aller_1_go"
TYPES = "ou_aller_1_types"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Map:
    found = Map()
    monkeypatch.setattr(siting_map, "map_view", found)
    monkeypatch.setattr(rounds, "map_view", found)
    return found


def opened(open_page: Opener, section: str, **address: str) -> AppTest:
    at = open_page(PAGE, **address)
    at.session_state["decider_next_section"] = section
    return at.run()


def searched(open_page: Opener, **address: str) -> AppTest:
    return opened(open_page, "ou_aller", **address).button(key=GO).click().run()


def expected(app: App, **wish: Any) -> SitingResult:
    """The same search without the page."""
    view = open_view(app, 1)
    wanted = Wish(**({"types": ("pmi",), "k": 3} | wish))
    usual = [code for code in host_kinds(view) if code in siting.form.HOST_TYPES]
    return site(app, 1, wanted, structure_candidates(view, usual))


def button(at: AppTest, label: str) -> Any:
    return next(item for item in at.button if label in item.label)


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(str(item.value) for kind in kinds for item in kind).replace("\\", "")


def listed(at: AppTest) -> list[str]:
    return next((list(item.value["Lieu"]) for item in at.dataframe if "À lui seul" in item.value), [])


@pytest.mark.parametrize("section", ["ou_aller", "tournee"])
def test_an_empty_territory_is_sent_where_data_come_from(
    empty_app_db: App, open_page: Opener, drawn: Map, section: str
) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = opened(open_page, section)
    assert_sound(at)
    assert "Rien à" in at.info[0].value
    assert button(at, "Ouvrir la page Données")


def test_before_any_search_the_page_says_what_it_does(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller")
    assert_sound(at)
    assert "rien n'est écrit" in said(at)
    assert len(drawn.data.possible) > 5, "possible places are on the map"
    at = at.button(key=GO).click().run()
    assert "au moins un type" in at.error[0].value, "a search for nothing is refused in words"


def test_the_type_chosen_elsewhere_is_searched_and_what_is_found_is_shown(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    at = searched(open_page, type="pmi")
    assert_sound(at)
    result = expected(demo_db)
    names = [item.candidate.label for item in result.proposals]
    assert listed(at) == names == [mark.label for mark in drawn.data.proposals]
    assert [mark.rank for mark in drawn.data.proposals] == [1, 2, 3]
    assert result.sentence.split(".")[0] in said(at)
    view = open_view(demo_db, 1)
    pmi = {int(item) for item in view.structures.index if "pmi" in view.structures.at[item, "types"]}
    assert {mark.id for mark in drawn.data.structures} <= pmi
    assert not set(names) & {mark.label for mark in drawn.data.possible}, "each place is drawn once"
    assert "Marche : ligne droite" in said(at)
    assert "Population inconnue : Le Plateau" in said(at)


def test_choosing_one_type_here_chooses_it_everywhere(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller")
    at.multiselect(key=TYPES).set_value(["cmp"]).run()
    assert at.session_state["sel_type"] == "cmp"
    at.multiselect(key=TYPES).set_value(["cmp", "pmi"]).run()
    at = at.button(key=GO).click().run()
    assert_sound(at)
    assert "comptés une fois par type" in said(at)
    assert at.session_state["sel_type"] == "cmp"


def test_a_share_that_cannot_be_reached_is_explained_not_an_error(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    at = opened(open_page, "ou_aller", type="pmi")
    at.selectbox(key="ou_aller_1_goal").set_value("part").run()
    at.number_input(key="ou_aller_1_value_part").set_value(100)
    at.multiselect(key="ou_aller_1_kinds").set_value(["mairie"])
    at = at.button(key=GO).click().run()
    assert_sound(at)
    assert "n'est pas possible" in at.warning[0].value
    assert listed(at) == []


def test_without_any_place_the_refusal_says_what_to_do(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller", type="pmi")
    at.multiselect(key="ou_aller_1_kinds").set_value([]).run()
    assert "Aucun lieu possible" in at.warning[0].value
    at = at.button(key=GO).click().run()
    assert "Lieux possibles : aucun" in at.error[0].value.replace("\\", "")


def test_a_click_on_the_map_adds_a_possible_place(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller", type="pmi")
    at.multiselect(key="ou_aller_1_kinds").set_value([])
    at.toggle(key="ou_aller_1_placing").set_value(True).run()
    assert drawn.options["tool"] == "placer"
    middle = open_view(demo_db, 1).quartiers.geometry.iloc[0].representative_point()
    drawn.event = MapEvent(kind="background", lat=middle.y, lon=middle.x)
    at.run()
    assert_sound(at)
    assert len(drawn.data.possible) == 1
    at = at.button(key=GO).click().run()
    assert_sound(at)
    assert listed(at)[0].startswith("Point ")
    at.button(key="ou_aller_1_out_0").click().run()
    assert at.session_state["ou_aller_1_points"] == []


def test_a_typed_point_needs_both_coordinates(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller", type="pmi")
    button(at, "Ajouter ce point").click().run()
    assert "latitude et sa longitude" in at.error[0].value


def test_a_click_on_a_chosen_place_chooses_its_structure(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = searched(open_page, type="pmi")
    first = expected(demo_db).proposals[0]
    drawn.event = MapEvent(kind="proposal", id=1, lat=48.1, lon=1.6)
    at.run()
    assert_sound(at)
    assert at.session_state["sel_structure"] == str(first.candidate.structure_id)


def test_actions_are_created_once_by_two_clicks(demo_db: App, open_page: Opener, drawn: Map) -> None:
    before = len(open_view(demo_db, 1).actions)
    at = searched(open_page, type="pmi")
    button(at, "Créer les 3 actions").click().run()
    assert_sound(at)
    assert "3 actions créées" in at.toast[0].value
    button(at, "Créer les 3 actions").click().run()
    assert_sound(at)
    assert "3 déjà là" in at.toast[0].value
    actions = open_view(demo_db, 1).actions
    assert len(actions) == before + 3
    made = actions[actions["note"].str.contains("Où aller")]
    assert set(made["status"]) == {"idee"}
    assert not any("Les données ont changé" in item.value for item in at.warning)


def test_an_answer_from_before_a_change_says_so(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = searched(open_page, type="pmi")
    save_row(demo_db, 1, "structures", {"name": "Nouvelle", "types": ["pmi"]})
    at.run()
    assert_sound(at)
    assert "Les données ont changé" in at.warning[0].value


def test_a_permanence_is_created_with_its_first_day_only(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = searched(open_page, type="pmi")
    view = open_view(demo_db, 1)
    button(at, "Créer la permanence").click().run()
    assert "Choisissez la structure" in at.error[0].value
    next(box for box in at.selectbox if box.label == "Qui la tiendrait").set_value(_first_holder(demo_db))
    button(at, "Créer la permanence").click().run()
    assert "donnez le jour" in at.error[0].value.replace("\\", "")
    next(box for box in at.selectbox if box.label == "Qui la tiendrait").set_value(_first_holder(demo_db))
    at.date_input[0].set_value(view.on + timedelta(days=10))
    button(at, "Créer la permanence").click().run()
    assert_sound(at)
    now = open_view(demo_db, 1)
    assert len(now.permanences) == len(view.permanences) + 1
    assert now.gaps["share"].equals(view.gaps["share"]), "it does not count before it starts"


def _first_holder(app: App) -> int:
    return next(iter(holders(open_view(app, 1), "pmi")))


def test_the_answer_becomes_a_scenario(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = searched(open_page, type="pmi")
    button(at, "Voir comme scénario").click().run()
    assert_sound(at)
    assert at.session_state["decider_section"] == "et_si"
    assert expected(demo_db).proposals[0].candidate.label in said(at)


def test_the_answer_becomes_a_round_and_a_file(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = searched(open_page, type="pmi")
    chosen = {item.candidate.label for item in expected(demo_db).proposals}
    button(at, "Faire une tournée").click().run()
    assert_sound(at)
    table = next(item.value for item in at.dataframe if "Marche" in item.value)
    assert chosen <= set(table["Lieu"])
    assert table["Marche"].iloc[0] == "départ"
    assert [mark.label for mark in drawn.data.proposals] == list(table["Lieu"])
    assert len(drawn.data.walk) == len(table)
    assert "une estimation" in said(at)
    at.toggle(key="tournee_1_closed").set_value(True).run()
    assert_sound(at)
    back = next(item.value for item in at.dataframe if "Marche" in item.value)
    assert len(back) == len(table) + 1
    assert back["Lieu"].iloc[-1] == back["Lieu"].iloc[0]


def test_a_round_over_a_whole_quartier_starts_at_the_pivot(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    view = open_view(demo_db, 1)
    located = view.located[view.located["inside"]]
    fullest = int(located["quartier_id"].value_counts().index[0])
    at = opened(open_page, "tournee", quartier=str(view.quartiers.at[fullest, "code"]))
    assert_sound(at)
    assert "au moins deux lieux" in at.info[0].value
    add = next(item for item in at.button if item.label.startswith("Ajouter ") and "structure" in item.label)
    add.click().run()
    assert_sound(at)
    table = next(item.value for item in at.dataframe if "Marche" in item.value)
    assert table["Lieu"].iloc[0] == view.structures.at[view.pivot_id, "name"]
    assert len(table) >= 3


def test_too_long_a_round_is_refused_in_words(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "tournee")
    frame = open_view(demo_db, 1).structures
    ids = [int(item) for item in frame.index[frame["placed"] & ~frame["closed"]]][:45]
    assert len(ids) == 45
    at.multiselect(key="tournee_1_ids").set_value(ids).run()
    assert "trop pour une marche" in at.error[0].value


def test_hostile_names_stay_text(hostile_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller")
    at.multiselect(key=TYPES).set_value(["pmi"])
    at.multiselect(key="ou_aller_1_kinds").set_value(["cmp", "cpam"])
    at = at.button(key=GO).click().run()
    assert_sound(at)
    assert_text_stays_text(at)
    assert listed(at)
    button(at, "Créer l").click().run()
    assert_sound(at)
    assert_text_stays_text(at)
    button(at, "Faire une tournée").click().run()
    assert not at.exception
    assert_text_stays_text(at)


def test_a_refusal_of_the_service_is_shown_near_the_form(
    demo_db: App, open_page: Opener, drawn: Map, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> SitingResult:
        raise RefusedInput("Une ligne *étoilée*.\nUne autre.")

    monkeypatch.setattr(siting, "site", refuse)
    at = searched(open_page, type="pmi")
    assert not at.exception
    assert at.error[0].value.startswith("- Une ligne \\*étoilée\\*")


def test_choices_survive_a_visit_to_another_section(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = opened(open_page, "ou_aller", type="pmi")
    at.number_input(key="ou_aller_1_value_nombre").set_value(5).run()
    at.session_state["decider_next_section"] = "tournee"
    at.run()
    at.session_state["decider_next_section"] = "ou_aller"
    at.run()
    assert_sound(at)
    assert at.number_input(key="ou_aller_1_value_nombre").value == 5
    assert at.multiselect(key=TYPES).value == ["pmi"]


def test_a_cell_too_far_leads_here_with_its_type(demo_db: App, open_page: Opener, drawn: Map) -> None:
    view = open_view(demo_db, 1)
    far = view.gaps[(view.gaps["state"] == "eloigne") & view.gaps["threshold_minutes"].notna()].iloc[0]
    at = open_page("p1_vue_densemble", quartier=far["quartier_code"], type=far["type_code"])
    assert_sound(at)
    assert button(at, "Où aller pour ce type")
    at = opened(open_page, "ou_aller", type=far["type_code"])
    assert at.multiselect(key=TYPES).value == [far["type_code"]]
