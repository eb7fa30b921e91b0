"""The five states, their thresholds, and which way they must move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reseau.gaps import Claim, compute_states
from reseau.geo.grid import population_points
from reseau.model.columns import GAPS
from reseau.model.records import Territoire, VerifiedAbsence
from tests.frames import COMMUNE, METRIC, quartiers, square
from tests.unit.gaps.cases import (
    ACTIVE,
    CENTRE,
    ELSEWHERE,
    TERRITOIRE,
    TODAY,
    TYPES,
    answer,
    cmp_at,
    inputs_of,
)


class TestTheFiveStates:
    def test_covered_near_and_working_together(self):
        assert answer(inputs_of(cmp_at(*CENTRE), ties=[ACTIVE]))["state"] == "couvert"

    @pytest.mark.parametrize("status", ["a_contacter", "contact_pris", "en_sommeil", "termine"])
    def test_to_connect_when_no_relation_is_active(self, status):
        """A dormant or ended tie is a contact to revive, not a working one."""
        found = answer(inputs_of(cmp_at(*CENTRE), ties=[ACTIVE | {"status": status}]))
        assert found["state"] == "a_relier"

    def test_too_far_when_known_but_out_of_reach(self):
        found = answer(inputs_of(cmp_at(9000, 0), ties=[ACTIVE]))
        assert (found["state"], found["share"], found["n_near"]) == ("eloigne", 0.0, 0)

    @pytest.mark.parametrize("communes", [frozenset({COMMUNE}), None])
    def test_absent_when_a_source_lists_the_type_here_and_has_none(self, communes):
        claim = Claim(type_code="cmp", communes=communes, source="FINESS", data_date=date(2026, 5, 12))
        found = answer(inputs_of(claims=(claim,)))
        assert found["state"] == "absent"
        assert found["reason"] == "FINESS (données du 12/05/2026) les recense tous ici et n'en cite aucun"
        assert found["reliable"]

    def test_absent_when_a_person_checked(self):
        checked = VerifiedAbsence(quartier_code="QN00001M", type_code="cmp", on=TODAY, author="Une personne")
        found = answer(inputs_of(absences=(checked,)))
        assert found["state"] == "absent"
        assert "02/11/2026" in found["reason"]
        assert checked.author not in found["reason"]

    def test_not_known_when_nothing_allows_to_say(self):
        found = answer(inputs_of())
        assert found["state"] == "non_renseigne"
        assert pd.isna(found["share"])
        assert not found["reliable"]


class TestAbsentIsNotUnknown:
    @pytest.mark.parametrize(
        "claim",
        [
            Claim(type_code="pmi", communes=None, source="FINESS"),
            Claim(type_code="cmp", communes=frozenset({ELSEWHERE}), source="FINESS"),
        ],
    )
    def test_a_claim_on_another_type_or_commune_says_nothing(self, claim):
        assert answer(inputs_of(claims=(claim,)))["state"] == "non_renseigne"

    def test_claims_must_cover_every_commune_of_the_quartier(self):
        """Half a quartier listed is not a quartier listed; two imports together may list it all."""
        areas = quartiers({"communes": (COMMUNE, ELSEWHERE)})
        one = Claim(type_code="cmp", communes=frozenset({COMMUNE}), source="FINESS")
        other = replace(one, communes=frozenset({ELSEWHERE}))
        assert answer(inputs_of(areas=areas, claims=(one,)))["state"] == "non_renseigne"
        assert answer(inputs_of(areas=areas, claims=(one, other)))["state"] == "absent"

    def test_a_quartier_without_commune_is_not_listed_by_default(self):
        """The empty set is in every set: it must not turn unknown into absent."""
        claim = Claim(type_code="cmp", communes=frozenset({COMMUNE}), source="FINESS")
        found = inputs_of(areas=quartiers({"communes": ()}), claims=(claim,), settings=Territoire(name="X"))
        assert answer(found)["state"] == "non_renseigne"

    def test_a_claim_on_a_city_covers_its_arrondissements(self):
        claim = Claim(type_code="cmp", communes=frozenset({"75056"}), source="FINESS")
        areas = quartiers({"communes": ("75119",)})
        assert answer(inputs_of(areas=areas, claims=(claim,)))["state"] == "absent"

    @pytest.mark.parametrize("n", [1, 3])
    def test_known_but_not_placed_is_neither_far_nor_absent(self, n):
        """Nobody knows where it is: it may be next door, whatever a source claims."""
        claim = Claim(type_code="cmp", communes=None, source="FINESS")
        found = answer(inputs_of(*[{"types": ("cmp",)}] * n, claims=(claim,)))
        assert found["state"] == "non_renseigne"
        assert found["n_unplaced"] == n
        assert "non placé" in found["reason"]

    def test_one_known_far_away_and_one_not_placed_is_far_but_fragile(self):
        found = answer(inputs_of(cmp_at(9000, 0), {"types": ("cmp",)}))
        assert (found["state"], found["reliable"], found["n_unplaced"]) == ("eloigne", False, 1)

    def test_a_place_the_map_cannot_hold_is_one_that_is_not_placed(self):
        """The pole has no coordinates in Lambert-93: it must neither stop everything nor count as near."""
        lost = {"types": ("cmp",), "placed": True, "geometry": shapely.Point(2.0, -90.0)}
        alone, beside = answer(inputs_of(lost)), answer(inputs_of(lost, cmp_at(9000, 0)))
        assert (alone["state"], alone["n_unplaced"]) == ("non_renseigne", 1)
        assert (beside["state"], beside["n_unplaced"]) == ("eloigne", 1)

    def test_a_quartier_without_boundary_cannot_be_far(self):
        found = answer(inputs_of(cmp_at(9000, 0), areas=quartiers({"geometry": None})))
        assert found["state"] == "non_renseigne"
        assert "contour" in found["reason"]


class TestNear:
    def test_the_threshold_is_included(self):
        """Everybody lives at one point 1,000 m away: 17.33 minutes."""
        one_point = population_points(quartiers({"geometry": square(0, 0, 1)}), crs=METRIC).iloc[:1]
        inputs = inputs_of(cmp_at(1000.5, 0.5), population=one_point.assign(weight=1.0))
        minutes = float(answer(inputs)["minutes_nearest"])
        just = replace(inputs, settings=replace(TERRITOIRE, minutes_intermediaire=minutes))
        short = replace(inputs, settings=replace(TERRITOIRE, minutes_intermediaire=minutes - 1e-6))
        assert answer(just)["state"] == "a_relier"
        assert answer(short)["state"] == "eloigne"

    def test_the_share_asked_is_included(self):
        """The CMP reaches exactly the western half of the square."""
        inputs = inputs_of(cmp_at(-9000, 200))
        half = population_points(inputs.quartiers, crs=METRIC)
        reach = 9000 + 200
        settings = replace(TERRITOIRE, minutes_intermediaire=reach * 1.3 / 75)
        found = answer(replace(inputs, settings=settings, population=half))
        assert found["share"] == pytest.approx(0.5, abs=0.03)
        exact = replace(settings, near_share=float(found["share"]))
        more = replace(settings, near_share=float(found["share"]) + 1e-6)
        assert answer(replace(inputs, settings=exact))["state"] == "a_relier"
        assert answer(replace(inputs, settings=more))["state"] == "eloigne"
        assert not answer(replace(inputs, settings=exact))["reliable"]

    def test_each_gamme_has_its_own_threshold(self):
        """1.2 km away: within 30 minutes, not within 15."""
        inputs = inputs_of({"at": (1400, 200), "types": ("cmp", "pmi")})
        assert answer(inputs, "cmp")["state"] == "a_relier"
        assert answer(inputs, "pmi")["state"] == "eloigne"

    def test_the_mean_distance_and_the_place_most_people_reach_first(self):
        """One CMP at each end, the eastern one nearer to most: it is the one named."""
        found = answer(inputs_of(cmp_at(-700, 200), cmp_at(600, 200, name="CMP Est")))
        assert (found["nearest_id"], found["nearest_name"]) == (2, "CMP Est")
        assert found["minutes_nearest"] == pytest.approx(found["metres_nearest"] * 1.3 / 75)
        assert 300 < found["metres_nearest"] < 500

    def test_a_service_that_comes_reaches_the_whole_quartier_it_declares(self):
        team = {"types": ("cmp",), "reception_modes": ("mobile",), "served_quartiers": ("QN00001M",)}
        areas = quartiers({}, {"geometry": square(3000, 0, 400)})
        inputs = inputs_of(team, areas=areas, ties=[ACTIVE])
        here, there = answer(inputs), answer(inputs, quartier_id=2)
        assert (here["state"], here["share"], here["n_near"]) == ("couvert", 1.0, 1)
        assert (there["state"], there["share"], there["n_near"]) == ("eloigne", 0.0, 0)

    def test_a_service_that_comes_without_saying_where_is_not_far(self):
        found = answer(inputs_of({"types": ("cmp",), "reception_modes": ("domicile",)}))
        assert found["state"] == "non_renseigne"
        assert "dans quels quartiers" in found["reason"]


class TestTheTerritory:
    def caf(self, **cells) -> dict:
        return {"types": ("caf",), **cells}

    def test_anywhere_in_the_communes_is_near_placed_or_not(self):
        for place in ({"at": (9000, 0)}, {}):
            found = answer(inputs_of(self.caf(**place)), "caf")
            assert (found["state"], found["share"], found["reliable"]) == ("a_relier", 1.0, True)
            assert pd.isna(found["threshold_minutes"])

    def test_elsewhere_is_far(self):
        found = answer(inputs_of(self.caf(at=(900, 0), insee=ELSEWHERE)), "caf")
        assert (found["state"], found["share"]) == ("eloigne", 0.0)

    def test_inside_a_quartier_is_in_the_territory_whatever_its_commune_says(self):
        assert answer(inputs_of(self.caf(at=CENTRE, insee="")), "caf")["state"] == "a_relier"

    def test_an_unknown_commune_is_not_elsewhere(self):
        found = answer(inputs_of(self.caf(at=(900, 0), insee="")), "caf")
        assert (found["state"], found["reliable"]) == ("non_renseigne", False)

    def test_arrondissements_are_their_city(self):
        paris = replace(TERRITOIRE, communes=("75056",))
        found = answer(inputs_of(self.caf(insee="75119"), settings=paris), "caf")
        assert found["state"] == "a_relier"


class TestWorkingTogether:
    def test_the_direction_and_the_order_of_a_tie_are_irrelevant(self):
        for tie in (ACTIVE, {"from_id": 100, "to_id": 1}):
            for direction in ("aller", "retour", "reciproque"):
                inputs = inputs_of(cmp_at(*CENTRE), ties=[tie | {"direction": direction}])
                assert answer(inputs)["state"] == "couvert"

    def test_a_tie_between_two_others_is_not_the_pivot_s(self):
        inputs = inputs_of(cmp_at(*CENTRE), {"types": ()}, ties=[{"from_id": 1, "to_id": 2}])
        assert answer(inputs)["state"] == "a_relier"

    def test_a_tie_with_a_far_one_does_not_cover(self):
        found = answer(inputs_of(cmp_at(*CENTRE), cmp_at(9000, 0), ties=[{"from_id": 2, "to_id": 100}]))
        assert found["state"] == "a_relier"

    def test_what_the_pivot_is_or_hosts_is_covered(self):
        at_the_pivot = {"structure_id": 1, "type_code": "cmp", "host_id": 100, "at": CENTRE}
        assert answer(inputs_of({"types": ()}, held=[at_the_pivot]))["state"] == "couvert"
        assert answer(inputs_of(types={"msp": "proximite"}), "msp")["state"] == "couvert"

    def test_for_a_permanence_the_holder_counts_not_the_host(self):
        elsewhere = {"structure_id": 1, "type_code": "cmp", "host_id": 2, "at": CENTRE}
        rows = ({"types": ()}, {"types": ("msp",), "at": CENTRE})
        with_host = inputs_of(*rows, held=[elsewhere], ties=[{"from_id": 2, "to_id": 100}])
        with_holder = inputs_of(*rows, held=[elsewhere], ties=[ACTIVE])
        assert answer(with_host)["state"] == "a_relier"
        assert answer(with_holder)["state"] == "couvert"

    def test_without_a_pivot_nothing_is_covered_and_the_reason_says_so(self):
        found = answer(inputs_of(cmp_at(*CENTRE), ties=[ACTIVE], pivot=False))
        assert found["state"] == "a_relier"
        assert "pivot" in found["reason"]


class TestTheFrame:
    def test_contract_columns_one_row_per_couple_in_the_order_asked(self):
        states = compute_states(inputs_of(areas=quartiers({"id": 7}, {"id": 3})))
        assert tuple(states.columns) == GAPS
        assert states["quartier_id"].tolist() == [7, 7, 7, 3, 3, 3]
        assert states["type_code"].tolist() == list(TYPES) * 2

    def test_nothing_yet_is_an_empty_frame_or_unknown_everywhere(self):
        assert compute_states(inputs_of(areas=quartiers())).empty
        empty = replace(inputs_of(), types=pd.DataFrame({"type_code": [], "gamme": []}))
        assert compute_states(empty).empty

    def test_one_type_alone_gives_the_same_rows(self):
        """What makes it possible to refresh one type after an edit."""
        inputs = inputs_of(cmp_at(800, 0), {"at": (10, 0), "types": ("pmi", "caf")}, ties=[ACTIVE])
        together = compute_states(inputs)
        for _, row in inputs.types.iterrows():
            alone = compute_states(replace(inputs, types=row.to_frame().T.reset_index(drop=True)))
            expected = together[together["type_code"] == row["type_code"]].reset_index(drop=True)
            assert_frame_equal(alone, expected)

    def test_order_of_rows_is_irrelevant_and_nothing_is_modified(self):
        rows = [cmp_at(x, 50, name=f"CMP {x}") for x in (-900, 300, 300, 700, 2000)]
        inputs = inputs_of(*rows, areas=quartiers({}, {"geometry": square(900, 0, 400)}), ties=[ACTIVE])
        before = {name: getattr(inputs, name).copy() for name in ("points", "quartiers", "relations")}
        expected = compute_states(inputs)
        shuffled = replace(inputs, points=inputs.points[::-1], quartiers=inputs.quartiers[::-1])
        keys = ["quartier_id", "type_code"]
        assert_frame_equal(
            compute_states(shuffled).sort_values(keys, ignore_index=True),
            expected.sort_values(keys, ignore_index=True),
        )
        for name, frame in before.items():
            assert_frame_equal(getattr(inputs, name), frame)


@settings(max_examples=25, deadline=None)
@given(st.integers(500, 4000), st.integers(1, 3000))
def test_moving_closer_never_lengthens_the_walk(start, step):
    """Along the axis of the quartier, every inhabitant is nearer."""
    far, close = answer(inputs_of(cmp_at(start + step, 200))), answer(inputs_of(cmp_at(start, 200)))
    assert close["minutes_nearest"] < far["minutes_nearest"]
    assert close["share"] >= far["share"]


def test_closing_the_only_one_flips_the_state():
    claim = Claim(type_code="cmp", communes=None, source="FINESS")
    opened = inputs_of(cmp_at(*CENTRE), ties=[ACTIVE], claims=(claim,))
    shut = inputs_of(cmp_at(*CENTRE, closed=True), ties=[ACTIVE], claims=(claim,))
    assert answer(opened)["state"] == "couvert"
    assert answer(shut)["state"] == "absent"
