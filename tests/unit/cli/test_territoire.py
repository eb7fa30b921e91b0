"""`territoire creer` with names, quartiers and a reference file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.config import DEMO_QPV_DIR
from reseau.services import communes_search

QUARTIERS = str(DEMO_QPV_DIR / "demo-quartiers.geojson")


@pytest.fixture(autouse=True)
def _base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["territoire", "lister", "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_commune_is_named_with_a_reference(capsys: pytest.CaptureFixture[str]) -> None:
    """What was understood is said, for a name is not a code."""
    words = ["territoire", "creer", "Ici", "--communes", "beaurivage les saules", "--referentiel", QUARTIERS]
    assert main([*words, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"territoire": "Ici"}
    assert "Beaurivage-les-Saules (99101)" in said.err
    assert listed(capsys) == [{"territoire": "Ici", "communes": ["99101"]}]


def test_an_unknown_name_makes_nothing_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["territoire", "creer", "Ici", "--communes", "Nulle-Part"]) == 1
    said = capsys.readouterr().err
    assert "Nulle-Part" in said
    assert "INSEE" in said
    assert listed(capsys) == []


def test_the_service_is_asked_on_demand_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(name: str) -> list[communes_search.Candidate]:
        asked.append(name)
        return [communes_search.Candidate(code="31555", name="Toulouse")]

    monkeypatch.setattr(communes_search, "ask_online", ask)
    assert main(["territoire", "creer", "A", "--communes", "Toulouse"]) == 1
    assert asked == []
    assert main(["territoire", "creer", "B", "--communes", "Toulouse", "--chercher"]) == 0
    assert asked == ["Toulouse"]


def test_quartiers_alone_are_enough_and_their_communes_come_with_their_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes = ["QN99101M"]
    assert main(["territoire", "creer", "Deux quartiers", "--qpv", *codes]) == 0
    capsys.readouterr()
    assert listed(capsys) == [{"territoire": "Deux quartiers", "communes": [], "qpv": codes}]


def test_nothing_to_start_from_is_a_command_badly_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["territoire", "creer", "Ici"])
    assert leaving.value.code == 2
    assert "--qpv" in capsys.readouterr().err
