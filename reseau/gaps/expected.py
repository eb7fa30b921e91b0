"""Which couples (quartier, type) are expected: the type is, and the quartier is large enough for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau.gaps._base import Bools


def expected_couples(states: pd.DataFrame, types: pd.DataFrame, population: pd.Series[float]) -> Bools:
    """Whether each row of `states` is expected.

    A quartier whose number of inhabitants is unknown is expected to have it: what is not known must not hide
    a gap.

    Args:
        states: frame with `quartier_id`, `type_code`.
        types: frame `type_code`, `expected`, `from_inhabitants`; without the last two columns, every type is
            expected everywhere.
        population: inhabitants by quartier id, NaN when unknown.
    """
    codes = types["type_code"].to_numpy()
    wanted = dict(zip(codes, types.get("expected", np.ones(len(types), dtype=bool)), strict=True))
    least = dict(zip(codes, types.get("from_inhabitants", np.zeros(len(types))), strict=True))
    people = states["quartier_id"].map(population).to_numpy(dtype=float)
    expected = states["type_code"].map(wanted).eq(True).to_numpy(dtype=bool)
    too_small = people < states["type_code"].map(least).to_numpy(dtype=float)
    return expected & ~too_small
