"""What a team and a translator are told of the languages of the screens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reseau.cli.verbs.list import COMMAND
from reseau.screens import texts
from reseau.services.catalogue import list_plugins
from reseau.services.screen_languages import LanguageState, list_languages

ABOUT = '[langue]\nnom = "Soomaali"\nsens = "ltr"\necriture = "latin"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copy(texts.FOLDER / "fr.toml", tmp_path)
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts.load_language.cache_clear()
    yield tmp_path
    texts.load_language.cache_clear()


def state(code: str) -> LanguageState:
    return next(item for item in list_languages() if item.code == code)


def test_a_language_says_how_far_it_has_come(folder: Path) -> None:
    every = len(state("fr").in_french or ()) + sum(
        len(section) for name, section in texts.load_language("fr").texts.items() if name in texts.SECTIONS
    )
    (folder / "so.toml").write_text(ABOUT + '[besoins]\nmanger = "Cunto"\n', encoding="utf-8")
    started = state("so")
    assert (started.name, started.reviewed, started.to_correct) == ("Soomaali", False, ())
    assert started.summary == f"non relue, {every - 1 + len(texts.NAMES)} textes en français"
    assert state("fr").summary == "relue"


def test_one_text_is_counted_in_the_singular(folder: Path) -> None:
    content = (folder / "fr.toml").read_text(encoding="utf-8").replace('manger = "Manger"\n', "")
    (folder / "so.toml").write_text(content, encoding="utf-8")
    assert state("so").summary == "relue, 1 texte en français"


def test_a_damaged_file_is_told_and_stops_no_other(folder: Path) -> None:
    (folder / "so.toml").write_text("[langue", encoding="utf-8")
    damaged = state("so")
    assert (damaged.name, damaged.summary, damaged.in_french) == ("so", "illisible", None)
    assert "so.toml ne se lit pas" in damaged.to_correct[0]
    assert state("fr").summary == "relue"


def test_a_translator_reads_what_to_correct_at_the_terminal(folder: Path) -> None:
    (folder / "so.toml").write_text(ABOUT + '[besoins]\nmanger = "Manger"\n', encoding="utf-8")
    assert COMMAND.lines is not None
    lines = COMMAND.lines(list_plugins())
    at = next(rank for rank, line in enumerate(lines) if line.startswith("  so : Soomaali (non relue"))
    assert lines[at + 1].startswith("    - ")
    assert any("besoins.manger : laissé en français" in line for line in lines[at + 1 :])
