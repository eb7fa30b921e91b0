"""Quartiers alike in other territories: matched by population, never where it is unknown."""

from __future__ import annotations

import pytest

from reseau.errors import NotFound
from reseau.gaps.comparing import Verdict
from reseau.services import App
from reseau.services.sisters import sisters, territories
from reseau.services.territoires import create_territoire, update_territoire
from tests.unit.services.towns import add_place, add_quartier, make_town


@pytest.fixture
def elsewhere(app: App, tid: int) -> int:
    return create_territoire(app, "Ailleurs", communes=["99102"]).id


def test_within_twenty_percent_the_nearest_first(app: App, tid: int, elsewhere: int) -> None:
    near, _, _ = make_town(app, tid)
    for rank, (name, people) in enumerate(
        {"Exact": 1000, "Un peu plus": 1200, "Trop": 1201, "Moins": 850, "Inconnu": None}.items()
    ):
        add_quartier(app, elsewhere, name, rank / 50, people=people)
    add_place(app, elsewhere, "PMI", ["pmi"], 0.0)
    found = sisters(app, tid, near)
    assert [item.comparison.right.name for item in found.sisters] == ["Exact", "Moins", "Un peu plus"]
    assert (found.tolerance, found.widened, found.found, found.others) == (0.2, False, 3, 1)
    assert found.unknown == (("Ailleurs", "Inconnu"),)
    rows = {row.type_code: row.verdict for row in found.sisters[0].comparison.rows}
    assert rows["cmp"] in {Verdict.BETTER, Verdict.UNKNOWN}


def test_widened_and_said_when_there_is_none(app: App, tid: int, elsewhere: int) -> None:
    near, _, _ = make_town(app, tid)
    add_quartier(app, elsewhere, "Plus grand", 0.0, people=1400)
    found = sisters(app, tid, near)
    assert (found.tolerance, found.widened, len(found.sisters)) == (0.4, True, 1)


def test_nobody_alike_tells_who_is_the_closest(app: App, tid: int, elsewhere: int) -> None:
    near, _, _ = make_town(app, tid)
    add_quartier(app, elsewhere, "Immense", 0.0, people=9000)
    found = sisters(app, tid, near)
    assert (found.tolerance, found.sisters) == (None, ())
    assert found.closest == ("Ailleurs", "Immense", 9000.0)


def test_an_unknown_population_matches_nobody(app: App, tid: int, elsewhere: int) -> None:
    code = add_quartier(app, tid, "Sans chiffre", 0.0, people=None)
    add_quartier(app, elsewhere, "Là-bas", 0.0, people=1000)
    found = sisters(app, tid, code)
    assert (found.sisters, found.closest, found.tolerance) == ((), None, None)


def test_alone_in_the_database(app: App, tid: int) -> None:
    near, _, _ = make_town(app, tid)
    assert sisters(app, tid, near).others == 0
    with pytest.raises(NotFound):
        sisters(app, tid, "QN0")


def test_other_settings_are_said(app: App, tid: int, elsewhere: int) -> None:
    """Eight minutes there and fifteen here: the difference may be the threshold's."""
    near, _, _ = make_town(app, tid)
    add_quartier(app, elsewhere, "Exact", 0.0)
    update_territoire(app, elsewhere, minutes_proximite=8)
    (found,) = sisters(app, tid, near).sisters
    (said,) = found.settings
    assert (said.label, said.before, said.after) == (
        "Seuil de proximité", "15\u00a0min à pied", "8\u00a0min à pied",
    )  # fmt: skip


def test_whole_territories_this_one_first(app: App, tid: int, elsewhere: int) -> None:
    make_town(app, tid)
    add_quartier(app, elsewhere, "Sans chiffre", 0.0, people=None)
    third = create_territoire(app, "Vide").id
    fourth = create_territoire(app, "Jumelle", communes=["99102"]).id
    make_town(app, fourth)
    found = territories(app, tid)
    assert [row.territoire_id for row in found] == [tid, fourth, elsewhere, third]
    assert [row.population for row in found] == [2000.0, 2000.0, None, None]
    assert found[0].reached == found[1].reached
    assert found[3].quartiers == 0


def test_progress_is_told(app: App, tid: int, elsewhere: int) -> None:
    near, _, _ = make_town(app, tid)
    add_quartier(app, elsewhere, "Exact", 0.0)
    told: list[tuple[float, str]] = []
    sisters(app, tid, near, on_progress=lambda share, words: told.append((share, words)))
    assert told == sorted(told)
    assert all("Ailleurs" in words for _, words in told)
