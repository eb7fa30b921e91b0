from __future__ import annotations

import errno
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest

from reseau.errors import RefusedInput
from reseau.screens import _files, _folder, bundle
from reseau.screens.content import Content
from tests.screens import sample_content

FONTS = {"fonts/latin.woff2": b"wOF2"}
NASTY = "</script><script>alert(1)</script><!--CONTENU--> & \u2028 \ud800 «»"


@pytest.fixture(autouse=True)
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A player of two files: what is tested here is what carries it."""
    folder = tmp_path / "lecteur"
    folder.mkdir()
    (folder / "index.html").write_text(
        "<!doctype html><title>Écran</title><!--CONTENU--><p>fin", encoding="utf-8"
    )
    (folder / "ecran.js").write_text("'use strict';")
    (folder / "notes.md").write_text("not for a screen")
    monkeypatch.setattr(_files, "PLAYER", folder)
    return folder


@cache
def sample() -> Content:
    return sample_content()


def content(**parts: Any) -> Content:
    """The content of the sample, but for what a test says of it."""
    return cast("Content", {**sample(), **parts})


def made(**parts: object) -> dict[str, bytes]:
    return bundle.bundle_files(content(**parts), fonts=FONTS)


class _Page(HTMLParser):
    """Elements of a page and the text of the one that holds the content."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_bundle_is_whole() -> None:
    assert set(made()) == {
        "index.html", "ecran.js", "fonts.css", "fonts/latin.woff2", "contenu.json", "version.json",
        "LISEZMOI.txt", "LICENCES.txt", "demarrer-ecran.sh", "demarrer-ecran.cmd",
    }  # fmt: skip


def test_what_goes_along_never_takes_the_place_of_the_screen(tmp_path: Path) -> None:
    beside = {"feuilles/fr.pdf": b"%PDF", "index.html": b"mine"}
    files = bundle.bundle_files(content(), fonts=FONTS, beside=beside)
    assert files == made() | {"feuilles/fr.pdf": b"%PDF", "version.json": files["version.json"]}
    # Known as ours: the next bundle, with or without it, may take its place.
    bundle.write_folder(files, tmp_path / "ecran")
    bundle.write_folder(made(), tmp_path / "ecran")
    assert on_disk(tmp_path / "ecran") == made()


def test_the_page_holds_the_content_as_data() -> None:
    said = content(sources=[NASTY])
    page = _Page(bundle.bundle_files(said, fonts=FONTS)["index.html"])
    # The text closes nothing and opens nothing: the elements are those of the player and of the bundle.
    assert page.tags == ["title", "script", "p"]
    assert json.loads(page.texts[1]) == json.loads(json.dumps(said).replace("\\ud800", "?"))


def test_content_and_version_say_the_same() -> None:
    files = made()
    said = json.loads(files["version.json"])
    assert json.loads(files["contenu.json"]) == json.loads(json.dumps(content()))
    assert said["version"] == content()["version"]
    assert said["schema"] == content()["schema"]
    assert set(said["files"]) == set(files)


def test_the_page_says_the_player_it_was_made_with() -> None:
    # By it a screen left running knows that its page, and not its content alone, is out of date.
    files = made()
    known = json.loads(files["version.json"])["player"]
    assert f'id="contenu" data-player="{known}">' in files["index.html"].decode()


def test_the_fingerprint_of_the_player_changes_with_it_alone(player: Path) -> None:
    before = json.loads(made()["version.json"])["player"]
    assert json.loads(made(version="autre")["version.json"])["player"] == before == bundle.player_key()
    (player / "ecran.js").write_text("'use strict'; // changed")
    assert bundle.player_key() != before


@pytest.mark.parametrize("page", ["<p>no placeholder", "<!--CONTENU--><!--CONTENU-->"])
def test_a_player_without_its_place_for_the_content_is_refused(player: Path, page: str) -> None:
    (player / "index.html").write_text(page)
    with pytest.raises(RefusedInput, match="incomplet"):
        made()


def test_an_infinite_number_is_a_mistake_and_not_a_broken_page() -> None:
    with pytest.raises(ValueError, match="JSON"):
        made(valid_days=float("nan"))


def test_scripts_are_those_of_the_languages() -> None:
    def of(*codes: str) -> list[str]:
        return bundle.scripts_of(content(languages=[{"code": code} for code in codes]))

    assert of("fr") == ["latin"]
    assert of("fr", "fr") == ["latin"]


