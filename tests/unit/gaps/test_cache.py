"""What was measured is kept by type: same figures, and an edit measures its own type only."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reseau.gaps import GapInputs, ReachCache, analyse, compute_states
from reseau.geo.grid import population_points
from reseau.geo.points import service_points
from reseau.geo.travel import StraightLine
from tests.frames import METRIC, permanences, quartiers, square, structures
from tests.travels import Manhattan
from tests.unit.gaps.cases import TERRITOIRE, TODAY, cmp_at, inputs_of

ROWS = (cmp_at(800, 0), cmp_at(2500, 100), {"at": (10, 0), "types": ("pmi", "caf")})


def with_one_more(inputs: GapInputs, *types: str) -> GapInputs:
    more = service_points(structures({"id": 50, "at": (600, 0), "types": types}), permanences(), on=TODAY)
    return replace(inputs, points=pd.concat([inputs.points, more], ignore_index=True))


def measured_by(cache: ReachCache, inputs: GapInputs) -> int:
    """How many types were measured, the figures being those of a computation without memory."""
    before = cache.measured
    assert_frame_equal(compute_states(inputs, cache), compute_states(inputs))
    return cache.measured - before


@pytest.fixture
def cache() -> ReachCache:
    return ReachCache()


def test_the_first_time_everything_then_nothing(cache):
    inputs = inputs_of(*ROWS)
    assert measured_by(cache, inputs) == 3
    assert measured_by(cache, inputs) == 0


def test_a_structure_added_measures_its_own_type_only(cache):
    inputs = inputs_of(*ROWS)
    measured_by(cache, inputs)
    assert measured_by(cache, with_one_more(inputs, "cmp")) == 1
    assert measured_by(cache, with_one_more(inputs, "pmi", "caf")) == 2
    assert measured_by(cache, inputs) == 0


def test_a_relation_a_name_or_the_share_asked_measure_nothing(cache):
    """They change states, not distances."""
    inputs = inputs_of(*ROWS)
    measured_by(cache, inputs)
    assert measured_by(cache, inputs_of(*ROWS, ties=[{"from_id": 1, "to_id": 100}])) == 0
    assert measured_by(cache, replace(inputs, settings=replace(TERRITOIRE, near_share=0.9))) == 0
    assert measured_by(cache, replace(inputs, points=inputs.points.assign(name="Autre"))) == 0


def test_what_a_distance_depends_on_is_measured_again(cache):
    inputs = inputs_of(*ROWS)
    measured_by(cache, inputs)
    assert measured_by(cache, replace(inputs, travel=Manhattan())) == 3
    assert measured_by(cache, replace(inputs, travel=StraightLine(1.5))) == 3
    assert measured_by(cache, replace(inputs, settings=replace(TERRITOIRE, walking_kmh=3.0))) == 2
    assert measured_by(cache, inputs_of(*ROWS, areas=quartiers({"geometry": square(0, 0, 410)}))) == 3
    population = population_points(inputs.quartiers, crs=METRIC)
    population["weight"] = (population.index < 10) / 10
    assert measured_by(cache, replace(inputs, population=population)) == 3
    other_threshold = replace(TERRITOIRE, minutes_intermediaire=31)
    assert measured_by(cache, replace(inputs, settings=other_threshold)) == 1
    precise = inputs.structures.assign(position_precision="rue")
    assert measured_by(cache, replace(inputs, structures=precise)) > 0


def test_the_memory_is_bounded_and_still_right():
    cache = ReachCache(size=2)
    inputs = inputs_of(*ROWS)
    for rows in (ROWS, ROWS[:1], ROWS[1:], ROWS):
        measured_by(cache, inputs_of(*rows))
        assert len(cache) <= 2
    assert measured_by(cache, inputs) > 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["cmp", "pmi", "caf"]), st.integers(0, 3)), max_size=6))
def test_any_sequence_of_edits_gives_the_figures_of_a_fresh_start(edits):
    """Structures opened and moved in any order, one memory for all."""
    cache, rows = ReachCache(), list(ROWS)
    for type_code, step in edits:
        rows.append({"at": (300 * step, 50), "types": (type_code,)})
        inputs = inputs_of(*rows)
        kept, fresh = analyse(inputs, cache), analyse(inputs)
        assert_frame_equal(kept.states, fresh.states)
        assert_frame_equal(kept.near, fresh.near)
