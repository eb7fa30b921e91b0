"""A file larger than memory as a stream, out of whatever it is packed in."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import Any, BinaryIO, cast

from reseau.errors import RefusedInput
from reseau.sources import _files

# The largest publication (FINESS) opens to 750 MB and is read as a stream: it never sits in memory.
MAX_STREAM_BYTES = 2_000 * _files.MEGABYTE
_READABLE = (".csv", ".txt", ".json", ".gz")
_GZIP, _BZIP = b"\x1f\x8b", b"BZh"
_DAMAGED = (gzip.BadGzipFile, tarfile.TarError, EOFError, zlib.error)


@contextmanager
def opened(path: Path, *, max_bytes: int | None = None) -> Iterator[BinaryIO]:
    """Open a file, the only one of a ZIP, what a `.gz` or `.bz2` holds, the first one of a `.tar.bz2`.

    Args:
        max_bytes: once unpacked; `MAX_STREAM_BYTES` when it is read as a stream and not kept.

    Raises:
        RefusedInput: missing, empty, too big, damaged, or an archive without one clear file. Also when
            reading fails inside the block.
    """
    most = MAX_STREAM_BYTES if max_bytes is None else max_bytes
    _files.require_file(path, max_bytes=most)
    try:
        if zipfile.is_zipfile(path):
            with _files.open_archive(path) as archive:
                name = _member(archive, path.name)
                if archive.getinfo(name).file_size > most:
                    raise _too_much(path.name, most)
                with archive.open(name) as member:
                    yield cast("BinaryIO", member)
            return
        with path.open("rb") as file:
            start = file.peek(3)[:3]
            if start[:2] == _GZIP:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield cast("BinaryIO", _Bounded(unpacked, path, most))
            elif start == _BZIP:
                with (
                    bz2.BZ2File(file) as unpacked_bz2,
                    _untarred(_Bounded(unpacked_bz2, path, most), path) as inner,
                ):
                    yield inner
            else:
                yield file
    except _DAMAGED as error:
        raise _files.damaged(path) from error
    except OSError as error:
        raise _files.forbidden(path) from error


@contextmanager
def _untarred(stream: _Bounded, path: Path) -> Iterator[BinaryIO]:
    """The first readable file of a tape archive, or the stream itself when it is none."""
    buffered = io.BufferedReader(stream, 1 << 16)
    if buffered.peek(512)[257:262] != b"ustar":
        yield cast("BinaryIO", buffered)
        return
    with tarfile.open(fileobj=buffered, mode="r|") as archive:
        for member in archive:
            if member.isfile() and PureWindowsPath(member.name).suffix.lower() in _READABLE[:3]:
                yield cast("BinaryIO", archive.extractfile(member))
                return
    raise RefusedInput(
        f"L'archive « {path.name} » ne contient pas de fichier CSV ni JSON : choisissez celle de la source."
    )


def head(path: Path, size: int = 4096) -> bytes:
    """First bytes of what a file holds, empty when it cannot be opened."""
    try:
        with opened(path) as stream:
            return stream.read(size)
    except RefusedInput:
        return b""


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The one file to read."""
    found = [
        filename
        for filename in _files.members_of(archive)
        if PureWindowsPath(filename).suffix.lower() in _READABLE[:3]
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise RefusedInput(
            f"L'archive « {name} » ne contient pas de fichier CSV ni JSON : choisissez celle de la source."
        )
    shown = ", ".join(PureWindowsPath(filename).name for filename in found[:4])
    raise RefusedInput(
        f"L'archive « {name} » contient plusieurs fichiers ({shown[:200]}) : ouvrez-la et importez chaque "
        "fichier l'un après l'autre."
    )


def _too_much(name: str, most: int) -> RefusedInput:
    return RefusedInput(
        f"L'archive « {name} » est trop grosse une fois ouverte ({most // _files.MEGABYTE} Mo au plus) : "
        "prenez un extrait de votre territoire."
    )


class _Bounded(io.RawIOBase):
    """What a packed file holds, until it holds too much: its size is only known by unpacking it."""

    def __init__(self, stream: gzip.GzipFile | bz2.BZ2File, path: Path, most: int) -> None:
        self._stream, self._name, self._packed = stream, path.name, path.stat().st_size
        self._most = most
        self._read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            block = self._stream.read(size if size >= 0 else self._most + 1)
        except OSError as error:
            # How the unpackers say that the bytes are not what they should be.
            raise EOFError from error
        self._read += len(block)
        swollen = self._read > 10 * _files.MEGABYTE and self._read > _files.MAX_RATIO * self._packed
        if self._read > self._most:
            raise _too_much(self._name, self._most)
        if swollen:
            raise RefusedInput(
                f"L'archive « {self._name} » se gonfle anormalement une fois ouverte : elle n'a pas été lue. "
                "Prenez-la de nouveau sur le site qui la publie."
            )
        return block

    def readinto(self, buffer: Any) -> int:
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
