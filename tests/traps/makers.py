"""Files nobody should send, each made small on the disk."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

MEGABYTE = 1_000_000
Maker = Callable[[Path], Path]


def made(name: str, content: bytes) -> Maker:
    """A maker of a file of this name and content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of these members, packed as small as can be."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying(content: bytes, true_size: int, said: int = 10) -> bytes:
    """The same archive, its headers saying another size."""
    assert content.count(struct.pack("<I", true_size)) >= 2
    return content.replace(struct.pack("<I", true_size), struct.pack("<I", said))


def overlapping(kernel: bytes, copies: int) -> bytes:
    """A ZIP whose every member is the same packed bytes: small on the disk, endless once open."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(kernel) + packer.flush()
    crc = zlib.crc32(kernel)
    sizes = (crc, len(packed), len(kernel))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, 5, 0) + b"0.csv"
    central = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (f"{rank}.csv".encode() for rank in range(copies))
    )  # fmt: skip
    count = min(copies, 65_535)
    size = len(local) + len(packed)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(central), size, 0)
    return local + packed + central + end


def tarred(name: str, content: bytes) -> bytes:
    """A tape archive packed with bzip2."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        item = tarfile.TarInfo(name)
        item.size = len(content)
        archive.addfile(item, io.BytesIO(content))
    return buffer.getvalue()


def geojson(geometry: object, **properties: object) -> bytes:
    """A collection of one feature that every source of boundaries or points would like to read."""
    about = {
        "code_qp": "QN09901X", "lib_qp": "Trap", "insee_com": "99101", "code_iris": "991010101",
        "code": "99101", "nom": "Trap", "type": "CMP", "id": "trap-00000001",
    }  # fmt: skip
    feature = {"type": "Feature", "properties": about | properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def polygon(ring: object) -> dict[str, object]:
    """A polygon of one ring."""
    return {"type": "Polygon", "coordinates": [ring]}


def database(statements: tuple[str, ...], name: str = "piege.gpkg") -> Maker:
    """A SQLite file that says it is a GeoPackage."""

    def make(folder: Path) -> Path:
        path = folder / name
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA application_id = 0x47504B47")
            connection.execute("PRAGMA user_version = 10200")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return path

    return make


def endless_layer(kind: str) -> Maker:
    """A sound GeoPackage of quartiers, and beside it a layer that is computed when it is read."""

    def make(folder: Path) -> Path:
        path = folder / "calcul.gpkg"
        about = {"code_qp": ["QN09901X"], "code_iris": ["991010101"], "code": ["99101"], "nom": ["Trap"]}
        geopandas.GeoDataFrame(about, geometry=[shapely.box(2, 48, 2.1, 48.1)], crs=4326).to_file(
            path, layer="vraie", driver="GPKG"
        )
        with closing(sqlite3.connect(path)) as connection:
            if kind == "view":
                connection.execute(
                    "CREATE VIEW fausse AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                    "SELECT i AS fid, 'QN09901X' AS code_qp, NULL AS geom FROM n"
                )
            else:
                connection.execute(
                    "CREATE TABLE fausse (fid INTEGER PRIMARY KEY, geom POLYGON, code_qp TEXT "
                    "GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL)"
                )
                connection.execute("INSERT INTO fausse (fid) VALUES (1)")
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
                "VALUES ('fausse', 'features', 'fausse', 4326)"
            )
            connection.execute(
                "INSERT INTO gpkg_geometry_columns VALUES ('fausse', 'geom', 'POLYGON', 4326, 0, 0)"
            )
            connection.commit()
        return path

    return make


def same_row(times: int) -> bytes:
    """A Parquet file of a few kilobytes where one row comes back all the time."""
    some = 1_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * some, pa.int8()), pa.array(["99101"]))
    table = pa.table(dict.fromkeys(("id", "nom", "source", "code_insee"), column))
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, table.schema) as writer:
        for _ in range(times // some):
            writer.write_table(table)
    return buffer.getvalue()


def parquet(rows: list[dict[str, object]]) -> bytes:
    """A Parquet file of these rows."""
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


SPACES = b" " * (30 * MEGABYTE)
DEEP = b'{"type":"FeatureCollection","features":' + b"[" * 100_000
DEEP_GEOMETRY = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code_qp":"QN09901X","code_iris":'
    b'"991010101","code":"99101","nom":"x","insee_com":"99101"},"geometry":'
    + b'{"type":"GeometryCollection","geometries":[' * 5_000
    + b"]}" * 5_000
    + b"}]}"
)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(8))
    + b']><osm version="0.6"><node id="1" lat="48" lon="2"><tag k="amenity" v="pharmacy"/>'
    b'<tag k="name" v="&i;"/></node></osm>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY secret SYSTEM "file:///etc/passwd">]><osm version="0.6">'
    b'<node id="1" lat="48" lon="2"><tag k="amenity" v="pharmacy"/><tag k="name" v="&secret;"/></node></osm>'
)
SQUARE = [[2.0, 48.0], [2.01, 48.0], [2.01, 48.01], [2.0, 48.0]]
