"""Latitude and longitude of a row: two columns, or one that holds both."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reseau.geo.crs import epsg_at
from reseau.sources._cells import CellError, read_number

MISSING_ONE = "une seule coordonnée est donnée. Complétez latitude et longitude, ou videz les deux."
SWAPPED = (
    "latitude et longitude semblent inversées : telles quelles, le lieu n'est pas en France, échangées il "
    "y est (en France métropolitaine la latitude va de 41 à 52, la longitude de -5 à 10). Échangez les deux "
    "colonnes."
)


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84 degrees (EPSG:4326)."""

    lat: float
    lon: float


def read_position(lat: str, lon: str) -> Position:
    """Position from two cells, both given.

    Raises:
        CellError: not numbers, out of range, at 0, 0, or clearly swapped (never swapped silently).
    """
    position = Position(_degrees(lat, "latitude", 90), _degrees(lon, "longitude", 180))
    if position.lat == 0 and position.lon == 0:
        raise CellError(
            "coordonnées 0, 0 : ce n'est pas une position. Videz-les si vous ne les connaissez pas."
        )
    if epsg_at(position.lon, position.lat) is None and epsg_at(position.lat, position.lon) is not None:
        raise CellError(SWAPPED)
    return position


def _degrees(text: str, name: str, limit: int) -> float:
    try:
        value = read_number(text)
    except CellError:
        raise CellError(f"{name} « {text[:40]} » : un nombre est attendu, par exemple 43,6045.") from None
    if abs(value) > limit:
        raise CellError(
            f"{name} {text[:40]} hors bornes (entre -{limit} et {limit}) : la virgule est-elle perdue, ou "
            "sont-ce des mètres (Lambert) ? Donnez des degrés, comme 43,6045."
        )
    return value


def split_pair(text: str) -> tuple[str, str]:
    """Latitude and longitude texts of one cell: «43.6, 1.44», «43,6 ; 1,44» or «43,6 1,44».

    Raises:
        CellError: not two numbers.
    """
    bare = text.strip("[]() ")
    found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)", bare)
    parts = list(found.groups()) if found else [part for part in re.split(r"\s*[;|]\s*|,?\s+", bare) if part]
    if len(parts) != 2:
        raise CellError("coordonnées non comprises. Écrivez la latitude puis la longitude : 43.6045, 1.4440.")
    return parts[0], parts[1]
