"""Scenarios kept with the territory: open, save, rename, duplicate, delete, compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.services import saved_scenarios as shelf
from reseau.services.privacy import personal_hints
from reseau.services.scenario_exports import figure_words
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.services.saved_scenarios import SavedScenario
    from reseau.ui.context import Context
    from reseau.ui.decider.what_if_draft import Draft

MAX_COMPARED = 2
MAX_NAME = 200
SAID = "et_si_dit"
SURE = "et_si_sur"


def bar(context: Context, draft: Draft) -> None:
    """Which scenario is in hand, and what can be done with it."""
    known = shelf.list_scenarios(context.app, context.tid)
    title, opening, saving, more = st.columns([40, 22, 20, 18], vertical_alignment="center", gap="small")
    title.markdown(_title(draft))
    with opening.popover(
        wording.counted("Ouvrir un scénario", len(known)), icon=":material/folder_open:", width="stretch"
    ):
        _opening(draft, known)
    with saving.popover("Enregistrer", icon=":material/save:", width="stretch", disabled=not draft.changes):
        _saving(context, draft)
    with more.popover("Plus", icon=":material/more_horiz:", width="stretch"):
        _more(context, draft)


def _title(draft: Draft) -> str:
    if draft.saved is None:
        return "**Nouveau scénario**" + (" · *pas encore enregistré*" if draft.changes else "")
    name = wording.markdown_text(draft.saved.name)
    return f"**{name}**" + (" · *modifié, à enregistrer*" if draft.is_changed else "")


def _opening(draft: Draft, known: list[SavedScenario]) -> None:
    if draft.is_changed:
        st.caption("La liste en cours n'est pas enregistrée : elle sera remplacée.")
    for item in known:
        words = f"{wording.markdown_text(item.name)} ({wording.plural(len(item.changes), 'changement')})"
        if st.button(
            words,
            key=f"et_si_ouvrir_{item.id}",
            type="tertiary",
            help=wording.markdown_text(item.note) or None,
        ):
            draft.open(item)
            state.rerun_part()
    if not known:
        st.caption("Aucun scénario n'est enregistré pour ce territoire.")
    if st.button("Nouveau scénario", icon=":material/add:", key="et_si_nouveau"):
        draft.open(None)
        state.rerun_part()


def _saving(context: Context, draft: Draft) -> None:
    saved = draft.saved
    if saved is not None and draft.is_changed:
        words = f"Enregistrer « {wording.markdown_text(saved.name)} »"
        if st.button(words, type="primary", key="et_si_garder", icon=":material/save:"):
            _try(
                draft,
                lambda: shelf.update_scenario(context.app, context.tid, saved, changes=draft.changes),
                "Scénario enregistré.",
            )
        st.caption("ou sous un autre nom :")
    name = st.text_input("Nom du scénario", key=draft.key("nom_scenario"), max_chars=MAX_NAME)
    note = st.text_area("Note (facultatif)", key=draft.key("note_scenario"), height=80, max_chars=2000)
    if st.button("Enregistrer sous ce nom", key="et_si_garder_sous") and _sure(context, name, note):
        _try(
            draft,
            lambda: shelf.save_scenario(context.app, context.tid, name, draft.changes, note=note),
            "Scénario enregistré.",
        )


def _sure(context: Context, name: str, note: str) -> bool:
    """Whether nothing speaks of a person, or it was pressed again after having been told."""
    hints = personal_hints([name, note], today=context.view.on)
    if not hints or st.session_state.pop(SURE, None) == (name, note):
        return True
    st.session_state[SURE] = (name, note)
    st.warning(
        f"Ce texte semble contenir {' et '.join(hints)}. Un scénario ne dit rien d'une personne : "
        "retirez-le, ou enregistrez de nouveau.",
        icon=":material/privacy_tip:",
    )
    return False


def _more(context: Context, draft: Draft) -> None:
    saved = draft.saved
    if saved is None:
        st.caption("Renommer, dupliquer et supprimer concernent un scénario enregistré.")
        return
    app, tid = context.app, context.tid
    if saved.note:
        st.text(saved.note)
    st.caption(f"Modifié le {wording.day(saved.updated_on)}.")
    name = st.text_input(
        "Nouveau nom", value=saved.name, key=draft.key(f"renommer_{saved.id}_{saved.version}")
    )
    if st.button("Renommer", icon=":material/edit:", key="et_si_renommer", disabled=draft.is_changed):
        _try(draft, lambda: shelf.update_scenario(app, tid, saved, name=name), "Scénario renommé.")
    if draft.is_changed:
        st.caption("Enregistrez d'abord la liste en cours.")
    if st.button("Dupliquer", icon=":material/content_copy:", key="et_si_dupliquer"):
        _try(draft, lambda: shelf.duplicate_scenario(app, tid, saved.id), "Copie ouverte.")
    if st.button("Supprimer", icon=":material/delete:", key="et_si_supprimer"):
        _delete(context, draft, saved)


def _try(draft: Draft, do: Callable[[], SavedScenario], said: str) -> None:
    try:
        draft.open(do())
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)), icon=":material/error:")
        return
    st.session_state[SAID] = said
    state.rerun_part()


def _delete(context: Context, draft: Draft, saved: SavedScenario) -> None:
    try:
        shelf.delete_scenario(context.app, context.tid, saved)
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)), icon=":material/error:")
        return
    # What it held stays in hand: a slip of the finger loses nothing.
    draft.saved = None
    draft.turn += 1
    st.session_state[SAID] = "Scénario supprimé ; ses changements restent affichés."
    state.rerun_part()


def comparing(context: Context) -> None:
    """Two kept scenarios beside today."""
    known = shelf.list_scenarios(context.app, context.tid)
    if not known:
        return
    st.markdown("**Comparer des scénarios enregistrés avec aujourd'hui**")
    labels = wording.unique_labels({item.id: item.name for item in known})
    chosen = st.multiselect(
        "Scénarios à comparer", list(labels), format_func=labels.__getitem__, max_selections=MAX_COMPARED,
        key="et_si_comparer", placeholder=f"{MAX_COMPARED} au plus", label_visibility="collapsed",
    )  # fmt: skip
    if not chosen:
        st.caption("Choisissez un ou deux scénarios.")
        return
    items = {item.id: item for item in known}
    try:
        results = [shelf.compare_saved(context.app, context.tid, items[key]) for key in chosen]
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)), icon=":material/error:")
        return
    lines = shelf.side_by_side(results)
    heads = ["Aujourd'hui", *(labels[key] for key in chosen)]
    cells = [[line.label, *(figure_words(value, line.digits) for value in line.values)] for line in lines]
    # Two columns of a table may not have one name, whatever scenarios are called.
    names = list(wording.unique_labels(dict(enumerate(["Cases attendues, puis réseau", *heads]))).values())
    st.dataframe(pd.DataFrame(cells, columns=names), hide_index=True, width="stretch")
    for key, result in zip(chosen, results, strict=True):
        words = " ".join(result.sentences)
        st.markdown(f"**{wording.markdown_text(labels[key])}** : {wording.markdown_text(words)}")
    st.caption(wording.markdown_text(results[0].basis))
