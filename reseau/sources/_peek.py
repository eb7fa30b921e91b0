"""What a file looks like from its first bytes: enough to tell which source it is of, without ever failing."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from reseau.errors import ReseauError
from reseau.model.typology import normalise
from reseau.sources._files import DAMAGED
from reseau.sources._geopackage import require_plain_tables
from reseau.sources._text import decode

HEAD_BYTES = 256 * 1024
# No file of ours is wider; what is takes minutes to compare with the names of every source.
_MAX_NAMES = 2_000
BOUNDARIES, POINTS, JSON, TABLE, WORKBOOK, NOTHING = "contours", "points", "json", "texte", "classeur", ""
_GEOMETRY = re.compile(r'"type"\s*:\s*"(Point|MultiPoint|Polygon|MultiPolygon)"')
_DRAWN = frozenset({"Polygon", "MultiPolygon"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """First impression of a file.

    Attributes:
        shape: one of the constants above; `NOTHING` when nothing can be said.
        columns: names of its columns, normalised (`reseau.model.typology.normalise`); for a workbook none:
            it has to be opened.
        head: its first bytes as text, for the formats that are text.
    """

    shape: str = NOTHING
    columns: frozenset[str] = field(default_factory=frozenset)
    head: str = ""

    def has(self, *names: str) -> bool:
        """Whether it has all these columns (normalised)."""
        return self.columns.issuperset(names)


def glimpse(path: Path) -> Glimpse:
    """Look at a file. A file that cannot be opened or understood gives an empty glimpse."""
    with suppress(*DAMAGED, csv.Error, ReseauError):
        # A pipe or a device would be waited for, or never end.
        if not path.is_file():
            return Glimpse()
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if head.startswith(b"PK\x03\x04"):
            return _archive(path)
        if head.startswith(b"SQLite format 3\x00"):
            return _geopackage(path)
        if head and (b"\x00" not in head[:4096] or head[:2] in {b"\xff\xfe", b"\xfe\xff"}):
            return _text(decode(head)[0])
    return Glimpse()


def _named(shape: str, columns: list[str] | tuple[str, ...], head: str = "") -> Glimpse:
    return Glimpse(shape=shape, columns=frozenset(map(normalise, columns[:_MAX_NAMES])) - {""}, head=head)


def _text(text: str) -> Glimpse:
    start = text.lstrip()[:1]
    if start not in {"{", "["}:
        return _table(text)
    # The keys of the first objects: the beginning of a large document is not a document.
    keys = re.findall(r'"([^"\\]{1,60})"\s*:', text[:HEAD_BYTES])
    if '"FeatureCollection"' not in text:
        return _named(JSON, keys, text)
    found = _GEOMETRY.search(text)
    shape = BOUNDARIES if found is None or found[1] in _DRAWN else POINTS
    return _named(shape, [key for block in _properties(text) for key in block], text)


def _properties(text: str) -> list[list[str]]:
    """Keys of the properties of the features that can be read whole."""
    found: list[list[str]] = []
    for match in re.finditer(r'"properties"\s*:\s*', text):
        with suppress(json.JSONDecodeError):
            value, _ = json.JSONDecoder().raw_decode(text, match.end())
            if isinstance(value, dict):
                found.append([str(key) for key in value])
        if len(found) == 3:
            break
    return found


def _table(text: str) -> Glimpse:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t|", key=first.count)
    row = next(csv.reader(io.StringIO(first), delimiter=separator), [])
    return _named(TABLE, row, text)


def _geopackage(path: Path) -> Glimpse:
    require_plain_tables(path, path.name)
    # A second to load, and only for this format.
    import pyogrio

    names: list[str] = []
    shape = NOTHING
    for layer, geometry in pyogrio.list_layers(path):
        if geometry:
            shape = BOUNDARIES if "Polygon" in str(geometry) or shape == BOUNDARIES else POINTS
            names += [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]
    return _named(shape, names)


def _archive(path: Path) -> Glimpse:
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
        if "xl/workbook.xml" in members or "mimetype" in members:
            return Glimpse(shape=WORKBOOK)
        for member in members:
            suffix = PureWindowsPath(member).suffix.lower()
            if suffix == ".dbf":
                with archive.open(member) as file:
                    return _named(BOUNDARIES, _dbf_columns(file.read(32 * 300)))
            if suffix in {".geojson", ".csv"}:
                with archive.open(member) as file:
                    return _text(decode(file.read(HEAD_BYTES))[0])
    return Glimpse()


def _dbf_columns(head: bytes) -> list[str]:
    """Names of the fields of a dBase table: records of 32 bytes after the first, until a carriage return."""
    names = []
    for start in range(32, len(head) - 31, 32):
        if head[start] == 0x0D:
            break
        names.append(head[start : start + 11].partition(b"\x00")[0].decode("latin-1"))
    return names
