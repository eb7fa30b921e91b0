"""`priorites`: keys that scripts rely on, the calculation of each line, what is left apart."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reseau.cli import main

KEYS = [
    "formule", "facteurs", "reference", "avertissement", "classees", "sans_population", "a_renseigner",
    "priorites", "non_classees",
]  # fmt: skip
LINE = [
    "rang", "quartier", "nom", "type", "theme", "etat", "habitants_non_couverts", "poids", "indice_social",
    "demandes", "score", "calcul", "inconnues",
]  # fmt: skip


@pytest.fixture
def demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    assert main(["demo"]) == 0
    capsys.readouterr()


@pytest.mark.usefixtures("demonstration")
def test_one_document_with_the_keys_scripts_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["priorites", "--nombre", "5", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == KEYS
    assert len(answer["priorites"]) == 5 < answer["classees"]
    assert [item["rang"] for item in answer["priorites"]] == [1, 2, 3, 4, 5]
    for item in answer["priorites"]:
        assert list(item) == LINE
        product = item["habitants_non_couverts"] * item["poids"] * item["indice_social"] * item["demandes"]
        assert item["score"] == pytest.approx(product, abs=0.51)
    for item in answer["non_classees"]:
        assert item["score"] is item["rang"] is item["habitants_non_couverts"] is None
    assert "norme nationale" in answer["avertissement"]
    assert answer["reference"] == "référence de départ"


@pytest.mark.usefixtures("demonstration")
def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["priorites", "--nombre", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Score = habitants non couverts × poids du type")
    assert re.match(r"1\. .+ \| .+ × indice social.+= ", lines[1])
    assert any(line.startswith("Non classé : Le Plateau") for line in lines)
    assert "norme nationale" in lines[-1]


def test_an_empty_territory_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    assert main(["priorites"]) == 1
    assert main(["territoire", "creer", "Essai", "--communes", "99101"]) == 0
    capsys.readouterr()
    assert main(["priorites"]) == 0
    assert "Rien à classer" in capsys.readouterr().out


@pytest.mark.usefixtures("demonstration")
def test_a_number_that_makes_no_sense_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["priorites", "--nombre", "0"]) == 1
    assert "--nombre" in capsys.readouterr().err
