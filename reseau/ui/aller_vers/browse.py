"""List or calendar on the left, the sheet of the open action on the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from reseau.ui import state, wording
from reseau.ui.aller_vers import calendar, drafts, filters, listing, summary
from reseau.ui.aller_vers.sheet import sheet

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.aller_vers.words import Row
    from reseau.ui.context import Context

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
LIST, MONTH = "Liste", "Calendrier"
VIEW = "aller_vers_vue"
LAST = "aller_vers_vue_memoire"


def style() -> None:
    """The constant style of the page."""
    st.html(f"<style>{STYLE}</style>")


def rows_of(view: View) -> list[Row]:
    """Every action, with its `id`."""
    records = view.actions.to_dict("records")
    return [{"id": int(index), **row} for index, row in zip(view.actions.index, records, strict=True)]


def browse(context: Context, rows: list[Row], *, opened: int | None, shown: str) -> None:
    """The two views, and the sheet beside them when an action is open."""
    view = context.view
    if not rows:
        summary.first_steps(view)
        _offer_gap(view)
        return
    row = next((item for item in rows if item["id"] == opened), None)
    if shown == MONTH:
        kept = filters.filtered(view, rows, month_bar=lambda: _month_bar(view, row))
    else:
        kept = filters.filtered(view, rows)
    main, side = (st.container(), None) if row is None else st.columns([62, 38], gap="medium")
    with main:
        if not kept:
            _nothing(view)
        if shown == MONTH:
            calendar.month_grid(view, kept, chosen=row)
        elif kept:
            listing.table(view, kept, chosen=opened)
    if row is not None and side is not None:
        with side:
            sheet(context, row)


def _month_bar(view: View, row: Row | None) -> None:
    with st.container(gap="xxsmall"):
        calendar.month_bar(view, row)


def switch() -> str:
    """Which view, remembered while another page or the form is on screen."""
    st.session_state.setdefault(VIEW, st.session_state.get(LAST, LIST))
    shown = st.segmented_control("Vue", [LIST, MONTH], required=True, key=VIEW, label_visibility="collapsed")
    st.session_state[LAST] = shown or LIST
    return shown or LIST


def _nothing(view: View) -> None:
    words, button = st.columns([70, 30], vertical_alignment="center")
    words.info("Aucune action ne répond à ces filtres.")
    button.button("Enlever les filtres", width="stretch", on_click=filters.clear, args=(view,))
    _offer_gap(view)


def _offer_gap(view: View) -> None:
    """Prepare an action for the cell chosen on another page."""
    selected = state.selection(view)
    if selected.quartier_id is None or selected.type_code is None:
        return
    name = wording.markdown_text(str(view.quartiers.at[selected.quartier_id, "name"]))
    kind = wording.markdown_text(view.typology[selected.type_code].short_label)
    if st.button(f"Préparer une action : {kind}, {name}", icon=":material/flag:", type="primary"):
        drafts.open_from_gap(view, selected.quartier_id, selected.type_code)
        st.rerun()
