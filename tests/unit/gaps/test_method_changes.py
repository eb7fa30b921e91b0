"""Everything that is not the territory and may make figures differ is said, and what it touches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reseau.gaps.figures import Cell, Figures, LoadedSource
from reseau.gaps.method_changes import method_changes, settings_changes, source_changes
from reseau.model.vocabulary import State
from tests.unit.gaps.test_figures import METHOD, figures

WALKED = {"cmp", "pmi"}


def with_method(**values) -> Figures:
    return replace(figures(), method=replace(METHOD, **values))


def with_area(**values) -> Figures:
    known = figures()
    return replace(known, areas={"QN1": replace(known.areas["QN1"], **values)})


@pytest.mark.parametrize(
    ("after", "label", "types"),
    [
        (with_method(minutes_proximite=10.0), "Seuil de proximité", {"pmi"}),
        (with_method(minutes_intermediaire=20.0), "Seuil intermédiaire", {"cmp"}),
        (with_method(near_share=0.6), "Part d'habitants demandée", None),
        (with_method(walking_kmh=3.0), "Vitesse de marche", WALKED),
        (with_method(detour_factor=1.5), "Mesure de la marche", WALKED),
        (with_method(is_straight=False, travel="rues", travel_key="n1"), "Mesure de la marche", WALKED),
        (replace(figures(), gammes={**figures().gammes, "cmp": "proximite"}), "Distance demandée", {"cmp"}),
        (with_area(spread="carreaux de 200 m"), "Répartition des habitants", None),
        (with_area(outline="autre"), "Contour", None),
        (with_area(population=3500.0), "Habitants", set()),
        (with_area(cells={"pmi": Cell(state=State.ABSENT, expected=True)}), "Types attendus", set()),
        (with_method(expectations="référence v2"), "Référence des attentes", set()),
    ],
)
def test_each_change_is_said_with_what_it_touches(after: Figures, label: str, types: set[str] | None) -> None:
    (found,) = method_changes(figures(), after)
    assert found.label.startswith(label)
    assert found.before != found.after
    assert found.types == types


def test_nothing_changed_nothing_said() -> None:
    assert method_changes(figures(), figures()) == []
    assert source_changes(figures(), figures()) == []


def test_a_detour_factor_does_not_matter_on_a_network() -> None:
    """Streets are followed: the factor of the straight line is not used, so it is no difference."""
    streets = {"is_straight": False, "travel": "rues", "travel_key": "n1"}
    assert method_changes(with_method(**streets), with_method(**streets, detour_factor=2.0)) == []


def test_a_network_loaded_again_is_said_even_under_the_same_name() -> None:
    streets = {"is_straight": False, "travel": "rues"}
    (found,) = method_changes(
        with_method(**streets, travel_key="n1"), with_method(**streets, travel_key="n2")
    )
    assert found.after == "rues (rechargé)"


def test_a_spread_touches_its_quartiers_only() -> None:
    (found,) = method_changes(figures(), with_area(spread="IRIS"))
    assert found.touches("QN1", "cmp")
    assert not found.touches("QN2", "cmp")


def test_files_and_counts_are_said_apart() -> None:
    """A file loaded meanwhile changes what is known; it is no change of the method nor of the territory."""
    after = replace(
        figures(),
        sources=(
            LoadedSource(id="finess", title="FINESS", data_date="2026-07-01"),
            LoadedSource(id="qpv", title="QPV", data_date="importé le 3 mars 2026"),
        ),
        counts={**figures().counts, "structures": 40},
    )
    found = {item.label: (item.before, item.after) for item in source_changes(figures(), after)}
    assert found == {
        "FINESS": ("données du 12/01/2026", "données du 01/07/2026"),
        "QPV": ("non chargé", "importé le 3 mars 2026"),
        "Structures connues": ("12", "40"),
    }
    assert method_changes(figures(), after) == []


def test_between_territories_only_settings_are_compared() -> None:
    """Quartiers of two towns never have the same boundary nor the same people: that is no setting."""
    after = with_area(outline="autre", population=1.0)
    assert settings_changes(figures(), after) == []
    assert [item.label for item in settings_changes(figures(), with_method(near_share=0.8))] == [
        "Part d'habitants demandée"
    ]
