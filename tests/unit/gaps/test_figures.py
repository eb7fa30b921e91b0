"""Figures kept as JSON come back as they were, and what is no figures is refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.gaps.figures import Area, Cell, Figures, LoadedSource, Method, from_json, rounded, to_json
from reseau.model.vocabulary import State

METHOD = Method(
    minutes_proximite=15.0,
    minutes_intermediaire=30.0,
    near_share=0.5,
    walking_kmh=4.5,
    detour_factor=1.3,
    travel="ligne droite × 1,3",
    travel_key="straight:1.3",
    expectations="référence de départ",
    social="tp60",
)


def figures(**cells: Cell) -> Figures:
    """One quartier with the cells given, on a fixed day."""
    return Figures(
        on=date(2026, 3, 2),
        territoire="Essai",
        method=METHOD,
        areas={"QN1": Area(code="QN1", name="Beauval", population=3200.0, cells=cells)},
        gammes={"cmp": "intermediaire", "pmi": "proximite", "caf": "territoire"},
        labels={"cmp": "CMP – Centre médico-psychologique", "pmi": "PMI", "caf": "CAF"},
        sources=(LoadedSource(id="finess", title="FINESS", data_date="2026-01-12"),),
        counts={"structures": 12, "placed": 10, "permanences": 1, "relations": 4},
    )


_share = st.none() | st.floats(0, 1).map(lambda value: round(value, 4))
_count = st.integers(0, 10_000)
_cell = st.builds(
    Cell,
    state=st.sampled_from(list(State)),
    share=_share,
    minutes=_share,
    threshold=_share,
    points=_count,
    near=_count,
    around=_count,
    inside=_count,
    unplaced=_count,
    fragile=st.booleans(),
    reliable=st.booleans(),
    expected=st.booleans(),
)


@given(
    cells=st.dictionaries(st.text(min_size=1, max_size=8), _cell, max_size=5),
    name=st.text(max_size=40),
    population=st.none() | st.floats(0, 1e6),
)
def test_what_is_kept_comes_back(cells: dict[str, Cell], name: str, population: float | None) -> None:
    """Through real JSON text, whatever the names: unknown stays unknown, nothing becomes zero."""
    known = figures()
    area = replace(known.areas["QN1"], name=name, population=population, cells=cells)
    known = replace(known, territoire=name, areas={name: replace(area, code=name)})
    assert from_json(json.loads(json.dumps(to_json(known)))) == known


def test_a_file_written_with_other_columns_is_read_by_their_names() -> None:
    """The order of the cells' values is in the file: a later version may order them otherwise."""
    content = to_json(figures(cmp=Cell(state=State.COUVERT, share=0.5, near=3)))
    content["columns"].reverse()
    content["areas"]["QN1"]["cells"]["cmp"].reverse()
    assert from_json(content).areas["QN1"].cells["cmp"] == Cell(state=State.COUVERT, share=0.5, near=3)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.clear(),
        lambda content: content.update(format=99),
        lambda content: content.update(on="hier"),
        lambda content: content.update(areas=[1, 2]),
        lambda content: content.update(method=None),
        lambda content: content["areas"]["QN1"]["cells"].update(cmp=["couvert"]),
        lambda content: content["areas"]["QN1"]["cells"]["cmp"].__setitem__(0, "formidable"),
        lambda content: content["areas"]["QN1"].update(population=float("nan")),
    ],
)
def test_what_is_no_figures_is_refused_in_words(damage) -> None:
    """A backup may have been edited or come from a later version: no traceback, and what to do."""
    content = to_json(figures(cmp=Cell(state=State.COUVERT)))
    damage(content)
    with pytest.raises(RefusedInput, match="ne peut pas être lue"):
        from_json(content)


def test_unknown_is_no_zero() -> None:
    assert rounded(float("nan"), 2) is None
    assert rounded(None, 2) is None
    assert rounded(0.0, 2) == 0.0
    assert Cell(state=State.NON_RENSEIGNE).reached is None
    assert Cell(state=State.ABSENT).reached is False
    assert Cell(state=State.A_RELIER).reached is True
