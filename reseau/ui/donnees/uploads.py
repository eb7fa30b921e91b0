"""What a person uploads, as a file on disk for the time it is read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol


class Upload(Protocol):
    """What Streamlit gives for an uploaded file."""

    name: str
    file_id: str
    size: int

    def getbuffer(self) -> memoryview:
        """The bytes."""


@contextmanager
def as_file(upload: Upload) -> Iterator[Path]:
    """A temporary file with these bytes and the extension of the original, gone afterwards.

    Its name is one that no message holds by chance: services replace it by the name the person knows.
    """
    suffix = Path(upload.name).suffix.lower()
    with TemporaryDirectory(prefix="reseau-") as folder:
        name = f"envoi-{secrets.token_hex(8)}{suffix if re.fullmatch(r'[.][a-z0-9]{1,8}', suffix) else ''}"
        path = Path(folder) / name
        path.write_bytes(upload.getbuffer())
        yield path
