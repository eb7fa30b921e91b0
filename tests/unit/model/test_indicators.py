"""A figure is shown in French words; one nobody labelled, under its own code: it is not lost."""

import pytest

from reseau.model.indicators import figure_of, indicator, load_indicators, social_indicators, worth_reading


@pytest.mark.parametrize("code", ["tp60", "TP60", "DISP_TP6021", "disp_tp60", "poverty_rate_pct"])
def test_the_poverty_rate_under_all_its_names(code: str) -> None:
    assert indicator(code).label == "Taux de pauvreté"
    assert indicator(code).unit == "%"


def test_an_unknown_code_is_its_own_label() -> None:
    assert indicator("TX_SCOL_26").label == "TX_SCOL_26"


def test_labelled_figures_come_first_none_is_lost() -> None:
    codes = ["zzz", "tp60", "pop_mun", "aaa"]
    assert worth_reading(codes) == ["pop_mun", "tp60", "aaa", "zzz"]
    assert worth_reading({"tp60": 1.0}) == ["tp60"]


def test_every_line_of_the_table_has_a_label() -> None:
    table = load_indicators()
    assert len(table) > 20
    assert all(item.label and code == code.lower() for code, item in table.items())


def test_figures_that_say_how_deprived_people_are_are_each_there_once() -> None:
    found = social_indicators()
    assert next(iter(found)) == "tp60"
    assert {item.deprived for item in found.values()} == {"haut", "bas"}
    assert len({item.label for item in found.values()}) == len(found)
    others = {item.same_as for item in load_indicators().values() if item.same_as}
    assert others <= set(found)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"tp60": 41.5}, 41.5),
        ({"DISP_TP6021": 40.0}, 40.0),
        ({"poverty_rate_pct": 39.0, "gini": 0.3}, 39.0),
        ({"DISP_TP6018": 38.0, "DISP_TP6021": 40.0}, 40.0),
        ({"gini": 0.3}, None),
        ({}, None),
    ],
)
def test_a_figure_is_found_under_any_of_its_names(figures: dict[str, float], expected: float | None) -> None:
    assert figure_of(figures, "tp60") == expected
