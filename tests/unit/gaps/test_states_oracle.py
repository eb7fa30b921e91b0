"""States compared with a naive second implementation, on random toy quartiers and on a real one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.gaps import Claim, GapInputs, compute_states
from reseau.geo.crs import metric_epsg
from reseau.geo.grid import population_points
from reseau.geo.points import service_points
from tests import oracles
from tests.frames import COMMUNE, permanences, quartiers, relations, square, structures
from tests.travels import Manhattan, plain_length
from tests.unit.gaps.cases import ELSEWHERE, TERRITOIRE, TODAY, cmp_at, inputs_of


def random_inputs(draw) -> GapInputs:
    place = st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000))
    row = st.fixed_dictionaries(
        {
            "types": st.sampled_from([("cmp",), ("pmi",), ("caf",), ("cmp", "pmi")]),
            "insee": st.sampled_from([COMMUNE, ELSEWHERE, ""]),
            "reception_modes": st.sampled_from([(), (), ("mobile",), ("sur_place", "domicile")]),
            "served_quartiers": st.sampled_from([(), ("QN00001M",)]),
        },
        optional={"at": place, "position_precision": st.sampled_from(["exacte", "adresse", "rue"])},
    )
    ties = st.fixed_dictionaries(
        {
            "from_id": st.sampled_from([1, 2, 100]),
            "to_id": st.sampled_from([1, 3, 100]),
            "status": st.sampled_from(["actif", "en_sommeil"]),
        }
    )
    held = st.fixed_dictionaries(
        {"structure_id": st.sampled_from([1, 2]), "type_code": st.sampled_from(["cmp", "caf"])},
        optional={"at": place, "host_id": st.sampled_from([3, 100])},
    )
    claims = (Claim(type_code="pmi", communes=frozenset({COMMUNE}), source="FINESS"),)
    return inputs_of(
        *draw(st.lists(row, max_size=6)),
        areas=quartiers({}, {"geometry": square(900, 500, 300), "communes": (COMMUNE, ELSEWHERE)}),
        ties=draw(st.lists(ties, max_size=3)),
        held=draw(st.lists(held, max_size=2)),
        claims=claims,
    )


def assert_agrees_with_oracle(inputs: GapInputs, epsg: int, travel: Manhattan | None = None) -> None:
    population = population_points(inputs.quartiers, crs=f"EPSG:{epsg}", spacing_m=100, minimum=30)
    found = compute_states(replace(inputs, population=population, travel=travel))
    length = plain_length(travel, inputs.settings.detour_factor)
    expected = oracles.states(inputs, population, epsg, length)
    assert len(found) == len(expected)
    for _, row in found.iterrows():
        truth = expected[row["quartier_id"], row["type_code"]]
        assert row["state"] == truth.state
        assert row["share"] == pytest.approx(truth.share, abs=1e-9, nan_ok=True)
        assert row["minutes_nearest"] == pytest.approx(truth.minutes, abs=1e-6, nan_ok=True)
        assert row["n_near"] == truth.n_near
        assert row["fragile"] == truth.fragile, row["reason"]
        assert row["minutes_boundary"] == pytest.approx(truth.closest, abs=1e-6, nan_ok=True)
        assert pd.isna(row["nearest_id"]) if not truth.nearest else row["nearest_id"] in truth.nearest


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_agrees_with_the_naive_oracle_on_toy_quartiers(data):
    assert_agrees_with_oracle(random_inputs(data.draw), 2154)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_agrees_with_the_naive_oracle_whatever_the_walk(data):
    """Streets at right angles: no circle, no straight line, the same rules."""
    assert_agrees_with_oracle(random_inputs(data.draw), 2154, Manhattan())


@settings(max_examples=25, deadline=None)
@given(st.data(), st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)))
def test_one_more_place_never_lowers_a_share_nor_lengthens_a_walk(data, place):
    inputs = random_inputs(data.draw)
    more = structures({"id": 50, **cmp_at(*place)})
    points = pd.concat([inputs.points, service_points(more, permanences(), on=TODAY)], ignore_index=True)
    before, after = compute_states(inputs), compute_states(replace(inputs, points=points))
    assert (after["share"].fillna(0) >= before["share"].fillna(0)).all()
    assert (after["n_near"] >= before["n_near"]).all()
    both = before["minutes_nearest"].notna()
    assert (after["minutes_nearest"][both] <= before["minutes_nearest"][both] + 1e-9).all()


@pytest.mark.real_data
def test_agrees_with_the_naive_oracle_on_a_real_quartier(shared_data):
    """One QPV of Toulouse and the real establishments of the city, positions read from the register."""
    areas, partners = real_toulouse(shared_data)
    types = {"pharmacie": "proximite", "cmp": "intermediaire", "csapa": "intermediaire", "ime": "territoire"}
    inputs = GapInputs(
        quartiers=areas,
        points=service_points(partners, permanences(), on=TODAY),
        relations=relations({"from_id": int(partners.index[0]), "to_id": 0}),
        structures=partners,
        permanences=permanences(),
        pivot_ids=frozenset({0}),
        types=pd.DataFrame({"type_code": list(types), "gamme": list(types.values())}),
        settings=replace(TERRITOIRE, communes=("31555",)),
    )
    assert set(inputs.points["type_code"]) >= {"cmp", "csapa"}
    assert_agrees_with_oracle(inputs, metric_epsg(["31555"]))


def real_toulouse(shared_data):
    import geopandas as gpd
    import shapely

    from reseau.model.typology import load_typology

    qpv = gpd.read_file(shared_data / "qpv" / "qpv2024_france.geojson")
    qpv = qpv[qpv["insee_com"] == "31555"].head(1)
    shape = shapely.make_valid(qpv.geometry.iloc[0], method="structure", keep_collapsed=False)
    areas = quartiers(
        {"code": qpv["code_qp"].iloc[0], "geometry": shape, "communes": ("31555",), "name": "Réel"}
    )
    found: dict[str, str] = {}
    places: dict[str, tuple[float, float]] = {}
    register = shared_data / "finess" / "cs1100507_toulouse_montpellier.csv"
    for line in register.read_text(encoding="utf-8").splitlines():
        cells = line.split(";")
        if cells[0] == "structureet" and cells[13] == "31" and cells[12] == "555":
            found[cells[1]] = load_typology().for_finess(cells[18]) or ""
        elif cells[0] == "geolocalisation":
            places[cells[1]] = (float(cells[2]), float(cells[3]))
    kept = [number for number, code in found.items() if code in {"pharmacie", "cmp", "csapa", "ime"}]
    lambert = gpd.GeoSeries(gpd.points_from_xy(*zip(*map(places.get, kept), strict=True)), crs=2154)
    frame = structures(*({"types": (found[number],), "insee": "31555"} for number in kept))
    frame.geometry = lambert.to_crs(4326).set_axis(frame.index)
    return areas, frame.assign(placed=True)
