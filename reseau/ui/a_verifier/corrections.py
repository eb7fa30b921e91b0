"""«Vos corrections et les sources»: what a source says anew under a person's correction, and the answer."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from reseau.ui import state, wording
from reseau.ui.annuaire.provenance import source_titles
from reseau.ui.annuaire.questions import count_words, question, waiting

if TYPE_CHECKING:
    from reseau.services.statements import Conflict
    from reseau.ui.context import Context

# Each is a few widgets: more at once would make the page slow, and nobody answers more in one sitting.
SHOWN = 20


def draw(context: Context) -> None:
    """Draw the section."""
    asked = waiting(context)
    if not asked:
        st.info(
            "Aucune source ne dit autre chose que vos corrections. Quand une source change une valeur que "
            "vous avez corrigée, la vôtre reste et la question est posée ici.",
            icon=":material/done_all:",
        )
        return
    st.markdown(
        f"**{count_words(len(asked))}.** Une personne l'avait écrit ; depuis, une source dit autre chose. "
        "Ce que vous avez écrit reste en vigueur tant que vous n'avez pas répondu."
    )
    wanted = ""
    if len(asked) > SHOWN:
        wanted = st.text_input(
            "Chercher une structure", placeholder="Chercher une structure", label_visibility="collapsed",
            key="corrections_search",
        )  # fmt: skip
    found = [group for group in asked if wanted.strip().casefold() in group[0].name.casefold()]
    if not found:
        st.caption("Aucune de ces structures ne porte ce nom.")
    titles = source_titles()
    for structure_id, of_one in groupby(found[:SHOWN], key=lambda group: group[0].structure_id):
        _structure(context, structure_id, list(of_one), titles)
    if len(found) > SHOWN:
        rest = wording.plural(len(found) - SHOWN, "autre suit", "autres suivent")
        st.caption(f"{rest} : elles apparaîtront à mesure que vous répondez.")


def _structure(
    context: Context, structure_id: int, asked: list[list[Conflict]], titles: dict[str, str]
) -> None:
    with st.container(border=True):
        name, sheet = st.columns([8, 2], vertical_alignment="center")
        name.markdown(f"**{wording.markdown_text(asked[0][0].name)}**")
        if sheet.button(
            "Ouvrir la fiche", icon=":material/contact_page:", key=f"open_{structure_id}", width="stretch"
        ):
            state.select(context.view, structure_id=structure_id)
            state.go("p5_annuaire")
        for group in asked:
            question(context, group, titles, key="corrections")
