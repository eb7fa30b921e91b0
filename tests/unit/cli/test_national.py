"""`national`: one document, a file where asked, French refusals, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main
from tests.unit.services.national_files import boundaries, usual


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    boundaries(tmp_path)
    usual(tmp_path)
    return ["national", "--qpv", "quartiers.geojson", "--etablissements", "finess.csv"]


def test_one_document_without_any_territory(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "quartiers", "quartiers_sans_population", "structures_lues", "lieux", "lieux_sans_position", "marche",
        "part_demandee", "types", "chemin", "lignes",
    ]  # fmt: skip
    assert (found["quartiers"], found["lieux"], len(found["lignes"])) == (4, 4, 8)
    assert found["marche"] == "ligne droite ×\u00a01,3, 4,5 km/h"
    (hospital,) = [item for item in found["types"] if item["type"] == "hopital"]
    assert (hospital["lieux"], hospital["seuil_minutes"], hospital["quartiers_proches"]) == (1, None, None)
    (first,) = [item for item in found["lignes"] if (item["code"], item["type"]) == ("QN03301M", "pharmacie")]
    assert (first["dans_le_quartier"], first["part_dans_le_seuil"], first["habitants"]) == (1, 1.0, None)


def test_written_to_a_file_the_answer_is_the_summary(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--departements", "33,24", "--sortie", "tables/national.csv"]) == 0
    said = capsys.readouterr()
    assert "pharmacie — lieux : 3 ; quartiers à moins de 15 min : 2, plus loin : 1" in said.out
    assert "Lignes écrites dans tables/national.csv : 6." in said.out
    assert "sans position" in said.err
    assert len((tmp_path / "tables" / "national.csv").read_bytes().splitlines()) == 7


def test_without_a_file_the_lines_are_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "QN03301M | Quartier QN03301M | 33 | pharmacie | Pharmacie | 1 | 1 | 0.0 |" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--departements", "75"], "aucun quartier dans : 75"),
        (["--travailleurs", "0"], "entre 1 et 64"),
        (["--etablissements", "absent.csv"], "n'existe pas"),
        (["--population", "finess.csv"], "n'est pas un fichier de chiffres"),
    ],
)
def test_what_is_refused_leaves_nothing(
    words: list[str], more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main([*words, *more, "--sortie", "national.csv"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert sorted(path.name for path in tmp_path.iterdir() if "base.db" not in path.name) == before
