"""The agenda file holds every coming day, nothing personal, and no text that breaks it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from reseau.services.agenda import calendar_file

ON, STAMP = date(2026, 11, 22), datetime(2026, 11, 22, 9, 30)


def action(**cells: Any) -> dict[str, Any]:
    blank = {
        "uid": "saisie--1", "title": "Stand", "form": "stand", "status": "prevue", "host_name": "",
        "place": "", "starts_on": date(2026, 12, 1), "ends_on": None, "recurrence": "",
        "start_time": "", "end_time": "",
        "team": "Karim", "note": "secret", "outcome": "", "counts": {},
    }  # fmt: skip
    return blank | cells


def lines(*rows: dict[str, Any]) -> list[str]:
    """Lines as an agenda reads them: folded ones put together again."""
    text = calendar_file(rows, on=ON, stamp=STAMP).decode("utf-8")
    assert text.endswith("END:VCALENDAR\r\n")
    return text.replace("\r\n ", "").split("\r\n")


def test_hours_are_those_on_the_wall_and_a_day_without_hours_is_whole() -> None:
    timed = lines(action(start_time="09:30", end_time="11:00", host_name="Centre", place="Salle 2"))
    assert "DTSTART:20261201T093000" in timed
    assert "DTEND:20261201T110000" in timed
    assert "LOCATION:Centre\\, Salle 2" in timed
    assert "DTSTART;VALUE=DATE:20261201" in lines(action())


def test_each_coming_day_is_an_event_of_its_own() -> None:
    row = action(starts_on=date(2026, 11, 5), ends_on=date(2026, 12, 17), recurrence="hebdomadaire")
    found = lines(row)
    uids = [line for line in found if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == 4
    assert "UID:saisie--1-20261126@reseau" in uids


@pytest.mark.parametrize("status", ["realisee", "annulee"])
def test_what_is_over_stays_out(status: str) -> None:
    assert "BEGIN:VEVENT" not in lines(action(status=status))


def test_nothing_of_the_team_leaves() -> None:
    text = calendar_file([action()], on=ON, stamp=STAMP).decode("utf-8")
    assert "Karim" not in text
    assert "secret" not in text


def test_a_title_cannot_add_a_line_of_its_own() -> None:
    bad = "A;B,C\\D\r\nEND:VEVENT\nX-EVIL:1\x00\u2028fin"
    found = lines(action(title=bad))
    assert "SUMMARY:A\\;B\\,C\\\\D\\nEND:VEVENT\\nX-EVIL:1  fin" in found
    assert found.count("END:VEVENT") == 1


def test_lines_fit_in_75_octets_and_no_character_is_cut() -> None:
    title = "Fête de quartier à l'été, où ça ? " * 8 + "é" * 100
    data = calendar_file([action(title=title)], on=ON, stamp=STAMP)
    raw = data.split(b"\r\n")
    assert max(map(len, raw)) <= 75
    assert all(line.decode("utf-8") is not None for line in raw)
    assert f"SUMMARY:{title}".replace(",", "\\,") in lines(action(title=title))
