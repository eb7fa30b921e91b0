"""The second lock: rendered text is never compiled again."""

from __future__ import annotations

from pathlib import Path

import branca.element
import folium
import jinja2
import pytest

from reseau.maps import lock
from tests.unit.maps.hostile import HOSTILE_NAMES, WITNESS


def test_lock_is_closed_once_maps_are_imported() -> None:
    """Fails the day branca compiles rendered text by another way: then no map may be drawn."""
    import reseau.maps.layer  # noqa: F401 -- importing is what closes it

    assert lock.is_closed()


def test_an_open_lock_is_seen_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself must be able to fail, or it would guard nothing."""
    monkeypatch.setattr(branca.element, "Template", jinja2.Template)
    assert not lock.is_closed()
    monkeypatch.setattr(lock, "VerbatimTemplate", jinja2.Template)
    with pytest.raises(RuntimeError, match="lock"):
        lock.close_lock()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_even_a_plain_folium_marker_runs_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody should write this, but if somebody does, the server stays safe."""
    monkeypatch.chdir(tmp_path)
    frame = folium.Map(location=[45.0, 3.0], tiles=None)
    folium.Marker([45.0, 3.0], tooltip=name).add_to(frame)
    page = frame.get_root().render()
    assert not (tmp_path / WITNESS).exists()
    assert name in page, "the text went through unchanged, so it was not compiled"
