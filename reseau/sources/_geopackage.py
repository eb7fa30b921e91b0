"""A GeoPackage is a database: it may hold questions to compute, not only tables to read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reseau.errors import RefusedInput

# Hidden columns that are computed when they are read (see PRAGMA table_xinfo).
_COMPUTED = (2, 3)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database from outside, only to be read: what it declares must not make it run anything.

    Raises:
        sqlite3.Error: not a database, or damaged; also what is raised inside the block.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        yield database


def require_plain_tables(path: Path, name: str) -> None:
    """Make sure that nothing in the file is computed when it is read: it could go on for ever.

    Args:
        path: of the database, whatever its name there.
        name: of the file a person knows.

    Raises:
        RefusedInput: a view, a computed column, or a damaged database.
    """
    try:
        with opened(path) as database:
            computed = _computed(database)
    except sqlite3.Error as error:
        raise RefusedInput(
            f"Le fichier « {name} » est abîmé ou incomplet : téléchargez-le de nouveau."
        ) from error
    if computed:
        raise RefusedInput(
            f"« {name} » contient des couches calculées (« {computed[0][:80]} »), qui ne sont pas lues : "
            "enregistrez la couche utile dans un nouveau GeoPackage ou en GeoJSON."
        )


def _computed(database: sqlite3.Connection) -> list[str]:
    """Views, and tables with a computed column."""
    objects = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    found = [str(label) for kind, label, _ in objects if kind == "view"]
    for kind, label, sql in objects:
        # What indexes are made of; another program's modules are not known here.
        if kind != "table" or str(sql).upper().startswith("CREATE VIRTUAL"):
            continue
        about = database.execute("SELECT hidden FROM pragma_table_xinfo(?)", (label,))
        if any(hidden in _COMPUTED for (hidden,) in about):
            found.append(str(label))
    return found
