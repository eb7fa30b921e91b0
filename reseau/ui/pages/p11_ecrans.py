"""Écrans et affiches : ce que voient les habitants, en salle d'attente et sur papier."""

import streamlit as st

from reseau.ui import context as contexts

TITLE = "Écrans et affiches"
ICON = ":material/tv:"
GROUP = "Agir"

context = contexts.need_context()
st.title(TITLE, anchor=False)
