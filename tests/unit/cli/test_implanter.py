"""`implanter`: keys that scripts rely on, what is refused, what is written and only when asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.services import App, open_app
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.frames import lonlat
from tests.unit.services.sites import STEP, town


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    url = f"sqlite:///{tmp_path / 'base.db'}"
    monkeypatch.setenv("RESEAU_DATABASE_URL", url)
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as opened:
        town(opened, create_territoire(opened, "Essai", communes=["18033"]).id)
        yield opened


def test_one_document_with_the_keys_scripts_rely_on(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["implanter", "--type", "pmi", "--nombre", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "types", "statut", "ecart", "phrase", "lieux_possibles", "lieux_utiles", "unite", "comptes", "totaux",
        "choisis", "quartiers", "marche", "a_savoir",
    ]  # fmt: skip
    assert found["statut"] == "optimal"
    assert [(item["nom"], item["gain"]) for item in found["choisis"]] == [
        ("Centre 1", 2000),
        ("Centre 0", 1000),
    ]
    assert found["totaux"][0]["avant"] is None, "nothing is known today: null, not zero"
    assert open_view(app, 1).actions.empty, "nothing is written unless asked for"


def test_a_type_may_be_named_as_people_do_and_actions_are_created_once(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["implanter", "--type", "PMI", "--part", "50", "--creer", "--json"]
    assert main(command) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["creees"], first["deja_la"]) == (1, 0)
    assert main(command) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["creees"], again["deja_la"]) == (0, 1)
    assert len(open_view(app, 1).actions) == 1


def test_points_and_kinds_of_places(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    lon, lat = lonlat(2 * STEP + 200, 200)
    point = f"{lon},{lat},École du Nord"
    assert main(["implanter", "--type", "pmi", "--nombre", "9", "--point", point, "--json"]) == 0
    only = json.loads(capsys.readouterr().out)
    assert [item["nom"] for item in only["choisis"]] == ["École du Nord"]
    assert main(["implanter", "--type", "pmi", "--nombre", "9", "--point", point, "--lieux", "centre-social",
                 "--quartier", "QN00002M", "--delai", "2,5"]) == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "1. Centre 2 : +500 habitants (500 à lui seul)" in said
    assert "Marche : ligne droite" in said


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["--nombre", "2"], 2, "--type"),
        (["--type", "pmi"], 2, "il manque une de ces options"),
        (["--type", "pmi", "--nombre", "2", "--part", "50"], 2, "ne vont pas ensemble"),
        (["--type", "pmi", "--nombre", "deux"], 2, "n'est pas un nombre"),
        (["--type", "pmi", "--part", "beaucoup"], 2, "n'est pas un nombre"),
        (["--type", "pmi", "--part", "0,8"], 1, "donnez un pourcentage"),
        (["--type", "pmi", "--nombre", "0"], 1, "au moins 1"),
        (["--type", "caf", "--nombre", "1"], 1, "sans durée de marche"),
        (["--type", "inconnu", "--nombre", "1"], 1, "n'existe pas"),
        (["--type", "pmi", "--nombre", "1", "--lieux", "inconnu"], 1, "--lieux"),
        (["--type", "pmi", "--nombre", "1", "--point", "ici"], 1, "longitude,latitude,nom"),
        (["--type", "pmi", "--nombre", "1", "--lieux", "mairie"], 1, "Lieux possibles : aucun"),
        (["--type", "pmi", "--nombre", "1", "--quartier", "QN9"], 1, "aucun quartier"),
    ],
)
def test_what_is_refused_is_said_in_french(
    app: App, capsys: pytest.CaptureFixture[str], typed: list[str], code: int, words: str
) -> None:
    try:
        answer = main(["implanter", *typed])
    except SystemExit as stopped:
        answer = int(str(stopped.code))
    assert answer == code
    assert words in capsys.readouterr().err


def test_what_cannot_be_done_is_an_answer(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """Infeasible is not an error: the sentence says how far one could go."""
    lon, lat = lonlat(200, 200)
    assert main(["implanter", "--type", "pmi", "--part", "90", "--point", f"{lon},{lat}", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["statut"] == "infaisable"
    assert found["ecart"] is None
    assert found["choisis"] == []
    assert "29\u202f%" in found["phrase"]
