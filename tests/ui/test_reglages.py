"""The Réglages page: usable from nothing, every change checked by the services and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reseau.model.expectations import expectation_of
from reseau.model.records import Territoire
from reseau.services import App
from reseau.services.editing import deleted_rows, save_row, set_absence
from reseau.services.expectations import list_versions
from reseau.services.territoires import create_territoire, effective_types, find_territoire, list_territoires
from reseau.services.view import View, open_view
from reseau.ui.reglages.thresholds import straight_line_metres
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text

PAGE = "p10_reglages"
SECTIONS = ("territoire", "seuils", "marche", "types", "quartiers", "absences", "nouveau")


def section(at: AppTest, name: str) -> AppTest:
    at.session_state["reglages_section"] = name
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def view_of(app: App) -> View:
    return open_view(app, find_territoire(app).id)


def edit_type(at: AppTest, app: App, code: str, **cells: object) -> AppTest:
    """What the browser sends when a cell of the table of types is changed."""
    table = at.session_state["types_base"][1]
    line = table["Type"].tolist().index(app.typology[code].full_label)
    edits = {"edited_rows": {line: cells}, "added_rows": [], "deleted_rows": []}
    at.session_state[at.data_editor[0].key] = edits
    return at.run()


def test_a_territory_is_made_from_nothing(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    at.text_input(key="new_name").set_value("Toulouse nord")
    at.text_input(key="new_communes").set_value("31555, 31069")
    at.number_input(key="new_radius").set_value(2.5)
    press(at, "Créer le territoire")
    assert_sound(at)
    record = find_territoire(empty_app_db).record
    assert (record.name, record.communes, record.radius_km) == ("Toulouse nord", ("31555", "31069"), 2.5)
    assert at.text_input(key=f"name_{find_territoire(empty_app_db).id}").value == "Toulouse nord"


def test_a_postcode_is_not_a_commune_and_what_was_typed_stays(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.text_input(key="new_name").set_value("Essai")
    at.text_input(key="new_communes").set_value("31 000")
    press(at, "Créer le territoire")
    assert "code commune INSEE" in at.error[0].value
    assert at.text_input(key="new_name").value == "Essai"
    assert not list_territoires(empty_app_db)


def test_a_commune_is_named_with_the_file_that_knows_it(empty_app_db: App, open_page: Opener) -> None:
    """Unknown without a file: nothing is made and what to do is said; with it, the code is found."""
    at = open_page(PAGE)
    at.text_input(key="new_name").set_value("Essai")
    at.text_input(key="new_communes").set_value("beaurivage les saules")
    press(at, "Créer le territoire")
    assert "aucune commune de ce nom" in at.error[0].value
    assert not list_territoires(empty_app_db)
    quartiers = Path("data/qpv/demo-quartiers.geojson").read_bytes()
    at.file_uploader[0].set_value(("quartiers.geojson", quartiers, "application/geo+json"))
    press(at, "Créer le territoire")
    assert_sound(at)
    assert find_territoire(empty_app_db).record.communes == ("99101",)
    assert "99101" in at.toast[0].value


def test_quartiers_alone_make_a_territory(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.text_input(key="new_name").set_value("Deux quartiers")
    at.text_input(key="new_qpv").set_value("qn99101m QN99102M")
    press(at, "Créer le territoire")
    assert_sound(at)
    tid = find_territoire(empty_app_db).id
    assert find_territoire(empty_app_db).record.qpv_codes == ("QN99101M", "QN99102M")
    at.text_area(key=f"qpv_{tid}").set_value("31555")
    press(at, "Enregistrer")
    assert "quartier prioritaire" in at.error[0].value


def test_what_was_typed_for_a_commune_stays_text(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    at.text_input(key="new_name").set_value("Essai")
    at.text_input(key="new_communes").set_value("[x](javascript:alert(1)) <img src=x onerror=alert(1)>")
    press(at, "Créer le territoire")
    assert_text_stays_text(at)
    assert "javascript" in at.error[0].value


def test_the_demonstration_loads_into_an_empty_database(empty_app_db: App, open_page: Opener) -> None:
    at = press(open_page(PAGE), "Charger la démonstration")
    assert not at.exception
    assert find_territoire(empty_app_db).record.fictional
    assert len(view_of(empty_app_db).structures) >= 90


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_runs_on_a_new_territory(empty_app_db: App, open_page: Opener, name: str) -> None:
    create_territoire(empty_app_db, "Neuf", communes=["31555"])
    assert_sound(section(open_page(PAGE), name))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_runs_on_the_demonstration(demo_db: App, open_page: Opener, name: str) -> None:
    assert_sound(section(open_page(PAGE), name))


@pytest.mark.parametrize("name", SECTIONS)
def test_hostile_text_stays_text(hostile_db: App, open_page: Opener, name: str) -> None:
    code = str(view_of(hostile_db).quartiers["code"].iloc[1])
    at = section(open_page(PAGE, quartier=code), name)
    assert_sound(at)
    assert_text_stays_text(at)


def test_renaming_keeps_the_territory_open(demo_db: App, open_page: Opener) -> None:
    """The address names the territory: it must follow the new name, not fall back on another one."""
    tid = find_territoire(demo_db).id
    create_territoire(demo_db, "Un autre", communes=["31555"])
    at = open_page(PAGE, territoire=find_territoire(demo_db, "Démonstration (territoire fictif)").record.name)
    at.text_input(key=f"name_{tid}").set_value("Vallée de l'Orvelle")
    at.text_area(key=f"communes_{tid}").set_value("99101 99102")
    press(at, "Enregistrer")
    assert_sound(at)
    record = find_territoire(demo_db, "Vallée de l'Orvelle").record
    assert record.communes == ("99101", "99102")
    assert at.text_input(key=f"name_{tid}").value == "Vallée de l'Orvelle"
    assert at.query_params["territoire"] in ("Vallée de l'Orvelle", ["Vallée de l'Orvelle"])


@pytest.mark.parametrize(
    ("field", "value", "words"), [("radius", 900.0, "rayon"), ("name", "  ", "Donnez un nom")]
)
def test_what_the_services_refuse_is_said_as_they_say_it(
    demo_db: App, open_page: Opener, field: str, value: object, words: str
) -> None:
    tid = find_territoire(demo_db).id
    at = open_page(PAGE)
    box = at.number_input if field == "radius" else at.text_input
    box(key=f"{field}_{tid}").set_value(value)
    press(at, "Enregistrer")
    assert words in at.error[0].value
    assert find_territoire(demo_db).record.radius_km is None


def test_the_pivot_can_be_changed_and_taken_away(demo_db: App, open_page: Opener) -> None:
    tid, view = find_territoire(demo_db).id, view_of(demo_db)
    other = next(int(index) for index in view.structures.index if index != view.pivot_id)
    at = open_page(PAGE)
    assert at.selectbox(key=f"pivot_{tid}").value == view.pivot_id
    at.selectbox(key=f"pivot_{tid}").set_value(other).run()
    press(at, "Enregistrer la structure pivot")
    assert view_of(demo_db).pivot_id == other
    at.selectbox(key=f"pivot_{tid}").set_value(None).run()
    assert any("Sans structure pivot" in item.value for item in at.warning)
    press(at, "Enregistrer la structure pivot")
    assert_sound(at)
    assert view_of(demo_db).pivot_id is None


def test_thresholds_say_their_effect_before_they_are_saved(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    at = section(open_page(PAGE), "seuils")
    assert any("865 m en ligne droite" in item.value for item in at.markdown)
    at.number_input(key=f"threshold_minutes_proximite_{tid}").set_value(10).run()
    assert any("577 m en ligne droite" in item.value for item in at.markdown)
    assert find_territoire(demo_db).record.minutes_proximite == 15
    at.select_slider(key=f"threshold_walking_kmh_{tid}").set_value(3.5).run()
    at.slider(key=f"threshold_near_share_{tid}").set_value(75).run()
    press(at, "Enregistrer les seuils")
    assert_sound(at)
    record = find_territoire(demo_db).record
    assert (record.minutes_proximite, record.walking_kmh, record.near_share) == (10, 3.5, 0.75)
    press(at, "Reprendre les valeurs de départ")
    press(at, "Enregistrer les seuils")
    assert find_territoire(demo_db).record.minutes_proximite == Territoire(name="").minutes_proximite


def test_thresholds_in_the_wrong_order_are_refused(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    at = section(open_page(PAGE), "seuils")
    at.number_input(key=f"threshold_minutes_proximite_{tid}").set_value(45).run()
    press(at, "Enregistrer les seuils")
    assert "au moins égal" in at.error[0].value
    assert find_territoire(demo_db).record.minutes_proximite == 15


def test_the_straight_line_is_speed_times_time_over_detour() -> None:
    assert straight_line_metres(60, walking_kmh=4.0, detour_factor=2.0) == 2000


def test_expected_types_are_kept_through_filters_then_saved_then_reset(
    demo_db: App, open_page: Opener
) -> None:
    tid = find_territoire(demo_db).id
    default = {item.type_code: item for item in effective_types(demo_db, tid)}
    assert default["carsat"].expected is False
    at = section(open_page(PAGE), "types")
    edit_type(at, demo_db, "carsat", **{"Attendu": True})
    edit_type(at, demo_db, "carsat", **{"Attendu": True, "À quelle distance": "à proximité, à pied"})
    # Another set of rows under the same editor must not receive the edit of row number 4.
    at.multiselect(key="types_families").set_value(["sante"]).run()
    assert {item.type_code: item for item in effective_types(demo_db, tid)} == default
    press(at, "Enregistrer 1 changement")
    assert_sound(at)
    changed = {item.type_code: item for item in effective_types(demo_db, tid)}
    assert {code for code in changed if changed[code] != default[code]} == {"carsat"}
    assert (changed["carsat"].expected, changed["carsat"].gamme) == (True, "proximite")
    at.button(key="types_reset").click().run()
    assert_sound(at)
    assert {item.type_code: item for item in effective_types(demo_db, tid)} == default


def test_weights_and_sizes_are_saved_as_a_version_with_who_and_why(demo_db: App, open_page: Opener) -> None:
    at = section(open_page(PAGE), "types")
    assert any("pas de norme nationale" in item.value for item in at.caption)
    edit_type(at, demo_db, "cmp", **{"Poids": 1.5, "Dès (habitants)": 800})
    at.text_input(key="types_author").set_value("Sabine")
    at.text_input(key="types_note").set_value("Comité du 3 mars <b>{{7*7}}</b>")
    press(at, "Enregistrer 1 changement")
    assert_sound(at)
    saved = {item.type_code: item for item in view_of(demo_db).type_settings}["cmp"]
    assert (saved.weight, saved.from_inhabitants) == (1.5, 800)
    assert view_of(demo_db).reference.startswith("référence v1 du ")
    (kept,) = list_versions(demo_db, find_territoire(demo_db).id)
    assert (kept.author, kept.note) == ("Sabine", "Comité du 3 mars <b>{{7*7}}</b>")
    assert_text_stays_text(at)
    (changes,) = [item.value for item in at.dataframe if "Ce qui change" in item.value.columns]
    assert changes["Avant"].tolist() == ["2,5", "1000"]
    assert changes["Après"].tolist() == ["1,5", "800"]


def test_a_version_is_gone_back_to(demo_db: App, open_page: Opener) -> None:
    at = section(open_page(PAGE), "types")
    edit_type(at, demo_db, "cmp", **{"Poids": 1.5})
    press(at, "Enregistrer 1 changement")
    edit_type(at, demo_db, "cmp", **{"Poids": 0.5})
    press(at, "Enregistrer 1 changement")
    at.button(key="types_restore_1").click().run()
    assert_sound(at)
    view = view_of(demo_db)
    assert {item.type_code: item.weight for item in view.type_settings}["cmp"] == 1.5
    assert view.reference.startswith("référence v3 du ")
    assert at.button(key="types_save").disabled, "what was typed of another version is forgotten"


def test_types_are_filtered_by_theme_and_by_size(demo_db: App, open_page: Opener) -> None:
    at = section(open_page(PAGE), "types")
    at.multiselect(key="types_themes").set_value(["sante_mentale"]).run()
    at.selectbox(key="types_size").set_value(1000).run()
    assert_sound(at)
    settings = {item.type_code: item for item in view_of(demo_db).type_settings}
    shown = set(at.session_state["types_base"][1]["Type"])
    assert shown == {
        item.full_label
        for item in demo_db.typology
        if expectation_of(item.code).theme == "sante_mentale"
        and settings[item.code].expected
        and settings[item.code].from_inhabitants <= 1000
    }


def test_unsaved_changes_of_types_can_be_dropped(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    before = effective_types(demo_db, tid)
    at = section(open_page(PAGE), "types")
    edit_type(at, demo_db, "carsat", **{"Attendu": True})
    press(at, "Annuler les changements")
    assert_sound(at)
    assert at.button(key="types_save").disabled
    assert effective_types(demo_db, tid) == before


def quartier_form(demo: App, open_page: Opener) -> tuple[AppTest, int]:
    view = view_of(demo)
    chosen = int(view.quartiers.index[0])
    at = section(open_page(PAGE, quartier=str(view.quartiers.at[chosen, "code"])), "quartiers")
    assert_sound(at)
    assert at.selectbox(key="quartiers_chosen").value == chosen, "chosen elsewhere, chosen here"
    return at, chosen


def test_a_quartier_is_corrected(demo_db: App, open_page: Opener) -> None:
    at, chosen = quartier_form(demo_db, open_page)
    at.number_input(key=f"q_population_{chosen}").set_value(None)
    at.text_input(key=f"q_source_{chosen}").set_value("Insee 2021")
    at.multiselect(key=f"q_languages_{chosen}").set_value(["ar", "pt"])
    press(at, "Enregistrer le quartier")
    assert_sound(at)
    row = view_of(demo_db).quartiers.loc[chosen]
    # Unknown is not zero: an emptied figure is unknown again.
    assert row["population"] != row["population"] or row["population"] is None
    assert (row["population_source"], row["languages"]) == ("Insee 2021", ("ar", "pt"))


def test_two_people_do_not_overwrite_each_other(demo_db: App, open_page: Opener) -> None:
    at, chosen = quartier_form(demo_db, open_page)
    tid = find_territoire(demo_db).id
    at.text_input(key=f"q_name_{chosen}").set_value("Mon nom")
    save_row(demo_db, tid, "quartiers", {"name": "Son nom"}, row_id=chosen)
    press(at, "Enregistrer le quartier")
    assert "Quelqu'un d'autre" in at.error[0].value
    assert at.text_input(key=f"q_name_{chosen}").value == "Mon nom", "what was typed stays"
    assert view_of(demo_db).quartiers.at[chosen, "name"] == "Son nom"


def test_a_quartier_can_be_saved_twice_in_a_row(demo_db: App, open_page: Opener) -> None:
    """One's own first change is not somebody else's."""
    at, chosen = quartier_form(demo_db, open_page)
    for name in ("Premier nom", "Second nom"):
        at.text_input(key=f"q_name_{chosen}").set_value(name)
        press(at, "Enregistrer le quartier")
        assert_sound(at)
    assert view_of(demo_db).quartiers.at[chosen, "name"] == "Second nom"


def test_a_deleted_quartier_waits_in_the_bin(demo_db: App, open_page: Opener) -> None:
    at, chosen = quartier_form(demo_db, open_page)
    at.button(key=f"q_delete_{chosen}").click().run()
    assert_sound(at)
    assert chosen not in view_of(demo_db).quartiers.index
    assert [row["id"] for _, row in deleted_rows(demo_db, find_territoire(demo_db).id)] == [chosen]


def test_a_verified_absence_is_listed_with_its_day_and_taken_back(demo_db: App, open_page: Opener) -> None:
    view = view_of(demo_db)
    quartier = int(view.quartiers.index[0])
    for item in view.absences:
        assert item.quartier_code
    set_absence(demo_db, find_territoire(demo_db).id, quartier, "caarud", note="appelé la mairie")
    at = section(open_page(PAGE), "absences")
    assert any("appelé la mairie" in item.value and "vérifié le" in item.value for item in at.text)
    at.button(key=f"absence_{quartier}_caarud").click().run()
    assert_sound(at)
    assert "caarud" not in {item.type_code for item in view_of(demo_db).absences}
