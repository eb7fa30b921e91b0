"""Structures without a usable position: their addresses are sent only once a person has seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import Unavailable
from reseau.services.placing import Placing, addresses_to_send, place_by_address, to_place
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

RESULT = "placing_result"


def placing(context: Context) -> None:
    """Draw the section."""
    waiting = to_place(context.app, context.tid)
    if context.view.structures.empty:
        st.info("Aucune structure n'est enregistrée : importez d'abord un fichier de partenaires.")
        return
    if waiting.empty:
        st.success(
            "Toutes les structures ouvertes ont une position utilisable : aucune n'est laissée de côté.",
            icon=":material/check:",
        )
        _last_round(context)
        return
    total = int((~context.view.structures["closed"]).sum())
    st.markdown(
        f"**{wording.plural(len(waiting), 'structure')} sur {wording.number(total)} sans position "
        "utilisable.** Elles sont comptées à part : aucune distance n'est calculée pour elles."
    )
    first, second = st.columns(2, gap="large")
    with first:
        st.markdown("**1. Chercher les adresses**")
        _by_address(context)
        _last_round(context)
    with second:
        st.markdown("**2. Relire ce qui reste**")
        st.caption(
            "Les réponses douteuses, les adresses inconnues du service et les structures sans adresse se "
            "relisent une par une sur une carte : accepter, placer ailleurs, corriger l'adresse."
        )
        if st.button("Relire et placer à la main", icon=":material/location_on:", width="stretch"):
            st.session_state["a_verifier_next_section"] = "adresses"
            state.go("p8_a_verifier")


def _by_address(context: Context) -> None:
    lines = addresses_to_send(context.app, context.tid)
    if not lines:
        st.caption(
            "Aucune adresse nouvelle à chercher : celles qui restent l'ont déjà été, ou il n'y en a pas."
        )
        return
    service = context.app.config.geocoder_domain
    with st.popover("Chercher les positions des adresses", icon=":material/travel_explore:", width="stretch"):
        count = wording.plural(len(lines), "adresse sera envoyée", "adresses seront envoyées")
        st.markdown(
            f"**{count}** au service national d'adresses (Géoplateforme, IGN), "
            f"{wording.markdown_text(service)}. Seulement l'adresse, le code postal et la commune : "
            "ni le nom de la structure, ni un contact, ni rien d'autre. Une adresse déjà cherchée n'est pas "
            "renvoyée."
        )
        with st.expander("Voir exactement ce qui sera envoyé"):
            st.dataframe(pd.DataFrame({"Envoyé": lines}), hide_index=True, width="stretch", height=180)
        if st.button("Envoyer ces adresses et placer", type="primary", key="placing_send"):
            _ask(context)


def _ask(context: Context) -> None:
    bar = st.progress(0.0, "Recherche des adresses…")

    def on_progress(share: float, sentence: str) -> None:
        bar.progress(min(share, 1.0), sentence)

    try:
        result = place_by_address(context.app, context.tid, on_progress=on_progress)
    except Unavailable as error:
        bar.empty()
        st.error(
            f"{error}\n\nVérifiez la connexion à internet, puis relancez : rien n'est renvoyé deux fois.",
            icon=":material/wifi_off:",
        )
        return
    st.session_state[RESULT] = (context.tid, result)
    st.rerun()


def _last_round(context: Context) -> None:
    tid, result = st.session_state.get(RESULT) or (None, None)
    if tid != context.tid or not isinstance(result, Placing):
        return
    placed = wording.plural(result.placed, "structure placée", "structures placées")
    if not result.left:
        st.success(f"{placed}.", icon=":material/check:")
        return
    left = wording.plural(len(result.left), "adresse laissée de côté", "adresses laissées de côté")
    with st.expander(f"{placed}, {left}", expanded=True):
        rows = [(name, why) for _, name, why in result.left]
        st.dataframe(pd.DataFrame(rows, columns=["Structure", "Pourquoi"]), hide_index=True, height=180)
