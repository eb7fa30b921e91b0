"""The places chosen, what they bring, and what to do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.plan.siting import Outcome
from reseau.services.siting import Proposal, SitingResult
from reseau.services.siting_actions import holders, propose_actions, propose_permanence, scenario_changes
from reseau.services.view import open_view
from reseau.ui import wording
from reseau.ui.decider import siting_form as form
from reseau.ui.decider.what_if_draft import GIVEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reseau.services.siting_actions import Proposed
    from reseau.ui.context import Context

ROUND_PLACES = "tournee_places"
MOST_ROWS, TALLEST = 8, 300


def show(context: Context, result: SitingResult) -> None:
    """Sentence, places, gestures, then the detail by quartier and what to know."""
    view = context.view
    if result.version != view.version:
        st.warning(
            "Les données ont changé depuis cette recherche : relancez-la avant de vous en servir.",
            icon=":material/history:",
        )
    _sentence(result)
    chosen: Sequence[Proposal] = ()
    if result.proposals:
        chosen = _places(context, result)
        _gestures(context, result, chosen)
    table, notes = st.tabs(["Par quartier, avant et après", "Ce qu'il faut savoir"])
    with table:
        _by_quartier(context, result)
    with notes:
        for note in result.notes:
            st.markdown(f"- {wording.markdown_text(note)}")


def _sentence(result: SitingResult) -> None:
    text = wording.markdown_text(result.sentence)
    if result.outcome is Outcome.INFEASIBLE:
        st.warning(text, icon=":material/block:")
    elif not result.proposals:
        st.info(text, icon=":material/info:")
    else:
        st.markdown(text)
        if result.outcome is Outcome.OPTIMAL:
            st.caption("Aucun autre choix parmi ces lieux n'atteindrait davantage (résultat prouvé)."
                       if result.wish.k is not None
                       else "Aucun choix de moins de lieux n'y suffirait (résultat prouvé).")  # fmt: skip


def _places(context: Context, result: SitingResult) -> list[Proposal]:
    """The list; ticked lines, or all of them."""
    digits = 2 if result.by_share else 0
    unit = "Parts de quartiers" if result.by_share else "Habitants"
    rows = [
        {
            "N°": item.rank,
            "Lieu": item.candidate.label,
            "En plus": wording.number(item.gain, digits),
            "À lui seul": wording.number(item.alone, digits),
            "Quartiers": ", ".join(helped.name for helped in item.quartiers),
        }
        for item in result.proposals
    ]
    answer: Any = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= MOST_ROWS else TALLEST,
        on_select="rerun",
        selection_mode="multi-row",
        key=form.key(context.view, f"places_{result.version}"),
        column_config={
            "N°": st.column_config.NumberColumn(width=40),
            "Lieu": st.column_config.TextColumn(width=180),
            "En plus": st.column_config.TextColumn(
                width=65, alignment="right", help=f"{unit} que ce lieu ajoute à ceux d'avant."
            ),
            "À lui seul": st.column_config.TextColumn(
                width=70,
                alignment="right",
                help=f"{unit} que ce lieu atteindrait si l'on n'ouvrait que lui.",
            ),
        },
    )
    ticked = [row for row in answer.selection.rows if row < len(rows)]
    return [item for rank, item in enumerate(result.proposals) if rank in ticked or not ticked]


def _gestures(context: Context, result: SitingResult, chosen: Sequence[Proposal]) -> None:
    count = len(chosen)
    if count < len(result.proposals):
        st.caption(f"{wording.plural(count, 'lieu coché', 'lieux cochés')} sur {len(result.proposals)}.")
    first, second = st.columns(2)
    label = "Créer l'action proposée" if count == 1 else f"Créer les {count} actions proposées"
    if first.button(
        label,
        type="primary",
        icon=":material/event:",
        width="stretch",
        help="Une action par lieu, en brouillon (statut « idée », sans date), dans la page Aller-vers.",
    ):
        _create_actions(context, result, chosen)
    with second.popover("Créer une permanence…", icon=":material/schedule:", width="stretch"):
        _permanence(context, result, chosen)
    first, second = st.columns(2)
    if first.button("Voir comme scénario", icon=":material/science:", width="stretch"):
        st.session_state[GIVEN] = scenario_changes(result, ranks=[item.rank for item in chosen])
        st.session_state["decider_next_section"] = "et_si"
        st.rerun()
    if second.button(
        "Faire une tournée", icon=":material/directions_walk:", width="stretch", disabled=count < 1
    ):
        st.session_state[ROUND_PLACES] = [item.candidate for item in chosen]
        st.session_state["decider_next_section"] = "tournee"
        st.rerun()


def _create_actions(context: Context, result: SitingResult, chosen: Sequence[Proposal]) -> None:
    try:
        done = propose_actions(context.app, context.tid, result, ranks=[item.rank for item in chosen])
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    _tell(done, "action créée (page Aller-vers)", "actions créées (page Aller-vers)")
    _still_valid(context, result)


def _permanence(context: Context, result: SitingResult, chosen: Sequence[Proposal]) -> None:
    """A permanence with its first day: until then it counts nowhere."""
    view = context.view
    types = list(result.wish.types)
    code = types[0]
    if len(types) > 1:
        code = st.selectbox(
            "Service",
            types,
            format_func=lambda item: view.typology[item].full_label,
            key="ou_aller_perm_type",
        )
    able = wording.unique_labels(holders(view, code))
    if not able:
        st.info(
            f"Aucune structure ouverte du type « {wording.markdown_text(view.typology[code].short_label)} » "
            "n'est dans l'annuaire : ajoutez d'abord celle qui tiendrait la permanence."
        )
        return
    places = {item.rank: f"{item.rank}. {item.candidate.label}" for item in chosen}
    with st.form("ou_aller_permanence", border=False):
        rank = st.selectbox("Où", list(places), format_func=lambda item: places[item])
        holder = st.selectbox(
            "Qui la tiendrait",
            list(able),
            index=None,
            format_func=lambda item: able[item],
            placeholder="Chercher",
        )
        day = st.date_input(
            "Premier jour", value=None, min_value=view.on + timedelta(days=1), format="DD/MM/YYYY"
        )
        st.caption(
            "D'ici ce jour, elle ne compte pas dans les états. Les horaires se complètent ensuite, dans "
            "l'annuaire."
        )
        pressed = st.form_submit_button("Créer la permanence", type="primary")
    if not pressed:
        return
    if holder is None:
        st.error("Choisissez la structure qui tiendrait la permanence.")
        return
    place = next(item.candidate for item in chosen if item.rank == rank)
    try:
        done = propose_permanence(
            context.app, context.tid, place, structure_id=holder, type_code=code, started_on=day
        )
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    _tell(done, "permanence créée", "permanences créées")
    _still_valid(context, result)


def _tell(done: Proposed, one: str, many: str) -> None:
    words = [wording.plural(len(done.created), one, many)] if done.created else []
    if done.existing:
        words.append(
            f"{len(done.existing)} déjà là, pas créée{'s' if len(done.existing) > 1 else ''} deux fois"
        )
    st.toast(" ; ".join(words) + ".", icon=":material/check:")


def _still_valid(context: Context, result: SitingResult) -> None:
    """What was just written does not change the answer: it was not there, and does not count yet."""
    version = open_view(context.app, context.tid).version
    answer = st.session_state[form.key(context.view, "answer")]
    if result.version == context.view.version:
        answer.result = replace(result, version=version)


def _by_quartier(context: Context, result: SitingResult) -> None:
    view = context.view
    table = result.quartiers
    # What changes first; then the order of the quartiers.
    change = (table["after"] - table["before"].fillna(0.0)) * table["people"].fillna(0.0)
    table = table.loc[change.sort_values(ascending=False, kind="stable").index]
    shown = pd.DataFrame(
        {
            "Quartier": table["name"],
            "Type": [view.typology[code].short_label for code in table["type_code"]],
            "Habitants": [wording.number(value) for value in table["people"]],
            "Aujourd'hui": [wording.percent(value) for value in table["before"]],
            "Avec ces lieux": [wording.percent(value) for value in table["after"]],
        }
    )
    if len(result.wish.types) == 1:
        shown = shown.drop(columns="Type")
    st.dataframe(
        shown, hide_index=True, width="stretch", height="content" if len(shown) <= MOST_ROWS else TALLEST
    )
    st.caption("Part des habitants à la durée de marche du type, ou moins.")
