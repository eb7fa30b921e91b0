"""Capacity per inhabitant agrees with PySAL `access`; dependence on one structure; no unknown is zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from access import Access
from access.access import weights as pysal_weights
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from reseau.gaps import _catchment as module
from reseau.gaps import all_measures, analyse
from reseau.gaps._catchment import ZONES, catchments, decay, two_step
from tests.frames import quartiers, square
from tests.unit.gaps.cases import CENTRE, cmp_at, inputs_of

# PySAL's own way with pandas.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")
MEASURES = all_measures()
# A CMP is wanted at 30 minutes on foot: 1 730 m in a straight line.
FAR = 1700
NORTH = {"geometry": square(0, 2200, 400)}


def places(capacity: float | None, unit: str = "places") -> dict:
    return {"capacity": capacity, "capacity_unit": unit if capacity is not None else ""}


def access(*rows, kind: str = "deux_sfca", **options) -> pd.Series:
    inputs = inputs_of(*rows, types={"cmp": "intermediaire"}, **options)
    return MEASURES[kind].compute(analyse(inputs)).xs("cmp", level="type_code")


def by_pysal(costs: pd.DataFrame, people: dict, doctors: dict, **options) -> dict:
    """Access of each origin as PySAL computes it."""
    demand = pd.DataFrame({"geoid": list(people), "pop": list(people.values())})
    supply = pd.DataFrame({"geoid": list(doctors), "doc": list(doctors.values())})
    model = Access(
        demand_df=demand, demand_index="geoid", demand_value="pop",
        supply_df=supply, supply_index="geoid", supply_value="doc",
        cost_df=costs, cost_origin="origin", cost_dest="dest", cost_name="cost",
    )  # fmt: skip
    return model.two_stage_fca(name="a", **options)["a_doc"].to_dict()


# The hospital example of PySAL `access` (its tests/test_hospital_example.py): a hospital in town, two
# suburbs, minutes of travel in four states of the traffic.
PEOPLE, DOCTORS = {1: 100, 2: 50, 3: 10}, {1: 15, 2: 20, 3: 100}
TRAFFIC = {
    "gridlock": {"in": 40, "out": 40, "across": 80},
    "toll lane in": {"in": 20, "out": 40, "across": 80},
    "toll lane out": {"in": 40, "out": 20, "across": 80},
    "fast": {"in": 20, "out": 20, "across": 40},
}


def minutes(traffic: dict[str, int]) -> pd.DataFrame:
    across, inbound, out = traffic["across"], traffic["in"], traffic["out"]
    rows = [(1, 1, 1), (2, 2, 1), (3, 3, 1), (1, 3, inbound), (2, 3, inbound), (3, 1, out), (3, 2, out)]
    return pd.DataFrame([*rows, (1, 2, across), (2, 1, across)], columns=["origin", "dest", "cost"])


@pytest.mark.parametrize("traffic", TRAFFIC.values(), ids=TRAFFIC.keys())
@pytest.mark.parametrize(
    "weigh",
    [pysal_weights.gravity(1, -1), pysal_weights.step_fn({20: 1, 40: 0.68, 60: 0.22}), lambda _cost: 1.0],
    ids=["gravity", "steps", "plain"],
)
def test_agrees_with_pysal_on_its_own_hospital_example(traffic, weigh):
    costs = minutes(traffic)
    expected = by_pysal(costs, PEOPLE, DOCTORS, weight_fn=weigh, max_cost=61)
    near = costs[costs["cost"] <= 61]
    cells = (near["origin"].to_numpy() - 1, near["dest"].to_numpy() - 1)
    reach = csr_array((near["cost"].map(weigh).to_numpy(dtype=float), cells), shape=(3, 3))
    found, _ = two_step(reach, np.array([100.0, 50.0, 10.0]), np.array([15.0, 20.0, 100.0]))
    assert dict(zip((1, 2, 3), found.tolist(), strict=True)) == pytest.approx(expected)


@pytest.mark.parametrize("kind", ["deux_sfca", "deux_sfca_decroissance"])
def test_a_whole_territory_agrees_with_pysal(kind):
    """Three quartiers, five places at mixed distances: the mean over inhabitants of what PySAL gives each."""
    areas = quartiers(
        {"population": 1000},
        {"geometry": square(900, 300, 400), "population": 350},
        NORTH | {"population": 2400},
    )
    rows = [
        cmp_at(x, y, **places(capacity))
        for x, y, capacity in [(200, 100, 12), (1500, 0, 40), (300, 1400, 7), (0, 2500, 3), (9000, 0, 99)]
    ]
    inputs = inputs_of(*rows, areas=areas, types={"cmp": "intermediaire"})
    analysis = analyse(inputs)
    population, limit = analysis.population, float(analysis.limits[0])
    pairs = analysis.travel.pairs(population.xy, analysis.points.xy, np.full(5, limit))
    costs = pd.DataFrame({"origin": pairs.origin, "dest": pairs.place, "cost": pairs.metres})
    people = (np.array([1000.0, 350.0, 2400.0])[population.quartier] * population.weight).tolist()
    steps = {end * limit + 1e-6: weight for end, weight in ZONES}
    options = {} if kind == "deux_sfca" else {"weight_fn": pysal_weights.step_fn(steps)}
    expected = by_pysal(
        costs, dict(enumerate(people)), dict(enumerate([12, 40, 7, 3, 99])), max_cost=limit, **options
    )
    mean = [0.0, 0.0, 0.0]
    for origin, value in expected.items():
        mean[population.quartier[origin]] += 1000 * value * population.weight[origin]
    assert access(*rows, kind=kind, areas=areas).tolist() == pytest.approx(mean)
    assert min(mean) > 0


def test_the_example_of_the_guide():
    """30 places for 1 000 and 500 inhabitants, 10 for the 500 alone: 20 and 40 for 1 000 inhabitants."""
    areas = quartiers({"population": 1000}, NORTH | {"population": 500})
    shared, alone = cmp_at(200, 1300, **places(30)), cmp_at(200, 3500, **places(10))
    assert access(shared, alone, areas=areas).round(9).tolist() == [20, 40]


def test_the_weights_are_those_of_the_three_zones():
    """The end of a zone belongs to it, as the end of the threshold belongs to the threshold."""
    walks = np.array([0.0, 500.0, 500.1, 1000.0, 1000.1, 1500.0, 1500.1])
    assert decay(walks, 1500.0).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0]


def test_an_unknown_population_makes_the_places_it_shares_unusable():
    """Counting its inhabitants as nobody would promise their places to the others."""
    areas = quartiers({"population": 1000}, NORTH | {"population": None})
    shared, own = cmp_at(200, 1300, **places(30)), cmp_at(200, -1000, **places(10))
    assert access(shared, areas=areas).isna().all()
    both = access(shared, own, areas=areas)
    assert both[1] == pytest.approx(10)
    assert np.isnan(both[2])
    inputs = inputs_of(shared, own, areas=areas)
    missed = MEASURES["deux_sfca"].unusable(analyse(inputs)).xs("cmp", level="type_code")
    assert missed.tolist() == [1, 1]


def test_an_unknown_capacity_is_left_out_and_told():
    areas = quartiers({"population": 1000})
    known, unknown = cmp_at(*CENTRE, **places(30)), cmp_at(100, 100, **places(None))
    assert access(known, unknown, areas=areas)[1] == pytest.approx(30)
    assert np.isnan(access(unknown, areas=areas)[1])
    missed = MEASURES["deux_sfca"].unusable(analyse(inputs_of(known, unknown, areas=areas)))
    assert missed.loc[1, "cmp"] == 1


def test_nobody_within_reach_of_a_known_capacity_is_a_true_zero():
    areas = quartiers({"population": 1000}, {"geometry": square(9000, 0, 400), "population": 500})
    assert access(cmp_at(*CENTRE, **places(30)), areas=areas).tolist() == pytest.approx([30, 0])


def test_a_service_that_comes_without_a_known_capacity_is_no_zero():
    areas = quartiers({"population": 1000}, {"geometry": square(9000, 0, 400), "population": 500})
    mobile = {"types": ("cmp",), "reception_modes": ("mobile",), "served_quartiers": ("QN00002M",)}
    assert np.isnan(access(cmp_at(*CENTRE, **places(30)), mobile, areas=areas)[2])


def test_capacities_are_compared_in_one_unit_only():
    """The unit most places of the type use; the others are left out, and said to be."""
    areas = quartiers({"population": 1000})
    rows = [cmp_at(*CENTRE, **places(30)), cmp_at(150, 100, **places(20))]
    other = cmp_at(100, 100, **places(5, "professionnels"))
    inputs = inputs_of(*rows, other, areas=areas)
    assert access(*rows, other, areas=areas)[1] == pytest.approx(50)
    assert MEASURES["deux_sfca"].unit_of(analyse(inputs), "cmp") == "places pour 1\u202f000 habitants"
    assert MEASURES["deux_sfca"].unit_of(analyse(inputs), "pmi") == "capacité pour 1\u202f000 habitants"
    assert MEASURES["deux_sfca"].unusable(analyse(inputs)).loc[1, "cmp"] == 1


def test_a_permanence_does_not_bring_the_capacity_of_who_holds_it():
    holder = {"types": ("cmp",), "at": (9000, 0), **places(30)}
    held = {"structure_id": 1, "host_id": 100, "type_code": "cmp", "at": CENTRE}
    areas = quartiers({"population": 1000}, {"geometry": square(9000, 0, 400), "population": 500})
    assert np.isnan(access(holder, areas=areas, held=[held])[1])


def test_inhabitants_of_overlapping_quartiers_are_counted_once():
    """A quartier vécu drawn around a QPV is not a second crowd at the same door."""
    wider = {"geometry": square(-100, -100, 600), "population": 1500, "kind": "vecu", "code": "QV-large"}
    row = cmp_at(*CENTRE, **places(30))
    alone = access(row, areas=quartiers({"population": 1000}))[1]
    both = access(row, areas=quartiers({"population": 1000}, wider))
    # 1 000 in the QPV, and those of the wider one outside it: 1 500 × 20/36.
    assert alone == pytest.approx(30)
    assert both[1] == pytest.approx(30_000 / (1000 + 1500 * 20 / 36), rel=0.1)
    swapped = access(row, areas=quartiers({**wider, "id": 1}, {"population": 1000, "id": 2}))
    assert swapped[2] == pytest.approx(both[1])


@pytest.mark.parametrize("couples", [1, 7, 1_000_000])
def test_places_taken_a_few_at_a_time_give_the_same(monkeypatch, couples):
    """The cap on memory changes nothing to the figures."""
    areas = quartiers({"population": 1000}, NORTH | {"population": 700})
    rows = [cmp_at(x, 300 * x % 1700, **places(5 + x % 7)) for x in range(0, 1000, 90)]
    whole = catchments(analyse(inputs_of(*rows, areas=areas)))
    monkeypatch.setattr(module, "MAX_COUPLES", couples)
    parts = catchments(analyse(inputs_of(*rows, areas=areas)))
    for name in ("plain", "decayed", "alone", "unusable"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-12)


spots = st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500), st.integers(1, 60))


@settings(max_examples=25, deadline=None)
@given(st.lists(spots, min_size=1, max_size=6), st.integers(1, 3000), st.integers(1, 3000), spots)
def test_capacity_is_shared_out_and_more_of_it_never_means_less(rows, people, others, added):
    """All the capacity within reach goes to the inhabitants, no more; a new place lowers nobody's share."""
    areas = quartiers({"population": people}, {"geometry": square(500, 500, 300), "population": others})
    built = [cmp_at(x, y, **places(capacity)) for x, y, capacity in rows]
    before = access(*built, areas=areas)
    given_out = (before * [people, others]).sum() / 1000
    inputs = inputs_of(*built, areas=areas, types={"cmp": "intermediaire"})
    analysis = analyse(inputs)
    reached = set(analysis.pairs.place.tolist())
    assert given_out == pytest.approx(sum(rows[place][2] for place in reached))
    after = access(*built, cmp_at(added[0], added[1], **places(added[2])), areas=areas)
    assert (after >= before - 1e-9).all()
    crowd = quartiers({"population": people * 2}, {"geometry": square(500, 500, 300), "population": others})
    assert (access(*built, areas=crowd) <= before + 1e-9).all()


