"""What the team says of each place on its screens and sheets: a simple sentence, needs, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.screens import ScreenPlace
from reseau.services.screen_needs import default_needs, need_labels
from reseau.services.screen_places import MAX_TEXT, fallback, get_place, list_places, save_place
from reseau.ui import state, wording
from reseau.ui.annuaire.drafts import say, show_said
from reseau.ui.ecrans.writing import boxes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reseau.services.screen_places import SavedPlace
    from reseau.services.view import View
    from reseau.ui.context import Context

KEY = "ecrans_lieux"
HEIGHT = 340
SHOWN = {
    "tous": "Tous les lieux",
    "ecrits": "Ceux que vous avez décrits",
    "a_ecrire": "Ceux qui restent à décrire",
}


def places(context: Context) -> None:
    """The section."""
    show_said()
    view = context.view
    st.caption(
        "Une **phrase courte, au présent, en mots simples**, pour chaque lieu. Sans phrase de votre part, "
        "l'écran montre celle de son type. Jamais le nom d'une personne ni un numéro de mobile."
    )
    if view.structures.empty:
        st.info("L'annuaire est vide : importez vos partenaires (page Données), puis décrivez-les ici.")
        return
    said = list_places(context.app, context.tid)
    structure_id = _table(view, said)
    if structure_id is not None:
        _form(context, structure_id)


def _table(view: View, said: Mapping[int, ScreenPlace]) -> int | None:
    what, search = st.columns([45, 55], vertical_alignment="bottom")
    kind = what.segmented_control(
        "Montrer", list(SHOWN), format_func=SHOWN.__getitem__, default="tous", key=f"{KEY}_montrer"
    )
    typed = search.text_input("Chercher un lieu", key=f"{KEY}_chercher", placeholder="Nom ou commune")
    rows = view.structures[~view.structures["closed"].astype(bool)]
    if kind == "ecrits":
        rows = rows[rows.index.isin(said)]
    elif kind == "a_ecrire":
        rows = rows[~rows.index.isin([key for key, place in said.items() if place.texts or place.hidden])]
    if typed.strip():
        words = (rows["name"] + " " + rows["commune"]).str.casefold()
        rows = rows[words.str.contains(typed.strip().casefold(), regex=False)]
    if rows.empty:
        st.caption("Aucun lieu ne correspond.")
        return None
    shown = _shown(rows, said)
    nonce = st.session_state.get(f"{KEY}_nonce", 0)
    event = st.dataframe(
        shown,
        key=f"{KEY}_table_{nonce}_{hash(tuple(shown.index))}",
        hide_index=True,
        height=min(HEIGHT, 36 * (len(shown) + 1)),
        placeholder="",
        column_config={
            "Lieu": st.column_config.TextColumn(width=225, pinned=True),
            "Besoins": st.column_config.TextColumn(width=225),
            "Ce que montre l'écran": st.column_config.TextColumn(width=405),
            "Écrit par": st.column_config.TextColumn(width=110),
        },
        on_select="rerun",
        selection_mode="single-row",
    )
    st.caption(f"{wording.plural(len(shown), 'lieu', 'lieux')}. Choisissez une ligne pour la modifier.")
    picked = event["selection"]["rows"]
    return int(shown.index[picked[0]]) if picked and picked[0] < len(shown) else None


def _shown(rows: pd.DataFrame, said: Mapping[int, ScreenPlace]) -> pd.DataFrame:
    labels = need_labels()
    ready: dict[tuple[str, ...], tuple[str, str]] = {}
    lines = []
    for structure_id, name, types in zip(rows.index, rows["name"], rows["types"], strict=True):
        if types not in ready:
            usual = ", ".join(labels[key] for key in default_needs(types))
            ready[types] = (usual, fallback(types).get("fr", ""))
        place = said.get(structure_id, ScreenPlace(structure_id=structure_id))
        usual, sentence = ready[types]
        needs = usual if place.needs is None else ", ".join(labels[key] for key in place.needs)
        mine = place.texts.get("fr")
        lines.append(
            {
                "Lieu": name,
                "Besoins": needs or "aucun : n'est pas montré",
                "Ce que montre l'écran": "caché" if place.hidden else (mine or sentence),
                "Écrit par": "" if place.hidden else ("votre équipe" if mine else "phrase du type"),
            }
        )
    return pd.DataFrame(lines, index=rows.index)


def _form(context: Context, structure_id: int) -> None:
    view = context.view
    row = view.structures.loc[structure_id]
    saved = get_place(context.app, context.tid, structure_id)
    record, key = saved.record, f"{KEY}_{structure_id}_{saved.version}"
    labels = need_labels()
    usual = default_needs(row["types"])
    st.subheader(wording.markdown_text(row["name"]), anchor=False)
    with st.form(key):
        texts = boxes(context, record.texts, label="Phrase simple", limit=MAX_TEXT, key=key)
        ready = fallback(row["types"]).get("fr", "")
        st.caption(f"Sans phrase de votre part : « {wording.markdown_text(ready)} »")
        needs = st.multiselect(
            "Besoins auxquels ce lieu répond",
            list(labels),
            default=list(usual if record.needs is None else record.needs),
            format_func=labels.__getitem__,
            key=f"{key}_needs",
            placeholder="Aucun : le lieu n'est pas montré",
            help="Au départ, ceux de ses types. Personne n'enseigne le français à coup sûr : c'est à vous de "
            "le dire ici.",
        )
        show_mobile = st.checkbox(
            "Son numéro de mobile est public : l'écran peut le montrer",
            record.show_mobile,
            key=f"{key}_mobile",
        )
        hidden = st.checkbox("Ne jamais montrer ce lieu", record.hidden, key=f"{key}_hidden")
        sent = st.form_submit_button("Enregistrer", type="primary", icon=":material/save:")
    if st.button("Ouvrir sa fiche dans l'annuaire", icon=":material/contacts:", key=f"{key}_sheet"):
        state.select(view, structure_id=structure_id)
        state.go("p5_annuaire")
    if sent:
        chosen = None if set(needs) == set(usual) else tuple(needs)
        new = ScreenPlace(
            structure_id=structure_id, hidden=hidden, needs=chosen, show_mobile=show_mobile, texts=texts
        )
        _save(context, saved, new)


def _save(context: Context, saved: SavedPlace, record: ScreenPlace) -> None:
    try:
        save_place(context.app, context.tid, record, version=saved.version)
    except ReseauError as error:
        st.error(str(error))
        return
    say("C'est enregistré : les écrans le montreront à leur prochaine mise à jour.")
    st.session_state[f"{KEY}_nonce"] = st.session_state.get(f"{KEY}_nonce", 0) + 1
    st.rerun()
