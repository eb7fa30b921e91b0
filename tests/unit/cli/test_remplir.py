"""`remplir`: several files, one answer each; refused only when nothing at all was taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main
from tests.unit.services.imports import register

KEYS = [
    "fichier", "source", "probleme", "lus", "nouveaux", "modifies", "inchanges", "refuses",
    "hors_territoire", "rapport",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "registre.csv").write_text(register(range(5)), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("bonjour\n", encoding="utf-8")
    monkeypatch.setattr(
        "reseau.services.filling.recognise", lambda path: "finess" if path.name == "registre.csv" else None
    )
    assert main(["territoire", "creer", "Ici", "--communes", "99101"]) == 0
    return tmp_path


def test_each_file_has_its_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["remplir", "notes.txt", "registre.csv", "--json"]) == 0
    said = capsys.readouterr()
    taken, left = json.loads(said.out)
    assert list(taken) == list(left) == KEYS
    assert (taken["source"], taken["probleme"], taken["nouveaux"], taken["lus"]) == ("finess", None, 5, 5)
    assert (left["source"], left["nouveaux"]) == (None, None)
    assert "ne reconnaît pas" in left["probleme"]
    assert "notes.txt" in said.err


def test_sentences(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["remplir", "notes.txt", "registre.csv"]) == 0
    said = capsys.readouterr().out
    assert "registre.csv (finess)" in said
    assert "nouveaux : 5" in said
    assert "rien n'en a été pris" in said


def test_refused_when_nothing_was_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["remplir", "notes.txt", "absent.csv", "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "ne reconnaît pas" in said.err


def test_a_file_may_be_named_with_its_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The team's own table has no sure sign; an equals sign in an ordinary name stays part of the name."""
    (folder / "liste.csv").write_text("nom;type\nMaison;CMP\n", encoding="utf-8")
    (folder / "a=b.csv").write_text("nom;type\nAutre;CMP\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["remplir", "tableur=liste.csv", "a=b.csv", "--json"]) == 0
    taken, left = json.loads(capsys.readouterr().out)
    assert (taken["fichier"], taken["source"], taken["nouveaux"]) == ("liste.csv", "tableur", 1)
    assert (left["fichier"], left["source"]) == ("a=b.csv", None)
