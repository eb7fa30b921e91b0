"""À vérifier : ce qui attend une personne (fiches à revoir, corrections, adresses, doublons)."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui import state
from reseau.ui.a_verifier import addresses, corrections, duplicates, week
from reseau.ui.components.choices import choose_section

TITLE = "À vérifier"
ICON = ":material/fact_check:"
GROUP = "Tenir à jour"

SECTIONS = {
    "semaine": (":material/event_available: Cette semaine", week.draw),
    "adresses": (":material/location_on: Adresses à relire", addresses.draw),
    "doublons": (":material/content_copy: Doublons possibles", duplicates.draw),
    "corrections": (":material/compare_arrows: Vos corrections et les sources", corrections.draw),
}

st.title(TITLE, anchor=False)
context = contexts.context()
if context is None:
    st.info(
        "Aucun territoire n'existe encore : créez le vôtre ou chargez la démonstration dans la page Réglages."
    )
    if st.button("Ouvrir les réglages", type="primary"):
        state.go("p10_reglages")
    st.stop()

section = choose_section({key: label for key, (label, _) in SECTIONS.items()}, page="a_verifier")
SECTIONS[section][1](context)
