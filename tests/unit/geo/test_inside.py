"""A point outside its commune is flagged; what cannot be told is not «fine»."""

import geopandas as gpd
import pandas as pd
from shapely.geometry import MultiPolygon, Point, box

from reseau.geo.inside import outside_commune

X, Y = 574_000, 6_279_000
AREA = box(X, Y, X + 1000, Y + 1000)


def ask(
    *points: tuple[str | None, Point | None], areas: dict[str, object] | None = None, tolerance: float = 50
):
    index = pd.Index(range(10, 10 + len(points)), name="id")
    places = gpd.GeoSeries([point for _, point in points], index=index, crs=2154)
    frame = gpd.GeoDataFrame({"insee": pd.Series([code for code, _ in points], index=index)}, geometry=places)
    known = areas if areas is not None else {"31555": AREA}
    boundaries = gpd.GeoDataFrame(
        {"code": list(known)}, geometry=gpd.GeoSeries(list(known.values()), crs=2154)
    ).to_crs(4326)
    return outside_commune(frame.to_crs(4326), boundaries, epsg=2154, tolerance_m=tolerance)


def test_inside_outside_and_within_the_tolerance() -> None:
    answers = ask(
        ("31555", Point(X + 500, Y + 500)),
        ("31555", Point(X + 1200, Y + 500)),
        ("31555", Point(X + 1040, Y + 500)),
    )
    assert answers.tolist() == [False, True, False]
    assert answers.index.tolist() == [10, 11, 12]


def test_what_cannot_be_told_is_none() -> None:
    """No position, no commune, or a commune whose boundary is not loaded."""
    answers = ask(("31555", None), ("", Point(X, Y)), (None, Point(X, Y)), ("31069", Point(X, Y)))
    assert answers.tolist() == [None, None, None, None]


def test_no_boundary_at_all_and_no_point_at_all() -> None:
    assert ask(("31555", Point(X, Y)), areas={}).tolist() == [None]
    assert ask().tolist() == []


def test_a_commune_in_several_parts() -> None:
    """An enclave, or the same code on two rows (a commune and its islands)."""
    far = box(X + 5000, Y, X + 6000, Y + 1000)
    assert ask(("31555", Point(X + 5500, Y + 500)), areas={"31555": MultiPolygon([AREA, far])}).tolist() == [
        False
    ]
