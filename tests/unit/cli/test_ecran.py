"""`ecran`: what a script gets, what is in the folder, whose files are never touched."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.model.screens import Screen
from reseau.services import App, open_app, screen_sheets, screens
from reseau.services.demo import load_demo
from reseau.services.territoires import list_territoires

CODE = "QN99101M"
KEYS = ["dossier", "fichiers", "octets", "diapositives"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ecran") / "demo.db"
    with closing(opened(path)) as app:
        load_demo(app)
        record = Screen(
            name="Accueil du soir",
            quartiers=("QN99102M",),
            languages=("ar",),
            needs=("manger",),
            address="http://ancien:8501",
        )
        screens.save_screen(app, list_territoires(app)[0].id, record)
    return path


def opened(path: Path) -> App:
    return open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{path}"}))


@pytest.fixture
def run(demonstration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{demonstration}")

    def runner(*words: str | Path) -> tuple[int, str, str]:
        try:
            code = main(["ecran", *map(str, words)])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


def answer(run: Run, *words: str | Path) -> Any:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def content(folder: Path) -> Any:
    return json.loads((folder / "contenu.json").read_bytes())


def test_one_document_with_the_keys_promised(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "ecran"
    found = answer(run, "--quartier", CODE, "--langues", "fr, ar", "--sortie", folder)
    assert list(found) == KEYS
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert found["dossier"] == str(folder)
    assert found["fichiers"] == len(written)
    assert found["octets"] == sum(path.stat().st_size for path in written)
    made = content(folder)
    assert found["diapositives"] == len(made["slides"]) > 5
    assert [language["code"] for language in made["languages"]] == ["fr", "ar"]
    assert made["screen"]["quartier"] == "Beauval"
    assert made["screen"]["fictional"] is True
    # Not kept: nothing to be refreshed from.
    assert made["screen"]["address"] == ""


def test_it_is_told_in_words_too(run: Run, tmp_path: Path) -> None:
    code, out, err = run("--quartier", CODE, "--sortie", tmp_path / "ecran")
    assert (code, err) == (0, "")
    assert "diapositives" in out
    assert "Mo." in out


def test_nothing_is_kept_in_the_database(run: Run, demonstration: Path, tmp_path: Path) -> None:
    with closing(opened(demonstration)) as app:
        tid = list_territoires(app)[0].id
        before = screens.list_screens(app, tid)
        answer(run, "--quartier", CODE, "--sortie", tmp_path / "ecran")
        assert screens.list_screens(app, tid) == before


def test_a_folder_written_before_is_written_again(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "ecran"
    answer(run, "--quartier", CODE, "--langues", "ar,ta", "--sortie", folder)
    again = answer(run, "--quartier", CODE, "--sortie", folder)
    assert [language["code"] for language in content(folder)["languages"]] == ["fr"]
    assert again["fichiers"] == len([path for path in folder.rglob("*") if path.is_file()])
    assert [path.name for path in tmp_path.iterdir()] == ["ecran"]


def test_somebody_s_files_are_never_touched(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "lettre.txt").write_text("à garder", encoding="utf-8")
    code, out, err = run("--quartier", CODE, "--sortie", folder, "--zip", tmp_path / "a.zip", "--json")
    assert (code, out) == (1, "")
    assert "rien n'y a été écrit" in err
    assert [path.name for path in folder.iterdir()] == ["lettre.txt"]
    answer(run, "--quartier", CODE, "--sortie", tmp_path / "ecran")
    (tmp_path / "ecran" / "notes.txt").write_text("à garder", encoding="utf-8")
    before = content(tmp_path / "ecran")
    assert run("--quartier", CODE, "--langues", "ar", "--sortie", tmp_path / "ecran")[0] == 1
    assert (tmp_path / "ecran" / "notes.txt").read_text(encoding="utf-8") == "à garder"
    assert content(tmp_path / "ecran") == before


def test_the_zip_holds_the_same_files(run: Run, tmp_path: Path) -> None:
    folder, packed = tmp_path / "ecran", tmp_path / "pour-la-cle.zip"
    found = answer(run, "--quartier", CODE, "--sortie", folder, "--zip", packed)
    with zipfile.ZipFile(packed) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert names == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert len(names) == found["fichiers"]


def test_a_zip_in_its_own_folder_would_be_in_the_way_next_time(run: Run, tmp_path: Path) -> None:
    code, _, err = run("--quartier", CODE, "--sortie", tmp_path / "e", "--zip", tmp_path / "e" / "e.zip")
    assert code == 1
    assert "en dehors" in err
    assert not (tmp_path / "e").exists()


def test_a_screen_that_is_kept_has_its_settings_and_its_address(run: Run, tmp_path: Path) -> None:
    answer(run, "--ecran", "ACCUEIL du soir", "--sortie", tmp_path / "ecran")
    made = content(tmp_path / "ecran")
    assert made["screen"]["name"] == "Accueil du soir"
    assert made["screen"]["address"].startswith("http://ancien:8501/ecran/")
    assert [language["code"] for language in made["languages"]] == ["ar"]
    assert {slide["need"] for slide in made["slides"] if slide["kind"] == "need"} == {"manger"}


def test_what_is_typed_is_said_in_place_of_the_settings(run: Run, tmp_path: Path) -> None:
    words = (
        "--ecran",
        "Accueil du soir",
        "--langues",
        "fr",
        "--quartier",
        CODE,
        "--adresse",
        "https://exemple.fr/",
    )
    answer(run, *words, "--sortie", tmp_path / "ecran")
    made = content(tmp_path / "ecran")
    assert made["screen"]["address"].startswith("https://exemple.fr/ecran/")
    assert made["screen"]["quartier"] == "Beauval"
    assert [language["code"] for language in made["languages"]] == ["fr"]


def test_it_stands_where_it_is_typed_to_be(run: Run, tmp_path: Path) -> None:
    """«You are here» and minutes start from the point, for a screen that is kept and for one that is not."""
    walks = []
    for rank, words in enumerate(([], ["--point", "1.6149,48.0912"], ["--point", "1.6257,48.0886"])):
        folder = tmp_path / str(rank)
        answer(run, "--quartier", "QN99102M", *words, "--sortie", folder)
        walks.append({place["id"]: place["minutes"] for place in content(folder)["places"]})
    assert walks[0] != walks[1] != walks[2]
    answer(run, "--ecran", "Accueil du soir", "--point", "1.6149,48.0912", "--sortie", tmp_path / "saved")
    saved = {place["id"]: place["minutes"] for place in content(tmp_path / "saved")["places"]}
    assert saved
    assert {key: walks[1].get(key) for key in saved} == saved


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--quartier CODE, ou --ecran NOM"),
        (["--quartier", "QN0"], "Quartiers : inconnu (QN0)"),
        (["--quartier", CODE, "--langues", "fr,xx"], "Langues : inconnu (xx)"),
        (["--quartier", CODE, "--langues", "../../etc"], "Langues : inconnu"),
        (["--ecran", "Absent"], "Écrans enregistrés : Accueil du soir"),
        (["--quartier", CODE, "--adresse", "http://ici"], "--adresse ne va qu'avec --ecran"),
        (["--ecran", "Accueil du soir", "--adresse", "ftp://ici"], "http:// ou https://"),
        (["--quartier", CODE, "--territoire", "Ailleurs"], "Ailleurs"),
        (["--quartier", CODE, "--point", "48.1,1.6"], "latitude et longitude semblent inversées"),
        (["--ecran", "Accueil du soir", "--point", "-4.49,48.39"], "très loin de vos quartiers"),
        (["--quartier", CODE, "--point", "1,6;48,1"], "avec un point dans les nombres"),
        (["--quartier", CODE, "--point", "1.6,95"], "Point : "),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    run: Run, tmp_path: Path, words: list[str], told: str
) -> None:
    code, out, err = run(*words, "--sortie", tmp_path / "ecran", "--json")
    assert (code, out) == (1, "")
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_sheets_come_in_every_language_and_can_be_written_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the sheets is told in their own tests; here, that they are part of the folder."""
    made = []

    def sheet(_app: App, _tid: int, screen: Screen, *, language: str, kind: str) -> bytes:
        made.append((screen.quartiers, language, kind))
        return b"%PDF-1.7 " + f"{kind} {language}".encode()

    monkeypatch.setattr(screen_sheets, "sheet", sheet)
    folder = tmp_path / "ecran"
    words = ("--quartier", CODE, "--langues", "fr,ar", "--sortie", folder)
    for _ in range(2):
        found = answer(run, *words, "--feuilles", "--zip", tmp_path / "ecran.zip")
    names = {path.name for path in (folder / "feuilles").iterdir()}
    assert names == {
        f"{kind}-{code}.pdf" for kind in ("affiche", "feuille", "livret") for code in ("fr", "ar")
    }
    assert (folder / "feuilles" / "feuille-ar.pdf").read_bytes() == b"%PDF-1.7 feuille ar"
    assert found["fichiers"] == len([path for path in folder.rglob("*") if path.is_file()])
    assert {item[0] for item in made} == {(CODE,)}
    with zipfile.ZipFile(tmp_path / "ecran.zip") as archive:
        assert "ecran/feuilles/affiche-fr.pdf" in archive.namelist()
    # Without them, a next folder does not keep old ones.
    answer(run, *words)
    assert not (folder / "feuilles").exists()
