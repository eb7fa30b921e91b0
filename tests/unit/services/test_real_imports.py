"""The whole life of a real register in one territory: import, diff, apply, undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file, list_imports, plan_import
from reseau.services.statements import conflicts
from reseau.services.territoires import create_territoire
from reseau.services.undoing import undo_import
from reseau.services.view import open_view
from tests.unit.services.imports import database

pytestmark = pytest.mark.real_data


def test_the_register_of_two_cities_changes_and_changes_back(
    app: App, tmp_path: Path, shared_data: Path
) -> None:
    source = shared_data / "finess" / "cs1100507_toulouse_montpellier.csv"
    tid = create_territoire(app, "Deux villes", communes=["31555", "34172"]).id
    first = import_file(app, tid, "finess", FileToImport(path=source))
    assert first.created == len(open_view(app, tid).structures) > 1_000
    before = database(app)

    lines = source.read_text(encoding="utf-8").splitlines()
    places = [rank for rank, line in enumerate(lines) if line.startswith("structureet;")]
    taken = [rank for rank in places if ";462;" not in lines[rank]]
    renamed, dropped = taken[:2], taken[10:13]
    numbers = {lines[rank].split(";")[1] for rank in dropped}
    for rank in renamed:
        cells = lines[rank].split(";")
        cells[3] = cells[4] = f"NOUVEAU NOM {rank}"
        lines[rank] = ";".join(cells)
    gone = {rank for rank, line in enumerate(lines) if len(line) > 20 and line.split(";")[1] in numbers}
    path = tmp_path / "suivant.csv"
    path.write_text(
        "\n".join(line for rank, line in enumerate(lines) if rank not in gone) + "\n", encoding="utf-8"
    )

    plan = plan_import(app, tid, "finess", FileToImport(path=path))
    assert {action: plan.count(action) for action in ("new", "changed", "reopened", "gone")} == {
        "new": 0, "changed": 2, "reopened": 0, "gone": 3,
    }  # fmt: skip
    assert {change.key.partition("--")[2] for change in plan.changes if change.action == "gone"} == numbers
    assert all("name" in {field.field for field in change.fields} for change in plan.changes[:2])
    report = import_file(app, tid, "finess", FileToImport(path=path))
    assert (report.updated, report.closed, report.created) == (2, 3, 0)
    assert report.claims == first.claims

    undone = undo_import(app, tid, report.id or 0)
    assert (undone.restored, undone.removed, undone.left) == (5, 0, ())
    assert database(app) == before
    undo_import(app, tid, first.id or 0)
    assert open_view(app, tid).structures.empty


def test_a_correction_lives_through_the_whole_region(app: App, shared_data: Path) -> None:
    """The city's file, a correction, then the region's file, which has other columns."""
    tid = create_territoire(app, "Toulouse", communes=["31555"]).id
    finess = shared_data / "finess"
    import_file(app, tid, "finess", FileToImport(path=finess / "cs1100507_toulouse_montpellier.csv"))
    row_id = int(open_view(app, tid).structures.index[0])
    save_row(app, tid, "structures", {"name": "Le nom que tout le monde connaît"}, row_id=row_id)
    report = import_file(app, tid, "finess", FileToImport(path=finess / "occitanie_opendatasoft.csv"))
    assert report.created == report.closed == 0
    rows = open_view(app, tid).structures
    assert rows.loc[row_id, "name"] == "Le nom que tout le monde connaît"
    assert all(item.field != "name" or item.structure_id == row_id for item in conflicts(app, tid))
    again = import_file(app, tid, "finess", FileToImport(path=finess / "occitanie_opendatasoft.csv"))
    assert (again.created, again.updated, again.closed) == (0, 0, 0)
    assert again.read == report.read
    assert len(list_imports(app, tid)) == 3
