"""A file is here whole or not at all, and what was received is never asked twice."""

from __future__ import annotations

import errno
import json
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from reseau.downloads import files
from reseau.downloads.files import Downloaded, Limits, download, last_download
from reseau.errors import RefusedInput, Unavailable
from tests.unit.downloads.publisher import Answer, Publisher, asking, limits, serve

BODY = bytes(range(256)) * 4000
TAG = {"ETag": '"v1"', "Last-Modified": "Mon, 04 May 2026 03:39:00 GMT", "Content-Type": "text/csv"}
WHOLE = Answer(body=BODY, headers=TAG)


def fetch(publisher: Publisher, folder: Path, **options: Any) -> Downloaded:
    with asking() as session:
        options.setdefault("limits", limits())
        return download(publisher.url + "/f", folder, "f.csv", session=session, **options)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_with_its_date_and_what_identifies_it(tmp_path: Path) -> None:
    seen: list[tuple[float, str]] = []
    with serve(WHOLE) as publisher:
        got = fetch(publisher, tmp_path / "neuf", on_progress=lambda share, told: seen.append((share, told)))
    assert got.path.read_bytes() == BODY
    assert (got.bytes, got.etag, got.resumed, got.unchanged) == (len(BODY), '"v1"', False, False)
    assert names(tmp_path / "neuf") == ["f.csv", "f.csv.json"]
    assert last_download(tmp_path / "neuf", "f.csv") == got
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)
    assert seen[-1] == (1.0, "1,0 Mo sur 1,0 Mo")


def test_asked_again_it_is_not_sent_again(tmp_path: Path) -> None:
    with serve(WHOLE) as publisher:
        fetch(publisher, tmp_path)
        again = fetch(publisher, tmp_path)
    assert again.unchanged
    assert again.path.read_bytes() == BODY
    assert publisher.asked[1]["if-none-match"] == '"v1"'


def test_a_new_version_replaces_the_old_one(tmp_path: Path) -> None:
    newer = Answer(body=b"nouveau;fichier\n", headers={"ETag": '"v2"'})
    with serve(WHOLE, newer) as publisher:
        fetch(publisher, tmp_path)
        again = fetch(publisher, tmp_path)
    assert not again.unchanged
    assert again.path.read_bytes() == newer.body
    assert json.loads((tmp_path / "f.csv.json").read_text())["etag"] == '"v2"'


def test_a_file_damaged_here_is_asked_for_whole(tmp_path: Path) -> None:
    with serve(WHOLE) as publisher:
        fetch(publisher, tmp_path).path.write_bytes(b"abime")
        again = fetch(publisher, tmp_path)
    assert "if-none-match" not in publisher.asked[1]
    assert again.path.read_bytes() == BODY


@pytest.mark.parametrize("cut", [1, 1000, len(BODY) - 1])
def test_a_cut_body_is_continued_where_it_stopped(tmp_path: Path, cut: int) -> None:
    with serve(Answer(body=BODY, headers=TAG, cut=cut), WHOLE) as publisher:
        got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == BODY
    assert got.resumed
    assert publisher.asked[1]["range"] == f"bytes={cut}-"
    assert publisher.asked[1]["if-range"] == '"v1"'
    assert names(tmp_path) == ["f.csv", "f.csv.json"]


def test_a_line_that_cuts_often_gets_there_in_the_end(tmp_path: Path) -> None:
    """More cuts than attempts: each brought something, so patience is not used up."""
    with serve(Answer(body=BODY, headers=TAG, cut=100_000)) as publisher:
        got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == BODY
    assert len(publisher.asked) == 11


def test_content_changed_between_two_parts_starts_again(tmp_path: Path) -> None:
    newer = Answer(body=BODY[::-1], headers={**TAG, "ETag": '"v2"'})
    with serve(Answer(body=BODY, headers=TAG, cut=1000), newer) as publisher:
        got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == BODY[::-1]
    assert not got.resumed


