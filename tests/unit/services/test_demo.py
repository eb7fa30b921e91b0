"""The demonstration comes whole or not at all."""

from __future__ import annotations

import json

import pytest

from reseau.errors import RefusedInput
from reseau.model.vocabulary import State
from reseau.services import App, demo
from reseau.services.screen_bundles import current_files
from reseau.services.screens import find_screen
from reseau.services.territoires import list_territoires
from reseau.services.view import open_view


def test_the_demonstration_shows_all_five_states_and_refuses_nothing(app: App) -> None:
    territoire, reports = demo.load_demo(app)
    view = open_view(app, territoire.id)
    assert {report.source: len(report.refused) for report in reports if report.refused} == {}
    assert set(view.expected_gaps["state"]) == set(State)
    assert view.territoire.fictional
    assert view.pivot_id is not None


def test_the_demonstration_has_a_screen_that_shows_everything(app: App) -> None:
    territoire, _ = demo.load_demo(app)
    saved = find_screen(app, territoire.id, "Salle d'attente")
    content = json.loads(current_files(app, saved.key)["contenu.json"])
    assert [language["code"] for language in content["languages"]] == ["fr", "ar", "tr"]
    # Coming actions are those of the end of 2026: later, that slide has nothing to show.
    kinds = {slide["kind"] for slide in content["slides"]}
    assert kinds >= {"open", "need", "safe", "map", "permanences", "messages", "ideas"}
    (french,) = [slide for slide in content["slides"] if slide["need"] == "francais"]
    named = {place["id"]: place["name"] for place in content["places"]}
    assert [named[key] for key in french["places"]] == ["Bienvenue en Orvelle"]
    assert content["ideas"]["counts"] == {"francais": 6, "jeunes": 5}
    assert {code for message in content["messages"] for code in message["text"]} == {"fr", "ar", "tr"}
    needs = open_view(app, territoire.id).needs
    counted = needs[needs["collected"] == "écran"]
    assert dict(zip(counted["theme"], counted["count"], strict=True)) == {"langue": 6, "jeunesse": 5}


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
