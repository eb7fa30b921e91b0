"""Messages of the team: what is refused, when they show, for which screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.model.screens import Screen, ScreenMessage
from reseau.services import App, screen_messages, screens
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.unit.services.towns import make_town

NOON = datetime(2026, 11, 23, 12, 0)
ONE = ScreenMessage(texts={"fr": "Fermé lundi.", "ar": "مغلق يوم الاثنين"})


@pytest.fixture
def screen_id(app: App, tid: int) -> int:
    return screens.save_screen(app, tid, Screen(name="Accueil", quartiers=make_town(app, tid)[:1])).id


def test_what_is_kept_is_what_was_written(app: App, tid: int, screen_id: int) -> None:
    record = ScreenMessage(
        texts={"fr": "Canicule : buvez.\nAppelez vos voisins.", "ar": "اشربوا"},
        screen_id=screen_id,
        emergency=True,
        starts_at=NOON,
        ends_at=NOON.replace(hour=18),
    )
    saved = screen_messages.save_message(app, tid, record)
    assert saved.record == record
    assert screen_messages.list_messages(app, tid) == [saved]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"texts": {}}, "écrivez-le en français"),
        ({"texts": {"fr": " \u200b\n "}}, "écrivez-le en français"),
        ({"texts": {"ar": "مغلق"}}, "écrivez-le en français"),
        ({"texts": {"fr": "Fermé", "xx": "?"}}, "inconnu"),
        ({"texts": {"fr": "a" * 601}}, "600 caractères au plus, il y en a 601"),
        ({"texts": {"fr": "Fermé", "ar": "م" * 601}}, r"\(ar\) : 600"),
        ({"texts": {"fr": "1 85 05 78 006 084 36"}}, "sécurité sociale"),
        ({"starts_at": NOON, "ends_at": NOON}, "la fin doit venir après le début"),
        ({"starts_at": NOON, "ends_at": NOON.replace(hour=8)}, "la fin doit venir après le début"),
        ({"starts_at": NOON.replace(tzinfo=UTC)}, "sans fuseau"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_french(
    app: App, tid: int, values: dict[str, Any], told: str
) -> None:
    with pytest.raises(RefusedInput, match=told):
        screen_messages.save_message(app, tid, replace(ONE, **values))
    assert screen_messages.list_messages(app, tid) == []


def test_it_shows_from_its_start_to_its_end(app: App, tid: int) -> None:
    message = replace(ONE, starts_at=NOON, ends_at=NOON.replace(hour=14))
    shown = {hour: screen_messages.is_current(message, NOON.replace(hour=hour)) for hour in (11, 12, 13, 14)}
    assert shown == {11: False, 12: True, 13: True, 14: False}
    assert screen_messages.is_past(message, NOON.replace(hour=14))
    assert not screen_messages.is_past(message, NOON.replace(hour=11))
    assert screen_messages.is_current(ONE, NOON)
    assert not screen_messages.is_past(ONE, NOON)


def test_those_that_end_soon_are_known(app: App, tid: int) -> None:
    ends = {day: replace(ONE, ends_at=datetime(2026, 11, day, 12, 0)) for day in (22, 24, 30)}
    soon = {day: screen_messages.ends_soon(message, NOON) for day, message in ends.items()}
    assert soon == {22: False, 24: True, 30: True}
    assert not screen_messages.ends_soon(ONE, NOON)
    assert not screen_messages.ends_soon(ends[30], NOON, days=2)


def test_a_screen_shows_its_own_and_those_of_all(app: App, tid: int, screen_id: int) -> None:
    other = screens.duplicate_screen(app, tid, screen_id).id
    for rank, owner in enumerate((None, screen_id, other)):
        record = replace(ONE, texts={"fr": f"Message {rank}"}, screen_id=owner)
        screen_messages.save_message(app, tid, record)
    mine = [item.record.texts["fr"] for item in screen_messages.list_messages(app, tid, screen_id=screen_id)]
    assert mine == ["Message 0", "Message 1"]
    saved = screens.get_screen(app, tid, screen_id)
    screens.delete_screen(app, tid, screen_id, version=saved.version)
    left = [item.record.texts["fr"] for item in screen_messages.list_messages(app, tid)]
    assert left == ["Message 0", "Message 2"]


def test_two_people_do_not_overwrite_each_other(app: App, tid: int) -> None:
    seen = screen_messages.save_message(app, tid, ONE)
    changed = replace(ONE, texts={"fr": "Ouvert lundi."})
    screen_messages.save_message(app, tid, changed, message_id=seen.id, version=seen.version)
    with pytest.raises(Conflict, match="Quelqu'un d'autre"):
        screen_messages.save_message(app, tid, ONE, message_id=seen.id, version=seen.version)
    with pytest.raises(Conflict):
        screen_messages.delete_message(app, tid, seen.id, version=seen.version)
    (kept,) = screen_messages.list_messages(app, tid)
    assert kept.record == changed
    screen_messages.delete_message(app, tid, kept.id, version=kept.version)
    with pytest.raises(NotFound):
        screen_messages.delete_message(app, tid, kept.id, version=kept.version)


def test_every_write_makes_bundles_be_made_again(app: App, tid: int) -> None:
    versions = [open_view(app, tid).version]
    saved = screen_messages.save_message(app, tid, ONE)
    versions.append(open_view(app, tid).version)
    screen_messages.delete_message(app, tid, saved.id, version=saved.version)
    versions.append(open_view(app, tid).version)
    assert len(set(versions)) == 3


def test_messages_and_screens_of_another_territory_are_out_of_reach(
    app: App, tid: int, screen_id: int
) -> None:
    saved = screen_messages.save_message(app, tid, ONE)
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    for gesture in (
        lambda: screen_messages.save_message(app, other, replace(ONE, screen_id=screen_id)),
        lambda: screen_messages.save_message(app, other, ONE, message_id=saved.id),
        lambda: screen_messages.delete_message(app, other, saved.id, version=saved.version),
    ):
        with pytest.raises(NotFound):
            gesture()
    assert screen_messages.list_messages(app, other) == []


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Fermé lundi.", False),
        ("Appelez le 02 48 00 00 01.", False),
        ("Demandez Camille au 06 12 34 56 78.", True),
        ("Demandez Camille au +262 692 12 34 56.", True),
        ("Écrivez à camille@exemple.fr.", True),
        ("Né le 12/03/1985.", True),
    ],
)
def test_the_author_is_warned_of_what_may_be_somebody_s(text: str, warned: bool) -> None:
    record = ScreenMessage(texts={"fr": text})
    assert bool(screen_messages.warnings_of(record, today=date(2026, 11, 23))) is warned
