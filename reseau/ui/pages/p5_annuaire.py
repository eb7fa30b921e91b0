"""Annuaire : la liste des structures, cherchable, et la fiche de chacune, modifiable."""

import streamlit as st

from reseau.ui.annuaire.page import show
from reseau.ui.context import need_context

TITLE = "Annuaire"
ICON = ":material/contacts:"
GROUP = "Agir"

context = need_context()
st.title(TITLE, anchor=False)
show(context)
