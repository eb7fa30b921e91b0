"""The body of an answer, little by little: cut connections and packed bodies are seen."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import requests

from reseau.downloads.http import BROKEN, Passing, host_of, problem_of
from reseau.errors import RefusedInput

CHUNK = 262_144


def is_packed(answer: requests.Response) -> bool:
    """Whether the body is packed (gzip) on its way.

    Raises:
        RefusedInput: packed in a way that is not known.
    """
    packed = answer.headers.get("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise RefusedInput(
            f"{host_of(answer.url)} envoie ce fichier sous une forme inconnue ({packed[:20]})."
        )
    return "gzip" in packed


def plain(answer: requests.Response) -> Iterator[bytes]:
    """The bytes of the file, little by little.

    Raises:
        Passing: the connection was cut, or the packed body has no end.
    """
    if is_packed(answer):
        yield from _unpacked(_raw(answer))
    else:
        yield from _raw(answer)


def _raw(answer: requests.Response) -> Iterator[bytes]:
    raw = answer.raw
    # Read as it comes: what waits to fill a block is lost when the connection is cut.
    blocks = (
        raw.stream(CHUNK, decode_content=False)
        if raw.chunked
        else iter(lambda: raw.read1(CHUNK, decode_content=False), b"")
    )
    while True:
        # Only what the network does is caught: a full disk is the caller's to tell.
        try:
            block = next(blocks, None)
        except BROKEN as error:
            raise Passing(problem_of(error)) from error
        if block is None:
            return
        yield block


def _unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for block in blocks:
            waiting = block
            while waiting:
                # Bounded: a few packed bytes may hold gigabytes.
                yield unpacker.decompress(waiting, CHUNK * 4)
                waiting = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise Passing("fichier abîmé en route") from error
    if not unpacker.eof:
        raise Passing("fichier coupé en route")
