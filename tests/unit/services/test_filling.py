"""Several files at once: the right order, one failure that stops nothing, a file nobody recognises."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.config import DEMO_PARTNERS_DIR, DEMO_QPV_DIR
from reseau.services import App
from reseau.services.filling import fill
from reseau.services.importing import FileToImport, list_imports, recognise
from reseau.services.view import open_view
from tests.unit.services.imports import register

PARTNERS = "identifiant;nom;type\nex1;CMP;CMP\nex2;Centre social;centre social\n"
TIES = "de;vers;objet\nex1;ex2;orientation\n"


def written(folder: Path, name: str, text: str) -> FileToImport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return FileToImport(path=path)


def test_files_are_taken_in_the_order_a_territory_needs(app: App, tid: int, tmp_path: Path) -> None:
    """The ties first in the list would all be refused if they were taken first."""
    files = [written(tmp_path, "liens.csv", TIES), written(tmp_path, "partenaires.csv", PARTNERS)]
    outcomes = fill(app, tid, files, sources={"liens.csv": "relations", "partenaires.csv": "tableur"})
    assert [item.source for item in outcomes] == ["tableur", "relations"]
    assert [item.report and item.report.created for item in outcomes] == [2, 1]
    assert all(not item.problem for item in outcomes)


def test_a_file_that_fails_leaves_nothing_and_stops_nothing(app: App, tid: int, tmp_path: Path) -> None:
    files = [
        written(tmp_path, "cassé.csv", ""),
        FileToImport(path=tmp_path / "absent.csv"),
        written(tmp_path, "partenaires.csv", PARTNERS),
    ]
    sources = {"cassé.csv": "tableur", "absent.csv": "tableur", "partenaires.csv": "tableur"}
    outcomes = {item.filename: item for item in fill(app, tid, files, sources=sources)}
    assert "cassé.csv" in outcomes["cassé.csv"].problem
    assert "n'existe pas" in outcomes["absent.csv"].problem
    assert len(open_view(app, tid).structures) == 2
    assert len(list_imports(app, tid)) == 1


def test_what_nobody_recognises_is_not_guessed(app: App, tid: int, tmp_path: Path) -> None:
    (outcome,) = fill(app, tid, [written(tmp_path, "notes.txt", "bonjour\n")])
    assert (outcome.source, outcome.report) == ("", None)
    assert "ne reconnaît pas" in outcome.problem


def test_a_wrong_source_is_said_for_that_file_only(app: App, tid: int, tmp_path: Path) -> None:
    files = [written(tmp_path, "a.csv", PARTNERS), written(tmp_path, "b.csv", PARTNERS)]
    outcomes = fill(app, tid, files, sources={"a.csv": "minitel", "b.csv": "tableur"})
    assert sorted(bool(item.problem) for item in outcomes) == [False, True]


def test_an_uploaded_file_is_recognised_under_the_name_it_had(
    app: App, tid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reseau.sources import all_sources

    seen = []
    for source in all_sources().values():
        monkeypatch.setattr(
            type(source), "recognises", lambda self, path: seen.append(path.name) or self.id == "finess"
        )
    path = tmp_path / "envoi-123.csv"
    path.write_text(register(range(2)), encoding="utf-8")
    (outcome,) = fill(app, tid, [FileToImport(path=path, name="registre.csv")])
    assert set(seen) == {"registre.csv"}
    assert outcome.report is not None
    assert outcome.report.filename == "registre.csv"


def test_several_that_recognise_a_file_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reseau.sources import all_sources

    for source in all_sources().values():
        monkeypatch.setattr(type(source), "recognises", lambda _self, _path: True)
    assert recognise(tmp_path / "x.csv") is None


def test_progress_only_grows(app: App, tid: int) -> None:
    shares: list[float] = []
    files = [
        FileToImport(path=DEMO_PARTNERS_DIR / "demo-partenaires.csv"),
        FileToImport(path=DEMO_QPV_DIR / "demo-quartiers.geojson"),
    ]
    sources = {"demo-partenaires.csv": "tableur", "demo-quartiers.geojson": "qpv"}
    fill(app, tid, files, sources=sources, on_progress=lambda share, _text: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
