"""A plan says exactly what the import will do, writes nothing, and can be applied row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file, list_imports, plan_import
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.imports import database, register, uid

OURS = "identifiant;nom;type;téléphone\nex1;CMP à nous;CMP;0199000001\nex2;Centre social;centre social;\n"


@pytest.fixture
def plan(app: App, tid: int, tmp_path: Path):
    def make(source: str, text: str):
        path = tmp_path / "comparé.csv"
        path.write_text(text, encoding="utf-8")
        return plan_import(app, tid, source, FileToImport(path=path))

    return make


def row_id(app: App, tid: int, uid_: str) -> int:
    rows = open_view(app, tid).structures
    return int(rows.index[rows["uid"] == uid_][0])


def test_a_plan_writes_nothing(app: App, tid: int, load: Importer, plan) -> None:
    load("finess", register(range(5)))
    before = database(app)
    found = plan("finess", register(range(1, 7), names={2: "AUTRE NOM"}))
    assert [found.count(action) for action in ("new", "changed", "gone")] == [2, 1, 1]
    assert database(app) == before
    assert len(list_imports(app, tid)) == 1


def test_a_plan_says_which_fields_and_whose_they_were(app: App, tid: int, load: Importer, plan) -> None:
    load("tableur", OURS)
    (change,) = plan("tableur", OURS.replace("CMP à nous", "CMP d'ici")).changes
    assert (change.action, change.line, change.key) == ("changed", 2, "tableur--ex1")
    (field,) = change.fields
    assert (field.field, field.old, field.new, field.old_source) == (
        "name", "CMP à nous", "CMP d'ici", "tableur",
    )  # fmt: skip


def test_what_a_person_corrected_is_shown_and_kept(app: App, tid: int, load: Importer, plan) -> None:
    load("tableur", OURS)
    row = row_id(app, tid, "tableur--ex1")
    save_row(app, tid, "structures", {"name": "Corrigé"}, row_id=row)
    assert plan("tableur", OURS).n_kept == 1
    (change,) = plan("tableur", OURS.replace("0199000001", "0199000002")).changes
    assert [item.field for item in change.fields] == ["phone"]
    (kept,) = change.kept
    assert (kept.old, kept.new, kept.old_source) == ("Corrigé", "CMP à nous", "saisie")


def test_plan_and_import_agree_on_every_count(app: App, tid: int, load: Importer, plan) -> None:
    load("finess", register(range(20)))
    text = register([*range(3, 20), 40, 41, 41], names={5: "A", 6: "B"})
    found = plan("finess", text)
    report = load("finess", text)
    assert found.read == report.read
    assert report.created == found.count("new") == 2
    assert report.updated == found.count("changed") + found.count("reopened") == 2
    assert report.closed == found.count("gone") == 3
    assert report.unchanged == found.unchanged
    assert len(report.refused) == len(found.refused)
    assert report.out_of_scope == found.out_of_scope
    assert plan("finess", text).changes == ()


def test_only_the_rows_chosen_are_written_and_the_balance_holds(
    app: App, tid: int, load: Importer, tmp_path: Path
) -> None:
    load("finess", register(range(5)))
    path = tmp_path / "suite.csv"
    path.write_text(register(range(1, 8), names={2: "AUTRE"}), encoding="utf-8")
    file = FileToImport(path=path)
    report = import_file(app, tid, "finess", file, only=[uid(6), uid(0)])
    assert (report.created, report.updated, report.skipped, report.closed) == (1, 0, 3, 1)
    assert report.read == 7
    assert list_imports(app, tid)[0].skipped == 3
    rows = open_view(app, tid).structures.set_index("uid")
    assert uid(6) in rows.index
    assert uid(5) not in rows.index
    assert bool(rows.loc[uid(0), "closed"])


def test_row_by_row_is_the_same_as_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clicks each line must end with what «Tout appliquer» gives."""
    from reseau.config import load_config
    from reseau.services import open_app
    from reseau.services.territoires import create_territoire

    after = []
    for name in ("tout", "un-par-un"):
        app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / name}.db"}))
        tid = create_territoire(app, "Essai", communes=["99101"]).id
        load = Importer(app, tid, tmp_path)
        load("finess", register(range(6)))
        save_row(app, tid, "structures", {"name": "Corrigé"}, row_id=row_id(app, tid, uid(3)))
        path = tmp_path / "suite.csv"
        path.write_text(register(range(1, 8), names={2: "A", 3: "B", 4: "C"}), encoding="utf-8")
        file = FileToImport(path=path)
        if name == "tout":
            import_file(app, tid, "finess", file)
        else:
            for change in plan_import(app, tid, "finess", file).changes:
                report = import_file(app, tid, "finess", file, only=[change.key])
                assert report.created + report.updated + report.closed == 1
        tables = database(app)
        tables.pop("territoires")
        after.append(tables)
        app.close()
    assert after[0] == after[1]


