"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reseau.errors import RefusedInput, why


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place at the end, unless something failed.

    Raises:
        RefusedInput: the folder does not exist or cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}.partiel{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)  # noqa: PTH105 -- same call, and one that tests can make fail
    except OSError as error:
        raise RefusedInput(
            f"Impossible d'écrire « {path.name} » dans « {path.parent} » : {why(error)}. "
            "Vérifiez que le dossier existe, que vous pouvez y écrire et que le fichier n'est pas ouvert."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
