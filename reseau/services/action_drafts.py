"""An action prepared from a gap: what is filled in, where it could be held, with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.gaps.sentences import gap_sentence
from reseau.model.french import distance
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import ActionStatus, RelationStatus, State

if TYPE_CHECKING:
    from reseau.services.view import View

# Places used to lending a room, the most usual first.
HOST_TYPES = (
    "centre-social", "maison-quartier", "ecole", "mairie", "msp", "centre-sante", "culture",
    "france-services", "asso-familles", "jardin-partage", "creche", "mission-locale", "information-jeunesse",
)  # fmt: skip
NEIGHBOUR_METRES = 500.0
N_PLACES, N_OF_TYPE, N_ACTIVE = 8, 3, 4
TIE_WORDS = {
    RelationStatus.ACTIF: "relation active avec vous",
    RelationStatus.CONTACT_PRIS: "contact pris",
    RelationStatus.EN_SOMMEIL: "relation en sommeil",
    RelationStatus.A_CONTACTER: "à contacter",
}
NO_TIE = "pas encore de relation"
# The best tie of a pair wins: they may have several.
TIE_ORDER = tuple(TIE_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A structure that could host or take part, and why, in French («dans le quartier, contact pris»).

    Attributes:
        neighbour: within 500 m of the quartier.
    """

    structure_id: int
    name: str
    reason: str
    role: str = "accueille"
    neighbour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAction:
    """An action to complete.

    Attributes:
        values: fields of an action, as `save_action` takes them.
        sentence: the gap it answers, in words.
        places: structures that could host it, best first.
        partners: structures that could take part, best first.
    """

    values: dict[str, Any]
    sentence: str
    places: tuple[Suggestion, ...]
    partners: tuple[Suggestion, ...]


def prepare_action(view: View, quartier_id: int, type_code: str) -> PreparedAction:
    """The action that would answer a gap.

    Raises:
        KeyError: no such quartier or type in this territory.
    """
    quartier, partner_type = view.quartiers.loc[quartier_id], view.typology[type_code]
    sentence = gap_words(view, quartier_id, type_code)
    places = suggested_places(view, quartier_id)
    far = _state(view, quartier_id, type_code) in {State.ELOIGNE, State.ABSENT}
    values = {
        "title": f"{partner_type.short_label} : aller vers {quartier['name']}",
        "form": "permanence_hors_murs" if far else "autre",
        "theme": FAMILIES[partner_type.family].label,
        "publics": ("tous",),
        "languages": tuple(quartier["languages"]),
        "quartiers": (str(quartier["code"]),),
        "type_code": type_code,
        "host_id": places[0].structure_id if places and places[0].neighbour else None,
        "status": ActionStatus.IDEE.value,
        "note": f"Répond à ce constat du {view.on:%d/%m/%Y} : {sentence}",
    }
    return PreparedAction(
        values=values,
        sentence=sentence,
        places=places,
        partners=suggested_partners(view, quartier_id, type_code),
    )


def gap_words(view: View, quartier_id: int, type_code: str) -> str:
    """State of a type for a quartier today, in a sentence (plain text)."""
    quartier: Any = view.people.loc[quartier_id]
    return gap_sentence(
        _gap(view, quartier_id, type_code),
        quartier=quartier,
        partner_type=view.typology[type_code],
        settings=view.territoire,
        walked=not view.travel.is_straight,
    )


def suggested_places(view: View, quartier_id: int, *, n: int = N_PLACES) -> tuple[Suggestion, ...]:
    """Where an action for a quartier could be held: usual hosts inside, then within 500 m, then others.

    Inside each group: kind of host (`HOST_TYPES`), active tie first, then the nearest.
    """
    metres = _metres_to(view, quartier_id)
    ties = pivot_ties(view)
    ranked = sorted(
        metres.index,
        key=lambda item: (
            *_place_group(view.structures.at[item, "types"], metres[item]),
            ties.get(item) != RelationStatus.ACTIF,
            metres[item],
        ),
    )
    return tuple(
        Suggestion(
            structure_id=int(item),
            name=str(view.structures.at[item, "name"]),
            reason=f"{_where(metres[item])}, {_tie(view, item, ties)}",
            neighbour=bool(metres[item] <= NEIGHBOUR_METRES),
        )
        for item in ranked[:n]
    )


