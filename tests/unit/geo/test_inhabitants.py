"""Inhabitants: the best source of each quartier, weights that sum to 1, unknown never drawn as zero."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.geo import shapes
from reseau.geo.grid import population_points
from reseau.geo.inhabitants import EVENLY, NO_BOUNDARY, Inhabitants, inhabitants
from reseau.model.columns import IRIS, SQUARES
from reseau.model.reports import Scope
from reseau.sources._base import ReadOptions
from tests.frames import METRIC, ORIGIN, polygon, quartiers, square

WEST, EAST = (100, 100), (300, 100)


def squares(*rows: dict) -> gpd.GeoDataFrame:
    """SQUARES frame; each row: `at`, centre in metres from the origin of the test frames, and figures."""
    made = [
        dict.fromkeys(SQUARES)
        | {"code": str(n), "epsg": 2154, "year": 2019, "indicators": {}}
        | {"x": ORIGIN[0] + row["at"][0], "y": ORIGIN[1] + row["at"][1]}
        | {key: value for key, value in row.items() if key != "at"}
        for n, row in enumerate(rows)
    ]
    frame = pd.DataFrame(made, columns=list(SQUARES))
    figures = ["people", "households", "poor_households"]
    frame[figures] = frame[figures].apply(pd.to_numeric)
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["x"], frame["y"]), crs=2154).to_crs(4326)


def blocks(*rows: tuple[shapely.Geometry, dict]) -> gpd.GeoDataFrame:
    made = [
        dict.fromkeys(IRIS) | {"code": str(n), "indicators": figures, "year": 2021, "geometry": area}
        for n, (area, figures) in enumerate(rows)
    ]
    return gpd.GeoDataFrame(pd.DataFrame(made, columns=list(IRIS)), geometry="geometry", crs=4326)


def spread(areas: gpd.GeoDataFrame, **sources: gpd.GeoDataFrame) -> Inhabitants:
    return inhabitants(areas, crs=METRIC, **sources)


def west_share(found: Inhabitants, middle: float = 200) -> float:
    """Share of the inhabitants on the western side of a line."""
    return float(found.points["weight"][found.points.geometry.x < ORIGIN[0] + middle].sum())


def said(found: Inhabitants, quartier_id: int = 1) -> dict:
    return found.quartiers.loc[quartier_id].to_dict()


def column(x: float, **figures: float) -> list[dict]:
    """The two squares of 200 m, one above the other, of a side of the quartier of 400 m."""
    return [{"at": (x, y), **figures} for y in (100, 300)]


def test_squares_say_where_people_are_and_how_many():
    found = spread(quartiers({}), squares=squares(*column(100, people=30.0), *column(300, people=10.0)))
    assert west_share(found) == pytest.approx(0.75)
    assert said(found) == {
        "population": 80.0,
        "population_source": "estimation : carreaux de 200 m (INSEE, 2019)",
        "estimated": True,
        "spread": "carreaux de 200 m (INSEE, 2019)",
    }


def test_the_points_stay_those_of_the_grid_whatever_the_source():
    """So that figures of two sources are compared on the same places."""
    areas = quartiers({})
    grid = population_points(areas, crs=METRIC)
    found = spread(areas, squares=squares(*column(100, people=3.0), *column(300, people=1.0))).points
    assert found.geometry.equals(grid.geometry)
    assert found["quartier_id"].equals(grid["quartier_id"])


def test_a_square_cut_by_the_boundary_counts_for_its_part():
    """A quarter of its inhabitants are taken as living in the quarter of it that is inside."""
    areas = quartiers({"geometry": square(0, 0, 300)})
    found = spread(areas, squares=squares(*column(100, people=100.0), *column(300, people=100.0)))
    assert said(found)["population"] == pytest.approx(100 + 50 + 50 + 25, abs=5)


def test_an_unlisted_square_holds_nobody_where_squares_cover_the_quartier():
    """The publisher lists inhabited squares only: a park is not half of the inhabitants."""
    found = spread(quartiers({}), squares=squares(*column(100, people=30.0), {"at": EAST, "people": 30.0}))
    empty = (found.points.geometry.x > ORIGIN[0] + 200) & (found.points.geometry.y > ORIGIN[1] + 200)
    assert empty.sum() > 20
    assert (found.points.loc[empty, "weight"] == 0).all()


def test_squares_that_cover_less_than_half_say_nothing():
    found = spread(quartiers({}), squares=squares({"at": WEST, "people": 30.0}))
    assert said(found)["spread"] == EVENLY
    assert np.isnan(said(found)["population"])
    assert west_share(found) == pytest.approx(0.5, abs=0.02)


def test_households_stand_in_for_inhabitants_and_are_not_counted_as_such():
    """How many people a household holds is not in the file: the number of inhabitants stays unknown."""
    found = spread(quartiers({}), squares=squares(*column(100, households=9.0), *column(300, households=3.0)))
    assert west_share(found) == pytest.approx(0.75)
    assert said(found)["spread"] == "ménages des carreaux de 200 m (INSEE, 2019)"
    assert np.isnan(said(found)["population"])
    assert said(found)["population_source"] == ""


def test_a_hidden_figure_is_not_an_empty_square():
    """It counts as the mean of the others, never as nobody."""
    rows = [*column(100, people=20.0), {"at": EAST, "people": 20.0}, {"at": (300, 300), "people": None}]
    assert west_share(spread(quartiers({}), squares=squares(*rows))) == pytest.approx(0.5, abs=0.02)


def test_squares_without_any_inhabitant_are_no_spread():
    """Weights are never all zero."""
    found = spread(quartiers({}), squares=squares(*column(100, people=0.0), *column(300, people=0.0)))
    assert said(found)["spread"] == EVENLY


def test_a_published_number_wins_over_a_sum():
    areas = quartiers({"population": 3200, "population_source": "INSEE 2020"})
    found = said(spread(areas, squares=squares(*column(100, people=30.0), *column(300, people=10.0))))
    assert (found["population"], found["population_source"]) == (3200.0, "INSEE 2020")
    assert not found["estimated"]


def test_blocks_are_used_where_squares_say_nothing():
    half = (
        polygon((0, 0), (200, 0), (200, 400), (0, 400)),
        polygon((200, 0), (400, 0), (400, 400), (200, 400)),
    )
    iris = blocks((half[0], {"P21_POP": 900.0, "P21_POP0014": 5.0}), (half[1], {"P21_POP": 100.0}))
    found = spread(quartiers({}), squares=squares({"at": WEST, "people": 5.0}), iris=iris)
    assert west_share(found) == pytest.approx(0.9, abs=0.01)
    assert said(found)["population"] == pytest.approx(1000, abs=5)
    assert said(found)["spread"] == "IRIS (INSEE, 2021)"


def test_a_block_without_population_is_not_known_to_be_empty():
    """Three quarters are known; the last counts as densely inhabited as they are."""
    known = polygon((0, 0), (300, 0), (300, 400), (0, 400))
    rest = polygon((300, 0), (400, 0), (400, 400), (300, 400))
    found = spread(quartiers({}), iris=blocks((known, {"pop_mun": 300.0}), (rest, {"median_eur": 14840.0})))
    assert west_share(found, 300) == pytest.approx(0.75, abs=0.05)
    assert said(found)["spread"] == "IRIS (INSEE, 2021)"
    # The inhabitants of the last quarter are not known, so their number is not either.
    assert np.isnan(said(found)["population"])


@pytest.mark.parametrize("figures", [{}, {"median_eur": 14840.0, "poverty_rate_pct": 43.0, "gini": 0.27}])
def test_blocks_without_a_number_of_inhabitants_say_nothing(figures):
    found = spread(quartiers({}), iris=blocks((square(-100, -100, 800), figures)))
    assert said(found)["spread"] == EVENLY


def test_each_quartier_takes_its_own_best_source():
    areas = quartiers({}, {"geometry": square(5000, 0, 400)}, {"geometry": None})
    found = spread(areas, squares=squares(*column(100, people=3.0), *column(300, people=1.0)))
    assert found.quartiers["spread"].tolist() == ["carreaux de 200 m (INSEE, 2019)", EVENLY, NO_BOUNDARY]


def test_nothing_at_all():
    found = spread(quartiers(), squares=squares(), iris=blocks())
    assert found.points.empty
    assert found.quartiers.empty


def test_the_key_follows_what_is_known():
    areas, some = quartiers({}), squares(*column(100, people=3.0), *column(300, people=1.0))
    assert spread(areas).key == spread(quartiers({})).key
    assert spread(areas, squares=some).key != spread(areas).key
    assert spread(quartiers({"population": 5})).key != spread(areas).key


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=9, max_size=9), st.integers(0, 190))
def test_weights_always_sum_to_one(people, shift):
    """Whatever the figures and wherever the grid of the publisher falls."""
    rows = [
        {"at": (100 + 200 * (n % 3) - shift, 100 + 200 * (n // 3) - shift), "people": figure}
        for n, figure in enumerate(people)
    ]
    points = spread(quartiers({}), squares=squares(*rows)).points
    assert points["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (points["weight"] >= 0).all()


@pytest.mark.real_data
def test_real_squares_of_la_reunion(shared_data):
    """Households of 2010, in the island's own system: every quartier but an empty one is spread by them."""
    from reseau.sources.carreaux import SOURCE

    areas = real_areas(shared_data, "974")
    scope = Scope(areas_wkb=tuple(map(shapes.to_wkb, areas.geometry)))
    read = SOURCE.read(shared_data / "population" / "carreaux_200m_la_reunion_2010.csv", scope, ReadOptions())
    names = [name for name in SQUARES if name not in {"source", "geometry"}]
    frame = pd.DataFrame([{name: getattr(row.record, name) for name in names} for row in read.records])
    figures = ["people", "households", "poor_households"]
    frame[figures] = frame[figures].apply(pd.to_numeric)
    found = inhabitants(
        areas,
        crs="EPSG:2975",
        squares=gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326),
    )
    counts = found.quartiers["spread"].value_counts()
    assert counts["ménages des carreaux de 200 m (INSEE, 2010)"] >= len(areas) - 1
    assert found.quartiers["population"].isna().all()
    sums = found.points.groupby("quartier_id")["weight"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(len(areas)), abs=1e-12)


@pytest.mark.real_data
def test_real_blocks_without_population_leave_an_even_spread(shared_data):
    """The IRIS of Seine-Saint-Denis hold incomes and no number of inhabitants: nothing is made up."""
    from reseau.sources.iris import SOURCE

    areas = real_areas(shared_data, "93")
    read = SOURCE.read(shared_data / "population" / "iris_93_filosofi2021.geojson", Scope(), ReadOptions())
    rows = [(shapely.from_wkb(row.record.wkb), dict(row.record.indicators)) for row in read.records]
    assert len(rows) > 100
    found = inhabitants(areas, crs=METRIC, iris=blocks(*rows))
    assert set(found.quartiers["spread"]) == {EVENLY}


def real_areas(shared_data, prefix: str) -> gpd.GeoDataFrame:
    qpv = gpd.read_file(shared_data / "qpv" / "qpv2024_france.geojson")
    kept = qpv[qpv["insee_com"].str.startswith(prefix)]
    return quartiers(*({"geometry": shapes.repair(shape)[0]} for shape in kept.geometry))
