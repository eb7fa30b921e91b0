"""Everything in one file, and back."""

from __future__ import annotations

from pathlib import Path

from reseau.errors import NotFound, RefusedInput
from reseau.services._targets import prepare, unwritable
from reseau.services.app import App
from reseau.store import backup


def save_backup(app: App, path: Path) -> int:
    """Write the whole database to one file and return its number of rows.

    Raises:
        RefusedInput: nothing can be written there.
    """
    prepare(path)
    try:
        with app.store.read() as connection:
            return backup.write_backup(connection, path)
    except OSError as error:
        raise unwritable(path, error) from error


def current_counts(app: App) -> dict[str, int]:
    """Number of rows of every table of the database, everything put aside included."""
    with app.store.read() as connection:
        return backup.count_rows(connection)


def backup_counts(path: Path) -> dict[str, int]:
    """The same for a backup, as it says itself: nothing is read further nor changed.

    Raises:
        RefusedInput: not a backup.
    """
    return backup.read_counts(path)


def restore_backup(app: App, path: Path, *, only_if_empty: bool = False) -> int:
    """Replace everything by a backup, or change nothing; returns the number of rows.

    Args:
        only_if_empty: refuse when a territory exists, even one made by somebody else at this very moment.

    Raises:
        RefusedInput: not a backup, damaged, made by another version, or there is something to lose.
        NotFound: no such file.
    """
    if not path.is_file():
        raise NotFound(f"Le fichier « {path} » n'existe pas.")
    with app.store.write() as connection:
        if only_if_empty and not backup.is_empty(connection):
            raise RefusedInput("Un territoire vient d'être créé dans cette base : rien n'a été remplacé.")
        count = backup.read_backup(connection, path)
    with app.lock:
        app.views.clear()
    return count
