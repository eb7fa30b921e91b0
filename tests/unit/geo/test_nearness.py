"""Inhabitants as arrays, and what is near them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.geo.nearness import Population, near_pairs, population_arrays

# Two inhabitants' points in the first quartier, one in the second, none in the third.
PEOPLE = Population(
    xy=np.array([[0.0, 0.0], [0.0, 100.0], [1000.0, 0.0]]),
    quartier=np.array([0, 0, 1]),
    weight=np.array([0.75, 0.25, 1.0]),
    n_quartiers=3,
)
PLACES = np.array([[0.0, -50.0], [0.0, 120.0]])


def test_near_pairs_use_the_radius_of_each_place():
    """The second place is nearer but its radius is shorter; an unknown radius is near nobody."""
    quartiers, places = near_pairs(PEOPLE, PLACES, np.array([50.0, 19.9]))
    assert (quartiers.tolist(), places.tolist()) == ([0], [0])
    assert len(near_pairs(PEOPLE, PLACES, np.array([np.nan, np.nan]))[0]) == 0


def test_people_of_other_quartiers_are_left_out():
    """A population made once serves when a quartier was removed since."""
    frame = gpd.GeoDataFrame(
        {"quartier_id": [7, 9], "weight": [1.0, 1.0]}, geometry=gpd.points_from_xy([0, 5], [0, 5]), crs=2154
    )
    arrays = population_arrays(frame, pd.Index([9, 8]))
    assert arrays.quartier.tolist() == [0]
    assert arrays.xy.tolist() == [[5.0, 5.0]]
    assert arrays.drawn.tolist() == [True, False]