def suggested_partners(view: View, quartier_id: int, type_code: str) -> tuple[Suggestion, ...]:
    """Who could take part: the nearest of the type, those that come there, then active ties nearby."""
    metres = _metres_to(view, quartier_id)
    ties = pivot_ties(view)
    structures = view.structures[~view.structures["closed"]]
    code = view.quartiers.at[quartier_id, "code"]
    of_type = [item for item in structures.index if type_code in structures.at[item, "types"]]
    of_type.sort(
        key=lambda item: (code not in structures.at[item, "served_quartiers"], metres.get(item, float("inf")))
    )
    active = [item for item in structures.index if ties.get(item) == RelationStatus.ACTIF]
    active.sort(key=lambda item: metres.get(item, float("inf")))
    chosen = of_type[:N_OF_TYPE]
    near = [item for item in active if item not in chosen][:N_ACTIVE]
    return tuple(
        Suggestion(
            structure_id=int(item),
            name=str(structures.at[item, "name"]),
            reason=f"{_partner_place(structures, item, code, metres)}, {_tie(view, item, ties)}",
            role="coanime" if item in chosen else "informe",
        )
        for item in (*chosen, *near)
        if item != view.pivot_id
    )


def pivot_ties(view: View) -> dict[int, RelationStatus]:
    """Best status of the ties of the team's own structure, by structure id; ended ones left out."""
    pivot = view.pivot_id
    found: dict[int, RelationStatus] = {}
    for start, end, status in view.relations[["from_id", "to_id", "status"]].itertuples(index=False):
        other = {start: end, end: start}.get(pivot)
        if other is None or status not in TIE_WORDS:
            continue
        known = found.get(other)
        better = known is None or TIE_ORDER.index(RelationStatus(status)) < TIE_ORDER.index(known)
        found[other] = RelationStatus(status) if better or known is None else known
    return found


def _gap(view: View, quartier_id: int, type_code: str) -> pd.Series[Any]:
    gaps = view.gaps
    found = gaps[(gaps["quartier_id"] == quartier_id) & (gaps["type_code"] == type_code)]
    if found.empty:
        raise KeyError((quartier_id, type_code))
    return found.iloc[0]


def _state(view: View, quartier_id: int, type_code: str) -> State:
    return State(_gap(view, quartier_id, type_code)["state"])


def _metres_to(view: View, quartier_id: int) -> pd.Series[float]:
    """Straight line from each open, placed structure to the quartier's boundary, zero inside, metres."""
    structures = view.structures[view.structures["placed"] & ~view.structures["closed"]]
    boundary = view.quartiers.loc[[quartier_id]].to_crs(epsg=view.epsg).geometry.iloc[0]
    metres: pd.Series[float] = structures.geometry.to_crs(epsg=view.epsg).distance(boundary)
    inside = view.located[view.located["inside"] & (view.located["quartier_id"] == quartier_id)]
    metres[metres.index.isin(inside["structure_id"])] = 0.0
    return metres


def _place_group(types: tuple[str, ...], metres: float) -> tuple[int, int]:
    ranks = [HOST_TYPES.index(code) for code in types if code in HOST_TYPES]
    if not ranks:
        return (2, 0)
    # Beyond the neighbourhood, how near counts more than the kind of host.
    return (
        (0, min(ranks)) if metres == 0 else (1, min(ranks) if metres <= NEIGHBOUR_METRES else len(HOST_TYPES))
    )


def _where(metres: float) -> str:
    return "dans le quartier" if metres == 0 else f"à {distance(metres)} du bord du quartier"


def _partner_place(structures: pd.DataFrame, item: int, code: str, metres: pd.Series[float]) -> str:
    served: Any = structures.at[item, "served_quartiers"]
    if code in served:
        return "se déplace dans le quartier"
    return _where(metres[item]) if item in metres.index else "pas encore placée sur la carte"


def _tie(view: View, item: int, ties: dict[int, RelationStatus]) -> str:
    if item == view.pivot_id:
        return "votre structure"
    return TIE_WORDS[ties[item]] if item in ties else NO_TIE
