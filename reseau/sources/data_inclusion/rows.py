"""Rows of structures and services as published: JSON, JSON lines, CSV, GeoJSON, Parquet, a ZIP of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import IO, Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from reseau.errors import RefusedInput
from reseau.sources import _files
from reseau.sources._json_objects import json_objects

Row = Mapping[str, Any]
# The national file of services in JSON; the same in Parquet is ten times smaller.
MAX_BYTES = 1_000 * _files.MEGABYTE
# A document that is not a list is held whole: a page of the interface, a GeoJSON, what Réseau brought.
MAX_DOCUMENT_BYTES = 200 * _files.MEGABYTE
# The whole country has a tenth of that, structures and services together.
MAX_RECORDS = 5_000_000
CHUNK = 1 << 20
BATCH = 2_000
EXTRA_CELLS = "valeur en trop"
# A pseudo-row that says which page follows.
PAGE = "\0page"
SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".geojson", ".csv", ".parquet"})
_LISTS = ("structures", "services")
# A whole number of thousands of digits is a `ValueError`, as JSON and text that are not what they say.
_DAMAGED = (ValueError, csv.Error, RecursionError, pa.ArrowException)


class _NotOurs(Exception):
    """The content is readable and is something else. The message says what to do."""


def iter_rows(path: Path) -> Generator[Row, None, None]:
    """Every row of a file, structures and services alike, one at a time.

    Raises:
        RefusedInput: cut, damaged, too big, pages missing, or not a file of records.
    """
    _files.require_file(path, max_bytes=MAX_BYTES)
    try:
        with path.open("rb") as file:
            if file.read(4) == b"PK\x03\x04":
                yield from _archive(path)
            else:
                yield from _stream(file, path.name, whole=True)
    except _NotOurs as error:
        raise RefusedInput(f"« {path.name} » : {error}") from error
    except _DAMAGED as error:
        raise RefusedInput(
            f"« {path.name} » ne peut pas être lu jusqu'au bout : il est abîmé, coupé, ou ce n'est pas un "
            "fichier de data·inclusion (JSON, CSV ou Parquet). Téléchargez-le de nouveau."
        ) from error
    except OSError as error:
        raise RefusedInput(f"« {path.name} » ne peut pas être lu : vérifiez vos droits.") from error


def _archive(path: Path) -> Iterator[Row]:
    """Members one after the other; pages of the interface must all be there."""
    pages: dict[str, set[int]] = {}
    totals: dict[str, int] = {}
    found = False
    with _files.open_archive(path) as archive:
        for member in sorted(archive.namelist()):
            if PureWindowsPath(member).suffix.lower() not in SUFFIXES:
                continue
            found = True
            content = io.BytesIO(_files.read_member(archive, member))
            for row in _stream(content, path.name, whole=False):
                if page := row.get(PAGE):
                    kind = str(page["kind"])
                    pages.setdefault(kind, set()).add(page["page"])
                    totals[kind] = max(totals.get(kind, 0), page["pages"])
                else:
                    yield row
    if not found:
        raise _NotOurs("cette archive ne contient aucun fichier JSON, CSV ou Parquet : vérifiez-la.")
    for kind, total in totals.items():
        if len(pages[kind]) < total:
            raise _NotOurs(
                f"il manque des pages de {kind} ({len(pages[kind])} sur {total}). Mettez-les toutes dans "
                "l'archive."
            )


def _stream(file: IO[bytes], name: str, *, whole: bool) -> Iterator[Row]:
    """Rows of one file. `whole`: it must not be one page of several."""
    file.seek(0)
    head = file.read(CHUNK)
    file.seek(0)
    if head.startswith(b"PAR1"):
        yield from _parquet(file)
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[" or (start == b"{" and _is_lines(head)):
        for _, item in json_objects(cast("BinaryIO", file), name, keys=()):
            yield from _nested(item)
    elif start == b"{":
        yield from _document(file, whole=whole)
    else:
        with _text_of(file) as text:
            yield from _csv(text)


@contextmanager
def _text_of(file: IO[bytes]) -> Iterator[IO[str]]:
    """A binary file as UTF-8 text; whoever opened it closes it."""
    text = io.TextIOWrapper(cast(Any, file), encoding="utf-8-sig", newline="")
    try:
        yield text
    finally:
        text.detach()


def _is_lines(head: bytes) -> bool:
    """Whether the first line is an object by itself and another follows."""
    first, _, rest = head.decode("utf-8-sig", "ignore").lstrip().partition("\n")
    try:
        return isinstance(json.loads(first), dict) and rest.lstrip().startswith("{")
    except (ValueError, RecursionError):
        return False


def _parquet(file: IO[bytes]) -> Iterator[Row]:
    table = pq.ParquetFile(file)
    about = table.metadata
    unpacked = sum(about.row_group(rank).total_byte_size for rank in range(about.num_row_groups))
    # The same value a thousand million times takes a few bytes, packed or not.
    if unpacked > MAX_BYTES or about.num_rows > MAX_RECORDS:
        raise _NotOurs(
            "le fichier est trop gros une fois décompressé. Prenez un extrait de votre territoire."
        )
    for batch in table.iter_batches(batch_size=BATCH):
        yield from batch.to_pylist()


def _csv(file: IO[str]) -> Iterator[Row]:
    header = file.readline(CHUNK)
    separator = max(",;\t", key=header.count)
    names = next(csv.reader([header], delimiter=separator), [])
    # Line breaks inside cells: the reader takes lines until the quotes close.
    for cells in csv.DictReader(file, fieldnames=names, delimiter=separator, restkey=EXTRA_CELLS):
        yield {name: cell or None for name, cell in cells.items()}


def _document(file: IO[bytes], *, whole: bool) -> Iterator[Row]:
    """One object that holds the rows: a page, a feature collection, both lists, or a single record."""
    content = file.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise _NotOurs("ce document est trop gros pour être lu. Prenez le même en CSV ou en Parquet.")
    data = json.loads(content.decode("utf-8-sig"))
    items = data.get("items")
    if isinstance(items, list):
        yield from _page(data, items, whole=whole)
    elif data.get("type") == "FeatureCollection" and isinstance(data.get("features"), list):
        for feature in data["features"]:
            yield from _nested(feature.get("properties") if isinstance(feature, dict) else None)
    elif any(isinstance(data.get(name), list) for name in _LISTS) and "id" not in data:
        for name in _LISTS:
            for item in data.get(name) or ():
                yield from _nested(item)
    else:
        yield from _nested(data)


def _page(data: Row, items: list[Any], *, whole: bool) -> Iterator[Row]:
    number, total = data.get("page", 1), data.get("pages", 1)
    if not (isinstance(number, int) and isinstance(total, int)):
        raise _NotOurs("ce n'est pas une page de l'interface de data·inclusion : vérifiez le fichier.")
    if whole and total > 1:
        raise _NotOurs(
            f"c'est la page {number} sur {total} : mettez toutes les pages dans une archive ZIP, sinon des "
            "structures seraient crues disparues."
        )
    service = any(isinstance(item, dict) and "structure_id" in item for item in items)
    yield {PAGE: {"kind": "services" if service else "structures", "page": number, "pages": total}}
    for item in items:
        yield from _nested(item)


def _nested(item: Any) -> Iterator[Row]:
    """A record, and those it carries: the services of a structure, the structure of a service."""
    if not isinstance(item, dict):
        raise _NotOurs("ce n'est pas une liste de structures ni de services : vérifiez le fichier.")
    own = {key: value for key, value in item.items() if key not in {"services", "structure"}}
    if isinstance(item.get("structure"), dict):
        yield item["structure"]
    yield own
    for service in item.get("services") or ():
        if isinstance(service, dict):
            yield {"structure_id": item.get("id"), **service}
