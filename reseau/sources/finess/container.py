"""The register's file as a stream, out of whatever it is packed in."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, cast

from reseau.errors import RefusedInput
from reseau.sources import _files

# The JSON publication opens to 750 MB and is read as a stream: it never sits in memory.
MAX_STREAM_BYTES = 2_000 * _files.MEGABYTE
_READABLE = (".csv", ".txt", ".json", ".gz")
_GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, the only file of the register in a ZIP, or what a `.gz` holds.

    Raises:
        RefusedInput: missing, empty, too big, damaged, or an archive without one clear file. Also when
            reading fails inside the block.
    """
    _files.require_file(path, max_bytes=MAX_STREAM_BYTES)
    try:
        if zipfile.is_zipfile(path):
            with _files.open_archive(path) as archive, archive.open(_member(archive, path.name)) as member:
                yield cast("BinaryIO", member)
            return
        with path.open("rb") as file:
            if file.peek(2)[:2] != _GZIP:
                yield file
                return
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast("BinaryIO", _Bounded(unpacked, path.name, path.stat().st_size))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RefusedInput(
            f"L'archive « {path.name} » est abîmée ou incomplète : téléchargez-la de nouveau."
        ) from error
    except OSError as error:
        raise RefusedInput(
            f"Le fichier « {path.name} » ne peut pas être lu : vérifiez vos droits."
        ) from error


def head(path: Path, size: int = 4096) -> bytes:
    """First bytes of what a file holds, empty when it cannot be opened."""
    try:
        with opened(path) as stream:
            return stream.read(size)
    except RefusedInput:
        return b""


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The one file to read: Windows and Apple leave others that are not for us."""
    found = [
        member.filename
        for member in archive.infolist()
        if not member.is_dir()
        and PureWindowsPath(member.filename).suffix.lower() in _READABLE[:3]
        and not PureWindowsPath(member.filename).name.startswith((".", "__"))
    ]
    found = [filename for filename in found if not filename.startswith("__MACOSX")]
    if len(found) == 1:
        return found[0]
    if not found:
        raise RefusedInput(
            f"L'archive « {name} » ne contient pas de fichier CSV ni JSON : choisissez celle de FINESS."
        )
    shown = ", ".join(PureWindowsPath(filename).name for filename in found[:4])
    raise RefusedInput(
        f"L'archive « {name} » contient plusieurs fichiers ({shown[:200]}) : ouvrez-la et importez chaque "
        "fichier l'un après l'autre."
    )


class _Bounded(io.RawIOBase):
    """What a `.gz` holds, until it holds too much: its size is only known by unpacking it."""

    def __init__(self, stream: gzip.GzipFile, name: str, packed: int) -> None:
        self._stream, self._name, self._packed = stream, name, packed
        self._read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size if size >= 0 else MAX_STREAM_BYTES + 1)
        self._read += len(block)
        swollen = self._read > 10 * _files.MEGABYTE and self._read > _files.MAX_RATIO * self._packed
        if swollen or self._read > MAX_STREAM_BYTES:
            raise RefusedInput(
                f"L'archive « {self._name} » se gonfle anormalement une fois ouverte : elle n'a pas été lue."
            )
        return block
