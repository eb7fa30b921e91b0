"""The command line that scripts rely on: keys, streams, exit codes, and what is left behind."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reseau.cli import main
from reseau.config import DEMO_PARTNERS_DIR, DEMO_QPV_DIR, PROJECT_DIR
from reseau.model.expectations import expectation_of
from reseau.model.typology import load_typology
from reseau.model.vocabulary import State
from reseau.services.demo import DEMO_NAME

IMPORT_KEYS = [
    "source", "lus", "nouveaux", "modifies", "inchanges", "refuses", "hors_territoire", "rapport",
]  # fmt: skip
GAP_KEYS = [
    "quartier", "nom", "type", "etat", "part_population", "minutes_plus_proche", "plus_proche", "fiable",
    "fragile", "raison",
]  # fmt: skip
QUARTIERS = str(DEMO_QPV_DIR / "demo-quartiers.geojson")
PARTNERS = (
    "identifiant;nom;type;commune;code insee;latitude;longitude\n"
    "a;CMP Les Érables;CMP;Ici;99101;48.10;1.62\n"
    "b;Centre social;centre social;Ici;99101;48.11;1.63\n"
    "c;Sans type;chose inconnue;Ici;99101;48.11;1.63\n"
)


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document of standard output."""
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a database of its own, from an empty folder."""
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    folder = tmp_path / "ici"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def runner(*words: str) -> Said:
        try:
            code = main(words)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return runner


@pytest.fixture
def partners(tmp_path: Path) -> str:
    path = tmp_path / "partenaires.csv"
    path.write_text(PARTNERS, encoding="utf-8")
    return str(path)


def create(run: Run, name: str = "Essai") -> None:
    assert run("territoire", "creer", name, "--communes", "99101", "99102").code == 0


def total(report: dict[str, Any]) -> int:
    return sum(report[key] for key in IMPORT_KEYS[2:-1])


def test_territory_is_created_with_its_radius_and_listed(run: Run) -> None:
    said = run("territoire", "creer", "Toulouse", "--communes", "31555", "--rayon-km", "5", "--json")
    assert (said.code, said.json, said.err) == (0, {"territoire": "Toulouse"}, "")
    assert run("territoire", "lister", "--json").json == [{"territoire": "Toulouse", "communes": ["31555"]}]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("Toulouse", "--communes", "Toulouse"), "INSEE"),
        (("Toulouse", "--communes", "31555", "--rayon-km", "9999"), "rayon"),
        ((" ", "--communes", "31555"), "nom"),
    ],
)
def test_a_wrong_territory_is_refused_and_not_made(run: Run, words: tuple[str, ...], hint: str) -> None:
    """1: the command is well written, what it says cannot be taken."""
    said = run("territoire", "creer", *words, "--json")
    assert (said.code, said.out) == (1, "")
    assert hint.lower() in said.err.lower()
    assert run("territoire", "lister", "--json").json == []


def test_a_name_is_what_one_sees_of_it(run: Run) -> None:
    """A name from a script may hold a line break, half a character, or an accent in two pieces."""
    said = run(
        "territoire", "creer", " Pays\n d'E\u0301t\u00e9\u202e\ud800 ", "--communes", "99101", "--json"
    )
    assert (said.code, said.json) == (0, {"territoire": "Pays d'\u00c9t\u00e9"})
    assert run("lacunes", "--territoire", "Pays d'E\u0301t\u00e9").code == 0


def test_a_radius_may_be_written_as_in_french(run: Run) -> None:
    assert run("territoire", "creer", "A", "--communes", "99101", "--rayon-km", "5,5").code == 0
    assert "0,1" in run("territoire", "creer", "B", "--communes", "99101", "--rayon-km", "0").err


def test_a_name_taken_is_refused(run: Run) -> None:
    create(run)
    said = run("territoire", "creer", "Essai", "--communes", "99101")
    assert said.code == 1
    assert "Essai" in said.err


def test_import_counts_every_line_and_keeps_the_refused_ones(run: Run, partners: str) -> None:
    """Refused rows do not fail the command; their file holds the row and the reason, beside the person."""
    create(run)
    said = run("importer", "tableur", partners, "--json")
    report = said.json
    assert said.code == 0
    assert list(report) == IMPORT_KEYS
    assert (report["source"], report["lus"], report["nouveaux"], report["refuses"]) == ("tableur", 3, 2, 1)
    assert report["lus"] == total(report)
    path = Path(report["rapport"])
    assert path.parent == Path.cwd()
    with path.open(encoding="utf-8-sig", newline="") as file:
        headers, row = csv.reader(file, delimiter=";")
    assert row[headers.index("nom")] == "Sans type"
    assert "chose inconnue" in row[-1]


def test_the_same_file_again_changes_nothing(run: Run, partners: str) -> None:
    create(run)
    run("importer", "tableur", partners)
    report = run("importer", "tableur", partners, "--json").json
    assert (report["nouveaux"], report["modifies"], report["inchanges"], report["refuses"]) == (0, 0, 2, 1)
    assert report["lus"] == total(report)


def test_without_refused_rows_there_is_no_report_file(run: Run) -> None:
    create(run)
    report = run("importer", "qpv", QUARTIERS, "--json").json
    assert (report["refuses"], report["rapport"]) == (0, "")
    assert list(Path.cwd().iterdir()) == []


def test_a_national_file_is_counted_outside_the_territory(run: Run) -> None:
    """Lines of elsewhere are neither taken nor lost from the count."""
    assert run("territoire", "creer", "Ailleurs", "--communes", "31555").code == 0
    report = run("importer", "finess", str(DEMO_PARTNERS_DIR / "demo-finess.csv"), "--json").json
    assert report["lus"] == report["hors_territoire"] > 0
    assert report["lus"] == total(report)


def test_remarks_go_to_standard_error(run: Run, tmp_path: Path) -> None:
    """One document on standard output, whatever there is to say: here a boundary that crosses itself."""
    create(run)
    ring = [[1.6, 48.1], [1.61, 48.11], [1.61, 48.1], [1.6, 48.11], [1.6, 48.1]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    about = {"code_qp": "QN99101Z", "lib_qp": "Le Nœud", "insee_com": "99101", "lib_com": "Ici"}
    feature = {"type": "Feature", "properties": about, "geometry": shape}
    path = tmp_path / "noeud.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    said = run("importer", "qpv", str(path), "--json")
    assert (said.code, said.json["nouveaux"]) == (0, 1)
    assert "réparé" in said.err


@pytest.mark.parametrize(
    ("source", "content", "hint"),
    [
        ("inconnue", "nom;type\n", "tableur"),
        ("tableur", "couleur;forme\nbleu;rond\n", "nom"),
        ("qpv", "pas du geojson", ""),
    ],
)
def test_a_file_refused_as_a_whole_leaves_nothing(
    run: Run, tmp_path: Path, source: str, content: str, hint: str
) -> None:
    create(run)
    path = tmp_path / ("fichier.geojson" if source == "qpv" else "fichier.csv")
    path.write_text(content, encoding="utf-8")
    said = run("importer", source, str(path), "--json")
    assert (said.code, said.out) == (1, "")
    assert hint in said.err
    assert "Traceback" not in said.err
    assert list(Path.cwd().iterdir()) == []


def test_a_file_that_is_not_there_is_refused(run: Run) -> None:
    create(run)
    said = run("importer", "tableur", "/nulle/part.csv")
    assert said.code == 1
    assert "/nulle/part.csv" in said.err


def test_without_any_territory_the_message_says_how_to_make_one(run: Run, partners: str) -> None:
    for words in (("importer", "tableur", partners), ("lacunes",), ("exporter", "csv", "x.csv")):
        said = run(*words)
        assert said.code == 1
        assert "territoire creer" in said.err


def test_the_last_territory_made_is_the_default_and_another_can_be_named(run: Run, partners: str) -> None:
    create(run, "Premier")
    create(run, "Second")
    run("importer", "tableur", partners)
    run("importer", "qpv", QUARTIERS, "--territoire", "Premier")
    assert run("exporter", "csv", "second.csv", "--json").json["lignes"] == 2
    assert run("exporter", "csv", "premier.csv", "--territoire", "Premier", "--json").json["lignes"] == 0
    assert run("lacunes", "--json").json == []
    assert run("lacunes", "--territoire", "Premier", "--json").json != []
    said = run("lacunes", "--territoire", "Troisième")
    assert said.code == 1
    assert "« Premier »" in said.err


def test_gaps_have_a_line_per_quartier_and_expected_type(run: Run) -> None:
    """The demonstration shows the five states; what is not known is null, never zero."""
    assert run("demo").code == 0
    rows = run("lacunes", "--json").json
    assert {tuple(row) for row in rows} == {tuple(GAP_KEYS)}
    quartiers = {row["quartier"] for row in rows}
    expected = {item.code for item in load_typology() if item.expected}
    assert len(rows) == len({(row["quartier"], row["type"]) for row in rows})
    assert {row["type"] for row in rows} == expected
    # 1 400 inhabitants: what is expected from 2 500 is not a gap there.
    least = {code: expectation_of(code).from_inhabitants for code in expected}
    small = {code for code in expected if least[code] <= 1400}
    assert {row["type"] for row in rows if row["quartier"] == "QN99106M"} == small < expected
    # Le Plateau's number of inhabitants is not known: nothing is hidden there.
    assert {row["type"] for row in rows if row["quartier"] == "QN99105M"} == expected
    assert {row["etat"] for row in rows} == {str(state) for state in State}
    for row in rows:
        assert row["part_population"] is None or 0 <= row["part_population"] <= 1
        assert isinstance(row["fiable"], bool)
        if row["etat"] in {"absent", "non_renseigne"}:
            assert row["minutes_plus_proche"] is None
            assert row["plus_proche"] is None
        if row["etat"] == "couvert":
            assert row["part_population"] >= 0.5
    everything = run("lacunes", "--tous", "--json").json
    assert len(everything) == len(quartiers) * len(list(load_typology()))


@pytest.mark.parametrize(("format_id", "head"), [
    ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("geojson", b"{"), ("gexf", b"<?xml"),
])  # fmt: skip
def test_exports_say_where_and_how_many(run: Run, partners: str, format_id: str, head: bytes) -> None:
    create(run)
    run("importer", "tableur", partners)
    path = Path.cwd() / "sous-dossier" / f"fichier.{format_id}"
    said = run("exporter", format_id, str(path), "--json")
    assert (said.code, list(said.json)) == (0, ["chemin", "lignes"])
    assert said.json["chemin"] == str(path)
    assert said.json["lignes"] >= 2
    assert path.read_bytes().startswith(head)


@pytest.mark.parametrize(
    "words", [("pdf", "x.pdf"), ("csv", "/proc/x.csv"), ("contacts", "x.csv", "--public")]
)
def test_an_export_that_cannot_be_is_refused(run: Run, words: tuple[str, ...]) -> None:
    """Unknown format, folder that cannot be written, contacts for everyone."""
    create(run)
    said = run("exporter", *words, "--json")
    assert (said.code, said.out) == (1, "")
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_a_backup_brings_everything_back(run: Run, partners: str) -> None:
    """What was done after the backup is undone by it, what it held is there again."""
    create(run)
    run("importer", "qpv", QUARTIERS)
    run("importer", "tableur", partners)
    before = run("lacunes", "--json").json
    saved = run("sauvegarder", "sauvegarde.zip", "--json").json
    create(run, "Autre")
    restored = run("restaurer", "sauvegarde.zip", "--json")
    assert (restored.code, restored.json) == (0, saved)
    assert [item["territoire"] for item in run("territoire", "lister", "--json").json] == ["Essai"]
    assert run("lacunes", "--json").json == before


def test_what_is_not_a_backup_changes_nothing(run: Run, partners: str) -> None:
    create(run)
    for path in (partners, "absente.zip"):
        said = run("restaurer", path, "--json")
        assert (said.code, said.out) == (1, "")
        assert said.err.strip()
    assert len(run("territoire", "lister", "--json").json) == 1


def test_everything_plugged_in_is_listed(run: Run) -> None:
    said = run("list", "--json")
    assert list(said.json) == ["sources", "mesures", "exports", "pages", "langues"]
    ids = {key: {item["id"] for item in items} for key, items in said.json.items()}
    assert ids["sources"] >= {"tableur", "qpv", "finess"}
    assert ids["exports"] >= {"csv", "xlsx", "geojson", "gexf"}
    assert "etat" in ids["mesures"]
    assert len(ids["pages"]) == 11
    assert all(item["titre"] for items in said.json.values() for item in items)


def test_demonstration_needs_an_empty_database(run: Run) -> None:
    """`--si-vide` makes `make app` possible every day without touching what is there."""
    said = run("demo", "--json")
    assert (said.code, said.json["territoire"]) == (0, DEMO_NAME)
    assert all(report["refuses"] == 0 for report in said.json["imports"])
    again = run("demo", "--json")
    assert (again.code, again.out) == (1, "")
    assert "RESEAU_DATABASE_URL" in again.err
    calm = run("demo", "--si-vide", "--json")
    assert (calm.code, calm.json) == (0, {"territoire": DEMO_NAME, "imports": []})


def test_if_empty_leaves_another_territory_alone(run: Run) -> None:
    create(run)
    assert run("demo", "--si-vide", "--json").json["territoire"] == "Essai"
    assert run("demo").code == 1
    assert len(run("territoire", "lister", "--json").json) == 1


@pytest.mark.parametrize(
    "words",
    [
        (), ("inconnue",), ("importer",), ("importer", "tableur"), ("territoire",),
        ("territoire", "creer", "X"), ("lacunes", "--couleur"), ("exporter", "csv"),
        ("territoire", "creer", "X", "--communes", "31555", "--rayon-km", "loin"),
        ("lacunes", "--territoire"), ("restaurer",), ("list", "de", "trop"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2_in_french(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert "utilisation :" in said.err
    assert "Erreur :" in said.err
    english = (
        "usage:",
        "error:",
        "required",
        "unrecognized",
        "expected",
        "invalid",
        "choose from",
        "argument ",
    )
    assert not [word for word in english if word in said.err]


@pytest.mark.parametrize(
    "words",
    [(), ("territoire",), ("territoire", "creer"), ("importer",), ("lacunes",), ("exporter",), ("demo",)],
)
@pytest.mark.parametrize("option", ["-h", "--aide", "--help"])
def test_help_is_in_french(run: Run, words: tuple[str, ...], option: str) -> None:
    said = run(*words, option)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("utilisation : python -m reseau")
    english = ("usage:", "options:\n  -h, --help", "show this", "positional", "arguments")
    assert not [word for word in english if word in said.out]


def test_answers_without_json_are_words(run: Run) -> None:
    """For a person at a terminal: one line per gap, with the state as it is called on screen."""
    run("demo")
    lines = run("lacunes").out.splitlines()
    assert any("Trop loin" in line for line in lines)
    assert len(lines) == len(run("lacunes", "--json").json)
    assert "tableur : " in run("list").out


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    """The real thing once: its own process, its own streams, accents whatever the terminal's encoding."""
    env = os.environ | {
        "RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'base.db'}", "PYTHONPATH": str(PROJECT_DIR),
        "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    command = [sys.executable, "-W", "error", "-m", "reseau"]
    words = ["territoire", "creer", "Élancourt", "--communes", "78208", "--json"]
    done = subprocess.run(
        [*command, *words], cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {"territoire": "Élancourt"}, "")
    # A scheduled task may have an ASCII output: JSON stays UTF-8, and a French message is no crash.
    ascii_only = env | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    listed = subprocess.run(
        [*command, "territoire", "lister", "--json"], env=ascii_only, capture_output=True, check=False
    )
    assert json.loads(listed.stdout.decode("utf-8"))[0]["territoire"] == "Élancourt"
    wrong = subprocess.run([*command, "rien"], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert wrong.returncode == 2


@pytest.mark.parametrize(
    ("failure", "code", "hint"),
    [
        (KeyboardInterrupt(), 130, "Interrompu"),
        (
            PermissionError(13, "Permission denied", "/ici/x.csv"),
            1,
            "/ici/x.csv : vous n'en avez pas le droit",
        ),
        (MemoryError(), 1, "mémoire"),
    ],
)
def test_what_the_system_does_is_said_in_french(
    run: Run, partners: str, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, hint: str
) -> None:
    """Nobody reads a traceback, and a script sees what happened in the exit code."""
    create(run)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise failure

    monkeypatch.setattr("reseau.services.importing.import_file", fail)
    said = run("importer", "tableur", partners, "--json")
    assert (said.code, said.out) == (code, "")
    assert hint in said.err


def test_an_import_is_done_even_when_its_refused_rows_cannot_be_written(
    run: Run, partners: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are in the database: the command must not pretend to have failed."""
    create(run)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reseau.services.refusals._free_name", full)
    said = run("importer", "tableur", partners, "--json")
    assert (said.code, said.json["nouveaux"], said.json["refuses"], said.json["rapport"]) == (0, 2, 1, "")
    assert "le disque est plein" in said.err


@pytest.mark.parametrize("words", [("exporter", "csv"), ("sauvegarder",)])
@pytest.mark.parametrize(("target", "hint"), [(".", "dossier"), ("/", "dossier"), ("fichier/x", "fichier")])
def test_a_place_where_nothing_can_be_written(
    run: Run, words: tuple[str, ...], target: str, hint: str
) -> None:
    create(run)
    Path("fichier").write_text("", encoding="utf-8")
    said = run(*words, target, "--json")
    assert (said.code, said.out) == (1, "")
    assert hint in said.err
    assert [path.name for path in Path.cwd().iterdir()] == ["fichier"]


def test_verbs_that_compute_nothing_load_nothing_heavy(tmp_path: Path) -> None:
    """Two seconds of libraries for a list of names would make scripts and schedulers wait for nothing."""
    env = os.environ | {
        "RESEAU_DATABASE_URL": f"sqlite:///{tmp_path / 'base.db'}", "PYTHONPATH": str(PROJECT_DIR),
    }  # fmt: skip
    code = (
        "import sys; from reseau.cli import main; main(['territoire', 'lister']); "
        "print({'pandas', 'numpy', 'shapely', 'geopandas', 'scipy', 'networkx', 'streamlit'} "
        "& set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("set()\n", "")
