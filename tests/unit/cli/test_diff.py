"""`diff`: what an import would change, as one document or as sentences; nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main
from tests.unit.services.imports import register, uid

KEYS = [
    "source", "fichier", "lus", "nouveaux", "modifies", "disparus", "rouverts", "inchanges", "refuses",
    "hors_territoire", "changements",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "avant.csv").write_text(register(range(5)), encoding="utf-8")
    changed = register(range(1, 7), names={2: "PHARMACIE\x07 DU PORT"}).replace("48.0003", "48.0033")
    (tmp_path / "apres.csv").write_text(changed, encoding="utf-8")
    assert main(["territoire", "creer", "Ici", "--communes", "99101"]) == 0
    assert main(["importer", "finess", "avant.csv"]) == 0
    return tmp_path


def test_one_document_with_these_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["diff", "finess", "apres.csv", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS
    assert (found["lus"], found["nouveaux"], found["modifies"], found["disparus"]) == (6, 2, 2, 1)
    assert found["lus"] == sum(
        found[name]
        for name in ("nouveaux", "modifies", "rouverts", "inchanges", "refuses", "hors_territoire")
    )
    changed = {item["cle"]: item for item in found["changements"]}
    assert set(changed[uid(2)]) == {"cle", "action", "ligne", "fiche", "champs", "gardes"}
    (field,) = changed[uid(3)]["champs"]
    assert field == {"champ": "latitude", "avant": 48.0003, "apres": 48.0033, "source_avant": "finess"}
    assert (changed[uid(0)]["action"], changed[uid(0)]["ligne"]) == ("disparu", None)


def test_sentences_on_one_line_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A control character of a file never reaches the terminal."""
    capsys.readouterr()
    assert main(["diff", "finess", "apres.csv"]) == 0
    said = capsys.readouterr().out
    assert "Nouvelles (2)" in said
    assert "latitude : 48.0003 → 48.0033 (de : finess)" in said
    assert "Plus citées par le fichier (1)" in said
    assert "fermée : non → oui" in said
    assert "\x07" not in said


def test_nothing_is_written_and_nothing_to_say_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["diff", "finess", "apres.csv"])
    capsys.readouterr()
    assert main(["diff", "finess", "avant.csv"]) == 0
    assert "ne changerait rien" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["diff", "finess", "absent.csv", "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "absent.csv" in said.err


def test_importer_tells_what_it_closed_and_closes_many_when_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "grand.csv").write_text(register(range(30)), encoding="utf-8")
    (folder / "petit.csv").write_text(register(range(3)), encoding="utf-8")
    main(["importer", "finess", "grand.csv"])
    capsys.readouterr()
    assert main(["importer", "finess", "petit.csv", "--json"]) == 0
    said = capsys.readouterr()
    assert set(json.loads(said.out)) == {
        "source", "lus", "nouveaux", "modifies", "inchanges", "refuses", "hors_territoire", "rapport",
    }  # fmt: skip
    assert "--fermer" in said.err
    assert main(["importer", "finess", "petit.csv", "--fermer"]) == 0
    assert "marquées fermées" in capsys.readouterr().err
