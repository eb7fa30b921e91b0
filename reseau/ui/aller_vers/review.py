"""What happened: counts, never names; a figure left empty is unknown, not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.records import COUNT_LABELS
from reseau.model.vocabulary import ActionStatus
from reseau.services.actions import is_to_review, known_counts, save_action
from reseau.services.privacy import personal_hints
from reseau.ui import wording
from reseau.ui.aller_vers import chosen
from reseau.ui.aller_vers.words import COUNT_ONE, Row

if TYPE_CHECKING:
    from reseau.ui.context import Context

REMINDER = "Des nombres, jamais de noms."
SURE = "aller_vers_bilan_sur"


def review(context: Context, row: Row) -> None:
    """The figures known, and the form to fill them in."""
    if row["counts"]:
        known = [
            wording.plural(row["counts"][key], *COUNT_ONE[key])
            for key in COUNT_LABELS
            if row["counts"].get(key) is not None
        ]
        st.markdown(f"**Bilan** : {' · '.join(known)}")
    if row["outcome"]:
        st.text(row["outcome"])
    label = "Modifier le bilan" if row["counts"] or row["outcome"] else "Remplir le bilan"
    with st.expander(label, expanded=is_to_review(row, context.view.on)):
        _form(context, row)


def _form(context: Context, row: Row) -> None:
    prefix = f"aller_vers_bilan_{row['id']}_{row['version']}"
    with st.form(prefix, border=False):
        st.caption(f"{REMINDER} Laissez vide ce que vous ne savez pas : vide veut dire inconnu, pas zéro.")
        places = st.columns(2)
        counts = {
            key: places[rank % 2].number_input(
                label.capitalize(),
                min_value=0,
                max_value=100_000,
                step=1,
                value=row["counts"].get(key),
                placeholder="inconnu",
                key=f"{prefix}_{key}",
            )
            for rank, (key, label) in enumerate(COUNT_LABELS.items())
        }
        outcome = st.text_area(
            "Ce qui s'est passé",
            value=row["outcome"],
            key=f"{prefix}_outcome",
            placeholder=REMINDER,
            height=90,
        )
        done = (
            st.checkbox(
                "L'action a eu lieu : la noter réalisée",
                value=row["status"] != ActionStatus.ANNULEE and is_to_review(row, context.view.on),
                key=f"{prefix}_done",
            )
            if row["status"] != ActionStatus.REALISEE
            else False
        )
        sent = st.form_submit_button("Enregistrer le bilan", type="primary", width="stretch")
    if sent:
        st.session_state.pop(SURE, None)
    hints = personal_hints([outcome], today=context.view.on)
    if sent and hints:
        st.session_state[SURE] = row["id"]
    if sent and not hints:
        _save(context, row, counts, outcome=outcome, done=done)
    elif hints and st.session_state.get(SURE) == row["id"]:
        st.warning(
            f"Ce texte semble contenir {' et '.join(hints)}. {REMINDER}", icon=":material/privacy_tip:"
        )
        if st.button("Enregistrer quand même", key=f"{prefix}_sure"):
            _save(context, row, counts, outcome=outcome, done=done)


def _save(context: Context, row: Row, counts: dict[str, int | None], *, outcome: str, done: bool) -> None:
    try:
        values = {"counts": known_counts(counts), "outcome": outcome.strip()}
        if done:
            values["status"] = ActionStatus.REALISEE.value
        save_action(context.app, context.tid, values, row_id=int(row["id"]), version=int(row["version"]))
    except ReseauError as error:
        chosen.show_error(str(error))
        return
    st.session_state.pop(SURE, None)
    chosen.say("Bilan enregistré.")
    st.rerun()
