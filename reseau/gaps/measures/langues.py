"""Somebody speaking a language of the quartier."""

from __future__ import annotations

from reseau.gaps._base import Direction, Measure
from reseau.gaps._fine import PRINCIPLE, Details, ask, not_near, unanswered

FRENCH = "fr"


def _speaks(details: Details, languages: tuple[str, ...]) -> bool | None:
    wanted = set(languages) - {FRENCH}
    if not wanted or not details.languages:
        return None
    return not wanted.isdisjoint(details.languages)


MEASURE = Measure(
    id="langues",
    label="Langue du quartier",
    short="Langue",
    unit="",
    direction=Direction.CATEGORY,
    formula=(
        "Au moins un lieu proche parle une des langues du quartier autres que le français ; « inconnu » tant "
        f"qu'aucune n'est renseignée pour le quartier. {PRINCIPLE}"
    ),
    compute=lambda analysis: ask(analysis, _speaks),
    unusable=lambda analysis: unanswered(analysis, _speaks),
    pointless=not_near,
)
