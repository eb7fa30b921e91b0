"""The score of a sheet: share of what should be said that is said."""

from __future__ import annotations

import pandas as pd

from reseau.quality.criteria import CRITERIA, Mark


def quality(structures: pd.DataFrame) -> pd.DataFrame:
    """Marks and score of each open structure.

    Args:
        structures: columns `STRUCTURES`, plus `inside_commune` and `fresh` (True, False, or None where it
            cannot be told).

    Returns:
        One row per structure that is not closed, same index: a column per criterion id (`Mark`), `score`
        (weights of «oui» / weights of the criteria that apply, 0–1, NaN when none applies) and `missing`
        (ids of the criteria answered «non», the heaviest first).
    """
    frame = structures[~structures["closed"]]
    marks = pd.DataFrame(index=frame.index)
    won = pd.Series(0.0, index=frame.index)
    asked = pd.Series(0.0, index=frame.index)
    for criterion in CRITERIA:
        holds = criterion.holds(frame)
        applies = criterion.applies(frame) if criterion.applies else pd.Series(True, index=frame.index)
        marks[criterion.id] = holds.map({True: Mark.YES, False: Mark.NO}).where(applies, Mark.NOT_APPLICABLE)
        won += (holds & applies) * criterion.weight
        asked += applies * criterion.weight
    heavy_first = sorted(CRITERIA, key=lambda criterion: -criterion.weight)
    missing = [
        tuple(item.id for item in heavy_first if row[item.id] == Mark.NO) for row in marks.to_dict("records")
    ]
    return marks.assign(
        score=(won / asked).where(asked > 0), missing=pd.Series(missing, index=frame.index, dtype=object)
    )
