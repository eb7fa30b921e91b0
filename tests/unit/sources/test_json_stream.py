"""A document larger than memory gives the same items as one read whole, wherever its blocks are cut."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.sources import _json_stream as json_stream
from reseau.sources._json_stream import Truncated, members

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Drops(io.BytesIO):
    """Gives a few bytes at a time, cutting words, numbers and accents."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(3, size) if size and size > 0 else 3)


@given(
    document=st.dictionaries(st.sampled_from(["a", "é", "pmej"]), values), indent=st.sampled_from([None, 2])
)
def test_items_are_those_of_the_document(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    try:
        text.decode()
    except UnicodeDecodeError:
        return
    expected: list[tuple[str, Any]] = []
    for key, value in document.items():
        unfolded = isinstance(value, list) and key == "pmej"
        expected += [(key, item) for item in value] if unfolded else [(key, value)]
    assert list(members(Drops(text), "pmej")) == expected


@pytest.mark.parametrize(
    "text", ["", "[]", "12", "{", '{"a"', '{"a": ', '{"pmej": [1, {"b"', "{1: 2}", '{"a": tru']
)
def test_what_stops_early_says_so(text: str) -> None:
    with pytest.raises(Truncated):
        list(members(io.BytesIO(text.encode()), "pmej"))


def test_an_item_without_end_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote never closed would otherwise be read again and again until memory is full."""
    monkeypatch.setattr(json_stream, "BLOCK", 1000)
    monkeypatch.setattr(json_stream, "MAX_ITEM", 5000)
    stream = io.BytesIO(b'{"pmej": ["' + b"x" * 1_000_000)
    with pytest.raises(Truncated):
        list(members(stream, "pmej"))
    assert stream.tell() < 10_000
