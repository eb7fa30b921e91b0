"""A place that could put someone in danger is nowhere, unless the team chose to show it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from reseau.model.screens import SUBJECTS, ScreenPlace
from reseau.model.typology import load_typology
from reseau.screens.content import Content
from reseau.screens.needs import load_needs
from reseau.screens.sensitive import guard_of
from tests import frames, screens

OF_SUBJECT = [(need.subject, code) for need in load_needs().values() if need.subject for code in need.types]


def territory(code: str, *, mode: str | None, subject: str) -> Content:
    """A sensitive place, what it holds and hosts, under one mode."""
    at = {"at": (500, 500), "address": "9 rue MARQUE", "phone": "02 48 00 00 99", "opening_hours": "24/7"}
    structures = frames.structures(
        {"id": 1, "name": "Centre social", "types": ("centre-social",), "at": (450, 400)},
        # A second type, shown by itself, must not bring the place back.
        {"id": 2, "name": "MARQUE", "types": ("centre-social", code), **at},
    )
    permanences = frames.permanences(
        {"structure_id": 1, "type_code": code, "host_id": 1, "place": "MARQUE b", "at": (450, 400),
         "opening_hours": "Mo-Fr 09:00-10:00"},
        {"structure_id": 1, "type_code": "cpam", "host_id": 2, "place": "MARQUE c", "at": (500, 500),
         "opening_hours": "Mo-Fr 09:00-10:00"},
        {"structure_id": 2, "type_code": "cpam", "host_id": 1, "place": "MARQUE d", "at": (450, 400),
         "opening_hours": "Mo-Fr 09:00-10:00"},
    )  # fmt: skip
    actions = screens.actions(
        {"title": "MARQUE e", "starts_on": date(2026, 11, 25), "type_code": code},
        {"title": "MARQUE f", "starts_on": date(2026, 11, 25), "host_id": 2},
    )
    screen = screens.sample_screen(sensitive={} if mode is None else {subject: mode})
    return screens.sample_content(
        screen=screen, structures=structures, permanences=permanences, actions=actions, pivot_id=None
    )


@pytest.mark.parametrize(("subject", "code"), OF_SUBJECT)
@pytest.mark.parametrize("mode", [None, "numeros", "rien", "n'importe quoi"])
def test_a_sensitive_place_is_nowhere(subject: str, code: str, mode: str | None) -> None:
    content = territory(code, mode=mode, subject=subject)
    assert "MARQUE" not in json.dumps(content)
    assert [place["id"] for place in content["places"]] == [1]
    slides = {slide["need"]: slide for slide in content["slides"] if slide["need"]}
    of_subject = [need for need in load_needs().values() if need.subject == subject]
    for need in of_subject:
        if mode == "rien":
            assert need.key not in slides
            assert need.key not in content["languages"][0]["needs"]
        else:
            assert slides[need.key]["kind"] == "safe"
            assert slides[need.key]["places"] == []
            assert slides[need.key]["numbers"] == list(need.numbers)


@pytest.mark.parametrize(("subject", "code"), OF_SUBJECT)
def test_the_team_may_show_the_places_of_a_subject(subject: str, code: str) -> None:
    content = territory(code, mode="lieux", subject=subject)
    assert {place["id"] for place in content["places"]} == {1, 2}
    assert len({day["place"] for day in content["permanences"]}) == 3
    assert len(content["actions"]) == 2
    kinds = {
        slide["kind"]
        for slide in content["slides"]
        if slide["need"] and load_needs()[slide["need"]].subject == subject
    }
    assert kinds == {"need"}


def test_opening_one_subject_leaves_the_others_closed() -> None:
    everything = {code for _, code in OF_SUBJECT}
    for subject in SUBJECTS:
        own = {code for of, code in OF_SUBJECT if of == subject}
        guard = guard_of(screens.sample_screen(sensitive={subject: "lieux"}))
        assert guard.types == everything - own


def test_every_sensitive_type_of_the_typology_is_kept_off_by_default() -> None:
    guard = guard_of(screens.sample_screen())
    assert {item.code for item in load_typology() if item.sensitive} <= guard.types


@pytest.mark.parametrize(("mode", "shown"), [("numeros", False), ("rien", False), ("lieux", True)])
def test_a_place_put_by_hand_under_a_sensitive_need_follows_its_mode(mode: str, shown: bool) -> None:
    places = screens.said(ScreenPlace(structure_id=3, needs=("rencontrer", "securite")))
    screen = screens.sample_screen(sensitive={"violences": mode})
    content = screens.sample_content(screen=screen, places=places)
    assert (3 in {place["id"] for place in content["places"]}) == shown
    assert ("Centre social" in json.dumps(content)) == shown


def test_a_sensitive_place_put_under_another_need_stays_out() -> None:
    places = screens.said(ScreenPlace(structure_id=7, needs=("parler",)))
    assert "Accueil des femmes" not in json.dumps(screens.sample_content(places=places))


@pytest.mark.parametrize(("theme", "subject"), [("violences", "violences"), ("addictions", "addictions")])
def test_an_action_says_its_subject_by_its_theme(theme: str, subject: str) -> None:
    def shown(**sensitive: Any) -> int:
        actions = screens.actions({"title": "Parlons-en", "theme": theme, "starts_on": date(2026, 11, 25)})
        screen = screens.sample_screen(sensitive=sensitive)
        return len(screens.sample_content(screen=screen, actions=actions)["actions"])

    assert shown() == 0
    assert shown(**{subject: "lieux"}) == 1


def test_residents_are_not_asked_to_touch_a_sensitive_need() -> None:
    """Someone may be looking over their shoulder."""
    counts = {"securite": 50, "manger": 7, "droits": 4}
    content = screens.sample_content(
        screen=screens.sample_screen(touch=True), ideas=counts, ideas_since=date(2026, 9, 1)
    )
    assert "securite" not in content["ideas"]["needs"]
    assert content["ideas"]["counts"] == {"manger": 7}, "four could point at someone"
    assert content["ideas"]["since"] == "2026-09-01"
