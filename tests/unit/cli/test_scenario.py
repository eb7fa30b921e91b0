"""`scenario`: what a script gets, what is refused, what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.services import open_app
from reseau.services.demo import load_demo

HOST = "Centre socioculturel de Beauval"
KEYS = ["nom", "changements", "problemes", "resume", "differences", "reseau", "calcul"]
OPEN = ("--ouvrir", f"CMP@{HOST}")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "demo.db"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))) as app:
        load_demo(app)
    return path


@pytest.fixture
def run(
    demonstration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs `scenario` on the demonstration, and takes away what was kept."""
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{demonstration}")

    def runner(*words: str) -> tuple[int, str, str]:
        try:
            code = main(["scenario", *words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    yield runner
    for item in json.loads(runner("--json")[1])["scenarios"]:
        runner("--supprimer", item["nom"])


def answer(run: Run, *words: str) -> Any:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_one_document_with_the_keys_promised(run: Run) -> None:
    found = answer(run, *OPEN, "--le", "mardi 14h-17h")
    assert list(found) == KEYS
    assert found["nom"] is None
    assert "mardi 14\u00a0h–17\u00a0h" in found["changements"][0]
    row = next(item for item in found["differences"] if item["nom"] == "Beauval")
    assert (row["type"], row["etat_avant"], row["etat_apres"]) == ("cmp", "eloigne", "a_relier")
    assert (row["habitants"], row["part_apres"], row["seuil_minutes"]) == (3200, 1.0, 30)


def test_what_is_not_known_is_null(run: Run) -> None:
    """The last place known closes: its share is unknown, not zero."""
    rows = answer(run, "--fermer", "CPTS du Pays de Beaurivage")["differences"]
    assert {row["part_apres"] for row in rows if row["type"] == "cpts"} == {None}


def test_closings_openings_relations_in_that_order(run: Run) -> None:
    words = ("--relier", "tableur--mds-ouest", *OPEN, "--fermer", "cpts du pays de beaurivage")
    told = answer(run, *words)["changements"]
    assert [line.partition(" ")[0] for line in told] == ["Fermeture", "Permanence", "Relation"]


def test_a_point_is_longitude_then_latitude(run: Run) -> None:
    assert answer(run, "--ouvrir", "CMP@1.75,48.2")["problemes"] == []
    swapped = answer(run, "--ouvrir", "CMP@48.2, 1.75")
    assert "longitude, puis latitude" in swapped["problemes"][0]


@pytest.mark.parametrize(
    ("hours", "expected"), [(["mardi 9h-12h"], 2), (["mardi 9h-12h", "jeudi 9h-12h"], 1)]
)
def test_hours_for_all_or_one_by_one(run: Run, hours: list[str], expected: int) -> None:
    typed = [word for text in hours for word in ("--le", text)]
    told = answer(run, *OPEN, "--ouvrir", f"PMI@{HOST}", *typed)["changements"]
    assert sum("mardi" in line for line in told) == expected


def test_kept_listed_seen_again_completed_and_deleted(run: Run) -> None:
    assert answer(run) == {"scenarios": []}
    kept = answer(run, *OPEN, "--nom", "Un CMP", "--enregistrer")
    assert kept["nom"] == "Un CMP"
    (listed,) = answer(run)["scenarios"]
    assert (listed["nom"], listed["changements"]) == ("Un CMP", 1)
    seen = answer(run, "--voir", "un cmp")
    assert seen["differences"] == kept["differences"]
    both = answer(run, "--voir", "un cmp", "--fermer", HOST, "--nom", "Les deux", "--enregistrer")
    assert len(both["changements"]) == 2
    assert answer(run, "--supprimer", "un cmp") == {"supprime": "Un CMP"}
    assert [item["nom"] for item in answer(run)["scenarios"]] == ["Les deux"]


def test_nothing_is_kept_unless_asked(run: Run) -> None:
    answer(run, *OPEN)
    assert answer(run)["scenarios"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--fermer", "CPTS du Pays de Beaurivag"], "Vouliez-vous dire : CPTS du Pays de Beaurivage"),
        (["--relier", "personne"], "aucune structure"),
        (["--ouvrir", "CMP"], "TYPE@LIEU"),
        (["--ouvrir", "CMP@"], "TYPE@LIEU"),
        (["--ouvrir", f"chose@{HOST}"], "un type de la typologie"),
        (["--ouvrir", "CMP@200.0,48.0"], "entre -180 et 180"),
        ([*OPEN, "--le", "a", "--le", "b"], "une fois pour toutes"),
        (["--le", "mardi 9h-12h"], "--ouvrir"),
        ([*OPEN, "--enregistrer"], "--nom NOM et --enregistrer ensemble"),
        ([*OPEN, "--nom", "A"], "--nom NOM et --enregistrer ensemble"),
        (["--nom", "A", "--enregistrer"], "Rien à enregistrer"),
        (["--voir", "jamais gardé"], "Aucun scénario ne s'appelle"),
        (["--supprimer", "jamais gardé"], "Aucun scénario ne s'appelle"),
        (["--supprimer", "A", *OPEN], "s'emploie seul"),
    ],
)
def test_what_is_refused_says_what_to_do_and_prints_nothing(run: Run, words: list[str], told: str) -> None:
    code, out, err = run(*words, "--json")
    assert (code, out) == (1, "")
    assert told in err


def test_a_name_is_kept_once(run: Run) -> None:
    run(*OPEN, "--nom", "Un CMP", "--enregistrer")
    code, out, err = run(*OPEN, "--nom", "un cmp", "--enregistrer")
    assert (code, out) == (1, "")
    assert "s'appelle déjà" in err


def test_text_for_people(run: Run) -> None:
    _, out, _ = run("--fermer", "CPTS du Pays de Beaurivage", *OPEN)
    assert "- Fermeture de" in out
    assert "Beauval | cmp | Trop loin → À relier" in out
    assert "État des données au" in out
    assert run()[1] == "Aucun scénario gardé. Voir « scenario --aide ».\n"
