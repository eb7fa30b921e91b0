"""Adding a structure: the essential first, the rest on its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory, similar_names
from reseau.ui.annuaire.drafts import discard, open_draft, show_outcome, submit
from reseau.ui.annuaire.finder import ADDING
from reseau.ui.annuaire.identity import address, name_and_types, reach
from reseau.ui.annuaire.inputs import Inputs

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

DONE = "Structure ajoutée : complétez sa fiche."


def creation(context: Context) -> None:
    """The form of a new structure."""
    st.subheader("Nouvelle structure", anchor=False)
    draft = open_draft(context, "nouvelle", "structures", None, first="name")
    inputs = Inputs(draft)
    with st.form(f"{draft.prefix}form"):
        name_and_types(inputs, context.view.typology)
        address(inputs)
        reach(inputs)
        sent = st.form_submit_button("Ajouter", type="primary", icon=":material/add:")
    twins_key = f"{draft.prefix}twins"
    values = inputs.values
    if sent:
        twins = similar_names(context.view, values["name"], commune=values["commune"])
        st.session_state[twins_key] = twins
        if twins:
            sent = False
    anyway = _ask_twins(context.view, st.session_state.get(twins_key) or [], twins_key)
    written = submit(context, draft, values, done=DONE) if sent or anyway else None
    if written is None:
        written = show_outcome(context, draft, done=DONE)
    if written is not None:
        st.session_state.pop(ADDING, None)
        _open(context, written)
    if st.button("Annuler", key=f"{draft.prefix}cancel"):
        discard(draft)
        st.session_state.pop(ADDING, None)
        st.rerun()


def _open(_context: Context, structure_id: int) -> None:
    # The view at hand does not know the new row yet: the selection is written as the address would.
    st.session_state["sel_structure"] = str(structure_id)
    state.write_address()
    st.rerun()


def _ask_twins(view: View, twins: list[int], key: str) -> bool:
    """Whether the person adds the structure although others have nearly the same name."""
    twins = [item for item in twins if item in view.structures.index]
    if not twins:
        return False
    labels = directory(view).labels
    st.warning("Une structure porte déjà presque ce nom. Est-ce la même ?", icon=":material/content_copy:")
    for item in twins:
        if st.button(f"Ouvrir « {wording.markdown_text(labels[item])} »", key=f"{key}_{item}"):
            st.session_state.pop(ADDING, None)
            state.select(view, structure_id=item)
            st.rerun()
    if st.button("Non, ajouter quand même", key=f"{key}_anyway", type="primary"):
        st.session_state.pop(key, None)
        return True
    return False
