"""Bad input never gets through, whatever the source: it is refused in French, nothing is written or left.

Every kind of bad file is given to every source, as a person does it: recognised, looked at, imported. What
is asked of one source alone is in `test_hostile_rows.py`; what is asked of the disk, in `test_odd_paths.py`.
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.traps.desk import SOURCES, Desk, Outcome, open_desk, sample_of
from tests.traps.makers import (
    DEEP,
    DEEP_GEOMETRY,
    ENTITIES,
    MEGABYTE,
    OUTSIDE,
    SPACES,
    SQUARE,
    Maker,
    database,
    endless_layer,
    geojson,
    lying,
    made,
    overlapping,
    parquet,
    polygon,
    same_row,
    tarred,
    zipped,
)

OPEN_QUOTES = "\n".join(["nom;type", *['b";"'] * 1_500])
WIDE = ";".join(f"colonne{rank}" for rank in range(100_000)) + "\n" + ";".join("1" for _ in range(100_000))
ADVICE = re.compile(
    r"choisissez|prenez|vérifiez|téléchargez|enregistrez|corrigez|refaites|reprenez|redessinez|ajoutez|gardez"
    r"|ouvrez|importez|mettez|renommez|enlevez|indiquez|supprimez|demandez|partez|il faut|préférez|laissez"
    r"|raccourcissez|écrivez|distinguez|dites|complétez",
    re.IGNORECASE,
)
FRENCH = re.compile(r"\b(?:le|la|les|un|une|est|il|n'a|n'est|ne|de|des|vos|ce)\b")
UNTRANSLATED = re.compile(
    r"Traceback|Error|Exception|\b(?:invalid|unexpected|expected|failed|cannot|not|file|string|line|the)\b"
    r"|NoneType|0x[0-9a-f]{6}|/tmp|/etc",
)

XML = b'<?xml version="1.0"?>'
NOTHING: dict[str, Maker] = {
    "vide": made("f.csv", b""),
    "marque seule": made("f.csv", b"\xef\xbb\xbf"),
    "marque d'UTF-16 seule": made("f.csv", b"\xff\xfe"),
    "en-têtes seuls": made("f.csv", b"colonne 1;colonne 2;colonne 3\n"),
    "une colonne": made("f.csv", b"couleur\nbleu\nvert\n"),
    "zéros": made("f.csv", bytes(5000)),
    "lignes vides": made("f.csv", b"\r\n" * 3_000_000),
    "cent mille colonnes": made("f.csv", WIDE.encode()),
    "guillemets sans fin": made("f.csv", OPEN_QUOTES.encode()),
    "mots du tableur": made("f.csv", b"#REF!;#NOM?;44927\n#REF!;#N/A;45000\n"),
    "une cellule de dix mégaoctets": made("f.csv", b'a;b\n"' + b"x" * (10 * MEGABYTE) + b'";2\n'),
}
ARCHIVES: dict[str, Maker] = {
    "bombe CSV": made("f.zip", zipped({"a.csv": SPACES})),
    "bombe JSON": made("f.zip", zipped({"a.json": SPACES})),
    "bombe GeoJSON": made("f.zip", zipped({"a.geojson": SPACES})),
    "taille menteuse CSV": made("f.zip", lying(zipped({"a.csv": SPACES}), len(SPACES))),
    "taille menteuse JSON": made("f.zip", lying(zipped({"a.json": SPACES}), len(SPACES))),
    "taille menteuse GeoJSON": made("f.zip", lying(zipped({"a.geojson": SPACES}), len(SPACES))),
    "taille menteuse GeoPackage": made("f.zip", lying(zipped({"a.gpkg": SPACES}), len(SPACES))),
    "mêmes octets mille fois": made("f.zip", overlapping(b"a" * MEGABYTE, 1_500)),
    "trop de fichiers": made("f.zip", zipped({f"{rank}.csv": b"" for rank in range(2_500)})),
    "archive dans l'archive": made("f.zip", zipped({"b.zip": zipped({"a.csv": SPACES}), "a.csv": b"x"})),
    "chemin qui remonte": made("f.zip", zipped({"../../dehors.csv": b"nom;type\nA;CMP\n"})),
    "chemin absolu": made("f.zip", zipped({"/etc/dehors.geojson": geojson(polygon(SQUARE))})),
    "chemin de Windows": made("f.zip", zipped({"C:\\dehors.json": b"[]"})),
    "rien d'utile": made("f.zip", zipped({"lisez-moi.txt": b"bonjour"})),
    "coupée": made("f.zip", zipped({"a.csv": b"nom;type\n" * 500})[:-30]),
    "bombe gz": made("f.json.gz", gzip.compress(SPACES)),
    "bombe gz CSV": made("f.csv.gz", gzip.compress(b"finess;" + SPACES)),
    "bombe bz2": made("f.json.bz2", bz2.compress(SPACES)),
    "bombe tar": made("f.tar.bz2", tarred("a.json", SPACES)),
    "gz coupé": made("f.json.gz", gzip.compress(b'[{"nom":1}]' * 10_000)[:-20]),
    "bz2 coupé": made("f.json.bz2", bz2.compress(b'[{"nom":1}]' * 10_000)[:-20]),
    "gz de gz": made("f.json.gz", gzip.compress(gzip.compress(SPACES))),
}
DOCUMENTS: dict[str, Maker] = {
    "GeoJSON profond": made("f.geojson", DEEP),
    "listes sans fond": made("f.json", b"[" * 200_000),
    "objets sans fond": made("f.json", b'{"a":' * 200_000),
    "ligne sans fond": made("f.jsonl", b'{"id":1}\n{"a":' + b"[" * 100_000),
    "nombre de dix mille chiffres": made("f.json", b'[{"id":' + b"9" * 10_000 + b"}]"),
    "nombre démesuré dans un contour": made(
        "f.geojson", geojson(polygon(SQUARE)).replace(b'"Trap"', b"9" * 10_000, 1)
    ),
    "GeoJSON coupé": made("f.geojson", geojson(polygon(SQUARE))[:-30]),
    "contours qui n'en sont pas": made(
        "f.geojson", b'{"type":"FeatureCollection","features":[1,null,"a",[]]}'
    ),
    "page sans numéro": made("f.json", b'{"items":[1,2],"page":"x","pages":1e400}'),
    "nombres": made("f.json", b"[1,2,3]"),
    "clés seules": made("f.json", b'{"type":"FeatureCollection","features":{}}'),
}
GEOMETRIES: dict[str, object] = {
    "absente": None,
    "une liste": [1, 2],
    "NaN": polygon([[float("nan"), 48.0], [2.0, 48.0], [2.1, 48.1], [float("nan"), 48.0]]),
    "infinie": polygon([[float("inf"), 48.0], [2.0, 48.0], [2.1, 48.1], [float("inf"), 48.0]]),
    "au bout du monde": polygon([[1e308, 48.0], [2.0, 48.0], [2.1, 48.1], [1e308, 48.0]]),
    "point NaN": {"type": "Point", "coordinates": [float("nan"), float("inf")]},
    "point de mots": {"type": "Point", "coordinates": ["a", None]},
    "collection vide": {"type": "GeometryCollection", "geometries": []},
    "des mots": {"type": "Polygon", "coordinates": "abc"},
    "d'un genre inconnu": {"type": "Sphere", "coordinates": [1, 2]},
    "plate": polygon([[2.0, 48.0], [2.1, 48.1], [2.0, 48.0]]),
}
BINARIES: dict[str, Maker] = {
    "entités XML": made("f.osm", ENTITIES),
    "entité du disque": made("f.osm", OUTSIDE),
    "OSM coupé": made(
        "f.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="48" lon="2"><tag k="ame'
    ),
    "OSM hors du monde": made(
        "f.osm",
        XML
        + b'<osm version="0.6"><node id="1" lat="480000" lon="nan"><tag k="office" v="ngo"/></node></osm>',
    ),
    "OSM qui n'est pas en UTF-8": made(
        "f.osm",
        XML + b'<osm version="0.6"><node id="1" lat="48" lon="2"><tag k="amenity" v="pharmacy"/>'
        b'<tag k="name" v="Sant\xe9"/></node></osm>',
    ),
    "PBF menteur": made("f.osm.pbf", b"\0\0\0\r\n\tOSMHeader\x18\xff\xff\xff\x7f" + bytes(100)),
    "PBF coupé": made("f.osm.pbf", b"\0\0\0\r\n\tOSMHeader\x18\x7c" + b"\n\x02"),
    "Parquet coupé": made("f.parquet", parquet([{"id": "a", "nom": "b", "source": "c"}])[:60]),
    "Parquet inventé": made("f.parquet", b"PAR1" + b"\xff" * 50 + b"\xff\xff\xff\x7fPAR1"),
    "Parquet d'une ligne cent millions de fois": made("f.parquet", same_row(6_000_000)),
    "classeur coupé": made("f.xlsx", zipped({"xl/workbook.xml": b"<workbook/>"})[:50]),
    "classeur sans feuille": made("f.xlsx", zipped({"xl/workbook.xml": b"<workbook/>"})),
    "GeoPackage sans tables": database(("CREATE TABLE t (a)",)),
    "GeoPackage à vue sans fin": endless_layer("view"),
    "GeoPackage à colonne calculée": endless_layer("column"),
    "GeoPackage dont la liste est sans fin": database(
        (
            "CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS table_name, 'features' AS data_type FROM n",
        )
    ),
    "base qui se vide elle-même": database(
        (
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)",
            "CREATE TABLE t (code_qp TEXT)",
            "CREATE TRIGGER t1 AFTER INSERT ON t BEGIN DELETE FROM gpkg_contents; END",
        )
    ),
    "base coupée": made("f.gpkg", b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(60)),
}
BAD = {**NOTHING, **ARCHIVES, **DOCUMENTS, **BINARIES}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("bureau")) as opened:
        yield opened


def assert_refused(outcome: Outcome, name: str, source_id: str) -> None:
    """Refused as a whole: in French, by its name, with what to do, nothing written, nothing left."""
    assert outcome.report is None, (source_id, outcome.said)
    assert name in outcome.message, (source_id, outcome.message)
    # What is quoted of the file is in the file's words.
    bare = re.sub(r"«[^»]*»|Colonnes lues.*", "", outcome.message, flags=re.DOTALL)
    assert FRENCH.search(bare), (source_id, outcome.message)
    assert not UNTRANSLATED.search(bare), (source_id, outcome.message)
    assert ADVICE.search(bare), (source_id, outcome.message)
    assert not outcome.changed, source_id
    assert outcome.left_behind == (), source_id


def assert_nothing_taken(outcome: Outcome, name: str, source_id: str) -> None:
    """Refused as a whole, or read and all its rows refused, each with where and what to do."""
    if outcome.report is None:
        assert_refused(outcome, name, source_id)
        return
    assert outcome.taken == 0, (source_id, outcome.said)
    assert outcome.left_behind == (), source_id
    assert outcome.report.refused or outcome.report.out_of_scope, source_id
    for row in outcome.report.refused:
        assert row.line >= 1
        assert row.problems
        assert all(FRENCH.search(problem.reason) for problem in row.problems), (source_id, row.problems)


@pytest.mark.parametrize("what", BAD, ids=str)
def test_a_file_that_is_nothing_is_refused_by_every_source(desk: Desk, tmp_path: Path, what: str) -> None:
    path = BAD[what](tmp_path)
    for source_id in SOURCES:
        assert_nothing_taken(desk.give(source_id, path), path.name, source_id)


@pytest.mark.parametrize("what", GEOMETRIES, ids=str)
def test_no_boundary_comes_out_of_what_draws_none(desk: Desk, tmp_path: Path, what: str) -> None:
    """A place without a position may be taken; a quartier, a block or a commune without boundary may not."""
    path = made("f.geojson", geojson(GEOMETRIES[what], codeEpci="999999999"))(tmp_path)
    for source_id in ("qpv", "iris"):
        outcome = desk.give(source_id, path)
        assert_nothing_taken(outcome, path.name, source_id)
        assert outcome.report is None or "contour" in outcome.said or "coordonnées" in outcome.said
    for source_id in SOURCES.keys() - {"qpv", "iris", "points", "communes"}:
        assert_refused(desk.give(source_id, path), path.name, source_id)


def test_boundaries_nested_without_end_are_refused_or_left_out(desk: Desk, tmp_path: Path) -> None:
    path = made("f.geojson", DEEP_GEOMETRY)(tmp_path)
    for source_id in ("qpv", "iris", "communes"):
        assert_nothing_taken(desk.give(source_id, path), path.name, source_id)


@pytest.mark.parametrize("given", SOURCES)
def test_the_file_of_another_source_is_never_taken(desk: Desk, given: str) -> None:
    """Every source's sample to every other one: two lists of places may understand each other, no others."""
    path = sample_of(SOURCES[given])
    places = {"tableur", "points"}
    for source_id in SOURCES.keys() - {given}:
        outcome = desk.give(source_id, path)
        if given in places and source_id in places:
            assert outcome.left_behind == ()
        else:
            assert_nothing_taken(outcome, path.name, source_id)


