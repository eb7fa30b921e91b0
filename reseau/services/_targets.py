"""Where a file is about to be written."""

from __future__ import annotations

from pathlib import Path

from reseau.errors import RefusedInput, why


def prepare(path: Path) -> None:
    """Make the folder of a file to write.

    Raises:
        RefusedInput: the path is a folder, or its own folder cannot be made.
    """
    try:
        if path.is_dir():
            raise RefusedInput(f"« {path} » est un dossier : ajoutez-lui le nom du fichier à écrire.")
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> RefusedInput:
    """What to say when a file cannot be written there."""
    return RefusedInput(f"« {path} » ne peut pas être écrit : {why(error)}. Choisissez un autre endroit.")
