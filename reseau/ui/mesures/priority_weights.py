"""What the formula of priorities weighs: how it is said, and how it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.gaps.priority_words import FORMULA, formula_lines
from reseau.model.expectations import NO_NORM
from reseau.model.indicators import figure_of, social_indicators
from reseau.services.priorities import DEFAULT_WEIGHTS, WEIGHTS, priorities, set_weights
from reseau.services.territoires import BOUNDS
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

SAVED = "priority_weights_saved"
PROBLEM = "priority_weights_problem"


def formula(context: Context) -> None:
    """The formula, what each factor is here, and the weights to change in place."""
    view = context.view
    with st.container(gap="xxsmall"):
        st.markdown(f"**Score = {FORMULA}**")
        st.caption(f"{view.reference[:1].upper()}{view.reference[1:]}. {NO_NORM}")
    label = "Ce que veut dire chaque facteur, et changer les poids"
    with st.expander(label, icon=":material/tune:"):
        words, boxes = st.columns([52, 48], gap="large")
        with words:
            for line in formula_lines(view.territoire, priorities(view).social_mean):
                st.markdown(f"- {wording.markdown_text(line)}")
            if st.button("Changer le poids des types", icon=":material/checklist:"):
                st.session_state["reglages_next_section"] = "types"
                state.go("p10_reglages")
        with boxes:
            _boxes(context)


def _boxes(context: Context) -> None:
    record, tid = context.territoire.record, context.tid
    stored = {name: getattr(record, name) for name in WEIGHTS}
    # Boxes follow what is stored until someone writes in them.
    for name, value in stored.items():
        st.session_state.setdefault(_key(name, tid), value)
    values = {
        "weight_to_link": _scale(
            "weight_to_link",
            tid,
            label="Type à relier : ce que compte un habitant qui a déjà un lieu à portée",
            step=20,
            text="0 : un lieu proche sans relation n'est pas une priorité. 1 : comme s'il manquait.",
        ),
        "weight_needs": _scale(
            "weight_needs",
            tid,
            label="Demandes des habitants : ce qu'elles ajoutent",
            step=10,
            text="0 : elles ne comptent pas. 1 : un thème qui fait toutes les demandes double le score.",
        ),
        "social_indicator": _indicator(context.view, tid),
    }
    changed = values != stored
    row = st.container(horizontal=True)
    # Callbacks: on a slow computer, a second gesture ends the run of the first before its button is reached.
    row.button(
        "Enregistrer les poids",
        type="primary",
        disabled=not changed,
        key="priority_weights_save",
        on_click=_save,
        args=(context,),
    )
    row.button(
        "Valeurs de départ",
        icon=":material/restart_alt:",
        key="priority_weights_reset",
        on_click=_reset,
        args=(tid,),
    )
    _said(changed)


def _said(changed: bool) -> None:
    """What became of the changes, until the next one."""
    if problem := st.session_state.pop(PROBLEM, None):
        st.error(problem)
    if changed:
        st.session_state.pop(SAVED, None)
        st.caption("Changements non enregistrés.")
    elif st.session_state.get(SAVED):
        st.caption(":material/check: Les poids sont enregistrés : le classement est refait.")


def _scale(name: str, tid: int, *, label: str, step: int, text: str) -> float:
    """A slider with a French comma; a stored value in between keeps its place.

    Args:
        step: how many steps a unit has.
    """
    low, high, _ = BOUNDS[name]
    steps = {rank / step for rank in range(round(low * step), round(high * step) + 1)}
    value: float = st.select_slider(
        label,
        sorted(steps | {st.session_state[_key(name, tid)]}),
        format_func=lambda number: wording.number(number, 2).rstrip("0").rstrip(","),
        key=_key(name, tid),
        help=text,
    )
    return value


def _indicator(view: View, tid: int) -> str:
    labels = {"": "aucun : indice social 1 partout"}
    for code, item in social_indicators().items():
        n = sum(figure_of(figures, code) is not None for figures in view.quartiers["indicators"])
        known = f"connu pour {wording.plural(n, 'quartier')}" if n else "inconnu ici"
        labels[code] = f"{item.label} ({known})"
    value: str = st.selectbox(
        "Chiffre de l'indice social",
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=_key("social_indicator", tid),
        help="Un chiffre publié sur les quartiers (page Données, source « Chiffres des quartiers »).",
    )
    return value


def _save(context: Context) -> None:
    tid = context.tid
    try:
        set_weights(context.app, tid, **{name: st.session_state[_key(name, tid)] for name in WEIGHTS})
    except ReseauError as error:
        st.session_state[PROBLEM] = str(error)
        return
    st.session_state[SAVED] = True


def _reset(tid: int) -> None:
    for name, value in DEFAULT_WEIGHTS.items():
        st.session_state[_key(name, tid)] = value


def _key(name: str, tid: int) -> str:
    return f"priority_{name}_{tid}"
