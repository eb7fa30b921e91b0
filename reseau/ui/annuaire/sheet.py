"""The sheet of a structure: what matters first, then everything in tabs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import POSITION_PRECISIONS
from reseau.services import editing
from reseau.ui import state, wording
from reseau.ui.annuaire import (
    access,
    actions,
    contacts,
    hours_tab,
    identity,
    journal,
    permanences,
    provenance,
    relations,
)
from reseau.ui.annuaire.drafts import DRAFTS, discard, late, say
from reseau.ui.annuaire.labels import type_words
from reseau.ui.annuaire.openness import opening_sentence
from reseau.ui.annuaire.quality_line import quality_line
from reseau.ui.annuaire.rows import WRITTEN
from reseau.ui.decider.what_if_draft import propose

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

DELETED, SHEET = "annuaire_deleted", "annuaire_sheet"
ROW_TABS = {
    "contacts": "Contacts",
    "relations": "Relations",
    "permanences": "Permanences",
    "journal": "Journal",
    "provenance": "Provenance",
}


def sheet(context: Context, structure_id: int, at: datetime) -> None:
    """Everything known of one structure."""
    view = context.view
    row = {str(key): value for key, value in view.structures.loc[structure_id].items()}
    _header(view, row, at)
    _facts(view, structure_id, row)
    _buttons(context, structure_id, row)
    quality_line(context, structure_id)
    notice = st.container()
    names = _tab_names(context, structure_id)
    if st.session_state.get(SHEET) != structure_id:
        st.session_state[SHEET] = structure_id
        st.session_state.pop(WRITTEN, None)
    written = ROW_TABS.get(st.session_state.get(WRITTEN, ""), names[0])
    first = next(name for name in names if name.startswith(written))
    tabs = st.tabs(names, key=f"annuaire_tabs_{structure_id}", default=first)
    parts = (
        identity.tab, hours_tab.tab, access.tab, contacts.tab, relations.tab, permanences.tab, actions.tab,
        journal.tab, provenance.tab,
    )  # fmt: skip
    for container, part in zip(tabs, parts, strict=True):
        with container:
            part(context, structure_id)
    with notice:
        _changed_meanwhile(structure_id, int(row["version"]))


def _tab_names(context: Context, structure_id: int) -> list[str]:
    view = context.view
    ties, held = view.relations, view.permanences
    counts = {
        "Contacts": int((view.contacts["structure_id"] == structure_id).sum()),
        "Relations": int(((ties["from_id"] == structure_id) | (ties["to_id"] == structure_id)).sum()),
        "Permanences": int(
            ((held["structure_id"] == structure_id) | (held["host_id"] == structure_id)).sum()
        ),
        "Actions": len(actions.actions_of(view, structure_id)),
        "Journal": int((view.journal["structure_id"] == structure_id).sum()),
        "Provenance": len(provenance.questions_of(context, structure_id)),
    }
    names = ("Identité", "Horaires", "Accès", *counts)
    return [f"{name} ({counts[name]})" if counts.get(name) else name for name in names]


def _header(view: View, row: dict[str, Any], at: datetime) -> None:
    title, shut = st.columns([14, 1], vertical_alignment="center")
    title.markdown(f"### {wording.markdown_text(row['name'])}")
    if shut.button(
        "", icon=":material/close:", help="Fermer la fiche", type="tertiary", key="annuaire_close"
    ):
        state.select(view, structure_id=None)
        st.rerun()
    kinds = type_words(row["types"], view.typology, full=True) or "type non renseigné"
    line = f"{wording.markdown_text(kinds)} · *{FAMILIES[row['family']].label}*"
    if row["is_pivot"]:
        line += " · **votre structure pivot**"
    if not row["closed"]:
        line += f"  \n**{opening_sentence(row['opening_hours'], row['hours_text'], at)}**"
    st.markdown(line)
    if row["closed"]:
        st.warning("Fermée définitivement : elle ne compte plus nulle part.", icon=":material/block:")


def _facts(view: View, structure_id: int, row: dict[str, Any]) -> None:
    """A few lines of plain text: an address of a person or a file must not become a link."""
    street = ", ".join(filter(None, (row["address"], row["address_extra"])))
    town = " ".join(filter(None, (row["postcode"], row["commune"])))
    position = POSITION_PRECISIONS.get(row["position_precision"], "") or "à placer"
    where, how = st.columns(2, gap="medium")
    where.text(
        f"{', '.join(filter(None, (street, town))) or 'Adresse non renseignée'}\n"
        f"Position : {position}\n"
        f"Quartiers : {near_words(view, structure_id, placed=bool(row['placed']))}"
    )
    how.text(
        f"Téléphone : {row['phone'] or wording.UNKNOWN}"
        + (f"\nCourriel : {row['email']}" if row["email"] else "")
        + f"\nGratuit : {wording.yes_no(row['free'])}"
        f"\nSans rendez-vous : {wording.yes_no(row['no_appointment'])}"
        f"\nMobilité réduite : {wording.yes_no(row['accessible'])}"
    )
    if row["website"].lower().startswith(("https://", "http://")):
        st.link_button(wording.markdown_text(row["website"]), row["website"], icon=":material/open_in_new:")


def near_words(view: View, structure_id: int, *, placed: bool) -> str:
    """«dans Beauval», «à 250 m de Beauval», nearest first."""
    if not placed:
        return "inconnus tant que la structure n'est pas placée"
    rows = view.located[view.located["structure_id"] == structure_id].sort_values("metres")
    if rows.empty:
        return "aucun à moins de 500 m" if len(view.quartiers) else "aucun contour chargé"
    names = view.quartiers["name"]
    return ", ".join(
        f"dans {names[key]}" if inside else f"à {wording.distance(metres)} de {names[key]}"
        for key, inside, metres in zip(rows["quartier_id"], rows["inside"], rows["metres"], strict=True)
    )


def _buttons(context: Context, structure_id: int, row: dict[str, Any]) -> None:
    view = context.view
    on_map, in_network, action, delete = st.columns([5, 6, 6, 4], gap="small")
    if on_map.button("Voir sur la carte", icon=":material/map:", width="stretch"):
        state.go("p2_carte")
    if in_network.button("Voir dans le réseau", icon=":material/hub:", width="stretch"):
        state.go("p3_reseau")
    quartier, kind = _quartier_of(view, structure_id), next(iter(row["types"]), None)
    blocked = quartier is None or kind is None
    if action.button(
        "Préparer une action",
        icon=":material/directions_walk:",
        width="stretch",
        disabled=blocked,
        help="Choisissez d'abord un quartier (« Dans ou près de »)." if blocked else None,
    ):
        st.session_state["prepare_action"] = (quartier, kind)
        state.go("p6_aller_vers")
    if not row["closed"] and st.button(
        "Et si elle fermait ?", icon=":material/science:", type="tertiary", key="annuaire_et_si"
    ):
        propose([{"kind": "close", "structure_id": structure_id}])
    with delete.popover("Supprimer", icon=":material/delete:", width="stretch"):
        st.markdown(
            "La fiche part à la corbeille avec ses relations, permanences, contacts et journal. Vous "
            "pourrez la remettre depuis la page Données."
            + (" **C'est votre structure pivot.**" if row["is_pivot"] else "")
        )
        if st.button("Mettre à la corbeille", key=f"annuaire_delete_{structure_id}", type="primary"):
            editing.delete_row(context.app, context.tid, "structures", structure_id)
            st.session_state[DELETED] = (structure_id, row["name"])
            state.select(view, structure_id=None)
            st.rerun()


def _quartier_of(view: View, structure_id: int) -> int | None:
    """The quartier chosen, else the one the structure is in or nearest to."""
    chosen = state.selection(view).quartier_id
    if chosen is not None:
        return chosen
    rows = view.located[view.located["structure_id"] == structure_id].sort_values("metres")
    return None if rows.empty else int(rows["quartier_id"].iloc[0])


def offer_undo(context: Context) -> None:
    """Bring back what was just put aside."""
    deleted = st.session_state.get(DELETED)
    if deleted is None:
        return
    structure_id, name = deleted
    words, button = st.columns([8, 2], vertical_alignment="center")
    words.info(f"« {wording.markdown_text(name)} » est à la corbeille.", icon=":material/delete:")
    if button.button("Annuler la suppression", icon=":material/undo:", width="stretch"):
        editing.restore_row(context.app, context.tid, "structures", structure_id)
        del st.session_state[DELETED]
        st.session_state["sel_structure"] = str(structure_id)
        say("La fiche est revenue.")
        st.rerun()


def _changed_meanwhile(structure_id: int, version: int) -> None:
    """A form shows its fields as they were when it opened: say when one is no longer so."""
    drafts = [
        draft
        for draft in st.session_state.get(DRAFTS, {}).values()
        if (draft.kind, draft.row_id) == ("structures", structure_id)
    ]
    behind = [draft for draft in drafts if late(draft, version)]
    if not behind or any(draft.question for draft in behind):
        return
    words, button = st.columns([7, 3], vertical_alignment="center")
    words.warning("Cette fiche a changé, ici ou ailleurs, depuis que vous l'avez ouverte.")
    if button.button("Relire la fiche", icon=":material/refresh:", width="stretch"):
        for draft in behind:
            discard(draft)
        st.rerun()
