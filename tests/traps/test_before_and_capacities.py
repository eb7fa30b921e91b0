"""A backup made before planning came, and capacities as people type them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reseau.services import App
from reseau.services.backups import restore_backup
from reseau.services.importing import FileToImport, import_file
from reseau.services.priorities import priorities
from reseau.services.view import open_view
from tests.traps.test_hostile_files import UNTRANSLATED

# What revision 0003 did not have.
TABLES = ("expectation_versions", "needs", "networks", "scenarios", "snapshots")
COLUMNS = {
    "structures": {"capacity", "capacity_unit"},
    "type_settings": {"weight", "from_inhabitants"},
    "territoires": {"use_network", "social_indicator", "weight_to_link", "weight_needs"},
}
HEADER = "nom;type;commune;code insee;capacité;unité de capacité\n"


def test_a_backup_of_before_comes_back_with_what_is_new_unknown(
    app: App, backup: Path, tmp_path: Path
) -> None:
    """Otherwise the day a team updates, its backups are worth nothing."""
    path = tmp_path / "avant.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(path, "w") as target:
        manifest = json.loads(source.read("manifeste.json")) | {"revision": "0003"}
        for name in TABLES:
            del manifest["lignes"][name]
        target.writestr("manifeste.json", json.dumps(manifest))
        for table in manifest["lignes"]:
            rows = [json.loads(line) for line in source.read(f"{table}.jsonl").splitlines()]
            kept = [{key: row[key] for key in row.keys() - COLUMNS.get(table, set())} for row in rows]
            target.writestr(f"{table}.jsonl", "".join(json.dumps(row) + "\n" for row in kept))
    restore_backup(app, path)
    view = open_view(app, 1)
    assert view.needs.empty
    assert view.network is None
    assert view.structures["capacity"].isna().all()
    assert view.territoire.weight_needs == 1.0
    assert len(priorities(view).lines)


@pytest.mark.parametrize(
    ("typed", "known"),
    [("3;places", 3.0), ("3,5;ETP", 3.5), ("1 200;places", 1200.0), (";places", None), ("3;", None)],
)
def test_a_capacity_is_known_with_its_unit_or_not_at_all(
    restored: Callable[..., int], app: App, tmp_path: Path, typed: str, known: float | None
) -> None:
    tid = restored("needs")
    path = tmp_path / "partenaires.csv"
    path.write_text(f"{HEADER}Une place;CMP;Ici;99101;{typed}\n", encoding="utf-8")
    assert import_file(app, tid, "tableur", FileToImport(path=path)).created == 1
    structures = open_view(app, tid).structures
    found = structures.loc[structures["name"] == "Une place", "capacity"].iloc[0]
    assert (None if pd.isna(found) else found) == known


@pytest.mark.parametrize(
    "typed",
    ["-3;places", "0;places", "1e9;places", "NaN;places", "inf;places", "=1+1;places", "12 places;",
     "9" * 400 + ";places", "3;licornes"],
)  # fmt: skip
def test_a_capacity_that_cannot_be_is_kept_aside(
    restored: Callable[..., int], app: App, tmp_path: Path, typed: str
) -> None:
    tid = restored("needs")
    path = tmp_path / "partenaires.csv"
    path.write_text(f"{HEADER}Une place;CMP;Ici;99101;{typed}\n", encoding="utf-8")
    report = import_file(app, tid, "tableur", FileToImport(path=path))
    assert (report.created, len(report.refused)) == (0, 1)
    reasons = " ".join(problem.reason for problem in report.refused[0].problems)
    assert reasons
    assert not UNTRANSLATED.search(reasons)
