"""What a screen must not locate: sensitive subjects, unless the team chose to show their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reseau.model.screens import Screen
from reseau.model.typology import load_typology
from reseau.screens.needs import Need, load_needs

NUMBERS_ONLY, PLACES, NOTHING = "numeros", "lieux", "rien"

# Themes of actions that say a subject by themselves.
THEMES = {"addictions": "addictions", "violences": "violences"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What is kept off a screen.

    Attributes:
        types: codes of types; one of them is enough.
        needs: keys of needs.
        themes: themes of actions.
    """

    types: frozenset[str]
    needs: frozenset[str]
    themes: frozenset[str]

    def bars(self, types: Iterable[str], needs: Iterable[str] = ()) -> bool:
        """Whether a service with these types, put by hand under these needs, is kept off."""
        return not (self.types.isdisjoint(types) and self.needs.isdisjoint(needs))


def mode_of(need: Need, screen: Screen) -> str:
    """How a screen shows a need: `lieux` for one that is not sensitive; anything unheard of is the safest."""
    if not need.subject:
        return PLACES
    mode = screen.sensitive.get(need.subject, NUMBERS_ONLY)
    return mode if mode in {PLACES, NOTHING} else NUMBERS_ONLY


def guard_of(screen: Screen) -> Guard:
    """What this screen must not locate.

    A sensitive type of the typology that no sensitive need claims has no subject a team could open: it is
    always kept off.
    """
    needs = load_needs()
    hidden = {key: need for key, need in needs.items() if mode_of(need, screen) != PLACES}
    opened = _types({key: need for key, need in needs.items() if need.subject and key not in hidden})
    sensitive = {item.code for item in load_typology() if item.sensitive}
    subjects = {need.subject for need in hidden.values()}
    return Guard(
        types=frozenset(_types(hidden) | (sensitive - opened)),
        needs=frozenset(hidden),
        themes=frozenset(theme for theme, subject in THEMES.items() if subject in subjects),
    )


def _types(needs: Mapping[str, Need]) -> set[str]:
    return {code for need in needs.values() for code in need.types}
