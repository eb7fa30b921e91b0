"""`importer` from public files: a type for places without any, and a radius of national ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main

PLACES = json.dumps([{"nom": "Espace du Gué", "lat": 46.3012, "lon": -0.4121}, {"nom": "Autre lieu"}])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lieux.json").write_text(PLACES, encoding="utf-8")
    assert main(["territoire", "creer", "Ici", "--communes", "99101"]) == 0
    return tmp_path


def test_a_type_for_all_the_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["importer", "points", "lieux.json", "--type", "numerique", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["lus"], found["nouveaux"], found["refuses"]) == (2, 2, 0)


def test_another_type_is_another_import(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bytes read another way are not «already imported»."""
    assert main(["importer", "points", "lieux.json", "--type", "numerique"]) == 0
    capsys.readouterr()
    assert main(["importer", "points", "lieux.json", "--type", "culture", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["modifies"] == 2
    assert main(["importer", "points", "lieux.json", "--type", "culture", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inchanges"] == 2


@pytest.mark.parametrize("option", [[], ["--type", "estaminet"]])
def test_without_a_known_type_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    assert main(["importer", "points", "lieux.json", *option]) == 1
    assert "type" in capsys.readouterr().err


def test_the_comparison_takes_the_same_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["diff", "points", "lieux.json", "--type", "numerique", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["nouveaux"] == 2
