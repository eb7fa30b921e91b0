"""The demonstration comes whole or not at all."""

from __future__ import annotations

import pytest

from reseau.errors import RefusedInput
from reseau.model.vocabulary import State
from reseau.services import App, demo
from reseau.services.territoires import list_territoires
from reseau.services.view import open_view


def test_the_demonstration_shows_all_five_states_and_refuses_nothing(app: App) -> None:
    territoire, reports = demo.load_demo(app)
    view = open_view(app, territoire.id)
    assert {report.source: len(report.refused) for report in reports if report.refused} == {}
    assert set(view.expected_gaps["state"]) == set(State)
    assert view.territoire.fictional
    assert view.pivot_id is not None


def test_an_interrupted_demonstration_leaves_an_empty_database(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_share: float, message: str) -> None:
        if "relations" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.load_demo(app, on_progress=cut)
    assert list_territoires(app) == []


def test_it_never_mixes_with_somebodys_data(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput, match="base vide"):
        demo.load_demo(app)
    assert [item.id for item in list_territoires(app)] == [tid]
