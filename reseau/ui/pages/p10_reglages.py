"""Réglages : le territoire, sa structure pivot, ses seuils, ses types attendus, ses quartiers."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui.components.choices import choose_section
from reseau.ui.reglages import quartiers, territory, thresholds, types, walking

TITLE = "Réglages"
ICON = ":material/tune:"
GROUP = "Tenir à jour"

SECTIONS = {
    "territoire": ":material/location_city: Territoire et pivot",
    "seuils": ":material/timer: Seuils",
    "marche": ":material/directions_walk: Marche",
    "types": ":material/checklist: Types attendus",
    "quartiers": ":material/pentagon: Quartiers",
    "absences": ":material/event_available: Absences vérifiées",
    "nouveau": ":material/add: Autre territoire",
}

st.title(TITLE, anchor=False)
context = contexts.context()
if context is None:
    territory.first_steps(contexts.get_app())
    st.stop()

section = choose_section(SECTIONS, page="reglages")
if section == "seuils":
    thresholds.thresholds(context)
elif section == "marche":
    walking.walking(context)
elif section == "types":
    types.expected_types(context)
elif section == "quartiers":
    quartiers.quartiers(context)
elif section == "absences":
    quartiers.absences(context)
elif section == "nouveau":
    st.caption(
        "Une même base peut contenir plusieurs territoires : ils ne se mélangent pas. On passe de l'un à "
        "l'autre dans le menu."
    )
    form, _ = st.columns(2)
    with form:
        territory.creation_form(context.app)
else:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Territoire", anchor=False)
        territory.identity(context)
    with right:
        st.subheader("Structure pivot", anchor=False)
        territory.pivot(context)
