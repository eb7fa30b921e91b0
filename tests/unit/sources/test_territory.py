"""One rule for every national file: a place kept by one source and lost by another would be a false gap."""

import numpy as np
import pytest
import shapely

from reseau.errors import RefusedInput
from reseau.model.reports import Scope
from reseau.sources._territory import Territory, require_territory, select

AREA = shapely.to_wkb(shapely.box(1.44, 43.60, 1.45, 43.61))
NAN = (float("nan"), float("nan"))
RADIUS = Scope(communes=frozenset({"31555"}), areas_wkb=(AREA,), radius_km=2)


def test_communes_then_what_lies_within_the_radius_in_the_order_of_the_file():
    positions = np.array([(1.46, 43.605), (1.60, 43.605), (1.445, 43.605), NAN])
    asked = []

    def locate(places: list[int]) -> np.ndarray:
        asked.append(places)
        return positions[places]

    assert select(["31069", "31506", "31555", ""], RADIUS, locate) == [0, 2]
    assert asked == [[0, 1, 3]]


def test_positions_are_not_asked_where_no_radius_counts():
    """They cost a projection each: a hundred thousand of them."""

    def locate(places: list[int]) -> np.ndarray:
        raise AssertionError

    assert select(["31555", "31069"], Scope(communes=frozenset({"31555"})), locate) == [0]


def test_former_codes_and_arrondissements():
    assert Territory(Scope(communes=frozenset({"93066"}))).has("93059")
    assert Territory(Scope(communes=frozenset({"13055"}))).has("13203")
    assert not Territory(Scope(communes=frozenset({"13203"}))).has("13204")
    assert not Territory(Scope(communes=frozenset({"13203"}))).has("")


def test_the_cheap_answer_never_loses_a_near_place():
    territory = Territory(RADIUS)
    around = [(lon, lat) for lon in np.linspace(1.40, 1.49, 40) for lat in np.linspace(43.57, 43.64, 40)]
    near = territory.near(np.array(around))
    assert near.any()
    assert not near.all()
    assert all(territory.may_be_near(*place) for place, is_near in zip(around, near, strict=True) if is_near)
    assert not territory.may_be_near(float("nan"), 43.6)


def test_no_radius_is_near_nothing():
    territory = Territory(Scope(communes=frozenset({"31555"}), areas_wkb=(AREA,)))
    assert not territory.may_be_near(1.445, 43.605)


@pytest.mark.parametrize("scope", [Scope(), Scope(areas_wkb=(AREA,)), Scope(radius_km=3)])
def test_a_scope_that_names_nothing_would_keep_the_country(scope: Scope):
    with pytest.raises(RefusedInput, match=r"annuaire\.csv"):
        require_territory(scope, "annuaire.csv")


@pytest.mark.parametrize(
    "scope", [Scope(communes=frozenset({"31555"})), Scope(areas_wkb=(AREA,), radius_km=1)]
)
def test_a_scope_of_communes_or_of_a_radius_is_enough(scope: Scope):
    require_territory(scope, "annuaire.csv")
    assert select(["31555"], scope, lambda _places: np.array([(1.445, 43.605)])) == [0]