def test_licences_say_the_sources_and_the_fonts() -> None:
    said = made(sources=["Annuaire — Éditeur\r\nfaux titre — Licence ouverte"], map=_map())[
        "LICENCES.txt"
    ].decode()
    assert "- Annuaire — Éditeur faux titre — Licence ouverte\r\n" in said
    assert "Plan : © les contributeurs" in said
    assert "SIL OPEN FONT LICENSE" in said.upper()


def _map() -> object:
    return {"width": 1.0, "height": 1.0, "metres": 1.0, "areas": [], "streets": [], "here": None,
            "credit": "© les contributeurs d'OpenStreetMap"}  # fmt: skip


def test_starters_have_the_line_ends_of_their_system() -> None:
    files = made()
    # A return at the end of the first line, and no Linux finds «/bin/sh\r».
    assert files["demarrer-ecran.sh"].startswith(b"#!/bin/sh\n")
    assert b"\r" not in files["demarrer-ecran.sh"]
    assert files["demarrer-ecran.cmd"].count(b"\r\n") == files["demarrer-ecran.cmd"].count(b"\n")
    assert files["demarrer-ecran.cmd"].isascii()
    assert "Windows" in files["LISEZMOI.txt"].decode()


# ---------------------------------------------------------------- folder


@pytest.fixture(params=["exchange", "renamings"])
def any_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A disk that exchanges two folders in one call, and one that cannot."""
    if request.param == "renamings":
        monkeypatch.setattr(_folder, "_exchange", lambda one, other: False)
    return str(request.param)


def on_disk(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


@pytest.mark.usefixtures("any_disk")
def test_a_folder_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "sous" / "écran 1 #"
    old, new = made(version="1"), made(version="2")
    del new["ecran.js"]
    new["version.json"] = new["version.json"].replace(b'"ecran.js",', b"")
    assert bundle.write_folder(old, path) == sum(map(len, old.values()))
    assert on_disk(path) == old
    bundle.write_folder(new, path)
    assert on_disk(path) == new  # and nothing of the old one stays
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    assert (path / "demarrer-ecran.sh").stat().st_mode & stat.S_IXUSR


@pytest.mark.usefixtures("any_disk")
def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    bundle.write_folder(made(), tmp_path / "vide")
    assert on_disk(tmp_path / "vide") == made()


def test_somebody_s_folder_is_never_touched(tmp_path: Path) -> None:
    mine = tmp_path / "photos"
    mine.mkdir()
    (mine / "version.json").write_text('{"version": 3, "files": []}')
    (mine / "photo.jpg").write_text("mine")
    with pytest.raises(RefusedInput, match="autre chose qu'un écran"):
        bundle.write_folder(made(), mine)
    assert (mine / "photo.jpg").read_text() == "mine"
    assert [item.name for item in tmp_path.iterdir() if item.name != "lecteur"] == ["photos"]


@pytest.mark.parametrize("said", ["", "null", "[]", '{"made_by": "reseau-ecran"}', "[" * 100_000])
def test_a_folder_that_only_looks_like_a_bundle_is_not_one(tmp_path: Path, said: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "version.json").write_text(said)
    with pytest.raises(RefusedInput, match="autre chose"):
        bundle.write_folder(made(), tmp_path / "a")


def test_a_file_left_in_a_bundle_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "ecran"
    bundle.write_folder(made(), path)
    (path / "fonts" / "devis.odt").write_text("mine")
    with pytest.raises(RefusedInput, match=r"fonts/devis\.odt"):
        bundle.write_folder(made(version="2"), path)
    assert on_disk(path) == made() | {"fonts/devis.odt": b"mine"}


def test_what_systems_drop_is_not_a_file_of_somebody(tmp_path: Path) -> None:
    path = tmp_path / "ecran"
    bundle.write_folder(made(), path)
    for name in ("Thumbs.db", ".DS_Store", "._index.html"):
        (path / name).write_text("")
    bundle.write_folder(made(version="2"), path)
    assert on_disk(path) == made(version="2")


def test_a_file_or_the_root_of_a_disk_is_no_folder_for_it(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("mine")
    with pytest.raises(RefusedInput, match="est un fichier"):
        bundle.write_folder(made(), tmp_path / "fichier")
    with pytest.raises(RefusedInput, match="racine d'un disque"):
        bundle.write_folder(made(), Path(tmp_path.anchor))
    with pytest.raises(RefusedInput, match="un fichier est là où il faudrait un dossier"):
        bundle.write_folder(made(), tmp_path / "fichier" / "ecran")
    assert (tmp_path / "fichier").read_text() == "mine"


def test_a_link_is_followed_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "vrai").mkdir()
    (tmp_path / "lien").symlink_to(tmp_path / "vrai")
    bundle.write_folder(made(), tmp_path / "lien")
    assert (tmp_path / "lien").is_symlink()
    assert on_disk(tmp_path / "vrai") == made()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_failure_leaves_the_old_bundle_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path = tmp_path / "ecran"
    bundle.write_folder(made(), path)
    written: list[Path] = []

    def fails(target: Path, data: bytes) -> None:
        written.append(target)
        if len(written) > 3:
            raise OSError(code, os.strerror(code))
        target.write_bytes(data)

    monkeypatch.setattr(_folder, "write_through", fails)
    with pytest.raises(RefusedInput, match=r"ne peut pas être écrit.*n'a pas changé"):
        bundle.write_folder(made(version="2"), path)
    assert on_disk(path) == made()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["ecran", "lecteur"]


class _PowerCutError(BaseException):
    """Nothing runs after it."""


def _cut_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Cut the power at each step of a writing, one after the other, until one goes to its end."""
    monkeypatch.setattr(_folder.shutil, "rmtree", lambda *_args, **_kwargs: None)
    real_write, real_rename = _folder.write_through, Path.rename
    for point in range(1, 50):
        steps = iter(range(1, 50))

        def step(stop: int = point, steps: Iterator[int] = steps) -> None:
            if next(steps) == stop:
                raise _PowerCutError

        def write(target: Path, data: bytes, step: object = step) -> None:
            step()  # type: ignore[operator]
            real_write(target, data)

        def rename(self: Path, target: Path, step: object = step) -> Path:
            step()  # type: ignore[operator]
            return real_rename(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(_folder, "write_through", write)
            patch.setattr(Path, "rename", rename)
            try:
                bundle.write_folder(made(version="2"), tmp_path / "ecran")
                return
            except _PowerCutError:
                yield point
    pytest.fail("never went to its end")


@pytest.mark.usefixtures("any_disk")
def test_a_power_cut_at_any_step_leaves_the_old_one_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_disk: str
) -> None:
    path = tmp_path / "ecran"
    bundle.write_folder(made(), path)
    cuts, absent = 0, 0
    for _point in _cut_points(tmp_path, monkeypatch):
        cuts += 1
        if path.exists():
            assert on_disk(path) == made()
        else:
            absent += 1
            # Only between two renamings, where the disk has no exchange: the next call puts it back.
            _folder._tidy(path)
            assert on_disk(path) == made()
    assert on_disk(path) == made(version="2")
    assert cuts >= len(made())
    assert absent == (0 if any_disk == "exchange" else 1)


