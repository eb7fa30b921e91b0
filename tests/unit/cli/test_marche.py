"""`marche`: what is used, one document; nothing done by halves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.territoires import find_territoire
from tests.unit.services.test_walking import STREET, extract, quartier

KEYS = ["territoire", "mesure", "vitesse_kmh", "detour", "reseau"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    assert main(["territoire", "creer", "Ici", "--communes", "18033"]) == 0
    app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'base.db'}"}))
    quartier(app, find_territoire(app).id)
    app.close()
    extract(tmp_path, STREET)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["marche", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("folder")
def test_a_network_is_loaded_put_aside_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys)
    assert list(before) == KEYS
    assert (before["mesure"], before["vitesse_kmh"], before["reseau"]) == (
        "ligne droite ×\u00a01,3",
        4.5,
        None,
    )
    loaded = answer(capsys, "--charger", "rues.osm", "--territoire", "Ici")
    assert loaded["mesure"] == "réseau piéton OpenStreetMap (données du 04/05/2026)"
    assert loaded["reseau"] == {
        "fichier": "rues.osm", "date": "2026-05-04", "utilise": True, "lisible": True, "km": 3.0,
        "part_habitants": 1.0, "structures_placees": 0, "structures_sur_le_reseau": 0,
        "mention": "© les contributeurs d'OpenStreetMap, ODbL",
    }  # fmt: skip
    aside = answer(capsys, "--reseau", "non", "--vitesse", "3,5")
    assert (aside["mesure"], aside["vitesse_kmh"]) == (before["mesure"], 3.5)
    assert aside["reseau"]["utilise"] is False
    assert answer(capsys, "--reseau", "oui")["mesure"] == loaded["mesure"]
    assert answer(capsys, "--oublier")["reseau"] is None


@pytest.mark.usefixtures("folder")
def test_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["marche"]) == 0
    assert "réseau piéton : aucun" in capsys.readouterr().out
    assert main(["marche", "--charger", "rues.osm"]) == 0
    said = capsys.readouterr()
    assert "3 km de rues, utilisé" in said.out
    assert "© les contributeurs d'OpenStreetMap" in said.out
    assert "aucun export" in said.err
    assert main(["marche", "--oublier"]) == main(["marche", "--oublier"]) == 0
    assert "rien à oublier" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ["--charger", "rues.osm", "--vitesse", "40"],
        ["--charger", "rues.osm", "--vitesse", "nan"],
        ["--charger", "rues.osm", "--oublier"],
        ["--reseau", "peut-être"],
    ],
)
def test_a_command_badly_written_does_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The speed is refused before the file is read, not after."""
    before = answer(capsys)
    with pytest.raises(SystemExit) as stopped:
        main(["marche", *words])
    assert stopped.value.code == 2
    assert answer(capsys) == before


@pytest.mark.usefixtures("folder")
def test_a_refused_file_changes_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys)
    assert main(["marche", "--charger", "absent.osm", "--vitesse", "3", "--reseau", "non"]) == 1
    assert "introuvable" in capsys.readouterr().err
    assert answer(capsys) == before
