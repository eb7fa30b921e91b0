"""Two tables of states side by side: what moved, for how many, and what may be added up."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from reseau.graph.build import build_graph
from reseau.graph.measures import NetworkMeasures
from reseau.model.typology import load_typology
from reseau.plan.differences import (
    DIFFERENCES,
    by_importance,
    differences,
    totals_by_quartier,
    totals_by_type,
)
from reseau.plan.network_effect import Measured, NetworkEffect, network_effect
from reseau.plan.scenario_words import Names, state_sentences, summary
from tests.frames import relations, structures

PLACES = {1: ("Bagatelle", "qpv", 3100.0), 2: ("Les Izards", "qpv", math.nan), 3: ("Le coin", "vecu", 900.0)}
QUARTIERS = pd.DataFrame.from_dict(PLACES, orient="index", columns=["name", "kind", "population"])
EVERYWHERE = frozenset(PLACES)
NAMES = Names(structures={}, permanences={}, typology=load_typology())
STILL = NetworkEffect(figures=(), connected=(), cut_off=())


def table(**cells):
    """GAPS of the three quartiers for `cmp`; each keyword: one value per quartier."""
    unknown = {
        "state": ["eloigne"] * 3, "share": [0.0] * 3, "minutes_nearest": [50.0] * 3,
        "nearest_name": ["CMP"] * 3,
        "n_points": [1] * 3, "n_unplaced": [0] * 3, "threshold_minutes": [30.0] * 3, "fragile": [False] * 3,
        "reason": [""] * 3,
    }  # fmt: skip
    keys = {
        "quartier_id": list(PLACES), "type_code": ["cmp"] * 3,
        "quartier_code": [f"QN{key}" for key in PLACES],
        "quartier_name": [place[0] for place in PLACES.values()],
    }  # fmt: skip
    return pd.DataFrame(keys | unknown | cells)


def compare(before, after, drawn=EVERYWHERE):
    return differences(before, after, QUARTIERS, drawn=drawn)


def effect_of(before, after):
    return network_effect(*(Measured(NetworkMeasures(build_graph(*side))) for side in (before, after)))


class TestDifferences:
    def test_nothing_moved_is_an_empty_table_with_its_columns(self):
        found = compare(table(), table())
        assert tuple(found.columns) == DIFFERENCES
        assert found.empty
        assert totals_by_type(found) == []

    def test_inhabitants_are_those_who_come_within_the_threshold(self):
        found = compare(table(), table(share=[0.4, 0.0, 0.0]))
        assert found["gained"].tolist() == [1240.0]
        assert found["reached_after"].tolist() == [1240.0]

    def test_an_unknown_population_is_not_zero(self):
        found = compare(table(), table(share=[0.0, 0.5, 0.0]))
        assert math.isnan(found["gained"].iloc[0])
        (total,) = totals_by_type(found)
        assert (total.gained, total.unknown) == (None, 1)

    def test_where_no_place_is_known_nobody_reaches_a_known_one(self):
        """The share is unknown, the number of people near a *known* place is not: it is nobody."""
        before = table(
            share=[np.nan, 0.0, 0.0], n_points=[0, 1, 1], state=["non_renseigne", "eloigne", "eloigne"]
        )
        found = compare(before, table(share=[1.0, 0.0, 0.0], state=["a_relier", "eloigne", "eloigne"]))
        assert found["gained"].tolist() == [3100.0]

    def test_without_a_boundary_nothing_is_said(self):
        before = table(share=[np.nan, 0.0, 0.0])
        found = compare(before, table(share=[1.0, 0.0, 0.0]), drawn=frozenset({2, 3}))
        assert math.isnan(found["gained"].iloc[0])

    @pytest.mark.parametrize(
        ("first", "last", "sign"),
        [
            ("absent", "couvert", 1), ("eloigne", "a_relier", 1), ("a_relier", "couvert", 1),
            ("non_renseigne", "eloigne", 1), ("couvert", "non_renseigne", -1), ("eloigne", "absent", -1),
            ("absent", "non_renseigne", 0),
        ],
    )  # fmt: skip
    def test_which_way_a_state_goes(self, first, last, sign):
        found = compare(table(state=[first, "couvert", "couvert"]), table(state=[last, "couvert", "couvert"]))
        assert found["better"].tolist() == [sign]
        assert found["state_changed"].tolist() == [True]

    def test_a_walk_alone_is_a_difference_that_comes_last(self):
        after = table(minutes_nearest=[40.0, 50.0, 50.0], state=["eloigne", "eloigne", "couvert"])
        found = by_importance(compare(table(), after))
        assert found["quartier_id"].tolist() == [3, 1]
        assert found.index.tolist() == [0, 1]

    def test_the_order_of_rows_does_not_matter(self):
        after = table(share=[0.4, 0.2, 0.1])
        pd.testing.assert_frame_equal(
            compare(table(), after), compare(table(), after.sample(frac=1.0, random_state=3))
        )


class TestTotals:
    def test_a_quartier_vecu_is_never_added_to_a_qpv(self):
        """It may cover part of it: the same person would count twice."""
        (total,) = totals_by_type(compare(table(), table(share=[0.4, 0.0, 0.5])))
        assert (total.gained, total.lost) == (1240.0, 0.0)

    def test_alone_it_is_counted(self):
        (total,) = totals_by_type(compare(table(), table(share=[0.0, 0.0, 0.5])))
        assert total.gained == 450.0

    def test_gains_and_losses_do_not_cancel_out(self):
        before = table(share=[0.4, 0.0, 0.0])
        (total,) = totals_by_type(
            compare(before, table(share=[0.0, 0.0, 0.0], state=["absent", "eloigne", "couvert"]))
        )
        assert (total.gained, total.lost, total.better, total.worse) == (0.0, 1240.0, 1, 1)

    def test_a_state_that_moves_without_anybody_moving_is_zero_people(self):
        """A relation made active changes who one works with, not who is near."""
        (total,) = totals_by_type(compare(table(), table(state=["couvert", "eloigne", "eloigne"])))
        assert (total.gained, total.lost, total.states) == (0.0, 0.0, 1)

    def test_by_quartier_people_are_not_added_from_one_type_to_another(self):
        (total,) = totals_by_quartier(compare(table(), table(share=[0.4, 0.0, 0.0])))
        assert (total.key, total.gained) == (1, None)


class TestSentences:
    def test_what_to_remember_comes_first_with_its_threshold_and_place(self):
        after = table(share=[0.4, 0.0, 0.0], state=["a_relier", "eloigne", "eloigne"])
        first, second = summary(compare(table(), after), STILL, NAMES)
        assert first == "1 état change (1 en mieux)."
        assert second == (
            "1\u202f240\u00a0habitants de plus à moins de 30\u00a0min à pied d'un CMP à Bagatelle "
            "(de 0\u202f% à 40\u202f% des habitants)."
        )

    def test_losses_are_told_as_losses(self):
        told = summary(compare(table(share=[0.4, 0, 0]), table()), STILL, NAMES)
        assert any("1\u202f240\u00a0habitants de moins" in sentence for sentence in told)

    def test_an_unknown_population_is_told_by_its_share(self):
        told = summary(compare(table(), table(share=[0.0, 0.5, 0.0])), STILL, NAMES)
        assert told[1].startswith("Aux Izards (nombre d'habitants inconnu), 50\u202f% des habitants")

    def test_the_last_known_place_gone_is_not_an_absence(self):
        gone = table(state=["non_renseigne", "eloigne", "eloigne"], n_points=[0, 1, 1], share=[np.nan, 0, 0])
        told = summary(compare(table(), gone), STILL, NAMES)
        assert any("plus aucun lieu connu" in sentence for sentence in told)

    def test_a_walk_alone_is_told_when_there_is_nothing_else(self):
        told = summary(compare(table(), table(minutes_nearest=[40.0, 50.0, 49.9])), STILL, NAMES)
        assert [sentence.replace("\u00a0", " ") for sentence in told] == [
            "Aucun état ne change.",
            "À Bagatelle, CMP : 40 min de marche en moyenne jusqu'au plus proche, au lieu de 50 min.",
        ]

    def test_nothing_is_told_as_nothing(self):
        assert summary(compare(table(), table()), STILL, NAMES) == [
            "Aucun état ne change, aucune part d'habitants non plus."
        ]

    def test_states_in_words(self):
        after = table(state=["a_relier", "eloigne", "eloigne"])
        (sentence,) = state_sentences(compare(table(), after), NAMES)
        assert sentence.replace("\u00a0", " ") == "À Bagatelle, CMP : de « Trop loin » à « À relier »"


class TestNetwork:
    PEOPLE = structures(
        {"id": 1, "is_pivot": True, "name": "Nous"}, {"id": 2, "name": "Passeur"},
        {"id": 3, "name": "Au loin"}, {"id": 4, "name": "Seule"},
    )  # fmt: skip
    TIES = relations({"from_id": 1, "to_id": 2}, {"from_id": 2, "to_id": 3})

    def told(self, effect):
        return summary(compare(table(), table()), effect, NAMES)[-1].replace("\u00a0", " ")

    def test_what_hangs_on_one_structure_falls_with_it(self):
        """The one that closes is gone, not cut off: only the others are named."""
        effect = effect_of((self.PEOPLE, self.TIES), (self.PEOPLE.drop(index=2), self.TIES))
        assert effect.cut_off == ("Au loin",)
        assert effect.connected == ()
        figures = {item.id: (item.before, item.after) for item in effect.figures}
        assert figures["structures"] == (4, 3)
        assert figures["directes"] == (1, 0)
        assert figures["reliees"] == (2, 0)
        assert figures["ponts"] == (2, 0)
        assert figures["isolees"] == (1, 3)
        assert figures["distance"] == (1.5, None)
        assert "« Au loin » n'est plus reliée" in self.told(effect)

    def test_a_new_tie_connects(self):
        more = relations({"from_id": 1, "to_id": 2}, {"from_id": 2, "to_id": 3}, {"from_id": 4, "to_id": 3})
        effect = effect_of((self.PEOPLE, self.TIES), (self.PEOPLE, more))
        assert effect.connected == ("Seule",)
        assert "« Seule » devient reliée" in self.told(effect)

    def test_without_a_pivot_distances_have_no_object(self):
        people = self.PEOPLE.assign(is_pivot=False)
        figures = {
            item.id: item.before for item in effect_of((people, self.TIES), (people, self.TIES)).figures
        }
        assert figures["reliees"] is None
        assert figures["directes"] is None
        assert figures["groupes"] == 1

    def test_the_pivot_that_closes_is_told(self):
        effect = effect_of((self.PEOPLE, self.TIES), (self.PEOPLE.drop(index=1), self.TIES))
        assert "votre propre structure ferme" in self.told(effect)
