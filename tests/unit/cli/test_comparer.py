"""`comparer`: one document or sentences, for each of the four comparisons."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.services import open_app, snapshots
from reseau.services.territoires import create_territoire, update_territoire
from tests.unit.services.towns import add_quartier, make_town

BAD = "<img src=x>\x07 {{7*7}}"


@pytest.fixture
def codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two quartiers, a photo of March, then another threshold; a sister elsewhere with a hostile name."""
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    with closing(open_app()) as app:
        other = create_territoire(app, "Ailleurs", communes=["99102"]).id
        add_quartier(app, other, BAD.replace("\x07", ""), 0.0, people=1100)
        tid = create_territoire(app, "Ici", communes=["99101"]).id
        near, far, _ = make_town(app, tid)
        snapshots.keep_snapshot(app, tid, "Avant", on=date(2026, 3, 3))
        update_territoire(app, tid, minutes_proximite=1)
    return near, far


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict | list:
    capsys.readouterr()
    assert main(["comparer", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_two_quartiers(codes: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    near, far = codes
    found = answer(capsys, "--quartier", near, "--avec", far)
    assert list(found) == ["resume", "notes", "quartier", "compare_a", "types"]
    assert (found["quartier"]["nom"], found["compare_a"]["code"]) == ("Beauval", far)
    cmp_row = next(row for row in found["types"] if row["type"] == "cmp")
    assert cmp_row["difference"] == "mieux"
    assert cmp_row["compare_a"]["etat"] == "eloigne"
    assert main(["comparer", "--quartier", near, "--avec", far]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Beauval atteint")
    assert "cmp | À relier, 100\u202f%, " in said


def test_two_dates(codes: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "--photo", "2026-03-03")
    assert (found["avant"], found["apres"]) == ("2026-03-03", date.today().isoformat())
    assert [item["quoi"] for item in found["methode"]] == ["Seuil de proximité"]
    assert found["separe"] is True
    assert {case["vient_de"] for case in found["cases"]} == {"methode"}
    only = answer(capsys, "--photo", "1", "--quartier", codes[1])
    assert {case["quartier"] for case in [*only["cases"], {"quartier": codes[1]}]} == {codes[1]}
    assert main(["comparer", "--photo", "2026-03-03"]) == 0
    assert "ce n'est pas un changement du territoire" in capsys.readouterr().out
    (photo,) = answer(capsys, "--photos")
    assert photo == {"photo": 1, "date": "2026-03-03", "nom": "Avant", "automatique": False}


def test_sisters(codes: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """A control character of a name never reaches the terminal."""
    found = answer(capsys, "--quartier", codes[0], "--soeurs")
    (sister,) = found["soeurs"]
    assert sister["territoire"] == "Ailleurs"
    assert [item["quoi"] for item in sister["reglages_differents"]] == ["Seuil de proximité"]
    assert main(["comparer", "--quartier", codes[0], "--soeurs"]) == 0
    said = capsys.readouterr().out
    assert "<img src=x> {{7*7}}, Ailleurs, 1100 habitants" in said
    assert "\x07" not in said
    rows = answer(capsys, "--soeurs")
    assert [(row["territoire"], row["ici"]) for row in rows] == [("Ici", True), ("Ailleurs", False)]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "à quoi comparer"),
        (("--commune",), "quel quartier"),
        (("--photo", "1999-01-01"), "Aucune photo"),
        (("--photo", "1", "--quartier", "QN0"), "Aucun quartier"),
        (("--quartier", "QN0", "--avec", "QN1"), "Aucun quartier"),
    ],
)
def test_what_is_missing_is_said(
    codes: tuple[str, str], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    capsys.readouterr()
    assert main(["comparer", *words]) == 1
    assert why in capsys.readouterr().err


def test_a_commune_without_boundary_says_what_to_load(
    codes: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["comparer", "--quartier", codes[0], "--commune"]) == 1
    assert "source communes" in capsys.readouterr().err
