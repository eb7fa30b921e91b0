"""Everything in one file, and back."""

from __future__ import annotations

from pathlib import Path

from reseau.errors import NotFound
from reseau.services.app import App
from reseau.store import backup


def save_backup(app: App, path: Path) -> int:
    """Write the whole database to one file and return its number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with app.store.read() as connection:
        return backup.write_backup(connection, path)


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


def restore_backup(app: App, path: Path) -> int:
    """Replace everything by a backup, or change nothing; returns the number of rows.

    Raises:
        RefusedInput: not a backup, damaged, or made by another version.
        NotFound: no such file.
    """
    if not path.is_file():
        raise NotFound(f"Le fichier « {path} » n'existe pas.")
    with app.store.write() as connection:
        count = backup.read_backup(connection, path)
    with app.lock:
        app.views.clear()
    return count
