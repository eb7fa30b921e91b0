"""Rows of a file of squares, a batch at a time: the national file does not fit in a small memory."""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory

from reseau.errors import RefusedInput
from reseau.sources import _files
from reseau.sources._geopackage import opened, require_plain_tables
from reseau.sources._layers import as_text
from reseau.sources.carreaux.naming import recognise

# The national GeoPackage weighs 1.5 GB.
MAX_BYTES = 3_000_000_000
BATCH = 20_000
_SQLITE = b"SQLite format 3\x00"
_DRAWN = re.compile("POLYGON|GEOMETRY|POINT|BLOB", re.IGNORECASE)
Row = Sequence[str]
WANTED = (
    "Choisissez le CSV ou le GeoPackage des carreaux de l'INSEE (« carreaux_200m_met.csv », par exemple)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of squares.

    Attributes:
        name: file or layer it came from.
        columns: names, in order.
        batches: lists of (line, cells); can be read once.
    """

    name: str
    columns: tuple[str, ...]
    batches: Iterator[list[tuple[int, Row]]]


@contextmanager
def open_tables(path: Path) -> Iterator[Iterator[Table]]:
    """The tables of squares of a file, one after the other, while it is open.

    Raises:
        RefusedInput: not a file of squares, damaged or too big.
    """
    _files.require_file(path, max_bytes=MAX_BYTES)
    with TemporaryDirectory(prefix="reseau-carreaux-") as folder:
        yield _tables(path, path.name, Path(folder))


def _tables(path: Path, name: str, folder: Path) -> Iterator[Table]:
    with path.open("rb") as file:
        head = file.read(65536)
    if head.startswith(_SQLITE):
        yield from _geopackage(path, name)
    elif zipfile.is_zipfile(path):
        yield from _archive(path, folder)
    else:
        yield _csv(path, name, head)


def _archive(path: Path, folder: Path) -> Iterator[Table]:
    with _files.open_archive(path) as archive:
        members = [
            member
            for member in _files.members_of(archive)
            if PureWindowsPath(member).suffix.lower() in {".csv", ".gpkg"}
        ]
        if not members:
            raise RefusedInput(f"L'archive « {path.name} » ne contient aucun fichier de carreaux. {WANTED}")
        for number, member in enumerate(members):
            target = folder / str(number)
            with archive.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            try:
                yield from _tables(target, PureWindowsPath(member).name, folder)
            except RefusedInput as error:
                raise RefusedInput(f"Archive « {path.name} » : {error}") from error
            finally:
                target.unlink()


def _csv(path: Path, name: str, head: bytes) -> Table:
    if b"\x00" in head:
        raise RefusedInput(f"« {name} » n'est pas un fichier de carreaux. {WANTED}")
    first = head.decode("utf-8-sig", errors="replace").lstrip().partition("\n")[0].strip()
    separator = max(",;\t|", key=first.count)
    columns = tuple(next(csv.reader([first], delimiter=separator), ()))
    if recognise(columns) is None:
        raise _not_squares(name, columns)
    return Table(name=name, columns=columns, batches=_csv_batches(path, name, separator))


def _csv_batches(path: Path, name: str, separator: str) -> Iterator[list[tuple[int, Row]]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        rows = ((reader.line_num, row) for row in reader if row and any(row))
        try:
            next(rows, None)
            while batch := list(islice(rows, BATCH)):
                yield list(batch)
        except csv.Error as error:
            raise RefusedInput(
                f"« {name} », ligne {reader.line_num} : cette ligne ne peut pas être découpée en colonnes, "
                "le fichier est sans doute abîmé. Téléchargez-le de nouveau."
            ) from error


def _geopackage(path: Path, name: str) -> Iterator[Table]:
    require_plain_tables(path, name)
    try:
        with opened(path) as database:
            tables = _layers(database)
            if not tables:
                raise _not_squares(name, ())
            for layer, columns in tables.items():
                yield Table(name=layer, columns=columns, batches=_layer_batches(database, layer, columns))
    except sqlite3.DatabaseError as error:
        raise RefusedInput(f"« {name} » est abîmé ou incomplet : téléchargez-le de nouveau.") from error


def _layers(database: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Tables of squares and their columns, geometries left out."""
    names = database.execute(
        "SELECT name FROM sqlite_master JOIN gpkg_contents ON table_name = name WHERE type = 'table' "
        "ORDER BY name"
    ).fetchall()
    found = {}
    for (layer,) in names:
        about = database.execute(f"PRAGMA table_info({_quoted(layer)})").fetchall()
        columns = tuple(str(row[1]) for row in about if not _DRAWN.search(str(row[2])))
        if recognise(columns) is not None:
            found[str(layer)] = columns
    return found


def _layer_batches(
    database: sqlite3.Connection, layer: str, columns: tuple[str, ...]
) -> Iterator[list[tuple[int, Row]]]:
    names = ", ".join(map(_quoted, columns))
    cursor = database.execute(f"SELECT {names} FROM {_quoted(layer)}")  # noqa: S608 -- quoted names of the file
    line = 0
    while batch := cursor.fetchmany(BATCH):
        yield [(line + place, [as_text(cell) for cell in row]) for place, row in enumerate(batch, start=1)]
        line += len(batch)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _not_squares(name: str, columns: Sequence[str]) -> RefusedInput:
    seen = ", ".join(columns)[:300] or "aucune"
    return RefusedInput(
        f"« {name} » n'est pas un fichier de carreaux : il faut un identifiant (idcar_200m, IdINSPIRE) ou "
        f"des coordonnées (x, y), et des habitants ou ménages (ind, men). Colonnes lues : {seen}. {WANTED}"
    )
