"""Latitude and longitude of a row: degrees, or metres of a French projection; never moved silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reseau.geo.crs import MAINLAND, WGS84, epsg_at, epsg_for_commune
from reseau.model.typology import normalise
from reseau.sources._cells import CellError, read_number

MISSING_ONE = "une seule coordonnée est donnée. Complétez latitude et longitude, ou videz les deux."
SWAPPED = (
    "latitude et longitude semblent inversées : telles quelles, le lieu n'est pas en France, échangées il "
    "y est (en France métropolitaine la latitude va de 41 à 52, la longitude de -5 à 10). Échangez les deux "
    "colonnes."
)
AT_ZERO = "coordonnées 0, 0 : ce n'est pas une position. Videz-les si vous ne les connaissez pas."
METRES = (
    "ce sont sans doute des mètres, et rien ne dit dans quel système de coordonnées. Ajoutez le code INSEE "
    "de la commune, ou convertissez-les en degrés, comme 43,6045 et 1,4440."
)
SWAPPED_BACK = "Latitude et longitude étaient inversées : échangées, le lieu est dans son territoire"
CONVERTED = "Coordonnées en mètres ({system}) converties en degrés"
# Under this, coordinates are degrees, or degrees whose decimal mark is lost; metres in France are well above.
_SMALLEST_METRES = 10_000
_SYSTEMS = {
    MAINLAND: "Lambert-93",
    5490: "UTM 20 Nord, Antilles",
    2972: "UTM 22 Nord, Guyane",
    2975: "UTM 40 Sud, La Réunion",
    4471: "UTM 38 Sud, Mayotte",
    4467: "UTM 21 Nord, Saint-Pierre-et-Miquelon",
    3297: "UTM 6 Sud, Polynésie française",
    8903: "UTM 1 Sud, Wallis-et-Futuna",
    3163: "Lambert, Nouvelle-Calédonie",
}
_LAMBERT_93 = re.compile(r"\b(?:[xy]? ?l(?:ambert)? ?93|rgf ?93|epsg ?2154|2154)\b")


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84 degrees (EPSG:4326). `remark`: French sentence when the text was not that, else empty."""

    lat: float
    lon: float
    remark: str = ""


def read_position(lat: str, lon: str) -> Position:
    """Position from two cells in degrees, both given.

    Raises:
        CellError: not numbers, out of range, at 0, 0, or clearly swapped (never swapped silently).
    """
    position = Position(_degrees(lat, "latitude", 90), _degrees(lon, "longitude", 180))
    if position.lat == 0 and position.lon == 0:
        raise CellError(AT_ZERO)
    if _swapped(position):
        raise CellError(SWAPPED)
    return position


def recognise_position(lat: str, lon: str, *, insee: str = "", columns: Sequence[str] = ()) -> Position:
    """Position from two cells of a public file, whatever they are written in when only one reading is left.

    Args:
        lat, lon: degrees, or metres (northing, easting) of the territory's legal projection.
        insee: INSEE code of the commune, empty when unknown; it says which overseas territory is meant.
        columns: names of the columns, which may name the projection (`x_l93`).

    Returns:
        the position; `remark` says what was corrected (swapped, converted).

    Raises:
        CellError: as `read_position`, or metres of an unknown system.
    """
    try:
        first, second = read_number(lat), read_number(lon)
    except CellError:
        return read_position(lat, lon)
    if max(abs(first), abs(second)) > 180 and min(abs(first), abs(second)) >= _SMALLEST_METRES:
        return _from_metres(first, second, insee=insee, columns=columns)
    if abs(first) <= 180 and abs(second) <= 90 and (first or second):
        straight, back = Position(first, second), Position(second, first, SWAPPED_BACK)
        territory = epsg_for_commune(insee)
        if territory and _swapped(straight) and epsg_at(back.lon, back.lat) == territory:
            return back
    return read_position(lat, lon)


def _swapped(position: Position) -> bool:
    return epsg_at(position.lon, position.lat) is None and epsg_at(position.lat, position.lon) is not None


def _from_metres(first: float, second: float, *, insee: str, columns: Sequence[str]) -> Position:
    """The two orders are tried: the territories are such that one at most falls back in its own box."""
    # These libraries are heavy: a command that reads no position in metres starts without them.
    from reseau.geo import shapes

    epsg = _system(insee, columns)
    found = []
    for x, y in {(second, first), (first, second)}:
        lon, lat = shapes.transformer(epsg, WGS84).transform(x, y) if epsg else (0.0, 0.0)
        if epsg and epsg_at(lon, lat) == epsg:
            found.append(Position(round(lat, 7), round(lon, 7), CONVERTED.format(system=_SYSTEMS[epsg])))
    if len(found) != 1:
        raise CellError(f"{first:.0f} et {second:.0f} : {METRES}")
    return found[0]


def _system(insee: str, columns: Sequence[str]) -> int | None:
    """Lambert-93 unless the commune is elsewhere; None where the commune and the columns disagree."""
    territory = epsg_for_commune(insee)
    named = any(_LAMBERT_93.search(normalise(column)) for column in columns)
    return None if named and territory not in (None, MAINLAND) else territory or MAINLAND


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
