"""Service points: who is known to serve, where, on a given day."""

from __future__ import annotations

from datetime import date

import pytest

from reseau.geo.points import service_points
from reseau.model.columns import POINTS
from tests.frames import permanences, structures

TODAY = date(2026, 11, 2)


def test_contract_columns_and_wgs84_even_without_rows():
    """Everything downstream relies on the columns, a territory starts empty."""
    points = service_points(structures(), permanences(), on=TODAY)
    assert tuple(points.columns) == POINTS
    assert points.crs == "EPSG:4326"
    assert len(points) == 0


def test_one_point_per_type_and_a_repeated_type_counts_once():
    points = service_points(
        structures({"at": (0, 0), "types": ("cmp", "pmi", "cmp")}), permanences(), on=TODAY
    )
    assert points["type_code"].tolist() == ["cmp", "pmi"]
    assert points["placed"].all()


def test_closed_structures_serve_nobody_nor_do_their_permanences():
    points = service_points(
        structures({"at": (0, 0), "types": ("caf",), "closed": True}, {"at": (9, 0), "types": ("msp",)}),
        permanences({"structure_id": 1, "type_code": "caf", "host_id": 2, "at": (9, 0)}),
        on=TODAY,
    )
    assert points["type_code"].tolist() == ["msp"]


def test_a_position_at_the_centre_of_a_commune_is_known_but_nowhere():
    """A commune centre is shown as such and never used as an address."""
    points = service_points(
        structures({"at": (0, 0), "types": ("cmp",), "position_precision": "commune", "placed": False}),
        permanences(),
        on=TODAY,
    )
    assert points["placed"].tolist() == [False]
    assert points.geometry.isna().all()


@pytest.mark.parametrize(
    ("started", "ended", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 3), None, False),
        (None, date(2026, 11, 1), False),
    ],
)
def test_permanences_count_from_their_first_to_their_last_day(started, ended, counts):
    row = {"structure_id": 1, "type_code": "caf", "at": (5, 5), "started_on": started, "ended_on": ended}
    points = service_points(structures({"types": ("caf",)}), permanences(row), on=TODAY)
    assert ("permanence" in points["kind"].tolist()) is counts


def test_a_permanence_is_where_its_host_is_and_says_both_names():
    frame = permanences(
        {"structure_id": 1, "structure_name": "CAF", "host_id": 2, "host_name": "MSP", "type_code": "caf"}
        | {"at": (5, 5), "insee": "18033"}
    )
    point = service_points(structures({"types": ()}, {"types": ()}), frame, on=TODAY).iloc[0]
    assert (point["structure_id"], point["host_id"], point["insee"]) == (1, 2, "18033")
    assert point["name"] == "CAF (MSP)"
    assert point.geometry is not None


def test_a_permanence_at_a_closed_host_is_known_but_nowhere():
    frame = permanences({"structure_id": 1, "host_id": 2, "type_code": "caf", "at": (5, 5), "insee": "18033"})
    points = service_points(structures({}, {"closed": True}), frame, on=TODAY)
    assert points["placed"].tolist() == [False]
    assert points["insee"].tolist() == [""]


@pytest.mark.parametrize(
    ("modes", "kind", "placed", "served"),
    [
        ((), "structure", True, ()),
        (("sur_place",), "structure", True, ()),
        (("mobile",), "outgoing", False, ("Q1",)),
        (("sur_place", "domicile"), "structure", True, ("Q1",)),
    ],
)
def test_what_comes_to_people_serves_the_quartiers_it_declares(modes, kind, placed, served):
    """The office of a mobile team is not a place to go; a mixed service is one point that does both."""
    frame = structures(
        {"at": (0, 0), "types": ("emps",), "reception_modes": modes, "served_quartiers": ("Q1",)}
    )
    point = service_points(frame, permanences(), on=TODAY).iloc[0]
    assert (point["kind"], point["placed"], point["served_quartiers"]) == (kind, placed, served)
