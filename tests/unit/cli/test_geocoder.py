"""`geocoder`: nothing leaves with --voir; what it counts adds up; an interruption keeps what came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reseau.cli import main
from reseau.config import load_config
from reseau.geocoding import NationalGeocoder
from reseau.services import open_app
from reseau.services.placing import to_place
from reseau.services.territoires import find_territoire
from tests.unit.geocoding.loopback import (
    Answer,
    Service,
    Table,
    as_csv,
    collection,
    feature,
    found,
    serve,
    unknown,
)

KEYS = ["a_placer", "envoyees", "acceptees", "a_relire", "refusees", "sans_reponse", "restantes"]
ROWS = 25


def answers(table: Table | None) -> object:
    """Every third address unknown, every fifth doubtful."""
    if table is None:
        return collection(feature(citycode="99101", city="Ici"))
    lines = []
    for line in table.lines:
        number = int(line["adresse"].split()[0])
        score = "0.6" if number % 5 == 0 else "0.9"
        lines.append(
            unknown(line) if number % 3 == 0 else found(line, result_score=score, result_citycode="99101")
        )
    return as_csv(lines)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """A geocoder on this machine, and a territory of 25 addresses and one structure without any."""
    monkeypatch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{tmp_path / 'base.db'}")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "liste.csv"
    rows = "".join(f"s{n};S{n};CMP;{n} rue des Fleurs;31000;Ici;99101\n" for n in range(1, ROWS + 1))
    path.write_text(
        "identifiant;nom;type;adresse;code postal;commune;code insee\n"
        f"{rows}x;Sans adresse;CMP;;;Ici;99101\n",
        encoding="utf-8",
    )
    assert main(["territoire", "creer", "Essai", "--communes", "99101"]) == 0
    assert main(["importer", "tableur", str(path)]) == 0
    with serve(Answer(answers)) as running:
        monkeypatch.setenv("RESEAU_GEOCODEUR", running.domain)
        yield running


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(["geocoder", *words, "--json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_voir_shows_what_would_leave_and_sends_nothing(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = said(capsys, "--voir")
    assert service.paths == []
    assert answer["service"] == service.domain
    assert answer["adresses"] == [
        f"{number} rue des Fleurs 31000 Ici · 99101 · 31000" for number in range(1, ROWS + 1)
    ]
    assert [answer[key] for key in KEYS] == [ROWS + 1, 0, 0, 0, 0, 0, ROWS + 1]
    assert len(said(capsys, "--voir", "--limite", "3")["adresses"]) == 3  # type: ignore[arg-type]


def test_what_it_counts_adds_up_and_a_second_run_sends_nothing(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = said(capsys)
    assert list(answer) == KEYS
    assert [answer[key] for key in KEYS] == [26, 25, 13, 4, 0, 8, 1]
    assert service.paths == ["/geocodage/search/csv/"]
    again = said(capsys)
    assert [again[key] for key in KEYS] == [13, 0, 0, 4, 0, 8, 1]
    assert len(service.paths) == 1


def test_a_limit_is_kept_and_the_next_run_goes_on(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = said(capsys, "--limite", "12"), said(capsys)
    assert (first["envoyees"], second["envoyees"]) == (12, 13)
    assert first["restantes"] == 14


def test_an_outage_is_said_and_exits_with_1(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reseau.geocoding.client.FIRST_WAIT_SECONDS", 0.0)
    service.answers[:] = [Answer({}, status=500)]
    capsys.readouterr()
    assert main(["geocoder", "--json"]) == 1
    said_there = capsys.readouterr()
    assert said_there.out == ""
    assert "127.0.0.1" in said_there.err
    assert "500" in said_there.err


def test_an_interruption_keeps_what_came(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the second table is being waited for."""
    monkeypatch.setattr("reseau.geocoding.batch.LINES", 15)
    real = NationalGeocoder.search_many

    def interrupted(self: NationalGeocoder, queries: list[object]) -> object:
        if service.tables:
            raise KeyboardInterrupt
        return real(self, queries)  # type: ignore[arg-type]

    monkeypatch.setattr(NationalGeocoder, "search_many", interrupted)
    capsys.readouterr()
    assert main(["geocoder"]) == 130
    assert "relancez" in capsys.readouterr().err
    with closing(open_app(load_config())) as app:
        assert len(to_place(app, find_territoire(app).id)) == ROWS + 1 - 8
    monkeypatch.setattr(NationalGeocoder, "search_many", real)
    assert said(capsys)["envoyees"] == ROWS - 15


@pytest.mark.parametrize("wrong", ["0", "-3", "beaucoup"])
def test_a_limit_that_is_none_is_refused(
    service: Service, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    with pytest.raises(SystemExit):
        main(["geocoder", "--limite", wrong])
    assert "--limite" in capsys.readouterr().err
    assert service.paths == []


def test_without_json_it_speaks_french(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["geocoder", "--voir"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Serait envoyé à {service.domain}, rien d'autre (25) :"
    assert lines[1] == "1 rue des Fleurs 31000 Ici · 99101 · 31000"
    assert main(["geocoder"]) == 0
    assert "Structures placées : 13" in capsys.readouterr().out.splitlines()
