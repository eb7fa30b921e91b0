"""Somebody speaking a language of the quartier."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reseau.gaps._base import Analysis, Direction, Measure
from reseau.gaps._fine import PRINCIPLE, Details, ask

FRENCH = "fr"


def _speaks(details: Details, languages: tuple[str, ...]) -> bool | None:
    wanted = set(languages) - {FRENCH}
    if not wanted or not details.languages:
        return None
    return not wanted.isdisjoint(details.languages)


def _compute(analysis: Analysis) -> pd.Series[Any]:
    return ask(analysis, _speaks)


MEASURE = Measure(
    id="langues",
    label="Langue du quartier",
    unit="",
    direction=Direction.CATEGORY,
    formula=(
        "Au moins un lieu proche parle une des langues du quartier autres que le français ; « inconnu » tant "
        f"qu'aucune n'est renseignée pour le quartier. {PRINCIPLE}"
    ),
    compute=_compute,
)
