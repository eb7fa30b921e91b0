"""Rounds over places of a territory: order, minutes, what cannot be walked to."""

from __future__ import annotations

import pytest

from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.rounds import walking_round
from reseau.services.siting_places import Candidate, free_point
from reseau.services.view import open_view
from tests.frames import lonlat
from tests.unit.services.sites import town


def at(x: float, name: str) -> Candidate:
    return free_point(*lonlat(x, 200), name)


def test_along_a_street_from_the_start(app: App, tid: int) -> None:
    """4.5 km/h on a straight line × 1.3: 750 m are 13 minutes."""
    town(app, tid)
    places = [at(0, "Départ"), at(1500, "Bout"), at(750, "Milieu")]
    found = walking_round(open_view(app, tid), places)
    assert [stop.place.label for stop in found.stops] == ["Départ", "Milieu", "Bout"]
    assert [stop.minutes for stop in found.stops] == pytest.approx([0, 13, 13], rel=1e-3)
    assert found.metres == pytest.approx(1950, rel=1e-3)
    assert found.minutes == pytest.approx(26, rel=1e-3)
    assert found.exact
    assert found.estimated
    assert "ligne droite" in found.travel
    back = walking_round(open_view(app, tid), places, closed=True)
    assert [stop.place.label for stop in back.stops][-1] == "Départ"
    assert len(back.stops) == 4
    assert back.minutes == pytest.approx(52, rel=1e-3)


def test_a_place_chosen_twice_is_visited_once(app: App, tid: int) -> None:
    town(app, tid)
    places = [at(0, "Départ"), at(750, "Milieu"), at(750, "Milieu")]
    assert len(walking_round(open_view(app, tid), places).stops) == 2


def test_too_few_places(app: App, tid: int) -> None:
    town(app, tid)
    for places in ([], [at(0, "Seul")], [at(0, "Seul")] * 2):
        with pytest.raises(RefusedInput, match="au moins deux"):
            walking_round(open_view(app, tid), places)
