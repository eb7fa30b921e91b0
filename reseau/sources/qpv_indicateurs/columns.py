"""What each column of a file of figures is, under the names that successive publications gave it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reseau.model.typology import normalise
from reseau.sources.qpv.attributes import OWN_CODES

CODES = (*OWN_CODES, "codgeo", "code geographique", "code du quartier", "code quartier prioritaire")
NAMES = frozenset(
    {"nom qp", "lib qp", "nom qpv", "lib qpv", "libqp", "libqpv", "libelle qp", "libgeo", "nom quartier"}
    | {"libelle geographique", "libelle"}
)
COMMUNES = frozenset({"listedepcom", "liste depcom", "insee com", "code commune", "code insee", "depcom"})
YEARS = frozenset({"annee", "millesime", "an"})
# `pop_mun`, `POP_MUN_2018`, `popMuniQPV`, `PMUN13`, `P18_POP`, «Population municipale 2021».
_POPULATION = re.compile(
    r"(?:(?:pop ?muni?|pmun|population municipale)(?: ?qpv?)?(?: ?(?P<after>\d{4}|\d{2}))?"
    r"|p(?P<before>\d{2}) (?:pop|pmun))"
)
# Numbers that name something: a region, an urban unit.
_IDENTIFIER = re.compile(
    r"(?:code|cod|siren|insee|liste|lib|libelle|nom)\w*(?: .*)?|reg|dep|epci\w*|uu\d*|fid|id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns of one file by what they are; empty where there is none.

    Attributes:
        population_year: year in the name of the population column, None when it says none.
        figures: every column that may hold a figure, population included.
    """

    code: str
    name: str = ""
    communes: str = ""
    year: str = ""
    population: str = ""
    population_year: int | None = None
    figures: tuple[str, ...] = ()


def recognise(columns: Sequence[str]) -> Columns | None:
    """What the columns of a file are, None when none gives the code of a quartier."""
    keys = {column: normalise(column) for column in columns}
    code = _first(columns, keys, CODES)
    if not code:
        return None
    name, communes, year = (_first(columns, keys, names) for names in (NAMES, COMMUNES, YEARS))
    population, population_year = _population(keys)
    taken = {code, name, communes, year}
    return Columns(
        code=code,
        name=name,
        communes=communes,
        year=year,
        population=population,
        population_year=population_year,
        figures=tuple(c for c in columns if c not in taken and not _IDENTIFIER.fullmatch(keys[c])),
    )


def count_recognised(cells: Sequence[str]) -> int:
    """How much a row of cells looks like the header: 0 without a code of quartier."""
    found = recognise([cell for cell in cells if cell])
    return 0 if found is None else 1 + bool(found.name) + bool(found.population) + min(len(found.figures), 3)


def population_year_of(column: str) -> int | None:
    """Year in the name of a population column, None when it says none or is no such column."""
    found = _POPULATION.fullmatch(normalise(column))
    digits = (found["after"] or found["before"]) if found else None
    if not digits:
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _first(columns: Sequence[str], keys: dict[str, str], names: Iterable[str]) -> str:
    wanted = set(names)
    return next((column for column in columns if keys[column] in wanted), "")


def _population(keys: dict[str, str]) -> tuple[str, int | None]:
    """The population column of the latest year."""
    found = [column for column, key in keys.items() if _POPULATION.fullmatch(key)]
    latest = max(found, key=lambda column: population_year_of(column) or 0, default="")
    return latest, population_year_of(latest)
