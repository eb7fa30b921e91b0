"""Needs of a file: which quartier is meant, what a second import changes, undoing, the trash, and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.backups import restore_backup, save_backup
from reseau.services.editing import DEFAULTS, delete_row, deleted_rows, get_row, restore_row, save_row
from reseau.services.exporting import export
from reseau.services.importing import list_imports
from reseau.services.undoing import undo_import
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

HEADER = "quartier;thème;nombre;date;recueil;note\n"
FILE = HEADER + "QN99101M;soins;34;2026-04-18;porte-à-porte;\nLes Tilleuls;logement;27;;;\n"


def shape(rank: int) -> bytes:
    return shapely.box(1.6 + rank / 50, 48.1, 1.61 + rank / 50, 48.11).wkb


def quartier(app: App, tid: int, code: str, name: str, **values: object) -> int:
    """A stored quartier with the code wanted (a person's own are QV-…)."""
    from reseau.store import rows, territoires

    rank = int("".join(filter(str.isdigit, code)) or 0) % 50
    row = {**DEFAULTS["quartiers"], "territoire_id": tid, "code": code, "name": name, "wkb": shape(rank)}
    with app.store.write() as connection:
        row_id = rows.insert_row(connection, "quartiers", {**row, "kind": "qpv", **values})
        territoires.touch(connection, tid)
    return row_id


@pytest.fixture
def two(app: App, tid: int) -> tuple[int, int]:
    return quartier(app, tid, "QN99101M", "Beauval"), quartier(app, tid, "QN99102M", "Les Tilleuls")


def counts(app: App, tid: int) -> dict[tuple[str, str], int]:
    rows = open_view(app, tid).needs
    return {(row["quartier_code"], row["theme"]): row["count"] for row in rows.to_dict("records")}


def test_quartiers_are_named_by_code_or_name(app: App, tid: int, two, load: Importer) -> None:
    text = HEADER + "qn99101m;soins;1;;;\nLES TILLEULS;soins;2;;;\nQN99101M (Beauval);droits;3;;;\n"
    assert load("besoins", text).created == 3
    assert counts(app, tid) == {
        ("QN99101M", "soins"): 1, ("QN99102M", "soins"): 2, ("QN99101M", "droits"): 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [("Beauvale", "Beauval"), ("Nulle part", "importez d'abord"), ("<b>{{7*7}}</b>" * 50, "aucun quartier")],
)
def test_an_unknown_quartier_is_refused_with_advice(
    app: App, tid: int, two, load: Importer, name: str, said: str
) -> None:
    report = load("besoins", f"{HEADER}{name};soins;1;;;\n")
    assert (report.created, len(report.refused)) == (0, 1)
    assert said in report.refused[0].problems[0].reason or "raccourcissez" in str(report.refused[0])


def test_a_deleted_quartier_is_said_to_be_so(app: App, tid: int, two, load: Importer) -> None:
    delete_row(app, tid, "quartiers", two[0])
    (row,) = load("besoins", f"{HEADER}Beauval;soins;1;;;\n").refused
    assert "supprimé" in row.problems[0].reason


def test_a_name_of_two_generations_is_todays(app: App, tid: int, load: Importer) -> None:
    """The QPV of 2015 kept aside must not take what residents said of the one of 2024."""
    quartier(app, tid, "QP099001", "Beauval", generation=2015, communes=["99101"])
    quartier(app, tid, "QN99101M", "Beauval", generation=2024, communes=["99101"])
    load("besoins", f"{HEADER}Beauval;soins;1;;;\nQP099001;droits;2;;;\n")
    assert counts(app, tid) == {("QN99101M", "soins"): 1, ("QP099001", "droits"): 2}


def test_two_quartiers_of_one_name_ask_for_the_code(app: App, tid: int, load: Importer) -> None:
    quartier(app, tid, "QN99101M", "Centre")
    quartier(app, tid, "QN99102M", "Centre")
    (row,) = load("besoins", f"{HEADER}Centre;soins;1;;;\n").refused
    assert "plusieurs quartiers" in row.problems[0].reason


def test_a_second_import_corrects_and_adds_nothing_twice(app: App, tid: int, two, load: Importer) -> None:
    assert load("besoins", FILE).created == 2
    again = load("besoins", FILE.replace(";34;", ";40;"))
    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    assert counts(app, tid)["QN99101M", "soins"] == 40
    later = load("besoins", FILE.replace("2026-04-18", "2026-10-01"))
    assert (later.created, later.unchanged) == (1, 1)


def test_one_count_per_theme_day_and_way(app: App, tid: int, two, load: Importer) -> None:
    """Twice the same survey in a file is a mistake somewhere: nobody can tell which number is right."""
    report = load("besoins", HEADER + "Beauval;soins;3;;accueil;\nQN99101M;médecin;4;;Accueil;\n")
    assert (report.created, len(report.refused)) == (1, 1)
    assert "ligne 2" in report.refused[0].problems[0].reason


def test_a_correction_by_hand_survives_the_next_import(app: App, tid: int, two, load: Importer) -> None:
    load("besoins", FILE)
    row_id = int(open_view(app, tid).needs.index[0])
    save_row(app, tid, "besoins", {"count": 30, "theme": "droits"}, row_id=row_id, version=1)
    again = load("besoins", FILE.replace("Tilleuls;logement", "Tilleuls;langue"))
    assert (again.created, again.unchanged) == (1, 1)
    assert (get_row(app, "besoins", row_id)["count"], get_row(app, "besoins", row_id)["theme"]) == (
        30, "droits",
    )  # fmt: skip


def test_undoing_an_import_takes_its_counts_away(app: App, tid: int, two, load: Importer) -> None:
    load("besoins", FILE)
    (row_id, *_) = open_view(app, tid).needs.index
    save_row(app, tid, "besoins", {"count": 35}, row_id=int(row_id))
    outcome = undo_import(app, tid, int(list_imports(app, tid)[0].id or 0))
    assert outcome.removed == 1
    ((label, why),) = outcome.left
    assert "Beauval" in label
    assert "corrigée" in why
    assert counts(app, tid) == {("QN99101M", "soins"): 35}


def test_quartiers_with_counts_are_not_undone(app: App, tid: int, load: Importer) -> None:
    boundaries = Path("data/qpv/demo-quartiers.geojson").read_text(encoding="utf-8")
    report = load("qpv", boundaries, "q.geojson")
    load("besoins", FILE)
    outcome = undo_import(app, tid, int(report.id or 0))
    assert {why for _, why in outcome.left} == {"des demandes d'habitants y sont attachées"}
    assert len(outcome.left) == 2


def test_a_form_refuses_what_a_file_refuses(app: App, tid: int, two) -> None:
    good = {"quartier_id": two[0], "theme": "soins", "count": 0, "on": date(2026, 4, 18)}
    save_row(app, tid, "besoins", good)
    for wrong, said in (
        ({"count": -1}, "entier"),
        ({"count": None}, "zéro si personne"),
        ({"count": 2.5}, "entier"),
        ({"theme": "trottinettes"}, "Thème : valeur inconnue"),
        ({"theme": ""}, "Thème : à remplir"),
        ({"quartier_id": None}, "Quartier : à remplir"),
        ({"note": "2 84 05 31 555 123 42", "theme": "droits"}, "sécurité sociale"),
        ({}, "déjà noté"),
    ):
        with pytest.raises(RefusedInput, match=said):
            save_row(app, tid, "besoins", {**good, **wrong})
    assert len(open_view(app, tid).needs) == 1


def test_deleted_counts_go_to_the_trash_and_back(app: App, tid: int, two) -> None:
    row_id = save_row(app, tid, "besoins", {"quartier_id": two[0], "theme": "soins", "count": 3})
    delete_row(app, tid, "besoins", row_id)
    assert counts(app, tid) == {}
    assert [kind for kind, _ in deleted_rows(app, tid)] == ["besoins"]
    restore_row(app, tid, "besoins", row_id)
    assert counts(app, tid) == {("QN99101M", "soins"): 3}


def test_counts_of_a_deleted_quartier_wait_with_it(app: App, tid: int, two) -> None:
    save_row(app, tid, "besoins", {"quartier_id": two[0], "theme": "soins", "count": 3})
    delete_row(app, tid, "quartiers", two[0])
    assert open_view(app, tid).needs.empty
    restore_row(app, tid, "quartiers", two[0])
    assert counts(app, tid) == {("QN99101M", "soins"): 3}


def test_an_export_comes_back_unchanged(app: App, tid: int, two, load: Importer, tmp_path: Path) -> None:
    load("besoins", FILE)
    path = tmp_path / "demandes.csv"
    assert export(app, tid, "besoins", path) == 2
    again = load("besoins", path.read_text(encoding="utf-8-sig"), "retour.csv")
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 2, ())
    with pytest.raises(RefusedInput, match="internes"):
        export(app, tid, "besoins", path, public=True)


def test_a_backup_brings_counts_and_versions_back(app: App, tid: int, two, load, tmp_path: Path) -> None:
    from reseau.services.expectations import list_versions
    from reseau.services.territoires import effective_types, set_types

    load("besoins", FILE)
    set_types(app, tid, [item for item in effective_types(app, tid) if item.type_code != "cmp"])
    first = effective_types(app, tid)[0]
    from dataclasses import replace

    set_types(app, tid, [replace(first, weight=3.0)])
    before = counts(app, tid)
    save_backup(app, tmp_path / "s.zip")
    save_row(app, tid, "besoins", {"quartier_id": two[1], "theme": "soins", "count": 9})
    restore_backup(app, tmp_path / "s.zip")
    assert counts(app, tid) == before
    assert [item.number for item in list_versions(app, tid)] == [1]