def dependence(*rows, **options) -> float:
    inputs = inputs_of(*rows, **({"types": {"cmp": "intermediaire"}} | options))
    return float(MEASURES["dependance"].compute(analyse(inputs)).iloc[0])


def test_dependence_is_the_part_that_one_closing_would_leave_with_nothing():
    """West half: one place only. East half: the same one and another."""
    west, east = cmp_at(200, 200), cmp_at(200 + FAR, 200)
    assert dependence(west) == 1
    part = dependence(west, east)
    assert 0.4 < part < 0.6
    assert dependence(west, cmp_at(200, 250)) == 0
    assert np.isnan(dependence(cmp_at(9000, 0)))


def test_all_the_places_of_one_structure_close_together():
    """A second door of the same association is no second structure."""
    held = {"structure_id": 1, "host_id": 100, "type_code": "cmp", "at": (300, 300)}
    assert dependence(cmp_at(*CENTRE), held=[held]) == 1


def test_a_service_that_comes_counts_as_somebody_else():
    mobile = {"types": ("cmp",), "reception_modes": ("mobile",), "served_quartiers": ("QN00001M",)}
    assert dependence(mobile) == 1
    assert dependence(cmp_at(*CENTRE), mobile) == 0
    assert dependence(mobile, areas=quartiers({"geometry": None})) == 1


def test_for_the_whole_territory_one_structure_is_all_there_is():
    caf = {"types": ("caf",), "at": (5000, 0)}
    wanted = {"types": {"caf": "territoire"}}
    assert dependence(caf, **wanted) == 1
    assert dependence(caf, caf, **wanted) == 0
    assert np.isnan(dependence(**wanted))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(-1800, 1800), st.integers(-1800, 1800)), min_size=1, max_size=5))
def test_dependence_agrees_with_closing_each_structure_in_turn(rows):
    """The definition itself: close one, see who reached something and reaches nothing any more."""
    built = [cmp_at(x, y) for x, y in rows]
    shares = []
    for closed in range(len(built)):
        left = [row | ({"closed": True} if n == closed else {}) for n, row in enumerate(built)]
        shares.append(_share(left))
    reached = _share(built)
    if reached == 0:
        assert np.isnan(dependence(*built))
    else:
        assert dependence(*built) == pytest.approx((reached - min(shares)) / reached)


def _share(rows: list[dict]) -> float:
    inputs = inputs_of(*rows, types={"cmp": "intermediaire"})
    share = MEASURES["part"].compute(analyse(inputs)).iloc[0]
    return 0.0 if pd.isna(share) else float(share)
