"""Fragile: another state for a threshold or positions a little different, and why, in words."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from reseau.gaps import Claim
from reseau.gaps._reasons import UNLISTED
from reseau.model.records import VerifiedAbsence
from tests.frames import METRIC, ORIGIN, quartiers
from tests.travels import Manhattan
from tests.unit.gaps.cases import ACTIVE, TERRITOIRE, TODAY, answer, cmp_at, inputs_of

# 30 minutes at 4.5 km/h are 2,250 m walked, 1,730.8 m in a straight line × 1.3.
REACH = 2250 / 1.3
# Says that the places known are all there are, so that what is far is surely far.
LISTED = Claim(type_code="cmp", communes=None, source="Registre")


def one_home(*rows: dict, **options):
    """Everybody lives at one point, (0, 0): a place is near or it is not."""
    home = gpd.GeoDataFrame(
        {"quartier_id": [1], "weight": [1.0]}, geometry=[shapely.Point(*ORIGIN)], crs=METRIC
    )
    return inputs_of(*rows, **({"population": home, "claims": (LISTED,)} | options))


def away(metres: float, **cells) -> dict:
    return cmp_at(metres, 0, position_precision="exacte", **cells)


def told(found: pd.Series) -> str:
    return str(found["reason"]).replace("\u00a0", " ")


def test_a_state_far_from_any_limit_is_not_fragile():
    for metres, state in ((200, "a_relier"), (5000, "eloigne")):
        found = answer(one_home(away(metres)))
        assert (found["state"], found["fragile"], found["reliable"]) == (state, False, True)
        assert found["reason"] == ""


@pytest.mark.parametrize(
    ("metres", "state", "reason"),
    [
        (REACH * 0.81, "a_relier", "serait “trop loin” avec un seuil de 24 min au lieu de 30"),
        (REACH * 1.19, "eloigne", "serait “à relier” avec un seuil de 36 min au lieu de 30"),
    ],
)
def test_a_threshold_that_would_change_the_state(metres, state, reason):
    found = answer(one_home(away(metres)))
    assert (found["state"], found["fragile"], found["reliable"]) == (state, True, False)
    assert told(found) == reason
    steady = answer(one_home(away(metres * (0.98 if metres < REACH else 1.02))))
    assert not steady["fragile"]


@pytest.mark.parametrize(("precision", "metres"), [("exacte", 10), ("adresse", 30), ("rue", 150), ("", 30)])
def test_a_position_may_be_off_by_its_precision(precision, metres):
    """Just inside of what its precision allows it flips, just outside it does not; both ways."""
    for way, state in ((-1, "plus éloignés"), (1, "plus proches")):
        for margin, flips in ((0.9, True), (1.1, False)):
            row = cmp_at(REACH + way * metres * margin, 0, position_precision=precision)
            assert (f"si les lieux étaient {state}" in told(answer(one_home(row)))) is flips


def test_far_is_only_sure_where_somebody_says_that_there_is_nothing_nearer():
    """One place known 5 km away, and no complete list: there may be another one next door."""
    surely, perhaps = answer(one_home(away(5000))), answer(one_home(away(5000), claims=()))
    assert (surely["state"], perhaps["state"]) == ("eloigne", "eloigne")
    assert (surely["reliable"], perhaps["reliable"]) == (True, False)
    assert perhaps["reason"] == UNLISTED
    verified = VerifiedAbsence(quartier_code="QN00001M", type_code="cmp", on=TODAY)
    assert answer(one_home(away(5000), claims=(), absences=(verified,)))["reliable"]
    # What is near is near, whatever else there may be.
    assert answer(one_home(away(200), claims=()))["reliable"]


def test_a_permanence_is_as_well_placed_as_its_host():
    """The holder's own office is somewhere else."""
    at = (REACH - 100, 0)
    held = {"structure_id": 1, "type_code": "cmp", "host_id": 2, "at": at}
    for precision, flips in (("rue", True), ("exacte", False)):
        rows = (
            {"types": (), "position_precision": "exacte"},
            {"types": (), "at": at, "position_precision": precision},
        )
        assert ("position" in told(answer(one_home(*rows, held=[held])))) is flips
    elsewhere = held | {"host_id": None, "place": "gymnase", "at": (REACH - 20, 0)}
    assert "position" in told(answer(one_home({"types": ()}, held=[elsewhere])))


def test_only_the_linked_place_drops_out_of_reach():
    """Somebody is still near: the share does not move, the state does."""
    found = answer(one_home(away(REACH * 0.9), away(100), ties=[ACTIVE]))
    assert (found["state"], found["share"]) == ("couvert", 1.0)
    assert told(found) == "serait “à relier” avec un seuil de 24 min au lieu de 30"


def test_several_reasons_are_all_told():
    found = answer(one_home(away(REACH - 5)))
    assert told(found) == (
        "serait “trop loin” avec un seuil de 24 min au lieu de 30 ; serait “trop loin” si les lieux étaient "
        "plus éloignés, dans la limite de la précision de leur position"
    )


def test_what_comes_what_is_of_the_territory_and_what_is_not_known_are_never_fragile():
    mobile = {"types": ("cmp",), "reception_modes": ("mobile",), "served_quartiers": ("QN00001M",)}
    assert not answer(one_home(away(REACH + 1), mobile))["fragile"]
    assert not answer(one_home({"types": ("caf",), "at": (REACH, 0)}), "caf")["fragile"]
    assert not answer(one_home())["fragile"]
    claim = Claim(type_code="cmp", communes=None, source="FINESS")
    assert not answer(one_home(claims=(claim,)))["fragile"]


def test_an_even_half_is_fragile_when_precision_can_tip_it():
    """With people spread over a quartier, a share just above the one asked tips over."""
    inputs = inputs_of(cmp_at(-1600, 200), areas=quartiers({}))
    share = float(answer(inputs)["share"])
    assert 0.1 < share < 0.9
    just = replace(inputs, settings=replace(TERRITOIRE, near_share=share))
    assert answer(just)["fragile"]


def test_on_streets_a_position_moves_the_walk_by_its_usual_detour():
    """1.3 m of street for a metre: the same 39 m either side of the threshold as in a straight line."""
    for margin, flips in ((38, True), (40, False)):
        inputs = one_home(cmp_at(2250 - margin, 0), travel=Manhattan())
        assert ("plus éloignés" in told(answer(inputs))) is flips


def test_an_unplaced_one_is_told_beside():
    found = answer(one_home(away(REACH * 0.9), {"types": ("cmp",)}))
    assert told(found).endswith("; 1 lieu connu mais non placé")
    assert found["fragile"]