def test_what_an_interruption_left_is_cleaned_by_the_next_call(tmp_path: Path) -> None:
    left = tmp_path / ".ecran.0123abcd.nouveau"
    left.mkdir()
    (left / "index.html").write_text("half")
    other = tmp_path / ".ecran.notes"
    other.mkdir()
    bundle.write_folder(made(), tmp_path / "ecran")
    assert not left.exists()
    assert other.exists()


# ---------------------------------------------------------------- zip


def test_the_same_bundle_makes_the_same_zip(tmp_path: Path) -> None:
    files = made()
    size = bundle.write_zip(files, tmp_path / "ecran accueil.zip")
    with zipfile.ZipFile(tmp_path / "ecran accueil.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(f"ecran accueil/{name}") for name in files} == files
        assert archive.getinfo("ecran accueil/demarrer-ecran.sh").external_attr >> 16 == 0o755
    again = tmp_path / "ecran accueil.zip"
    before = again.read_bytes()
    bundle.write_zip(dict(reversed(files.items())), again)
    assert again.read_bytes() == before
    assert size == len(before)


def test_a_zip_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ecran.zip"
    path.write_bytes(b"old")

    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_files.os, "replace", full)
    with pytest.raises(RefusedInput, match="le disque est plein"):
        bundle.write_zip(made(), path)
    assert path.read_bytes() == b"old"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["ecran.zip", "lecteur"]


def test_a_bundle_unzipped_may_be_replaced(tmp_path: Path) -> None:
    bundle.write_zip(made(), tmp_path / "ecran.zip")
    with zipfile.ZipFile(tmp_path / "ecran.zip") as archive:
        archive.extractall(tmp_path)
    bundle.write_folder(made(version="2"), tmp_path / "ecran")
    assert on_disk(tmp_path / "ecran") == made(version="2")
