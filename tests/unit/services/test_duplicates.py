"""Which pairs a person is asked about, and that an answer is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from reseau.errors import NotFound, RefusedInput
from reseau.matching import pairs as matching
from reseau.services import App, duplicates
from reseau.services.duplicates import (
    differences,
    distinct_pairs,
    forget_answer,
    merge,
    pairs_to_confirm,
    queue,
    say_distinct,
    unmerge,
)
from reseau.services.editing import delete_row, restore_row, save_row
from reseau.services.territoires import create_territoire
from tests.unit.services.conftest import Importer

HERE = {"types": ["cmp"], "lat": 48.1, "position_precision": "exacte", "insee": "99101"}


def sheet(app: App, tid: int, name: str, lon: float, **values: Any) -> int:
    return save_row(app, tid, "structures", {**HERE, "name": name, "lon": lon, **values})


@pytest.fixture
def twins(app: App, tid: int) -> tuple[int, int]:
    sheet(app, tid, "CMP Sud", 1.9)
    return sheet(app, tid, "C.M.P. Nord", 1.6), sheet(app, tid, "Centre médico-psy. Nord", 1.6)


def ids(app: App, tid: int) -> list[set[int]]:
    return [{pair.a_id, pair.b_id} for pair in pairs_to_confirm(app, tid)]


def test_a_pair_says_who_how_far_and_why(app: App, tid: int, twins: tuple[int, int]) -> None:
    (pair,) = pairs_to_confirm(app, tid)
    assert {pair.a_id, pair.b_id} == set(twins)
    assert {pair.a_name, pair.b_name} == {"C.M.P. Nord", "Centre médico-psy. Nord"}
    assert pair.metres == pytest.approx(0)
    assert pair.verdict == duplicates.PROBABLE
    assert "même type" in pair.reasons


def test_an_answer_is_remembered_and_can_be_taken_back(app: App, tid: int, twins: tuple[int, int]) -> None:
    """Whichever of the two is named first; said twice, it is said once."""
    first, second = twins
    say_distinct(app, tid, second, first)
    say_distinct(app, tid, first, second)
    assert ids(app, tid) == []
    assert [(item.a_id, item.b_id) for item in distinct_pairs(app, tid)] == [(first, second)]
    forget_answer(app, tid, first, second)
    assert ids(app, tid) == [set(twins)]
    assert distinct_pairs(app, tid) == []


def test_what_was_put_aside_or_merged_is_not_asked_about(app: App, tid: int, twins: tuple[int, int]) -> None:
    delete_row(app, tid, "structures", twins[1])
    assert ids(app, tid) == []
    restore_row(app, tid, "structures", twins[1])
    assert ids(app, tid) == [set(twins)]
    merge_id = merge(app, tid, *twins)
    assert ids(app, tid) == []
    unmerge(app, tid, merge_id)
    assert ids(app, tid) == [set(twins)]


def test_closed_sheets_are_asked_about_and_said(app: App, tid: int, twins: tuple[int, int]) -> None:
    save_row(app, tid, "structures", {"closed": True}, row_id=twins[0])
    (pair,) = pairs_to_confirm(app, tid)
    assert "l'une des deux est fermée" in pair.reasons


def test_a_change_elsewhere_does_not_search_again(
    app: App, tid: int, twins: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A contact written down must not cost seconds on the next look; a name changed is another search."""
    searches: list[int] = []
    real = matching.find
    monkeypatch.setattr(
        duplicates, "find", lambda *args, **kwargs: searches.append(1) or real(*args, **kwargs)
    )
    before = pairs_to_confirm(app, tid)
    searches.clear()
    save_row(app, tid, "contacts", {"structure_id": twins[0], "name": "Ana"})
    assert pairs_to_confirm(app, tid) == before
    assert searches == []
    save_row(app, tid, "structures", {"name": "Tout autre nom"}, row_id=twins[1])
    assert ids(app, tid) == []
    assert searches == [1]


def test_a_minimum_of_its_own(app: App, tid: int, twins: tuple[int, int]) -> None:
    assert pairs_to_confirm(app, tid, minimum=100) == []
    for wrong in (-1, 101, float("nan")):
        with pytest.raises(RefusedInput, match="de 0 à 100"):
            pairs_to_confirm(app, tid, minimum=wrong)
    assert queue(app, tid).notes == ()


def test_sheets_of_another_territory_are_not_answered_about(
    app: App, tid: int, twins: tuple[int, int]
) -> None:
    elsewhere = create_territoire(app, "Ailleurs", communes=["99102"]).id
    for gesture in (say_distinct, forget_answer):
        with pytest.raises(NotFound):
            gesture(app, elsewhere, *twins)
    with pytest.raises(RefusedInput, match="deux fois"):
        say_distinct(app, tid, twins[0], twins[0])
    assert pairs_to_confirm(app, elsewhere) == []


def test_what_is_to_be_chosen(app: App, tid: int, load: Importer) -> None:
    """Only where both say something else; who wrote it; what goes together is one choice."""
    load("tableur", "identifiant;nom;type;téléphone;courriel;ville\nT1;CMP Nord;CMP;0561000001;;Ici\n")
    hand = sheet(app, tid, "CMP Nord", 1.6, phone="0561000002", email="n@exemple.fr", commune="Là")
    other = 1
    found = {item.field: item for item in differences(app, other, hand)}
    assert set(found) == {"phone", "address"}
    assert found["phone"].by_person == (hand,)
    assert found["address"].fields == ("address", "address_extra", "postcode", "commune", "insee")
    with pytest.raises(NotFound):
        differences(app, hand, 10_000)
