"""Words typed wrong in the commands of planning: a sentence, or how to write the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.services import App
from tests.traps.backups import CONTROLS, rows_of

WORDS: dict[str, tuple[int, list[str]]] = {
    "quartier inconnu": (1, ["mesures", "--quartier", "XX"]),
    "quartier d'un terminal": (1, ["mesures", "--quartier", "a\x1b[2Jb\x07"]),
    "mesure inconnue": (1, ["mesures", "--mesure", "\x1b]0;x\x07"]),
    "type vide": (1, ["mesures", "--type", ""]),
    "photo au nom trop long": (1, ["mesures", "--garder", "x" * 300]),
    "territoire inconnu": (1, ["mesures", "--territoire", "\udcff\x1b"]),
    "option inconnue": (2, ["mesures", "--tout"]),
    "zéro lieu": (1, ["implanter", "--type", "pmi", "--nombre", "0"]),
    "lieux négatifs": (1, ["implanter", "--type", "pmi", "--nombre", "-3"]),
    "lieux en mots": (2, ["implanter", "--type", "pmi", "--nombre", "beaucoup"]),
    "part inconnue": (1, ["implanter", "--type", "pmi", "--part", "nan"]),
    "part infinie": (1, ["implanter", "--type", "pmi", "--part", "1e999"]),
    "délai inconnu": (1, ["implanter", "--type", "pmi", "--nombre", "1", "--delai", "nan"]),
    "délai infini": (1, ["implanter", "--type", "pmi", "--nombre", "1", "--delai", "1e999"]),
    "point de mots": (1, ["implanter", "--type", "pmi", "--nombre", "1", "--point", "nan,nan,x"]),
    "point hors de la Terre": (1, ["implanter", "--type", "pmi", "--nombre", "1", "--point", "500,99,x"]),
    "ni nombre ni part": (2, ["implanter", "--type", "pmi"]),
    "fiche inconnue": (1, ["scenario", "--fermer", "z\x1b[2Jz"]),
    "ouvrir nulle part": (1, ["scenario", "--ouvrir", "pmi"]),
    "ouvrir hors de la Terre": (1, ["scenario", "--ouvrir", "pmi@999,999"]),
    "ouvrir à l'infini": (1, ["scenario", "--ouvrir", f"pmi@{'9' * 400},1"]),
    "scénario inconnu": (1, ["scenario", "--voir", "\x1b"]),
    "scénario sans nom": (1, ["scenario", "--ouvrir", "pmi@1.6,48.1", "--nom", "\udcff", "--enregistrer"]),
    "fichiers absents": (1, ["national", "--qpv", "absent.geojson", "--etablissements", "absent.csv"]),
    "dossiers": (1, ["national", "--qpv", ".", "--etablissements", "."]),
    "extrait absent": (1, ["marche", "--charger", "absent.osm"]),
    "extrait sans nom": (1, ["marche", "--charger", ""]),
    "extrait d'un autre âge": (1, ["marche", "--charger", "\udcff.osm"]),
    "un dossier": (1, ["marche", "--charger", "."]),
    "vitesse inconnue": (2, ["marche", "--vitesse", "nan"]),
    "à l'arrêt": (2, ["marche", "--vitesse", "0"]),
    "zéro priorité": (1, ["priorites", "--nombre", "0"]),
    "priorités en mots": (2, ["priorites", "--nombre", "nan"]),
    "rien à comparer": (1, ["comparer"]),
    "à rien": (1, ["comparer", "--quartier", "XX", "--commune"]),
    "photo inconnue": (1, ["comparer", "--photo", "\x1b[2J"]),
    "photo au-delà des nombres": (1, ["comparer", "--photo", "9" * 30]),
}


@pytest.mark.parametrize("what", WORDS)
def test_what_is_typed_wrong_is_told_in_french(
    restored: Callable[..., int], app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], what: str,
) -> None:  # fmt: skip
    """1 and a sentence, or 2 and how to write the command; nothing that a terminal would obey."""
    restored("needs")
    monkeypatch.setenv("RESEAU_DATABASE_URL", app.store.url)
    monkeypatch.chdir(tmp_path)
    code, words = WORDS[what]
    try:
        found = main(words)
    except SystemExit as leaving:
        found = int(leaving.code or 0)
    said = capsys.readouterr()
    assert (found, said.out) == (code, "")
    assert said.err.strip()
    assert not CONTROLS.search(said.err)
    assert "Traceback" not in said.err


def test_endless_numbers_ask_for_all_there_is(
    restored: Callable[..., int],
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    restored("needs")
    monkeypatch.setenv("RESEAU_DATABASE_URL", app.store.url)
    assert main(["priorites", "--nombre", "9" * 26, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["priorites"]) == found["classees"]
    assert main(["implanter", "--type", "pmi", "--nombre", "9" * 26, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["statut"]


def test_hostile_names_do_not_drive_the_terminal(
    restored: Callable[..., int], app: App, backup: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Names of a restored backup went through no form and no file."""
    evil = "Bagatelle\x1b[2J\x1b]0;x\x07\u202e"
    restored("quartiers", *(row | {"name": evil} for row in rows_of(backup, "quartiers")))
    monkeypatch.setenv("RESEAU_DATABASE_URL", app.store.url)
    for words in (["mesures", "--type", "pmi"], ["priorites"], ["lacunes"], ["comparer", "--soeurs"]):
        assert main(words) == 0, words
        assert not CONTROLS.search(capsys.readouterr().out), words
