"""`telecharger`: one document for scripts, nothing half-done for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main
from tests.unit.downloads.publisher import Answer, serve

RAW = (
    "finess;etalab;98;2026-05-12\n"
    "structureet;990000001;990000000;CMP;CMP LONG;;;12;R;DES LILAS;;;101;99;ESSAI;99100 ESSAI;;;"
    "156;CMP;;;;;;;;;;;;\n"
)
TABLE = "identifiant;nom;type;code insee\na;CMP Les Érables;CMP;99101\n"
KEYS = ["source", "adresse", "fichier", "octets", "date", "repris", "inchange", "import"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.setenv("RESEAU_TELECHARGEMENTS", str(tmp_path / "fichiers"))
    monkeypatch.chdir(tmp_path)
    assert main(["territoire", "creer", "Essai", "--communes", "99101"]) == 0
    return tmp_path


def test_a_file_is_brought_and_imported(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(Answer(body=RAW.encode(), headers={"ETag": '"1"'})) as publisher:
        command = ["telecharger", "finess", "--adresse", publisher.url + "/f.csv", "--json"]
        capsys.readouterr()
        assert main(command) == 0
        first = json.loads(capsys.readouterr().out)
        assert main([*command, "--importer", "--territoire", "Essai"]) == 0
        second = json.loads(capsys.readouterr().out)
    assert list(first) == KEYS
    assert (first["source"], first["octets"], first["import"]) == ("finess", len(RAW), None)
    assert first["adresse"] == publisher.url + "/f.csv"
    assert (first["repris"], first["inchange"], second["inchange"]) == (False, False, True)
    assert second["import"]["nouveaux"] == 1


def test_into_a_chosen_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(Answer(body=RAW.encode())) as publisher:
        assert main(["telecharger", "finess", "--adresse", publisher.url + "/f.csv", "--dossier", "ici"]) == 0
    assert (here / "ici" / "f.csv").read_text() == RAW
    assert "fichier : ici/f.csv" in capsys.readouterr().out


def test_a_shared_table(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(Answer(body=TABLE.encode())) as publisher:
        capsys.readouterr()
        assert (
            main(["telecharger", "tableur", "--adresse", publisher.url + "/t", "--importer", "--json"]) == 0
        )
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == KEYS
    assert answer["import"]["nouveaux"] == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=404), "rien à cette adresse"),
        (Answer(body=b"<html>"), "page web"),
        (Answer(body=b"a;b\n1;2\n"), "n'est pas un fichier FINESS"),
    ],
)
def test_what_fails_says_why_and_prints_no_answer(
    answer: Answer, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(answer) as publisher:
        capsys.readouterr()
        assert (
            main(["telecharger", "finess", "--adresse", publisher.url + "/f.csv", "--importer", "--json"])
            == 1
        )
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err


def test_a_source_nobody_serves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["telecharger", "relations"]) == 1
    assert "n'a pas d'adresse de téléchargement" in capsys.readouterr().err
