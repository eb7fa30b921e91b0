"""Permanences and actions, each on its days, where it is held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from reseau.model.screens import ScreenPlace
from reseau.screens._permanences import action_span
from reseau.screens.content import CALENDAR_DAYS
from tests import frames, screens

MONDAY = screens.NOW.date()


def permanence(**cells: Any) -> Any:
    return frames.permanences(
        {
            "structure_id": 3,
            "type_code": "cpam",
            "host_id": 1,
            "at": (400, 400),
            "opening_hours": "Tu 09:00-12:00",
        }
        | cells
    )


def days(frame: Any, **changes: Any) -> list[str]:
    return [item["day"] for item in screens.sample_content(permanences=frame, **changes)["permanences"]]


def test_a_permanence_is_there_on_its_days() -> None:
    content = screens.sample_content()
    assert [item["day"] for item in content["permanences"]] == [
        "2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29",
    ]  # fmt: skip
    first = content["permanences"][0]
    assert first["spans"] == [(540, 720)]
    assert first["place_id"] == 1
    assert first["place"] == "Maison de santé du Parc, bureau 2, 1 place du Parc"
    assert first["minutes"] == 1
    assert first["free"] is True
    assert first["no_appointment"] is None


def test_its_first_and_last_days_count() -> None:
    assert days(permanence(started_on=date(2026, 12, 1), ended_on=date(2026, 12, 8))) == [
        "2026-12-01",
        "2026-12-08",
    ]
    assert days(permanence(started_on=pd.NaT, ended_on=pd.Timestamp("2026-11-24"))) == ["2026-11-24"]
    assert days(permanence(ended_on=date(2026, 11, 23))) == []


@pytest.mark.parametrize("hours", ["", "sur rendez-vous", "Tu 09:00-12:00 unknown"])
def test_a_day_that_nobody_knows_is_not_announced(hours: str) -> None:
    assert days(permanence(opening_hours=hours)) == []


def test_a_public_holiday_nobody_spoke_of_is_not_announced() -> None:
    assert "2026-12-25" not in days(permanence(opening_hours="Fr 09:00-12:00"))
    assert "2026-12-18" in days(permanence(opening_hours="Fr 09:00-12:00"))


def test_what_is_closed_hidden_or_out_of_reach_is_not_announced() -> None:
    hidden = screens.said(ScreenPlace(structure_id=1, hidden=True))
    assert days(permanence(), places=hidden) == []
    assert days(permanence(structure_id=10)) == [], "the structure that held it is closed"
    assert days(permanence(host_id=10, at=(300, 300))) == [], (
        "its host is closed: where it is now is not known"
    )
    assert days(permanence(host_id=8, at=(5000, 400))) == []
    assert days(permanence(placed=False)) == []


def test_a_screen_about_some_needs_announces_those_only() -> None:
    assert days(permanence(), screen=screens.sample_screen(needs=("manger",))) == []
    assert days(permanence(), screen=screens.sample_screen(needs=("droits",)))


def test_elsewhere_than_at_a_structure_the_place_is_in_words() -> None:
    content = screens.sample_content(
        permanences=permanence(host_id=None, place="Salle des fêtes", at=(500, 500))
    )
    assert content["permanences"][0]["place"] == "Salle des fêtes"
    assert content["permanences"][0]["place_id"] is None


def actions(**cells: Any) -> Any:
    return screens.sample_content(
        actions=screens.actions({"title": "Atelier", "starts_on": date(2026, 11, 25)} | cells)
    )["actions"]


def test_each_coming_day_of_an_action() -> None:
    content = screens.sample_content()
    assert [item["day"] for item in content["actions"]] == [
        "2026-11-26",
        "2026-12-03",
        "2026-12-10",
        "2026-12-17",
    ]
    first = content["actions"][0]
    assert first["span"] == (600, 690)
    assert first["place"] == "Centre social, 3 allée des Lilas"
    assert first["languages"] == ["fr", "ar"]


def test_an_endless_action_stops_with_the_calendar() -> None:
    shown = actions(recurrence="hebdomadaire", starts_on=date(2026, 10, 7))
    assert shown[0]["day"] == "2026-11-25"
    assert all((date.fromisoformat(item["day"]) - MONDAY).days < CALENDAR_DAYS for item in shown)


@pytest.mark.parametrize("status", ["idee", "prevue", "realisee", "annulee"])
def test_only_confirmed_actions_are_announced(status: str) -> None:
    assert actions(status=status) == []
    assert len(actions(status="confirmee")) == 1


def test_an_action_of_other_quartiers_is_for_other_screens() -> None:
    assert actions(quartiers=("QN99999M",)) == []
    assert len(actions(quartiers=("QN99999M", screens.CODE))) == 1
    assert len(actions(quartiers=())) == 1


def test_a_past_action_or_one_without_a_date_or_a_title_is_not_announced() -> None:
    assert actions(starts_on=date(2026, 11, 22)) == []
    assert actions(starts_on=None) == []
    assert actions(title=" ") == []


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [("14:00", "16:30", (840, 990)), ("14:00", "", (840, 840)), ("", "16:30", None), (None, None, None),
     ("22:00", "01:00", (1320, 1440)), ("bientôt", "16:30", None), ("14:00", "tard", (840, 840)),
     ("24:00", "", None)],
)  # fmt: skip
def test_hours_of_an_action(start: Any, end: Any, span: tuple[int, int] | None) -> None:
    """Its start alone is still worth saying; an end alone says nothing."""
    assert action_span(start, end) == span
