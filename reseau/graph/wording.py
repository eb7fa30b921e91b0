"""French sentences about the network, with the right number and without guessing genders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a sentence needs to know about one structure.

    Attributes:
        degree: structures tied to it, of which `dormant` by dormant ties; `planned` are not in it.
        distance: ties to the pivot, 0 for the pivot itself, None when not connected or without pivot.
        lost: names that would no longer be connected to the pivot without it.
        indirect: structures the pivot reaches through others (used for the pivot only).
        pieces: parts its own part would fall into without it, 1 when it holds together.
    """

    name: str
    degree: int
    dormant: int = 0
    planned: int = 0
    distance: int | None = None
    lost: tuple[str, ...] = ()
    indirect: int = 0
    pieces: int = 1


def count(number: int, singular: str, plural: str | None = None) -> str:
    """«1 structure», «0 structure», «2 structures»: in French, plural starts at two."""
    return f"{number} {singular if number < 2 else plural or singular + 's'}"


def enumerate_names(names: Sequence[str], *, limit: int = MAX_NAMES) -> str:
    """«A», «A et B», «A, B et C», «A, B et 5 autres»; never hides a single name behind «1 autre»."""
    shown = list(names) if len(names) <= limit + 1 else list(names[:limit])
    if hidden := len(names) - len(shown):
        shown.append(f"{hidden} autres")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} et {shown[-1]}"


def describe(role: Role, *, has_pivot: bool) -> str:
    """Sentence of a structure: its ties, what hangs on it, where it stands from the pivot."""
    planned = _planned(role.planned)
    if role.degree == 0:
        who = f"« {role.name} », votre structure," if role.distance == 0 else f"« {role.name} »"
        alone = f"{who} n'a pour l'instant de relation établie avec aucune structure"
        return f"{alone}{f' ; {planned}' if planned else ''}."
    sentences = [f"« {role.name} » est en lien avec {count(role.degree, 'structure')}{_weight(role)}."]
    if role.dormant:
        sentences.append(_dormant(role))
    if planned:
        sentences.append(f"{planned[0].upper()}{planned[1:]}.")
    sentences.append(_position(role) if has_pivot else "Aucune structure pivot n'est choisie.")
    return " ".join(filter(None, sentences))


def describe_unconnected(parts: Sequence[Sequence[str]], *, has_pivot: bool) -> str:
    """Sentence naming the parts not connected to the pivot; `parts` holds the names of each."""
    if not has_pivot:
        return (
            "Choisissez votre structure dans les réglages : "
            "Réseau pourra alors dire ce qui n'est pas relié à elle."
        )
    if not parts:
        return "Toutes les structures sont reliées à la vôtre, directement ou par d'autres."
    total = sum(map(len, parts))
    groups = [f"un groupe de {len(names)} ({enumerate_names(names)})" for names in parts if len(names) > 1]
    if len(groups) > MAX_NAMES:
        groups = [*groups[:MAX_NAMES], f"{count(len(groups) - MAX_NAMES, 'autre groupe', 'autres groupes')}"]
    if alone := [names[0] for names in parts if len(names) == 1]:
        groups.append(f"{count(len(alone), 'structure')} sans aucun lien établi ({enumerate_names(alone)})")
    verb = "n'est pas reliée" if total == 1 else "ne sont pas reliées"
    return f"{count(total, 'structure')} {verb} à la vôtre : {' ; '.join(groups)}."


def _weight(role: Role) -> str:
    if role.lost:
        other = "1 structure ne serait plus reliée" if len(role.lost) == 1 else None
        other = other or f"{len(role.lost)} structures ne seraient plus reliées"
        return f" ; sans elle, {other} à votre réseau : {enumerate_names(role.lost)}"
    if role.pieces > 1 and role.distance != 0:
        return f" ; sans elle, cette partie du réseau se couperait en {role.pieces}"
    return ""


def _dormant(role: Role) -> str:
    if role.dormant == role.degree:
        return "Ce lien est en sommeil." if role.degree == 1 else "Tous ces liens sont en sommeil."
    return f"{count(role.dormant, 'de ces liens est', 'de ces liens sont')} en sommeil."


def _planned(number: int) -> str:
    if not number:
        return ""
    return f"{count(number, 'contact est', 'contacts sont')} à prendre ou en cours"


def _position(role: Role) -> str:
    if role.distance is None:
        return "Aucun lien, même indirect, ne la relie à votre structure."
    if role.distance == 0:
        if not role.indirect:
            return "C'est votre structure."
        verb = "s'y rattache" if role.indirect == 1 else "s'y rattachent"
        return f"C'est votre structure ; {count(role.indirect, 'autre')} {verb} par des intermédiaires."
    if role.distance == 1:
        return "Votre structure est en lien direct avec elle."
    return f"Elle est à {role.distance} liens de votre structure."
