"""Objects of a JSON document one at a time: a list, a list under a key, or one object a line."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

from reseau.errors import RefusedInput
from reseau.sources._json_stream import Truncated, members

# Enough to see which key holds the list; what comes before it is a title, a date, a count.
_HEAD = 65_536
_MAX_LINE = 16 * 1024**2
_KEY = "objets"


def json_objects(stream: BinaryIO, name: str, *, keys: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number (from 1) and content of each object, without ever holding the document in memory.

    Args:
        stream: bytes of the document, UTF-8.
        name: of the file, for messages.
        keys: keys under which the list may be, at the top of the document.

    Raises:
        RefusedInput: not JSON, cut, not UTF-8, or no list of objects there.
    """
    head = _without_mark(stream.read(_HEAD))
    start = head.lstrip()[:1]
    whole = cast("BinaryIO", Chained(head, stream))
    if start == b"[":
        found = members(cast("BinaryIO", Chained(f'{{"{_KEY}":'.encode(), whole, b"}")), _KEY)
        yield from _told(found, _KEY, name)
    elif start == b"{" and _is_lines(head, keys):
        yield from _lines(whole, name)
    elif start == b"{" and (key := _key_of(head, keys)):
        yield from _told(members(whole, key), key, name)
    else:
        raise RefusedInput(
            f"« {name} » ne contient pas de liste lisible (JSON) : vérifiez que c'est le bon fichier."
        )


def _told(found: Iterator[tuple[str, Any]], wanted: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    try:
        for key, value in found:
            if key == wanted:
                number += 1
                yield number, _object(value, name, number)
    except (Truncated, RecursionError, ValueError) as error:
        raise _unread(error, name, number) from error


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    while line := buffered.readline(_MAX_LINE + 1):
        if not line.strip():
            continue
        number += 1
        if len(line) > _MAX_LINE:
            raise _cut(name, number - 1)
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _unread(error, name, number - 1) from error
        yield number, _object(value, name, number)


def _object(value: Any, name: str, number: int) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise RefusedInput(
        f"« {name} » : l'élément {number} de la liste n'est pas une fiche. Reprenez le fichier."
    )


def _unread(error: Exception, name: str, number: int) -> RefusedInput:
    """Refusal of a document after so many records: written otherwise, or not whole."""
    # A letter of which the end is missing is where a download stopped.
    if not isinstance(error, UnicodeDecodeError) or error.reason == "unexpected end of data":
        return _cut(name, number)
    return RefusedInput(
        f"« {name} » n'est pas en UTF-8 : rien n'a été lu. Reprenez le fichier tel qu'il est publié, ou "
        "enregistrez-le en UTF-8."
    )


def _cut(name: str, number: int) -> RefusedInput:
    return RefusedInput(
        f"« {name} » est coupé ou abîmé après la fiche {number} : rien n'a été lu. Téléchargez-le de nouveau."
    )


def _without_mark(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_lines(head: bytes, keys: Sequence[str]) -> bool:
    """Whether the first line is an object of its own, not the document that holds the list."""
    first, ended, rest = head.lstrip().partition(b"\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # A first record longer than what was looked at: the line after would have to be seen.
        return False
    alone = not rest.strip()
    return isinstance(value, dict) and bool(ended or alone) and not (alone and set(keys) & set(value))


def _key_of(head: bytes, keys: Sequence[str]) -> str:
    """Key of the list: the first one met."""
    places = {
        key: found.start()
        for key in keys
        if (found := re.search(rb'"%s"\s*:\s*\[' % re.escape(key.encode()), head))
    }
    return min(places, key=lambda key: places[key], default="")


class Chained(io.RawIOBase):
    """Several pieces of bytes and streams read one after the other."""

    def __init__(self, *parts: Any) -> None:
        self._parts = [io.BytesIO(part) if isinstance(part, bytes) else part for part in parts]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._parts:
            if block := self._parts[0].read(size):
                return bytes(block)
            self._parts.pop(0)
        return b""

    def readinto(self, buffer: Any) -> int:
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
