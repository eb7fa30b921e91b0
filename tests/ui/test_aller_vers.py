"""The outreach page, used as a person uses it: what is asked, then what the store holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.actions import save_action
from reseau.services.editing import deleted_rows, get_row, save_row
from reseau.services.territoires import create_territoire, list_territoires
from reseau.services.view import View, open_view
from reseau.ui.aller_vers import drafts

from .conftest import HOSTILE, Opener, assert_sound

PAGE = "p6_aller_vers"


def tid_of(app: App) -> int:
    return list_territoires(app)[0].id


def view_of(app: App) -> View:
    return open_view(app, tid_of(app))


def action_named(app: App, words: str) -> int:
    actions = view_of(app).actions
    return int(actions.index[actions["title"].str.contains(words, regex=False)][0])


def press(at: AppTest, label: str) -> AppTest:
    """Press the first button whose label holds these words."""
    return next(item for item in at.button if label in item.label).click().run()


def widget(at: AppTest, kind: str, name: str) -> Any:
    """The widget of a field of the open form."""
    return getattr(at, kind)(key=at.session_state[drafts.DRAFT].key(name))


def address(at: AppTest, name: str) -> str:
    """What the page's address says."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def texts(at: AppTest) -> str:
    shown = [*at.markdown, *at.caption, *at.text, *at.info, *at.warning, *at.error]
    return "\n".join(str(item.value) for item in shown)


