"""The search for duplicates on real files, the register's number hidden and used as the label.

How the set is made, and the figures: `benchmarks/duplicates.py`, docs/doublons.md. Floors are a little under
the figures written there, so that a change that makes the search worse is seen.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import duplicates
from reseau.matching.pairs import find
from reseau.matching.scores import CERTAIN
from reseau.matching.words import Abbreviations
from reseau.model.typology import load_typology

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def montpellier(shared_data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The town the thresholds were not chosen on."""
    return duplicates.two_files(shared_data, "Montpellier")


@pytest.mark.parametrize(
    ("scenario", "precision", "recall"),
    [
        ("positions", 0.92, 0.93),
        ("geocodees", 0.94, 0.88),
        ("sans type", 0.94, 0.87),
        ("sans position", 0.96, 0.77),
    ],
)
def test_probable_pairs_are_right_and_few_are_missed(
    montpellier: tuple[pd.DataFrame, pd.DataFrame], scenario: str, precision: float, recall: float
) -> None:
    """Precision of the probable ones, recall of all those shown."""
    short, long = montpellier
    probable, _, shown = duplicates.measure(short, duplicates.scenario(long, scenario))
    assert probable.precision >= precision
    assert shown.recall >= recall


def test_the_table_finds_names_written_in_two_ways(montpellier: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    short, long = montpellier
    *_, with_table = duplicates.measure(short, long)
    *_, without = duplicates.measure(short, long, table=Abbreviations())
    assert with_table.recall_hard >= without.recall_hard + 0.08


def test_the_same_number_is_certain(montpellier: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    known = [side.assign(finess=side["label"]) for side in montpellier]
    (sure,) = duplicates.measure(*known, verdicts=((CERTAIN,),))
    assert (sure.right, sure.wrong) == (sure.positives, 0)


def test_neighbours_of_the_register_are_seldom_taken_for_one(
    montpellier: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Same address, different numbers: hidden, few are proposed; known, none is."""
    short, _ = montpellier
    neighbours, probable, possible = duplicates.within(short)
    assert neighbours > 300
    assert probable <= 0.06 * neighbours
    assert possible <= 0.1 * neighbours
    numbered = find(short.assign(finess=short["label"]), epsg=duplicates.EPSG, typology=load_typology())
    assert numbered.pairs.empty
