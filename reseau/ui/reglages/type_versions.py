"""Versions of what the territory expects: the list, what changed between two, going back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.expectations import START_LABEL
from reseau.services.expectations import (
    START,
    Version,
    changes_between,
    compare_versions,
    list_versions,
    restore_version,
    settings_of,
)
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

AUTHOR = "types_author"
ROWS, ROW = 8, 33


def versions(context: Context, *, forget: Callable[[], None]) -> None:
    """Draw what was saved so far.

    Args:
        forget: drops what is typed in the table, once it is about another version.
    """
    known = list_versions(context.app, context.tid)
    with st.expander(wording.counted("Versions enregistrées", len(known)), icon=":material/history:"):
        if not known:
            st.caption(
                wording.markdown_text(f"En usage : {context.view.reference}.")
                + " Chaque enregistrement gardera ici une version entière, avec sa date."
            )
            return
        left, right = st.columns([46, 54], gap="large")
        with left:
            _list(context, known)
        with right:
            _comparison(context, known, forget)


def _list(context: Context, known: list[Version]) -> None:
    # The first one was made from the starting reference.
    former = [list(item.settings.values()) for item in known[1:]]
    former.append(settings_of(context.app, context.tid, START))
    st.dataframe(
        pd.DataFrame(
            {
                "Version": [item.number for item in known],
                "Date": [f"{wording.short_day(item.at.date())} {item.at:%H:%M}" for item in known],
                "Par": [item.author for item in known],
                "Note": [item.note for item in known],
                "Lignes changées": [
                    len(changes_between(before, item.settings.values()))
                    for item, before in zip(known, former, strict=True)
                ],
            }
        ),
        hide_index=True,
        height=ROW * (min(len(known), ROWS) + 1) + 3,
        column_config={
            "Version": st.column_config.NumberColumn(width=60),
            "Date": st.column_config.TextColumn(width=120),
            "Par": st.column_config.TextColumn(width=90),
            "Lignes changées": st.column_config.NumberColumn(width=110),
        },
    )
    st.caption(f"En usage : la version {known[0].number}.")


def _comparison(context: Context, known: list[Version], forget: Callable[[], None]) -> None:
    labels = {item.number: f"v{item.number}, {wording.day(item.at.date())}" for item in known}
    labels[START] = START_LABEL
    numbers = list(labels)
    # The number of versions in the key: a new one makes the boxes start again from it.
    first, second = st.columns(2)
    before = first.selectbox(
        "De", numbers, index=1, format_func=labels.__getitem__, key=f"types_before_{len(known)}"
    )
    after = second.selectbox(
        "À", numbers, index=0, format_func=labels.__getitem__, key=f"types_after_{len(known)}"
    )
    changes = compare_versions(context.app, context.tid, before, after)
    if changes:
        typology = context.view.typology
        st.dataframe(
            pd.DataFrame(
                {
                    "Type": [typology[item.type_code].short_label for item in changes],
                    "Ce qui change": [item.field for item in changes],
                    "Avant": [item.before for item in changes],
                    "Après": [item.after for item in changes],
                }
            ),
            hide_index=True,
            height=ROW * (min(len(changes), ROWS) + 1) + 3,
        )
    else:
        st.caption("Rien ne change de l'une à l'autre.")
    _going_back(context, before, labels[before], forget)


def _going_back(context: Context, number: int, label: str, forget: Callable[[], None]) -> None:
    with st.popover(f"Revenir à : {label}", icon=":material/undo:"):
        st.markdown(
            "Elle redevient ce qui est attendu, sous un nouveau numéro : rien n'est effacé de l'historique."
        )
        if st.button("Oui, y revenir", key=f"types_restore_{number}", type="primary"):
            try:
                made = restore_version(
                    context.app, context.tid, number, author=st.session_state.get(AUTHOR, "")
                )
            except ReseauError as error:
                st.error(str(error))
                return
            forget()
            st.toast(
                f"C'est fait : version {made}." if made else "C'est déjà ce qui est en usage.",
                icon=":material/check:",
            )
            st.rerun()
