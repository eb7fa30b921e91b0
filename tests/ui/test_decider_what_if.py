"""Décider › Et si, used as a person uses it: changes are added, the result shows, scenarios are kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App, editing
from reseau.services import saved_scenarios as shelf
from reseau.services.scenarios import structure_named
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import View, open_view
from reseau.ui.components.map_view import MapEvent
from reseau.ui.decider import what_if_forms, what_if_result
from reseau.ui.decider.what_if_draft import DRAFT, GIVEN
from tests.ui.maps import Map

from .conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p7_decider"
HOST = "Centre socioculturel de Beauval"
CPTS = "CPTS du Pays de Beaurivage"


@pytest.fixture
def map_(monkeypatch: pytest.MonkeyPatch) -> Map:
    found = Map()
    monkeypatch.setattr(what_if_forms, "map_view", found)
    monkeypatch.setattr(what_if_result, "map_view", found)
    return found


def view_of(app: App) -> View:
    return open_view(app, find_territoire(app).id)


def tid_of(app: App) -> int:
    return find_territoire(app).id


def id_of(app: App, name: str) -> int:
    return structure_named(view_of(app), name)


def press(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def field(at: AppTest, kind: str, name: str) -> Any:
    """A widget of the form in hand."""
    return getattr(at, kind)(key=at.session_state[DRAFT].key(name))


def texts(at: AppTest) -> str:
    shown = [*at.markdown, *at.caption, *at.text, *at.info, *at.warning, *at.error]
    return (
        "\n".join(str(item.value) for item in shown)
        .replace("\\", "")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )


def choose_kind(at: AppTest, kind: str) -> AppTest:
    return at.selectbox(key="et_si_genre").set_value(kind).run()


def close(at: AppTest, app: App, name: str = CPTS) -> AppTest:
    at = choose_kind(at, "close")
    field(at, "selectbox", "fermer").set_value(id_of(app, name))
    return press(at.run(), "et_si_ajouter")


def open_cmp(at: AppTest, app: App) -> AppTest:
    at = choose_kind(at, "permanence")
    field(at, "selectbox", "type").set_value("cmp")
    field(at, "selectbox", "accueil").set_value(id_of(app, HOST))
    field(at, "text_input", "quand").set_value("le mardi 14h-17h")
    return press(at.run(), "et_si_ajouter")


def keep(at: AppTest, name: str) -> AppTest:
    field(at, "text_input", "nom_scenario").set_value(name)
    return press(at.run(), "et_si_garder_sous")


class TestEmptyStates:
    def test_without_a_territory(self, empty_app_db: App, open_page: Opener) -> None:
        at = open_page(PAGE)
        assert_sound(at)
        assert "Aucun territoire" in texts(at)

    def test_without_data_it_says_what_to_import(self, empty_app_db: App, open_page: Opener) -> None:
        create_territoire(empty_app_db, "Vide", communes=["99101"])
        at = open_page(PAGE)
        assert_sound(at)
        assert "contours des quartiers et des partenaires" in texts(at)

    def test_before_the_first_change_it_says_what_it_does(self, demo_db: App, open_page: Opener) -> None:
        at = open_page(PAGE)
        assert_sound(at)
        assert "Rien n'est écrit dans l'annuaire" in texts(at)
        assert "Aucun pour l'instant" in texts(at)


class TestChanges:
    def test_a_closing_shows_its_result_at_once(self, demo_db: App, open_page: Opener) -> None:
        at = close(open_page(PAGE), demo_db)
        assert_sound(at)
        assert "7 états changent (7 en moins bien)" in texts(at)
        assert f"Fermeture de « {CPTS} »" in texts(at)
        table = at.dataframe[0].value
        assert set(table["Ensuite"]) == {"? Non renseigné"}
        assert "inconnu" in set(table["Habitants"])
        assert "État des données au" in texts(at)

    def test_a_permanence_gains_inhabitants(self, demo_db: App, open_page: Opener) -> None:
        at = open_cmp(open_page(PAGE), demo_db)
        assert_sound(at)
        assert "3 241 habitants de plus à moins de 30 min à pied d'un CMP" in texts(at)
        assert "mardi 14 h–17 h" in texts(at)
        row = at.dataframe[0].value.iloc[0]
        assert (row["Quartier"], row["Aujourd'hui"], row["Ensuite"]) == (
            "Beauval",
            "➚ Trop loin",
            "◐ À relier",
        )
        # One unit for two figures: the column is narrow.
        assert row["À portée"] == "0 → 100\u202f%"
        assert re.fullmatch(r"\d+ → \d+\smin", row["Marche"])

    def test_changes_add_up_and_are_taken_out(self, demo_db: App, open_page: Opener) -> None:
        at = open_cmp(close(open_page(PAGE), demo_db), demo_db)
        assert "8 états changent (1 en mieux, 7 en moins bien)" in texts(at)
        at = press(at, "et_si_retirer_0")
        assert "1 état change (1 en mieux)" in texts(at)
        at = press(at, "et_si_retirer_0")
        assert "Aucun pour l'instant" in texts(at)

    def test_a_form_without_its_essentials_is_refused_in_words(self, demo_db: App, open_page: Opener) -> None:
        at = press(open_page(PAGE), "et_si_ajouter")
        assert not at.exception
        assert at.session_state[DRAFT].changes == []
        assert "dites où elle se tient" in at.error[0].value.lower().replace("\\", "")

    def test_a_point_is_a_click_on_the_map(self, demo_db: App, open_page: Opener, map_: Map) -> None:
        at = choose_kind(open_page(PAGE), "structure")
        field(at, "selectbox", "type").set_value("pmi")
        map_.event = MapEvent(kind="background", lon=1.75, lat=48.2)
        at = at.run()
        assert map_.options["tool"] == "placer"
        at = press(at, "et_si_ajouter")
        assert_sound(at)
        (change,) = at.session_state[DRAFT].changes
        assert change == {"kind": "structure", "type": "pmi", "lon": 1.75, "lat": 48.2}
        assert at.session_state[DRAFT].point is None

    def test_a_relation_and_a_slower_walk(self, demo_db: App, open_page: Opener) -> None:
        at = choose_kind(open_page(PAGE), "relation")
        field(at, "selectbox", "relier").set_value(id_of(demo_db, "tableur--mds-ouest"))
        at = press(at.run(), "et_si_ajouter")
        assert "Relation active avec" in texts(at)
        at = choose_kind(at, "settings")
        field(at, "number_input", "walking_kmh").set_value(3.0)
        at = press(at.run(), "et_si_ajouter")
        assert_sound(at)
        assert at.session_state[DRAFT].changes[-1] == {"kind": "settings", "walking_kmh": 3.0}

    def test_settings_left_as_they_are_are_no_change(self, demo_db: App, open_page: Opener) -> None:
        at = press(choose_kind(open_page(PAGE), "settings"), "et_si_ajouter")
        assert "aucun réglage" in at.error[0].value.lower().replace("\\", "")

    @pytest.mark.parametrize(
        "kind", ["permanence", "close", "relation", "structure", "move", "end_permanence"]
    )
    def test_every_form_draws(self, demo_db: App, open_page: Opener, map_: Map, kind: str) -> None:
        assert_sound(choose_kind(open_page(PAGE), kind))

    def test_what_is_chosen_elsewhere_is_proposed(self, demo_db: App, open_page: Opener) -> None:
        key = id_of(demo_db, CPTS)
        at = choose_kind(open_page(PAGE, structure=str(key), type="cmp"), "close")
        assert field(at, "selectbox", "fermer").value == key
        assert field(choose_kind(at, "permanence"), "selectbox", "type").value == "cmp"


class TestDetails:
    @pytest.mark.parametrize("part", ["totaux", "reseau", "carte"])
    def test_each_part_draws(self, demo_db: App, open_page: Opener, map_: Map, part: str) -> None:
        at = close(open_page(PAGE), demo_db)
        at = at.segmented_control(key="et_si_detail").set_value(part).run()
        assert_sound(at)
        if part == "reseau":
            assert at.dataframe[0].value.iloc[0].tolist()[:3] == ["Structures", "117", "116"]
        elif part == "totaux":
            row = at.dataframe[0].value.iloc[0]
            assert (row["Type"], row["Habitants"].replace("\u202f", " ")) == ("CPTS", "−21 500")
        else:
            assert {item.state for item in map_.data.quartiers} == {"non_renseigne"}

    def test_the_map_shows_today_too(self, demo_db: App, open_page: Opener, map_: Map) -> None:
        at = close(open_page(PAGE), demo_db)
        at = at.segmented_control(key="et_si_detail").set_value("carte").run()
        at = at.segmented_control(key="et_si_carte_quand").set_value("before").run()
        assert_sound(at)
        data = map_.data
        assert {item.state for item in data.quartiers} == {"couvert"}
        assert [mark.name for mark in data.structures] == [CPTS]

    def test_little_differences_are_shown_when_asked(self, demo_db: App, open_page: Opener) -> None:
        at = open_cmp(open_page(PAGE), demo_db)
        few = len(at.dataframe[0].value)
        at = at.toggle(key="et_si_ecarts").set_value(True).run()
        assert len(at.dataframe[0].value) >= few


class TestKeeping:
    def test_kept_closed_and_opened_again(self, demo_db: App, open_page: Opener) -> None:
        at = keep(open_cmp(open_page(PAGE), demo_db), "Un CMP à Beauval")
        assert_sound(at)
        assert "Scénario enregistré." in [item.value for item in [*at.toast, *at.success]]
        (saved,) = shelf.list_scenarios(demo_db, tid_of(demo_db))
        assert saved.name == "Un CMP à Beauval"
        assert "pas encore enregistré" not in texts(at)
        at = press(at, "et_si_nouveau")
        assert at.session_state[DRAFT].changes == []
        at = press(at, f"et_si_ouvrir_{saved.id}")
        assert tuple(at.session_state[DRAFT].changes) == saved.changes
        assert "1 état change" in texts(at)

    def test_a_note_about_a_person_is_told_before_it_is_kept(self, demo_db: App, open_page: Opener) -> None:
        at = open_cmp(open_page(PAGE), demo_db)
        field(at, "text_area", "note_scenario").set_value("Rappeler le 06 12 34 56 78")
        at = keep(at, "Un CMP")
        assert shelf.list_scenarios(demo_db, tid_of(demo_db)) == []
        assert "un numéro de téléphone mobile" in " ".join(item.value for item in at.warning)
        at = press(at, "et_si_garder_sous")
        assert len(shelf.list_scenarios(demo_db, tid_of(demo_db))) == 1

    def test_changed_then_kept_under_its_name(self, demo_db: App, open_page: Opener) -> None:
        at = close(keep(open_cmp(open_page(PAGE), demo_db), "A"), demo_db)
        assert "modifié, à enregistrer" in texts(at)
        at = press(at, "et_si_garder")
        assert_sound(at)
        (saved,) = shelf.list_scenarios(demo_db, tid_of(demo_db))
        assert (len(saved.changes), saved.version) == (2, 2)

    def test_a_name_that_is_taken_is_said_and_nothing_is_lost(self, demo_db: App, open_page: Opener) -> None:
        at = keep(open_cmp(open_page(PAGE), demo_db), "A")
        at = keep(close(press(at, "et_si_nouveau"), demo_db), "a")
        assert "appelle déjà" in texts(at)
        assert len(at.session_state[DRAFT].changes) == 1

    def test_somebody_else_changed_it(self, demo_db: App, open_page: Opener) -> None:
        at = close(keep(open_cmp(open_page(PAGE), demo_db), "A"), demo_db)
        (saved,) = shelf.list_scenarios(demo_db, tid_of(demo_db))
        shelf.update_scenario(demo_db, tid_of(demo_db), saved, note="vu")
        at = press(at, "et_si_garder")
        assert "entre-temps" in texts(at)
        assert len(at.session_state[DRAFT].changes) == 2

    def test_renamed_duplicated_deleted(self, demo_db: App, open_page: Opener) -> None:
        at = keep(open_cmp(open_page(PAGE), demo_db), "A")
        (saved,) = shelf.list_scenarios(demo_db, tid_of(demo_db))
        field(at, "text_input", f"renommer_{saved.id}_{saved.version}").set_value("Rentrée")
        at = press(press(at.run(), "et_si_renommer"), "et_si_dupliquer")
        names = [item.name for item in shelf.list_scenarios(demo_db, tid_of(demo_db))]
        assert sorted(names) == ["Rentrée", "Rentrée (copie)"]
        at = press(at, "et_si_supprimer")
        assert_sound(at)
        assert [item.name for item in shelf.list_scenarios(demo_db, tid_of(demo_db))] == ["Rentrée"]
        assert at.session_state[DRAFT].changes, "a slip of the finger loses nothing"

    def test_two_kept_scenarios_beside_today(self, demo_db: App, open_page: Opener) -> None:
        tid = tid_of(demo_db)
        one = shelf.save_scenario(
            demo_db, tid, "Aujourd'hui", [{"kind": "close", "structure_id": id_of(demo_db, CPTS)}]
        )
        two = shelf.save_scenario(
            demo_db, tid, HOSTILE[0], [{"kind": "permanence", "type": "cmp", "host_id": id_of(demo_db, HOST)}]
        )
        at = open_page(PAGE).multiselect(key="et_si_comparer").set_value([one.id, two.id]).run()
        assert_sound(at)
        table = at.dataframe[0].value
        assert len(table.columns) == 4
        assert table.iloc[5].tolist() == ["Structures", "117", "116", "117"]


class TestFromElsewhere:
    def test_changes_another_page_gives_are_taken_and_the_list_in_hand_is_kept(
        self, demo_db: App, open_page: Opener
    ) -> None:
        at = close(open_page(PAGE), demo_db)
        at.session_state[GIVEN] = [{"kind": "permanence", "type": "cmp", "host_id": id_of(demo_db, HOST)}]
        at = at.run()
        assert [item["kind"] for item in at.session_state[DRAFT].changes] == ["permanence"]
        at = next(item for item in at.button if "liste d'avant" in item.label).click().run()
        assert [item["kind"] for item in at.session_state[DRAFT].changes] == ["close"]

    def test_nonsense_given_is_said_and_leaves_the_list(self, demo_db: App, open_page: Opener) -> None:
        at = close(open_page(PAGE), demo_db)
        at.session_state[GIVEN] = [{"kind": "nimporte"}]
        at = at.run()
        assert not at.exception
        assert "genre inconnu" in at.error[0].value
        assert len(at.session_state[DRAFT].changes) == 1

    def test_from_a_gap(self, demo_db: App, open_page: Opener) -> None:
        view = view_of(demo_db)
        code = str(view.quartiers.loc[view.quartiers["name"] == "Beauval", "code"].iloc[0])
        at = open_page("p1_vue_densemble", quartier=code, type="cmp")
        at = next(item for item in at.button if "Et si une permanence" in item.label).click().run()
        assert_sound(at)
        (change,) = at.session_state[DRAFT].changes
        assert (change["kind"], change["type"]) == ("permanence", "cmp")
        assert "habitants de plus" in texts(at)

    def test_from_a_sheet(self, demo_db: App, open_page: Opener) -> None:
        key = id_of(demo_db, CPTS)
        at = press(open_page("p5_annuaire", structure=str(key)), "annuaire_et_si")
        assert_sound(at)
        assert at.session_state[DRAFT].changes == [{"kind": "close", "structure_id": key}]
        assert "7 états changent" in texts(at)

    def test_a_sheet_gone_since_is_told(self, demo_db: App, open_page: Opener) -> None:
        at = close(open_page(PAGE), demo_db)
        editing.delete_row(demo_db, tid_of(demo_db), "structures", id_of(demo_db, CPTS))
        at = at.run()
        assert not at.exception
        assert "n'existe pas ou plus" in texts(at)


class TestForReal:
    def test_permanences_become_ideas_of_actions(self, demo_db: App, open_page: Opener) -> None:
        before = len(view_of(demo_db).actions)
        at = press(open_cmp(open_page(PAGE), demo_db), "et_si_actions")
        assert_sound(at)
        actions = view_of(demo_db).actions
        assert len(actions) == before + 1
        assert actions.iloc[-1]["status"] == "idee"
        press(at, "et_si_actions")
        assert len(view_of(demo_db).actions) == before + 1

    def test_the_sheet_of_a_change_is_one_click_away(self, demo_db: App, open_page: Opener) -> None:
        at = press(close(open_page(PAGE), demo_db), "et_si_fiche_0")
        assert_sound(at)
        assert at.session_state["sel_structure"] == str(id_of(demo_db, CPTS))


class TestHostileText:
    @pytest.mark.parametrize("part", ["tableau", "totaux", "reseau", "carte"])
    def test_names_stay_text(self, hostile_db: App, open_page: Opener, map_: Map, part: str) -> None:
        view, tid = view_of(hostile_db), tid_of(hostile_db)
        changes: list[dict[str, Any]] = [
            {"kind": "close", "structure_id": int(key)} for key in view.structures.index[1:4]
        ]
        changes += [
            {
                "kind": "permanence",
                "type": "cmp",
                "lon": 1.604,
                "lat": 48.104,
                "label": name[:300],
                "hours": name[:300],
            }
            for name in HOSTILE
        ]
        for rank, name in enumerate(HOSTILE):
            shelf.save_scenario(hostile_db, tid, f"{name[:250]} {rank}", changes, note=name)
        at = open_page(PAGE)
        saved = shelf.list_scenarios(hostile_db, tid)
        at = press(at, f"et_si_ouvrir_{saved[-1].id}")
        at = at.segmented_control(key="et_si_detail").set_value(part).run()
        at = at.multiselect(key="et_si_comparer").set_value([item.id for item in saved[:2]]).run()
        assert_sound(at)
        assert_text_stays_text(at)
