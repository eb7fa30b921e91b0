"""What a register no longer lists is closed, never deleted, and never on the word of a file cut short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from reseau.model.context import Iris, Repere
from reseau.services import App
from reseau.services.editing import delete_row, get_row, provenance_of, save_row
from reseau.services.importing import FileToImport, import_file, plan_import
from reseau.services.statements import conflicts
from reseau.services.view import open_view
from reseau.store.rows import rows_of
from tests.unit.services.conftest import Importer
from tests.unit.services.imports import Said, register, uid

BOX = shapely.box(1, 48, 2, 49).wkb


def by_uid(app: App, tid: int) -> dict[str, dict[str, Any]]:
    with app.store.read() as connection:
        return {row["uid"]: row for row in rows_of(connection, "structures", tid, deleted=None)}


def closed(app: App, tid: int) -> set[str]:
    return {key for key, row in by_uid(app, tid).items() if row["closed"]}


def test_gone_is_closed_and_listed_again_is_open(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(4)))
    report = load("finess", register(range(3)))
    assert (report.closed, report.unchanged, report.read) == (1, 3, 3)
    row = by_uid(app, tid)[uid(3)]
    assert row["closed"]
    assert row["deleted_at"] is None
    assert provenance_of(app, row["id"])["closed"][0] == "finess"
    # Said once: a file without it again changes nothing.
    assert load("finess", register(range(3)) + "\n").closed == 0
    back = load("finess", register(range(4)))
    assert (back.updated, back.unchanged) == (1, 3)
    assert closed(app, tid) == set()


def test_what_another_source_lists_stays_open_and_the_report_says_so(
    app: App, tid: int, load: Importer
) -> None:
    load("finess", register(range(4)))
    load("tableur", "identifiant;nom;type;finess\nex1;La pharmacie;pharmacie;990000003\n")
    report = load("finess", register(range(3)))
    assert report.closed == 0
    assert any(note.startswith("1 fiche que") and "ouverte" in note for note in report.notes)
    assert closed(app, tid) == set()


def test_a_person_who_says_it_is_open_is_asked_not_overruled(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(4)))
    load("finess", register(range(3)))
    row_id = by_uid(app, tid)[uid(3)]["id"]
    save_row(app, tid, "structures", {"closed": False}, row_id=row_id)
    report = load("finess", register(range(3)) + "\n")
    assert report.closed == 0
    assert not get_row(app, "structures", row_id)["closed"]
    # It had said so before the correction: nothing new to ask.
    assert conflicts(app, tid) == []


def test_a_person_is_asked_when_the_register_drops_what_they_say_is_open(
    app: App, tid: int, load: Importer
) -> None:
    load("finess", register(range(4)))
    row_id = by_uid(app, tid)[uid(3)]["id"]
    save_row(app, tid, "structures", {"closed": True}, row_id=row_id)
    save_row(app, tid, "structures", {"closed": False}, row_id=row_id)
    load("finess", register(range(3)))
    (conflict,) = conflicts(app, tid)
    assert (conflict.field, conflict.mine, conflict.theirs) == ("closed", False, True)
    load("finess", register(range(4)))
    assert conflicts(app, tid) == []


def test_a_commune_the_file_does_not_speak_of_is_left_alone(app: App, load: Importer, tmp_path: Path) -> None:
    from reseau.services.territoires import create_territoire

    load.tid = tid = create_territoire(app, "Deux", communes=["99101", "99102"]).id
    both = register(range(2)) + register(range(2, 4), commune="102").partition("\n")[2]
    load("finess", both)
    load("finess", register(range(1)))
    assert closed(app, tid) <= {uid(1)}
    assert not by_uid(app, tid)[uid(2)]["closed"]


def test_a_row_that_is_refused_is_still_in_the_file(app: App, tid: int, load: Importer) -> None:
    """A name erased by mistake must not close the place."""
    load("finess", register(range(4)))
    report = load("finess", register(range(4), names={3: ""}))
    assert (len(report.refused), report.closed) == (1, 0)


def test_a_file_that_lost_most_of_it_closes_nothing_unless_asked(
    app: App, tid: int, load: Importer, tmp_path: Path
) -> None:
    load("finess", register(range(30)))
    path = tmp_path / "maigre.csv"
    path.write_text(register(range(5)), encoding="utf-8")
    plan = plan_import(app, tid, "finess", FileToImport(path=path))
    assert plan.count("gone") == 25
    report = import_file(app, tid, "finess", FileToImport(path=path))
    assert report.closed == 0
    assert any("plus de la moitié" in note for note in report.notes)
    chosen = [change.key for change in plan.changes if change.action == "gone"][:2]
    assert import_file(app, tid, "finess", FileToImport(path=path), only=chosen).closed == 2
    assert import_file(app, tid, "finess", FileToImport(path=path, close_many=True)).closed == 23
    assert len(closed(app, tid)) == 25


def test_the_team_s_own_table_never_closes(app: App, tid: int, load: Importer) -> None:
    load("tableur", "identifiant;nom;type;code insee\na;A;CMP;99101\nb;B;CMP;99101\n")
    assert load("tableur", "identifiant;nom;type;code insee\na;A;CMP;99101\n").closed == 0


def test_what_a_person_deleted_is_not_closed(app: App, tid: int, load: Importer) -> None:
    load("finess", register(range(4)))
    delete_row(app, tid, "structures", by_uid(app, tid)[uid(3)]["id"])
    assert load("finess", register(range(3))).closed == 0


@pytest.fixture
def give(app: App, tid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Imports records of another map or of statistical blocks through a source of the test."""
    from reseau.sources import all_sources

    path = tmp_path / "essai.txt"
    path.write_text("essai", encoding="utf-8")

    def call(kind: str, records: list[Any], *, complete: bool = True) -> Any:
        source = Said(kind, complete=complete)
        source.records = records
        known = {**all_sources(), source.id: source}
        monkeypatch.setattr("reseau.services.importing.all_sources", lambda: known)
        path.write_text(repr(records), encoding="utf-8")
        return import_file(app, tid, source.id, FileToImport(path=path))

    return call


