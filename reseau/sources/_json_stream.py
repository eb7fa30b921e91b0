"""A JSON document larger than memory, read one item at a time."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

BLOCK = 1 << 22
# A legal entity with 150 establishments takes less than a megabyte: more is not an item.
MAX_ITEM = 1 << 26
_SPACES = re.compile(r"[\s,]*")
_AFTER_VALUE = frozenset(" \t\r\n,:]}")
_DECODER = json.JSONDecoder()


class Truncated(ValueError):
    """The document stops before its end, or is not JSON there. `text`: what comes next."""

    def __init__(self, text: str) -> None:
        super().__init__("not JSON, or cut")
        self.text = text


def members(stream: BinaryIO, unfold: str) -> Iterator[tuple[str, Any]]:
    """Members of the object at the top of a document, those of the list named `unfold` one by one.

    Every other member is read whole.

    Raises:
        Truncated: the document stops early, is not an object or is not JSON.
        UnicodeDecodeError: not UTF-8.
    """
    reader = _Reader(stream)
    reader.expect("{")
    while reader.peek() != "}":
        key = reader.value()
        reader.expect(":")
        if not isinstance(key, str):
            raise Truncated(str(key)[:200])
        if key != unfold or reader.peek() != "[":
            yield key, reader.value()
            continue
        reader.expect("[")
        while reader.peek() != "]":
            yield key, reader.value()
        reader.expect("]")


class _Reader:
    """The part of the document that is in memory, and where we are in it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Next character that is neither space nor comma.

        Raises:
            Truncated: there is none.
        """
        while True:
            found = _SPACES.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise Truncated("")

    def expect(self, character: str) -> None:
        """Go past a character."""
        if self.peek() != character:
            raise Truncated(self._text[self._at : self._at + 200])
        self._at += 1

    def value(self) -> Any:
        """The next value, whatever its kind."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                waiting = len(self._text) - self._at
                if waiting >= MAX_ITEM or not self._more():
                    raise Truncated(self._text[self._at : self._at + 200]) from error
                continue
            # A number at the end of what is here may go on in what is not: `9.1` before `e-75`.
            if self._text[end : end + 1] in _AFTER_VALUE or not self._more():
                self._at = end
                return found

    def _more(self) -> bool:
        if self._ended:
            return False
        # As much again as what is waiting: a long item is tried a few times, not at every block.
        waiting = len(self._text) - self._at
        block = self._stream.read(max(BLOCK, min(waiting, MAX_ITEM - waiting)))
        self._ended = not block
        self._text = self._text[self._at :] + self._decoder.decode(block, final=self._ended)
        self._at = 0
        return not self._ended