def test_a_quote_opened_at_each_of_many_lines_does_not_take_hours(desk: Desk, tmp_path: Path) -> None:
    """Each one looks for its end as far as the end of the file, if it is let to."""
    path = made("f.csv", b"nom;type\n" + b'b";"\n' * 20_000)(tmp_path)
    outcome = desk.give("tableur", path)
    assert outcome.taken == 0
    assert outcome.report is not None
    assert len(outcome.report.refused) == 20_000


def test_a_million_points_make_one_boundary(desk: Desk, tmp_path: Path) -> None:
    """A coast drawn to the centimetre is heavy and right."""
    side = 125_000
    ring = [[2 + rank * 1e-7, 48.0] for rank in range(2 * side)]
    ring += [[2 + rank * 1e-7, 48.001] for rank in range(2 * side - 1, -1, -1)]
    path = made("f.geojson", geojson(polygon([*ring, ring[0]])))(tmp_path)
    outcome = desk.give("qpv", path)
    assert outcome.taken == 1
    assert desk.give("osm", path).report is None


def test_a_name_of_coordinate_system_opens_no_file(desk: Desk, tmp_path: Path) -> None:
    """PROJ would read grids and definitions from where a text says."""
    grid = "+proj=longlat +nadgrids=/etc/passwd +type=crs"
    for name in ("/etc/passwd", grid, "http://127.0.0.1:9/x", "epsg:" + "9" * 400):
        document = json.loads(geojson(polygon(SQUARE)))
        document["crs"] = {"type": "name", "properties": {"name": name}}
        path = made("f.geojson", json.dumps(document).encode())(tmp_path)
        outcome = desk.give("iris", path)
        assert outcome.left_behind == ()
        assert "passwd" not in outcome.said
