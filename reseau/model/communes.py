"""INSEE commune codes: reading them back, arrondissements, communes that merged."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Arrondissement codes of the three cities that have them, by commune.
_ARRONDISSEMENTS = {
    "75056": tuple(str(code) for code in range(75101, 75121)),
    "69123": tuple(str(code) for code in range(69381, 69390)),
    "13055": tuple(str(code) for code in range(13201, 13217)),
}
CITIES = frozenset(_ARRONDISSEMENTS)
_CITY_OF = {code: city for city, codes in _ARRONDISSEMENTS.items() for code in codes}
# Old code → code in force: Pierrefitte-sur-Seine joined Saint-Denis in 2025; Saint-Barthélemy and
# Saint-Martin left Guadeloupe in 2007 but national registers still use their old codes.
_SUCCESSORS = {"93059": "93066", "97123": "97701", "97127": "97801"}
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


def restore_insee(text: str) -> str | None:
    """An INSEE code as five characters, or None when the text is not one.

    A leading zero lost by a spreadsheet (`2691`) or a decimal point it added (`31555.0`) is undone.
    """
    code = re.sub(r"\.0+$", "", text.strip().upper())
    if re.fullmatch(r"\d{4}", code):
        code = "0" + code
    return code if _INSEE.fullmatch(code) else None


def current_code(insee: str) -> str:
    """The code in force of a commune that merged or changed code, else the code itself."""
    return _SUCCESSORS.get(insee, insee)


def city_of(insee: str) -> str:
    """INSEE code of the city an arrondissement of Paris, Lyon or Marseille belongs to, else the same code."""
    return _CITY_OF.get(insee, insee)


def commune_of(insee: str) -> str:
    """The commune in force: Paris for one of its arrondissements, Saint-Denis for Pierrefitte."""
    return city_of(current_code(insee))


def department_of(insee: str) -> str:
    """Department of a commune: `31`, `2A`, three characters overseas (`974`)."""
    return insee[:3] if insee.startswith(("97", "98")) else insee[:2]


def matching_codes(communes: Iterable[str]) -> frozenset[str]:
    """Codes in force that designate something in one of these communes.

    A city brings its arrondissements; an arrondissement brings its city's code, because a file that
    only knows the city cannot be told apart, but not the other arrondissements. Compare with
    `current_code(insee)`.
    """
    codes = {current_code(code) for code in communes}
    cities = {_CITY_OF[code] for code in codes if code in _CITY_OF}
    districts = {part for code in codes for part in _ARRONDISSEMENTS.get(code, ())}
    return frozenset(codes | cities | districts)
