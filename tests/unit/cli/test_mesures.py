"""`mesures`: keys that scripts rely on, what is not known is null, a photo is kept when asked."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from reseau.cli import main
from reseau.config import load_config
from reseau.gaps import all_measures
from reseau.services import open_app
from reseau.services.editing import save_row
from reseau.services.snapshots import list_snapshots
from reseau.services.territoires import create_territoire

SQUARE = shapely.to_wkb(shapely.box(2.40, 47.08, 2.405, 47.084))


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """A quartier of 1 000 inhabitants, a CMP of 20 places in it, another without position."""
    url = f"sqlite:///{tmp_path / 'base.db'}"
    monkeypatch.setenv("RESEAU_DATABASE_URL", url)
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as app:
        tid = create_territoire(app, "Essai", communes=["18033"]).id
        quartier = {
            "code": "QV-nord",
            "name": "Nord",
            "wkb": SQUARE,
            "communes": ["18033"],
            "population": 1000,
        }
        save_row(app, tid, "quartiers", quartier)
        cmp = {"name": "CMP", "types": ["cmp"], "lat": 47.082, "lon": 2.402, "position_precision": "exacte"}
        save_row(app, tid, "structures", {**cmp, "capacity": 20.0, "capacity_unit": "places"})
        save_row(app, tid, "structures", {"name": "CMP perdu", "types": ["cmp"]})
    return url, tid


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["mesures", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_one_document_with_the_keys_scripts_rely_on(base: object, capsys: pytest.CaptureFixture[str]) -> None:
    said = document(capsys, "--type", "cmp")
    assert list(said) == ["territoire", "jour", "trajets", "mesures", "lignes"]
    assert {item["id"] for item in said["mesures"]} == set(all_measures())
    assert list(said["mesures"][0]) == ["id", "titre", "sujet", "unite", "sens", "formule"]
    (line,) = said["lignes"]
    assert list(line) == [
        "quartier", "nom", "type", "mesures", "en_mots", "unites", "seuils", "inutilisables", "fragile",
        "population_source", "repartition", "source", "date",
    ]  # fmt: skip
    assert (line["quartier"], line["type"]) == ("QV-nord", "cmp")
    assert line["mesures"]["etat"] == "a_relier"
    assert line["mesures"]["part"] == 1
    assert line["mesures"]["deux_sfca"] == 20
    assert line["unites"]["deux_sfca"] == "places pour 1\u202f000 habitants"
    assert line["inutilisables"]["part"] == 1
    assert line["source"] == "saisie"


def test_what_is_not_known_is_null_and_said_in_words(
    base: object, capsys: pytest.CaptureFixture[str]
) -> None:
    said = document(capsys, "--tous", "--quartier", "QV-nord")
    by_type = {line["type"]: line for line in said["lignes"]}
    assert len(by_type) > 30
    pmi = by_type["pmi"]
    assert (pmi["mesures"]["part"], pmi["en_mots"]["part"]) == (None, "inconnu")
    assert (by_type["cmp"]["mesures"]["soiree"], by_type["cmp"]["en_mots"]["soiree"]) == (
        "inconnu",
        "inconnu",
    )
    assert by_type["cmp"]["en_mots"]["dormance"] == "inconnu"


def test_expected_types_only_unless_asked(base: object, capsys: pytest.CaptureFixture[str]) -> None:
    few, all_types = document(capsys), document(capsys, "--tous")
    assert 0 < len(few["lignes"]) < len(all_types["lignes"])


def test_some_measures_in_the_order_of_the_list(base: object, capsys: pytest.CaptureFixture[str]) -> None:
    said = document(capsys, "--type", "CMP", "--mesure", "dans", "--mesure", "part")
    assert said["lignes"][0]["mesures"] == {"dans": 1, "part": 1}
    assert main(["mesures", "--type", "cmp", "--mesure", "part"]) == 0
    assert capsys.readouterr().out == "Nord | cmp | Part des habitants à portée : 100\u202f%\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--quartier", "QN1"], "Quartiers de ce territoire : QV-nord"),
        (["--type", "klingon"], "Type inconnu"),
        (["--mesure", "bonheur"], "Mesures : a_500m"),
        (["--garder", "x" * 1000], ""),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(
    base: object, capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    assert main(["mesures", *words, "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert reason in said.err


def test_a_photo_is_kept_when_asked(base: tuple[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    url, tid = base
    assert "photo" not in document(capsys)
    kept = document(capsys, "--garder", "Avant l'été")["photo"]
    document(capsys, "--garder")
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as app:
        found = {item.id: item.label for item in list_snapshots(app, tid)}
    assert found[kept] == "Avant l'été"
    assert len(found) == 2


def test_a_territory_without_quartier_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'base.db'}"
    monkeypatch.setenv("RESEAU_DATABASE_URL", url)
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as app:
        create_territoire(app, "Vide", communes=["18033"])
    assert main(["mesures"]) == 0
    assert "rien à mesurer" in capsys.readouterr().out
    assert main(["mesures", "--garder"]) == 1
    assert "aucun quartier" in capsys.readouterr().err
