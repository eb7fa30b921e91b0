"""What the two measures of capacity share."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from reseau.gaps._base import Analysis, none_exists, unlocated, walking_threshold
from reseau.gaps._catchment import catchments
from reseau.model.records import Territoire
from reseau.model.typology import TERRITOIRE
from reseau.model.vocabulary import CAPACITY_UNITS

NOT_USED = (
    "Un lieu sans capacité connue, ou que partage un quartier de population inconnue, est laissé de côté et "
    "compté à part : la valeur est alors un minimum, ou inconnue si aucun lieu à portée ne peut servir. Les "
    "habitants hors des quartiers ne sont pas comptés. Sans objet pour la gamme « territoire »."
)


def access(analysis: Analysis, kind: Literal["plain", "decayed"]) -> pd.Series[Any]:
    """One of the arrays of the catchments, by couple."""
    found = catchments(analysis)
    values = found.plain if kind == "plain" else found.decayed
    return pd.Series(values.ravel(), index=analysis.column("state").index, dtype=float)


def without_ratio(analysis: Analysis) -> pd.Series[Any]:
    """Near places left out of the calculation, and known ones that could not be located."""
    return unlocated(analysis) + catchments(analysis).unusable.ravel()


def no_walk(analysis: Analysis) -> pd.Series[bool]:
    """Nothing exists, or no walk is asked of the type."""
    return none_exists(analysis) | analysis.column("threshold_minutes").isna()


def capacity_unit(word: str) -> str:
    """«places pour 1 000 habitants»."""
    return f"{word} pour 1\u202f000 habitants"


def unit_by_type(analysis: Analysis) -> dict[str, str]:
    """Unit of each type for which a capacity is known."""
    units = zip(analysis.inputs.types["type_code"], catchments(analysis).units, strict=True)
    return {code: capacity_unit(CAPACITY_UNITS[unit].split(" (")[0]) for code, unit in units if unit}


def capacity_threshold(settings: Territoire, gamme: str) -> str:
    """The walk, where there is one."""
    return "" if gamme == TERRITOIRE else walking_threshold(settings, gamme)
