"""The directory page: finding a structure, and changing every part of its sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.editing import deleted_rows, get_row, save_row
from reseau.services.territoires import create_territoire
from reseau.services.view import View, open_view
from tests.ui.conftest import HOSTILE, assert_sound

Opener = Callable[..., AppTest]
PAGE = "p5_annuaire"


def labelled(widgets: Any, label: str) -> Any:
    found = [item for item in widgets if item.label == label]
    assert found, f"{label!r} not in {[item.label for item in widgets]}"
    return found[0]


def press(at: AppTest, label: str, *, key: str = "") -> AppTest:
    """Press the button of that label; of those, the one whose key (or form) starts so."""
    found = [item for item in at.button if item.label == label]
    chosen = [item for item in found if key in str(item.key) or key in str(item.form_id)]
    assert chosen, f"{label!r} {key!r} not in {[(item.label, item.key, item.form_id) for item in at.button]}"
    return chosen[0].click().run()


def view_of(app: App) -> View:
    return open_view(app, 1)


def structure_named(app: App, start: str) -> int:
    names = view_of(app).structures["name"]
    return int(names.index[names.str.startswith(start)][0])


def choose_row(at: AppTest, key: str, row: int) -> AppTest:
    """Select a line of the table whose key starts so."""
    table = next(item for item in at.dataframe if str(item.key).startswith(key))
    at.session_state[table.key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def test_without_a_territory_the_page_says_where_to_begin(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Réglages" in at.info[0].value


def test_an_empty_directory_says_why_and_takes_a_first_structure(
    empty_app_db: App, open_page: Opener
) -> None:
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert "L'annuaire est vide" in at.info[0].value
    labelled(at.text_input, "Nom").set_value("CMP du Parc")
    at.multiselect[0].set_value(["cmp"])
    press(at, "Ajouter")
    assert_sound(at)
    assert list(view_of(empty_app_db).structures["name"]) == ["CMP du Parc"]
    assert "### CMP du Parc" in [item.value for item in at.markdown]


def test_every_structure_is_in_the_table_and_search_shortens_it(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert list(at.dataframe[0].value["Nom"].sort_values()) == sorted(view_of(demo_db).structures["name"])
    labelled(at.text_input, "Chercher").set_value("caisse maladie").run()
    assert_sound(at)
    assert 0 < len(at.dataframe[0].value) < len(view_of(demo_db).structures)
    labelled(at.text_input, "Chercher").set_value("zzzz").run()
    assert "Aucune structure ne répond" in at.info[0].value
    press(at, "Tout effacer")
    assert len(at.dataframe[0].value) == len(view_of(demo_db).structures)


def test_choosing_a_line_chooses_the_structure_everywhere(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    chosen = int(at.dataframe[0].value.index[4])
    choose_row(at, "annuaire_table", 4)
    assert_sound(at)
    assert at.session_state["sel_structure"] == str(chosen)
    assert str(chosen) in at.query_params["structure"]
    at.button(key="annuaire_close").click().run()
    assert at.session_state["sel_structure"] is None


def test_the_type_and_quartier_of_other_pages_filter_here(demo_db: App, open_page: Opener) -> None:
    quartier = view_of(demo_db).quartiers.iloc[0]
    at = open_page(PAGE, type="cpam", quartier=quartier["code"])
    assert_sound(at)
    assert labelled(at.selectbox, "Type").value == "cpam"
    assert labelled(at.selectbox, "Dans ou près de").value == int(quartier.name)
    labelled(at.selectbox, "Type").set_value(None).run()
    assert "type" not in at.query_params


@pytest.mark.parametrize("rank", [0, 7, 40])
def test_a_sheet_opens_from_the_address(demo_db: App, open_page: Opener, rank: int) -> None:
    structure_id = int(view_of(demo_db).structures.index[rank])
    at = open_page(PAGE, structure=str(structure_id))
    assert_sound(at)
    assert labelled(at.text_input, "Nom").value == view_of(demo_db).structures.at[structure_id, "name"]
    assert [tab.label.split(" (")[0] for tab in at.tabs] == [
        "Identité", "Horaires", "Accès", "Contacts", "Relations", "Permanences", "Actions", "Journal",
        "Provenance",
    ]  # fmt: skip


def test_identity_is_saved_and_said_to_be_by_hand(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    labelled(at.text_input, "Nom").set_value("Accueil de la CPAM")
    labelled(at.number_input, "Latitude").set_value(48.11)
    press(at, "Enregistrer", key="identite")
    assert_sound(at)
    row = get_row(demo_db, "structures", structure_id)
    assert (row["name"], row["lat"], row["position_precision"]) == ("Accueil de la CPAM", 48.11, "exacte")
    provenance = next(item.value for item in at.dataframe if "Champ" in item.value)
    by_field = provenance.set_index("Champ")["Source"]
    assert by_field["Nom"] == "corrigé ou saisi à la main"
    assert by_field["Adresse"] != by_field["Nom"]


def test_a_refused_value_is_explained_and_nothing_typed_is_lost(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    labelled(at.text_input, "Site internet").set_value("javascript:alert(1)")
    labelled(at.text_input, "Nom").set_value("Autre nom")
    press(at, "Enregistrer", key="identite")
    assert "Site internet" in at.error[0].value
    assert labelled(at.text_input, "Nom").value == "Autre nom"
    assert get_row(demo_db, "structures", structure_id)["name"] != "Autre nom"


def test_someone_elses_change_is_shown_and_both_are_kept(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    save_row(demo_db, 1, "structures", {"phone": "05 61 00 00 00"}, row_id=structure_id)
    labelled(at.text_input, "Nom").set_value("Mon nom")
    press(at, "Enregistrer", key="identite")
    assert "05 61 00 00 00" in " ".join(item.value for item in at.warning).replace("\\", "")
    assert labelled(at.text_input, "Nom").value == "Mon nom"
    press(at, "Enregistrer ma saisie par-dessus")
    assert_sound(at)
    row = get_row(demo_db, "structures", structure_id)
    assert (row["name"], row["phone"]) == ("Mon nom", "05 61 00 00 00")


def test_a_change_of_other_fields_is_no_conflict(demo_db: App, open_page: Opener) -> None:
    """Someone filling in the hours does not disturb someone correcting the name."""
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    save_row(demo_db, 1, "structures", {"opening_hours": "24/7"}, row_id=structure_id)
    labelled(at.text_input, "Nom").set_value("Mon nom")
    press(at, "Enregistrer", key="identite")
    assert_sound(at)
    row = get_row(demo_db, "structures", structure_id)
    assert (row["name"], row["opening_hours"]) == ("Mon nom", "24/7")
    assert [item.value for item in at.warning if "ailleurs" in item.value], "the hours on screen are old"
    press(at, "Relire la fiche")
    assert not [item for item in at.warning if "ailleurs" in item.value]


def test_saving_two_forms_of_a_sheet_in_turn_is_no_conflict(demo_db: App, open_page: Opener) -> None:
    """Each saving changes the version of the row: the other forms of the same screen must follow."""
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    labelled(at.text_input, "Nom").set_value("Un nom")
    press(at, "Enregistrer", key="identite")
    labelled(at.selectbox, "Gratuit").set_value(False)
    press(at, "Enregistrer", key="acces")
    assert_sound(at)
    row = get_row(demo_db, "structures", structure_id)
    assert (row["name"], row["free"]) == ("Un nom", False)
    assert not [item for item in at.warning if "ailleurs" in item.value]


def test_hours_typed_as_a_sentence_are_read_back_before_saving(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    label = "Ou écrivez-les en une phrase, puis Entrée"
    labelled(at.text_input, label).set_value("lundi-vendredi 9h-12h").run()
    assert "lundi–vendredi 9" in at.success[0].value
    press(at, "Enregistrer ces horaires")
    assert get_row(demo_db, "structures", structure_id)["opening_hours"] == "Mo-Fr 09:00-12:00"
    labelled(at.text_input, label).set_value("selon arrivage").run()
    assert any("gardé comme texte" in item.value for item in at.warning)
    press(at, "Enregistrer ces horaires")
    row = get_row(demo_db, "structures", structure_id)
    assert (row["opening_hours"], row["hours_text"]) == ("", "selon arrivage")


def test_hours_typed_in_the_week_are_saved_or_refused(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    save_row(demo_db, 1, "structures", {"opening_hours": "Mo 09:00-12:00"}, row_id=structure_id)
    at = open_page(PAGE, structure=str(structure_id))
    week = next(item for item in at.dataframe if str(item.key).endswith("week"))
    edits = {"edited_rows": {1: {"de": "9h30", "à": "12"}}, "added_rows": [], "deleted_rows": []}
    at.session_state[week.key] = edits
    press(at, "Enregistrer la semaine")
    assert_sound(at)
    assert get_row(demo_db, "structures", structure_id)["opening_hours"] == "Mo 09:00-12:00; Tu 09:30-12:00"
    week = next(item for item in at.dataframe if str(item.key).endswith("week"))
    at.session_state[week.key] = edits | {"edited_rows": {2: {"de": "14"}}}
    press(at, "Enregistrer la semaine")
    assert "mercredi" in at.error[0].value


def test_a_contact_is_added_changed_and_put_aside(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "Mission locale")
    before = len(view_of(demo_db).contacts)
    at = open_page(PAGE, structure=str(structure_id))
    assert any("jamais publié" in item.value for item in at.caption)
    press(at, "Ajouter un contact")
    name = next(item for item in at.text_input if "contacts" in str(item.key) and item.label == "Nom")
    name.set_value("Zoé Test")
    press(at, "Enregistrer", key="contacts")
    assert_sound(at)
    contacts = view_of(demo_db).contacts
    assert len(contacts) == before + 1
    shown = next(item for item in at.dataframe if str(item.key).startswith(f"contacts{structure_id}"))
    row = list(shown.value["Nom"]).index("Zoé Test")
    choose_row(at, f"contacts{structure_id}", row)
    labelled(at.text_input, "Fonction").set_value("assistante sociale")
    press(at, "Enregistrer", key="contacts")
    assert "assistante sociale" in set(view_of(demo_db).contacts["role"])
    choose_row(at, f"contacts{structure_id}", row)
    press(at, "Confirmer la suppression")
    assert len(view_of(demo_db).contacts) == before


def test_a_note_that_names_a_mobile_asks_first(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    before = len(view_of(demo_db).journal)
    at = open_page(PAGE, structure=str(structure_id))
    press(at, "Ajouter au journal")
    labelled(at.text_area, "Texte").set_value("Rappeler Mme X au 06 12 34 56 78")
    press(at, "Enregistrer", key="journal")
    assert any("numéro de téléphone mobile" in item.value for item in at.warning)
    assert len(view_of(demo_db).journal) == before
    press(at, "Corriger le texte")
    assert labelled(at.text_area, "Texte").value.startswith("Rappeler")
    press(at, "Enregistrer", key="journal")
    press(at, "Enregistrer quand même")
    assert_sound(at)
    journal = view_of(demo_db).journal
    assert len(journal) == before + 1
    assert journal.iloc[-1]["on"] == date.today()


def test_a_patient_number_is_refused(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE, structure=str(structure_named(demo_db, "CPAM")))
    press(at, "Ajouter au journal")
    labelled(at.text_area, "Texte").set_value("vu 2 84 05 31 555 123 45")
    press(at, "Enregistrer", key="journal")
    assert "sécurité sociale" in at.error[0].value


def test_a_relation_is_added_to_a_structure_chosen_by_name(demo_db: App, open_page: Opener) -> None:
    view = view_of(demo_db)
    kind = {"types": ["cmp"]}
    mine, other = (save_row(demo_db, 1, "structures", {"name": name, **kind}) for name in ("Ici", "Là-bas"))
    at = open_page(PAGE, structure=str(mine))
    press(at, "Ajouter une relation")
    press(at, "Enregistrer", key="relations")
    assert "Choisissez l'autre structure" in at.error[0].value
    next(item for item in at.text_input if str(item.key).endswith("_search")).set_value("la bas").run()
    assert labelled(at.selectbox, "Avec quelle structure ?").options == ["Là-bas"]
    labelled(at.selectbox, "Avec quelle structure ?").set_value(other)
    labelled(at.selectbox, "Statut").set_value("actif")
    labelled(at.date_input, "À renouveler le").set_value(date(2020, 1, 1))
    press(at, "Enregistrer", key="relations")
    assert_sound(at)
    relations = view_of(demo_db).relations
    assert len(relations) == len(view.relations) + 1
    last = relations.iloc[-1]
    assert (last["from_id"], last["to_id"], last["status"]) == (mine, other, "actif")
    shown = next(item.value for item in at.dataframe if str(item.key).startswith("relations"))
    assert shown.iloc[0]["À renouveler"].startswith("en retard")


def test_a_permanence_is_added_with_hours_in_a_sentence(demo_db: App, open_page: Opener) -> None:
    host, holder = structure_named(demo_db, "Centre socioculturel"), structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(holder))
    press(at, "Ajouter une permanence")
    labelled(at.selectbox, "Accueillie par").set_value(host)
    labelled(at.text_input, "Horaires, en une phrase").set_value("mardi 9h-12h")
    press(at, "Enregistrer", key="permanences")
    assert_sound(at)
    last = view_of(demo_db).permanences.iloc[-1]
    assert (last["structure_id"], last["host_id"], last["opening_hours"]) == (holder, host, "Tu 09:00-12:00")


def test_a_structure_is_put_aside_and_brought_back(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    press(at, "Mettre à la corbeille")
    assert_sound(at)
    assert structure_id not in view_of(demo_db).structures.index
    assert [row["id"] for kind, row in deleted_rows(demo_db, 1) if kind == "structures"] == [structure_id]
    press(at, "Annuler la suppression")
    assert structure_id in view_of(demo_db).structures.index
    assert at.session_state["sel_structure"] == str(structure_id)


def test_a_nearly_equal_name_warns_and_lets_go_on(demo_db: App, open_page: Opener) -> None:
    known = view_of(demo_db).structures.loc[structure_named(demo_db, "CCAS")]
    at = open_page(PAGE)
    press(at, "Ajouter une structure")
    labelled(at.text_input, "Nom").set_value(known["name"].upper())
    labelled(at.text_input, "Commune").set_value(known["commune"])
    labelled(at.multiselect, "Types (le premier est le principal)").set_value(list(known["types"]))
    press(at, "Ajouter")
    assert any("presque ce nom" in item.value for item in at.warning)
    assert known["name"].upper() not in set(view_of(demo_db).structures["name"])
    press(at, "Non, ajouter quand même")
    assert_sound(at)
    assert known["name"].upper() in set(view_of(demo_db).structures["name"])


@pytest.mark.parametrize("rank", range(len(HOSTILE)))
def test_hostile_text_stays_text(hostile_db: App, open_page: Opener, rank: int) -> None:
    """Names show as they are written, and none of them becomes a link, a script or a formula."""
    structure_id = int(view_of(hostile_db).structures.index[rank])
    at = open_page(PAGE, structure=str(structure_id))
    assert_sound(at)
    assert HOSTILE[rank] in set(at.dataframe[0].value["Nom"])
    assert labelled(at.text_input, "Nom").value == HOSTILE[rank]
    for item in at.markdown:
        assert not item.allow_html or "<style>" in item.value
        assert not re.search(r"(?<!\\)(?:<img|<script|\[x\]|\$x|:material/bug)", item.value)


def test_an_action_is_prepared_for_the_quartier_of_the_structure(demo_db: App, open_page: Opener) -> None:
    view = view_of(demo_db)
    inside = view.located[view.located["inside"]].iloc[0]
    at = open_page(PAGE, structure=str(inside["structure_id"]))
    press(at, "Préparer une action")
    assert_sound(at)
    assert view.quartiers.at[inside["quartier_id"], "name"] in " ".join(item.value for item in at.text_input)


def test_clearing_empties_every_filter(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE, type="cpam")
    labelled(at.text_input, "Chercher").set_value("zzzz").run()
    press(at, "Tout effacer")
    assert labelled(at.text_input, "Chercher").value == ""
    assert labelled(at.toggle, "Quartier : aussi à moins de 500 m").value is True
    assert labelled(at.selectbox, "Type").value is None


def test_the_other_side_of_a_tie_opens_and_the_table_follows(demo_db: App, open_page: Opener) -> None:
    """The line chosen by hand before must not call its own structure back."""
    at = open_page(PAGE)
    mine = structure_named(demo_db, "CCAS")
    choose_row(at, "annuaire_table", list(at.dataframe[0].value.index).index(mine))
    tie = view_of(demo_db).relations.query("from_id == @mine or to_id == @mine").iloc[0]
    other = int(tie["to_id"] if tie["from_id"] == mine else tie["from_id"])
    ties = next(item.value for item in at.dataframe if str(item.key).startswith(f"relations{mine}"))
    choose_row(at, f"relations{mine}", list(ties.index).index(tie.name))
    press(at, "Ouvrir la fiche de l'autre structure")
    assert_sound(at)
    assert at.session_state["sel_structure"] == str(other)
    at.run()
    assert at.session_state["sel_structure"] == str(other)


def test_a_capacity_is_kept_with_its_unit(demo_db: App, open_page: Opener) -> None:
    structure_id = structure_named(demo_db, "CPAM")
    at = open_page(PAGE, structure=str(structure_id))
    labelled(at.number_input, "Capacité").set_value(12.5)
    press(at, "Enregistrer", key="identite")
    assert "son unité" in at.error[0].value
    labelled(at.selectbox, "Unité de capacité").set_value("professionnels")
    press(at, "Enregistrer", key="identite")
    assert_sound(at)
    row = get_row(demo_db, "structures", structure_id)
    assert (row["capacity"], row["capacity_unit"]) == (12.5, "professionnels")
