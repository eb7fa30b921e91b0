"""Distances of every metric system against the geodesic on the ellipsoid, for walks of up to 5 km.

A projected system stretches or shrinks: by at most 3.1 ‰ in mainland France (15 m on 5 km, at Bonifacio) and
1.1 ‰ overseas, except in Polynésie away from the central meridian of its one system: 2.9 ‰ at Bora-Bora, 7 ‰
in the Marquises, 19 ‰ in the Gambier (0.6 ‰ in Tahiti, where its quartiers prioritaires are). That is far
below what a straight line errs by when it stands for a walk.
Bounds are what was measured, rounded up.
"""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from reseau.geo.crs import _BY_BOX, MAINLAND, metric_epsg

PAIRS = 1000
LONGEST_M = 5000.0
# Name, longitude, latitude, EPSG code, relative error at most (per thousand).
PLACES = (
    ("Bourges", 2.40, 47.08, MAINLAND, 1.0),
    ("Paris", 2.35, 48.86, MAINLAND, 0.2),
    ("Dunkerque", 2.38, 51.03, MAINLAND, 2.5),
    ("Brest", -4.49, 48.39, MAINLAND, 0.5),
    ("Lauterbourg", 8.18, 48.97, MAINLAND, 0.2),
    ("Hendaye", -1.77, 43.36, MAINLAND, 0.7),
    ("Perpignan", 2.89, 42.69, MAINLAND, 1.4),
    ("Menton", 7.50, 43.78, MAINLAND, 0.3),
    ("Bastia", 9.45, 42.70, MAINLAND, 1.4),
    ("Bonifacio", 9.16, 41.39, MAINLAND, 3.2),
    ("Pointe-à-Pitre", -61.53, 16.24, 5490, 0.2),
    ("Fort-de-France", -61.07, 14.61, 5490, 0.3),
    ("Saint-Martin", -63.08, 18.07, 5490, 0.5),
    ("Cayenne", -52.33, 4.93, 2972, 0.2),
    ("Saint-Laurent-du-Maroni", -54.03, 5.50, 2972, 1.2),
    ("Maripasoula", -54.03, 3.64, 2972, 1.2),
    ("Saint-Denis de La Réunion", 55.45, -20.88, 2975, 0.2),
    ("Sainte-Rose", 55.80, -21.13, 2975, 0.3),
    ("Mamoudzou", 45.23, -12.78, 4471, 0.5),
    ("Saint-Pierre", -56.17, 46.77, 4467, 0.4),
    ("Papeete", -149.57, -17.53, 3297, 0.7),
    ("Bora-Bora", -151.74, -16.50, 3297, 3.0),
    ("Nuku Hiva (Marquises)", -140.10, -8.90, 3297, 7.1),
    ("Rikitea (Gambier)", -134.97, -23.12, 3297, 19.1),
    ("Mata-Utu", -176.17, -13.28, 8903, 0.4),
    ("Futuna", -178.10, -14.30, 8903, 0.3),
    ("Nouméa", 166.44, -22.27, 3163, 0.1),
    ("Bélep", 163.70, -19.70, 3163, 0.5),
)


def errors(lon: float, lat: float, epsg: int) -> np.ndarray:
    """Relative errors of projected distances (per thousand), for pairs within 10 km of a place."""
    draw = np.random.default_rng(20261122)
    ellipsoid = pyproj.Geod(ellps="GRS80")

    def walk(origin: tuple, longest: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        metres = draw.uniform(50, longest, PAIRS)
        east, north, _ = ellipsoid.fwd(*origin, draw.uniform(0, 360, PAIRS), metres)
        return east, north, metres

    *start, _ = walk((np.full(PAIRS, lon), np.full(PAIRS, lat)), 10_000)
    *end, metres = walk(tuple(start), LONGEST_M)
    to_metres = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    (x1, y1), (x2, y2) = to_metres.transform(*start), to_metres.transform(*end)
    return (np.hypot(x2 - x1, y2 - y1) / metres - 1) * 1000


@pytest.mark.parametrize(
    ("lon", "lat", "epsg", "bound"), [case[1:] for case in PLACES], ids=[c[0] for c in PLACES]
)
def test_a_walk_has_its_true_length(lon: float, lat: float, epsg: int, bound: float) -> None:
    assert metric_epsg(lon=lon, lat=lat) == epsg
    worst = float(np.abs(errors(lon, lat, epsg)).max())
    # Not much better than the bound either: a bound nobody comes near would let a wrong system pass.
    assert bound / 4 < worst <= bound


def test_web_mercator_would_be_far_off() -> None:
    """Why it is never used: half as long again in Paris. Also that this test sees a wrong system."""
    assert np.abs(errors(2.35, 48.86, 3857)).min() > 500


def test_every_system_is_checked() -> None:
    """A territory added to `reseau.geo.crs` must be added above."""
    assert {case[3] for case in PLACES} == {epsg for _, epsg in _BY_BOX}
