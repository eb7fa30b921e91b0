"""Two real towns: what is kept, how long walks are, and how often the straight line is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reseau.geo.network import Building, WalkNetwork, build_network
from reseau.geo.network_travel import NetworkTravel
from reseau.geo.travel import StraightLine
from reseau.sources.osm.ways import read_ways

pytestmark = pytest.mark.real_data
QUARTER_OF_AN_HOUR_M = 1_125.0
TOWNS = {"redon": "redon.osm", "le mans": "le_mans_centre.osm.pbf"}


def town(shared_data: Path, name: str) -> tuple[WalkNetwork, Building]:
    ways = read_ways(shared_data / "osm" / TOWNS[name])
    return build_network(ways.lonlat, ways.edges, epsg=2154)


@pytest.mark.parametrize(
    ("name", "km", "kept", "nodes"), [("redon", 22.8, 0.98, 1345), ("le mans", 10.5, 0.92, 1026)]
)
def test_nearly_every_street_is_in_one_piece(
    shared_data: Path, name: str, km: float, kept: float, nodes: int
) -> None:
    network, building = town(shared_data, name)
    assert building.kept_m / 1000 == pytest.approx(km, abs=0.1)
    assert building.kept_m / (building.kept_m + building.dropped_m) == pytest.approx(kept, abs=0.01)
    assert (building.pieces, building.too_long, building.nowhere) == (1, 0, 0)
    assert len(network.xy) == nodes
    assert network.lengths.max() <= 50


@pytest.mark.parametrize("name", TOWNS)
def test_walks_are_plausible(shared_data: Path, name: str) -> None:
    """Streets lengthen a walk by a quarter to a little over a half; nobody walks through walls."""
    network, _ = town(shared_data, name)
    travel = NetworkTravel(network=network, estimate=StraightLine(1.3))
    nodes = network.xy[np.random.default_rng(1).permutation(len(network.xy))[:150]]
    found = travel.pairs(nodes, nodes, np.full(len(nodes), 1e9))
    straight = np.hypot(*(nodes[found.origin] - nodes[found.place]).T)
    assert (found.metres >= straight - 1e-3).all()
    far = straight > 200
    assert 1.2 < np.median(found.metres[far] / straight[far]) < 1.6
    said, walked = straight * 1.3 <= QUARTER_OF_AN_HOUR_M, found.metres <= QUARTER_OF_AN_HOUR_M
    assert (said == walked).mean() > 0.95
