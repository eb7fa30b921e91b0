"""Relations that exist on paper."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from reseau.gaps._base import Analysis, Direction, Measure, Subject
from reseau.model.vocabulary import RelationStatus, State

MONTHS = 12
CONVENTION, CONVENTION_LEVEL = "convention", 5
Couple = Hashable


def _compute(analysis: Analysis) -> pd.Series[Any]:
    index = analysis.column("state").index
    ties = analysis.memo("dormance", lambda: _by_couple(analysis))
    return pd.Series([_share(ties.get(couple, [])) for couple in index], index=index, dtype=float)


def _unusable(analysis: Analysis) -> pd.Series[Any]:
    index = analysis.column("state").index
    ties = analysis.memo("dormance", lambda: _by_couple(analysis))
    return pd.Series([ties.get(couple, []).count(None) for couple in index], index=index, dtype=int)


def _no_relation(analysis: Analysis) -> pd.Series[bool]:
    """No relation with what is near, where a pivot is chosen and something near may be known."""
    ties, states = analysis.memo("dormance", lambda: _by_couple(analysis)), analysis.column("state")
    without = pd.Series([not ties.get(couple) for couple in states.index], index=states.index)
    return without & (states != State.NON_RENSEIGNE) & bool(analysis.inputs.pivot_ids)


def _share(asleep: list[bool | None]) -> float | None:
    known = [item for item in asleep if item is not None]
    return sum(known) / len(known) if known else None


def _by_couple(analysis: Analysis) -> dict[Couple, list[bool | None]]:
    """Whether each relation with a structure near (quartier, type) sleeps; None where nothing says."""
    of_structure: dict[int, list[bool | None]] = {}
    for structure_id, asleep in _relations(analysis):
        of_structure.setdefault(structure_id, []).append(asleep)
    holders = analysis.inputs.points["structure_id"].to_numpy(dtype=int)
    near = zip(analysis.near["quartier_id"], analysis.near["type_code"], analysis.near["point"], strict=True)
    partners = {(quartier_id, type_code, int(holders[point])) for quartier_id, type_code, point in near}
    found: dict[Couple, list[bool | None]] = {}
    for quartier_id, type_code, structure_id in partners:
        found.setdefault((quartier_id, type_code), []).extend(of_structure.get(structure_id, []))
    return found


def _relations(analysis: Analysis) -> Iterator[tuple[int, bool | None]]:
    """Partner of the pivot and whether the relation sleeps, for relations that are said to exist."""
    pivots = analysis.inputs.pivot_ids
    rows: Iterable[Any] = analysis.inputs.relations.itertuples()
    for row in rows:
        ends = {row.from_id, row.to_id}
        if row.status in {RelationStatus.ACTIF, RelationStatus.EN_SOMMEIL} and ends & pivots:
            for partner in ends - pivots:
                yield partner, _asleep(row, analysis.inputs.on)


def _asleep(row: Any, on: date | None) -> bool | None:
    if row.status == RelationStatus.EN_SOMMEIL:
        return True
    if on is None:
        return None
    renewal, contact = _day(row.renewal_on), _day(row.last_contact_on)
    signed = row.purpose == CONVENTION or row.intensity == CONVENTION_LEVEL
    if signed and renewal is not None and renewal < on:
        return True
    return None if contact is None else contact < _a_year_before(on)


def _a_year_before(on: date) -> date:
    # A leap day has no anniversary: the day before.
    return on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)


def _day(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, datetime) else value


MEASURE = Measure(
    id="dormance",
    label="Relations qui n'existent que sur le papier",
    short="Dormance",
    unit="part de 0 à 1",
    direction=Direction.LOWER,
    formula=(
        "Parmi les relations de la structure pivot avec les structures proches de ce type : part de "
        f"celles qui sont en sommeil, dites actives mais sans contact depuis {MONTHS} mois, ou dont la "
        "convention a passé sa date de renouvellement. Une relation dont le dernier contact n'est pas "
        "noté n'est ni l'un ni l'autre : elle est comptée à part. Sans objet quand il n'y a pas de "
        "relation."
    ),
    compute=_compute,
    subject=Subject.TIES,
    rank=2,
    threshold=lambda _settings, _gamme: f"{MONTHS}\u00a0mois",
    unusable=_unusable,
    pointless=_no_relation,
)
