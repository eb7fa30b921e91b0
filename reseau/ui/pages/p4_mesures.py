"""Mesures : chaque chiffre et d'où il vient, les priorités, les demandes, les comparaisons."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui.components.choices import choose_section
from reseau.ui.mesures import comparing, needs, priorities, table

TITLE = "Mesures"
ICON = ":material/analytics:"
GROUP = "Comprendre"

SECTIONS = {
    "tableau": ":material/table_chart: Tableau",
    "priorites": ":material/priority_high: Priorités",
    "demandes": ":material/record_voice_over: Demandes des habitants",
    "comparer": ":material/compare_arrows: Comparer",
}

context = contexts.need_context()
st.title(TITLE, anchor=False)
comparing.keep_photo_of_month(context)

section = choose_section(SECTIONS, page="mesures")
if section == "priorites":
    priorities.priorities(context)
elif section == "demandes":
    needs.needs(context)
elif section == "comparer":
    comparing.comparing(context)
else:
    table.table(context)
