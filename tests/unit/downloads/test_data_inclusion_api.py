"""Asking data·inclusion: every page, the token in its header only, French words when it says no."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reseau.downloads import data_inclusion_api
from reseau.downloads.apis import ApiRequest, fetch_by_api
from reseau.downloads.data_inclusion_api import Asking, fetch_open, fetch_structures
from reseau.downloads.files import last_download
from reseau.errors import RefusedInput, Unavailable
from reseau.model.reports import Scope
from reseau.sources import ReadOptions, all_sources
from tests.unit.downloads.publisher import Answer, asking, limits, patient, serve

TOKEN = "jeton-tres-secret-0123456789"  # noqa: S105 -- invented


def structure(number: int) -> dict[str, Any]:
    return {
        "source": "dora", "id": f"dora--{number}", "nom": f"Lieu {number}", "date_maj": "2026-05-01",
        "code_insee": "99101", "commune": "Beauval",
    }  # fmt: skip


def service(number: int) -> dict[str, Any]:
    return {
        "source": "dora", "id": f"dora--s{number}", "structure_id": f"dora--{number}", "nom": "Accueil",
        "description": "Accueil de tous.", "date_maj": "2026-05-01", "frais": "gratuit",
        "contact_nom_prenom": "Camille Durand",
    }  # fmt: skip


def page(items: list[dict[str, Any]], number: int = 1, total: int = 1) -> Answer:
    body = {"items": items, "page": number, "pages": total, "size": len(items), "total": len(items)}
    return Answer(body=json.dumps(body).encode())


def ask(dest: Path, *answers: Answer, token: str = TOKEN, communes: tuple[str, ...] = ("99101",)) -> Any:
    waits: list[float] = []
    with serve(*answers) as publisher, asking() as session:
        how = Asking(session=session, service=publisher.url, patience=patient(waits))
        fetch_structures(token, communes=communes, dest=dest, asking=how)
    return publisher


def test_every_page_is_asked_and_read_by_the_source(tmp_path: Path) -> None:
    """Two pages of structures, one of services: one file, that the source takes as it is."""
    dest = tmp_path / "data-inclusion.json"
    publisher = ask(dest, page([structure(1)], 1, 2), page([structure(2)], 2, 2), page([service(1)]))
    assert [path.partition("?")[0] for path in publisher.paths] == [
        "/api/v1/structures", "/api/v1/structures", "/api/v1/services",
    ]  # fmt: skip
    assert "code_commune=99101&page=2" in publisher.paths[1]
    parsed = all_sources()["data-inclusion"].read(dest, Scope(communes=frozenset({"99101"})), ReadOptions())
    assert [item.record.uid for item in parsed.records] == [
        "data-inclusion--dora--1", "data-inclusion--dora--2",
    ]  # fmt: skip
    assert [item.record.free for item in parsed.records] == [True, None]


def test_the_token_is_in_the_header_and_nowhere_else(tmp_path: Path) -> None:
    dest = tmp_path / "data-inclusion.json"
    publisher = ask(dest, page([structure(1)]), page([]))
    assert all(asked["authorization"] == f"Bearer {TOKEN}" for asked in publisher.asked)
    assert TOKEN not in "".join(publisher.paths) + dest.read_text(encoding="utf-8")
    assert TOKEN not in repr(data_inclusion_api._Pages(session=None, token=TOKEN, how=Asking()))


def test_names_of_people_are_not_even_written(tmp_path: Path) -> None:
    """The file stays on the disk of an office: what nobody needs is not there."""
    dest = tmp_path / "data-inclusion.json"
    ask(dest, page([structure(1)]), page([service(1)]))
    assert "Durand" not in dest.read_text(encoding="utf-8")


def test_an_arrondissement_asks_about_its_city_too(tmp_path: Path) -> None:
    """The service folds the arrondissements of Paris, Lyon and Marseille into their city."""
    publisher = ask(tmp_path / "f.json", page([]), communes=("75113",))
    assert {path.partition("code_commune=")[2][:5] for path in publisher.paths} == {"75113", "75056"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_said_so_without_being_shown(status: int, tmp_path: Path) -> None:
    dest = tmp_path / "data-inclusion.json"
    with pytest.raises(RefusedInput, match="refuse ce jeton") as error:
        ask(dest, Answer(status=status))
    assert TOKEN not in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_waited_for(status: int, tmp_path: Path) -> None:
    dest = tmp_path / "data-inclusion.json"
    publisher = ask(dest, Answer(status=status), page([structure(1)]), page([]))
    assert len(publisher.paths) == 3
    assert json.loads(dest.read_text(encoding="utf-8"))["structures"][0]["id"] == "dora--1"


def test_a_failure_that_lasts_leaves_the_former_file(tmp_path: Path) -> None:
    dest = tmp_path / "data-inclusion.json"
    dest.write_text("ancien", encoding="utf-8")
    with pytest.raises(Unavailable, match="ne répond pas"):
        ask(dest, page([structure(1)]), Answer(status=503))
    assert dest.read_text(encoding="utf-8") == "ancien"
    assert list(tmp_path.iterdir()) == [dest]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"items": 3, "pages": 1}', b'{"items": [], "pages": 9999}'])
def test_an_answer_of_another_shape_is_refused(body: bytes, tmp_path: Path) -> None:
    """An endless number of pages would never stop."""
    with pytest.raises(Unavailable, match="inattendue"):
        ask(tmp_path / "f.json", Answer(body=body))


@pytest.mark.parametrize("token", ["", "court", "avec espace dedans", "retour\nchariot-dedans", "é" * 20])
def test_what_is_no_token_is_not_sent(token: str, tmp_path: Path) -> None:
    """A line break in a header would be a second header."""
    with serve(page([])) as publisher, asking() as session:
        how = Asking(session=session, service=publisher.url)
        with pytest.raises(RefusedInput, match="RESEAU_JETON_DATA_INCLUSION"):
            fetch_structures(token, communes=["99101"], dest=tmp_path / "f.json", asking=how)
    assert publisher.paths == []


@pytest.mark.parametrize("communes", [(), tuple(f"{n:05d}" for n in range(201))])
def test_no_commune_or_too_many_is_refused(communes: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="commune"):
        fetch_structures(TOKEN, communes=communes, dest=tmp_path / "f.json")


def parquet(rows: list[dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def test_without_a_token_the_two_open_files_make_one_archive(tmp_path: Path) -> None:
    answers = (Answer(body=parquet([structure(1)])), Answer(body=parquet([service(1)])))
    with serve(*answers) as publisher, asking() as session:
        addresses = {kind: f"{publisher.url}/{kind}" for kind in ("structures", "services")}
        got = fetch_open(tmp_path, addresses=addresses, session=session, limits=limits())
    with zipfile.ZipFile(got.path) as archive:
        assert sorted(archive.namelist()) == ["services.parquet", "structures.parquet"]
    assert last_download(tmp_path, got.path.name) is not None
    scope = Scope(communes=frozenset({"99101"}))
    parsed = all_sources()["data-inclusion"].read(got.path, scope, ReadOptions())
    assert parsed.records[0].record.free is True


def test_the_verb_chooses_by_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[str] = []
    monkeypatch.setattr(data_inclusion_api, "fetch_open", lambda *_a, **_k: seen.append("ouvert"))
    fetch_by_api(
        "data-inclusion",
        ApiRequest(communes=("99101",), dest_dir=tmp_path, filename="data-inclusion.json"),
    )
    assert seen == ["ouvert"]
    with serve(page([structure(1)]), page([])) as publisher:
        got = fetch_by_api(
            "data-inclusion",
            ApiRequest(
                communes=("99101",),
                dest_dir=tmp_path,
                filename="data-inclusion.json",
                url=publisher.url,
                token=TOKEN,
            ),
        )
    assert got.path == tmp_path / "data-inclusion.json"
    assert TOKEN not in "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
