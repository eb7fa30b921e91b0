"""The list of the week: who to call first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reseau.errors import RefusedInput
from reseau.services import App, editing, quality
from reseau.services.territoires import effective_types, set_types, update_territoire
from reseau.services.view import open_view


@pytest.fixture
def partners(app: App, tid: int) -> dict[str, int]:
    """A pivot, a partner it works with, one tied to another, one alone; all last checked long ago."""
    made = {
        name: editing.save_row(app, tid, "structures", {"name": name, "types": ["cmp"]})
        for name in ("Pivot", "Partenaire", "Connue", "Autre", "Seule")
    }
    for a, b in (("Pivot", "Partenaire"), ("Connue", "Autre")):
        editing.save_row(app, tid, "relations", {"from_id": made[a], "to_id": made[b], "status": "actif"})
    uid = editing.get_row(app, "structures", made["Pivot"])["uid"]
    update_territoire(app, tid, pivot_uid=uid)
    return made


def names(app: App, tid: int) -> list[str]:
    return list(quality.to_check(app, tid)["name"])


def test_nothing_typed_today_is_due_this_week(app: App, tid: int, partners: dict[str, int]) -> None:
    assert partners
    assert names(app, tid) == []


def test_partners_of_the_pivot_come_first_then_ties_then_the_others(
    app: App, tid: int, partners: dict[str, int]
) -> None:
    """A week has few hours: those one works with matter most."""
    for row_id in partners.values():
        editing.save_row(app, tid, "structures", {"review_days": 1}, row_id=row_id)
    # Due tomorrow at the latest: within the week unless today is Sunday, when it is the next one.
    tomorrow = date.today() + timedelta(days=1)
    if tomorrow.weekday() == 0:
        assert names(app, tid) == []
        return
    assert names(app, tid) == ["Partenaire", "Pivot", "Autre", "Connue", "Seule"]


def test_a_type_s_own_period_is_kept_and_used(app: App, tid: int, partners: dict[str, int]) -> None:
    usual = {item.type_code: item for item in effective_types(app, tid)}["cmp"]
    set_types(app, tid, [replace(usual, review_days=30)])
    assert partners
    assert {item.type_code: item.review_days for item in effective_types(app, tid)}["cmp"] == 30
    assert set(quality.sheets(app, tid)["days"]) == {30}


def test_saying_that_a_sheet_is_right_moves_its_date(app: App, tid: int, partners: dict[str, int]) -> None:
    seule = partners["Seule"]
    editing.save_row(app, tid, "structures", {"review_days": 10}, row_id=seule)
    assert quality.mark_reviewed(app, tid, [seule, seule]) == 1
    row = quality.sheets(app, tid).loc[seule]
    assert (row["checked_on"], row["due_on"]) == (date.today(), date.today() + timedelta(days=10))
    assert open_view(app, tid).structures.at[seule, "reviewed_on"] == date.today()


def test_nobody_checks_a_sheet_tomorrow(app: App, tid: int, partners: dict[str, int]) -> None:
    with pytest.raises(RefusedInput, match="futur"):
        quality.mark_reviewed(app, tid, partners.values(), on=date.today() + timedelta(days=1))


def test_sheets_are_computed_once_per_change(app: App, tid: int, partners: dict[str, int]) -> None:
    first = quality.sheets(app, tid)
    assert quality.sheets(app, tid) is first
    editing.save_row(app, tid, "structures", {"phone": "0123456789"}, row_id=partners["Seule"])
    again = quality.sheets(app, tid)
    assert again.at[partners["Seule"], "score"] > first.at[partners["Seule"], "score"]
