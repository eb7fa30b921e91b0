"""Inhabitants for each place within reach."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reseau.gaps._base import Analysis, Direction, Measure, Subject, none_near


def _compute(analysis: Analysis) -> pd.Series[Any]:
    near = analysis.column("n_near").astype(float)
    people = analysis.people.reindex(near.index.get_level_values("quartier_id")).set_axis(near.index)
    return people / near.where(near > 0)


MEASURE = Measure(
    id="habitants_par_lieu",
    label="Habitants du quartier par lieu proche",
    short="Hab. par lieu",
    unit="habitants",
    direction=Direction.LOWER,
    formula=(
        "Habitants du quartier ÷ nombre de lieux proches de ce type. Inconnu quand la population est "
        "inconnue, sans objet quand aucun lieu n'est proche. Les habitants des alentours, qui y vont aussi, "
        "ne sont pas comptés."
    ),
    compute=_compute,
    pointless=none_near,
    subject=Subject.SUPPLY,
    rank=4,
)
