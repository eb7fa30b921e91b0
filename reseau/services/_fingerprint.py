"""What makes a second import of a file pointless: the same bytes, read the same way, for the same place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import reseau
from reseau.model.reports import Scope
from reseau.services.app import App
from reseau.sources import Source

if TYPE_CHECKING:
    from reseau.services.importing import FileToImport

# Where a file is understood: another version of these may read the same bytes otherwise.
READERS = ("geo", "hours", "model", "sources")


def fingerprint_of(app: App, source: Source, scope: Scope, path: Path, file: FileToImport) -> str:
    """A short text, equal only when importing the file again could find nothing new."""
    how = {
        "source": source.id,
        "mapping": sorted(file.mapping.items()) if file.mapping is not None else None,
        "sheet": file.sheet,
        "defaults": sorted(file.defaults.items()),
        "scope": {item.name: _plain(getattr(scope, item.name)) for item in fields(scope)},
        "typology": repr(list(app.typology)),
        "readers": _readers(),
    }
    digest = hashlib.sha256(json.dumps(how, sort_keys=True).encode())
    try:
        with path.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    except OSError:
        # Whoever reads it will say why it cannot be read.
        return ""
    return digest.hexdigest()


def _plain(value: object) -> object:
    """A part of a scope as JSON holds it: codes in order, boundaries as digests."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [hashlib.sha256(area).hexdigest() for area in value]
    return value


@cache
def _readers() -> str:
    digest = hashlib.sha256(reseau.__version__.encode())
    package = Path(reseau.__file__).parent
    for folder in READERS:
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".csv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
