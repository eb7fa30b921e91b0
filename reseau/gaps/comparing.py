"""Two areas, or two dates, side by side: what differs, and whether the territory or the method made it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reseau.gaps.figures import Area, Cell, Figures
from reseau.model.vocabulary import State

LEVELS = {State.COUVERT: 3, State.A_RELIER: 2, State.ELOIGNE: 1, State.ABSENT: 0}
"""The more, the better; what is not known has no level."""
# Between two places, less than this is no difference anybody would act upon.
PLACES_SHARE, PLACES_MINUTES = 0.1, 5.0
# Between two dates of one place, only rounding is left out.
DATES_SHARE, DATES_MINUTES = 0.005, 1.0


class Verdict(StrEnum):
    """The first of two cells compared with the second (the earlier one, between two dates)."""

    BETTER = "mieux"
    WORSE = "moins_bien"
    SAME = "pareil"
    UNKNOWN = "inconnu"
    LEARNT = "connu"
    FORGOTTEN = "oublie"
    NEW = "apparu"
    GONE = "disparu"


class Cause(StrEnum):
    """What made a cell differ between two dates."""

    NONE = "aucune"
    RELATION = "relation"
    PLACES = "lieux"
    KNOWLEDGE = "connaissance"
    METHOD = "methode"
    UNSURE = "indecis"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesRow:
    """One type in two areas. `rank`: size of the difference, for the order: the largest first."""

    type_code: str
    left: Cell | None
    right: Cell | None
    verdict: Verdict
    rank: float

    @property
    def differs(self) -> bool:
        """Whether one of the two is better off."""
        return self.verdict in {Verdict.BETTER, Verdict.WORSE}

    @property
    def expected(self) -> bool:
        """Whether the type is expected of one of the two at least."""
        return any(cell is not None and cell.expected for cell in (self.left, self.right))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Of the types expected of an area: how many it reaches, how many are not known."""

    reached: int
    expected: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesRow:
    """One (quartier, type) on two dates.

    Attributes:
        alike: the later cell with the settings of the earlier date, None where they cannot be had again.
        methods: what changed in the method that this cell depends on, in French.
        rank: size of the difference, the largest first.
    """

    quartier_code: str
    quartier_name: str
    type_code: str
    before: Cell | None
    after: Cell | None
    alike: Cell | None
    verdict: Verdict
    cause: Cause
    methods: tuple[str, ...]
    rank: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChange:
    """Something other than the territory that is not the same on two sides, in French.

    Attributes:
        types, areas: codes of what it touches, None for all; empty: it changes no state by itself.
    """

    label: str
    before: str
    after: str
    types: frozenset[str] | None = None
    areas: frozenset[str] | None = None

    def touches(self, area: str, type_code: str) -> bool:
        """Whether the state of a cell depends on it."""
        return (self.types is None or type_code in self.types) and (self.areas is None or area in self.areas)


def compare_areas(left: Area, right: Area, order: Sequence[str]) -> list[PlacesRow]:
    """Types of two areas: the largest differences first, then what is not known, then what is alike.

    Expected types come first in each part.

    Args:
        left: area that is compared; `Verdict.BETTER` says that it is better off.
        right: area it is compared with.
        order: codes of the types in the order wanted among equals; others come last, by code.
    """
    place = {code: rank for rank, code in enumerate(order)}
    codes = sorted({*left.cells, *right.cells}, key=lambda code: (place.get(code, len(place)), code))
    rows = [_places_row(code, left.cells.get(code), right.cells.get(code)) for code in codes]
    return sorted(rows, key=lambda row: (_PLACES_ORDER[row.verdict], not row.expected, -row.rank))


_PLACES_ORDER = {Verdict.BETTER: 0, Verdict.WORSE: 0, Verdict.UNKNOWN: 1, Verdict.SAME: 2}


def _places_row(code: str, left: Cell | None, right: Cell | None) -> PlacesRow:
    verdict, rank = Verdict.UNKNOWN, 0.0
    if left is not None and right is not None:
        verdict, rank = compare_cells(left, right, share=PLACES_SHARE, minutes=PLACES_MINUTES)
    return PlacesRow(type_code=code, left=left, right=right, verdict=verdict, rank=rank)


def compare_cells(one: Cell, other: Cell, *, share: float, minutes: float) -> tuple[Verdict, float]:
    """The first of two cells compared with the second: by state, then share, then walking time.

    A walking time only counts where both are asked to be within a walk.

    Args:
        one, other: cells of one type.
        share: smallest difference of share (0–1) that is one, included.
        minutes: smallest difference of walking time that is one, included.

    Returns:
        Verdict and size of the difference: 1 or more between two states, less than 1 within one.
    """
    if one.state not in LEVELS or other.state not in LEVELS:
        return Verdict.UNKNOWN, 0.0
    levels = LEVELS[one.state] - LEVELS[other.state]
    if levels:
        return (Verdict.BETTER if levels > 0 else Verdict.WORSE), float(abs(levels))
    walked = one.threshold is not None and other.threshold is not None
    for first, second, least, scale in (
        (one.share, other.share, share, 1.1),
        (other.minutes if walked else None, one.minutes, minutes, 1000.0),
    ):
        if first is not None and second is not None and abs(first - second) >= least - 1e-9:
            gap = first - second
            return (Verdict.BETTER if gap > 0 else Verdict.WORSE), min(abs(gap) / scale, 0.999)
    return Verdict.SAME, 0.0


