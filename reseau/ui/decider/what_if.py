"""Et si : a list of changes on the left, today and then side by side on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services import scenario_ideas, scenarios
from reseau.ui import state, wording
from reseau.ui.decider import what_if_draft, what_if_forms, what_if_result, what_if_shelf
from reseau.ui.decider.what_if_shelf import SAID

if TYPE_CHECKING:
    from reseau.services.scenarios import ScenarioResult
    from reseau.ui.context import Context
    from reseau.ui.decider.what_if_draft import Draft


def what_if(context: Context) -> None:
    """The section."""
    view = context.view
    if view.quartiers.empty or view.structures.empty:
        st.info(
            "Rien à comparer pour l'instant : il faut les contours des quartiers et des partenaires, "
            "importés dans la page Données."
        )
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    _body(context, what_if_draft.current(context))


@st.fragment
def _body(context: Context, draft: Draft) -> None:
    if message := st.session_state.pop(SAID, None):
        st.toast(message, icon=":material/check:")
    what_if_shelf.bar(context, draft)
    left, right = st.columns([34, 66], gap="medium")
    try:
        result = (
            scenarios.compare_scenario(context.app, context.tid, draft.changes) if draft.changes else None
        )
    except ReseauError as error:
        # A kept scenario may hold what this version no longer knows.
        st.error(str(error), icon=":material/error:")
        result = None
    with left:
        _changes(context, draft, result)
        what_if_forms.adding(context, draft)
    with right:
        if result is None:
            _how_it_works(context)
        else:
            what_if_result.show(context, draft, result)
    what_if_shelf.comparing(context)


def _how_it_works(context: Context) -> None:
    with st.container(border=True):
        st.markdown(
            "**Et si…** une structure fermait, une permanence ouvrait le mardi, une relation devenait "
            "active ?"
        )
        st.markdown(
            "Ajoutez un ou plusieurs changements à gauche : les états, les habitants à portée et le réseau "
            "sont recalculés aussitôt et montrés à côté de ceux d'aujourd'hui. **Rien n'est écrit dans "
            "l'annuaire.** Un scénario se garde sous un nom, se rouvre et se compare à un autre."
        )
        if context.view.pivot_id is None:
            st.caption(
                "Votre structure pivot n'est pas choisie (page Réglages) : ouvrir ou fermer un lieu se "
                "compare, mais aucune relation ne peut compter."
            )
        if context.view.inhabitants.quartiers["population"].isna().all():
            st.caption(
                "Le nombre d'habitants d'aucun quartier n'est connu : le résultat est donné en part "
                "d'habitants."
            )


def _changes(context: Context, draft: Draft, result: ScenarioResult | None) -> None:
    st.markdown("**Changements**")
    if draft.before and st.button("Reprendre la liste d'avant", icon=":material/undo:", type="tertiary"):
        draft.changes, draft.before = draft.before, []
        state.rerun_part()
    if not draft.changes:
        st.caption("Aucun pour l'instant : ajoutez-en un ci-dessous.")
        return
    lines = result.lines if result else tuple("changement illisible" for _ in draft.changes)
    with st.container(key="et_si_liste", gap="xxsmall"):
        for rank, line in enumerate(lines):
            _line(context, draft, rank, line)
    for problem in result.problems if result else ():
        st.warning(wording.markdown_text(problem), icon=":material/report:")
    if result:
        _for_real(context, draft)


def _line(context: Context, draft: Draft, rank: int, line: str) -> None:
    words, sheet, remove = st.columns([80, 10, 10], vertical_alignment="center", gap="xxsmall")
    words.markdown(f"{rank + 1}\\. {wording.markdown_text(line)}")
    structure = _structure_of(draft.changes[rank])
    if structure in context.view.structures.index and sheet.button(
        "", icon=":material/contact_page:", key=f"et_si_fiche_{rank}", type="tertiary", help="Ouvrir la fiche"
    ):
        state.select(context.view, structure_id=structure)
        state.go("p5_annuaire")
    if remove.button(
        "",
        icon=":material/close:",
        key=f"et_si_retirer_{rank}",
        type="tertiary",
        help="Retirer ce changement",
    ):
        draft.remove(rank)
        state.rerun_part()


def _structure_of(change: what_if_draft.Raw) -> int | None:
    """The sheet where a change would be entered for real."""
    return next((change[name] for name in ("structure_id", "host_id", "holder_id") if name in change), None)


def _for_real(context: Context, draft: Draft) -> None:
    """Nothing is written silently: sheets to open, and ideas of actions for those who ask."""
    opened = sum(item.get("kind") == "permanence" for item in draft.changes)
    with st.popover("Et pour de vrai ?", icon=":material/task_alt:", width="stretch"):
        st.markdown(
            "Un scénario ne change pas l'annuaire. Quand un changement devient réel, ouvrez la fiche (icône "
            "à droite de la ligne) et écrivez-y la permanence, la relation ou la fermeture."
        )
        if not opened:
            st.caption("Ce scénario n'ouvre aucune permanence : il n'y a pas d'action à préparer.")
            return
        st.markdown("Les permanences à ouvrir peuvent devenir des actions « idée » de la page Aller-vers.")
        label = f"Créer {wording.plural(opened, 'action')} à l'état d'idée"
        if st.button(label, icon=":material/add_task:", key="et_si_actions"):
            _create(context, draft)


def _create(context: Context, draft: Draft) -> None:
    name = draft.saved.name if draft.saved else ""
    try:
        ideas = scenario_ideas.create_ideas(context.app, context.tid, draft.changes, scenario=name)
    except ReseauError as error:
        st.error(str(error), icon=":material/error:")
        return
    said = [wording.plural(len(ideas.created), "action créée", "actions créées")] if ideas.created else []
    if ideas.known:
        said.append(wording.plural(len(ideas.known), "déjà dans la page Aller-vers"))
    st.session_state[SAID] = f"{' ; '.join(said) or 'Aucune action à créer'}."
    st.rerun()
