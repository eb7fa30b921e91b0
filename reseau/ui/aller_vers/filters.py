"""Which actions are shown. The quartier is the one chosen on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.vocabulary import ACTION_FORMS, ACTION_STATUS_LABELS
from reseau.plan.occurrences import last_day, next_day
from reseau.services.actions import is_to_review
from reseau.ui import state, wording
from reseau.ui.aller_vers.summary import in_month
from reseau.ui.aller_vers.words import Row, short, status_words

if TYPE_CHECKING:
    from reseau.services.view import View

ALL = ""
# A row of the store never has it; None would show as «nothing chosen».
NO_ID = 0
PREFIX = "aller_vers_filtre_"
QUARTIER = f"{PREFIX}quartier"
PERIODS: dict[str, tuple[str, Callable[[Row, date], bool]]] = {
    ALL: ("Toutes les dates", lambda _row, _on: True),
    "a_venir": ("À venir", lambda row, on: next_day(row, on) is not None),
    "mois": ("Ce mois-ci", in_month),
    "passees": ("Passées", lambda row, on: (last_day(row) or on) < on),
    "sans_date": ("Sans date", lambda row, _on: last_day(row) is None),
    "bilan": ("Bilan à remplir", is_to_review),
}


def filtered(view: View, rows: list[Row], *, month_bar: Callable[[], None] | None = None) -> list[Row]:
    """Draw the filters and answer the actions they keep, in the order given.

    Args:
        month_bar: draws the month's buttons where the period would be.
    """
    period = ALL
    if month_bar is None:
        places = list(st.columns(5, vertical_alignment="bottom"))
        period = places[0].selectbox(
            "Période", list(PERIODS), format_func=lambda key: PERIODS[key][0], key=f"{PREFIX}periode"
        )
    else:
        places = st.columns([32, 17, 17, 17, 17], vertical_alignment="bottom")
        with places[0]:
            month_bar()
    status, form, quartier, kind = places[-4:]
    statuses = status.multiselect(
        "Statut",
        list(ACTION_STATUS_LABELS),
        format_func=status_words,
        placeholder="Tous les statuts",
        key=f"{PREFIX}statut",
    )
    chosen_form = form.selectbox(
        "Forme",
        [ALL, *ACTION_FORMS],
        format_func=lambda key: ACTION_FORMS.get(key, "Toutes les formes"),
        key=f"{PREFIX}forme",
    )
    with quartier:
        code = _quartier(view)
    with kind:
        type_code = _type(view, rows)
    structure = _partner(view, rows)
    keep = PERIODS[period][1]
    return [
        row
        for row in rows
        if keep(row, view.on)
        and (not statuses or row["status"] in statuses)
        and (not chosen_form or row["form"] == chosen_form)
        and (not code or code in row["quartiers"])
        and (not type_code or row["type_code"] == type_code)
        and (structure is None or takes_part(row, structure))
    ]


def clear(view: View) -> None:
    """Show every action again."""
    for name in ("periode", "forme", "type"):
        st.session_state[f"{PREFIX}{name}"] = ALL
    st.session_state[f"{PREFIX}statut"] = []
    st.session_state[f"{PREFIX}structure"] = False
    state.select(view, quartier_id=None)


def takes_part(row: Row, structure_id: int) -> bool:
    """Whether a structure hosts the action or is one of its partners."""
    return row["host_id"] == structure_id or any(item[0] == structure_id for item in row["partners"])


def _quartier(view: View) -> str:
    selected = state.selection(view).quartier_id
    st.session_state[QUARTIER] = selected or NO_ID
    names = wording.unique_labels(view.quartiers["name"].to_dict())

    def on_change() -> None:
        state.select(view, quartier_id=st.session_state[QUARTIER] or None)

    st.selectbox(
        "Quartier",
        [NO_ID, *names],
        format_func=lambda key: names.get(key, "Tous les quartiers"),
        key=QUARTIER,
        on_change=on_change,
        help="Le quartier choisi ici l'est aussi sur les autres pages.",
    )
    return "" if selected is None else str(view.quartiers.at[selected, "code"])


def _type(view: View, rows: list[Row]) -> str:
    known = {row["type_code"] for row in rows}
    options = [ALL, *(item.code for item in view.typology if item.code in known)]
    if st.session_state.get(f"{PREFIX}type") not in options:
        st.session_state[f"{PREFIX}type"] = ALL
    return st.selectbox(
        "Type",
        options,
        format_func=lambda key: view.typology[key].full_label if key else "Tous les types",
        key=f"{PREFIX}type",
    )


def _partner(view: View, rows: list[Row]) -> int | None:
    """Offer to keep the actions of the structure chosen elsewhere, where it has any."""
    structure = state.selection(view).structure_id
    if structure is None or not any(takes_part(row, structure) for row in rows):
        return None
    name = str(view.structures.at[structure, "name"])
    label = f"Seulement avec {wording.markdown_text(short(name))}"
    return structure if st.toggle(label, key=f"{PREFIX}structure") else None
