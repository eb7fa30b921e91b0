"""What residents leave by touch: nothing that could tell who, nothing counted twice, nothing hostile kept."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from sqlalchemy import event, select

from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import PARTICIPATION_STATUSES, REASONS, SHOWN_FROM, Screen
from reseau.model.vocabulary import THEMES
from reseau.screens.needs import load_needs
from reseau.services import App, participations, screen_bundles, screens
from reseau.services._screen_counts import THEME_OF_NEED
from reseau.services.editing import delete_row, deleted_rows, get_row, save_row
from reseau.services.participations import (
    A_MINUTE,
    ACCEPTED,
    KEPT_DAYS,
    MAX_WAITING,
    REFUSED,
    WAITING,
    decide,
    list_participations,
    receive,
    shown_counts,
    shown_since,
    to_review,
)
from reseau.services.screens import SavedScreen
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.store.tables import participations as table
from tests.unit.services.towns import SIDE, SOUTH, WEST, make_town

DAY = date(2026, 11, 23)
HERE = [WEST + SIDE / 2, SOUTH + SIDE / 2]
"""The team's structure, in the middle of Beauval."""
_numbers = count()


@pytest.fixture
def town(app: App, tid: int) -> tuple[str, str, int]:
    return make_town(app, tid)


@pytest.fixture
def saved(app: App, tid: int, town: tuple[str, str, int]) -> SavedScreen:
    return screens.save_screen(app, tid, Screen(name="Accueil", quartiers=town[:1], touch=True))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that pass when the test says so."""
    now = [1000.0]
    monkeypatch.setattr(participations.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def begun(app: App) -> Iterator[list[Any]]:
    """The first statement of each transaction."""
    heard: list[Any] = []
    fresh = [True]

    def began(_connection: Any) -> None:
        fresh[0] = True

    def said(_connection: Any, statement: Any, *_: Any) -> None:
        if fresh[0]:
            heard.append(statement)
        fresh[0] = False

    event.listen(app.store.engine, "begin", began)
    event.listen(app.store.engine, "before_execute", said)
    yield heard
    event.remove(app.store.engine, "begin", began)
    event.remove(app.store.engine, "before_execute", said)


def idea(**values: Any) -> dict[str, Any]:
    return {"key": f"appareil-{next(_numbers):020d}", "need": "manger", "reason": "loin", **values}


def leave(app: App, saved: SavedScreen, times: int = 1, *, on: date = DAY, **values: Any) -> list[int]:
    """Ids of what was just left."""
    before = {item.id for item in list_participations(app, 1)}
    for _ in range(times):
        participations._gate.times.clear()
        assert receive(app, saved.key, idea(**values), on=on)
    return [item.id for item in list_participations(app, 1) if item.id not in before]


def needs_of(app: App, tid: int) -> list[tuple[str, str, int, date | None, str]]:
    rows = open_view(app, tid).needs
    return sorted(
        (row.quartier_code, row.theme, int(row.count_), row.on, row.collected)
        for row in rows.rename(columns={"count": "count_"}).itertuples()
    )


def test_what_is_kept_says_a_day_and_nobody(app: App, tid: int, saved: SavedScreen) -> None:
    sent = idea()
    assert receive(app, saved.key, sent, on=DAY)
    (item,) = to_review(app, tid)
    assert (item.screen, item.on, item.status) == ("Accueil", DAY, WAITING)
    assert (item.record.need, item.record.reason, item.record.lon) == ("manger", "loin", None)
    # A column more would be something more known of a person.
    names = {"id", "territoire_id", "screen_id", "key", "on", "need", "reason", "lon", "lat", "status"}
    assert {column.name for column in table.c} == names | {"decided_on", "counted_in"}
    assert {field.name for field in fields(item.record)} == {"key", "need", "reason", "lon", "lat"}


def test_waiting_changes_nothing_that_is_shown(app: App, tid: int, saved: SavedScreen) -> None:
    """Else anybody who sends something would have the bundle made again."""
    version = open_view(app, tid).version
    receive(app, saved.key, idea(), on=DAY)
    assert open_view(app, tid).version == version
    assert shown_counts(app, tid, saved.id) == {}


HOSTILE = {
    "rien": {},
    "clé absente": {"need": "manger", "reason": "loin"},
    "clé courte": idea(key="abc"),
    "clé longue": idea(key="a" * 41),
    "clé étrange": idea(key="a" * 20 + "'; --"),
    "clé d'un autre genre": idea(key=["a" * 20]),
    "clé avec un saut": idea(key="a" * 20 + "\n"),
    "besoin inconnu": idea(need="argent"),
    "besoin en liste": idea(need=["manger"]),
    "besoin sensible": idea(need="securite"),
    "raison inconnue": idea(reason="<script>"),
    "raison vide": idea(reason=""),
    "texte libre": idea(text="Je m'appelle Camille"),
    "position toute faite": idea(lon=1.0, lat=48.0),
    "point d'un seul nombre": idea(spot=[1]),
    "point hors du plan": idea(spot=[-1, 10]),
    "point très loin": idea(spot=[1e300, 1e300]),
    "point sans fin": idea(spot=[10**400, 48]),
    "point qui n'est pas un nombre": idea(spot=[float("nan"), 1]),
    "point infini": idea(spot=[float("inf"), 1]),
    "point en mots": idea(spot=["1", "2"]),
    "point en booléens": idea(spot=[True, False]),
    "point en objet": idea(spot={"0": 1, "1": 2}),
    "point vide": idea(spot=[]),
    "point faux": idea(spot=False),
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=list(HOSTILE))
def test_what_no_screen_sends_is_refused_and_not_kept(
    app: App, tid: int, saved: SavedScreen, payload: dict[str, Any]
) -> None:
    with pytest.raises(RefusedInput):
        receive(app, saved.key, payload, on=DAY)
    assert to_review(app, tid) == []


def test_only_a_screen_that_asks_takes_answers(app: App, tid: int, saved: SavedScreen) -> None:
    quiet = screens.save_screen(app, tid, replace(saved.record, name="Muet", touch=False))
    with pytest.raises(RefusedInput, match="ne recueille pas d'avis"):
        receive(app, quiet.key, idea())
    with pytest.raises(NotFound):
        receive(app, "cle-inconnue", idea())
    few = screens.save_screen(app, tid, replace(saved.record, name="Peu", needs=("droits",)))
    with pytest.raises(RefusedInput):
        receive(app, few.key, idea(need="manger"))
    open_ = replace(saved.record, name="Ouvert", sensitive={"violences": "lieux"})
    assert receive(app, screens.save_screen(app, tid, open_).key, idea(need="securite"))


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_a_screen_is_taken(app: App, tid: int, saved: SavedScreen, reason: str) -> None:
    assert receive(app, saved.key, idea(reason=reason, spot=None), on=DAY)


def test_what_is_sent_twice_is_kept_once(app: App, tid: int, saved: SavedScreen) -> None:
    """A device without network tries until it is answered."""
    sent = idea()
    assert [receive(app, saved.key, sent, on=DAY) for _ in range(3)] == [True, True, True]
    assert len(to_review(app, tid)) == 1


def test_a_flood_waits_a_minute(app: App, tid: int, saved: SavedScreen, clock: list[float]) -> None:
    taken = [receive(app, saved.key, idea(), on=DAY) for _ in range(A_MINUTE + 5)]
    assert taken == [True] * A_MINUTE + [False] * 5
    other = screens.save_screen(app, tid, replace(saved.record, name="Autre"))
    assert receive(app, other.key, idea(), on=DAY)
    clock[0] += 61
    assert receive(app, saved.key, idea(), on=DAY)
    assert len(to_review(app, tid)) == A_MINUTE + 2


def test_what_is_refused_does_not_keep_others_out(app: App, saved: SavedScreen, clock: list[float]) -> None:
    for _ in range(A_MINUTE * 2):
        with pytest.raises(RefusedInput):
            receive(app, saved.key, idea(need="argent"), on=DAY)
    assert receive(app, saved.key, idea(), on=DAY)


def test_a_screen_nobody_reads_again_fills_no_disk(
    app: App, tid: int, saved: SavedScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_WAITING == 500
    monkeypatch.setattr(participations, "MAX_WAITING", 3)
    ids = leave(app, saved, 3)
    participations._gate.times.clear()
    assert not receive(app, saved.key, idea(), on=DAY)
    decide(app, tid, ids[:1], True)
    assert receive(app, saved.key, idea(), on=DAY)


def test_many_at_once_are_all_kept(app: App, tid: int, saved: SavedScreen) -> None:
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda: answers.append(receive(app, saved.key, idea(), on=DAY)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 8
    assert len(to_review(app, tid)) == 8


def test_a_dot_is_where_it_was_touched_to_about_a_hundred_metres(
    app: App, tid: int, saved: SavedScreen
) -> None:
    leave(app, saved, spot=HERE)
    (item,) = to_review(app, tid)
    _, _, metres = Geod(ellps="WGS84").inv(*HERE, item.record.lon, item.record.lat)
    assert metres < 80
    assert (item.record.lon, item.record.lat) == (round(item.record.lon, 3), round(item.record.lat, 3))


def test_a_dot_outlives_the_plan_it_was_touched_on(app: App, tid: int, saved: SavedScreen) -> None:
    """A screen without network sends it weeks later: the plan of that day is another one."""
    kept = leave(app, saved, spot=HERE)
    wide = replace(saved.record, walk_minutes=60)
    screens.save_screen(app, tid, wide, screen_id=saved.id, version=saved.version)
    later = leave(app, saved, spot=HERE)
    spots = {(item.record.lon, item.record.lat) for item in to_review(app, tid) if item.id in kept + later}
    assert len(spots) == 1


def test_two_dots_a_few_steps_apart_are_the_same(app: App, tid: int, saved: SavedScreen) -> None:
    for step in (0, 0.00005, 0.0001):
        leave(app, saved, spot=[HERE[0] + step, HERE[1] + step])
    spots = {(item.record.lon, item.record.lat) for item in to_review(app, tid)}
    assert len(spots) <= 2
    with app.store.read() as connection:
        kept = list(connection.execute(select(table.c.lon)).scalars())
    assert all(value == round(value, 3) for value in kept)


def test_every_need_has_a_theme_that_counts_it() -> None:
    assert set(THEME_OF_NEED) == set(load_needs())
    assert set(THEME_OF_NEED.values()) <= set(THEMES)


def test_the_guide_tells_where_each_need_is_counted() -> None:
    page = (Path(__file__).parents[3] / "docs" / "ecrans.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \|$", page, re.MULTILINE)
    assert dict(told) == THEME_OF_NEED


def test_accepted_ones_are_counted_by_quartier_theme_and_month(
    app: App, tid: int, saved: SavedScreen, town: tuple[str, str, int]
) -> None:
    ids = (
        leave(app, saved, 2)
        + leave(app, saved, on=date(2026, 11, 2))
        + leave(app, saved, on=date(2026, 12, 1))
    )
    ids += leave(app, saved, need="bouger") + leave(app, saved, need="rencontrer")
    assert decide(app, tid, ids, True, on=DAY) == 6
    assert needs_of(app, tid) == [
        (town[0], "alimentation", 1, date(2026, 12, 1), "écran"),
        (town[0], "alimentation", 3, date(2026, 11, 1), "écran"),
        (town[0], "lien_social", 2, date(2026, 11, 1), "écran"),
    ]
    assert to_review(app, tid) == []


def test_accepting_twice_counts_once_and_refusing_takes_back(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, 3)
    assert decide(app, tid, ids, True) == 3
    assert decide(app, tid, [*ids, *ids], True) == 0
    assert [row[2] for row in needs_of(app, tid)] == [3]
    assert decide(app, tid, ids[:1], False) == 1
    assert decide(app, tid, ids[:1], False) == 0
    assert [row[2] for row in needs_of(app, tid)] == [2]
    decide(app, tid, ids, False)
    # Zero would say that residents were asked and wanted none.
    assert needs_of(app, tid) == []
    assert deleted_rows(app, tid) == []
    decide(app, tid, ids, True)
    assert [row[2] for row in needs_of(app, tid)] == [3]


def test_a_thank_you_is_no_need(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, SHOWN_FROM, reason="merci")
    decide(app, tid, ids, True)
    assert needs_of(app, tid) == []
    assert shown_counts(app, tid, saved.id) == {}
    decide(app, tid, ids, False)
    assert needs_of(app, tid) == []


def test_a_dot_counts_where_it_is(app: App, tid: int, town: tuple[str, str, int]) -> None:
    """Les Tilleuls are ten kilometres away: only a dot there counts there."""
    both = Screen(name="Deux quartiers", quartiers=town[1::-1], touch=True, lon=HERE[0], lat=HERE[1])
    saved = screens.save_screen(app, tid, both)
    here = leave(app, saved, spot=HERE)
    nowhere = leave(app, saved, need="droits")
    decide(app, tid, here + nowhere, True)
    assert {(row[0], row[1]) for row in needs_of(app, tid)} == {
        (town[0], "alimentation"),
        (town[1], "droits"),
    }


def test_a_count_that_somebody_worked_on_is_never_erased(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, 2)
    decide(app, tid, ids, True)
    row_id = int(open_view(app, tid).needs.index[0])
    save_row(app, tid, "besoins", {"note": "vu en réunion"}, row_id=row_id)
    decide(app, tid, ids, False)
    row = get_row(app, "besoins", row_id)
    assert (row["count"], row["note"], row["deleted_at"]) == (0, "vu en réunion", None)


def test_a_count_that_somebody_erased_is_not_missed(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, 2)
    decide(app, tid, ids, True)
    delete_row(app, tid, "besoins", int(open_view(app, tid).needs.index[0]))
    assert decide(app, tid, ids[:1], False) == 1
    assert needs_of(app, tid) == []
    decide(app, tid, ids[:1], True)
    assert [row[2] for row in needs_of(app, tid)] == [1]


def test_a_quartier_that_is_gone_is_not_guessed(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, SHOWN_FROM)
    quartiers = open_view(app, tid).quartiers
    delete_row(app, tid, "quartiers", int(quartiers.index[quartiers["code"] == saved.record.quartiers[0]][0]))
    assert decide(app, tid, ids, True) == SHOWN_FROM
    assert needs_of(app, tid) == []
    assert shown_counts(app, tid, saved.id) == {"manger": SHOWN_FROM}


def test_a_count_is_shown_from_five_on(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved, SHOWN_FROM - 1, on=date(2026, 10, 4)) + leave(app, saved, 3, need="droits")
    decide(app, tid, ids, True)
    assert shown_counts(app, tid, saved.id) == {}
    assert shown_since(app, tid, saved.id) is None
    decide(app, tid, leave(app, saved), True)
    assert shown_counts(app, tid, saved.id) == {"manger": SHOWN_FROM}
    assert shown_since(app, tid, saved.id) == date(2026, 10, 4)
    content = json.loads(screen_bundles.current_files(app, saved.key)["contenu.json"])
    assert content["ideas"]["counts"] == {"manger": SHOWN_FROM}
    decide(app, tid, ids[:1], False)
    content = json.loads(screen_bundles.current_files(app, saved.key)["contenu.json"])
    assert content["ideas"]["counts"] == {}


def test_a_screen_shows_what_was_said_on_it(app: App, tid: int, saved: SavedScreen) -> None:
    other = screens.save_screen(app, tid, replace(saved.record, name="Autre"))
    decide(app, tid, leave(app, saved, 3) + leave(app, other, 3), True)
    assert shown_counts(app, tid, saved.id) == shown_counts(app, tid, other.id) == {}


def test_what_was_refused_is_erased_after_thirty_days(app: App, tid: int, saved: SavedScreen) -> None:
    today = date.today()
    ids = leave(app, saved, 3, on=today)
    decide(app, tid, ids[:1], False, on=today - timedelta(days=KEPT_DAYS + 1))
    decide(app, tid, ids[1:2], False, on=today - timedelta(days=KEPT_DAYS))
    left = {item.id: item.status for item in list_participations(app, tid)}
    assert left == {ids[1]: REFUSED, ids[2]: WAITING}


def test_receiving_erases_too(app: App, tid: int, saved: SavedScreen) -> None:
    """A team that never opens the page keeps nothing longer."""
    ids = leave(app, saved, on=DAY)
    decide(app, tid, ids, False, on=DAY)
    receive(app, saved.key, idea(), on=DAY + timedelta(days=KEPT_DAYS + 1))
    with app.store.read() as connection:
        assert list(connection.execute(select(table.c.status)).scalars()) == [WAITING]


def test_another_territory_decides_nothing(app: App, tid: int, saved: SavedScreen) -> None:
    ids = leave(app, saved)
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    assert to_review(app, other) == []
    assert decide(app, other, ids, True) == 0
    assert [item.status for item in list_participations(app, tid)] == [WAITING]
    with pytest.raises(NotFound):
        decide(app, other + 1, ids, True)


def test_a_screen_that_goes_takes_its_opinions_and_leaves_the_counts(
    app: App, tid: int, saved: SavedScreen
) -> None:
    decide(app, tid, leave(app, saved, 2), True)
    counted = needs_of(app, tid)
    screens.delete_screen(app, tid, saved.id, version=saved.version)
    assert list_participations(app, tid) == []
    assert needs_of(app, tid) == counted


def test_statuses_are_those_of_the_vocabulary() -> None:
    assert {WAITING, ACCEPTED, REFUSED} == set(PARTICIPATION_STATUSES)


def test_writers_wait_for_each_other_on_every_database(
    app: App, tid: int, saved: SavedScreen, begun: list[Any]
) -> None:
    """SQLite makes them wait by itself; on PostgreSQL the same idea sent twice at once failed."""
    receive(app, saved.key, idea(), on=DAY)
    assert _waits(begun), "before it looks whether the idea is already there"
    ids = [item.id for item in to_review(app, tid)]
    begun.clear()
    decide(app, tid, ids, accept=True, on=DAY)
    assert _waits(begun), "before it reads what is decided and counted"


def _waits(statements: list[Any]) -> bool:
    """Whether one of them takes the territory for itself (`FOR UPDATE`)."""
    return any(getattr(item, "_for_update_arg", None) is not None for item in statements)
