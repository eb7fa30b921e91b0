"""Which way figures must move when something moves, whatever the territory and the walk."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reseau.gaps import Claim, GapInputs, compute_states
from reseau.geo.points import service_points
from reseau.geo.travel import Travel
from tests.frames import permanences, quartiers, square, structures
from tests.travels import Manhattan
from tests.unit.gaps.cases import TERRITOIRE, TODAY, cmp_at, inputs_of

TRAVELS: tuple[Travel | None, ...] = (None, Manhattan())
travels = st.sampled_from(TRAVELS)
coordinate = st.integers(-3000, 3000)
places = st.lists(st.tuples(coordinate, coordinate), max_size=5)
AREAS = quartiers({}, {"geometry": square(900, 500, 300)})


def territory(rows: list[tuple[int, int]], travel: Travel | None, **options) -> GapInputs:
    """CMP at these places, around two quartiers."""
    return inputs_of(*(cmp_at(*at) for at in rows), areas=AREAS, travel=travel, **options)


def share(states: pd.DataFrame) -> pd.Series:
    return states["share"].fillna(0)


@settings(max_examples=30, deadline=None)
@given(places, st.tuples(coordinate, coordinate), travels)
def test_one_more_place_never_lowers_a_share_nor_lengthens_a_walk(rows, more, travel):
    before, after = (compute_states(territory(some, travel)) for some in (rows, [*rows, more]))
    assert (share(after) >= share(before)).all()
    for column in ("n_points", "n_near", "n_inside", "n_500"):
        assert (after[column] >= before[column]).all()
    both = before["minutes_nearest"].notna()
    for column in ("minutes_nearest", "minutes_boundary"):
        assert (after.loc[both, column] <= before.loc[both, column] + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(places, st.integers(0, 3000), st.integers(1, 3000), travels)
def test_moving_one_closer_to_everybody_never_lengthens_a_walk(rows, start, step, travel):
    """East of both quartiers, every step to the west is a step towards everyone."""
    far, close = (
        compute_states(territory([*rows, (x, 400)], travel)) for x in (1200 + start + step, 1200 + start)
    )
    assert (share(close) >= share(far)).all()
    walks = close["type_code"] == "cmp"
    for column in ("minutes_nearest", "minutes_boundary"):
        assert (close.loc[walks, column] <= far.loc[walks, column] + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(places, st.integers(5, 60), st.integers(0, 60), travels)
def test_a_longer_threshold_never_lowers_a_share(rows, minutes, more, travel):
    inputs = territory(rows, travel)
    short, long = (
        compute_states(replace(inputs, settings=replace(TERRITOIRE, minutes_intermediaire=value)))
        for value in (minutes, minutes + more)
    )
    assert (share(long) >= share(short)).all()
    assert (long["n_near"] >= short["n_near"]).all()


@settings(max_examples=20, deadline=None)
@given(places, st.floats(2, 6), st.floats(0, 2), travels)
def test_slower_walkers_never_reach_more(rows, kmh, slower, travel):
    """The elderly, a pram: minutes grow in proportion, shares do not."""
    inputs = territory(rows, travel)
    usual, slow = (
        compute_states(replace(inputs, settings=replace(TERRITOIRE, walking_kmh=value)))
        for value in (kmh, kmh / (1 + slower))
    )
    assert (share(slow) <= share(usual)).all()
    minutes = usual["minutes_nearest"] * (1 + slower)
    assert slow["minutes_nearest"].to_numpy() == pytest.approx(minutes.to_numpy(), nan_ok=True)


@pytest.mark.parametrize("travel", TRAVELS)
def test_closing_the_only_one_flips_the_state(travel):
    claim = Claim(type_code="cmp", communes=None, source="FINESS")
    opened = compute_states(territory([(200, 200)], travel, claims=(claim,)))
    shut = compute_states(territory([], travel, claims=(claim,)))
    assert set(opened.loc[opened["type_code"] == "cmp", "state"]) == {"a_relier"}
    assert set(shut.loc[shut["type_code"] == "cmp", "state"]) == {"absent"}


@settings(max_examples=20, deadline=None)
@given(places, st.randoms(use_true_random=False), travels)
def test_the_order_of_rows_is_irrelevant(rows, random, travel):
    inputs = territory(rows, travel)
    order = list(range(len(inputs.points)))
    random.shuffle(order)
    shuffled = replace(inputs, points=inputs.points.iloc[order], quartiers=inputs.quartiers[::-1])
    keys = ["quartier_id", "type_code"]
    assert_frame_equal(
        compute_states(shuffled).sort_values(keys, ignore_index=True),
        compute_states(inputs).sort_values(keys, ignore_index=True),
    )


@settings(max_examples=20, deadline=None)
@given(places, travels)
def test_another_structure_of_another_type_changes_nothing(rows, travel):
    """What makes it right to keep the others."""
    inputs = territory(rows, travel)
    more = service_points(structures({"id": 60, "at": (0, 0), "types": ("pmi",)}), permanences(), on=TODAY)
    after = compute_states(replace(inputs, points=pd.concat([inputs.points, more], ignore_index=True)))
    before = compute_states(inputs)
    kept = before["type_code"] != "pmi"
    assert_frame_equal(after[kept], before[kept])
