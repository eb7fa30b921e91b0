"""Distances on arrays: what cannot be computed stays unknown, bounds are included."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.geo.nearness import Population, near_pairs, nearness, population_arrays

# Two inhabitants' points in the first quartier, one in the second, none in the third.
PEOPLE = Population(
    xy=np.array([[0.0, 0.0], [0.0, 100.0], [1000.0, 0.0]]),
    quartier=np.array([0, 0, 1]),
    weight=np.array([0.75, 0.25, 1.0]),
    n_quartiers=3,
)
PLACES = np.array([[0.0, -50.0], [0.0, 120.0]])


def test_shares_and_means_are_weighted_and_the_radius_is_included():
    found = nearness(PEOPLE, PLACES, radius_m=50.0)
    np.testing.assert_allclose(found.share, [1.0, 0.0, np.nan])
    np.testing.assert_allclose(found.metres[:1], [0.75 * 50 + 0.25 * 20])
    assert found.first.tolist() == [0, 0, -1]


def test_a_shorter_radius_leaves_people_out():
    assert nearness(PEOPLE, PLACES, radius_m=49.9).share[0] == 0.25


def test_without_a_place_nothing_is_known():
    found = nearness(PEOPLE, np.empty((0, 2)), radius_m=50.0)
    assert np.isnan(found.share).all()
    assert np.isnan(found.metres).all()
    assert (found.first == -1).all()


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
