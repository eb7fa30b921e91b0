"""Another address for a structure: saved as the person writes it, sent only on the button that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError, Unavailable
from reseau.services import reviewing
from reseau.services.reviewing import ReviewItem, TypedAddress
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.ui.context import Context


def correcting(
    context: Context,
    item: ReviewItem,
    *,
    replace: Callable[[ReviewItem | None], None],
    leave: Callable[[], None],
) -> None:
    """Draw the form; `replace` takes the item once its address is saved."""
    service = wording.markdown_text(context.app.config.geocoder_domain)
    key = f"relire_{item.structure_id}_{item.version}"
    with st.form(f"{key}_form", border=True):
        first, second, third = st.columns([5, 2, 3])
        typed = TypedAddress(
            address=first.text_input("Adresse", item.address, max_chars=300, key=f"{key}_adresse"),
            postcode=second.text_input("Code postal", item.postcode, max_chars=10, key=f"{key}_postal"),
            commune=third.text_input("Commune", item.commune, max_chars=120, key=f"{key}_commune"),
        )
        send, save, drop = st.columns([4, 3, 2])
        sent = send.form_submit_button(
            "Enregistrer et chercher", type="primary", icon=":material/travel_explore:", width="stretch"
        )
        saved = save.form_submit_button("Enregistrer sans chercher", width="stretch")
        dropped = drop.form_submit_button("Annuler", width="stretch")
        st.caption(
            f"« Enregistrer et chercher » envoie ces trois lignes, et rien d'autre, à {service} "
            "(service national d'adresses)."
        )
    if dropped:
        leave()
        state.rerun_part()
    if sent or saved:
        _save(context, item, typed, send=sent, replace=replace)


def _save(
    context: Context,
    item: ReviewItem,
    typed: TypedAddress,
    *,
    send: bool,
    replace: Callable[[ReviewItem | None], None],
) -> None:
    """Save, then ask when the person asked; an outage leaves what was saved."""
    try:
        new = reviewing.retype(context.app, context.tid, item.structure_id, typed, version=item.version)
    except ReseauError as error:
        st.error(str(error))
        return
    problem = ""
    if send:
        try:
            with st.spinner("Recherche de l'adresse…"):
                new = reviewing.search_again(context.app, context.tid, item.structure_id)
        except Unavailable as error:
            problem = f"L'adresse est enregistrée, mais n'a pas pu être cherchée. {error}"
    replace(new)
    if problem:
        st.session_state["relire_probleme"] = problem
    else:
        st.session_state["relire_dit"] = "Adresse enregistrée."
    state.rerun_part()
