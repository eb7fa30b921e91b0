"""Small files of a register and of a team, a source that says what a test wants, whole databases compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from reseau.model.reports import LocatedRecord, Parsed, Record, Scope
from reseau.services import App
from reseau.sources import ReadOptions, Source, SourceSpec

HEADER = "nofinesset;categetab;rs;commune;departement;latitude;longitude;telephone\n"
# What an import may leave behind once it is undone: its own traces, and versions that only grow.
TRACES = {"imports", "import_changes", "alembic_version"}
GROWING = {"version", "updated_at", "data_version"}


def register(numbers: Iterable[int], *, names: dict[int, str] | None = None, commune: str = "101") -> str:
    """A file of the register: one pharmacy a number, all in one commune."""
    names = names or {}
    return HEADER + "".join(
        f"99{number:07d};620;{names.get(number, f'PHARMACIE {number}')};{commune};99;"
        f"48.{number:04d};1.62;0199{number:06d}\n"
        for number in numbers
    )


def uid(number: int) -> str:
    """Identifier of a line of `register`."""
    return f"finess--99{number:07d}"


class Said(Source):
    """A source that gives the records a test gives it."""

    def __init__(
        self, kind: str, *, source_id: str = "essai", complete: bool = True, creates: bool = True
    ) -> None:
        self.spec = SourceSpec(
            id=source_id, title="Essai", kind=kind, publisher="", licence="", address="", frequency="",
            why_trust="", priority=30, extensions=(".txt",), sample="", complete=complete, creates=creates,
        )  # fmt: skip
        self.records: Sequence[Record] = ()
        self.given: frozenset[str] | None = None

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """The records, whatever the file; each gives all its fields unless `given` says otherwise."""
        return Parsed(
            records=tuple(
                LocatedRecord(
                    line=line,
                    record=record,
                    fields=self.given or frozenset(item.name for item in fields(record)),
                )
                for line, record in enumerate(self.records, start=2)
            )
        )


def database(app: App) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but the traces of imports, every column but those that only grow, in a stable order."""
    path = app.store.url.removeprefix("sqlite:///")
    found: dict[str, list[tuple[Any, ...]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - TRACES):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(f'"{name}"' for name in names if name not in GROWING)
            rows = connection.execute(f"SELECT {kept} FROM {table}")  # noqa: S608 -- names of our own tables
            found[table] = sorted(rows, key=repr)
    return found
