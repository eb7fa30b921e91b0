"""The map in a page: mounts without a browser, answers each event once, believes nothing it is sent."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from reseau.ui.components import map_view as module
from reseau.ui.components.map_view import MapEvent, parse_event

SQUARE = [[3.0, 45.0], [3.1, 45.0], [3.1, 45.1], [3.0, 45.0]]


def page() -> None:
    """A page with a map and a hostile name, as AppTest runs it."""
    import streamlit as st

    from reseau.maps.data import MapData, StructureMark
    from reseau.ui.components.map_view import Focus, MapBase, map_view

    mark = StructureMark(id=1, lon=3.0, lat=45.0, name="{{ 7*7 }}<script>", family="sante")
    base = MapBase(bounds=(2.9, 44.9, 3.1, 45.1), tiles_url="", attribution="")
    event = map_view(
        base, MapData(structures=(mark,)), key="essai", tool="placer", focus=Focus(lat=45.0, lon=3.0, zoom=14)
    )
    st.text(f"event={event}")


def test_page_mounts_and_nothing_has_happened_yet() -> None:
    """Without a click there is no event, run after run."""
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    assert app.text[0].value == "event=None"
    assert app.run().text[0].value == "event=None"


def test_files_come_from_this_server_only() -> None:
    """Addresses are relative to the frame: no host, no CDN, whatever stands before the server."""
    assets = module._assets()
    assert assets.scripts[0].endswith("/leaflet.js")
    assert all(address.startswith("../") for address in (*assets.scripts, *assets.styles))


def test_an_event_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The component repeats its last answer at every run: a filter must not select again."""
    monkeypatch.setattr(st, "session_state", {})
    answer = {"last_active_drawing": {"n": "a-1", "kind": "structure", "id": 4, "lat": 45.0, "lon": 3.0}}
    first = module._new_event(answer, seen_key="vu")
    assert first == MapEvent(kind="structure", id=4, lat=45.0, lon=3.0)
    assert module._new_event(answer, seen_key="vu") is None
    again = {"last_active_drawing": answer["last_active_drawing"] | {"n": "a-2"}}
    assert module._new_event(again, seen_key="vu") == first, "the same structure chosen again is a new event"


def test_a_drawing_is_a_closed_ring() -> None:
    """What comes back can be made a polygon at once."""
    event = parse_event({"n": "a-1", "kind": "drawing", "ring": SQUARE})
    assert event is not None
    assert event.ring == tuple(tuple(point) for point in SQUARE)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "texte",
        {"kind": "structure", "id": "1; drop", "lat": 45, "lon": 3},
        {"kind": "structure", "id": True, "lat": 45, "lon": 3},
        {"kind": "structure", "id": 1, "lat": float("nan"), "lon": 3},
        {"kind": "inconnu", "id": 1, "lat": 45, "lon": 3},
        {"kind": "background", "lat": 145, "lon": 3},
        {"kind": "drawing", "ring": SQUARE[:3]},
        {"kind": "drawing", "ring": [*SQUARE[:3], [9.0, 9.0]]},
        {"kind": "drawing", "ring": [*SQUARE[:3], ["<b>", 45.0]]},
        {"kind": "drawing", "ring": SQUARE * 1000},
    ],
)
def test_what_makes_no_sense_is_no_event(raw: Any) -> None:
    """The browser is outside: its answers are read like any input."""
    assert parse_event(raw) is None


@pytest.mark.parametrize("kind", ["structure", "quartier", "permanence", "repere"])
def test_what_was_chosen_comes_with_its_id_and_place(kind: str) -> None:
    """A page needs both: which one, and where to show it."""
    event = parse_event({"kind": kind, "id": 12, "lat": 45, "lon": 3.5})
    assert event is not None
    assert (event.kind, event.id, event.lat, event.lon) == (kind, 12, 45.0, 3.5)
