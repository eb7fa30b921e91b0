"""How squares are named: columns of the successive publications, identifiers that carry their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reseau.model.typology import normalise

# 2015: IdINSPIRE; 2017 and 2021: Idcar_200m; 2019: idcar_200m; files of squares of one kilometre: idcar_1km.
IDENTIFIERS = ("idcar 200m", "idinspire", "id inspire", "idcar200m", "id car 200m", "idcar 1km", "idcar")
EAST, NORTH = ("x", "x laea", "x centre", "centre x"), ("y", "y laea", "y centre", "centre y")
COMMUNES = ("lcog geo", "depcom", "lcog2018", "lcog2019", "lcog", "code commune", "insee com")
PEOPLE = ("ind", "individus", "population", "habitants", "ind 200m", "pop")
HOUSEHOLDS = ("men", "menages", "men 200m")
POOR = ("men pauv", "menages pauvres", "men pauv 200m")
# Names of other squares, of groups of squares, keys of the file: numbers and words that are no figure.
_ASIDE = re.compile(
    r"(?:id|idk|fid|gid|ogc fid|objectid|groupe|i pauv|i est 1km|lcog.*|depcom.*|geom\w*|the geom|shape.*"
    r"|id ?car.*|id carr.*|idinspire.*|code.*|nom.*|lib.*)"
)
_IDENTIFIER = re.compile(r"CRS(\d{4,5})RES(\d{2,5})mN(-?\d{1,8})E(-?\d{1,8})", re.IGNORECASE)
_YEAR = re.compile(r"(?:filosofi\D{0,3}|carreaux.*[_ -])(20\d{2})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Places of the columns of a file, None where it has none.

    Attributes:
        identifier: official identifier; else `east` and `north`, metres.
        figures: place → name (lower case) of every column that may hold another figure.
    """

    identifier: int | None
    east: int | None
    north: int | None
    communes: int | None
    people: int | None
    households: int | None
    poor: int | None
    figures: dict[int, str]


@dataclass(frozen=True, slots=True)
class Corner:
    """South-west corner of a square, metres in its own coordinate system, and its side."""

    epsg: int
    side: int
    north: int
    east: int

    @property
    def code(self) -> str:
        """Official identifier, always written the same way (some files pad the east with a zero)."""
        return f"CRS{self.epsg}RES{self.side}mN{self.north}E{self.east}"


def recognise(names: Sequence[str]) -> Columns | None:
    """What the columns of a file are, None when it is no file of squares."""
    keys = [normalise(name) for name in names]

    def place(candidates: Sequence[str]) -> int | None:
        return next((keys.index(name) for name in candidates if name in keys), None)

    identifier, east, north = place(IDENTIFIERS), place(EAST), place(NORTH)
    found = [place(names) for names in (COMMUNES, PEOPLE, HOUSEHOLDS, POOR)]
    has_place = identifier is not None or (east is not None and north is not None)
    if not has_place or found[1:] == [None, None, None]:
        return None
    taken = {identifier, east, north, *found}
    return Columns(
        identifier=identifier,
        east=east,
        north=north,
        communes=found[0],
        people=found[1],
        households=found[2],
        poor=found[3],
        figures={
            index: names[index].strip().lower()
            for index, key in enumerate(keys)
            if index not in taken and key and not _ASIDE.fullmatch(key)
        },
    )


def parse(identifier: str) -> Corner | None:
    """The corner an identifier tells, None when it is not one."""
    found = _IDENTIFIER.fullmatch(identifier.strip())
    return Corner(*map(int, found.groups())) if found else None


def year_of(names: Sequence[str], *titles: str) -> int | None:
    """Year of the figures: the naming of 2015 is its own, else the file must say it in its name."""
    keys = {normalise(name) for name in names}
    if {"idinspire", "depcom"} <= keys:
        return 2015
    matches = (_YEAR.search(title) for title in titles)
    return next((int(found[1]) for found in matches if found), None)
