"""Streets of a damaged file or of a hostile backup: none is used, those of before stay."""

from __future__ import annotations

import base64
import io
import os
import pickle
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.lib import format as npy

from reseau.config import load_config
from reseau.errors import RefusedInput, ReseauError
from reseau.services import App, open_app
from reseau.services.editing import save_row
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.services.walking import load_network, network_info
from tests.traps.backups import MOMENT
from tests.traps.test_hostile_files import ADVICE, UNTRANSLATED


class Evil:
    """Would make a folder when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.path),)


LONLAT = np.array([[1.6, 48.1], [1.601, 48.1], [1.602, 48.1]])
EDGES = np.array([[0, 1], [1, 2]], dtype=np.int32)


def packed(lonlat: np.ndarray, edges: np.ndarray, **more: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, lonlat=lonlat, edges=edges, **more)
    return content.getvalue()


def with_member(lonlat: bytes) -> bytes:
    """Sound edges, and these bytes for positions."""
    edges, content = io.BytesIO(), io.BytesIO()
    np.save(edges, EDGES)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lonlat.npy", lonlat)
        archive.writestr("edges.npy", edges.getvalue())
    return content.getvalue()


def claiming(*shape: int, body: int = 100) -> bytes:
    """Positions that say they are so many, and hold `body` bytes."""
    content = io.BytesIO()
    npy.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return with_member(content.getvalue() + bytes(body))


STREETS: dict[str, Callable[[], bytes]] = {
    "rien": lambda: b"",
    "des mots": lambda: b"<html></html>",
    "une archive vide": lambda: b"PK\5\6" + bytes(18),
    "sans segments": lambda: packed(LONLAT, EDGES[:0]),
    "sans points": lambda: packed(LONLAT[:0], EDGES[:0]),
    "segments sans leurs points": lambda: packed(LONLAT, EDGES + 5),
    "segments négatifs": lambda: packed(LONLAT, EDGES - 5),
    "segments au-delà des entiers": lambda: packed(LONLAT, EDGES.astype(np.int64) + 2**32),
    "segments inconnus": lambda: packed(LONLAT, np.full((2, 2), np.nan)),
    "positions inconnues": lambda: packed(np.full((3, 2), np.nan), EDGES),
    "positions infinies": lambda: packed(np.full((3, 2), np.inf), EDGES),
    "hors de la Terre": lambda: packed(LONLAT * 1e300, EDGES),
    "positions en mots": lambda: packed(LONLAT.astype(str), EDGES),
    "positions complexes": lambda: packed(LONLAT.astype(complex), EDGES),
    "une seule dimension": lambda: packed(LONLAT[0], EDGES),
    "taille démesurée": lambda: claiming(10**12, 2),
    "taille au-delà de tout": lambda: claiming(10**17, 2),
    "taille négative": lambda: claiming(-5, 2),
    "bombe": lambda: claiming(2_000_000, 2, body=32_000_000),
    "coupé": lambda: packed(LONLAT, EDGES)[:-40],
}


def streets(content: bytes) -> dict[str, Any]:
    return {"territoire_id": 1, "title": "rues\x1b.osm", "data_date": None, "loaded_at": MOMENT, "nodes": 3,
            "edges": 2, "content": base64.b64encode(content).decode()}  # fmt: skip


@pytest.mark.parametrize("what", STREETS)
def test_damaged_streets_are_told_and_lines_stay_straight(
    restored: Callable[..., int], app: App, what: str
) -> None:
    tid = restored("networks", streets(STREETS[what]()))
    info = network_info(app, tid)
    assert info is not None
    assert "abîmé" in info.problem
    view = open_view(app, tid)
    assert view.travel.is_straight, "figures must not say that streets were followed"
    assert view.gaps["minutes_nearest"].notna().any()


@pytest.mark.parametrize("how", ["objects", "member", "whole"])
def test_no_program_inside_streets_is_run(
    restored: Callable[..., int], app: App, tmp_path: Path, how: str
) -> None:
    """NumPy reads programs (pickles) unless told not to."""
    there = tmp_path / "entre"
    objects = np.full((3, 2), Evil(there), dtype=object)
    content = {
        "objects": lambda: packed(objects, EDGES),
        "member": lambda: with_member(pickle.dumps(Evil(there))),
        "whole": lambda: pickle.dumps(Evil(there)),
    }[how]()
    tid = restored("networks", streets(content))
    info = network_info(app, tid)
    assert info is not None
    assert info.problem
    assert not there.exists()


def test_streets_across_the_antimeridian_are_no_short_cut(restored: Callable[..., int], app: App) -> None:
    across = np.array([[1.6, 48.1], [180.0, 48.1], [-180.0, 48.1]])
    tid = restored("networks", streets(packed(across, EDGES)))
    info = network_info(app, tid)
    assert info is not None
    assert info.km < 1


OPENING = '<?xml version="1.0"?><osm version="0.6">'
HERE = [(1, 1.601, 48.101), (2, 1.602, 48.101), (3, 1.603, 48.101)]


def osm(nodes: list[tuple[object, object, object]], refs: list[object], tail: str = "") -> bytes:
    lines = [f'<node id="{key}" lon="{lon}" lat="{lat}"/>' for key, lon, lat in nodes]
    lines += ['<way id="1">', *(f'<nd ref="{ref}"/>' for ref in refs), '<tag k="highway" v="path"/></way>']
    return (OPENING + "".join(lines) + tail + "</osm>").encode()


def varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found, value = found + bytes([value & 127 | 128]), value >> 7
    return found + bytes([value])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def block(kind: bytes, content: bytes, said: int) -> bytes:
    """A part of a .osm.pbf that says how long it is once unpacked."""
    inner = varint(2 << 3) + varint(said) + field(3, zlib.compress(content, 9))
    head = field(1, kind) + varint(3 << 3) + varint(len(inner))
    return struct.pack(">I", len(head)) + head + inner


HEAD = block(b"OSMHeader", field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes"), 28)
EXTRACTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "vide": ("rues.osm", lambda: b""),
    "page web": ("rues.osm", lambda: b"<!doctype html><html><body>404</body></html>"),
    "zéros": ("rues.osm.pbf", lambda: bytes(5_000)),
    "coupé": ("rues.osm", lambda: osm(HERE, [1, 2, 3])[:-60]),
    "pbf coupé": ("rues.osm.pbf", lambda: HEAD + block(b"OSMData", bytes(1_000), 1_000)[:-4]),
    "pbf d'un octet": ("rues.osm.pbf", lambda: HEAD[:40]),
    "pbf menteur": ("rues.osm.pbf", lambda: HEAD + block(b"OSMData", bytes(1_000), 10)),
    "pbf bombe": ("rues.osm.pbf", lambda: HEAD + block(b"OSMData", bytes(30_000_000), 30_000_000) * 10),
    "pbf bombe d'un bloc": (
        "rues.osm.pbf",
        lambda: HEAD + block(b"OSMData", bytes(50_000_000), 2_000_000_000),
    ),
    "en-tête démesuré": ("rues.osm.pbf", lambda: struct.pack(">I", 2**31 - 1) + field(1, b"OSMHeader")),
    "zip": ("rues.osm", lambda: b"PK\3\4" + bytes(100)),
    "positions inconnues": ("rues.osm", lambda: osm([(1, "nan", "nan"), *HERE[1:]], [1, 2, 3])),
    "positions infinies": ("rues.osm", lambda: osm([(1, "inf", "1e999"), *HERE[1:]], [1, 2, 3])),
    "hors de la Terre": ("rues.osm", lambda: osm([(1, 500, 95), *HERE[1:]], [1, 2, 3])),
    "positions en mots": ("rues.osm", lambda: osm([("a", "b", "c")], ["a"])),
    "points absents": ("rues.osm", lambda: osm([], [1, 2, 3])),
    "un point sur deux": ("rues.osm", lambda: osm(HERE[1:2], [1, 2, 3])),
    "numéros démesurés": ("rues.osm", lambda: osm([("9" * 30, 1.6, 48.1)], ["9" * 30])),
    "un seul point": ("rues.osm", lambda: osm(HERE, [1])),
    "sur place": ("rues.osm", lambda: osm(HERE, [1, 1, 1])),
    "Overpass arrêté": ("rues.osm", lambda: osm(HERE, [1, 2], "<remark>runtime error: timeout</remark>")),
    "une autre ville": ("rues.osm", lambda: osm([(1, 5.0, 45.0), (2, 5.001, 45.0)], [1, 2])),
}


@pytest.fixture
def walked(tmp_path: Path) -> Iterator[tuple[App, int]]:
    """A quartier and the streets of its town."""
    url = f"sqlite:///{tmp_path / 'base.db'}"
    with closing(open_app(load_config({"RESEAU_DATABASE_URL": url}))) as opened:
        tid = create_territoire(opened, "Essai", communes=["99101"]).id
        square = shapely.box(1.6, 48.1, 1.61, 48.11)
        save_row(
            opened, tid, "quartiers", {"name": "Q", "wkb": square.wkb, "communes": ["99101"], "population": 9}
        )
        path = tmp_path / "bon.osm"
        path.write_bytes(osm(HERE, [1, 2, 3]))
        load_network(opened, tid, path)
        yield opened, tid


@pytest.mark.parametrize("what", EXTRACTS)
def test_a_bad_extract_is_refused_and_the_streets_of_before_stay(
    walked: tuple[App, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    app, tid = walked
    before, key = network_info(app, tid), open_view(app, tid).travel.key
    folder, temporary = tmp_path / "donne", tmp_path / "temporaire"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    name, content = EXTRACTS[what]
    (folder / name).write_bytes(content())
    with pytest.raises(ReseauError, match=re.escape(name)) as refusal:
        load_network(app, tid, folder / name)
    assert ADVICE.search(str(refusal.value))
    assert not UNTRANSLATED.search(str(refusal.value).replace("runtime error", ""))
    assert (network_info(app, tid), open_view(app, tid).travel.key) == (before, key)
    assert list(temporary.iterdir()) == []
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_whole_country_is_refused_before_it_is_read(walked: tuple[App, int], tmp_path: Path) -> None:
    app, tid = walked
    path = tmp_path / "france.osm.pbf"
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(5_000_000_000)
    with pytest.raises(RefusedInput, match=r"trop gros.*extrait"):
        load_network(app, tid, path)


@pytest.mark.parametrize("ends", [[(4, 180, 48.1), (5, -180, 48.1)], [(4, 0, 90), (5, 0, -90)]])
def test_no_street_crosses_the_world(walked: tuple[App, int], tmp_path: Path, ends: list[Any]) -> None:
    app, tid = walked
    path = tmp_path / "monde.osm"
    path.write_bytes(osm([*HERE, *ends], [1, 2, 3, 4, 5]))
    loaded = load_network(app, tid, path)
    assert loaded.info.km < 1
    assert any("trop long" in note for note in loaded.notes)


@pytest.mark.parametrize("stage", [0.05, 0.7, 0.85])
def test_an_interruption_leaves_the_streets_of_before(
    walked: tuple[App, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: float
) -> None:
    app, tid = walked
    before = network_info(app, tid)
    temporary = tmp_path / "temporaire"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    path = tmp_path / "autre.osm"
    path.write_bytes(osm(HERE, [1, 2]))

    def stop(share: float, _sentence: str) -> None:
        if share >= stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_network(app, tid, path, on_progress=stop)
    assert network_info(app, tid) == before
    assert list(temporary.iterdir()) == []
