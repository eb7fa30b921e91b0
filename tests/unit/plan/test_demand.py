"""Who is reached, and by which places, against distances counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.gaps import analyse
from reseau.plan.demand import demand
from tests.frames import ORIGIN, quartiers, square
from tests.unit.gaps.cases import inputs_of

AREAS = quartiers(
    {"geometry": square(0, 0, 400), "population": 1000},
    {"geometry": square(2000, 0, 300), "population": 600},
    {"geometry": square(0, 2500, 400), "population": None},
)
REACH_M = {"pmi": 1125 / 1.3, "cmp": 2250 / 1.3}
SPOTS = st.tuples(st.integers(-500, 3000), st.integers(-500, 3000))


def metric(spots: list[tuple[int, int]]) -> np.ndarray:
    return np.array(spots, dtype=float).reshape(-1, 2) + ORIGIN


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(SPOTS, st.sampled_from(["pmi", "cmp"])), max_size=4),
    st.lists(SPOTS, min_size=1, max_size=4),
)
def test_every_point_and_place_one_by_one(existing: list, spots: list) -> None:
    analysis = analyse(inputs_of(*({"at": at, "types": (kind,)} for at, kind in existing), areas=AREAS))
    kinds = [list(analysis.inputs.types["type_code"]).index(code) for code in ("pmi", "cmp")]
    found = demand(analysis, kinds, metric(spots))
    homes = analysis.population.xy
    for t, kind in enumerate(("pmi", "cmp")):
        there = metric([at for at, code in existing if code == kind])
        near = np.zeros(len(homes), dtype=bool)
        for place in there:
            near |= np.hypot(*(homes - place).T) <= REACH_M[kind] + 1e-6
        assert np.array_equal(found.reached[:, t], near)
        for c, place in enumerate(metric(spots)):
            covered = found.covers[t][:, [c]].toarray().ravel()
            assert np.array_equal(covered, np.hypot(*(homes - place).T) <= REACH_M[kind] + 1e-6)
    rows, columns = found.matrix().shape
    assert (rows, columns) == (int((~found.reached).sum()), len(spots))


def test_weights_are_inhabitants_and_unknown_populations_are_apart() -> None:
    found = demand(analyse(inputs_of(areas=AREAS)), [0], metric([(200, 200)]))
    everybody = np.ones_like(found.reached)
    assert found.weights_of(everybody)[:, 0] == pytest.approx([1000, 600, 0])
    assert not found.by_share
    assert found.shares_of(everybody)[:, 0] == pytest.approx([1, 1, 1])
    assert found.shares_of(found.reached_by([0]))[:, 0] == pytest.approx([1, 0, 0])


def test_quartiers_not_asked_for_are_not_demand() -> None:
    analysis = analyse(inputs_of(areas=AREAS))
    only = np.array([False, True, False])
    found = demand(analysis, [0], metric([(2100, 100)]), counted=only)
    points, _ = found.rows
    assert set(found.quartier[points]) == {1}
    assert found.weight.sum() == pytest.approx(600)


def test_with_no_population_at_all_each_quartier_counts_as_one() -> None:
    found = demand(
        analyse(inputs_of(areas=AREAS)), [0], metric([(200, 2700)]), counted=np.array([False, False, True])
    )
    assert found.by_share
    assert found.weight.sum() == pytest.approx(1)


def test_a_service_that_comes_reaches_the_quartier_it_declares() -> None:
    code = AREAS["code"].iloc[1]
    mobile = {"types": ("pmi",), "reception_modes": ("mobile",), "served_quartiers": (code,)}
    analysis = analyse(inputs_of(mobile, areas=AREAS))
    found = demand(analysis, [0], metric([(0, 0)]))
    assert found.shares_of(found.reached)[:, 0] == pytest.approx([0, 1, 0])


def test_what_is_reached_is_the_share_of_the_states() -> None:
    """One definition in the whole house: the share a table shows is the one a search starts from."""
    rows = [{"at": (500, 0), "types": ("pmi",)}, {"at": (2400, 900), "types": ("cmp",)}]
    analysis = analyse(inputs_of(*rows, areas=AREAS))
    found = demand(analysis, [0, 1], metric([(0, 0)]))
    shares = analysis.column("share").unstack()[["pmi", "cmp"]].to_numpy()
    assert found.shares_of(found.reached) == pytest.approx(shares)
