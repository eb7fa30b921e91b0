"""Inhabitants as arrays."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from reseau.geo.nearness import population_arrays


def test_people_of_other_quartiers_are_left_out():
    """A population made once serves when a quartier was removed since."""
    frame = gpd.GeoDataFrame(
        {"quartier_id": [7, 9], "weight": [1.0, 1.0]}, geometry=gpd.points_from_xy([0, 5], [0, 5]), crs=2154
    )
    arrays = population_arrays(frame, pd.Index([9, 8]))
    assert arrays.quartier.tolist() == [0]
    assert arrays.xy.tolist() == [[5.0, 5.0]]
    assert arrays.drawn.tolist() == [True, False]
