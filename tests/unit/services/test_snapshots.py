"""Photos of the figures: kept, listed, restored, and one a month by itself at most."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from reseau.errors import NotFound, RefusedInput, ReseauError
from reseau.services import App, snapshots
from reseau.services.backups import restore_backup, save_backup
from reseau.services.editing import delete_row
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.unit.services.towns import add_place, make_town

MARCH, END_OF_MARCH, APRIL = date(2026, 3, 3), date(2026, 3, 31), date(2026, 4, 1)


def test_a_photo_is_what_was_shown(app: App, tid: int) -> None:
    near, _, _ = make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, "Avant le comité", on=MARCH)
    found = snapshots.read_snapshot(app, tid, kept)
    shown = snapshots.present_figures(app, tid)
    assert found.areas == shown.areas
    assert (found.on, shown.on) == (MARCH, date.today())
    cell = found.areas[near].cells["cmp"]
    assert (cell.state, cell.share, cell.inside, cell.points) == ("a_relier", 1.0, 1, 1)
    assert found.counts["structures"] == 3
    # What is neither expected nor known would only make photos heavy.
    gaps = open_view(app, tid).gaps
    assert len(found.areas[near].cells) < len(set(gaps["type_code"]))


def test_a_photo_does_not_follow_the_territory(app: App, tid: int) -> None:
    """The figures of that day stay those of that day."""
    _, far, _ = make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid)
    add_place(app, tid, "CMP de là-bas", ["cmp"], 0.1)
    assert snapshots.read_snapshot(app, tid, kept).areas[far].cells["cmp"].state == "eloigne"
    assert snapshots.present_figures(app, tid).areas[far].cells["cmp"].state == "a_relier"


def test_only_one_a_month_by_itself(app: App, tid: int) -> None:
    make_town(app, tid)
    snapshots.keep_snapshot(app, tid, "à la main", on=MARCH)
    first = snapshots.keep_monthly(app, tid, on=MARCH)
    assert first is not None
    assert snapshots.keep_monthly(app, tid, on=MARCH) is None
    assert snapshots.keep_monthly(app, tid, on=END_OF_MARCH) is None
    assert snapshots.keep_monthly(app, tid, on=APRIL) is not None
    known = [(item.on, item.label, item.automatic) for item in snapshots.list_snapshots(app, tid)]
    assert known == [(APRIL, "", True), (MARCH, "", True), (MARCH, "à la main", False)]


def test_another_territory_has_its_own_month(app: App, tid: int) -> None:
    make_town(app, tid)
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    make_town(app, other)
    assert snapshots.keep_monthly(app, tid, on=MARCH) is not None
    assert snapshots.keep_monthly(app, other, on=MARCH) is not None
    mine = snapshots.list_snapshots(app, tid)[0].id
    with pytest.raises(NotFound):
        snapshots.read_snapshot(app, other, mine)
    with pytest.raises(NotFound):
        snapshots.delete_snapshot(app, other, mine)


def test_nothing_to_keep_is_not_kept(app: App, tid: int) -> None:
    """An empty territory has no figure: a photo of nothing would read as «everything was gained since»."""
    assert snapshots.keep_monthly(app, tid, on=MARCH) is None
    with pytest.raises(RefusedInput, match="aucun quartier"):
        snapshots.keep_snapshot(app, tid)
    assert snapshots.list_snapshots(app, tid) == []


def test_a_page_never_fails_for_a_photo(
    app: App, tid: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk or a database that another program holds: the log says it, the page goes on."""
    make_town(app, tid)

    def broken() -> None:
        raise ReseauError("le disque est plein")

    monkeypatch.setattr(type(app.store), "write", lambda _self: broken())
    assert snapshots.keep_monthly(app, tid, on=MARCH) is None
    assert "le disque est plein" in caplog.text


def test_renamed_then_deleted(app: App, tid: int) -> None:
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, " <b>x</b>\n{{7*7}} ")
    assert snapshots.list_snapshots(app, tid)[0].label == "<b>x</b> {{7*7}}"
    snapshots.rename_snapshot(app, tid, kept, "Comité de mars")
    assert snapshots.list_snapshots(app, tid)[0].label == "Comité de mars"
    with pytest.raises(RefusedInput, match="trop long"):
        snapshots.rename_snapshot(app, tid, kept, "x" * 201)
    snapshots.delete_snapshot(app, tid, kept)
    assert snapshots.list_snapshots(app, tid) == []
    for gone in (
        lambda: snapshots.delete_snapshot(app, tid, kept),
        lambda: snapshots.rename_snapshot(app, tid, kept, "x"),
        lambda: snapshots.read_snapshot(app, tid, kept),
    ):
        with pytest.raises(NotFound, match="n'existe pas"):
            gone()


def test_found_by_its_number_or_its_day(app: App, tid: int) -> None:
    with pytest.raises(NotFound, match="mesures --garder"):
        snapshots.find_snapshot(app, tid, "1")
    make_town(app, tid)
    first = snapshots.keep_snapshot(app, tid, on=MARCH)
    last = snapshots.keep_snapshot(app, tid, on=MARCH)
    assert snapshots.find_snapshot(app, tid, str(first)).id == first
    # Of several of one day, the latest.
    assert snapshots.find_snapshot(app, tid, "2026-03-03").id == last
    with pytest.raises(NotFound, match="2026-03-03"):
        snapshots.find_snapshot(app, tid, "2026-03-04")


def test_backups_keep_them(app: App, tid: int, tmp_path: Path) -> None:
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, "Avant", on=MARCH)
    before = snapshots.read_snapshot(app, tid, kept)
    save_backup(app, tmp_path / "s.zip")
    snapshots.delete_snapshot(app, tid, kept)
    restore_backup(app, tmp_path / "s.zip")
    assert snapshots.read_snapshot(app, tid, kept) == before


def test_a_photo_outlives_its_quartiers(app: App, tid: int) -> None:
    near, _, _ = make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid)
    delete_row(app, tid, "quartiers", int(open_view(app, tid).quartiers.index[0]))
    assert snapshots.read_snapshot(app, tid, kept).areas[near].name == "Beauval"


def test_a_photo_somebody_spoilt_is_refused_in_words(app: App, tid: int) -> None:
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid)
    with closing(sqlite3.connect(app.store.engine.url.database)) as other:
        for content in ('{"format": 1}', "[]", '"<script>"'):
            other.execute("UPDATE snapshots SET content = ?", (content,))
            other.commit()
            with pytest.raises(RefusedInput, match="ne peut pas être lue"):
                snapshots.read_snapshot(app, tid, kept)
