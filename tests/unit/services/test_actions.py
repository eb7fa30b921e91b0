"""Which actions are to come, what they gave, and writing one whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reseau.errors import Conflict, RefusedInput
from reseau.model.vocabulary import ACTION_STATUS_LABELS
from reseau.services import App
from reseau.services.actions import (
    count_totals,
    done_again,
    is_coming,
    is_to_review,
    known_counts,
    save_action,
)
from reseau.services.editing import get_row, save_row
from reseau.services.view import open_view


def action(**cells: Any) -> dict[str, Any]:
    """A row of ACTIONS as far as dates and figures go."""
    blank = {"starts_on": None, "ends_on": None, "recurrence": "", "status": "prevue", "counts": {}}
    return blank | cells


@pytest.mark.parametrize("status", [str(key) for key in ACTION_STATUS_LABELS])
def test_what_is_done_or_cancelled_is_not_coming(status: str) -> None:
    row = action(starts_on=date(2026, 12, 1), status=status)
    assert is_coming(row, date(2026, 12, 1)) == (status in {"idee", "prevue", "confirmee"})
    assert not is_coming(row, date(2026, 12, 2))


def test_figures_are_awaited_once_the_action_is_over() -> None:
    past, on = action(starts_on=date(2026, 11, 17)), date(2026, 11, 22)
    assert is_to_review(past, on)
    assert is_to_review(past | {"status": "realisee"}, on)
    assert not is_to_review(past | {"status": "realisee", "counts": {"orientations": 0}}, on)
    assert not is_to_review(past | {"status": "annulee"}, on)
    assert not is_to_review(past | {"status": "idee"}, on)
    assert not is_to_review(past, date(2026, 11, 17))
    running = past | {"recurrence": "hebdomadaire", "ends_on": date(2026, 12, 17)}
    assert not is_to_review(running, on)


def test_totals_say_how_many_did_not_count() -> None:
    rows = [
        action(status="realisee", counts={"personnes_rencontrees": 30, "orientations": 0}),
        action(status="realisee", counts={"personnes_rencontrees": 4}),
        action(status="realisee"),
        action(status="confirmee", counts={"personnes_rencontrees": 1000}),
    ]
    totals = {item.key: (item.total, item.given, item.missing) for item in count_totals(rows)}
    assert totals["personnes_rencontrees"] == (34, 2, 1)
    assert totals["orientations"] == (0, 1, 2)
    assert totals["rendez_vous_pris"] == (None, 0, 3)
    assert count_totals([rows[3]]) == []


def test_an_empty_figure_is_unknown_and_zero_is_zero() -> None:
    assert known_counts({"orientations": 0, "rendez_vous_pris": None}) == {"orientations": 0}
    with pytest.raises(RefusedInput, match="5 premières rencontres pour 4"):
        known_counts({"personnes_rencontrees": 4, "premiers_contacts": 5})


@pytest.fixture
def two(app: App, tid: int) -> tuple[int, int]:
    first = save_row(app, tid, "structures", {"name": "CMP", "types": ["cmp"]})
    return first, save_row(app, tid, "structures", {"name": "CCAS", "types": ["ccas"]})


def test_an_action_and_its_partners_are_written_together(app: App, tid: int, two: tuple[int, int]) -> None:
    partners = [(two[1], "porteur"), (two[0], "oriente")]
    action_id = save_action(app, tid, {"title": "Stand", "quartiers": ["QN1"]}, partners=partners)
    row = open_view(app, tid).actions.loc[action_id]
    assert [(item[0], item[2]) for item in row["partners"]] == partners
    save_action(app, tid, {"title": "Autre"}, row_id=action_id, version=int(row["version"]))
    row = open_view(app, tid).actions.loc[action_id]
    assert (row["title"], len(row["partners"])) == ("Autre", 2)


def test_what_is_typed_is_stored_in_its_usual_form(app: App, tid: int) -> None:
    """As text, «9h» would come after «10:30», and the action would be refused."""
    typed = {"title": "  Café   santé ", "start_time": "9h", "end_time": "10h30"}
    stored = get_row(app, "actions", save_action(app, tid, typed))
    assert (stored["title"], stored["start_time"], stored["end_time"]) == ("Café santé", "09:00", "10:30")


def test_nothing_is_written_when_a_partner_is_wrong(app: App, tid: int, two: tuple[int, int]) -> None:
    twice = [(two[0], "porteur"), (two[0], "oriente")]
    with pytest.raises(RefusedInput, match="deux fois"):
        save_action(app, tid, {"title": "Stand"}, partners=twice)
    with pytest.raises(RefusedInput, match="rôle") as refusal:
        save_action(app, tid, {"title": ""}, partners=[(two[0], "chef")])
    assert "Titre" in str(refusal.value)
    assert open_view(app, tid).actions.empty


def test_two_people_do_not_overwrite_each_other(app: App, tid: int, two: tuple[int, int]) -> None:
    action_id = save_action(app, tid, {"title": "Stand"})
    version = get_row(app, "actions", action_id)["version"]
    save_action(app, tid, {"status": "prevue"}, row_id=action_id, version=version)
    with pytest.raises(Conflict):
        save_action(
            app, tid, {"title": "X"}, partners=[(two[0], "porteur")], row_id=action_id, version=version
        )
    assert open_view(app, tid).actions.at[action_id, "partners"] == ()


def test_a_patient_number_is_refused(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput, match="sécurité sociale"):
        save_action(app, tid, {"title": "Stand", "outcome": "vu 2 84 05 31 555 123 45"})


def test_done_again_keeps_what_lasts(app: App, tid: int, two: tuple[int, int]) -> None:
    values = {"title": "Stand", "theme": "diabète", "host_id": two[1], "starts_on": date(2026, 10, 1),
              "status": "realisee", "counts": {"orientations": 3}, "outcome": "Bien"}  # fmt: skip
    former = save_action(app, tid, values)
    again = done_again(open_view(app, tid).actions.loc[former])
    assert (again["title"], again["theme"], again["host_id"]) == ("Stand", "diabète", two[1])
    assert (again["starts_on"], again["status"], again["counts"], again["outcome"]) == (None, "idee", {}, "")
    assert "uid" not in again
