"""A gap is one only where the type is expected of a quartier of that size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reseau.gaps.expected import expected_couples

TYPES = pd.DataFrame(
    {"type_code": ["a", "b", "c"], "expected": [True, True, False], "from_inhabitants": [0, 2500, 0]}
)
COUPLES = pd.DataFrame(
    [(quartier, code) for quartier in (1, 2, 3) for code in "abc"], columns=["quartier_id", "type_code"]
)


def found(population: dict[int, float], couples: pd.DataFrame = COUPLES) -> set[tuple[int, str]]:
    kept = couples[expected_couples(couples, TYPES, pd.Series(population, dtype=float))]
    return set(kept.itertuples(index=False, name=None))


def test_the_size_counts_and_an_unknown_size_hides_nothing() -> None:
    """2 is large enough to the inhabitant, 1 is one short, 3 is not known: expected all the same."""
    assert found({1: 2499, 2: 2500, 3: np.nan}) == {(1, "a"), (2, "a"), (2, "b"), (3, "a"), (3, "b")}


def test_a_quartier_without_any_figure_is_as_one_of_unknown_size() -> None:
    assert (9, "b") in found({}, pd.DataFrame({"quartier_id": [9], "type_code": ["b"]}))


def test_without_settings_every_type_is_expected_everywhere() -> None:
    bare = TYPES[["type_code"]]
    assert expected_couples(COUPLES, bare, pd.Series({1: 10.0, 2: 10.0, 3: 10.0})).all()


def test_a_type_that_is_not_in_the_settings_is_not_expected() -> None:
    odd = pd.DataFrame({"quartier_id": [1], "type_code": ["zzz"]})
    assert not expected_couples(odd, TYPES, pd.Series({1: 9000.0})).any()


@given(st.lists(st.integers(0, 9000), min_size=3, max_size=3), st.integers(0, 9000))
def test_a_larger_quartier_is_never_expected_to_reach_less(sizes: list[int], more: int) -> None:
    before = found(dict(zip((1, 2, 3), sizes, strict=True)))
    after = found(dict(zip((1, 2, 3), [size + more for size in sizes], strict=True)))
    assert before <= after
