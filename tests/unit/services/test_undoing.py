"""Undoing an import puts back what was there, and leaves what was done since."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.errors import NotFound, RefusedInput
from reseau.services import App
from reseau.services.editing import get_row, provenance_of, save_row
from reseau.services.importing import FileToImport, import_file, list_imports
from reseau.services.statements import statements_of
from reseau.services.territoires import create_territoire
from reseau.services.undoing import can_undo, undo_import
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.imports import database, register, uid

OURS = (
    "identifiant;nom;type;finess;téléphone\n"
    "ex1;CMP à nous;CMP;990000001;0199000001\n"
    "ex2;Centre social;centre social;;\n"
)
TIE = "de;vers;objet\nex1;ex2;orientation\n"


def row_id(app: App, tid: int, name: str) -> int:
    rows = open_view(app, tid).structures
    return int(rows.index[rows["uid"] == name][0])


def undo_last(app: App, tid: int):
    return undo_import(app, tid, next(item.id for item in list_imports(app, tid) if not item.undone_on))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("finess", register(range(1, 12), names={3: "AUTRE"})),
        ("finess", register([1])),
        ("tableur", OURS.replace("CMP à nous", "CMP d'ici") + "ex3;Neuf;CCAS;;\n"),
        ("relations", TIE + "ex2;ex1;convention\n"),
        ("contacts", "structure;nom\nex1;Camille\n"),
        (
            "actions",
            "identifiant;titre;forme;partenaires\n"
            "s1;Autre titre;stand;ex1 (porteur)\ns2;Neuf;stand;ex2 (porteur)\n",
        ),
    ],
)
def test_import_then_undo_is_the_database_as_before(
    app: App, tid: int, load: Importer, source: str, text: str
) -> None:
    load("finess", register(range(9)))
    load("tableur", OURS)
    load("actions", "identifiant;titre;forme;partenaires\ns1;Stand;stand;ex2 (porteur)\n")
    save_row(app, tid, "structures", {"phone": "01 99 00 99 99"}, row_id=row_id(app, tid, uid(3)))
    before = database(app)
    load(source, text, "encore.csv")
    assert database(app) != before
    report = undo_last(app, tid)
    assert report.left == ()
    assert database(app) == before


def test_imports_undone_in_any_order_leave_what_was_there(app: App, tid: int, load: Importer) -> None:
    """The oldest first: a newer import must then put back what was there before the oldest."""
    load("finess", register(range(4)))
    before = database(app)
    load("finess", register(range(4), names={1: "DEUX"}))
    second = list_imports(app, tid)[0].id
    load("finess", register(range(4), names={1: "TROIS"}))
    third = list_imports(app, tid)[0].id
    assert undo_import(app, tid, second).restored == 0
    assert get_row(app, "structures", row_id(app, tid, uid(1)))["name"] == "TROIS"
    undo_import(app, tid, third)
    assert database(app) == before


def test_what_a_person_corrected_since_stays(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(4)))
    load("finess", register(range(5), names={1: "DEUX", 2: "AUSSI"}))
    first, made = row_id(app, tid, uid(1)), row_id(app, tid, uid(4))
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=first)
    save_row(app, tid, "structures", {"phone": "01 99 00 00 00"}, row_id=made)
    report = undo_last(app, tid)
    assert (report.removed, report.restored) == (0, 1)
    ((name, reason),) = report.left
    assert "corrigée" in reason
    assert name == get_row(app, "structures", made)["name"]
    assert get_row(app, "structures", first)["name"] == "Mon nom"
    assert provenance_of(app, first)["name"][0] == "saisie"


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        ("relations", "de;vers\nex1;ex2\n", "relations"),
        ("permanences", "structure;type;accueillie par\nex1;CMP;ex2\n", "permanences"),
        ("contacts", "structure;nom\nex1;Camille\nex2;Ana\n", "contacts"),
        ("journal", "structure;date;texte\nex1;2026-01-02;Appel\nex2;2026-01-02;Appel\n", "journal"),
        (
            "actions",
            "titre;forme;partenaires\nS;stand;ex1 (porteur) | ex2 (coanime)\n",
            "actions",
        ),
    ],
)
def test_what_somebody_works_with_stays_and_is_named(
    app: App, tid: int, load: Importer, kind: str, text: str, word: str
) -> None:
    first = load("tableur", OURS)
    assert load(kind, text).created
    report = undo_import(app, tid, first.id)
    assert report.removed == 0
    assert [name for name, _ in report.left] == ["CMP à nous", "Centre social"]
    assert all(word in reason for _, reason in report.left)
    assert len(open_view(app, tid).structures) == 2


def test_an_older_import_leaves_what_a_newer_one_completed(app: App, tid: int, load: Importer) -> None:
    first = load("finess", register(range(3)))
    load("tableur", OURS)
    report = undo_import(app, tid, first.id)
    assert (report.removed, [reason for _, reason in report.left]) == (
        2, ["un autre import l'a complétée depuis"],
    )  # fmt: skip
    undo_last(app, tid)
    assert set(open_view(app, tid).structures["uid"]) == {uid(1)}


def test_the_team_s_own_structure_stays(app: App, tid: int, load: Importer) -> None:
    from reseau.services.territoires import update_territoire

    first = load("tableur", OURS)
    update_territoire(app, tid, pivot_uid="tableur--ex1")
    assert "votre équipe" in undo_import(app, tid, first.id).left[0][1]


def test_what_it_closed_is_open_again(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(4)))
    load("finess", register(range(3)))
    assert undo_last(app, tid).restored == 1
    row = row_id(app, tid, uid(3))
    assert not get_row(app, "structures", row)["closed"]


def test_statements_go_back_too(app: App, tid: int, load: Importer) -> None:
    load("tableur", OURS)
    row = row_id(app, tid, "tableur--ex1")
    load("finess", register([1]))
    assert {item.field for item in statements_of(app, row)} == {"name", "types"}
    undo_last(app, tid)
    assert statements_of(app, row) == []


def test_an_import_undone_claims_nothing(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(3)))
    assert open_view(app, tid).claims
    undo_last(app, tid)
    assert open_view(app, tid).claims == ()
    assert not can_undo(list_imports(app, tid)[0])
    # The same file is read again: what it made is gone.
    assert load("finess", register(range(3))).created == 3


def test_not_twice_nor_from_elsewhere(app: App, tid: int, load: Importer) -> None:
    report = load("tableur", OURS)
    assert can_undo(report)
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    with pytest.raises(NotFound, match="n'existe pas"):
        undo_import(app, other, report.id)
    undo_import(app, tid, report.id)
    with pytest.raises(RefusedInput, match="déjà annulé"):
        undo_import(app, tid, report.id)


def test_an_import_of_before_is_refused(app: App, tid: int, load: Importer) -> None:
    """Nothing tells what it wrote: saying «done» would be a lie."""
    from reseau.store import changes

    report = load("tableur", OURS)
    with app.store.write() as connection:
        changes.forget_changes(connection, report.id)
    with pytest.raises(RefusedInput, match="ne gardait pas de quoi"):
        undo_import(app, tid, report.id)
    assert can_undo(list_imports(app, tid)[0])


def test_a_number_given_again_is_not_the_same_row(app: App, tid: int, load: Importer) -> None:
    """Erased for good, then another structure takes its number in the database: it is not the import's."""
    from reseau.services.editing import delete_row, purge_row

    report = load("tableur", OURS)
    last = row_id(app, tid, "tableur--ex2")
    delete_row(app, tid, "structures", last)
    purge_row(app, tid, "structures", last)
    mine = save_row(app, tid, "structures", {"name": "À moi", "types": ["ccas"]})
    assert mine == last
    assert undo_import(app, tid, report.id).removed == 1
    assert list(open_view(app, tid).structures.index) == [mine]


def test_undo_chosen_rows_only(app: App, tid: int, load: Importer, tmp_path: Path) -> None:
    load("finess", register(range(3)))
    before = database(app)
    path = tmp_path / "suite.csv"
    path.write_text(register(range(1, 6)), encoding="utf-8")
    import_file(app, tid, "finess", FileToImport(path=path), only=[uid(0), uid(4)])
    undo_last(app, tid)
    assert database(app) == before
