"""The Données page: files in, reports out, nothing lost on the way, nothing run from a text."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from reseau.errors import Unavailable
from reseau.services import App, placing
from reseau.services.backups import save_backup
from reseau.services.demo import load_demo
from reseau.services.editing import delete_row, deleted_rows, save_row
from reseau.services.importing import list_imports
from reseau.services.placing import to_place
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import open_view
from reseau.ui.donnees.uploads import as_file
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p9_donnees"
SECTIONS = ("importer", "telecharger", "imports", "sources", "a_placer", "exporter", "sauvegarde")
PARTNERS = (
    "Structure;catégorie;Adresse;Code INSEE\n"
    "CMP Les Iris;CMP;3 rue des Iris;99101\n"
    "<img src=x onerror=alert(1)>;genre inconnu;;99101\n"
).encode()


def section(at: AppTest, name: str) -> AppTest:
    at.session_state["donnees_section"] = name
    return at.run()


def upload(at: AppTest, *files: tuple[str, bytes], source: str | None = None) -> AppTest:
    """Give files; `source` is what a person says they are, instead of what was recognised."""
    at.file_uploader[0].set_value([(name, content, "text/plain") for name, content in files]).run()
    if source is not None:
        for box in sources_of(at):
            box.set_value(source)
        at.run()
    return at


def sources_of(at: AppTest) -> list[Selectbox]:
    """The box of each file given that says what it is."""
    return [box for box in at.selectbox if box.label == "Source de ce fichier"]


def tick(at: AppTest, *rows: int) -> AppTest:
    """What the browser sends when lines of the table of changes are ticked."""
    key = next(item.key for item in at.dataframe if str(item.key).startswith("changes_"))
    at.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return at.run()


def changes(at: AppTest) -> pd.DataFrame:
    """The table of changes shown."""
    return next(item.value for item in at.dataframe if str(item.key).startswith("changes_"))


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.success, at.error, at.text)
    return "\n".join(str(item.value) for items in kinds for item in items).replace("\\", "")


def metrics(at: AppTest) -> dict[str, str]:
    return {item.label: item.value for item in at.metric}


def column_box(at: AppTest, name: str) -> object:
    return next(box for box in at.selectbox if box.label == name)


def test_without_a_territory_one_can_go_to_the_settings_or_restore(
    empty_app_db: App, open_page: Opener
) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire" in at.info[0].value
    assert len(at.file_uploader) == 1


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_runs_on_a_new_territory(empty_app_db: App, open_page: Opener, name: str) -> None:
    """Every section says why it is empty instead of failing."""
    create_territoire(empty_app_db, "Neuf", communes=["31555"])
    at = section(open_page(PAGE), name)
    assert_sound(at)
    assert said(at)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_runs_on_the_demonstration(demo_db: App, open_page: Opener, name: str) -> None:
    assert_sound(section(open_page(PAGE), name))


@pytest.mark.parametrize("name", SECTIONS)
def test_hostile_text_stays_text(hostile_db: App, open_page: Opener, name: str) -> None:
    """Nothing from data is Markdown nor HTML."""
    at = section(open_page(PAGE), name)
    assert_sound(at)
    assert_text_stays_text(at)


def test_a_file_is_seen_checked_imported_and_reported(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    before = len(open_view(demo_db, tid).structures)
    at = upload(open_page(PAGE), ("mes partenaires.csv", PARTNERS))
    assert_sound(at)
    assert column_box(at, "Structure").value == "name"  # type: ignore[attr-defined]
    assert column_box(at, "catégorie").value == "types"  # type: ignore[attr-defined]
    assert len(open_view(demo_db, tid).structures) == before, "seen before anything is written"
    press(at, "Importer sans comparer")
    assert_sound(at)
    assert metrics(at) == {
        "Lignes lues": "2", "Nouvelles": "1", "Modifiées": "0", "Inchangées": "0", "Refusées": "1",
        "Hors territoire": "0",
    }  # fmt: skip
    assert "2 lignes lues = 1 nouvelle + 0 modifiée + 0 inchangée + 1 refusée" in said(at)
    refused = at.dataframe[0].value
    assert refused["Ligne"].tolist() == [3]
    assert refused["Valeur"].tolist() == ["genre inconnu"]
    assert {"Lignes à corriger (XLSX)", "Lignes à corriger (CSV)"} <= {
        item.label for item in at.download_button
    }
    assert "CMP Les Iris" in set(open_view(demo_db, tid).structures["name"])
    assert list_imports(demo_db, tid)[0].filename == "mes partenaires.csv"


OTHER = (
    "Structure;catégorie;Adresse;Code INSEE\n"
    "CMP Les Iris;CMP;5 rue des Iris;99101\n"
    "Centre social des Pins;centre social;1 rue B;99101\n"
).encode()
RELATIONS = b"structure 1;structure 2;statut\nCMP Les Iris;Centre social des Pins;active\n"


def names_of(app: App) -> set[str]:
    return set(open_view(app, find_territoire(app).id).structures["name"])


@pytest.fixture
def small(empty_app_db: App, open_page: Opener) -> App:
    """A territory where a first table was imported."""
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    at = press(upload(open_page(PAGE), ("a.csv", PARTNERS)), "Importer sans comparer")
    assert_sound(at)
    return empty_app_db


def test_what_would_change_is_read_before_it_is_written(small: App, open_page: Opener) -> None:
    """Each change names its row, its field, both values and whose value is replaced."""
    at = press(upload(open_page(PAGE), ("b.csv", OTHER)), "Comparer")
    assert_sound(at)
    table = changes(at)
    assert table["Action"].tolist() == ["Nouvelle", "Modifiée"]
    changed = table[table["Action"] == "Modifiée"].iloc[0]
    assert changed[["Fiche", "Champ", "Avant", "Après"]].tolist() == [
        "CMP Les Iris", "Adresse", "3 rue des Iris", "5 rue des Iris",
    ]  # fmt: skip
    assert "Tableau de partenaires" in changed["Remplace"]
    assert "2 lignes lues = 1 nouvelle + 1 modifiée" in said(at)
    assert names_of(small) == {"CMP Les Iris"}, "nothing is written yet"
    press(at, "Appliquer tout")
    assert_sound(at)
    assert names_of(small) == {"CMP Les Iris", "Centre social des Pins"}
    assert metrics(at)["Modifiées"] == "1"


def test_only_the_rows_ticked_are_applied(small: App, open_page: Opener) -> None:
    at = press(upload(open_page(PAGE), ("b.csv", OTHER)), "Comparer")
    assert next(item for item in at.button if item.label == "Appliquer la sélection").disabled
    tick(at, 0)
    press(at, "Appliquer la sélection (1 fiche)")
    assert_sound(at)
    assert names_of(small) == {"CMP Les Iris", "Centre social des Pins"}
    row = open_view(small, find_territoire(small).id).structures.set_index("name").loc["CMP Les Iris"]
    assert row["address"] == "3 rue des Iris", "the other change was not chosen"
    assert metrics(at)["Non choisies"] == "1"
    assert changes(at)["Champ"].tolist() == ["Adresse"], "what is left is there to choose"
    tick(at, 0)
    press(at, "Appliquer la sélection (1 fiche)")
    assert_sound(at)
    row = open_view(small, find_territoire(small).id).structures.set_index("name").loc["CMP Les Iris"]
    assert row["address"] == "5 rue des Iris"
    assert not at.file_uploader[0].value, "nothing is left of this file"


def test_what_a_filter_shows_is_what_is_applied(small: App, open_page: Opener) -> None:
    """By group of action, and by words: no need to tick a thousand boxes."""
    at = press(upload(open_page(PAGE), ("b.csv", OTHER)), "Comparer")
    group = next(item for item in at.get("button_group") if item.key and item.key.startswith("group_"))
    at.session_state[group.key] = "changed"
    at.run()
    assert changes(at)["Fiche"].tolist() == ["CMP Les Iris"]
    press(at, "Appliquer la sélection (1 fiche)")
    assert_sound(at)
    assert names_of(small) == {"CMP Les Iris"}


def test_words_filter_the_changes(small: App, open_page: Opener) -> None:
    at = press(upload(open_page(PAGE), ("b.csv", OTHER)), "Comparer")
    box = next(item for item in at.text_input if item.label == "Chercher")
    box.set_value("PINS").run()
    assert changes(at)["Fiche"].tolist() == ["Centre social des Pins"]
    box.set_value("[").run()
    assert changes(at).empty, "what is typed is text, not a pattern"
    assert next(item for item in at.button if item.label == "Appliquer la sélection").disabled


def test_a_correction_is_shown_apart_and_kept(small: App, open_page: Opener) -> None:
    tid = find_territoire(small).id
    row_id = int(open_view(small, tid).structures.index[0])
    save_row(small, tid, "structures", {"address": "à moi"}, row_id=row_id)
    content = OTHER.replace(b"Les Iris;CMP;5", b"Les Iris;CMU;5").replace(b"CMU", b"CMP|CSAPA")
    at = press(upload(open_page(PAGE), ("b.csv", content)), "Comparer")
    assert "Adresse" not in set(changes(at).get("Champ", []))
    group = next(item for item in at.get("button_group") if item.key and item.key.startswith("group_"))
    at.session_state[group.key] = "kept"
    at.run()
    assert_sound(at)
    kept = next(item.value for item in at.dataframe if "Gardé" in item.value)
    assert kept[["Champ", "Gardé", "Ce que dit le fichier"]].to_numpy().tolist() == [
        ["Adresse", "à moi", "5 rue des Iris"]
    ]
    press(at, "Appliquer tout")
    assert open_view(small, tid).structures.at[row_id, "address"] == "à moi"


def test_cancelling_leaves_nothing(small: App, open_page: Opener) -> None:
    at = press(upload(open_page(PAGE), ("b.csv", OTHER)), "Comparer")
    press(at, "Tout retirer")
    assert_sound(at)
    assert not at.file_uploader[0].value
    assert names_of(small) == {"CMP Les Iris"}
    assert len(list_imports(small, find_territoire(small).id)) == 1


def test_several_files_are_recognised_and_imported_in_order(
    empty_app_db: App, open_page: Opener, tmp_path: Path
) -> None:
    """Relations given first name structures of a file given after: quartiers and partners come first."""
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    quartiers = Path("data/qpv/demo-quartiers.geojson").read_bytes()
    at = upload(
        open_page(PAGE),
        ("liens.csv", RELATIONS),
        ("b.csv", OTHER),
        ("cassé.csv", b""),
        ("q.geojson", quartiers),
    )
    assert_sound(at)
    assert [box.value for box in sources_of(at)] == ["relations", "tableur", None, "qpv"]
    sources_of(at)[2].set_value("contacts").run()
    press(at, "Importer les 3 fichiers d'un coup")
    view = open_view(empty_app_db, find_territoire(empty_app_db).id)
    assert (len(view.structures), len(view.relations)) == (2, 1)
    assert len(view.quartiers) == 5
    assert not at.exception


def test_an_import_is_undone_from_the_list(small: App, open_page: Opener) -> None:
    """What will happen is said first; what a person changed since stays, with the reason."""
    press(upload(open_page(PAGE), ("b.csv", OTHER)), "Importer sans comparer")
    tid = find_territoire(small).id
    pins = open_view(small, tid).structures.reset_index().set_index("name").loc["Centre social des Pins"]
    save_row(small, tid, "structures", {"phone": "05 61 00 00 00"}, row_id=int(pins["id"]))
    at = section(open_page(PAGE), "imports")
    press(at, "Annuler cet import")
    assert "1 fiche créée par cet import sera retirée" in said(at)
    assert names_of(small) == {"CMP Les Iris", "Centre social des Pins"}
    at.button(key="undo_sure").click().run()
    assert_sound(at)
    row = open_view(small, tid).structures.set_index("name").loc["CMP Les Iris"]
    assert row["address"] == "3 rue des Iris"
    assert "1 remise comme avant" in said(at)
    left = next(item.value for item in at.dataframe if "Pourquoi elle reste" in item.value)
    assert left["Fiche"].tolist() == ["Centre social des Pins"]
    assert list_imports(small, tid)[0].undone_on
    assert not [item for item in at.button if item.label == "Annuler cet import"]
    history = next(item.value for item in at.dataframe if "Lues" in item.value)
    assert history["État"].tolist() == ["annulé", ""]


def test_hostile_changes_stay_text(small: App, open_page: Opener) -> None:
    rows = [f'"{name.replace(chr(34), chr(39))}";CMP;"{name.replace(chr(34), "")}";99101' for name in HOSTILE]
    content = "\n".join(("Structure;catégorie;Adresse;Code INSEE", *rows)).encode()
    at = press(upload(open_page(PAGE), ("<img src=x onerror=alert(1)>.csv", content)), "Comparer")
    assert_sound(at)
    assert_text_stays_text(at)
    assert len(changes(at)) == len(HOSTILE)
    press(at, "Appliquer tout")
    assert_sound(at)
    assert_text_stays_text(at)


def test_ten_thousand_changes_are_one_table(empty_app_db: App, open_page: Opener) -> None:
    """A table, not a widget a row: the number of elements does not follow the number of changes."""
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    rows = "\n".join(f"Lieu {rank};CMP;{rank} rue A;99101" for rank in range(10_000))
    content = f"Structure;catégorie;Adresse;Code INSEE\n{rows}\n".encode()
    at = press(upload(open_page(PAGE), ("grand.csv", content)), "Comparer")
    assert_sound(at)
    assert len(changes(at)) == 10_000
    assert len(at.button) < 30


def test_a_file_wholly_outside_the_territory_says_where_to_look(empty_app_db: App, open_page: Opener) -> None:
    """A postal code typed for an INSEE code leaves every line outside: zero alone would not tell why."""
    create_territoire(empty_app_db, "Code postal", communes=["31000"])
    ring = [[[1.40, 43.60], [1.41, 43.60], [1.41, 43.61], [1.40, 43.61], [1.40, 43.60]]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": ring},
        "properties": {
            "code_qp": "QN03199X", "lib_qp": "Les Essais", "insee_com": "31555", "lib_com": "Toulouse",
        },
    }  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    at = upload(open_page(PAGE), ("qpv.geojson", content))
    press(at, "Importer sans comparer")
    assert_sound(at)
    assert metrics(at)["Hors territoire"] == "1"
    assert any("codes INSEE" in item.value for item in at.warning)


def test_the_same_file_twice_says_that_nothing_changed(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    press(upload(at, ("a.csv", PARTNERS)), "Importer sans comparer")
    press(upload(at, ("a.csv", PARTNERS)), "Importer sans comparer")
    assert_sound(at)
    assert metrics(at)["Inchangées"] == "1"
    assert any("Rien n'a changé" in item.value for item in at.info)


def test_a_required_column_must_be_given_and_may_be_chosen(demo_db: App, open_page: Opener) -> None:
    """A column no rule recognises is chosen by hand; until then nothing can be imported."""
    content = b"Truc;Machin\nCMP Les Iris;CMP\n"
    at = upload(open_page(PAGE), ("a.csv", content), source="tableur")
    assert at.button(key="donnees_import").disabled
    assert any("obligatoire" in item.value for item in at.warning)
    column_box(at, "Truc").set_value("name").run()  # type: ignore[attr-defined]
    column_box(at, "Machin").set_value("types").run()  # type: ignore[attr-defined]
    assert not at.button(key="donnees_import").disabled
    press(at, "Importer sans comparer")
    assert_sound(at)
    assert "CMP Les Iris" in set(open_view(demo_db, find_territoire(demo_db).id).structures["name"])


def test_a_file_that_cannot_be_read_writes_nothing_and_says_so(demo_db: App, open_page: Opener) -> None:
    at = upload(open_page(PAGE), ("photo.xlsx", b"PK\x03\x04 rien de lisible"))
    assert not at.exception
    assert at.button(key="donnees_import").disabled, "nothing says what it is"
    sources_of(at)[0].set_value("tableur").run()
    assert "Rien n'a été enregistré" in at.error[0].value
    assert "photo.xlsx" in said(at), "the name the person knows, not the temporary one"
    assert at.button(key="donnees_import").disabled


def test_one_bad_boundary_file_does_not_stop_the_others(demo_db: App, open_page: Opener) -> None:
    """Sources without columns to map are judged at import: each file on its own."""
    good = Path("data/qpv/demo-quartiers.geojson").read_bytes()
    at = upload(open_page(PAGE), ("faux.geojson", b"{}"), ("quartiers.geojson", good), source="qpv")
    press(at, "Importer les 2 fichiers d'un coup")
    assert not at.exception
    assert [item.value for item in at.error if "Rien n'a été enregistré de ce fichier" in item.value]
    assert metrics(at)["Inchangées"] == "7"


def test_the_uploaded_bytes_do_not_stay_on_disk() -> None:
    class Given:
        name, file_id, size = "../../fichier très long.XLSX", "1", 3

        def getbuffer(self) -> memoryview:
            return memoryview(b"abc")

    with as_file(Given()) as path:
        assert (path.suffix, path.read_bytes()) == (".xlsx", b"abc")
        assert ".." not in path.parts
    assert not path.parent.exists()


def test_the_history_keeps_each_report_and_its_refused_rows(hostile_db: App, open_page: Opener) -> None:
    at = section(open_page(PAGE), "imports")
    history, refused = at.dataframe[0].value, at.dataframe[1].value
    assert len(history) == 1
    assert history["Refusées"].tolist() == [len(HOSTILE)]
    assert len(refused) >= len(HOSTILE)


def test_sources_say_who_publishes_and_how_old_they_are(demo_db: App, open_page: Opener) -> None:
    table = section(open_page(PAGE), "sources").table[0].value
    finess = table[table.index.str.contains("FINESS")].iloc[0]
    assert "novembre 2026" in finess["Chargée"]
    assert "CMP" in finess["Dit tout recenser pour"]
    assert table["Pourquoi s'y fier"].str.len().min() > 20


def test_what_has_no_position_is_counted_and_sent_to_be_looked_at(demo_db: App, open_page: Opener) -> None:
    """By hand, one by one, is the page «À vérifier»: here only what is sent, and how many wait."""
    waiting = len(to_place(demo_db, find_territoire(demo_db).id))
    at = section(open_page(PAGE), "a_placer")
    assert_sound(at)
    assert f"{waiting} structures sur" in said(at)
    press(at, "Relire et placer à la main")
    assert_sound(at)
    assert at.title[0].value == "À vérifier"
    assert at.session_state["a_verifier_section"] == "adresses"


def test_nothing_leaves_before_the_person_has_seen_what(
    demo_db: App, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Down:
        def search(self, query: object) -> None:
            asked.append(str(query))
            raise Unavailable("Le service d'adresses ne répond pas.")

        search_many = search

    monkeypatch.setattr(placing, "make_client", lambda _config: Down())
    at = section(open_page(PAGE), "a_placer")
    assert not asked
    assert "data.geopf.fr" in said(at)
    shown = at.dataframe[0].value["Envoyé"].tolist()
    assert shown == list(placing.addresses_to_send(demo_db, find_territoire(demo_db).id))
    at.button(key="placing_send").click().run()
    assert len(asked) == 1
    assert not at.exception
    assert "ne répond pas" in at.error[0].value
    assert "connexion" in at.error[0].value


@pytest.mark.parametrize("audience", ["equipe", "public"])
def test_an_export_is_prepared_then_downloaded(demo_db: App, open_page: Opener, audience: str) -> None:
    at = section(open_page(PAGE), "exporter")
    at.radio(key="export_audience").set_value(audience).run()
    formats = at.radio(key="export_format").options
    assert any("Contacts" in label for label in formats) == (audience == "equipe")
    press(at, "Préparer le fichier")
    assert_sound(at)
    prepared = at.session_state["donnees_export"]
    assert zipfile.is_zipfile(io.BytesIO(prepared["data"]))
    assert prepared["name"].startswith("reseau-demonstration-")
    assert ("public" in prepared["name"]) == (audience == "public")
    assert [item.label for item in at.download_button] == ["Télécharger"]
    assert ("laisse de côté" in said(at)) == (audience == "public")


def test_a_backup_comes_back_after_an_explicit_yes(demo_db: App, open_page: Opener, tmp_path: Path) -> None:
    tid = find_territoire(demo_db).id
    save_backup(demo_db, tmp_path / "tout.zip")
    names = set(open_view(demo_db, tid).structures["name"])
    delete_row(demo_db, tid, "structures", int(open_view(demo_db, tid).structures.index[0]))
    at = section(open_page(PAGE), "sauvegarde")
    at.file_uploader[0].set_value(("tout.zip", (tmp_path / "tout.zip").read_bytes(), "application/zip")).run()
    assert_sound(at)
    counts = at.table[0].value
    assert counts.loc["Structures"].tolist() == [len(names), len(names)]
    restore = next(button for button in at.button if button.label == "Restaurer")
    assert restore.disabled
    at.checkbox(key="restore_sure").check().run()
    press(at, "Restaurer")
    assert_sound(at)
    assert set(open_view(demo_db, find_territoire(demo_db).id).structures["name"]) == names


def test_a_backup_restores_an_empty_application(empty_app_db: App, open_page: Opener, tmp_path: Path) -> None:
    """A new machine: nothing but the file."""
    from reseau.config import load_config
    from reseau.services import open_app

    other = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'autre.db'}"}))
    load_demo(other)
    save_backup(other, tmp_path / "tout.zip")
    other.close()
    at = open_page(PAGE)
    at.file_uploader[0].set_value(("tout.zip", (tmp_path / "tout.zip").read_bytes(), "application/zip")).run()
    at.checkbox(key="restore_sure").check().run()
    press(at, "Restaurer")
    assert_sound(at)
    assert find_territoire(empty_app_db).record.fictional


def test_what_is_not_a_backup_is_refused_under_its_own_name(demo_db: App, open_page: Opener) -> None:
    at = section(open_page(PAGE), "sauvegarde")
    at.file_uploader[0].set_value(("photo.zip", b"rien", "application/zip")).run()
    assert "photo.zip" in at.error[0].value.replace("\\", "")
    assert not [button for button in at.button if button.label == "Restaurer"]


def test_a_deleted_structure_comes_back_from_the_bin(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    chosen = int(open_view(demo_db, tid).structures.index[0])
    name = str(open_view(demo_db, tid).structures.at[chosen, "name"])
    delete_row(demo_db, tid, "structures", chosen)
    at = section(open_page(PAGE), "sauvegarde")
    assert name in said(at)
    at.button(key=f"restore_structures_{chosen}").click().run()
    assert_sound(at)
    assert chosen in open_view(demo_db, tid).structures.index
    assert not deleted_rows(demo_db, tid)


def test_what_is_in_the_bin_can_be_erased_for_good(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    contact = int(open_view(demo_db, tid).contacts.index[0])
    delete_row(demo_db, tid, "contacts", contact)
    at = section(open_page(PAGE), "sauvegarde")
    at.button(key=f"purge_contacts_{contact}").click().run()
    assert_sound(at)
    assert not deleted_rows(demo_db, tid)
    assert contact not in open_view(demo_db, tid).contacts.index


def test_the_bin_does_not_show_people(demo_db: App, open_page: Opener) -> None:
    """Names of contacts and the text of the journal are for the sheet of a structure only."""
    tid = find_territoire(demo_db).id
    view = open_view(demo_db, tid)
    contact, entry = view.contacts.iloc[0], view.journal.iloc[0]
    delete_row(demo_db, tid, "contacts", int(view.contacts.index[0]))
    delete_row(demo_db, tid, "journal", int(view.journal.index[0]))
    at = section(open_page(PAGE), "sauvegarde")
    assert contact["structure_name"] in said(at)
    assert contact["name"] not in said(at)
    assert entry["text"] not in said(at)