def test_two_rows_with_one_number_do_not_make_a_third(app: App, tid: int, load: Importer) -> None:
    """The register completes the oldest, and says there are two."""
    header = "identifiant;nom;type;finess\n"
    load("tableur", header + "ex1;CMP un;CMP;990000001\nex2;CMP deux;CMP;990000001\n")
    report = load("finess", register([1]))
    assert (report.created, len(open_view(app, tid).structures)) == (0, 2)
    assert any("même numéro" in note for note in report.notes)
    assert open_view(app, tid).structures.set_index("uid").loc["tableur--ex1", "phone"] != ""
    assert load("finess", register([1])).unchanged == 1


def test_a_number_shared_through_its_siret_is_no_identity(app: App, tid: int, load: Importer) -> None:
    """Services of one organisation share its SIRET: they are several doors."""
    header = "identifiant;nom;type;siret\n"
    load("tableur", header + "ex1;CMP;CMP;12345678200010\n")
    assert load("tableur", header + "ex9;CCAS;CCAS;12345678200010\n").created == 1


def test_a_school_is_found_by_its_number(app: App, tid: int, load: Importer) -> None:
    load("tableur", "identifiant;nom;type;uai\nex1;École des Érables;école;0310001A\n")
    report = load("tableur", "identifiant;nom;type;uai\nautre;École des Érables;école;0310001A\n")
    assert (report.created, len(report.refused)) == (0, 0)


def test_a_tie_said_from_both_sides_is_one_tie(app: App, tid: int, load: Importer) -> None:
    load("tableur", OURS)
    header = "de;vers;objet;sens;référent côté « de »\n"
    ours = "ex1;ex2;orientation;dans les deux sens;Ana\n"
    theirs = "ex2;ex1;orientation;dans les deux sens;Bo\n"
    report = load("relations", header + ours + theirs)
    assert (report.created, [row.line for row in report.refused]) == (1, [3])
    again = load("relations", header + theirs)
    assert (again.created, again.updated) == (0, 1)
    (tie,) = open_view(app, tid).relations.to_dict("records")
    # Said from the other side, «de» is the other one.
    assert (tie["from_name"], tie["referent_from"], tie["referent_to"]) == ("CMP à nous", "Ana", "Bo")
    assert load("relations", header + theirs + "\n").unchanged == 1


def test_one_way_ties_in_both_directions_are_two(app: App, tid: int, load: Importer) -> None:
    load("tableur", OURS)
    text = "de;vers;objet;sens\nex1;ex2;orientation;vers\nex2;ex1;orientation;vers\n"
    assert load("relations", text).created == 2
    assert load("relations", text).unchanged == 2


def test_the_same_file_is_not_read_again(app: App, tid: int, load: Importer, monkeypatch) -> None:
    from reseau.sources import all_sources

    first = load("finess", register(range(4)))
    source = all_sources()["finess"]

    def read(*_args: object) -> None:
        raise AssertionError("the file was read again")

    monkeypatch.setattr(type(source), "read", read)
    again = load("finess", register(range(4)))
    assert (again.created, again.unchanged, again.read) == (0, 4, first.read)
    assert any("pas été relu" in note for note in again.notes)
    assert again.claims == first.claims
    third = load("finess", register(range(4)))
    assert third.notes == again.notes


def test_other_imports_that_write_nothing_do_not_make_it_read_again(
    app: App, tid: int, load: Importer, monkeypatch
) -> None:
    """Whoever sends all the files each month, none of which changed, waits for none."""
    for _ in range(2):
        load("finess", register(range(4)))
        load("tableur", OURS, "a.csv")
    assert any("pas été relu" in note for note in load("finess", register(range(4))).notes)


@pytest.mark.parametrize("what", ["correction", "commune", "autre import", "autre feuille"])
def test_whatever_may_change_the_answer_makes_it_read_again(
    app: App, tid: int, load: Importer, what: str
) -> None:
    from reseau.services.territoires import update_territoire

    text = register(range(4))
    load("finess", text)
    if what == "correction":
        save_row(app, tid, "structures", {"name": "X"}, row_id=row_id(app, tid, uid(1)))
    elif what == "commune":
        update_territoire(app, tid, communes=["99101", "99102"])
    elif what == "autre import":
        load("tableur", OURS, "a.csv")
    else:
        text += "\n"
    assert not any("pas été relu" in note for note in load("finess", text).notes)
