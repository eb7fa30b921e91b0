"""What a person types is checked, versioned, reversible."""

from __future__ import annotations

import pytest

from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.services import App
from reseau.services.actions import save_action
from reseau.services.editing import (
    delete_row,
    deleted_rows,
    get_row,
    purge_row,
    restore_row,
    save_row,
)
from reseau.services.view import open_view


@pytest.fixture
def two(app: App, tid: int) -> tuple[int, int]:
    first = save_row(app, tid, "structures", {"name": "CMP", "types": ["cmp"]})
    return first, save_row(app, tid, "structures", {"name": "CCAS", "types": ["ccas"]})


def test_every_problem_is_said_at_once_and_nothing_written(app: App, tid: int) -> None:
    values = {"name": "", "types": ["inconnu"], "email": "x", "website": "javascript:alert(1)", "lat": 48.0}
    with pytest.raises(RefusedInput) as refusal:
        save_row(app, tid, "structures", values)
    message = str(refusal.value)
    for word in ("Nom", "Types", "Courriel", "Site internet", "Position"):
        assert word in message
    assert open_view(app, tid).structures.empty


def test_two_people_do_not_overwrite_each_other(app: App, tid: int, two: tuple[int, int]) -> None:
    seen = get_row(app, "structures", two[0])["version"]
    save_row(app, tid, "structures", {"name": "CMP A"}, row_id=two[0], version=seen)
    with pytest.raises(Conflict, match="entre-temps"):
        save_row(app, tid, "structures", {"name": "CMP B"}, row_id=two[0], version=seen)
    assert get_row(app, "structures", two[0])["name"] == "CMP A"


def test_a_patient_number_is_refused_in_free_text(app: App, tid: int, two: tuple[int, int]) -> None:
    with pytest.raises(RefusedInput, match="sécurité sociale"):
        save_row(app, tid, "structures", {"internal_note": "vu 2 84 05 31 555 123 45"}, row_id=two[0])


def test_deletion_is_reversible(app: App, tid: int, two: tuple[int, int]) -> None:
    relation = save_row(app, tid, "relations", {"from_id": two[0], "to_id": two[1], "status": "actif"})
    delete_row(app, tid, "structures", two[0])
    view = open_view(app, tid)
    assert (len(view.structures), len(view.relations)) == (1, 0)
    assert [(kind, row["id"]) for kind, row in deleted_rows(app, tid)] == [("structures", two[0])]
    restore_row(app, tid, "structures", two[0])
    view = open_view(app, tid)
    assert (len(view.structures), list(view.relations.index)) == (2, [relation])


def test_a_relation_exists_once_per_purpose(app: App, tid: int, two: tuple[int, int]) -> None:
    save_row(app, tid, "relations", {"from_id": two[0], "to_id": two[1]})
    with pytest.raises(RefusedInput, match="existe déjà"):
        save_row(app, tid, "relations", {"from_id": two[1], "to_id": two[0]})
    with pytest.raises(RefusedInput, match="elle-même"):
        save_row(app, tid, "relations", {"from_id": two[0], "to_id": two[0]})


def test_dates_and_hours_must_follow_each_other(app: App, tid: int) -> None:
    from datetime import date

    values = {"title": "Stand", "starts_on": date(2026, 12, 2), "ends_on": date(2026, 12, 1),
              "start_time": "14h", "end_time": "9 h"}  # fmt: skip
    with pytest.raises(RefusedInput) as refusal:
        save_row(app, tid, "actions", values)
    assert "Dates : la fin est avant" in str(refusal.value)
    assert "Heures : la fin est avant" in str(refusal.value)
    with pytest.raises(RefusedInput, match="heure non comprise"):
        save_row(app, tid, "actions", {"title": "Stand", "start_time": "le matin"})