def test_a_server_that_sends_a_part_of_another_file_is_not_believed(tmp_path: Path) -> None:
    """It ignores If-Range: the part is refused by its tag, and the file asked for again from nothing."""
    other = Answer(
        body=BODY[1000:],
        status=206,
        headers={"ETag": '"v2"', "Content-Range": f"bytes 1000-{len(BODY) - 1}/{len(BODY)}"},
    )
    newer = Answer(body=BODY[::-1], headers={"ETag": '"v2"'})
    with serve(Answer(body=BODY, headers=TAG, cut=1000), other, newer) as publisher:
        got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == BODY[::-1]
    assert "range" not in publisher.asked[2]


def test_a_part_that_no_longer_exists_starts_again(tmp_path: Path) -> None:
    short = Answer(body=b"court", headers=TAG)
    with serve(Answer(body=BODY, headers=TAG, cut=1000), short) as publisher:
        assert fetch(publisher, tmp_path).path.read_bytes() == b"court"


def test_without_anything_that_identifies_it_a_part_is_not_continued(tmp_path: Path) -> None:
    plain = {"ETag": 'W/"faible"'}
    with serve(Answer(body=BODY, headers=plain, cut=1000), Answer(body=BODY, headers=plain)) as publisher:
        got = fetch(publisher, tmp_path)
    assert "range" not in publisher.asked[1]
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize("chunked", [False, True])
def test_a_packed_body_is_unpacked_and_its_cut_seen(tmp_path: Path, chunked: bool) -> None:
    cut = Answer(body=BODY, headers=TAG, packed=True, chunked=chunked, cut=500)
    packed = Answer(body=BODY, headers=TAG, packed=True, chunked=chunked)
    with serve(cut, packed) as publisher:
        got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == BODY
    assert "range" not in publisher.asked[1]


def test_a_packed_body_with_no_length_that_stops_early_is_not_a_file(tmp_path: Path) -> None:
    """The connection ends as a correct one would: only the end of the packing tells."""
    import gzip

    half = gzip.compress(BODY)[:-20]
    answer = Answer(body=half, headers={"Content-Encoding": "gzip"})
    with serve(answer) as publisher, pytest.raises(Unavailable, match="coupé"):
        fetch(publisher, tmp_path)
    assert "f.csv" not in names(tmp_path)


def test_a_packed_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    bomb = Answer(body=bytes(30_000_000), packed=True)
    with serve(bomb) as publisher, pytest.raises(RefusedInput, match="trop gros"):
        fetch(publisher, tmp_path, limits=limits(max_bytes=1_000_000))
    assert names(tmp_path) == []


@pytest.mark.parametrize("chunked", [False, True])
def test_too_big_is_refused_and_nothing_stays(tmp_path: Path, chunked: bool) -> None:
    with (
        serve(Answer(body=BODY, headers=TAG, chunked=chunked)) as publisher,
        pytest.raises(RefusedInput, match="trop gros"),
    ):
        fetch(publisher, tmp_path, limits=limits(max_bytes=500_000))
    assert names(tmp_path) == []


def test_too_many_requests_waits_as_asked(tmp_path: Path) -> None:
    waits: list[float] = []
    busy = Answer(status=429, headers={"Retry-After": "3"})
    with serve(busy, Answer(status=500), WHOLE) as publisher:
        got = fetch(publisher, tmp_path, limits=limits(waits))
    assert got.path.read_bytes() == BODY
    assert waits == [3.0, 2.0]


def test_a_publisher_out_of_order_is_said_and_the_part_kept(tmp_path: Path) -> None:
    with serve(Answer(body=BODY, headers=TAG, cut=1000), Answer(status=503)) as publisher:
        with pytest.raises(Unavailable, match="erreur 503"):
            fetch(publisher, tmp_path)
        assert (tmp_path / "f.csv.partiel").stat().st_size == 1000
        publisher.answers = [WHOLE]
        got = fetch(publisher, tmp_path)
    assert got.resumed
    assert got.path.read_bytes() == BODY


def test_a_silent_server_is_left_and_continued(tmp_path: Path) -> None:
    with serve(Answer(body=BODY, headers=TAG, cut=1000, hang=True), WHOLE) as publisher:
        got = fetch(publisher, tmp_path, limits=limits(read=0.2))
    assert got.resumed
    assert got.path.read_bytes() == BODY


