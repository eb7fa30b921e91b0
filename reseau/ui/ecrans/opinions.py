"""What residents left by touch, to read before anything shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.model.screens import SHOWN_FROM
from reseau.services.participations import (
    ACCEPTED,
    KEPT_DAYS,
    REFUSED,
    WAITING,
    decide,
    list_participations,
)
from reseau.services.screen_needs import need_labels, reason_labels
from reseau.services.screens import list_screens
from reseau.ui import state, wording
from reseau.ui.annuaire.drafts import say, show_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reseau.services.participations import Received
    from reseau.ui.context import Context

KEY = "ecrans_avis"
SHOWN = "ecrans_avis_montres"
HEIGHT = 320


def opinions(context: Context) -> None:
    """The section."""
    show_said()
    st.caption(
        "Sur un écran tactile, les habitants touchent une image : **ni mot, ni nom, ni heure**, "
        "et un point sur la carte arrondi à une centaine de mètres. Rien ne s'affiche avant votre accord. Un "
        "avis accepté s'ajoute aux demandes des habitants (page Mesures) et compte dans les priorités ; "
        f"l'écran n'en montre le nombre qu'à partir de {SHOWN_FROM}. Un avis refusé est effacé après "
        f"{KEPT_DAYS} jours."
    )
    received = list_participations(context.app, context.tid)
    if not received:
        _nothing(context)
        return
    waiting = [item for item in received if item.status == WAITING]
    st.subheader(f"À relire ({len(waiting)})", anchor=False)
    if waiting:
        _to_review(context, waiting)
    else:
        st.caption("Tout est relu.")
    _decided(context, [item for item in received if item.status != WAITING])


def _nothing(context: Context) -> None:
    screens = list_screens(context.app, context.tid)
    if any(item.record.touch for item in screens):
        st.info("Aucun avis pour le moment.")
    else:
        st.info(
            "Aucun écran ne recueille d'avis : cochez « Écran tactile » dans la section Écrans, onglet Accès."
        )


def _to_review(context: Context, waiting: Sequence[Received]) -> None:
    ids = [item.id for item in waiting]
    if st.session_state.get(SHOWN, ids) != ids:
        st.caption("La liste a changé pendant que vous lisiez : choisissez de nouveau.")
    st.session_state[SHOWN] = ids
    chosen = _table(waiting, key="waiting")
    with st.container(horizontal=True):
        if st.button("Accepter la sélection", type="primary", disabled=not chosen, key=_tied("accept", ids)):
            _decide(context, chosen, accept=True)
        if st.button("Refuser la sélection", disabled=not chosen, key=_tied("refuse", ids)):
            _decide(context, chosen, accept=False)
        if st.button(f"Accepter les {len(waiting)}", disabled=len(waiting) < 2, key=_tied("accept_all", ids)):
            _decide(context, ids, accept=True)


def _decided(context: Context, decided: Sequence[Received]) -> None:
    if not decided:
        return
    accepted = sum(item.status == ACCEPTED for item in decided)
    refused = wording.plural(len(decided) - accepted, "refusé")
    st.subheader(f"Déjà relus : {wording.plural(accepted, 'accepté')}, {refused}", anchor=False)
    ids = [item.id for item in decided]
    chosen = _table(decided, key="decided")
    states = {item.id: item.status for item in decided}
    with st.container(horizontal=True):
        if st.button("Finalement, accepter", disabled=not chosen, key=_tied("again", ids)):
            _decide(context, [key for key in chosen if states[key] == REFUSED], accept=True)
        if st.button("Finalement, refuser", disabled=not chosen, key=_tied("back", ids)):
            _decide(context, [key for key in chosen if states[key] == ACCEPTED], accept=False)


def _table(items: Sequence[Received], *, key: str) -> list[int]:
    """Ids of the lines chosen."""
    needs, reasons = need_labels(), reason_labels()
    shown = pd.DataFrame(
        {
            "Jour": pd.to_datetime([item.on for item in items]),
            "Écran": [item.screen for item in items],
            "Besoin": [needs.get(item.record.need, item.record.need) for item in items],
            "Avis": [reasons.get(item.record.reason, item.record.reason) for item in items],
            "Point": ["sur la carte" if item.record.lon is not None else "" for item in items],
            "Décision": [{ACCEPTED: "accepté", REFUSED: "refusé"}.get(item.status, "") for item in items],
        },
        index=[item.id for item in items],
    )
    if key == "waiting":
        shown = shown.drop(columns="Décision")
    event = st.dataframe(
        shown,
        key=_tied(key, [item.id for item in items]),
        hide_index=True,
        placeholder="",
        height=min(HEIGHT, 36 * (len(shown) + 1)),
        column_config={"Jour": st.column_config.DateColumn(format="DD/MM/YYYY", width=100)},
        on_select="rerun",
        selection_mode="multi-row",
    )
    return [int(shown.index[rank]) for rank in event["selection"]["rows"] if rank < len(shown)]


def _tied(name: str, ids: Sequence[int]) -> str:
    """Key of a widget about these opinions; after a decision nothing is chosen any more."""
    return state.rows_key(f"{KEY}_{name}_{st.session_state.get(f'{KEY}_nonce', 0)}", ids)


def _decide(context: Context, ids: Sequence[int], *, accept: bool) -> None:
    count = decide(context.app, context.tid, ids, accept)
    st.session_state.pop(SHOWN, None)
    done = "accepté" if accept else "refusé"
    say(f"{wording.plural(count, 'avis', 'avis')} {done}{'s' if count > 1 else ''}.")
    st.session_state[f"{KEY}_nonce"] = st.session_state.get(f"{KEY}_nonce", 0) + 1
    st.rerun()
