"""How much hangs on one single structure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reseau.gaps._base import Analysis, Direction, Measure, Subject, none_near
from reseau.gaps._catchment import catchments


def _compute(analysis: Analysis) -> pd.Series[Any]:
    found = catchments(analysis).alone
    return pd.Series(found.ravel(), index=analysis.column("state").index, dtype=float)


MEASURE = Measure(
    id="dependance",
    label="Dépendance à une seule structure",
    short="Dépendance",
    unit="part de 0 à 1",
    direction=Direction.LOWER,
    formula=(
        "Plus grande part des habitants à portée qui n'auraient plus rien dans le seuil si une seule "
        "structure fermait : habitants qui n'ont qu'elle ÷ habitants à portée. Tous les lieux d'une "
        "structure comptent ensemble. Pour la gamme « territoire » : 100 % quand il n'y a qu'une "
        "structure. Sans objet quand personne n'est à portée."
    ),
    compute=_compute,
    pointless=none_near,
    subject=Subject.TIES,
    rank=1,
)
