"""Décider : ce qui changerait, où aller, dans quel ordre."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui.components.choices import choose_section
from reseau.ui.decider import rounds, siting, what_if

TITLE = "Décider"
ICON = ":material/alt_route:"
GROUP = "Agir"

SECTIONS = {
    "et_si": ":material/science: Et si…",
    "ou_aller": ":material/add_location_alt: Où aller",
    "tournee": ":material/directions_walk: Tournée",
}

context = contexts.need_context()
st.title(TITLE, anchor=False)

section = choose_section(SECTIONS, page="decider")
if section == "ou_aller":
    siting.siting(context)
elif section == "tournee":
    rounds.rounds(context)
else:
    what_if.what_if(context)
