"""Opening a file of OpenStreetMap with care: what it is, whether it is whole, the day of its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import osmium

from reseau.errors import RefusedInput
from reseau.sources import _files

# A region of France as published; the whole country is ten times more than a territory needs.
MAX_BYTES = 1_500 * _files.MEGABYTE
XML, PBF = "osm", "pbf"
HEAD_BYTES, TAIL_BYTES = 4096, 4096
# What pyosmium raises on a file that is cut, damaged, or not what it says.
_DAMAGED = (RuntimeError, ValueError, OSError, osmium.InvalidLocationError)


def file_format(head: bytes) -> str:
    """`XML`, `PBF`, or empty when the first bytes are of neither."""
    if b"OSMHeader" in head[:64]:
        return PBF
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<?xml", b"<osm")) and re.search(rb"<osm[\s>]", start[:HEAD_BYTES]):
        return XML
    return ""


@contextmanager
def open_extract(path: Path) -> Iterator[tuple[osmium.io.File, date | None]]:
    """A file ready to be read by osmium and the day of its data, None when it does not say.

    Raises:
        RefusedInput: not a file of OpenStreetMap or too big; cut or damaged, also when that is found while
            reading inside the block.
    """
    _files.require_file(path, max_bytes=MAX_BYTES)
    head, tail = _ends(path)
    found = file_format(head)
    if not found:
        raise RefusedInput(
            f"« {path.name} » n'est pas un fichier OpenStreetMap (.osm ou .osm.pbf). Prenez un extrait de "
            "votre région, ou l'export d'Overpass au format OSM (XML)."
        )
    if found == XML and b"<remark>" in tail and b"error" in tail:
        raise RefusedInput(
            f"« {path.name} » est incomplet : le serveur Overpass s'est arrêté avant la fin. Demandez "
            "une zone plus petite, ou recommencez plus tard."
        )
    source = osmium.io.File(str(path), found)
    try:
        yield source, _date_of(source, head)
    except RefusedInput:
        raise
    except _DAMAGED as error:
        raise RefusedInput(
            f"« {path.name} » est abîmé ou coupé, il ne peut pas être lu jusqu'au bout : rien n'a été pris. "
            "Téléchargez-le de nouveau."
        ) from error


def _ends(path: Path) -> tuple[bytes, bytes]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return head, file.read()
    except OSError as error:
        raise RefusedInput(f"« {path.name} » ne peut pas être lu : vérifiez vos droits.") from error


def _date_of(source: osmium.io.File, head: bytes) -> date | None:
    with osmium.io.Reader(source, osmium.osm.osm_entity_bits.NOTHING) as reader:
        text = reader.header().get("osmosis_replication_timestamp")
    if not text and (stated := re.search(rb'osm_base="([^"]{10,30})"', head)):
        text = stated[1].decode("ascii", "replace")
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
