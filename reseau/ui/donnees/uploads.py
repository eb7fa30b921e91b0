"""What a person uploads, as a file on disk for the time it is read."""

from __future__ import annotations

import re
import secrets
import string
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
def under_its_name(upload: Upload) -> Iterator[Path]:
    """A temporary file with these bytes and the very name the person knows, which may say what it is."""
    bare = Path(upload.name.replace("\\", "/")).name
    with TemporaryDirectory(prefix="reseau-") as folder:
        path = Path(folder) / (re.sub(r"[^\w .()-]", "-", bare)[:120] or "fichier")
        path.write_bytes(upload.getbuffer())
        yield path


@contextmanager
def as_file(upload: Upload) -> Iterator[Path]:
    """A temporary file with these bytes and the extension of the original, gone afterwards.

    Its name is one that no message holds by chance: services replace it by the name the person knows.
    """
    given = Path(upload.name)
    suffix = given.suffix.lower() if re.fullmatch(r"[.][a-z0-9]{1,8}", given.suffix.lower()) else ""
    # Some sources read a year in the name of a file: letters only before what is kept of it.
    token = "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))
    kept = re.sub(r"[^A-Za-z0-9_]+", "-", given.stem)[:60]
    with TemporaryDirectory(prefix="reseau-") as folder:
        path = Path(folder) / f"envoi-{token}-{kept}{suffix}"
        path.write_bytes(upload.getbuffer())
        yield path
