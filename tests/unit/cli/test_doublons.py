"""`doublons`: keys that scripts rely on, what is answered, where it goes."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.editing import save_row
from reseau.services.territoires import create_territoire

NEAR = {"types": ["cmp"], "lat": 48.1, "position_precision": "exacte", "insee": "99101"}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two sheets of one place, and another one."""
    url = f"sqlite:///{tmp_path / 'base.db'}"
    monkeypatch.setenv("RESEAU_DATABASE_URL", url)
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as app:
        tid = create_territoire(app, "Essai", communes=["99101"]).id
        rows = [("C.M.P. Nord", 1.6), ("Centre médico-psychologique Nord", 1.6002), ("CMP Sud", 1.7)]
        return [save_row(app, tid, "structures", {**NEAR, "name": name, "lon": lon}) for name, lon in rows]


def test_one_document_with_the_keys_scripts_rely_on(
    base: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doublons", "--json"]) == 0
    said = capsys.readouterr()
    (pair,) = json.loads(said.out)
    assert list(pair) == ["a", "b", "score", "verdict", "raisons"]
    assert list(pair["a"]) == list(pair["b"]) == ["id", "uid", "nom"]
    assert {pair["a"]["id"], pair["b"]["id"]} == set(base[:2])
    assert pair["verdict"] == "probable"
    assert "même nom" in pair["raisons"]
    assert said.err == ""


def test_a_minimum_of_its_own(base: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    """A higher one shows fewer pairs; one that is no score is refused with a reason."""
    assert main(["doublons", "--minimum", "99,5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["doublons", "--minimum", "120"]) == 1
    assert "de 0 à 100" in capsys.readouterr().err
    assert main(["doublons", "--minimum", "nan"]) == 1


def test_as_sentences(base: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doublons", "--territoire", "Essai"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("probable (")
    assert "C.M.P. Nord" in line
    assert main(["doublons", "--minimum", "100"]) == 0
    assert "Aucun doublon" in capsys.readouterr().out
