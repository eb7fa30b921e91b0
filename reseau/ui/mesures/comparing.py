"""Comparer: two quartiers, a quartier and its commune, two dates, quartiers alike elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.services.snapshots import keep_monthly
from reseau.ui import state
from reseau.ui.mesures import comparing_dates, comparing_elsewhere, comparing_places

if TYPE_CHECKING:
    from reseau.ui.context import Context

QUARTIERS, COMMUNE, DATES, ELSEWHERE = "quartiers", "commune", "dates", "ailleurs"
MODES = {
    QUARTIERS: ":material/holiday_village: Deux quartiers",
    COMMUNE: ":material/location_city: Un quartier et sa commune",
    DATES: ":material/history: Deux dates",
    ELSEWHERE: ":material/travel_explore: D'autres territoires",
}
_KEPT = "mesures_photo_du_mois"


def keep_photo_of_month(context: Context) -> None:
    """Keep the figures of the month, the first time they are shown; a page never fails for it."""
    month = (context.tid, context.view.on.year, context.view.on.month)
    if st.session_state.get(_KEPT) == month or context.view.quartiers.empty:
        return
    keep_monthly(context.app, context.tid)
    st.session_state[_KEPT] = month


def comparing(context: Context) -> None:
    """The section."""
    if context.view.quartiers.empty:
        st.info(
            "Rien à comparer pour l'instant : il faut les contours des quartiers, importés dans la page "
            "Données."
        )
        if st.button("Ouvrir la page Données", type="primary", key="comparer_donnees"):
            state.go("p9_donnees")
        return
    mode = st.segmented_control(
        "Que comparer ?",
        list(MODES),
        format_func=MODES.__getitem__,
        default=QUARTIERS,
        required=True,
        key="comparer_mode",
        label_visibility="collapsed",
    )
    if mode == DATES:
        comparing_dates.dates(context)
    elif mode == ELSEWHERE:
        comparing_elsewhere.elsewhere(context)
    elif mode == COMMUNE:
        comparing_places.commune(context)
    else:
        comparing_places.quartiers(context)
