"""The ranking of a territory follows its data and the weights its team chose."""

from __future__ import annotations

import pytest

from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.demo import load_demo
from reseau.services.editing import save_row
from reseau.services.priorities import DEFAULT_WEIGHTS, WEIGHTS, priorities, set_weights
from reseau.services.view import View, open_view


@pytest.fixture
def view(app: App) -> View:
    load_demo(app)
    return open_view(app, 1)


def test_it_is_made_of_the_gaps_on_the_page(view: View) -> None:
    """Every expected couple is somewhere, once: ranked, apart, to fill, or covered."""
    found = priorities(view)
    parts = len(found.lines) + len(found.without_population) + len(found.to_fill) + found.n_covered
    assert parts == len(view.expected_gaps)
    assert min(len(found.lines), len(found.without_population), len(found.to_fill)) > 0
    assert set(found.without_population["quartier_code"]) == {"QN99105M"}
    assert priorities(view) is found


def test_the_demonstration_shows_every_factor_known_and_unknown(view: View) -> None:
    lines = priorities(view).lines
    assert lines["social_value"].isna().any()
    assert lines["social_value"].notna().any()
    assert lines["needs_factor"].gt(1).any()
    assert lines["needs_total"].eq(0).any()
    assert lines["social_index"].nunique() > 3


def test_a_need_noted_moves_what_answers_it(app: App, view: View) -> None:
    def score() -> float:
        lines = priorities(open_view(app, 1)).lines
        row = lines[(lines["quartier_code"] == "QN99104M") & (lines["type_code"] == "centre-sante")]
        return float(row["score"].iloc[0])

    before = score()
    quartier = int(view.quartiers.index[view.quartiers["code"] == "QN99104M"][0])
    save_row(app, 1, "besoins", {"quartier_id": quartier, "theme": "soins", "count": 12})
    assert score() == pytest.approx(2 * before, abs=1)


def test_weights_are_the_territory_s(app: App, view: View) -> None:
    assert {name: getattr(view.territoire, name) for name in WEIGHTS} == DEFAULT_WEIGHTS
    set_weights(app, 1, weight_to_link=0.0, weight_needs=0.0, social_indicator="")
    lines = priorities(open_view(app, 1)).lines
    assert set(lines["social_index"]) == set(lines["needs_factor"]) == {1.0}
    assert not (lines["share"].eq(1.0) & lines["state"].eq("a_relier")).any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight_to_link": 1.2}, "entre 0 et 1"),
        ({"weight_needs": -1.0}, "entre 0 et 5"),
        ({"weight_needs": float("nan")}, "demandes"),
        ({"social_indicator": "pop_mun"}, "taux de pauvreté"),
        ({"social_indicator": "disp_tp60"}, "indice social"),
    ],
)
def test_weights_out_of_bounds_are_refused(app: App, tid: int, changes: dict, said: str) -> None:
    with pytest.raises(RefusedInput, match=said):
        set_weights(app, tid, **(DEFAULT_WEIGHTS | changes))
    assert open_view(app, tid).territoire.weight_needs == DEFAULT_WEIGHTS["weight_needs"]


def test_an_empty_territory_has_nothing_to_rank(app: App, tid: int) -> None:
    found = priorities(open_view(app, tid))
    assert (len(found.lines), len(found.to_fill), found.n_covered) == (0, 0, 0)
