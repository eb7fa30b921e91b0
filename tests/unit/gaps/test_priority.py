"""What comes first: a score anybody can redo, that moves the right way, and never counts what is unknown."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.gaps.priority import COLUMNS, Priorities, PriorityInputs, rank, social_index
from reseau.gaps.priority_words import FORMULA, doubts, explanation, formula_lines, needs_words, product
from reseau.model import french as fr
from reseau.model.columns import NEEDS
from reseau.model.expectations import expectation_of
from reseau.model.records import Territoire

# Themes of the starting reference: medecin and pharmacie answer «soins», cmp «sante_mentale».
TYPES = ("medecin", "pharmacie", "cmp")
SETTINGS = Territoire(name="Essai")


def gaps(**shares: tuple[str, float]) -> list[dict[str, Any]]:
    """Rows of GAPS, `q1_cmp=("eloigne", 0.2)`."""
    rows = []
    for name, (state, share) in shares.items():
        quartier, code = name.split("_")
        key = int(quartier[1:])
        rows.append(
            {
                "quartier_id": key, "quartier_code": f"QN{key:06d}", "quartier_name": f"Quartier {key}",
                "type_code": code, "state": state, "share": share, "fragile": False,
                "reason": "", "minutes_nearest": math.nan,
            }
        )  # fmt: skip
    return rows


def needs(*rows: tuple[int, str, int]) -> pd.DataFrame:
    made = [{"quartier_id": key, "theme": theme, "count": count} for key, theme, count in rows]
    return pd.DataFrame(made, columns=list(NEEDS)).astype({"quartier_id": "int64", "count": "int64"})


def inputs(
    rows: list[dict[str, Any]],
    *,
    people: dict[int, float] | None = None,
    poverty: dict[int, float] | None = None,
    asked: pd.DataFrame | None = None,
    settings: Territoire = SETTINGS,
    weights: tuple[float, ...] = (3.0, 2.5, 2.0),
) -> PriorityInputs:
    population = people if people is not None else {1: 1000.0, 2: 3000.0}
    return PriorityInputs(
        states=pd.DataFrame(rows),
        types=pd.DataFrame({"type_code": TYPES, "expected": True, "weight": weights, "from_inhabitants": 0}),
        people=pd.DataFrame({"population": population, "estimated": False}),
        figures={key: {"tp60": value} for key, value in (poverty or {}).items()},
        needs=needs() if asked is None else asked,
        settings=settings,
    )


def scores(found: Priorities) -> dict[tuple[int, str], float]:
    rows = found.lines.to_dict("records")
    return {(row["quartier_id"], row["type_code"]): row["score"] for row in rows}


CASE = gaps(
    q1_medecin=("absent", math.nan), q1_cmp=("a_relier", 0.8), q1_pharmacie=("couvert", 0.9),
    q2_medecin=("eloigne", 0.25), q2_cmp=("couvert", 1.0), q2_pharmacie=("non_renseigne", math.nan),
)  # fmt: skip


def test_a_toy_case_by_hand() -> None:
    """Poverty 40 % for 1 000 people and 20 % for 3 000: mean 25 %, indices 1.6 and 0.8.

    Quartier 1 said 30 times «soins» and 10 «sante_mentale»: factors 1.75 and 1.25. Quartier 2 said nothing.
    """
    asked = needs((1, "soins", 20), (1, "sante_mentale", 10), (1, "soins", 10))
    found = rank(inputs(CASE, poverty={1: 40.0, 2: 20.0}, asked=asked))
    assert found.social_mean == 25.0
    assert scores(found) == {
        (1, "medecin"): 1000 * 3 * 1.6 * 1.75,
        (2, "medecin"): 3000 * 0.75 * 3 * 0.8 * 1,
        (1, "cmp"): (1000 * 0.2 + 1000 * 0.8 * 0.2) * 2 * 1.6 * 1.25,
        (1, "pharmacie"): 100 * 2.5 * 1.6 * 1.75,
    }
    assert found.lines["rank"].tolist() == [1, 2, 3, 4]
    assert [(row.quartier_id, row.type_code) for row in found.to_fill.itertuples()] == [(2, "pharmacie")]
    assert found.n_covered == 1
    assert tuple(found.lines.columns) == COLUMNS


def test_sums_by_quartier_and_by_type_add_up() -> None:
    found = rank(inputs(CASE))
    by_quartier, by_type = found.by_quartier(), found.by_type()
    assert by_quartier["score"].sum() == by_type["score"].sum() == found.lines["score"].sum()
    assert by_type["type_code"].tolist()[0] == "medecin"
    assert by_quartier["n"].tolist() == [1, 3]


def test_the_theme_of_each_type_is_that_of_the_reference() -> None:
    found = rank(inputs(CASE)).lines
    assert {row.type_code: row.theme for row in found.itertuples()} == {
        code: expectation_of(code).theme for code in TYPES
    }


def test_what_is_unknown_is_apart_and_never_zero() -> None:
    """A quartier of unknown population would otherwise come last with a score of nothing."""
    found = rank(inputs(CASE, people={1: 1000.0, 2: math.nan}))
    assert set(found.lines["quartier_id"]) == {1}
    aside = found.without_population
    assert aside["type_code"].tolist() == ["medecin"]
    assert aside["uncovered"].isna().all()
    assert aside["score"].isna().all()
    assert "75" in product(aside.to_dict("records")[0])
    assert "nombre d'habitants inconnu" in doubts(aside.to_dict("records")[0], SETTINGS)


def test_what_is_apart_is_in_order_too() -> None:
    rows = gaps(q1_cmp=("eloigne", 0.0), q1_medecin=("absent", math.nan), q1_pharmacie=("eloigne", 0.9))
    found = rank(inputs(rows, people={1: math.nan}))
    assert found.without_population["type_code"].tolist() == ["medecin", "cmp", "pharmacie"]


def test_without_populations_the_longest_walk_comes_first() -> None:
    """Boundaries often come without inhabitants: the list must not be that of the first quartiers only."""
    rows = gaps(q1_cmp=("eloigne", 0.0), q2_cmp=("eloigne", 0.0), q3_cmp=("absent", math.nan))
    for row, minutes in zip(rows, (20.0, 45.0, math.nan), strict=True):
        row["minutes_nearest"] = minutes
    found = rank(inputs(rows, people={1: math.nan, 2: math.nan, 3: math.nan}))
    assert found.without_population["quartier_id"].tolist() == [3, 2, 1]


def test_only_what_is_expected_of_that_size() -> None:
    made = inputs(CASE)
    types = made.types.assign(expected=[True, True, False], from_inhabitants=[2000, 0, 0])
    assert set(scores(rank(replace(made, types=types)))) == {(2, "medecin"), (1, "pharmacie")}


def test_ties_are_always_told_in_the_same_order() -> None:
    """Absent before too far before to connect; then codes."""
    linked = replace(SETTINGS, weight_to_link=1.0)
    rows = gaps(
        q2_medecin=("eloigne", 0.0), q1_medecin=("eloigne", 0.0), q1_cmp=("a_relier", 1.0),
        q1_pharmacie=("absent", math.nan),
    )  # fmt: skip
    found = rank(inputs(rows, people={1: 100.0, 2: 100.0}, weights=(1, 1, 1), settings=linked))
    assert [(row.quartier_id, row.type_code) for row in found.lines.itertuples()] == [
        (1, "pharmacie"), (1, "medecin"), (2, "medecin"), (1, "cmp"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "mean", "less_is_worse", "expected"),
    [
        ([40.0, 20.0, 25.0], 25.0, False, [1.6, 0.8, 1.0]),
        ([10_000.0, 20_000.0], 16_000.0, True, [1.6, 0.8]),
        ([1000.0, 0.1], 25.0, False, [2.0, 0.5]),
        ([0.0, 1000.0], 25.0, True, [2.0, 0.5]),
        ([math.nan, 25.0], 25.0, False, [1.0, 1.0]),
        ([40.0], math.nan, False, [1.0]),
        ([0.0, 0.0], 0.0, False, [1.0, 1.0]),
    ],
)
def test_the_social_index_is_bounded_and_unknown_is_one(values, mean, less_is_worse, expected) -> None:
    assert social_index(np.array(values), mean, less_is_worse=less_is_worse).tolist() == expected


def test_an_income_is_read_the_other_way() -> None:
    """The poorest quartier has the lowest income and the highest index."""
    made = replace(
        inputs(CASE, settings=replace(SETTINGS, social_indicator="disp_q2")),
        figures={1: {"disp_q2": 10_000.0}, 2: {"DISP_MED21": 20_000.0}},
    )
    found = rank(made).lines.set_index(["quartier_id", "type_code"])["social_index"]
    assert found[1, "medecin"] == 1.75
    assert found[2, "medecin"] == 0.88


def test_no_indicator_chosen_is_one_everywhere() -> None:
    made = inputs(CASE, poverty={1: 40.0, 2: 20.0}, settings=replace(SETTINGS, social_indicator=""))
    assert set(rank(made).lines["social_index"]) == {1.0}
    assert not any("indice social" in text for text in doubts(rank(made).lines.iloc[0], made.settings))


def test_without_any_population_the_mean_is_plain() -> None:
    found = rank(inputs(CASE, people={1: math.nan, 2: math.nan}, poverty={1: 40.0, 2: 20.0}))
    assert found.social_mean == 30.0


def test_asked_and_found_nothing_is_not_said_as_asked() -> None:
    """Zero everywhere: no share can be made of it."""
    found = rank(inputs(CASE, asked=needs((1, "soins", 0), (9, "soins", 50))))
    assert set(found.lines["needs_factor"]) == {1.0}


def test_needs_can_be_left_out() -> None:
    asked = needs((1, "soins", 10))
    found = rank(inputs(CASE, asked=asked, settings=replace(SETTINGS, weight_needs=0.0)))
    assert set(found.lines["needs_factor"]) == {1.0}


def test_nothing_to_rank() -> None:
    found = rank(inputs(CASE[:0] or gaps(q1_cmp=("couvert", 1.0))))
    assert found.lines.empty
    assert found.by_quartier().empty
    assert found.n_covered == 1
    none = replace(inputs(CASE), states=pd.DataFrame(CASE).iloc[:0], people=inputs(CASE).people.iloc[:0])
    assert rank(none).lines.empty


def test_the_inputs_are_left_as_they_are() -> None:
    made = inputs(CASE, asked=needs((1, "soins", 10)))
    before = made.states.copy(), made.types.copy(), made.people.copy(), made.needs.copy()
    rank(made)
    for frame, copy in zip((made.states, made.types, made.people, made.needs), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


# --- moving the right way --------------------------------------------------------------------------------

# Each example computes twice over: few of them are enough for laws this simple.
few = settings(max_examples=25, deadline=None)
SHARES = st.floats(0, 1)
COUNTS = st.integers(0, 60)


@st.composite
def cases(draw: st.DrawFn) -> PriorityInputs:
    states = st.sampled_from(["absent", "eloigne", "a_relier", "couvert"])
    rows = gaps(**{f"q{q}_{code}": (draw(states), draw(SHARES)) for q in (1, 2) for code in TYPES})
    return inputs(
        rows,
        people={1: draw(st.integers(1, 9000)), 2: draw(st.integers(1, 9000))},
        poverty={1: draw(st.floats(5, 70)), 2: draw(st.floats(5, 70))},
        asked=needs(*((q, theme, draw(COUNTS)) for q in (1, 2) for theme in ("soins", "sante_mentale"))),
        settings=replace(SETTINGS, weight_needs=draw(st.floats(0, 5)), weight_to_link=draw(SHARES)),
    )


def score_of(made: PriorityInputs, code: str = "medecin") -> float:
    return scores(rank(made)).get((1, code), 0.0)


@few
@given(cases(), SHARES)
def test_more_uncovered_is_never_a_lower_score(made: PriorityInputs, lost: float) -> None:
    states = made.states.copy()
    first = (states["quartier_id"] == 1) & (states["type_code"] == "medecin")
    states.loc[first, "share"] *= 1 - lost
    assert score_of(replace(made, states=states)) >= score_of(made)


@few
@given(cases(), st.floats(0, 5))
def test_a_heavier_weight_is_never_a_lower_score(made: PriorityInputs, more: float) -> None:
    types = made.types.assign(weight=made.types["weight"] + [more, 0, 0])
    assert score_of(replace(made, types=types)) >= score_of(made)


@few
@given(cases(), st.floats(0, 60))
def test_poorer_is_never_a_lower_score(made: PriorityInputs, more: float) -> None:
    figures = {1: {"tp60": made.figures[1]["tp60"] + more}, 2: made.figures[2]}
    assert score_of(replace(made, figures=figures)) >= score_of(made)


@few
@given(cases(), COUNTS)
def test_more_asked_is_never_a_lower_score(made: PriorityInputs, more: int) -> None:
    asked = pd.concat([made.needs, needs((1, "soins", more))], ignore_index=True)
    assert score_of(replace(made, needs=asked)) >= score_of(made)


@few
@given(cases(), st.integers(0, 5000))
def test_more_inhabitants_is_never_a_lower_score(made: PriorityInputs, more: int) -> None:
    """With the same social index: the mean would move with the number of inhabitants."""
    made = replace(made, settings=replace(made.settings, social_indicator=""))
    people = made.people.assign(population=made.people["population"] + [more, 0])
    assert score_of(replace(made, people=people)) >= score_of(made)


@few
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(made: PriorityInputs, random: Any) -> None:
    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order]

    other = replace(
        made,
        states=shuffled(made.states),
        types=shuffled(made.types),
        people=shuffled(made.people),
        needs=shuffled(made.needs),
    )
    pd.testing.assert_frame_equal(rank(made).lines, rank(other).lines)


@few
@given(cases())
def test_a_line_says_a_product_that_is_right(made: PriorityInputs) -> None:
    """What is written is what is computed: someone with a calculator finds the score, to its rounding."""
    for line in rank(made).lines.to_dict("records"):
        text = explanation(line).replace("\u202f", "").replace("\u00a0", " ")
        text = re.sub(r" sur \d+ \(.*?\)", "", text)
        people, weight, social, asked, score = (
            float(part.replace(",", ".")) for part in re.findall(r"\d+(?:,\d+)?", text)
        )
        assert people * weight * social * asked == pytest.approx(score, abs=0.51)


def test_each_line_tells_what_it_does_not_know() -> None:
    line = rank(inputs(CASE)).lines.to_dict("records")[0]
    assert explanation(line) == (
        "2\u202f250\u00a0habitants non couverts × poids\u00a03 × indice social\u00a01 × demandes\u00a01"
        "\u00a0= 6\u202f750"
    )
    said = " ".join(doubts(line | {"fragile": True, "reason": "un rien", "estimated": True}, SETTINGS))
    for words in ("taux de pauvreté inconnu", "aucune demande notée", "état fragile", "estimé"):
        assert words in said
    # A partner that nobody says to be the only one: there may be one next door.
    assert doubts(line | {"reason": "il y en a peut-être un plus proche"}, SETTINGS)[-1].endswith("proche")
    # What allows saying «absent» is no doubt.
    assert "vérifié" not in " ".join(doubts(line | {"state": "absent", "reason": "vérifié"}, SETTINGS))
    known = line | {"social_value": 20.0, "needs_total": 10, "needs_count": 4}
    assert doubts(known, SETTINGS) == ()
    assert needs_words(known) == "4 demandes sur 10 : médecin, soins, prévention"
    assert needs_words(line) == ""


def test_inhabitants_near_an_unlinked_place_are_not_told_as_uncovered() -> None:
    """480 people who have a place at hand must not read as 480 people without."""
    lines = rank(inputs(CASE)).lines
    linked = lines[lines["state"] == "a_relier"].to_dict("records")[0]
    assert "compté" in explanation(linked)
    assert "non couvert" not in explanation(linked)
    assert fr.number(int(linked["population"])) in explanation(linked)


def test_the_formula_says_the_weights_of_the_territory() -> None:
    chosen = replace(SETTINGS, weight_to_link=0.35, weight_needs=1.5)
    told = " ".join(formula_lines(chosen, 38.2))
    for words in ("0,35", "1,5 ×", "38,2\u00a0%", "taux de pauvreté", "entre 0,5 et 2"):
        assert words in told
    assert "1 partout" in " ".join(formula_lines(replace(SETTINGS, social_indicator=""), math.nan))
    assert "aucun quartier" in " ".join(formula_lines(SETTINGS, math.nan))
    income = " ".join(formula_lines(replace(SETTINGS, social_indicator="disp_q2"), 13_000.0))
    assert "÷ revenu disponible médian" in income
    assert FORMULA.count("×") == 3
