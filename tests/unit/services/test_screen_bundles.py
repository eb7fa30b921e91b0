"""Bundles of screens: made once, made again when something changed, written whole or not at all."""

from __future__ import annotations

import errno
import json
import threading
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from PIL import Image

from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import Screen, ScreenMessage, ScreenPlace
from reseau.screens import _files, _folder, fonts
from reseau.services import App, screen_bundles
from reseau.services.editing import save_row
from reseau.services.screen_bundles import (
    content_of,
    content_of_saved,
    current_files,
    preview_files,
    preview_key,
    write_bundle,
)
from reseau.services.screen_messages import save_message
from reseau.services.screen_places import save_place
from reseau.services.screens import SavedScreen, delete_screen, get_screen, save_screen, set_logo
from reseau.services.territoires import create_territoire
from tests.frames import lonlat

CODE = "QN00001M"
SCREEN = Screen(name="Accueil", quartiers=(CODE,))


@pytest.fixture(autouse=True)
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player of one page and fonts that cost nothing: what carries the content is tested here."""
    folder = tmp_path / "lecteur"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><!--CONTENU-->")
    monkeypatch.setattr(_files, "PLAYER", folder)
    monkeypatch.setattr(fonts, "_woff2", lambda face: b"wOF2")
    for shelf in (screen_bundles._shelves, screen_bundles._previews, screen_bundles._asked):
        shelf.clear()


@pytest.fixture
def tid(app: App) -> int:
    made = create_territoire(app, "Essai", communes=["18033"]).id
    shape = shapely.Polygon([lonlat(0, 0), lonlat(400, 0), lonlat(400, 400), lonlat(0, 400)])
    values = {
        "code": CODE,
        "name": "Parc",
        "wkb": shape.wkb,
        "communes": ["18033"],
        "commune_names": ["Bourges"],
    }
    save_row(app, made, "quartiers", values)
    place(app, made, "Maison de santé du Parc")
    return made


@pytest.fixture
def saved(app: App, tid: int) -> SavedScreen:
    return save_screen(app, tid, SCREEN)


def place(app: App, tid: int, name: str) -> int:
    lon, lat = lonlat(200, 200)
    values = {"name": name, "types": ["msp"], "lon": lon, "lat": lat, "position_precision": "exacte",
              "opening_hours": "Mo-Fr 09:00-17:00"}  # fmt: skip
    return save_row(app, tid, "structures", values)


def content(files: Mapping[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["contenu.json"])
    return found


def names(files: Mapping[str, bytes]) -> set[str]:
    return {item["name"] for item in content(files)["places"]}


def test_the_files_of_a_screen_are_made_once(app: App, saved: SavedScreen) -> None:
    files = current_files(app, saved.key)
    assert content(files)["screen"]["key"] == saved.key
    assert current_files(app, saved.key) is files


def test_what_changes_in_the_territory_or_the_screen_makes_new_files(
    app: App, tid: int, saved: SavedScreen
) -> None:
    seen = [content(current_files(app, saved.key))["version"]]

    def changed() -> Mapping[str, bytes]:
        files = current_files(app, saved.key)
        seen.append(content(files)["version"])
        assert seen[-1] != seen[-2]
        return files

    other = place(app, tid, "Pharmacie")
    assert names(changed()) == {"Maison de santé du Parc", "Pharmacie"}
    save_place(app, tid, ScreenPlace(structure_id=other, hidden=True), version=0)
    assert names(changed()) == {"Maison de santé du Parc"}
    save_message(app, tid, ScreenMessage(texts={"fr": "Fermé lundi."}))
    assert content(changed())["messages"][0]["text"] == {"fr": "Fermé lundi."}
    save_screen(app, tid, replace(saved.record, background="#000000", accent="#ffd600"), screen_id=saved.id)
    assert content(changed())["screen"]["colours"]["background"] == "#000000"
    set_logo(app, tid, saved.id, _png())
    assert content(changed())["screen"]["logo"].startswith("data:image/png;base64,")


def _png() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 32), "#0b3d6e").save(made, "PNG")
    return made.getvalue()


def test_a_new_day_and_a_new_player_make_new_files(
    app: App, saved: SavedScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = current_files(app, saved.key)
    (_files.PLAYER / "ecran.js").write_text("'use strict';")
    newer = current_files(app, saved.key)
    assert newer is not files
    assert "ecran.js" in newer
    tomorrow = datetime(2030, 1, 1, 0, 5)
    monkeypatch.setattr(screen_bundles, "local_now", lambda _communes: tomorrow)
    assert current_files(app, saved.key) is not newer
    monkeypatch.setattr(screen_bundles, "local_now", lambda _communes: tomorrow + timedelta(hours=23))
    assert current_files(app, saved.key) is current_files(app, saved.key)


def test_ten_screens_that_ask_together_wait_for_one_making(
    app: App, saved: SavedScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real, gate = screen_bundles.content_of_saved, threading.Barrier(10)

    def counting(*args: Any) -> Any:
        made.append(1)
        return real(*args)

    def ask() -> Mapping[str, bytes]:
        gate.wait()
        return current_files(app, saved.key)

    monkeypatch.setattr(screen_bundles, "content_of_saved", counting)
    with ThreadPoolExecutor(10) as pool:
        answers = [task.result() for task in [pool.submit(ask) for _ in range(10)]]
    assert len(made) == 1
    assert all(answer is answers[0] for answer in answers)


def test_a_failure_is_not_kept(app: App, saved: SavedScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any) -> Any:
        raise RefusedInput("non")

    with monkeypatch.context() as patch:
        patch.setattr(screen_bundles, "content_of_saved", fails)
        with pytest.raises(RefusedInput, match="non"):
            current_files(app, saved.key)
    assert names(current_files(app, saved.key)) == {"Maison de santé du Parc"}


def test_a_screen_deleted_is_served_no_more(app: App, tid: int, saved: SavedScreen) -> None:
    current_files(app, saved.key)
    delete_screen(app, tid, saved.id, version=get_screen(app, tid, saved.id).version)
    with pytest.raises(NotFound):
        current_files(app, saved.key)
    with pytest.raises(NotFound):
        current_files(app, "inventee")


def test_a_message_is_for_its_screen_or_for_all(app: App, tid: int, saved: SavedScreen) -> None:
    other = save_screen(app, tid, replace(SCREEN, name="Étage"))
    save_message(app, tid, ScreenMessage(texts={"fr": "Pour tous"}))
    save_message(app, tid, ScreenMessage(texts={"fr": "Pour l'accueil"}, screen_id=saved.id))

    def said(found: Any) -> set[str]:
        return {item["text"]["fr"] for item in found["messages"]}

    assert said(content_of_saved(app, tid, saved)) == {"Pour tous", "Pour l'accueil"}
    assert said(content_of_saved(app, tid, other)) == {"Pour tous"}
    # A screen that is not kept has no message of its own, and shows those of no other.
    assert said(content_of(app, tid, SCREEN)) == {"Pour tous"}
    assert said(content(preview_files(preview_key(app, tid, SCREEN)))) == {"Pour tous"}
    own = preview_key(app, tid, SCREEN, screen_id=saved.id)
    assert said(content(preview_files(own))) == {"Pour tous", "Pour l'accueil"}


def test_a_bundle_is_written_with_its_report(app: App, tid: int, saved: SavedScreen, tmp_path: Path) -> None:
    folder, packed = tmp_path / "usb" / "ecran", tmp_path / "zips" / "ecran.zip"
    report = write_bundle(app, tid, saved, folder, zip_path=packed)
    there = [file for file in folder.rglob("*") if file.is_file()]
    assert report.files == len(there)
    assert report.bytes == sum(file.stat().st_size for file in there)
    assert report.slides == len(json.loads((folder / "contenu.json").read_bytes())["slides"])
    with zipfile.ZipFile(packed) as archive:
        assert len(archive.namelist()) == report.files
    # A screen that is only described makes one too, that no server refreshes.
    assert write_bundle(app, tid, SCREEN, tmp_path / "autre").files == report.files
    assert json.loads((tmp_path / "autre" / "contenu.json").read_bytes())["screen"]["key"] == ""


def test_a_full_disk_leaves_the_folder_that_was_there(
    app: App, tid: int, saved: SavedScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(app, tid, saved, tmp_path / "ecran")
    before = (tmp_path / "ecran" / "contenu.json").read_bytes()
    place(app, tid, "Pharmacie")

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_folder, "write_through", full)
    with pytest.raises(RefusedInput, match=r"le disque est plein.*n'a pas changé"):
        write_bundle(app, tid, saved, tmp_path / "ecran")
    assert (tmp_path / "ecran" / "contenu.json").read_bytes() == before


def test_an_emergency_is_previewed_only_when_asked_for(app: App, tid: int) -> None:
    """In force, it would hide every slide that is being designed."""
    saved = save_screen(app, tid, SCREEN)
    for emergency in (False, True):
        text = {"fr": "Fuite de gaz" if emergency else "Fermé mardi"}
        save_message(app, tid, ScreenMessage(screen_id=saved.id, emergency=emergency, texts=text))
    usual, urgent = (
        content(preview_files(preview_key(app, tid, SCREEN, screen_id=saved.id, emergency=asked)))
        for asked in (False, True)
    )
    assert [item["text"]["fr"] for item in usual["messages"]] == ["Fermé mardi"]
    assert [item["text"]["fr"] for item in urgent["messages"]] == ["Fermé mardi", "Fuite de gaz"]
    assert usual["version"] != urgent["version"]
    assert usual["slides"] == urgent["slides"]


def test_a_preview_is_made_once_and_changes_with_what_is_designed(app: App, tid: int) -> None:
    key = preview_key(app, tid, SCREEN)
    assert preview_key(app, tid, SCREEN) == key
    assert preview_key(app, tid, replace(SCREEN, pace=2.0)) != key
    assert preview_key(app, tid, SCREEN, _png()) != key
    assert preview_files(key)["index.html"]


def test_a_preview_is_never_refreshed_nor_counted(app: App, tid: int) -> None:
    record = replace(SCREEN, address="https://reseau.exemple.fr")
    screen = content(preview_files(preview_key(app, tid, record)))["screen"]
    assert (screen["key"], screen["address"]) == ("", "")


def test_only_the_last_previews_are_kept(app: App, tid: int) -> None:
    # A person who moves a slider makes hundreds of them.
    keys = [preview_key(app, tid, replace(SCREEN, min_seconds=10 + rank)) for rank in range(12)]
    assert len(screen_bundles._previews) == screen_bundles.MAX_PREVIEWS
    assert preview_files(keys[-1])
    with pytest.raises(NotFound, match="affichez de nouveau"):
        preview_files(keys[0])
    assert preview_key(app, tid, replace(SCREEN, min_seconds=10)) == keys[0]
    assert preview_files(keys[0])


def test_a_preview_that_cannot_be_built_is_said(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput):
        preview_key(app, tid, replace(SCREEN, quartiers=("QN99999M",)))
