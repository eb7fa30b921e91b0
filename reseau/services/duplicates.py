"""Pairs of sheets that may be one structure, and what people answered about them."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau.errors import NotFound, RefusedInput
from reseau.matching.pairs import Found, find
from reseau.matching.prepare import COLUMNS
from reseau.matching.scores import CERTAIN, POSSIBLE, POSSIBLE_FROM, PROBABLE, UNLIKELY
from reseau.services.app import App
from reseau.services.merging_structures import (
    GONE,
    KEPT,
    Difference,
    Left,
    Merge,
    differences,
    list_merges,
    merge,
    unmerge,
)
from reseau.services.view import View, open_view
from reseau.store import imports, territoires
from reseau.store import merges as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "CERTAIN", "DISTINCT", "GONE", "KEPT", "POSSIBLE", "POSSIBLE_FROM", "PROBABLE", "VERDICT_LABELS",
    "Difference", "DistinctPair", "Left", "Merge", "Pair", "Queue", "differences", "distinct_pairs",
    "forget_answer", "list_merges", "merge", "pairs_to_confirm", "queue", "say_distinct", "unmerge",
]  # fmt: skip

DISTINCT = "distinct"
VERDICT_LABELS = {
    CERTAIN: "certain", PROBABLE: "probable", POSSIBLE: "possible", UNLIKELY: "peu probable",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two sheets to look at side by side.

    Attributes:
        score: likeness, 0–100.
        verdict: key of `VERDICT_LABELS`.
        reasons: French words, what speaks for it first.
        metres: between the two, None when a position is unknown.
    """

    a_id: int
    b_id: int
    a_uid: str
    b_uid: str
    a_name: str
    b_name: str
    score: float
    verdict: str
    reasons: tuple[str, ...] = ()
    metres: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Pairs to confirm, best first, and what to know about how they were looked for (French)."""

    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctPair:
    """Two sheets that a person said to be two different structures."""

    a_id: int
    b_id: int
    a_name: str
    b_name: str


@dataclass(slots=True)
class _Memory:
    """The last search of each territory: looking at a journal entry must not cost another search."""

    lock: threading.Lock
    found: dict[tuple[str, int, float], tuple[str, Found]]


_MEMORY = _Memory(threading.Lock(), {})
_REMEMBERED = 16


def pairs_to_confirm(app: App, territoire_id: int, *, minimum: float = POSSIBLE_FROM) -> list[Pair]:
    """Pairs that may be one structure, best first, without those a person said to be different.

    Structures put aside or merged are not there; closed ones are, and the reasons say so.

    Args:
        minimum: lowest score shown, 0–100.

    Raises:
        NotFound: no such territory.
        RefusedInput: a minimum that is no score.
    """
    return list(queue(app, territoire_id, minimum=minimum).pairs)


def queue(app: App, territoire_id: int, *, minimum: float = POSSIBLE_FROM) -> Queue:
    """As `pairs_to_confirm`, with what to know about the search."""
    if not 0 <= minimum <= 100:
        raise RefusedInput(f"Le score minimum va de 0 à 100 : {minimum:g} n'en est pas un.")
    view = open_view(app, territoire_id)
    found = _found(app, view, minimum)
    with app.store.read() as connection:
        answered = repository.answers_of(connection, territoire_id)
    uids, names = view.structures["uid"].to_dict(), view.structures["name"].to_dict()
    pairs = tuple(
        Pair(
            a_id=a_id,
            b_id=b_id,
            a_uid=uids[a_id],
            b_uid=uids[b_id],
            a_name=names[a_id],
            b_name=names[b_id],
            score=float(score),
            verdict=verdict,
            reasons=reasons,
            metres=None if np.isnan(metres) else float(metres),
        )
        for a_id, b_id, score, verdict, reasons, metres in found.pairs.itertuples(index=False, name=None)
        if answered.get(_ordered(a_id, b_id)) != DISTINCT
    )
    return Queue(pairs=pairs, notes=found.notes)


def say_distinct(app: App, territoire_id: int, a_id: int, b_id: int) -> None:
    """Two different structures: the pair is not asked about again (see `forget_answer`).

    Raises:
        NotFound: one of the two is not in this territory.
        RefusedInput: twice the same sheet.
    """
    with app.store.write() as connection:
        _require_pair(connection, territoire_id, a_id, b_id)
        repository.set_answer(connection, _ordered(a_id, b_id), DISTINCT)
        territoires.touch(connection, territoire_id)


def forget_answer(app: App, territoire_id: int, a_id: int, b_id: int) -> None:
    """Take an answer back: the pair is to be confirmed again.

    Raises:
        NotFound: one of the two is not in this territory.
    """
    with app.store.write() as connection:
        _require_pair(connection, territoire_id, a_id, b_id)
        repository.remove_answer(connection, _ordered(a_id, b_id))
        territoires.touch(connection, territoire_id)


def distinct_pairs(app: App, territoire_id: int) -> list[DistinctPair]:
    """Pairs said to be different, both sheets being there."""
    names = open_view(app, territoire_id).structures["name"].to_dict()
    with app.store.read() as connection:
        answered = repository.answers_of(connection, territoire_id)
    return [
        DistinctPair(a_id=a_id, b_id=b_id, a_name=names[a_id], b_name=names[b_id])
        for (a_id, b_id), answer in sorted(answered.items())
        if answer == DISTINCT and a_id in names and b_id in names
    ]


def _ordered(a_id: int, b_id: int) -> tuple[int, int]:
    return (a_id, b_id) if a_id < b_id else (b_id, a_id)


def _require_pair(connection: Connection, territoire_id: int, a_id: int, b_id: int) -> None:
    if a_id == b_id:
        raise RefusedInput("C'est deux fois la même fiche : choisissez-en deux.")
    rows = imports.rows_by_id(connection, "structures", (a_id, b_id))
    if any(row_id not in rows or rows[row_id]["territoire_id"] != territoire_id for row_id in (a_id, b_id)):
        raise NotFound("Une des deux fiches n'existe pas (ou plus). Revenez à la liste.")


def _found(app: App, view: View, minimum: float) -> Found:
    """The search, made again only when what it reads has changed."""
    mark = view.memo("duplicates_mark", partial(_mark, view))
    key = (app.store.url, view.territoire_id, minimum)
    with _MEMORY.lock:
        known = _MEMORY.found.get(key)
    if known is not None and known[0] == mark:
        return known[1]
    found = find(_compared(view), epsg=view.epsg, typology=view.typology, minimum=minimum)
    with _MEMORY.lock:
        _MEMORY.found.pop(key, None)
        while len(_MEMORY.found) >= _REMEMBERED:
            _MEMORY.found.pop(next(iter(_MEMORY.found)))
        _MEMORY.found[key] = (mark, found)
    return found


def _compared(view: View) -> pd.DataFrame:
    """What the search reads of the structures."""
    return pd.DataFrame(view.structures[list(COLUMNS)].assign(insee=view.insee))


def _mark(view: View) -> str:
    hashes = pd.util.hash_pandas_object(_compared(view).astype(str), index=True)
    return f"{view.epsg} {hashlib.sha256(hashes.to_numpy().tobytes()).hexdigest()}"
