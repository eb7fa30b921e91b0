"""Écrans et affiches : ce que voient les habitants, en salle d'attente et sur papier."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui.components.choices import choose_section
from reseau.ui.ecrans import designing, messages, opinions, papier, places

TITLE = "Écrans et affiches"
ICON = ":material/tv:"
GROUP = "Agir"

SECTIONS = {
    "ecrans": ":material/tv: Écrans",
    "messages": ":material/campaign: Messages",
    "textes": ":material/edit_note: Textes des lieux",
    "avis": ":material/touch_app: Avis des habitants",
    "papier": ":material/print: Affiches et feuilles",
}

context = contexts.need_context()
st.title(TITLE, anchor=False)

section = choose_section(SECTIONS, page="ecrans")
if section == "messages":
    messages.messages(context)
elif section == "textes":
    places.places(context)
elif section == "avis":
    opinions.opinions(context)
elif section == "papier":
    papier.papier(context)
else:
    designing.designing(context)
