"""A shared table stays where the team edits it; Réseau reads it when asked, as the person checked it once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.config import load_config
from reseau.errors import NotFound, RefusedInput
from reseau.services import App
from reseau.services.feeds import (
    add_feed,
    file_of,
    get_feed,
    list_feeds,
    read_new,
    refresh_feed,
    remember_columns,
    remove_feed,
)
from reseau.services.importing import import_file
from reseau.services.territoires import create_territoire
from tests.unit.downloads.publisher import Answer, serve

TABLE = Answer(
    body="identifiant;nom;type;code insee\na;CMP Les Érables;CMP;99101\n".encode(), headers={"ETag": '"1"'}
)


@pytest.fixture
def app(app: App, tmp_path: Path) -> App:
    app.config = load_config({"RESEAU_TELECHARGEMENTS": str(tmp_path / "telechargements")})
    return app


def test_adding_an_address_asks_nobody(app: App, tid: int) -> None:
    feed = add_feed(app, tid, " https://exemple.fr/a.csv ", "Nos  partenaires")
    assert list_feeds(app, tid) == [feed]
    assert (feed.url, feed.title, feed.fetched_on) == ("https://exemple.fr/a.csv", "Nos partenaires", "")
    assert feed.host == "exemple.fr"


def test_given_twice_it_is_kept_once(app: App, tid: int) -> None:
    first = add_feed(app, tid, "https://exemple.fr/a.csv", "Avant")
    assert add_feed(app, tid, "https://exemple.fr/a.csv", "Après").id == first.id
    assert [feed.title for feed in list_feeds(app, tid)] == ["Après"]


def test_the_table_is_read_and_imported_with_the_columns_checked_once(app: App, tid: int) -> None:
    odd = Answer(body=b"ref;denomination du lieu;genre;insee\na;CMP;CMP;99101\n")
    columns = {"ref": "uid", "denomination du lieu": "name", "genre": "types", "insee": "insee"}
    with serve(odd) as service:
        feed = add_feed(app, tid, service.url + "/t")
        refresh_feed(app, tid, feed.id)
        remember_columns(app, tid, feed.id, mapping=columns)
        got = refresh_feed(app, tid, feed.id)
    kept = get_feed(app, tid, feed.id)
    assert kept.mapping == columns
    assert kept.fetched_on
    file = file_of(kept, got.path)
    assert (file.mapping, file.sheet, file.shown_name) == (columns, None, kept.title)


def test_refreshed_then_imported_what_changed_is_what_the_table_says(app: App, tid: int) -> None:
    renamed = Answer(body=TABLE.body.replace(b"CMP Les", b"CMP des"), headers={"ETag": '"2"'})
    with serve(TABLE, TABLE, renamed) as service:
        feed = add_feed(app, tid, service.url + "/t.csv")
        first = import_file(app, tid, "tableur", file_of(feed, refresh_feed(app, tid, feed.id).path))
        same = refresh_feed(app, tid, feed.id)
        second = import_file(app, tid, "tableur", file_of(feed, refresh_feed(app, tid, feed.id).path))
    assert (first.created, second.created, second.updated) == (1, 0, 1)
    assert same.unchanged


@pytest.mark.parametrize(
    "private",
    [
        Answer(body=b"<!DOCTYPE html><title>Connexion</title>", headers={"Content-Type": "text/html"}),
        Answer(status=401),
        Answer(status=403),
    ],
)
def test_a_private_table_says_how_to_share_it_and_is_not_kept(app: App, tid: int, private: Answer) -> None:
    with serve(private) as service, pytest.raises(RefusedInput, match="disposant du lien"):
        read_new(app, tid, service.url + "/t", "Notre tableau")
    assert list_feeds(app, tid) == []


def test_a_table_that_worked_is_kept_when_it_no_longer_does(app: App, tid: int) -> None:
    with serve(TABLE, Answer(status=403)) as service:
        feed, _ = read_new(app, tid, service.url + "/t.csv")
        with pytest.raises(RefusedInput):
            read_new(app, tid, service.url + "/t.csv")
    assert [kept.id for kept in list_feeds(app, tid)] == [feed.id]


def test_removed_it_is_gone_and_what_it_brought_stays(app: App, tid: int) -> None:
    with serve(TABLE) as service:
        feed, got = read_new(app, tid, service.url + "/t.csv")
    import_file(app, tid, "tableur", file_of(feed, got.path))
    remove_feed(app, tid, feed.id)
    assert list_feeds(app, tid) == []
    with pytest.raises(NotFound):
        refresh_feed(app, tid, feed.id)


def test_an_address_belongs_to_its_territory(app: App, tid: int) -> None:
    other = create_territoire(app, "Autre", communes=["99102"]).id
    feed = add_feed(app, tid, "https://exemple.fr/a.csv")
    assert list_feeds(app, other) == []
    for act in (refresh_feed, remove_feed, get_feed):
        with pytest.raises(NotFound):
            act(app, other, feed.id)


@pytest.mark.parametrize(
    "url", ["", "http://exemple.fr/a.csv", "https://a:b@exemple.fr/", "https://x/" + "a" * 3000]
)
def test_addresses_that_are_not_kept(app: App, tid: int, url: str) -> None:
    with pytest.raises(RefusedInput):
        add_feed(app, tid, url)
    assert list_feeds(app, tid) == []


def test_only_tables_are_read_this_way(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput, match="tableau partagé"):
        add_feed(app, tid, "https://exemple.fr/a.geojson", source="qpv")
