"""What is coming, what awaits its figures, and what was done so far."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.french import MONTHS
from reseau.model.vocabulary import ActionStatus
from reseau.plan.occurrences import month_weeks, occurrences
from reseau.services import editing
from reseau.services.actions import CountTotal, count_totals, is_coming, is_to_review
from reseau.services.agenda import calendar_file
from reseau.ui import wording
from reseau.ui.aller_vers import chosen, drafts
from reseau.ui.aller_vers.words import COUNT_ONE, Row

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from reseau.services.view import View
    from reseau.ui.context import Context


def in_month(row: Row, on: date) -> bool:
    """Whether an action has a day in the month of `on`."""
    own = [day for week in month_weeks(on.year, on.month) for day in week if day.month == on.month]
    return bool(occurrences(row, own[0], own[-1]))


def header(context: Context, rows: list[Row], *, title: str) -> DeltaGenerator:
    """Title, main buttons and the summary; answers the place left for the choice of view."""
    view = context.view
    left, views, agenda, new = st.columns([26, 22, 30, 22], vertical_alignment="center")
    left.title(title, anchor=False)
    coming = [row for row in rows if is_coming(row, view.on)]
    agenda.download_button(
        "Agenda des actions à venir (.ics)",
        data=calendar_file(coming, on=view.on, stamp=datetime.now(UTC)),
        file_name="aller-vers.ics",
        mime="text/calendar",
        icon=":material/event:",
        disabled=not coming,
        on_click="ignore",
        width="stretch",
        help="Pour votre logiciel d'agenda : titre, date, lieu et statut. Ni équipe, ni note, ni bilan.",
    )
    if new.button("Nouvelle action", icon=":material/add:", type="primary", width="stretch"):
        drafts.open_blank(view)
        st.rerun()
    chosen.show_said()
    _deleted(context)
    with st.container(key="aller_vers_resume", gap="xxsmall"):
        _figures(rows, view.on)
    return views


def _figures(rows: list[Row], on: date) -> None:
    if rows:
        st.caption(_counts_line(rows, on))
        if totals := count_totals(rows):
            done = sum(row["status"] == ActionStatus.REALISEE for row in rows)
            st.caption(
                f"Bilan de {wording.plural(done, 'action réalisée', 'actions réalisées')} : "
                + " · ".join(map(_total, totals))
            )


def _counts_line(rows: list[Row], on: date) -> str:
    coming = sum(is_coming(row, on) for row in rows)
    month = sum(row["status"] != ActionStatus.ANNULEE and in_month(row, on) for row in rows)
    review = sum(is_to_review(row, on) for row in rows)
    return (
        f"**{wording.plural(coming, 'action')} à venir** · {wording.plural(month, 'action')} en "
        f"{MONTHS[on.month - 1]} · {wording.plural(review, 'bilan')} à remplir"
    )


def _total(item: CountTotal) -> str:
    one, many = COUNT_ONE[item.key]
    if item.total is None:
        return f"{many} : aucun chiffre"
    without = f" ; {wording.number(item.missing)} sans chiffre" if item.missing else ""
    return f"**{wording.plural(item.total, one, many)}** sur {wording.plural(item.given, 'action')}{without}"


def _deleted(context: Context) -> None:
    """Offer to bring back the action just put aside."""
    known = st.session_state.get(chosen.DELETED)
    if known is None or known[0] != context.tid:
        return
    _, action_id, title = known
    words, back, fine = st.columns([70, 16, 14], vertical_alignment="center")
    words.info(f"« {wording.markdown_text(title)} » est à la corbeille.")
    if back.button("La remettre", icon=":material/undo:", width="stretch"):
        editing.restore_row(context.app, context.tid, "actions", action_id)
        st.session_state.pop(chosen.DELETED)
        chosen.choose(action_id)
        st.rerun()
    if fine.button("C'est bien", width="stretch"):
        st.session_state.pop(chosen.DELETED)
        st.rerun()


def first_steps(view: View) -> None:
    """What to do when no action exists yet."""
    st.info(
        "Aucune action pour l'instant. Créez-en une avec « Nouvelle action », ou partez d'un manque : "
        "dans la vue d'ensemble, cliquez sur une case puis sur « Préparer une action » ; quartier, type et "
        "lieu seront remplis."
    )
    if view.quartiers.empty:
        st.caption("Aucun quartier n'est encore importé : voyez la page Données.")
