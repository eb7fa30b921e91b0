"""Walking times: the formula as told to users, and its inverse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.geo.walking import reach_metres, walking_minutes


def test_the_figure_of_the_interface():
    """2.9 km × 1.3 at 4.5 km/h is what the overview calls about 50 minutes."""
    assert walking_minutes(2900.0, detour_factor=1.3, kmh=4.5) == pytest.approx(50.27, abs=0.01)


def test_arrays_keep_their_shape_and_unknown_stays_unknown():
    minutes = walking_minutes(np.array([0.0, 750.0, math.nan]), detour_factor=1.0, kmh=4.5)
    np.testing.assert_allclose(minutes, [0.0, 10.0, math.nan])


@given(minutes=st.floats(0, 600), factor=st.floats(1, 3), kmh=st.floats(0.5, 10), more=st.floats(0.01, 60))
def test_reach_is_the_inverse_and_grows_with_time(minutes, factor, kmh, more):
    metres = reach_metres(minutes, detour_factor=factor, kmh=kmh)
    assert walking_minutes(metres, detour_factor=factor, kmh=kmh) == pytest.approx(minutes)
    assert reach_metres(minutes + more, detour_factor=factor, kmh=kmh) > metres


@pytest.mark.parametrize(("factor", "kmh"), [(1.3, 0.0), (1.3, -4.0), (0.9, 4.5), (1.3, math.nan)])
def test_settings_that_make_no_sense_are_refused_in_words(factor, kmh):
    with pytest.raises(RefusedInput, match="Réglages"):
        walking_minutes(100.0, detour_factor=factor, kmh=kmh)
