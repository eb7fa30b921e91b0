"""Pairs of structures that may be one and the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reseau.matching import scores
from reseau.matching.blocks import MAX_BLOCK, RADIUS_M, Candidates, candidates
from reseau.matching.evidence import Evidence, weigh
from reseau.matching.prepare import Sheets, read_sheets
from reseau.matching.words import Abbreviations, load_abbreviations
from reseau.model.typology import Typology

PAIRS = ("a_id", "b_id", "score", "verdict", "reasons", "metres")


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs, and what to know about how they were looked for.

    Attributes:
        pairs: columns `PAIRS`, best first. `a_id` is the structure whose uid comes first, `score` 0–100,
            `reasons` a tuple of French words, `metres` NaN when a position is unknown.
        notes: French sentences.
    """

    pairs: pd.DataFrame
    notes: tuple[str, ...] = ()


def find(
    structures: pd.DataFrame,
    *,
    epsg: int,
    typology: Typology,
    minimum: float = scores.POSSIBLE_FROM,
    table: Abbreviations | None = None,
) -> Found:
    """Look for pairs of structures that may be the same place.

    The answer does not depend on the order of the rows; the score of a pair depends on these two alone.
    Other rows decide whether it is looked at: among more than `MAX_BLOCK` at one place, each is compared
    with its neighbours by name only, and without positions a word must be rare in its commune to tell.

    Args:
        structures: STRUCTURES columns (those of `reseau.matching.prepare.COLUMNS`), index = id, WGS84.
        epsg: metric system to measure distances in.
        typology: gives the family of each type.
        minimum: lowest score kept, 0–100.
        table: abbreviations to undo, None for those shipped.
    """
    abbreviations = load_abbreviations() if table is None else table
    sheets = read_sheets(structures, epsg=epsg, typology=typology, table=abbreviations)
    found = candidates(sheets)
    clues = weigh(sheets, found)
    return Found(_frame(sheets, found, clues, minimum), _notes(found))


def pairs(structures: pd.DataFrame, *, epsg: int, typology: Typology) -> pd.DataFrame:
    """The pairs of `find`, alone."""
    return find(structures, epsg=epsg, typology=typology).pairs


def _frame(sheets: Sheets, found: Candidates, clues: Evidence, minimum: float) -> pd.DataFrame:
    score = scores.score(clues)
    sure = scores.certain(clues)
    kept = np.flatnonzero((score >= minimum) | sure)
    # Best first; of two pairs as good, the order of the identifiers decides.
    kept = kept[np.lexsort((found.second[kept], found.first[kept], -score[kept]))]
    verdict = scores.verdicts(score, sure)[kept]
    a, b = found.first[kept], found.second[kept]
    why = [_reasons(sheets, found, clues, rank) for rank in kept.tolist()]
    frame = pd.DataFrame(
        {
            "a_id": sheets.ids[a],
            "b_id": sheets.ids[b],
            "score": score[kept],
            "verdict": pd.Series(verdict, dtype=object),
            "reasons": pd.Series(why, dtype=object),
            "metres": clues.metres[kept],
        }
    )
    return frame[list(PAIRS)]


def _reasons(sheets: Sheets, found: Candidates, clues: Evidence, rank: int) -> tuple[str, ...]:
    closed = int(sheets.closed[found.first[rank]]) + int(sheets.closed[found.second[rank]])
    said = ("", "l'une des deux est fermée", "les deux sont fermées")[closed]
    return (*scores.reasons(clues, rank), *filter(None, (said,)))


def _notes(found: Candidates) -> tuple[str, ...]:
    if not found.crowded:
        return ()
    return (
        f"{found.crowded} structures sont à plus de {MAX_BLOCK} dans un rayon de {RADIUS_M:.0f} m, ou à la "
        "même adresse : chacune n'y a été comparée qu'à celles dont le nom commence de même ou partage un "
        "mot rare. Vérifiez leurs positions.",
    )
