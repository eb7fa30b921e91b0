"""Points that could be a slip."""

from __future__ import annotations

import pytest

from reseau.services import App
from reseau.services.siting_places import is_far
from reseau.services.view import open_view

from .towns import SIDE, SOUTH, WEST, add_quartier


@pytest.mark.parametrize(
    ("lon", "lat", "far"),
    [
        (WEST, SOUTH, False),
        (WEST + 0.9, SOUTH - 0.9, False),
        (WEST + SIDE + 1.1, SOUTH, True),
        (WEST - 1.1, SOUTH, True),
        (WEST, SOUTH + SIDE + 1.1, True),
        (WEST, SOUTH - 1.1, True),
        (float("nan"), SOUTH, True),
        (None, SOUTH, False),
        (WEST, None, False),
    ],
)
def test_a_point_is_far_beyond_a_degree_on_any_side(
    app: App, tid: int, lon: float | None, lat: float | None, far: bool
) -> None:
    add_quartier(app, tid, "Beauval", 0.0)
    assert is_far(open_view(app, tid), lon, lat) is far


def test_without_quartiers_no_point_is_far(app: App, tid: int) -> None:
    """Nothing says where the territory is: nothing may be refused on that."""
    assert not is_far(open_view(app, tid), WEST, SOUTH)
