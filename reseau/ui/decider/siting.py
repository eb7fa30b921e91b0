"""Où aller : the places that reach most inhabitants, on the map and as a list, and what to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.siting import SitingResult, site
from reseau.services.siting_places import free_point
from reseau.ui import state, wording
from reseau.ui.decider import siting_form as form
from reseau.ui.decider import siting_map, siting_result

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.components.map_view import MapEvent
    from reseau.ui.context import Context
    from reseau.ui.decider.siting_form import Asked


@dataclass(slots=True)
class Answer:
    """The last search of a territory: its answer, or what refused it."""

    result: SitingResult | None = None
    problem: str = ""


def siting(context: Context) -> None:
    """The section."""
    view = context.view
    if view.quartiers.empty:
        st.info(
            "Rien à choisir pour l'instant : ce sont les habitants des quartiers qui comptent. Importez les "
            "contours des quartiers dans la page Données."
        )
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    _body(context)


@st.fragment
def _body(context: Context) -> None:
    view = context.view
    asked = form.ask(context)
    answer: Answer = st.session_state.setdefault(form.key(view, "answer"), Answer())
    if asked.pressed:
        answer = st.session_state[form.key(view, "answer")] = _search(context, asked)
    if answer.problem:
        st.error(
            wording.markdown_text(answer.problem) if "\n" not in answer.problem else _lines(answer.problem)
        )
    left, right = st.columns([52, 48], gap="small")
    with left:
        event = siting_map.show(context, asked, answer.result)
    with right:
        if answer.result is None:
            _how_it_works(view, asked)
        else:
            siting_result.show(context, answer.result)
    if event is not None and _react(view, asked, answer.result, event):
        state.rerun_part()


def _search(context: Context, asked: Asked) -> Answer:
    bar = st.progress(0.0, "Recherche…")

    def tell(share: float, said: str) -> None:
        bar.progress(share, wording.markdown_text(said))

    try:
        result = site(
            context.app,
            context.tid,
            asked.wish,
            asked.candidates,
            on_progress=tell,
        )
    except ReseauError as error:
        return Answer(problem=str(error))
    finally:
        bar.empty()
    return Answer(result=result)


def _lines(problem: str) -> str:
    return "\n".join(f"- {wording.markdown_text(line)}" for line in problem.split("\n"))


def _how_it_works(view: View, asked: Asked) -> None:
    with st.container(border=True):
        st.markdown("**Où ouvrir un service pour toucher le plus d'habitants ?**")
        st.markdown(
            "1. Choisissez le ou les services à ouvrir, et ce que vous visez : un nombre de lieux, ou une "
            "part des habitants.\n"
            "2. Dites quels lieux pourraient accueillir : des structures, une école, un point sur la carte.\n"
            "3. « Chercher » choisit les meilleurs. Ce qui existe déjà est compté ; rien n'est écrit tant "
            "que vous ne le demandez pas."
        )
        count = len(asked.candidates)
        if count:
            st.caption(f"{wording.plural(count, 'lieu possible', 'lieux possibles')}, en clair sur la carte.")
        else:
            st.warning(
                "Aucun lieu possible pour l'instant : choisissez des genres de structures, ou ajoutez un "
                "point (« Autres lieux possibles »)."
            )


def _react(view: View, asked: Asked, result: SitingResult | None, event: MapEvent) -> bool:
    """What a click on the map does; answers whether something changed."""
    if event.kind == "background" and asked.placing and event.lon is not None and event.lat is not None:
        form.add_point(view, free_point(round(event.lon, 6), round(event.lat, 6)))
        return True
    if event.kind == "structure":
        state.select(view, structure_id=event.id)
        return True
    if event.kind == "quartier":
        state.select(view, quartier_id=event.id)
        return True
    if event.kind == "proposal" and result is not None:
        chosen = next((item.candidate for item in result.proposals if item.rank == event.id), None)
        if chosen is not None and chosen.structure_id in view.structures.index:
            state.select(view, structure_id=chosen.structure_id)
            return True
    return False
