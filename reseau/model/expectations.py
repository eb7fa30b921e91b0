"""What a quartier is expected to reach: a documented starting point, edited by each territory.

No national norm says which services a quartier should reach. `typologies/attendus.csv` (UTF-8, `;`, one type
a line) gives a theme, a weight, a size and a reason for each type; a territory changes the weights and sizes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from reseau.model.records import TypeSetting
from reseau.model.typology import TYPOLOGIES_DIR, PartnerType
from reseau.model.vocabulary import THEMES

NO_NORM = (
    "Il n'existe pas de norme nationale : ce qui est attendu, les poids et les tailles sont un point de "
    "départ, que votre territoire discute et change (Réglages, Types attendus)."
)
"""Said wherever what is expected is shown."""
START_LABEL = "référence de départ"
# What the shipped reference uses; a territory may write other figures.
SIZES = (0, 1000, 2500, 5000)
LIGHTEST, HEAVIEST = 0.5, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the starting reference says of one type.

    Attributes:
        theme: key of `THEMES`, what residents ask for when they need it; empty for a type it does not know.
        weight: how much an uncovered inhabitant counts, 0.5 to 3.
        from_inhabitants: expected of quartiers of at least so many inhabitants.
        why: French sentence.
    """

    type_code: str
    theme: str
    weight: float
    from_inhabitants: int
    why: str


@cache
def load_expectations() -> dict[str, Expectation]:
    """The starting reference by type code.

    Raises:
        ValueError: an unknown theme, or a weight or a size out of what the reference allows.
    """
    with (TYPOLOGIES_DIR / "attendus.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _read(row) for row in csv.DictReader(file, delimiter=";")}


def expectation_of(type_code: str) -> Expectation:
    """What the reference says of a type; one it does not know counts once, everywhere, without theme."""
    unknown = Expectation(type_code=type_code, theme="", weight=1.0, from_inhabitants=0, why="")
    return load_expectations().get(type_code, unknown)


def starting_setting(item: PartnerType) -> TypeSetting:
    """What a territory expects of a type before it changes anything."""
    known = expectation_of(item.code)
    return TypeSetting(
        type_code=item.code,
        expected=item.expected,
        gamme=item.gamme,
        weight=known.weight,
        from_inhabitants=known.from_inhabitants,
    )


def _read(row: dict[str, str]) -> Expectation:
    found = Expectation(
        type_code=row["code"],
        theme=row["theme"],
        weight=float(row["poids"].replace(",", ".")),
        from_inhabitants=int(row["a_partir_de"]),
        why=row["pourquoi"],
    )
    if found.theme not in THEMES:
        raise ValueError(f"attendus.csv, {found.type_code}: unknown theme {found.theme!r}")
    if not LIGHTEST <= found.weight <= HEAVIEST or found.from_inhabitants not in SIZES:
        raise ValueError(f"attendus.csv, {found.type_code}: weight or size out of range")
    return found
