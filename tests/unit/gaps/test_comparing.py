"""Two areas and two dates side by side, against a naive second writing of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from reseau.gaps.comparing import (
    Cause,
    Verdict,
    compare_areas,
    compare_cells,
    compare_dates,
    reached,
)
from reseau.gaps.comparing_words import (
    dates_sentences,
    dates_table,
    names_of,
    places_sentences,
    places_table,
)
from reseau.gaps.figures import Area, Cell, Figures
from reseau.gaps.method_changes import method_changes
from reseau.model.vocabulary import State
from tests.unit.gaps.test_figures import METHOD, figures

LABELS = {"cmp": "CMP", "pmi": "PMI", "caf": "CAF"}
ORDER = ["cmp", "pmi", "caf"]


def area(code: str = "QN1", name: str = "Beauval", **cells: Cell) -> Area:
    return Area(code=code, name=name, cells=cells)


def cell(state: State = State.COUVERT, **values) -> Cell:
    return Cell(state=state, **({"expected": True, "threshold": 30.0} | values))


def naive(one: Cell, other: Cell) -> Verdict:
    """The rule of two places as one would tell it: the state, else ten points of share, else five minutes."""
    scale = ["absent", "eloigne", "a_relier", "couvert"]
    if "non_renseigne" in {one.state, other.state}:
        return Verdict.UNKNOWN
    for gap in (
        scale.index(one.state) - scale.index(other.state),
        round(one.share - other.share, 6) if abs(one.share - other.share) > 0.0999999 else 0,
        round(other.minutes - one.minutes, 6) if abs(one.minutes - other.minutes) > 4.999999 else 0,
    ):
        if gap:
            return Verdict.BETTER if gap > 0 else Verdict.WORSE
    return Verdict.SAME


def test_every_couple_of_cells_against_the_naive_rule() -> None:
    cells = [
        cell(state, share=share, minutes=minutes)
        for state, share, minutes in product(State, (0.0, 0.45, 0.5, 0.6, 1.0), (2.0, 6.9, 7.0, 40.0))
    ]
    for one, other in product(cells, cells):
        verdict, rank = compare_cells(one, other, share=0.1, minutes=5.0)
        assert verdict is naive(one, other), (one, other)
        # Turned round, the answer is turned round: nobody is better off on both sides.
        mirror = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
        turned, same_rank = compare_cells(other, one, share=0.1, minutes=5.0)
        assert (turned, same_rank) == (mirror.get(verdict, verdict), rank)
        assert (rank >= 1) == (verdict is not Verdict.UNKNOWN and one.state != other.state)


def test_an_unknown_figure_is_no_difference() -> None:
    """An unknown share is not zero: it must not make the other side look better."""
    verdict, _ = compare_cells(
        cell(share=None, minutes=None), cell(share=1.0, minutes=1.0), share=0.1, minutes=5
    )
    assert verdict is Verdict.SAME


def test_a_walking_time_says_nothing_of_what_is_not_walked_to() -> None:
    """A place anywhere in the territory is enough: forty minutes more are no difference of this type."""
    near, far = (cell(share=1.0, minutes=minutes, threshold=None) for minutes in (5.0, 45.0))
    assert compare_cells(near, far, share=0.1, minutes=5)[0] is Verdict.SAME
    walked = [replace(item, threshold=15.0) for item in (near, far)]
    assert compare_cells(*walked, share=0.1, minutes=5)[0] is Verdict.BETTER


def test_differences_come_first_expected_types_before_the_others() -> None:
    left = area(
        cmp=cell(State.COUVERT),
        pmi=cell(State.ABSENT, expected=False),
        caf=cell(State.A_RELIER),
        sau=cell(State.NON_RENSEIGNE),
    )
    right = area(
        "QN2", "Les Tilleuls", cmp=cell(State.COUVERT), pmi=cell(State.COUVERT, expected=False),
        caf=cell(State.COUVERT), sau=cell(State.COUVERT),
    )  # fmt: skip
    rows = compare_areas(left, right, ORDER)
    assert [row.type_code for row in rows] == ["caf", "pmi", "sau", "cmp"]
    assert [row.verdict for row in rows] == [Verdict.WORSE, Verdict.WORSE, Verdict.UNKNOWN, Verdict.SAME]


def test_a_type_that_only_one_side_has_cannot_be_compared() -> None:
    rows = compare_areas(area(cmp=cell()), area("QN2", "Ailleurs"), ORDER)
    assert [(row.verdict, row.right) for row in rows] == [(Verdict.UNKNOWN, None)]
    _, table = places_table(area(cmp=cell()), area("QN2", "Ailleurs"), rows, labels=LABELS)
    assert table[0][:4] == ["CMP", "? non comparable", "● Couvert", "ni attendu, ni connu"]


def test_reached_counts_expected_types_and_says_what_is_unknown() -> None:
    """A type that is not known is neither reached nor lacking: it is counted apart."""
    known = area(
        cmp=cell(State.COUVERT),
        pmi=cell(State.A_RELIER),
        caf=cell(State.NON_RENSEIGNE),
        sau=cell(State.ELOIGNE),
        csapa=cell(State.COUVERT, expected=False),
    )
    found = reached(known)
    assert (found.reached, found.expected, found.unknown) == (2, 4, 1)


def test_sentences_say_what_differs_first() -> None:
    left = area(cmp=cell(State.ELOIGNE), pmi=cell(State.COUVERT), caf=cell(State.NON_RENSEIGNE))
    right = area(
        "QN2", "Les Tilleuls", cmp=cell(State.COUVERT), pmi=cell(State.A_RELIER), caf=cell(State.COUVERT)
    )
    said = places_sentences(left, right, compare_areas(left, right, ORDER), labels=LABELS)
    assert said[0] == "Beauval atteint 1 type attendu sur 3 (1 non renseigné), Les Tilleuls 3 sur 3."
    assert said[1].replace("\u00a0", " ") == "À portée seulement pour Les Tilleuls : CMP."
    assert said[2].replace("\u00a0", " ") == "Non comparable (non renseigné d'un côté au moins) : CAF."


def test_two_quartiers_of_one_name_are_told_apart() -> None:
    """A table cannot have two columns of one name, nor a reader guess which is which."""
    assert names_of(area("QN1", "Centre"), area("QN2", "Centre")) == ("Centre (QN1)", "Centre (QN2)")
    headers, _ = places_table(area("QN1", "Centre"), area("QN2", "Centre"), [], labels={})
    assert len(set(headers)) == len(headers)
    assert names_of(area("", ""), area("", ""))[0] != names_of(area("", ""), area("", ""))[1]


def later(known: Figures, **changes) -> Figures:
    return replace(known, on=date(2026, 11, 22), **changes)


def with_cells(known: Figures, **cells: Cell) -> Figures:
    return replace(known, areas={"QN1": replace(known.areas["QN1"], cells=cells)})


@pytest.mark.parametrize(
    ("before", "after", "verdict", "cause"),
    [
        (cell(State.A_RELIER, share=0.8), cell(State.COUVERT, share=0.8), Verdict.BETTER, Cause.RELATION),
        (cell(State.COUVERT, share=0.8), cell(State.A_RELIER, share=0.8), Verdict.WORSE, Cause.RELATION),
        (cell(State.A_RELIER, share=0.5), cell(State.COUVERT, share=0.8), Verdict.BETTER, Cause.PLACES),
        (cell(State.ELOIGNE, share=0.1), cell(State.A_RELIER, share=0.8), Verdict.BETTER, Cause.PLACES),
        (cell(State.COUVERT, share=0.9), cell(State.ABSENT), Verdict.WORSE, Cause.PLACES),
        (cell(State.COUVERT, share=0.9), cell(State.COUVERT, share=0.91), Verdict.BETTER, Cause.PLACES),
        (cell(State.COUVERT, share=0.9), cell(State.COUVERT, share=0.9), Verdict.SAME, Cause.NONE),
        (cell(State.NON_RENSEIGNE), cell(State.COUVERT), Verdict.LEARNT, Cause.KNOWLEDGE),
        (cell(State.COUVERT), cell(State.NON_RENSEIGNE), Verdict.FORGOTTEN, Cause.KNOWLEDGE),
        (cell(State.NON_RENSEIGNE), cell(State.NON_RENSEIGNE), Verdict.SAME, Cause.NONE),
        (None, cell(State.ABSENT), Verdict.NEW, Cause.KNOWLEDGE),
        (cell(State.ABSENT), None, Verdict.GONE, Cause.KNOWLEDGE),
    ],
)
def test_two_dates_of_one_method(
    before: Cell | None, after: Cell | None, verdict: Verdict, cause: Cause
) -> None:
    """What was not known and now is has not improved: it is known."""
    sides = [with_cells(figures(), **({"cmp": side} if side else {})) for side in (before, after)]
    (row,) = compare_dates(sides[0], later(sides[1]))
    assert (row.verdict, row.cause) == (verdict, cause)


def test_a_change_of_method_is_never_read_as_one_of_the_territory() -> None:
    """Threshold halved: without the figures of the former threshold, nobody can tell; with them, one can."""
    before = with_cells(figures(), pmi=cell(share=1.0), caf=cell(State.A_RELIER))
    method = replace(METHOD, minutes_proximite=7.0)
    after = later(
        with_cells(figures(), pmi=cell(State.ELOIGNE, share=0.2), caf=cell(State.COUVERT)), method=method
    )
    changes = method_changes(before, after)
    rows = {row.type_code: row for row in compare_dates(before, after, changes=changes)}
    assert rows["pmi"].cause is Cause.UNSURE
    assert rows["pmi"].methods == ("Seuil de proximité",)
    # CAF does not depend on a walking threshold: its change is the territory's.
    assert (rows["caf"].cause, rows["caf"].verdict) == (Cause.RELATION, Verdict.BETTER)
    said = " ".join(dates_sentences(before, after, list(rows.values()), methods=changes))
    assert "à ne pas lire comme un progrès ni un recul" in said

    same = with_cells(figures(), pmi=cell(share=1.0), caf=cell(State.COUVERT))
    rows = {row.type_code: row for row in compare_dates(before, after, alike=same, changes=changes)}
    assert (rows["pmi"].cause, rows["pmi"].verdict) == (Cause.METHOD, Verdict.WORSE)
    assert rows["caf"].cause is Cause.RELATION

    lost = with_cells(figures(), pmi=cell(State.ABSENT), caf=cell(State.COUVERT))
    rows = {row.type_code: row for row in compare_dates(before, after, alike=lost, changes=changes)}
    assert (rows["pmi"].cause, rows["pmi"].verdict) == (Cause.PLACES, Verdict.WORSE)


def test_a_method_that_hides_a_change_does_not_hide_it() -> None:
    """Closed place and longer threshold: the state looks the same, and at equal method it is worse."""
    before = with_cells(figures(), pmi=cell(share=0.9))
    after = later(with_cells(figures(), pmi=cell(share=0.9)), method=replace(METHOD, minutes_proximite=30.0))
    alike = with_cells(figures(), pmi=cell(State.ELOIGNE, share=0.3))
    (row,) = compare_dates(before, after, alike=alike, changes=method_changes(before, after))
    assert (row.cause, row.verdict) == (Cause.PLACES, Verdict.WORSE)


def test_quartiers_and_types_that_are_gone_still_have_a_name() -> None:
    before = with_cells(figures(), ancien=cell())
    before = replace(before, labels={**before.labels, "ancien": "Type d'autrefois"})
    after = replace(later(figures()), areas={"QN9": area("QN9", "Nouveau", cmp=cell())})
    rows = compare_dates(before, after)
    assert {(row.quartier_name, row.verdict) for row in rows} == {
        ("Beauval", Verdict.GONE), ("Nouveau", Verdict.NEW),
    }  # fmt: skip
    _, table = dates_table(rows, labels={**before.labels, **after.labels}, known=LABELS)
    assert "Type d'autrefois (type retiré)" in {line[2] for line in table}


def test_order_of_the_causes_what_the_territory_did_first() -> None:
    before = with_cells(
        figures(), cmp=cell(State.NON_RENSEIGNE), pmi=cell(State.COUVERT), caf=cell(State.ELOIGNE, share=0.0)
    )
    after = later(
        with_cells(figures(), cmp=cell(State.COUVERT), pmi=cell(), caf=cell(State.COUVERT, share=1.0))
    )
    assert [row.type_code for row in compare_dates(before, after)] == ["caf", "cmp", "pmi"]
