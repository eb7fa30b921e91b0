"""Streets of an OpenStreetMap file: which ones people walk on, and files that lie."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reseau.errors import RefusedInput
from reseau.sources.osm import ways
from reseau.sources.osm.ways import is_closed, is_walkable, read_ways

FOLDER = Path(ways.__file__).parent


def node(number: int, lon: float = 1.6, lat: float = 48.1, **tags: str) -> str:
    return f'<node id="{number}" lon="{lon}" lat="{lat}">{_tags(tags)}</node>'


def way(number: int, *refs: int, **tags: str) -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}">{nodes}{_tags(tags or {"highway": "residential"})}</way>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def written(folder: Path, *things: str, head: str = "") -> Path:
    path = folder / "rues.osm"
    text = f'<?xml version="1.0"?><osm version="0.6">{head}{"".join(things)}</osm>'
    path.write_text(text, encoding="utf-8")
    return path


NODES = [node(n, lon=1.6 + n / 1000) for n in range(1, 7)]


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "footway", "footway": "sidewalk"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "service"}, True),
        ({"highway": "pedestrian", "area": "yes"}, True),
        ({"highway": "primary"}, True),
        ({"highway": "residential", "motor_vehicle": "no"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "foot": "yes"}, True),
        ({"highway": "secondary", "motorroad": "yes"}, False),
        ({"highway": "cycleway"}, False),
        ({"highway": "cycleway", "foot": "designated"}, True),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private", "foot": "permissive"}, True),
        ({"highway": "residential", "access": "destination"}, True),
        ({"highway": "path", "foot": "no"}, False),
        ({"highway": "primary", "foot": "use_sidepath"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "raceway"}, False),
        ({"highway": "traffic_island"}, False),
        ({"route": "ferry"}, False),
        ({"railway": "rail"}, False),
        ({"waterway": "river"}, False),
        ({}, False),
    ],
)
def test_where_people_walk(tags: dict[str, str], walkable: bool) -> None:
    assert is_walkable(tags) == walkable


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, False),
        ({"barrier": "lift_gate", "foot": "no"}, True),
        ({"highway": "crossing", "access": "private"}, False),
    ],
)
def test_what_stops_people(tags: dict[str, str], closed: bool) -> None:
    assert is_closed(tags) == closed


def test_the_list_of_streets_is_well_written() -> None:
    """A misspelt word would silently open or close every street of a kind."""
    with (FOLDER / "marche.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    answers = {"highway": {ways.YES, ways.IF_ALLOWED}, "foot": {ways.ALLOWS, ways.FORBIDS}}
    assert all(row["a_pied"] in answers.get(row["cle"], {ways.FORBIDS}) for row in rows)
    assert all(row["pourquoi"] for row in rows)
    assert len({(row["cle"], row["valeur"]) for row in rows}) == len(rows)


def test_a_way_is_its_nodes_one_after_the_other(tmp_path: Path) -> None:
    found = read_ways(written(tmp_path, *NODES, way(1, 1, 2, 3), way(2, 3, 4, highway="motorway")))
    assert found.lonlat == pytest.approx(np.array([[1.601, 48.1], [1.602, 48.1], [1.603, 48.1]]))
    assert found.edges.tolist() == [[0, 1], [1, 2]]
    assert found.ways == 1
    assert "OpenStreetMap" in found.attribution


def test_two_ways_that_follow_each_other_in_the_file_are_not_joined(tmp_path: Path) -> None:
    found = read_ways(written(tmp_path, *NODES, way(1, 1, 2), way(2, 5, 6)))
    assert found.edges.tolist() == [[0, 1], [2, 3]]


def test_loops_repeats_and_shared_streets(tmp_path: Path) -> None:
    """Two names for one street, a node twice in a row, a way of one node."""
    things = [way(1, 1, 2, 2, 1), way(2, 2, 1), way(3, 3), way(4, 4, 4)]
    assert read_ways(written(tmp_path, *NODES, *things)).edges.tolist() == [[0, 1]]


def test_a_street_is_interrupted_where_its_nodes_are_missing(tmp_path: Path) -> None:
    """An extract cuts streets at its edge: joining what is left would build a bridge."""
    found = read_ways(written(tmp_path, *NODES, way(1, 1, 2, 99, 3, 4)))
    assert found.edges.tolist() == [[0, 1], [2, 3]]
    assert found.missing == 1


def test_a_private_gate_cuts_the_street(tmp_path: Path) -> None:
    gate = node(2, lon=1.602, barrier="gate", access="private")
    found = read_ways(written(tmp_path, NODES[0], gate, *NODES[2:], way(1, 1, 2, 3, 4)))
    assert (len(found.edges), found.barriers) == (1, 1)


def test_only_ways_that_touch_the_box_are_kept(tmp_path: Path) -> None:
    """The bounds stay those of the whole file: they say where it is when it is not here."""
    path = written(tmp_path, *NODES, way(1, 1, 2), way(2, 5, 6))
    found = read_ways(path, box=(1.6045, 48.0, 1.7, 48.2))
    assert found.lonlat[:, 0] == pytest.approx([1.605, 1.606])
    assert found.bounds == pytest.approx((1.601, 48.1, 1.606, 48.1))
    none = read_ways(path, box=(5, 5, 6, 6))
    assert (len(none.edges), len(none.lonlat), none.ways) == (0, 0, 0)
    assert none.bounds == found.bounds


def test_the_same_file_twice_is_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, *NODES, way(1, 1, 2, 3), way(2, 3, 6))
    one, other = read_ways(path), read_ways(path)
    np.testing.assert_array_equal(one.lonlat, other.lonlat)
    np.testing.assert_array_equal(one.edges, other.edges)


def test_the_day_of_the_map(tmp_path: Path) -> None:
    path = written(tmp_path, *NODES, way(1, 1, 2), head='<meta osm_base="2026-05-04T10:00:00Z"/>')
    assert read_ways(path).data_date == date(2026, 5, 4)
    assert read_ways(written(tmp_path, *NODES, way(1, 1, 2))).data_date is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "est vide"),
        ("<!doctype html><html><body>Page introuvable</body></html>", "n'est pas un fichier OpenStreetMap"),
        ('<osm version="0.6"></osm>', "aucune rue"),
        (f'<osm version="0.6">{NODES[0]}</osm>', "aucune rue"),
        (f'<osm version="0.6">{NODES[0]}{NODES[1]}{way(1, 1, 2, highway="motorway")}</osm>', "aucune rue"),
        (f'<osm version="0.6">{way(1, 1, 2)}</osm>', "aucune rue"),
        (f'<osm version="0.6">{NODES[0]}{NODES[1]}<way id="1"><nd ref="1"', "abîmé ou coupé"),
        ('<osm version="0.6"><node id="1" lat="nan" lon="1.6"/></osm>', "abîmé ou coupé"),
        ('<osm version="0.6"><node id="1" lat="999" lon="1.6"/></osm>', "abîmé ou coupé"),
        (f'<osm version="0.6">{NODES[0]}<remark> runtime error </remark></osm>', "incomplet"),
    ],
    ids=["empty", "html", "nothing", "no street", "motorway", "no node", "cut", "nan", "nowhere", "stopped"],
)
def test_bad_files_are_refused_in_words(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mauvais.osm"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedInput, match=words):
        read_ways(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="introuvable"):
        read_ways(tmp_path / "rien.osm")
    with pytest.raises(RefusedInput, match="dossier"):
        read_ways(tmp_path)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "streets", "nodes", "day"),
    [("redon.osm", 363, 1278, date(2019, 9, 9)), ("le_mans_centre.osm.pbf", 186, 1117, None)],
)
def test_real_extracts(shared_data: Path, name: str, streets: int, nodes: int, day: date | None) -> None:
    found = read_ways(shared_data / "osm" / name)
    assert (found.ways, len(found.lonlat), found.data_date) == (streets, nodes, day)
    assert found.edges.max() == nodes - 1


@pytest.mark.real_data
def test_a_real_file_cut_short_is_refused(shared_data: Path, tmp_path: Path) -> None:
    content = (shared_data / "osm" / "le_mans_centre.osm.pbf").read_bytes()
    path = tmp_path / "coupe.osm.pbf"
    for share in (0.001, 0.3, 0.6, 0.999):
        path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(RefusedInput, match="abîmé ou coupé"):
            read_ways(path)
