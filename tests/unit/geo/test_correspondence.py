"""Two generations of quartiers meet by area only: codes and names were given anew."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

from reseau.geo.correspondence import SLIVER_SHARE, by_area, carried, is_former

# A thousand metres from the origin of a zone of the mainland, so that areas are exact.
EPSG = 2154
X, Y = 574_000, 6_279_000


def frame(**shapes: Polygon) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs=EPSG)


def square(west: float, south: float, east: float, north: float) -> Polygon:
    return box(X + west, Y + south, X + east, Y + north)


def test_shares_are_those_of_each_side() -> None:
    old = frame(QP1=square(0, 0, 100, 100), QP2=square(100, 0, 200, 100))
    new = frame(QN1=square(50, 0, 200, 100))
    pairs = by_area(old, new, epsg=EPSG)
    assert pairs["old_code"].tolist() == ["QP2", "QP1"], "largest part first"
    assert pairs["area_m2"].tolist() == pytest.approx([10_000, 5_000])
    assert pairs["share_of_old"].tolist() == pytest.approx([1.0, 0.5])
    assert pairs["share_of_new"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_the_same_code_or_name_elsewhere_means_nothing() -> None:
    """Numbers were given anew: QP031009 and QN03109M are two different places of Toulouse."""
    old = frame(QP031009=square(0, 0, 100, 100))
    new = frame(QP031009=square(1000, 0, 1100, 100))
    assert by_area(old, new, epsg=EPSG).empty


def test_a_sliver_of_both_is_left_out_and_counted_a_small_quartier_inside_is_not() -> None:
    thin = 100 * (SLIVER_SHARE / 2)
    old = frame(QP1=square(0, 0, 100, 100))
    new = frame(QN1=square(100 - thin, 0, 200 - thin, 100), QN2=square(0, 0, 10, 10))
    pairs = by_area(old, new, epsg=EPSG)
    assert pairs["new_code"].tolist() == ["QN2"]
    assert pairs.attrs["slivers"] == 1


def test_touching_sides_are_not_slivers() -> None:
    pairs = by_area(frame(QP1=square(0, 0, 100, 100)), frame(QN1=square(100, 0, 200, 100)), epsg=EPSG)
    assert pairs.empty
    assert pairs.attrs["slivers"] == 0


def test_degrees_are_measured_in_metres() -> None:
    old = frame(QP1=square(0, 0, 100, 100)).to_crs(4326)
    new = frame(QN1=square(0, 0, 50, 100)).to_crs(4326)
    assert by_area(old, new, epsg=EPSG)["area_m2"].iloc[0] == pytest.approx(5_000, rel=1e-6)


def test_nothing_loaded_gives_an_empty_table_with_its_columns() -> None:
    empty = gpd.GeoDataFrame({"code": []}, geometry=gpd.GeoSeries([], crs=EPSG))
    assert list(by_area(empty, empty, epsg=EPSG).columns) == [
        "old_code", "new_code", "area_m2", "share_of_old", "share_of_new",
    ]  # fmt: skip


def test_inputs_are_left_alone() -> None:
    old, new = frame(QP1=square(0, 0, 100, 100)), frame(QN1=square(0, 0, 50, 100))
    before = old.copy(), new.copy()
    by_area(old, new, epsg=EPSG)
    assert old.equals(before[0])
    assert new.equals(before[1])


def test_population_follows_area_and_a_secret_part_hides_the_whole() -> None:
    """Leaving the secret part out would count its inhabitants as nobody."""
    old = frame(QP1=square(0, 0, 100, 100), QP2=square(100, 0, 200, 100), QP3=square(300, 0, 400, 100))
    new = frame(QN1=square(0, 0, 150, 100), QN2=square(300, 0, 350, 100))
    populations = pd.Series({"QP1": 1000.0, "QP2": float("nan"), "QP3": 800.0})
    laid = carried(by_area(old, new, epsg=EPSG), populations)
    assert pd.isna(laid.at["QN1", "population"])
    assert laid.at["QN2", "population"] == pytest.approx(400)
    assert laid.at["QN2", "covered"] == pytest.approx(1.0)


def test_what_former_quartiers_do_not_cover_is_said() -> None:
    old, new = frame(QP1=square(0, 0, 100, 100)), frame(QN1=square(0, 0, 200, 100))
    laid = carried(by_area(old, new, epsg=EPSG), pd.Series({"QP1": 1000.0}))
    assert laid.at["QN1", "covered"] == pytest.approx(0.5)
    assert laid.at["QN1", "population"] == pytest.approx(1000)


def quartiers(*rows: tuple[int | None, tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["generation", "communes"]).astype(object)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(2015, ("31555",)), (2024, ("31555",))], [True, False]),
        ([(2015, ("31555",)), (2024, ("31069",))], [False, False]),
        ([(2015, ("31555",))], [False]),
        ([(2015, ("31555", "31069")), (2024, ("31069",))], [True, False]),
        # Pierrefitte joined Saint-Denis: the file of 2015 still names it.
        ([(2015, ("93059",)), (2024, ("93066",))], [True, False]),
        ([(None, ("31555",)), (2024, ("31555",))], [False, False]),
        ([], []),
    ],
    ids=["both", "elsewhere", "2015 alone", "two communes", "merged", "vécu", "nothing"],
)
def test_2015_is_former_only_where_2024_is_loaded(rows: list, expected: list[bool]) -> None:
    assert is_former(quartiers(*rows)).tolist() == expected
