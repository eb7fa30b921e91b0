"""Communes are found by what people call them, and nothing but that name leaves the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reseau.downloads import communes_api
from reseau.downloads.apis import ApiRequest, fetch_by_api
from reseau.downloads.communes_api import FoundCommune, download_communes, search_communes
from reseau.downloads.files import last_download
from reseau.errors import RefusedInput, Unavailable
from tests.unit.downloads.publisher import Answer, asking, serve

TOULOUSE = {
    "nom": "Toulouse", "code": "31555", "codesPostaux": ["31000", "31100"], "population": 511684,
    "codeEpci": "243100518", "epci": {"code": "243100518", "nom": "Toulouse Métropole"},
}  # fmt: skip
CONTOUR = {
    "type": "Feature",
    "properties": {"nom": "Toulouse", "code": "31555"},
    "geometry": {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 43]]]},
}


def found(answer: Any, name: str = "toulouse") -> list[FoundCommune]:
    with serve(Answer(body=json.dumps(answer).encode())) as service, asking() as session:
        return search_communes(name, session=session, service=service.url)


def test_a_commune_and_what_is_known_of_it() -> None:
    assert found([TOULOUSE]) == [
        FoundCommune(
            code="31555",
            name="Toulouse",
            postcodes=("31000", "31100"),
            population=511684,
            epci="Toulouse Métropole",
        )
    ]


def test_only_the_name_is_sent() -> None:
    with serve(Answer(body=b"[]")) as service, asking() as session:
        assert search_communes("  Saint  Denis ", session=session, service=service.url) == []
    assert service.paths[0].startswith("/communes?nom=Saint+Denis&fields=")


def test_what_is_not_known_stays_unknown() -> None:
    (commune,) = found([{"nom": "Ici", "code": "99101"}])
    assert commune == FoundCommune(code="99101", name="Ici")
    assert commune.population is None


@pytest.mark.parametrize("item", [None, 3, {}, {"nom": 3, "code": "31555"}, {"nom": "X", "code": "abc"}])
def test_what_is_not_a_commune_is_left_out(item: Any) -> None:
    assert [commune.code for commune in found([item, TOULOUSE])] == ["31555"]


def test_an_answer_of_another_kind_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        found({"message": "maintenance"})


@pytest.mark.parametrize("name", ["", " ", "a"])
def test_nothing_to_look_for(name: str) -> None:
    with pytest.raises(RefusedInput):
        search_communes(name)


def test_boundaries_become_one_map(tmp_path: Path) -> None:
    with serve(Answer(body=json.dumps(CONTOUR).encode())) as service, asking() as session:
        dest = tmp_path / "neuf" / "communes.geojson"
        download_communes(["31555", "31044", "31555"], dest, session=session, service=service.url)
    collection = json.loads(dest.read_text())
    assert collection == {"type": "FeatureCollection", "features": [CONTOUR, CONTOUR]}
    assert [path.partition("?")[0] for path in service.paths] == ["/communes/31555", "/communes/31044"]
    assert [path.name for path in dest.parent.iterdir()] == ["communes.geojson"]


@pytest.mark.parametrize("codes", [[], ["Toulouse"], ["31555/../x"], [f"{n:05d}" for n in range(1001, 1300)]])
def test_codes_that_are_not_asked(tmp_path: Path, codes: list[str]) -> None:
    with pytest.raises(RefusedInput):
        download_communes(codes, tmp_path / "c.geojson")


def test_half_a_map_is_no_map(tmp_path: Path) -> None:
    answers = [Answer(body=json.dumps(CONTOUR).encode()), Answer(status=404)]
    with serve(*answers) as service, asking() as session, pytest.raises(RefusedInput, match="404"):
        download_communes(["31555", "31999"], tmp_path / "c.geojson", session=session, service=service.url)
    assert list(tmp_path.iterdir()) == []


def test_as_a_source_it_asks_about_the_territory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ApiRequest(communes=("31555",), dest_dir=tmp_path, filename="communes.geojson")
    with serve(Answer(body=json.dumps(CONTOUR).encode())) as service:
        real = communes_api.download_communes

        def here(codes: Any, dest: Path, **options: Any) -> Path:
            with asking() as session:
                return real(codes, dest, session=session, service=service.url, **options)

        monkeypatch.setattr(communes_api, "download_communes", here)
        got = fetch_by_api("communes", request)
    assert got.bytes == got.path.stat().st_size
    assert last_download(tmp_path, "communes.geojson") == got


def test_without_a_commune_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="communes du territoire"):
        fetch_by_api("communes", ApiRequest(communes=(), dest_dir=tmp_path, filename="c.geojson"))
