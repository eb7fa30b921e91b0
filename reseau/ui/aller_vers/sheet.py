"""One action: what is known of it, its status in one click, its figures afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.vocabulary import (
    ACTION_FORMS,
    ACTION_STATUS_LABELS,
    LANGUAGES,
    PARTNER_ROLES,
    PUBLICS,
    STATE_LABELS,
    STATE_SIGNS,
    State,
)
from reseau.services import editing
from reseau.services.actions import is_to_review, save_action
from reseau.ui import overview, state, wording
from reseau.ui.aller_vers import chosen, drafts
from reseau.ui.aller_vers.review import review
from reseau.ui.aller_vers.words import TEAM_ONLY, Row, quartier_names, short, status_words, when_words

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context


def sheet(context: Context, row: Row) -> None:
    """The sheet of an action."""
    view = context.view
    with st.container(border=True, key="aller_vers_fiche", gap="xsmall"):
        title, close = st.columns([88, 12], vertical_alignment="top")
        title.markdown(f"**{wording.markdown_text(row['title'])}**")
        close.button(
            "✕",
            help="Fermer la fiche",
            key="aller_vers_fermer",
            type="tertiary",
            on_click=chosen.choose,
            args=(None,),
        )
        theme = f" · {wording.markdown_text(row['theme'])}" if row["theme"] else ""
        st.markdown(f"**{status_words(row['status'])}** · {ACTION_FORMS[row['form']]}{theme}")
        awaited = is_to_review(row, view.on)
        _gestures(context, row)
        _status_buttons(context, row)
        if awaited:
            st.warning("Bilan à remplir.", icon=":material/edit_note:")
            review(context, row)
        _facts(view, row)
        _gap(view, row)
        _partners(view, row)
        _team(row)
        if not awaited:
            review(context, row)


def _status_buttons(context: Context, row: Row) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for status in ACTION_STATUS_LABELS:
            if status != row["status"] and st.button(
                status_words(status), key=f"aller_vers_statut_{status}", help="Passer l'action à ce statut"
            ):
                _set_status(context, row, status)


def _set_status(context: Context, row: Row, status: str) -> None:
    try:
        save_action(
            context.app,
            context.tid,
            {"status": str(status)},
            row_id=int(row["id"]),
            version=int(row["version"]),
        )
    except ReseauError as error:
        chosen.show_error(str(error))
        return
    chosen.say(f"Statut : {status_words(status)}.")
    st.rerun()


def _facts(view: View, row: Row) -> None:
    st.markdown(f"**Quand** : {wording.markdown_text(when_words(row, on=view.on))}")
    where = [wording.markdown_text(item) for item in (row["host_name"], row["place"]) if item]
    st.markdown(f"**Où** : {', '.join(where) or 'lieu à choisir'}")
    names = quartier_names(view, row["quartiers"])
    st.markdown(f"**Quartiers** : {wording.markdown_text(', '.join(names)) or 'aucun'}")
    known = view.quartiers.index[view.quartiers["code"].isin(row["quartiers"])]
    if len(known) and st.button(
        "Voir le quartier sur la carte", icon=":material/map:", type="tertiary", key="aller_vers_carte"
    ):
        type_code = row["type_code"] if row["type_code"] in view.typology else None
        state.select(view, quartier_id=int(known[0]), type_code=type_code)
        state.go("p2_carte")
    public = ", ".join(PUBLICS[code] for code in row["publics"]) or wording.UNKNOWN
    spoken = ", ".join(LANGUAGES[code] for code in row["languages"]) or wording.UNKNOWN
    st.markdown(f"**Publics** : {public} · **Langues** : {spoken}")


def _gap(view: View, row: Row) -> None:
    """The gap it answers, as it stands today in each of its quartiers."""
    code = row["type_code"]
    if not code or code not in view.typology:
        return
    st.markdown(f"**Répond au manque** : {wording.markdown_text(view.typology[code].full_label)}")
    for quartier_id in view.quartiers.index[view.quartiers["code"].isin(row["quartiers"])]:
        gap = overview.gap_row(view, int(quartier_id), code)
        found = State(gap["state"])
        sentence = wording.markdown_text(overview.sentence_of(view, gap))
        st.caption(f"Aujourd'hui, {STATE_SIGNS[found]} {STATE_LABELS[found].lower()}. {sentence}")


def _partners(view: View, row: Row) -> None:
    known = [(item[0], item[1], PARTNER_ROLES[item[2]]) for item in row["partners"]]
    if row["host_id"] in view.structures.index and row["host_id"] not in {item[0] for item in known}:
        known.insert(0, (row["host_id"], row["host_name"], PARTNER_ROLES["accueille"]))
    st.markdown("**Partenaires**" if known else "**Partenaires** : aucun pour l'instant")
    for structure_id, name, role in known:
        if st.button(
            f"{wording.markdown_text(short(name))} — {role}",
            key=f"aller_vers_partenaire_{structure_id}",
            type="tertiary",
            icon=":material/contact_page:",
            help="Ouvrir sa fiche dans l'annuaire",
        ):
            state.select(view, structure_id=int(structure_id))
            state.go("p5_annuaire")


def _team(row: Row) -> None:
    if row["team"] or row["note"]:
        st.caption(f"Équipe et note : {TEAM_ONLY}")
    if row["team"]:
        st.markdown(f"**Équipe** : {wording.markdown_text(row['team'])}")
    if row["note"]:
        st.text(row["note"])


def _gestures(context: Context, row: Row) -> None:
    view = context.view
    change, again, out = st.columns([34, 31, 35], gap="xsmall")
    if change.button("Modifier", icon=":material/edit:", width="stretch", type="primary"):
        drafts.open_existing(view, row)
        st.rerun()
    if again.button("Refaire", width="stretch", help="Préparer la même action à une autre date"):
        drafts.open_again(view, row)
        st.rerun()
    with out.popover("Supprimer", width="stretch"):
        st.text("L'action ira à la corbeille : vous pourrez la remettre.")
        if st.button("Mettre à la corbeille", key="aller_vers_supprimer"):
            editing.delete_row(context.app, context.tid, "actions", int(row["id"]))
            st.session_state[chosen.DELETED] = (context.tid, int(row["id"]), row["title"])
            chosen.choose(None)
            st.rerun()
