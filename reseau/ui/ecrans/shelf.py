"""Screens of the territory: choose, create, save, duplicate, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import Conflict, ReseauError
from reseau.services import screens
from reseau.ui import state, wording
from reseau.ui.annuaire.drafts import show_error
from reseau.ui.ecrans import drafting
from reseau.ui.ecrans.drafting import NEW, SAID, Draft

if TYPE_CHECKING:
    from reseau.services.screens import SavedScreen
    from reseau.ui.context import Context

NOT_SAVED = "Changements non enregistrés"


def bar(context: Context, draft: Draft, known: Sequence[SavedScreen]) -> None:
    """Which screen is in hand, whether it is saved, and what can be done with it."""
    choice, new, status, saving, more = st.columns(
        [34, 17, 25, 14, 10], vertical_alignment="bottom", gap="small"
    )
    with choice:
        _choose(context, draft, known)
    if new.button(
        "Nouvel écran",
        icon=":material/add:",
        key="ecrans_nouveau",
        width="stretch",
        disabled=draft.saved is None,
    ):
        drafting.choose(context, NEW)
        state.rerun_part()
    status.markdown(_status(draft))
    if saving.button(
        "Enregistrer",
        icon=":material/save:",
        # A click on a screen deleted meanwhile must not save it as another one before that is said.
        key=f"ecrans_enregistrer_{draft.id}",
        type="primary",
        width="stretch",
        disabled=not draft.is_changed,
    ):
        save(context, draft, version=draft.saved.version if draft.saved else None)
    with more.popover("Plus", width="stretch"):
        _more(context, draft)
    _problems(context, draft)


def _choose(context: Context, draft: Draft, known: Sequence[SavedScreen]) -> None:
    labels = wording.unique_labels({item.id: item.record.name for item in known})
    if draft.saved is None or NEW in drafting.unsaved(context):
        labels[NEW] = "Nouvel écran, pas encore enregistré"
    for screen_id in drafting.unsaved(context) - {NEW}:
        labels[screen_id] = f"{labels.get(screen_id, '')} (à enregistrer)"
    key = f"ecrans_choix_{context.tid}"
    st.session_state[key] = draft.id

    def changed() -> None:
        drafting.choose(context, int(st.session_state[key]))

    st.selectbox("Écran", list(labels), format_func=labels.__getitem__, key=key, on_change=changed)


def _status(draft: Draft) -> str:
    if draft.saved is None or draft.is_changed:
        return f":material/edit: **{NOT_SAVED}**"
    return f":material/check: Enregistré le {wording.day(draft.saved.updated_on)}"


def save(context: Context, draft: Draft, *, version: int | None) -> None:
    """Keep the draft; what stands in the way is said by the next run, and nothing typed is lost.

    Args:
        version: of the screen the changes are made to, None for a new one.
    """
    draft.error = ""
    try:
        saved = screens.save_screen(
            context.app,
            context.tid,
            draft.record,
            screen_id=draft.saved.id if draft.saved else None,
            version=version,
        )
        if draft.logo_changed:
            # The record is kept by now: if the logo is refused, the draft goes on from there.
            _kept(context, draft, saved)
            screens.set_logo(context.app, context.tid, saved.id, draft.logo)
            saved = screens.get_screen(context.app, context.tid, saved.id)
    except Conflict:
        draft.late = True
        state.rerun_part()
    except ReseauError as error:
        draft.error = str(error)
        state.rerun_part()
    drafting.forget(context, draft)
    drafting.opened(context, saved)
    st.session_state[SAID] = "Écran enregistré."
    state.rerun_part()


def _kept(context: Context, draft: Draft, saved: SavedScreen) -> None:
    drafting.forget(context, draft)
    draft.saved, draft.late = saved, False
    drafting.put(context, draft)


def _problems(context: Context, draft: Draft) -> None:
    if draft.error:
        show_error(draft.error)
    if not draft.late or draft.saved is None:
        return
    st.warning(
        "Quelqu'un d'autre a enregistré cet écran entre-temps. Rien de ce que vous avez choisi n'est perdu, "
        "ni enregistré.",
        icon=":material/group:",
    )
    mine, theirs, _ = st.columns([30, 30, 40])
    if mine.button("Enregistrer ma version par-dessus", key="ecrans_par_dessus", width="stretch"):
        fresh = _fresh(context, draft)
        if fresh is not None:
            save(context, draft, version=fresh.version)
    if theirs.button("Reprendre la version enregistrée", key="ecrans_reprendre", width="stretch"):
        drafting.forget(context, draft)
        state.rerun_part()


def _fresh(context: Context, draft: Draft) -> SavedScreen | None:
    try:
        return screens.get_screen(context.app, context.tid, draft.id)
    except ReseauError as error:
        show_error(str(error))
        return None


def _more(context: Context, draft: Draft) -> None:
    if draft.saved is None:
        st.caption("Dupliquer et supprimer concernent un écran enregistré.")
        if st.button("Abandonner ce nouvel écran", icon=":material/undo:", key="ecrans_abandonner"):
            drafting.drop_new(context)
            state.rerun_part()
        return
    st.caption("Pour renommer : changez le nom dans l'onglet Contenu, puis enregistrez.")
    if draft.is_changed and st.button(
        "Abandonner les changements", icon=":material/undo:", key="ecrans_abandonner"
    ):
        drafting.forget(context, draft)
        state.rerun_part()
    if st.button(
        "Dupliquer", icon=":material/content_copy:", key="ecrans_dupliquer", disabled=draft.is_changed
    ):
        _duplicate(context, draft.saved)
    if draft.is_changed:
        st.caption("Enregistrez d'abord vos changements pour le dupliquer.")
    _deleting(context, draft, draft.saved)


def _duplicate(context: Context, saved: SavedScreen) -> None:
    try:
        copy = screens.duplicate_screen(context.app, context.tid, saved.id)
    except ReseauError as error:
        show_error(str(error))
        return
    drafting.opened(context, copy)
    st.session_state[SAID] = f"Copie ouverte : {copy.record.name}"
    state.rerun_part()


def _deleting(context: Context, draft: Draft, saved: SavedScreen) -> None:
    st.divider()
    sure = st.checkbox(
        "Supprimer cet écran, ses messages à lui et les avis reçus de lui",
        key=draft.seed("supprimer", False),
        help="Les postes qui l'affichent gardent le dernier contenu reçu, puis ne sont plus mis à jour.",
    )
    if st.button("Supprimer", icon=":material/delete:", key="ecrans_supprimer", disabled=not sure):
        try:
            screens.delete_screen(context.app, context.tid, saved.id, version=saved.version)
        except Conflict:
            draft.late = True
            state.rerun_part()
        except ReseauError as error:
            show_error(str(error))
            return
        drafting.forget(context, draft)
        st.session_state[SAID] = "Écran supprimé."
        state.rerun_part()
