"""A territory already at work, and what happens to it when somebody gives it a file."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reseau.config import PROJECT_DIR, load_config
from reseau.errors import ReseauError
from reseau.model.reports import ImportReport
from reseau.services import App, open_app
from reseau.services.importing import FileToImport, import_file, preview_file
from reseau.services.territoires import create_territoire
from reseau.sources import Source, all_sources

SOURCES = all_sources()
# Where the samples are: every place of theirs is invented.
COMMUNES = [f"99{number:03d}" for number in range(1000)]
# What the samples need to find there: boundaries for the squares, partners for their ties.
ALREADY_THERE = ("qpv", "communes", "tableur")


def sample_of(source: Source) -> Path:
    """The sample file of a source."""
    return PROJECT_DIR / "reseau" / "sources" / source.id.replace("-", "_") / source.spec.sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one file did.

    Attributes:
        message: why the file was refused as a whole, empty when it was read.
        report: what was read of it, None when it was refused.
        changed: whether anything was written but the report itself.
        left_behind: files that were not there before: temporary ones, or beside the file given.
    """

    message: str = ""
    report: ImportReport | None = None
    changed: bool = False
    left_behind: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        """Rows written."""
        return self.report.created + self.report.updated if self.report else 0

    @property
    def said(self) -> str:
        """All that a person is told."""
        if self.report is None:
            return self.message
        reasons = [problem.reason for row in self.report.refused for problem in row.problems]
        return " ".join([*self.report.notes, *reasons])


@dataclass(slots=True)
class Desk:
    """An open application with one territory, whose temporary folder and whose database are watched."""

    app: App
    tid: int
    temporary: Path
    _watch: sqlite3.Connection

    def give(self, source_id: str, path: Path, **how: Any) -> Outcome:
        """All a person does with a file: choose its source, look at it, import it.

        Any exception that is not one of ours goes through, and fails the test.
        """
        around = _files_of(self.temporary) | _files_of(path.parent)
        before = self._version()
        message, report = "", None
        file = FileToImport(path=path, **how)
        SOURCES[source_id].recognises(path)
        with suppress(ReseauError):
            # The import says the same again, and that is what is judged.
            preview_file(self.app, source_id, file)
        try:
            report = import_file(self.app, self.tid, source_id, file)
        except ReseauError as error:
            message = str(error)
        left = _files_of(self.temporary) | _files_of(path.parent)
        return Outcome(
            message=message,
            report=report,
            changed=before != self._version(),
            left_behind=tuple(sorted(left - around)),
        )

    def _version(self) -> int:
        """A number that changes whenever another connection writes anything."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])


def _files_of(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def dump(app: App) -> dict[str, list[Any]]:
    """Every row of every table."""
    with closing(sqlite3.connect(app.store.url.removeprefix("sqlite:///"))) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        return {
            str(name): connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 -- our own tables
            for (name,) in names
        }


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """A territory that knows the sample quartiers, communes and partners."""
    temporary, base = folder / "temporaire", folder / "base.db"
    temporary.mkdir()
    app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{base}"}))
    before = tempfile.tempdir
    try:
        tid = create_territoire(app, "Essai", communes=COMMUNES).id
        for source_id in ALREADY_THERE:
            import_file(app, tid, source_id, FileToImport(path=sample_of(SOURCES[source_id])))
        tempfile.tempdir = str(temporary)
        with closing(sqlite3.connect(base)) as watch:
            yield Desk(app, tid, temporary, watch)
    finally:
        tempfile.tempdir = before
        app.close()
