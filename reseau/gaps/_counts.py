"""Numbers of places that mean something only where they could be counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reseau.gaps._base import Analysis


def where_drawn(analysis: Analysis, name: str) -> pd.Series[Any]:
    """A count of placed places; NaN without a boundary of the quartier, or with nothing known placed."""
    counts = analysis.column(name).astype(float)
    points, n_types = analysis.points, len(analysis.inputs.types)
    known = np.bincount(points.type[points.placed | points.unplaced], minlength=n_types)
    placed = np.bincount(points.type[points.placed], minlength=n_types)
    blind = ~analysis.population.drawn[:, None] | ((known > 0) & (placed == 0))[None, :]
    return counts.mask(blind.ravel())
