"""Which figure of a block is its number of inhabitants."""

from __future__ import annotations

import math

import pytest

from reseau.geo.density import inhabitants_of


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"P21_POP": 2100.0, "P21_POP0014": 400.0}, 2100),
        ({"P15_POP": 1900.0, "P20_POP": 2000.0}, 2000),
        ({"pop_mun": 812.0, "tp60": 43.0}, 812),
        ({"Population": 5.0}, 5),
        ({"NBPERSMENFISC21": 1500.0}, 1500),
        ({"P21_POP": 0.0}, 0),
    ],
)
def test_names_of_a_number_of_inhabitants(figures, expected):
    assert inhabitants_of(figures) == expected


@pytest.mark.parametrize(
    "figures", [{}, {"median_eur": 14840.0, "gini": 0.3}, {"P21_POP0014": 400.0}, {"pop": -9.0}]
)
def test_other_figures_are_not_taken_for_one(figures):
    assert math.isnan(inhabitants_of(figures))