def reached(area: Area, types: Collection[str] | None = None) -> Reached:
    """How many expected types an area reaches.

    Args:
        area: its cells say what is expected.
        types: only those, None for all.
    """
    cells = [cell for code, cell in area.cells.items() if cell.expected and (types is None or code in types)]
    return Reached(
        reached=sum(cell.reached is True for cell in cells),
        expected=len(cells),
        unknown=sum(cell.reached is None for cell in cells),
    )


def compare_dates(
    before: Figures, after: Figures, *, alike: Figures | None = None, changes: Sequence[MethodChange] = ()
) -> list[DatesRow]:
    """Every (quartier, type) of two dates: what comes from the territory first, then from the method.

    A difference is only laid to the territory when the method of that cell is the same on both dates, or when
    `alike` shows it with the settings of the first date.

    Args:
        before: earlier figures.
        after: later ones.
        alike: the later ones computed again with the settings of the earlier date, None where that cannot be.
        changes: what `method_changes` says of the two.
    """
    types = [*after.labels, *(code for code in before.labels if code not in after.labels)]
    areas = [*after.areas, *(code for code in before.areas if code not in after.areas)]
    rows = []
    for area in areas:
        sides = before.areas.get(area), after.areas.get(area), alike.areas.get(area) if alike else None
        cells = [side.cells if side else {} for side in sides]
        name = next(side.name for side in (sides[1], sides[0]) if side)
        for code in types:
            if code in cells[0] or code in cells[1]:
                methods = tuple(item.label for item in changes if item.touches(area, code))
                known = (cells[0].get(code), cells[1].get(code), cells[2].get(code))
                rows.append(_dates_row((area, name, code), known, methods))
    return sorted(rows, key=lambda row: (_CAUSES_ORDER[row.cause], -row.rank))


_CAUSES_ORDER = {
    Cause.RELATION: 0, Cause.PLACES: 0, Cause.UNSURE: 1, Cause.KNOWLEDGE: 2, Cause.METHOD: 3, Cause.NONE: 4,
}  # fmt: skip


def _dates_row(
    where: tuple[str, str, str], cells: tuple[Cell | None, Cell | None, Cell | None], methods: tuple[str, ...]
) -> DatesRow:
    before, after, alike = cells
    verdict, rank = _change(before, after)
    if not methods:
        cause = _cause(before, after, verdict)
    elif alike is None or before is None or after is None:
        cause = Cause.UNSURE if verdict is not Verdict.SAME else Cause.NONE
    else:
        same_method, size = _change(before, alike)
        cause = _cause(before, alike, same_method)
        if cause is Cause.NONE:
            cause = Cause.METHOD if verdict is not Verdict.SAME else Cause.NONE
        else:
            verdict, rank = same_method, size
    area, name, code = where
    return DatesRow(
        quartier_code=area,
        quartier_name=name,
        type_code=code,
        before=before,
        after=after,
        alike=alike if methods else None,
        verdict=verdict,
        cause=cause,
        methods=methods,
        rank=rank,
    )


def _change(before: Cell | None, after: Cell | None) -> tuple[Verdict, float]:
    """The later cell compared with the earlier one."""
    if before is None or after is None:
        return (Verdict.NEW if before is None else Verdict.GONE), 0.0
    unknown = [cell.state is State.NON_RENSEIGNE for cell in (before, after)]
    if any(unknown):
        if all(unknown):
            return Verdict.SAME, 0.0
        return (Verdict.LEARNT if unknown[0] else Verdict.FORGOTTEN), 1.0
    return compare_cells(after, before, share=DATES_SHARE, minutes=DATES_MINUTES)


def _cause(before: Cell | None, after: Cell | None, verdict: Verdict) -> Cause:
    if verdict is Verdict.SAME:
        return Cause.NONE
    if before is None or after is None or verdict in {Verdict.LEARNT, Verdict.FORGOTTEN}:
        return Cause.KNOWLEDGE
    linked = {before.state, after.state} == {State.COUVERT, State.A_RELIER}
    moved, _ = compare_cells(
        _apart_from_relations(after), _apart_from_relations(before), share=DATES_SHARE, minutes=DATES_MINUTES
    )
    return Cause.RELATION if linked and moved is Verdict.SAME else Cause.PLACES


def _apart_from_relations(cell: Cell) -> Cell:
    state = State.A_RELIER if cell.state is State.COUVERT else cell.state
    return Cell(state=state, share=cell.share, minutes=cell.minutes, threshold=cell.threshold)


def counted(rows: Sequence[DatesRow]) -> Mapping[tuple[Cause, Verdict], int]:
    """How many cells of each cause and verdict."""
    found: dict[tuple[Cause, Verdict], int] = {}
    for row in rows:
        key = (row.cause, row.verdict)
        found[key] = found.get(key, 0) + 1
    return found
