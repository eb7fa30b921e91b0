"""Finer holes: among near points, does one answer a need? «oui», «non» or «inconnu», never guessed.

«non» only when every near point is known not to; without any near point the question has no object (None).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from reseau.gaps._base import Analysis, Direction, GapInputs, Measure, unlocated, walking_threshold
from reseau.model.records import Territoire
from reseau.model.vocabulary import State

T = TypeVar("T")
YES, NO, UNKNOWN = "oui", "non", "inconnu"
NEAR_STATES = frozenset({State.COUVERT, State.A_RELIER})
PRINCIPLE = (
    "« non » seulement si tous les lieux proches sont connus pour ne pas l'offrir ; sinon « inconnu »."
)


class Details(NamedTuple):
    """What is known of one service point; None (or empty) is unknown."""

    opening_hours: str
    free: bool | None
    no_appointment: bool | None
    languages: tuple[str, ...]
    accessible: bool | None


NOTHING = Details("", None, None, (), None)


Answer = Callable[[Details, tuple[str, ...]], bool | None]
"""From what is known of a point and the quartier's languages to yes, no or not known."""


def fine_measure(
    *,
    id: str,
    label: str,
    formula: str,
    answer: Callable[[Details], bool | None],
    short: str = "",
    threshold: Callable[[Territoire, str], str] = walking_threshold,
) -> Measure:
    """A measure that asks one yes/no question of each near point."""

    def asked(details: Details, _languages: tuple[str, ...]) -> bool | None:
        return answer(details)

    return Measure(
        id=id,
        label=label,
        short=short,
        unit="",
        direction=Direction.CATEGORY,
        formula=f"{formula} {PRINCIPLE}",
        compute=lambda analysis: ask(analysis, asked),
        threshold=threshold,
        unusable=lambda analysis: unanswered(analysis, asked),
        pointless=not_near,
    )


def ask(analysis: Analysis, answer: Answer) -> pd.Series[Any]:
    """Answer for each (quartier, type): Series of «oui», «non», «inconnu», None where nothing is near."""
    return of_near_states(analysis, answers_of(analysis, answer), together)


def unanswered(analysis: Analysis, answer: Answer) -> pd.Series[Any]:
    """Near points of which the answer is not known, and known places that could not be located."""
    lost, answers = unlocated(analysis), answers_of(analysis, answer)
    unknown = [answers.get(couple, []).count(None) for couple in lost.index]
    return lost + pd.Series(unknown, index=lost.index, dtype=int)


def answers_of(
    analysis: Analysis, answer: Callable[[Details, tuple[str, ...]], T]
) -> dict[Hashable, list[T]]:
    """Answers of the near points of each (quartier, type) that has any."""
    known = analysis.memo("details", lambda: details_of(analysis.inputs))
    languages = dict(analysis.inputs.quartiers["languages"])
    answers: dict[Hashable, list[T]] = {}
    for quartier_id, type_code, point in analysis.near.itertuples(index=False, name=None):
        found = answer(known(int(point)), languages[quartier_id])
        answers.setdefault((quartier_id, type_code), []).append(found)
    return answers


def not_near(analysis: Analysis) -> pd.Series[bool]:
    """Nothing is near, and that is known: who would be open there is no question."""
    return analysis.column("state").isin([State.ABSENT, State.ELOIGNE])


def of_near_states(
    analysis: Analysis, answers: Mapping[Hashable, list[T]], conclude: Callable[[list[T]], str]
) -> pd.Series[Any]:
    """What the answers come to where something is near, None elsewhere."""
    states = analysis.column("state")
    values = [
        conclude(answers.get(couple, [])) if state in NEAR_STATES else None
        for couple, state in states.items()
    ]
    return pd.Series(values, index=states.index, dtype=object)


def details_of(inputs: GapInputs) -> Callable[[int], Details]:
    """Function from a row position in `inputs.points` to what is known of that point.

    A permanence has its own hours, cost, appointment rule and languages; access is that of its host.
    """
    structures = _records(inputs.structures, ["opening_hours", "free", "no_appointment", "languages"])
    permanences = _records(inputs.permanences, ["opening_hours", "free", "no_appointment", "languages"])
    access = _records(inputs.structures, ["accessible"])
    columns = inputs.points[["structure_id", "host_id", "permanence_id"]]
    ids = [
        tuple(None if pd.isna(cell) else int(cell) for cell in row)
        for row in columns.itertuples(index=False, name=None)
    ]

    def details(point: int) -> Details:
        structure_id, host_id, permanence_id = ids[point]
        frame, key = (structures, structure_id) if permanence_id is None else (permanences, permanence_id)
        place = structure_id if permanence_id is None else host_id
        hours, free, no_appointment, languages = frame.get(key, NOTHING[:4])
        (accessible,) = access.get(place, (None,))
        return Details(hours or "", yes_no(free), yes_no(no_appointment), languages, yes_no(accessible))

    return details


def yes_no(value: Any) -> bool | None:
    """A cell as True, False or None (missing in any of its forms)."""
    return None if value is None or pd.isna(value) else bool(value)


def _records(frame: pd.DataFrame | None, columns: list[str]) -> dict[int | None, tuple[Any, ...]]:
    if frame is None:
        return {}
    cells = frame[columns].astype(object).itertuples(index=False, name=None)
    return dict(zip(frame.index.tolist(), cells, strict=True))


def together(answers: Sequence[bool | None]) -> str:
    """«oui» when one answers yes, «non» when all answer no."""
    if True in answers:
        return YES
    return NO if answers and all(answer is False for answer in answers) else UNKNOWN
