"""The plan: where things are, light, readable, and nothing off its edges."""

from __future__ import annotations

import re
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from reseau.screens._map import APART, MAX_STREET_CHARS
from reseau.screens.content import Content, MapPart
from tests import frames, screens


def plan(content: Content) -> MapPart:
    assert content["map"] is not None
    return content["map"]


def drawn(path: str) -> shapely.MultiLineString:
    """What a path of whole relative steps draws."""
    assert re.fullmatch(r"(M-?\d+ -?\d+l-?\d+ -?\d+( -?\d+ -?\d+)*z?)*", path)
    lines = []
    for start, steps, closed in re.findall(r"M([-\d ]+)l([-\d ]+)(z?)", path):
        first = np.array([[int(part) for part in start.split()]])
        moves = np.array([int(part) for part in steps.split()]).reshape(-1, 2)
        points = np.vstack([first, first + np.cumsum(moves, axis=0)])
        lines.append(np.vstack([points, first]) if closed else points)
    return shapely.MultiLineString(lines)


def test_places_stand_where_they_are_in_metres() -> None:
    """From the screen, France services is 200 m east and 100 m north; y goes down."""
    content = screens.sample_content()
    here = plan(content)["here"]
    assert here is not None
    marks = {item["id"]: item["xy"] for item in content["places"]}
    assert marks[2] is not None
    assert marks[2] == pytest.approx((here[0] + 200, here[1] - 100), abs=0.2)
    assert plan(content)["metres"] == 1.0


def test_everything_numbered_and_the_quartier_are_on_the_plan() -> None:
    content = screens.sample_content(structures=screens.places(300))
    part = plan(content)
    for item in content["places"]:
        if item["number"]:
            assert item["xy"] is not None
        if item["xy"] is not None:
            assert 0 <= item["xy"][0] <= part["width"]
            assert 0 <= item["xy"][1] <= part["height"]
    outline = drawn(part["areas"][0])
    assert outline.length == pytest.approx(3200, abs=10), "a square of 800 m"
    assert shapely.box(0, 0, part["width"], part["height"]).contains(outline)


def test_streets_are_cut_to_the_plan_and_credited() -> None:
    part = plan(screens.sample_content())
    streets = drawn("".join(part["streets"]))
    assert shapely.box(-1, -1, part["width"] + 1, part["height"] + 1).contains(streets)
    assert "OpenStreetMap" in part["credit"]
    without = plan(screens.sample_content(streets=None))
    assert without["streets"] == []
    assert without["credit"] == ""


def test_streets_too_many_to_be_drawn_are_left_out() -> None:
    """A plan that cannot be loaded shows nothing at all: quartiers and places remain."""
    rng = np.random.default_rng(5)
    middle = np.array(frames.lonlat(400, 400))
    lines = shapely.linestrings(middle + rng.uniform(-0.01, 0.01, (60_000, 2, 2)))
    part = plan(screens.sample_content(streets=gpd.GeoSeries(lines, crs="EPSG:4326")))
    assert sum(map(len, part["streets"])) <= MAX_STREET_CHARS
    assert part["areas"]


def test_streets_that_are_not_lines_do_no_harm() -> None:
    odd = [None, shapely.LineString(), shapely.Point(2.35, 46.95), shapely.LineString([(0, 95), (1, 96)])]
    good = list(screens.sample_streets())
    with_odd = screens.sample_content(streets=gpd.GeoSeries([*odd, *good], crs="EPSG:4326"))
    assert with_odd == screens.sample_content()
    assert plan(screens.sample_content(streets=gpd.GeoSeries(odd, crs="EPSG:4326")))["streets"] == []


def test_numbers_at_one_door_are_told_apart() -> None:
    """A house with twenty services: every number can be read, and stays near its door."""
    structures = frames.structures(
        *(
            {"types": ("pharmacie", "cmp", "pmi")[rank % 3 : rank % 3 + 1], "at": (700, 500)}
            for rank in range(20)
        )
    )
    content = screens.sample_content(structures=structures, pivot_id=None)
    part = plan(content)
    side = max(part["width"], part["height"])
    marks = [item["xy"] for item in content["places"] if item["xy"]]
    assert len(marks) == 20
    for a, b in combinations(marks, 2):
        assert np.hypot(a[0] - b[0], a[1] - b[1]) >= 0.9 * APART * side
    assert part["here"] is not None
    door = np.array([part["here"][0] + 300, part["here"][1] - 100])
    assert max(np.hypot(*(np.array(mark) - door)) for mark in marks) < 4 * APART * side


def test_the_corners_give_back_a_position() -> None:
    """What a resident touches on the plan is turned into degrees with these, to a metre."""
    part = plan(screens.sample_content())
    top_left, top_right, bottom_left = map(np.array, part["corners"])
    here = part["here"]
    assert here is not None
    found = (
        top_left
        + here[0] / part["width"] * (top_right - top_left)
        + here[1] / part["height"] * (bottom_left - top_left)
    )
    assert found == pytest.approx(np.array(frames.lonlat(400, 400)), abs=1e-5)


def test_where_the_screen_stands() -> None:
    """Told by the team, else at its structure when that is of the quartier, else in the quartier."""

    def first(**changes: object) -> int:
        content = screens.sample_content(**changes)
        return min(
            (item for item in content["places"] if item["minutes"]), key=lambda item: item["minutes"] or 0
        )["id"]

    lon, lat = frames.lonlat(900, 900)
    assert first(screen=screens.sample_screen(lon=lon, lat=lat)) == 5
    assert first() == 1
    far = screens.sample_structures()
    for column, value in zip(("lon", "lat"), frames.lonlat(9000, 9000), strict=True):
        far.at[1, column] = value
    assert first(structures=far) == 6, (
        "a structure 12 km away does not stand for the screen: its quartier does"
    )
    nowhere = screens.sample_screen(lon=500.0, lat=500.0)
    assert first(screen=nowhere) == 1


def test_a_quartier_far_away_does_not_shrink_the_plan() -> None:
    quartiers = frames.quartiers(
        {"name": "Le Parc", "geometry": frames.square(0, 0, 800)},
        {"name": "Loin", "geometry": frames.square(40_000, 0, 800)},
    )
    screen = screens.sample_screen(quartiers=("QN00001M", "QN00002M"))
    part = plan(screens.sample_content(quartiers=quartiers, screen=screen))
    assert part["width"] < 5000
    assert len(part["areas"]) == 1


def test_a_territory_without_any_place_still_has_a_plan() -> None:
    content = screens.sample_content(structures=frames.structures(), pivot_id=None)
    assert plan(content)["areas"]
    assert content["places"] == []
    assert "map" not in {slide["kind"] for slide in content["slides"]}


def test_an_outline_with_holes_and_parts_is_drawn_whole() -> None:
    ring = frames.polygon(
        (0, 0), (800, 0), (800, 800), (0, 800), holes=[[(300, 300), (500, 300), (500, 500), (300, 500)]]
    )
    both = shapely.MultiPolygon([ring, frames.square(900, 0, 200)])
    part = plan(screens.sample_content(quartiers=frames.quartiers({"geometry": both})))
    assert part["areas"][0].count("z") == 3


def test_an_outline_that_crosses_itself_is_drawn() -> None:
    bow = frames.polygon((0, 0), (800, 800), (800, 0), (0, 800))
    assert not bow.is_valid
    assert plan(screens.sample_content(quartiers=frames.quartiers({"geometry": bow}), pivot_id=None))["areas"]