def test_without_a_territory_the_page_sends_to_the_settings(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Réglages" in texts(at)


def test_without_any_action_the_page_says_what_to_do(empty_app_db: App, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucune action pour l'instant" in texts(at)
    assert_sound(press(at, "Nouvelle action"))


def test_the_list_shows_every_action_what_comes_first(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    table = at.dataframe[0].value
    actions = view_of(demo_db).actions
    assert sorted(table["Action"]) == sorted(actions["title"])
    assert "actions affichées" in texts(at)
    assert "sans chiffre" in texts(at)


def test_filters_narrow_the_list_and_can_be_taken_off(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.multiselect(key="aller_vers_filtre_statut").set_value(["annulee"]).run()
    assert list(at.dataframe[0].value["Statut"]) == ["✕ annulée"]
    at.selectbox(key="aller_vers_filtre_forme").set_value("maraude").run()
    assert "Aucune action ne répond à ces filtres" in texts(at)
    press(at, "Enlever les filtres")
    assert len(at.dataframe[0].value) == len(view_of(demo_db).actions)


def test_the_quartier_is_shared_with_the_other_pages(demo_db: App, open_page: Opener) -> None:
    """Chosen elsewhere it filters here; chosen here it is in the address."""
    view = view_of(demo_db)
    at = open_page(PAGE, quartier="QN99102M")
    wanted = [
        title for title, codes in view.actions[["title", "quartiers"]].to_numpy() if "QN99102M" in codes
    ]
    assert sorted(at.dataframe[0].value["Action"]) == sorted(wanted)
    other = int(view.quartiers.index[view.quartiers["code"] == "QN99105M"][0])
    at.selectbox(key="aller_vers_filtre_quartier").set_value(other).run()
    assert address(at, "quartier") == "QN99105M"


def test_the_chosen_structure_can_narrow_the_list(demo_db: App, open_page: Opener) -> None:
    view = view_of(demo_db)
    host = int(view.actions.at[action_named(demo_db, "Café santé"), "host_id"])
    at = open_page(PAGE, structure=str(host))
    at.toggle(key="aller_vers_filtre_structure").set_value(True).run()
    assert list(at.dataframe[0].value["Action"]) == ["Café santé du jeudi"]


@pytest.mark.parametrize("given", ["999999", "abc", "-1", "<script>", "1" * 40, "²"])
def test_an_address_that_names_no_action_opens_nothing(demo_db: App, open_page: Opener, given: str) -> None:
    at = open_page(PAGE, action=given)
    assert_sound(at)
    assert "action" not in at.query_params
    assert not [item for item in at.button if item.label == "Modifier"]


def test_an_action_opens_from_its_address(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Café santé")
    at = open_page(PAGE, action=str(action_id))
    assert_sound(at)
    assert "toutes les semaines, le jeudi" in texts(at)
    at.button(key="aller_vers_fermer").click().run()
    assert "action" not in at.query_params


def test_the_month_repeats_actions_and_marks_holidays(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Café santé")
    at = open_page(PAGE)
    at.session_state["aller_vers_mois_affiche"] = (2026, 12)
    at.segmented_control(key="aller_vers_vue").set_value("Calendrier").run()
    assert_sound(at)
    keys = [item.key for item in at.button if item.key and item.key.endswith(f"-{action_id}")]
    assert [key.split("-", 2)[2] for key in keys] == [
        f"2026-12-{day}-{action_id}" for day in ("03", "10", "17")
    ]
    assert "**25** · férié" in texts(at)
    at.button(key="aller_vers_apres").click().run()
    assert "**Janvier 2027**" in texts(at)
    at.button(key="aller_vers_avant").click().run()
    next(item for item in at.button if item.key == keys[0]).click().run()
    assert_sound(at)
    assert address(at, "action") == str(action_id)
    assert "**Décembre 2026**" in texts(at)


def test_a_crowded_day_folds_what_does_not_fit(demo_db: App, open_page: Opener) -> None:
    day = date(2027, 3, 10)
    for rank in range(7):
        save_action(demo_db, tid_of(demo_db), {"title": f"Action {rank}", "starts_on": day})
    at = open_page(PAGE)
    at.session_state["aller_vers_mois_affiche"] = (2027, 3)
    at.segmented_control(key="aller_vers_vue").set_value("Calendrier").run()
    assert_sound(at)
    titles = [item.label for item in at.button if item.key and "2027-03-10" in item.key]
    assert len(titles) == 7


def test_an_action_prepared_from_a_gap_is_filled_in_then_written(demo_db: App, open_page: Opener) -> None:
    view = view_of(demo_db)
    beauval = int(view.quartiers.index[view.quartiers["name"] == "Beauval"][0])
    at = open_page(PAGE)
    at.session_state[drafts.PREPARE] = (beauval, "cmp")
    at.run()
    assert_sound(at)
    assert widget(at, "text_input", "title").value == "CMP : aller vers Beauval"
    assert widget(at, "multiselect", "quartiers").value == ["QN99101M"]
    assert widget(at, "selectbox", "type_code").value == "cmp"
    host = widget(at, "selectbox", "host_id").value
    assert view.structures.at[host, "name"] == "Centre socioculturel de Beauval"
    assert "aucun CMP" in texts(at)
    widget(at, "date_input", "starts_on").set_value(date(2027, 2, 2)).run()
    at.button(key=f"avs-{at.session_state[drafts.DRAFT].key('helper_' + str(_cmp(view)))}").click().run()
    widget(at, "button", "save").click().run()
    assert_sound(at)
    row = view_of(demo_db).actions.loc[int(address(at, "action"))]
    assert (row["title"], row["starts_on"]) == ("CMP : aller vers Beauval", date(2027, 2, 2))
    assert (row["type_code"], row["quartiers"], row["host_id"]) == ("cmp", ("QN99101M",), host)
    assert [(item[0], item[2]) for item in row["partners"]] == [(_cmp(view), "coanime")]
    assert "aucun CMP" in row["note"]


def _cmp(view: View) -> int:
    """The structure suggested first for a CMP in Beauval."""
    from reseau.services.action_drafts import suggested_partners

    beauval = int(view.quartiers.index[view.quartiers["name"] == "Beauval"][0])
    return suggested_partners(view, beauval, "cmp")[0].structure_id


def test_a_refusal_says_why_and_keeps_what_was_typed(demo_db: App, open_page: Opener) -> None:
    before = len(view_of(demo_db).actions)
    at = press(open_page(PAGE), "Nouvelle action")
    widget(at, "text_input", "theme").set_value("sommeil").run()
    widget(at, "button", "save").click().run()
    assert "Titre" in at.error[0].value
    assert widget(at, "text_input", "theme").value == "sommeil"
    assert len(view_of(demo_db).actions) == before
    widget(at, "text_input", "title").set_value("Atelier").run()
    widget(at, "button", "save").click().run()
    assert_sound(at)
    assert view_of(demo_db).actions.at[int(address(at, "action")), "theme"] == "sommeil"


def test_a_personal_phone_is_asked_about_before_it_is_kept(demo_db: App, open_page: Opener) -> None:
    before = len(view_of(demo_db).actions)
    at = press(open_page(PAGE), "Nouvelle action")
    widget(at, "text_input", "title").set_value("Visite").run()
    widget(at, "text_area", "note").set_value("rappeler au 06 12 34 56 78").run()
    widget(at, "button", "save").click().run()
    assert "numéro de téléphone mobile" in at.warning[-1].value
    assert len(view_of(demo_db).actions) == before
    widget(at, "button", "sure").click().run()
    assert_sound(at)
    assert len(view_of(demo_db).actions) == before + 1


def test_partners_are_added_moved_and_removed(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Fête de quartier")
    first, second, third = (item[0] for item in view_of(demo_db).actions.at[action_id, "partners"])
    free = int(view_of(demo_db).structures.index[0])
    at = press(open_page(PAGE, action=str(action_id)), "Modifier")
    key = at.session_state[drafts.DRAFT].key
    at.button(key=f"avb-{key(f'up_{second}')}").click().run()
    at.button(key=f"avb-{key(f'out_{third}')}").click().run()
    widget(at, "selectbox", f"role_{first}").set_value("finance").run()
    widget(at, "selectbox", "add_partner").set_value(free).run()
    widget(at, "button", "add").click().run()
    widget(at, "button", "save").click().run()
    assert_sound(at)
    partners = view_of(demo_db).actions.at[action_id, "partners"]
    assert [(item[0], item[2]) for item in partners] == [
        (second, "coanime"), (first, "finance"), (free, "coanime"),
    ]  # fmt: skip


def test_somebody_elses_change_is_not_overwritten(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Présence de rue")
    at = press(open_page(PAGE, action=str(action_id)), "Modifier")
    save_action(demo_db, tid_of(demo_db), {"theme": "autre"}, row_id=action_id)
    widget(at, "text_input", "title").set_value("Le mien").run()
    widget(at, "button", "save").click().run()
    assert "Quelqu'un d'autre a modifié" in at.error[0].value
    assert widget(at, "text_input", "title").value == "Le mien"
    assert get_row(demo_db, "actions", action_id)["title"] != "Le mien"
    at.run()
    widget(at, "button", "fresh").click().run()
    assert widget(at, "text_input", "theme").value == "autre"
    widget(at, "text_input", "title").set_value("Le mien").run()
    widget(at, "button", "save").click().run()
    assert_sound(at)
    row = get_row(demo_db, "actions", action_id)
    assert (row["title"], row["theme"]) == ("Le mien", "autre")


def test_what_is_typed_survives_a_look_at_another_page(demo_db: App, open_page: Opener) -> None:
    at = press(open_page(PAGE), "Nouvelle action")
    widget(at, "text_input", "title").set_value("Commencée").run()
    at.switch_page("reseau/ui/pages/p1_vue_densemble.py").run()
    at.switch_page(f"reseau/ui/pages/{PAGE}.py").run()
    assert widget(at, "text_input", "title").value == "Commencée"
    widget(at, "button", "cancel").click().run()
    assert drafts.DRAFT not in at.session_state


def test_status_changes_in_one_click(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Maraude")
    at = open_page(PAGE, action=str(action_id))
    at.button(key="aller_vers_statut_confirmee").click().run()
    assert_sound(at)
    assert get_row(demo_db, "actions", action_id)["status"] == "confirmee"


def test_figures_left_empty_stay_unknown(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Visites aux aînés")
    version = get_row(demo_db, "actions", action_id)["version"]
    at = open_page(PAGE, action=str(action_id))
    prefix = f"aller_vers_bilan_{action_id}_{version}"
    assert at.number_input(key=f"{prefix}_orientations").value is None
    at.number_input(key=f"{prefix}_personnes_rencontrees").set_value(12)
    at.number_input(key=f"{prefix}_orientations").set_value(0)
    press(at, "Enregistrer le bilan")
    assert_sound(at)
    counts = get_row(demo_db, "actions", action_id)["counts"]
    assert counts == {"personnes_rencontrees": 12, "orientations": 0}


def test_figures_of_a_past_action_make_it_done(demo_db: App, open_page: Opener) -> None:
    past = date.today() - timedelta(days=3)
    values = {"title": "Passée", "starts_on": past, "status": "confirmee"}
    action_id = save_action(demo_db, tid_of(demo_db), values)
    at = open_page(PAGE, action=str(action_id))
    assert "Bilan à remplir." in texts(at)
    at.number_input(key=f"aller_vers_bilan_{action_id}_1_orientations").set_value(3)
    press(at, "Enregistrer le bilan")
    row = get_row(demo_db, "actions", action_id)
    assert (row["status"], row["counts"]) == ("realisee", {"orientations": 3})


def test_figures_that_contradict_each_other_or_name_someone_are_held_back(
    demo_db: App, open_page: Opener
) -> None:
    action_id = action_named(demo_db, "Visites aux aînés")
    prefix = f"aller_vers_bilan_{action_id}_{get_row(demo_db, 'actions', action_id)['version']}"
    at = open_page(PAGE, action=str(action_id))
    at.number_input(key=f"{prefix}_personnes_rencontrees").set_value(2)
    at.number_input(key=f"{prefix}_premiers_contacts").set_value(3)
    press(at, "Enregistrer le bilan")
    assert "3 premières rencontres pour 2" in at.error[0].value
    at.number_input(key=f"{prefix}_premiers_contacts").set_value(1)
    at.text_area(key=f"{prefix}_outcome").set_value("Mme X, née le 3 mai 1950")
    press(at, "Enregistrer le bilan")
    assert "une date de naissance" in at.warning[-1].value
    assert get_row(demo_db, "actions", action_id)["counts"] == {}
    at.text_area(key=f"{prefix}_outcome").set_value("vu 2 84 05 31 555 123 45")
    press(at, "Enregistrer le bilan")
    assert "sécurité sociale" in at.error[0].value
    assert get_row(demo_db, "actions", action_id)["outcome"] == ""


def test_an_action_is_done_again_without_its_date(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Dépistage")
    at = press(open_page(PAGE, action=str(action_id)), "Refaire")
    assert widget(at, "date_input", "starts_on").value is None
    widget(at, "button", "save").click().run()
    assert_sound(at)
    actions = view_of(demo_db).actions
    copy = actions.loc[int(address(at, "action"))]
    assert copy["title"] == actions.at[action_id, "title"]
    assert (copy["status"], copy["counts"]) == ("idee", {})
    assert copy["partners"] == actions.at[action_id, "partners"]
    assert copy["lon"] == actions.at[action_id, "lon"]


def test_an_action_goes_to_the_trash_and_comes_back(demo_db: App, open_page: Opener) -> None:
    action_id = action_named(demo_db, "Maraude")
    at = open_page(PAGE, action=str(action_id))
    at.button(key="aller_vers_supprimer").click().run()
    assert_sound(at)
    assert [row["id"] for _, row in deleted_rows(demo_db, tid_of(demo_db))] == [action_id]
    press(at, "La remettre")
    assert_sound(at)
    assert action_id in view_of(demo_db).actions.index


def test_the_map_opens_on_the_quartier_of_the_action(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE, action=str(action_named(demo_db, "Dépistage")))
    at.button(key="aller_vers_carte").click().run()
    assert at.session_state["sel_quartier"] == "QN99102M"


def test_hostile_text_shows_as_text(hostile_db: App, open_page: Opener) -> None:
    """List, month, sheet and form of actions whose every text is hostile."""
    view = view_of(hostile_db)
    at = open_page(PAGE)
    assert_sound(at)
    assert set(at.dataframe[0].value["Action"]) == set(view.actions["title"]) <= set(HOSTILE)
    at.segmented_control(key="aller_vers_vue").set_value("Calendrier").run()
    assert_sound(at)
    for action_id, title in view.actions["title"].items():
        at = open_page(PAGE, action=str(action_id))
        assert_sound(at)
        assert title not in [item.value for item in at.markdown]
        press(at, "Modifier")
        assert_sound(at)
        assert widget(at, "text_input", "title").value == title
    quartier = int(view.quartiers.index[0])
    at.session_state[drafts.PREPARE] = (quartier, "cmp")
    assert_sound(at.run())


def test_an_action_that_names_an_unknown_quartier_keeps_it(demo_db: App, open_page: Opener) -> None:
    """A file may name a quartier that is not imported yet: opening the form must not lose it."""
    values = {"title": "Ailleurs", "quartiers": ["QN00001M"]}
    action_id = save_row(demo_db, tid_of(demo_db), "actions", values)
    at = press(open_page(PAGE, action=str(action_id)), "Modifier")
    widget(at, "button", "save").click().run()
    assert_sound(at)
    assert get_row(demo_db, "actions", action_id)["quartiers"] == ["QN00001M"]
