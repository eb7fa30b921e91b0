"""The register comes packed; what is packed is not trusted."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import secrets
import tarfile
import zipfile
from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.sources import _container as container
from reseau.sources._files import MEGABYTE
from reseau.sources.finess import SOURCE
from tests.unit.sources.finess.register import document, only, read, site, write

RAW = (
    "finess;etalab;98;2026-05-12\n"
    "structureet;310000001;310000000;CMP;CMP LONG;;;12;R;DES LILAS;;;555;31;HAUTE GARONNE;31000 TOULOUSE;;;"
    "156;CMP;;;;;;;;;;;;\n"
)


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/", 1) if "__" in name[1:] else name, text)
    return path


def gzipped(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content))
    return path


def test_each_packing_gives_the_same_establishment(tmp_path: Path) -> None:
    text = json.dumps(document(site()))
    paths = [
        write(tmp_path, document(site())),
        gzipped(tmp_path / "s.json.gz", text.encode()),
        zipped(tmp_path / "s.zip", **{"finess.json": text}),
        gzipped(tmp_path / "c.csv.gz", RAW.encode()),
        zipped(tmp_path / "c.zip", **{"cs1100507.csv": RAW}),
        zipped(
            tmp_path / "w.zip", **{"cs1100507.csv": RAW.encode("cp1252").decode("cp1252"), "notice.pdf": "x"}
        ),
    ]
    assert {only(read(path)).finess for path in paths} == {"310000001"}
    assert all(SOURCE.recognises(path) for path in paths)


def test_what_computers_add_to_an_archive_is_not_a_file_to_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        archive.writestr("__MACOSX/._cs1100507.csv", "x")
        archive.writestr("dossier/.cache.csv", "x")
        archive.writestr("dossier/cs1100507.csv", RAW)
    assert only(read(tmp_path / "mac.zip")).finess == "310000001"


def test_several_files_must_be_chosen_among(tmp_path: Path) -> None:
    path = zipped(tmp_path / "deux.zip", **{"cs1100502.csv": RAW, "cs1100507.csv": RAW})
    with pytest.raises(RefusedInput, match="plusieurs fichiers"):
        read(path)
    assert not SOURCE.recognises(path)


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="ne contient pas de fichier CSV"):
        read(zipped(tmp_path / "vide.zip", **{"lisez-moi.pdf": "rien"}))


@pytest.mark.parametrize("cut", [10, 40])
def test_a_cut_archive_is_damaged(tmp_path: Path, cut: int) -> None:
    path = gzipped(tmp_path / "s.json.gz", json.dumps(document(site())).encode() * 3)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(RefusedInput, match="abîmée ou incomplète"):
        read(path)


@pytest.mark.parametrize("content", [b"\x1f\x8b", b"\x1f\x8bnimporte quoi", b"PK\x03\x04abc"])
def test_what_looks_packed_and_is_not(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.json.gz"
    path.write_bytes(content)
    with pytest.raises(RefusedInput):
        read(path)
    assert not SOURCE.recognises(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Forty megabytes of spaces in forty kilobytes."""
    path = gzipped(tmp_path / "b.json.gz", b'{"pmej": [' + b" " * (40 * MEGABYTE))
    with pytest.raises(RefusedInput, match="se gonfle anormalement"):
        read(path)


def test_a_stream_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_STREAM_BYTES", 1000)
    with pytest.raises(RefusedInput, match="trop grosse une fois ouverte"):
        read(gzipped(tmp_path / "s.csv.gz", RAW.encode() * 10))


def test_a_path_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("../cs1100507.csv", RAW)
    with pytest.raises(RefusedInput, match="chemin interdit"):
        read(tmp_path / "z.zip")


@pytest.mark.parametrize(
    "content", [b"", b"nom;adresse\nCMP;rue\n", b"\x89PNG\r\n", b'{"type": "FeatureCollection"}']
)
def test_other_files_are_not_recognised(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert not SOURCE.recognises(path)
    assert not SOURCE.recognises(tmp_path / "absent.csv")


@pytest.mark.real_data
def test_real_files_are_recognised(shared_data: Path) -> None:
    for name in ("cs1100502_extrait_brut", "cs1100507_toulouse_montpellier", "occitanie_opendatasoft"):
        assert SOURCE.recognises(shared_data / "finess" / f"{name}.csv")
    for other in ("finess/categories.csv", "annuaires/france_services.csv", "qpv/qpv2024_mini.geojson"):
        assert not SOURCE.recognises(shared_data / other)


def tarred(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:bz2") as archive:
        for name, content in members.items():
            item = tarfile.TarInfo(name.replace("__", "/").replace("_", "."))
            item.size = len(content)
            archive.addfile(item, io.BytesIO(content))
    return path


def test_a_tape_archive_gives_its_first_readable_file(tmp_path: Path) -> None:
    """The directory of local administrations comes so."""
    path = tarred(tmp_path / "t.tar.bz2", all__lisez_pdf=b"x", all__local_json=b"[1]", z_json=b"[2]")
    with container.opened(path) as stream:
        assert stream.read() == b"[1]"


def test_a_bare_bz2_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "t.json.bz2"
    path.write_bytes(bz2.compress(b"[1, 2]"))
    with container.opened(path) as stream:
        assert stream.read() == b"[1, 2]"


def test_a_tape_archive_without_data_is_refused(tmp_path: Path) -> None:
    path = tarred(tmp_path / "t.tar.bz2", organismes__mairie_xml=b"<x/>")
    with pytest.raises(RefusedInput, match=r"t\.tar\.bz2.*ne contient pas"), container.opened(path):
        pass


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_tape_archive_is_refused(tmp_path: Path, keep: float) -> None:
    path = tarred(tmp_path / "t.tar.bz2", local_json=secrets.token_bytes(200_000))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(RefusedInput, match="abîmée"), container.opened(path) as stream:
        stream.read()


def test_a_bz2_made_to_fill_a_disk_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "t.json.bz2"
    path.write_bytes(bz2.compress(b" " * 30 * MEGABYTE))
    with pytest.raises(RefusedInput, match="gonfle"), container.opened(path) as stream:
        list(iter(lambda: stream.read(MEGABYTE), b""))
