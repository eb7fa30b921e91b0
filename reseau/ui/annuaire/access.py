"""Who may come and how: publics, languages, cost, appointment, ways of receiving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.vocabulary import LANGUAGES, PUBLICS, RECEPTION_MODES
from reseau.ui.annuaire.drafts import open_draft
from reseau.ui.annuaire.inputs import Inputs
from reseau.ui.annuaire.rows import conclude

if TYPE_CHECKING:
    from reseau.ui.context import Context


def tab(context: Context, structure_id: int) -> None:
    """The form."""
    draft = open_draft(context, "acces", "structures", structure_id, first="free")
    inputs = Inputs(draft)
    with st.form(f"{draft.prefix}form", border=False):
        free, appointment, accessible = st.columns(3)
        with free:
            inputs.yes_no("free")
        with appointment:
            inputs.yes_no("no_appointment")
        with accessible:
            inputs.yes_no("accessible", label="Accessible (mobilité réduite)")
        inputs.area("access_conditions", hint="Justificatif demandé, orientation préalable, âge…")
        inputs.several("publics", PUBLICS, label="Publics reçus")
        inputs.several("languages", LANGUAGES, label="Langues parlées à l'accueil")
        inputs.several("reception_modes", RECEPTION_MODES)
        names = dict(zip(context.view.quartiers["code"], context.view.quartiers["name"], strict=True))
        # Codes of quartiers that are not loaded here are kept, not dropped.
        names |= {code: code for code in draft.row["served_quartiers"] if code not in names}
        inputs.several(
            "served_quartiers", names, label="Quartiers où elle se déplace (ou par téléphone, à distance)"
        )
        st.caption(
            "Laissez « non renseigné » ce que vous ne savez pas : ce n'est pas la même chose que « non »."
        )
        sent = st.form_submit_button("Enregistrer", type="primary", icon=":material/save:")
    conclude(context, draft, inputs.values if sent else None, done="Accès enregistré.")
