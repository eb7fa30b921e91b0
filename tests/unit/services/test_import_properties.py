"""What must hold whatever the files: twice is once, the order of rows says nothing, undo is as before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseau.config import PROJECT_DIR, load_config
from reseau.services import App, open_app
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file, list_imports, plan_import
from reseau.services.territoires import create_territoire
from reseau.services.undoing import undo_import
from reseau.services.view import open_view
from tests.unit.services.imports import database, register

MODEST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# One structure a number, known to the register, to the team, or to both.
Lines = dict[int, tuple[str, str]]
numbers = st.integers(1, 9)
words = st.sampled_from(["CMP", "Les Érables", "Centre", "Été"])
phones = st.sampled_from(["", "0199000001", "0199000002"])
lines = st.dictionaries(numbers, st.tuples(words, phones), min_size=1, max_size=7)
files = st.lists(st.tuples(st.sampled_from(["finess", "tableur"]), lines), min_size=1, max_size=3)


def text_of(source: str, rows: Lines, order: list[int] | None = None) -> str:
    chosen = order or sorted(rows)
    if source == "finess":
        return register(chosen, names={number: rows[number][0].upper() for number in chosen})
    head = "identifiant;nom;type;finess;téléphone\n"
    return head + "".join(
        f"ex{number};{rows[number][0]} {number};CMP;99{number:07d};{rows[number][1]}\n" for number in chosen
    )


@contextmanager
def opened() -> Iterator[tuple[App, int, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{folder / 'base.db'}"}))
        yield app, create_territoire(app, "Essai", communes=["99101"]).id, folder
        app.close()


def file_of(folder: Path, text: str) -> FileToImport:
    path = folder / "fichier.csv"
    path.write_text(text, encoding="utf-8")
    return FileToImport(path=path)


@MODEST
@given(before=files, last=lines, source=st.sampled_from(["finess", "tableur"]), touched=st.booleans())
def test_plan_agrees_twice_is_once_and_undo_is_as_before(
    before: list[tuple[str, Lines]], last: Lines, source: str, touched: bool
) -> None:
    with opened() as (app, tid, folder):
        for other, rows in before:
            import_file(app, tid, other, file_of(folder, text_of(other, rows)))
        if touched:
            row_id = int(open_view(app, tid).structures.index[0])
            save_row(app, tid, "structures", {"name": "À moi", "phone": "01 99 11 11 11"}, row_id=row_id)
        was = database(app)
        file = file_of(folder, text_of(source, last))
        plan = plan_import(app, tid, source, file)
        assert database(app) == was
        report = import_file(app, tid, source, file)
        assert report.read == plan.read == len(last)
        assert (report.created, report.unchanged, report.closed) == (
            plan.count("new"), plan.unchanged, plan.count("gone"),
        )  # fmt: skip
        assert report.updated == plan.count("changed") + plan.count("reopened")
        now = database(app)
        # The comparison itself must find nothing, not only the fingerprint.
        again = import_file(app, tid, source, file, only=[c.key for c in plan.changes])
        assert (again.created, again.updated, again.closed) == (0, 0, 0)
        assert database(app) == now
        undo_import(app, tid, report.id)
        assert database(app) == was


@MODEST
@given(history=files, data=st.data())
def test_imports_undone_in_any_order(history: list[tuple[str, Lines]], data: st.DataObject) -> None:
    """Latest first, nothing is left; in another order, only what the reports named."""
    with opened() as (app, tid, folder):
        was = database(app)
        for source, rows in history:
            import_file(app, tid, source, file_of(folder, text_of(source, rows)))
        ids = [item.id for item in list_imports(app, tid) if item.id]
        order = data.draw(st.permutations(ids))
        named = sum(len(undo_import(app, tid, import_id).left) for import_id in order)
        if order == ids:
            assert database(app) == was
        assert len(open_view(app, tid).structures) <= named


@MODEST
@given(before=lines, after=lines, source=st.sampled_from(["finess", "tableur"]), data=st.data())
def test_the_order_of_rows_says_nothing(
    before: Lines, after: Lines, source: str, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(after)))
    seen = []
    for chosen in (sorted(after), order):
        with opened() as (app, tid, folder):
            import_file(app, tid, "finess", file_of(folder, text_of("finess", before)))
            import_file(app, tid, source, file_of(folder, text_of(source, after, list(chosen))))
            rows = open_view(app, tid).structures.drop(columns=["geometry"]).set_index("uid").sort_index()
            seen.append(rows[["name", "types", "phone", "closed", "finess", "sources"]].to_dict("index"))
    assert seen[0] == seen[1]


KILLED = """
import sys
from pathlib import Path
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.importing import FileToImport, import_file
from reseau.store import changes

def stop(*_args, **_kwargs):
    Path(sys.argv[2]).write_text("au milieu")
    import time
    time.sleep(60)

changes.add_changes = stop
app = open_app(load_config({"RESEAU_DATABASE_URL": sys.argv[1]}))
import_file(app, 1, "finess", FileToImport(path=Path(sys.argv[3])))
"""


def test_a_process_killed_in_the_middle_leaves_nothing_half_written(tmp_path: Path) -> None:
    """No Python runs after a kill -9: only the transaction protects."""
    with opened() as (app, tid, folder):
        file = file_of(folder, register(range(50)))
        was = database(app)
        sign = tmp_path / "signe"
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, app.store.url, str(sign), str(file.path)], cwd=PROJECT_DIR
        )
        try:
            for _ in range(600):
                if sign.exists():
                    break
                time.sleep(0.1)
            assert sign.exists(), "the import never reached its middle"
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert database(app) == was
        assert list_imports(app, tid) == []
        assert import_file(app, tid, "finess", file).created == 50
