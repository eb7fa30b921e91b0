"""Carte : quartiers, structures, permanences et relations, et la même chose en liste."""

import streamlit as st

from reseau.ui.carte.page import show_map_page
from reseau.ui.context import need_context

TITLE = "Carte"
ICON = ":material/map:"
GROUP = "Comprendre"

context = need_context()
st.title(TITLE, anchor=False)
show_map_page(context)
