"""What an action prepared from a gap is filled with, and which places and partners come first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from reseau.services import App
from reseau.services.action_drafts import (
    gap_words,
    pivot_ties,
    prepare_action,
    suggested_partners,
    suggested_places,
)
from reseau.services.editing import save_row
from reseau.services.territoires import update_territoire
from reseau.services.view import View, open_view

# About 600 m by 830 m.
BEAUVAL = shapely.box(1.600, 48.100, 1.608, 48.1075)
INSIDE, NEAR, FAR = (1.604, 48.104), (1.611, 48.104), (1.640, 48.104)


class Town:
    """A quartier, and structures by name."""

    def __init__(self, app: App, tid: int) -> None:
        self.app, self.tid, self.ids = app, tid, {}
        values = {"name": "Beauval", "wkb": BEAUVAL.wkb, "population": 3200, "languages": ["fr", "ar"]}
        self.quartier = save_row(app, tid, "quartiers", values)

    def add(self, name: str, kind: str, at: tuple[float, float] | None, **cells: Any) -> int:
        place = {"lon": at[0], "lat": at[1], "position_precision": "exacte"} if at else {}
        values = {"name": name, "types": [kind], **place, **cells}
        self.ids[name] = save_row(self.app, self.tid, "structures", values)
        return self.ids[name]

    def tie(self, name: str, status: str, purpose: str = "orientation") -> None:
        values = {"from_id": self.ids[name], "to_id": self.ids["Nous"], "status": status, "purpose": purpose}
        save_row(self.app, self.tid, "relations", values)

    def view(self) -> View:
        pivot = open_view(self.app, self.tid).structures.at[self.ids["Nous"], "uid"]
        update_territoire(self.app, self.tid, pivot_uid=pivot)
        return open_view(self.app, self.tid)


@pytest.fixture
def town(app: App, tid: int) -> Town:
    made = Town(app, tid)
    made.add("Nous", "msp", FAR)
    return made


def names(found: tuple[Any, ...]) -> list[str]:
    return [item.name for item in found]


def test_usual_hosts_inside_come_before_the_nearby_and_the_others(town: Town) -> None:
    town.add("Pharmacie", "pharmacie", INSIDE)
    town.add("École", "ecole", INSIDE)
    town.add("Centre social proche", "centre-social", NEAR)
    town.add("Centre social", "centre-social", INSIDE)
    town.add("Fermé", "centre-social", INSIDE, closed=True)
    town.add("Sans adresse", "centre-social", None)
    found = names(suggested_places(town.view(), town.quartier))
    assert found == ["Centre social", "École", "Centre social proche", "Nous", "Pharmacie"]


def test_of_two_equal_places_the_one_you_work_with_comes_first_and_says_so(town: Town) -> None:
    town.add("A", "centre-social", INSIDE)
    town.add("B", "centre-social", INSIDE)
    town.add("C", "centre-social", NEAR)
    town.tie("B", "actif")
    town.tie("C", "en_sommeil")
    places = suggested_places(town.view(), town.quartier)
    assert names(places)[:3] == ["B", "A", "C"]
    assert places[0].reason == "dans le quartier, relation active avec vous"
    assert places[1].reason == "dans le quartier, pas encore de relation"
    assert places[2].reason.startswith("à 220\xa0m du bord du quartier, relation en sommeil")
    assert [item.neighbour for item in places] == [True, True, True, False]


def test_partners_are_the_nearest_of_the_type_then_active_ties(town: Town) -> None:
    town.add("CMP loin", "cmp", FAR)
    town.add("CMP près", "cmp", NEAR)
    town.add("CMP mobile", "cmp", None, reception_modes=["mobile"], served_quartiers=["QV-beauval"])
    town.add("Inconnu", "ccas", INSIDE)
    town.add("Ami", "ccas", FAR)
    town.tie("Ami", "actif")
    found = suggested_partners(town.view(), town.quartier, "cmp")
    assert [(item.name, item.role) for item in found] == [
        ("CMP mobile", "coanime"), ("CMP près", "coanime"), ("CMP loin", "coanime"), ("Ami", "informe"),
    ]  # fmt: skip
    assert found[0].reason == "se déplace dans le quartier, pas encore de relation"


def test_the_best_of_several_ties_is_told(town: Town) -> None:
    town.add("A", "ccas", INSIDE)
    town.tie("A", "termine")
    assert pivot_ties(town.view()) == {}
    town.tie("A", "en_sommeil", "formation")
    town.tie("A", "actif", "convention")
    assert pivot_ties(town.view()) == {town.ids["A"]: "actif"}


def test_a_gap_fills_the_form(town: Town) -> None:
    town.add("Centre social", "centre-social", INSIDE)
    town.add("CMP Les Tilleuls", "cmp", FAR)
    view = town.view()
    prepared = prepare_action(view, town.quartier, "cmp")
    values = prepared.values
    assert values["title"] == "CMP : aller vers Beauval"
    assert (values["quartiers"], values["type_code"], values["theme"]) == (
        ("QV-beauval",), "cmp", "Médico-social",
    )  # fmt: skip
    assert (values["publics"], values["languages"], values["status"]) == (("tous",), ("fr", "ar"), "idee")
    assert values["host_id"] == town.ids["Centre social"]
    assert prepared.sentence == gap_words(view, town.quartier, "cmp")
    assert "Beauval" in prepared.sentence
    assert values["note"].endswith(prepared.sentence)
    assert f"{date.today():%d/%m/%Y}" in values["note"]


def test_no_place_is_chosen_when_all_are_far(town: Town) -> None:
    prepared = prepare_action(town.view(), town.quartier, "cmp")
    assert names(prepared.places) == ["Nous"]
    assert prepared.places[0].reason.endswith("votre structure")
    assert prepared.values["host_id"] is None


def test_an_unknown_type_is_refused(town: Town) -> None:
    with pytest.raises(KeyError):
        prepare_action(town.view(), town.quartier, "inconnu")