def test_interrupted_by_the_person_it_goes_on_next_time(tmp_path: Path) -> None:
    def stop(share: float, _told: str) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with serve(WHOLE) as publisher:
        with pytest.raises(KeyboardInterrupt):
            fetch(publisher, tmp_path, on_progress=stop)
        assert names(tmp_path) == ["f.csv.partiel", "f.csv.partiel.json"]
        got = fetch(publisher, tmp_path)
    assert got.resumed
    assert got.path.read_bytes() == BODY


def test_the_rest_of_another_address_is_not_continued(tmp_path: Path) -> None:
    with serve(Answer(body=BODY, headers=TAG, cut=1000), Answer(status=404)) as publisher:
        with pytest.raises(RefusedInput):
            fetch(publisher, tmp_path)
        publisher.answers = [WHOLE]
        with asking() as session:
            got = download(publisher.url + "/autre", tmp_path, "f.csv", session=session, limits=limits())
    assert not got.resumed
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize(
    "page",
    [
        Answer(body=b"<!DOCTYPE html><title>Connexion</title>"),
        Answer(body=b"\xef\xbb\xbf \n<HTML>"),
        Answer(body=b"n;importe;quoi", headers={"Content-Type": "text/html; charset=utf-8"}),
    ],
)
def test_a_page_instead_of_the_file_is_refused(tmp_path: Path, page: Answer) -> None:
    with serve(page) as publisher, pytest.raises(RefusedInput, match="page web"):
        fetch(publisher, tmp_path)
    assert not (tmp_path / "f.csv").exists()


def test_a_page_does_not_replace_what_is_here(tmp_path: Path) -> None:
    """A maintenance page, or the login page of a hotel's network."""
    with serve(WHOLE, Answer(body=b"<html>Maintenance")) as publisher:
        fetch(publisher, tmp_path)
        with pytest.raises(RefusedInput):
            fetch(publisher, tmp_path)
    assert (tmp_path / "f.csv").read_bytes() == BODY
    assert last_download(tmp_path, "f.csv") is not None


def test_an_empty_file_is_no_file(tmp_path: Path) -> None:
    with serve(Answer(body=b"")) as publisher, pytest.raises(RefusedInput, match="vide"):
        fetch(publisher, tmp_path)
    assert names(tmp_path) == []


def test_a_redirect_is_followed(tmp_path: Path) -> None:
    with serve(Answer(status=302, headers={"Location": "/ici"}), WHOLE) as publisher:
        assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert publisher.paths == ["/f", "/ici"]


def test_a_full_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: usage(10, 9, 1))
    with serve(WHOLE) as publisher, pytest.raises(RefusedInput, match="disque est plein"):
        fetch(publisher, tmp_path)


def test_a_disk_that_fills_on_the_way_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: object, _block: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_put", full)
    with serve(WHOLE) as publisher, pytest.raises(RefusedInput, match="le disque est plein"):
        fetch(publisher, tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("x")
    with serve(WHOLE) as publisher, pytest.raises(RefusedInput, match="ne peut pas être écrit"):
        fetch(publisher, tmp_path / "fichier")


@pytest.mark.parametrize("name", ["", "../f.csv", "a/b", ".cache", "/etc/x"])
def test_names_that_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedInput, match="nom de fichier"):
        download("https://exemple.fr/f", tmp_path, name)


def test_what_is_written_beside_may_be_anything(tmp_path: Path) -> None:
    for text in ("", "[]", '{"url": 3}', '{"x": 1}', "\x00"):
        (tmp_path / "f.csv").write_bytes(b"abc")
        (tmp_path / "f.csv.json").write_text(text)
        (tmp_path / "f.csv.partiel").write_bytes(b"abc")
        (tmp_path / "f.csv.partiel.json").write_text(text)
        assert last_download(tmp_path, "f.csv") is None
        with serve(WHOLE) as publisher:
            assert fetch(publisher, tmp_path).path.read_bytes() == BODY


def test_the_default_limit_holds_a_national_file() -> None:
    assert Limits().max_bytes >= 500_000_000
