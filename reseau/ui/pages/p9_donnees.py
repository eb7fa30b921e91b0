"""Données : importer, relire les imports, placer, exporter, sauvegarder."""

import streamlit as st

from reseau.ui import context as contexts
from reseau.ui import state
from reseau.ui.components.choices import choose_section
from reseau.ui.donnees import backup, context_data, downloading, exporting, history, importing, placing

TITLE = "Données"
ICON = ":material/database:"
GROUP = "Tenir à jour"

SECTIONS = {
    "importer": ":material/upload: Importer",
    "telecharger": ":material/cloud_download: Télécharger",
    "imports": ":material/history: Imports faits",
    "sources": ":material/verified: Sources",
    "autour": ":material/layers: Autour",
    "a_placer": ":material/location_off: À placer",
    "exporter": ":material/download: Exporter",
    "sauvegarde": ":material/save: Sauvegarde, corbeille",
}

st.title(TITLE, anchor=False)
context = contexts.context()
if context is None:
    st.info(
        "Aucun territoire n'existe encore : créez le vôtre ou chargez la démonstration dans la page "
        "Réglages, ou restaurez ici une sauvegarde."
    )
    if st.button("Ouvrir les réglages", type="primary"):
        state.go("p10_reglages")
    backup.restoring(contexts.get_app())
    st.stop()

section = choose_section(SECTIONS, page="donnees")
if section == "telecharger":
    downloading.downloading(context)
elif section == "imports":
    history.history(context)
elif section == "sources":
    history.sources(context)
elif section == "autour":
    context_data.context_data(context)
elif section == "a_placer":
    placing.placing(context)
elif section == "exporter":
    exporting.exporter(context)
elif section == "sauvegarde":
    left, right = st.columns(2, gap="large")
    with left:
        backup.saving(context)
        backup.trash(context)
    with right:
        backup.restoring(context.app)
else:
    importing.importer(context)
