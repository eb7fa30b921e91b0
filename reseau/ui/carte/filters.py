"""What is on the map: filters and layers. Their answers are plain values, so that nothing is rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import RELATION_STATUS_LABELS, RelationStatus
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import Wanted, matching
from reseau.ui.components.choices import (
    choose_families,
    choose_languages,
    choose_publics,
    choose_quartier,
    choose_type,
)

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np

    from reseau.services.view import View

FLAGS = {
    "ouvert": "Ouvert maintenant",
    "gratuit": "Gratuit",
    "sans_rdv": "Sans rendez-vous",
    "accessible": "Accessible",
}
NO_TIE = "aucune"
TIES = {
    **{str(code): f"relation {label}" for code, label in RELATION_STATUS_LABELS.items()},
    NO_TIE: "aucune relation",
}
LAYERS = {
    "relations": "Relations",
    "permanences": "Permanences",
    "portee": "Portée du type choisi",
    "minutes": "À 5, 10, 15 min de la structure choisie",
    "reperes": "OpenStreetMap (repères)",
}
CLEARED = "carte_cleared"
# Filters behind the button, by key.
MORE = ("near", "families", "flags", "ties", "languages", "publics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a person asked to see.

    Attributes:
        ids: structures that meet every filter, sorted by name.
        layers: keys of `LAYERS`.
        drawing: the tool to draw a *quartier vécu* is out.
    """

    ids: np.ndarray
    layers: frozenset[str]
    drawing: bool
    filtered: bool


def ask(view: View, at: datetime) -> Shown:
    """Draw the filters and answer what they leave."""
    chosen = state.selection(view)
    quartier, kind, more, layers = st.columns([4, 4, 2, 2], vertical_alignment="bottom")
    with quartier:
        choose_quartier(view, key="carte_quartier")
    with kind:
        choose_type(view, key="carte_type")
    active = sum(bool(st.session_state.get(_key(name))) for name in MORE)
    with more.popover(wording.counted("Filtres", active), icon=":material/tune:", width="stretch"):
        near = st.toggle(
            "Seulement dans le quartier choisi, ou à moins de 500 m",
            key=_key("near"),
            disabled=chosen.quartier_id is None,
        )
        families, flags, ties, languages, publics = _more()
        st.button("Tout effacer", on_click=_clear, args=(view,))
    with layers.popover("Couches", icon=":material/layers:", width="stretch"):
        shown = st.pills(
            "Montrer sur la carte",
            list(LAYERS),
            format_func=lambda code: LAYERS[code],
            selection_mode="multi",
            default=["permanences", "portee"],
            key="carte_layers",
        )
        drawing = st.toggle("Dessiner un quartier vécu", key="carte_drawing")
    wanted = Wanted(
        families=tuple(families),
        type_code=chosen.type_code,
        quartier_id=chosen.quartier_id if near else None,
        flags=frozenset(flags),
        languages=tuple(languages),
        publics=tuple(publics),
    )
    ids = matching(view, wanted, at)
    if ties:
        found = tie_with_pivot(view).reindex(ids)
        ids = ids[found.isin(ties).to_numpy()]
    filtered = bool(families or flags or ties or languages or publics or chosen.type_code or near)
    return Shown(ids=ids, layers=frozenset(shown), drawing=drawing, filtered=filtered)


def tie_with_pivot(view: View) -> pd.Series[Any]:
    """Strongest status of the ties between each structure and the pivot, `NO_TIE` where there is none."""
    known: pd.Series[Any] = view.memo("carte_ties", lambda: _ties(view))
    return known


def _ties(view: View) -> pd.Series[Any]:
    order = [RelationStatus.ACTIF, RelationStatus.EN_SOMMEIL, RelationStatus.CONTACT_PRIS,
             RelationStatus.A_CONTACTER, RelationStatus.TERMINE]  # fmt: skip
    found = pd.Series(NO_TIE, index=view.structures.index, dtype=object)
    relations = view.relations
    for status in reversed(order):
        of_status = relations[relations["status"] == status]
        ends = [
            *of_status.loc[of_status["from_id"] == view.pivot_id, "to_id"],
            *of_status.loc[of_status["to_id"] == view.pivot_id, "from_id"],
        ]
        found.loc[ends] = str(status)
    return found


def _more() -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    flags = st.pills(
        "Maintenant et pour tous",
        list(FLAGS),
        format_func=lambda code: FLAGS[code],
        selection_mode="multi",
        key=_key("flags"),
    )
    families = choose_families(key=_key("families"))
    ties = st.multiselect(
        "Relation avec votre structure",
        list(TIES),
        format_func=lambda code: TIES[code],
        key=_key("ties"),
        placeholder="Toutes",
    )
    languages = choose_languages(key=_key("languages"))
    publics = choose_publics(key=_key("publics"))
    return families, flags, ties, languages, publics


def _key(name: str) -> str:
    """Key of a filter. A widget in a closed popover keeps its value whatever is done to its key: clearing
    the filters gives them new keys.
    """
    return f"carte_{name}_{st.session_state.get(CLEARED, 0)}"


def _clear(view: View) -> None:
    st.session_state[CLEARED] = st.session_state.get(CLEARED, 0) + 1
    state.select(view, quartier_id=None, type_code=None)
