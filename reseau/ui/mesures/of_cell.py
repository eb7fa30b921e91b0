"""Every measure of one quartier and type in a few lines, for a narrow panel."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from reseau.services.measures import POINTLESS, measured, ordered_measures
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.gaps import Measure
    from reseau.services.view import View


def measures_of_cell(view: View, quartier_id: int, type_code: str) -> None:
    """A folded list by subject; what has no object is left out, what is unknown says so."""
    with st.expander("Toutes les mesures"):
        for subject, measures in groupby(ordered_measures(), key=lambda item: item.subject):
            said = [
                f"{measure.label} : {text}{_missed(view, measure, quartier_id, type_code)}"
                for measure in measures
                if (text := measured(view, measure.id).texts.loc[quartier_id, type_code]) != POINTLESS
            ]
            if said:
                st.caption(f"**{subject.value}** — {wording.markdown_text(' · '.join(said))}")
        if st.button("Voir le calcul", icon=":material/analytics:", width="stretch", key="cell_measures"):
            st.session_state["mesures_next_section"] = "tableau"
            state.go("p4_mesures")


def _missed(view: View, measure: Measure, quartier_id: int, type_code: str) -> str:
    count = int(measured(view, measure.id).unusable.loc[quartier_id, type_code])
    return f" ({wording.plural(count, 'lieu inutilisable', 'lieux inutilisables')})" if count else ""