def repere(number: int, name: str = "") -> Repere:
    return Repere(uid=f"essai--node-{number}", name=name or f"Lieu {number}", lon=1.6, lat=48.1)


def test_places_of_another_map_are_put_aside_and_come_back(app: App, tid: int, give) -> None:
    assert give("reperes", [repere(1), repere(2)]).created == 2
    report = give("reperes", [repere(1, "Autre nom")])
    assert (report.updated, report.closed) == (1, 1)
    with app.store.read() as connection:
        assert [row["uid"] for row in rows_of(connection, "reperes", tid)] == ["essai--node-1"]
    back = give("reperes", [repere(1, "Autre nom"), repere(2)])
    assert (back.created, back.updated, back.unchanged) == (0, 1, 1)
    with app.store.read() as connection:
        assert len(rows_of(connection, "reperes", tid)) == 2


def test_a_place_a_person_put_aside_does_not_come_back(app: App, tid: int, give) -> None:
    give("reperes", [repere(1), repere(2)])
    with app.store.read() as connection:
        row_id = rows_of(connection, "reperes", tid)[0]["id"]
    delete_row(app, tid, "reperes", row_id)
    report = give("reperes", [repere(1, "A"), repere(2)])
    assert report.created == 0
    with app.store.read() as connection:
        assert len(rows_of(connection, "reperes", tid)) == 1


def test_an_incomplete_layer_puts_nothing_aside(give) -> None:
    give("reperes", [repere(1), repere(2)], complete=False)
    assert give("reperes", [repere(1)], complete=False).closed == 0


def test_blocks_of_a_commune_are_replaced_together(app: App, tid: int, give) -> None:
    def block(code: str) -> Iris:
        return Iris(
            code=code,
            name=code,
            insee=code[:5],
            wkb=shapely.box(1, 48, 2, 49).wkb,
            indicators={"pauvreté": 12.5},
        )

    give("iris", [block("991010101"), block("991010102"), block("991020101")])
    report = give("iris", [block("991010101"), block("991010199")])
    # 99102 is not of the territory, and the file does not speak of it.
    assert (report.created, report.unchanged, report.closed) == (1, 1, 1)
    with app.store.read() as connection:
        codes = [row["code"] for row in rows_of(connection, "iris", tid)]
    assert codes == ["991010101", "991020101", "991010199"]


def test_squares_named_anew_replace_the_old_ones(app: App, tid: int, give) -> None:
    """Every square gone and as many new: a new vintage, not a file cut short."""

    from reseau.model.context import Square

    def squares(prefix: str, count: int) -> list[Square]:
        return [
            Square(code=f"{prefix}N{rank}", epsg=2154, x=1.0, y=float(rank), lon=1.6, lat=48.1, people=2.5)
            for rank in range(count)
        ]

    give("carreaux", squares("CRS2154RES200m", 20))
    report = give("carreaux", squares("CRS3035RES200m", 20))
    assert (report.created, report.closed) == (20, 20)
    assert len(open_view(app, tid).structures) == 0
