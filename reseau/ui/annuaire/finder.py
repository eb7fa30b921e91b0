"""Search, filters and the table of structures."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from reseau.ui import state, wording
from reseau.ui.annuaire.directory import FLAGS, Wanted, directory, matching, not_known
from reseau.ui.components.choices import (
    choose_families,
    choose_languages,
    choose_publics,
    choose_quartier,
    choose_type,
)

if TYPE_CHECKING:
    from reseau.services.view import View

ADDING = "annuaire_adding"
HEIGHT = 560
NARROW = ["Nom", "Ouvert"]
HELP = {
    "sans_relation": "« Sans relation » : aucune relation en cours avec une autre structure.",
    "ouvert": "« Ouvert maintenant » : d'après les horaires renseignés seulement.",
}
EPOCH = "annuaire_filters"


def find(view: View, at: datetime) -> np.ndarray:
    """Draw the search and its filters; ids of the structures found, sorted by name."""
    chosen = state.selection(view)
    words, quartier, kind, add = st.columns([7, 5, 5, 4], vertical_alignment="bottom")
    text = words.text_input(
        "Chercher",
        key=_key("text"),
        placeholder="nom, type, commune, adresse, langue…",
        icon=":material/search:",
    )
    with quartier:
        choose_quartier(view, key="annuaire_quartier", label="Dans ou près de")
    with kind:
        choose_type(view, key="annuaire_type")
    if add.button("Ajouter une structure", icon=":material/add:", width="stretch"):
        st.session_state[ADDING] = True
    flags, more, clear = st.columns([11, 2, 2], gap="small", vertical_alignment="center")
    chosen_flags = flags.pills(
        "Filtres rapides",
        list(FLAGS),
        format_func=lambda code: FLAGS[code],
        selection_mode="multi",
        key=_key("flags"),
        label_visibility="collapsed",
        help=" ".join(HELP.values()),
    )
    kept = [bool(st.session_state.get(_key(name))) for name in ("families", "languages", "publics")]
    active = sum(kept) + (not st.session_state.get(_key("near"), True))
    with more.popover(wording.counted("Filtres", active), icon=":material/tune:", width="stretch"):
        families, languages, publics, near = _more_filters()
    clear.button(
        "Tout effacer", icon=":material/filter_alt_off:", width="stretch", on_click=_clear, args=(view,)
    )
    if left_out := not_known(view, chosen_flags):
        listed = " ; ".join(
            f"{words} : {wording.plural(count, 'structure')}" for words, count in left_out.items()
        )
        st.caption(f"Non renseigné, donc pas dans cette liste : {listed}.")
    wanted = Wanted(
        text=text,
        families=tuple(families),
        type_code=chosen.type_code,
        quartier_id=chosen.quartier_id,
        near=near,
        flags=frozenset(chosen_flags),
        languages=tuple(languages),
        publics=tuple(publics),
    )
    return matching(view, wanted, at)


def table(view: View, ids: np.ndarray, at: datetime, *, narrow: bool) -> None:
    """The structures found; choosing a line chooses the structure everywhere."""
    chosen = state.selection(view).structure_id
    total = len(view.structures)
    count = wording.plural(len(ids), "structure")
    st.caption(f"{count} sur {wording.number(total)}" if len(ids) < total else count)
    if not len(ids):
        st.info("Aucune structure ne répond à tous ces filtres. Enlevez-en un, ou « Tout effacer ».")
        return
    found = directory(view)
    shown = found.shown.loc[ids]
    shown.insert(2, "Ouvert", found.opened(view, at).loc[ids])
    place = np.flatnonzero(ids == chosen)
    rows = tuple(int(item) for item in place)
    _rows_chosen(view, shown, ids, rows, narrow=narrow)
    if chosen is not None and not rows:
        st.caption("La structure de la fiche ne répond pas à ces filtres : elle n'est pas dans la liste.")


def _rows_chosen(view: View, shown: Any, ids: np.ndarray, rows: tuple[int, ...], *, narrow: bool) -> None:
    """Only a change of the table's own selection is a choice: another page may have chosen meanwhile."""
    nonce = st.session_state.setdefault("annuaire_nonce", 0)
    key = f"annuaire_table_{nonce}_{view.version}_{hash(ids.tobytes())}"
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        height=HEIGHT if len(ids) > 10 else "auto",
        column_order=NARROW if narrow else None,
        column_config={
            "Nom": st.column_config.TextColumn(width=185 if narrow else 300),
            "Types": st.column_config.TextColumn(width=230),
            "Ouvert": st.column_config.TextColumn(width=62, help="Ouvert maintenant ?"),
            "Commune": st.column_config.TextColumn(width=155),
            "Position": st.column_config.TextColumn(width=135),
            "Mise à jour": st.column_config.DateColumn(format="DD/MM/YYYY", width=95),
        },
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": list(rows), "columns": [], "cells": []}},
    )
    now = tuple(event["selection"]["rows"])
    seen_key, seen = st.session_state.get("annuaire_seen", ("", ()))
    before = seen if seen_key == key else rows
    st.session_state["annuaire_seen"] = (key, now)
    if now not in (before, rows):
        state.select(view, structure_id=int(ids[now[0]]) if now and now[0] < len(ids) else None)
        st.session_state.pop(ADDING, None)
        st.rerun()
    if now != rows:
        st.session_state["annuaire_nonce"] = nonce + 1
        st.rerun()


def _key(name: str) -> str:
    return f"{EPOCH}_{st.session_state.get(EPOCH, 0)}_{name}"


def _more_filters() -> tuple[list[str], list[str], list[str], bool]:
    families = choose_families(key=_key("families"))
    languages = choose_languages(key=_key("languages"))
    publics = choose_publics(key=_key("publics"))
    near = st.toggle("Quartier : aussi à moins de 500 m", value=True, key=_key("near"))
    return families, languages, publics, near


def _clear(view: View) -> None:
    # New widgets: the browser would send the value of the former ones again.
    st.session_state[EPOCH] = st.session_state.get(EPOCH, 0) + 1
    state.select(view, quartier_id=None, type_code=None)