def test_a_form_writes_values_as_a_file_would(app: App, tid: int) -> None:
    """One rule, one place: the same phone typed by hand or read in a file is the same text."""
    values = {"name": " CMP ", "types": ["cmp"], "phone": "0561000001", "website": "exemple.fr"}
    row = get_row(app, "structures", save_row(app, tid, "structures", values))
    assert (row["name"], row["phone"], row["website"]) == ("CMP", "05 61 00 00 01", "https://exemple.fr")


def test_partners_of_an_action_keep_their_order(app: App, tid: int, two: tuple[int, int]) -> None:
    action = save_row(app, tid, "actions", {"title": "Stand"})
    save_action(app, tid, {}, partners=[(two[1], "porteur"), (two[0], "oriente")], row_id=action)
    partners = open_view(app, tid).actions.at[action, "partners"]
    assert [item[0] for item in partners] == [two[1], two[0]]


def test_a_view_is_computed_once_per_change(app: App, tid: int, two: tuple[int, int]) -> None:
    before = open_view(app, tid)
    assert open_view(app, tid) is before
    save_row(app, tid, "structures", {"name": "Autre"}, row_id=two[0])
    assert open_view(app, tid) is not before


def test_what_is_in_the_trash_can_be_erased_for_good(app: App, tid: int, two: tuple[int, int]) -> None:
    """A person may ask that her details be erased: the trash must not keep them for ever."""
    contact = save_row(app, tid, "contacts", {"structure_id": two[0], "name": "Camille Exemple"})
    with pytest.raises(RefusedInput, match="corbeille"):
        purge_row(app, tid, "contacts", contact)
    delete_row(app, tid, "contacts", contact)
    purge_row(app, tid, "contacts", contact)
    assert deleted_rows(app, tid) == []
    with pytest.raises(NotFound):
        get_row(app, "contacts", contact)


def test_erasing_a_structure_erases_what_hangs_on_it(app: App, tid: int, two: tuple[int, int]) -> None:
    relation = save_row(app, tid, "relations", {"from_id": two[0], "to_id": two[1]})
    delete_row(app, tid, "structures", two[0])
    purge_row(app, tid, "structures", two[0])
    with pytest.raises(NotFound):
        get_row(app, "relations", relation)
    assert list(open_view(app, tid).structures.index) == [two[1]]


def test_what_a_form_takes_an_export_brings_back(app: App, tid: int) -> None:
    """Names as long as files allow, and on one line: else the row would be refused when imported again."""
    for kind, field in (("structures", "name"), ("actions", "title")):
        with pytest.raises(RefusedInput, match="300 caractères"):
            save_row(app, tid, kind, {field: "x" * 301, "types": ["cmp"]})
    row = save_row(app, tid, "structures", {"name": "CMP\ndu  Lac", "types": ["cmp"], "description": "a\nb"})
    stored = get_row(app, "structures", row)
    assert (stored["name"], stored["description"]) == ("CMP du Lac", "a\nb")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"capacity": 0.0, "capacity_unit": "places"}, "Capacité"),
        ({"capacity": -4.0, "capacity_unit": "places"}, "plus de 0"),
        ({"capacity": 4.0}, "son unité"),
        ({"capacity_unit": "places"}, "son unité"),
        ({"capacity": 4.0, "capacity_unit": "lits"}, "valeur inconnue"),
    ],
)
def test_a_capacity_is_over_zero_in_a_known_unit(
    app: App, tid: int, two: tuple[int, int], values: dict[str, object], problem: str
) -> None:
    with pytest.raises(RefusedInput, match=problem):
        save_row(app, tid, "structures", values, row_id=two[0])
    save_row(app, tid, "structures", {"capacity": 4.5, "capacity_unit": "professionnels"}, row_id=two[0])
    kept = open_view(app, tid).structures.loc[two[0]]
    assert (kept["capacity"], kept["capacity_unit"]) == (4.5, "professionnels")
    save_row(app, tid, "structures", {"capacity": None, "capacity_unit": ""}, row_id=two[0])
    assert open_view(app, tid).structures.loc[two[0], "capacity"] is None
