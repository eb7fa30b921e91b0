"""Réseau : qui travaille avec qui, en image et en tableau, et ce que cela veut dire."""

import streamlit as st

from reseau.ui.context import need_context
from reseau.ui.network_page import show_network_page

TITLE = "Réseau"
ICON = ":material/hub:"
GROUP = "Comprendre"

context = need_context()
st.title(TITLE, anchor=False)
show_network_page(context)
