"""Asking whether a person's correction stays, when a source says something new underneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.reports import FieldChange
from reseau.services.field_labels import field_label
from reseau.services.statements import Conflict, conflicts, keep_mine, statements_of, take_theirs
from reseau.ui import wording
from reseau.ui.annuaire.rows import WRITTEN
from reseau.ui.donnees.change_words import pairs

if TYPE_CHECKING:
    from reseau.ui.context import Context

EMPTY = "(vide)"
# Fields answered together: half a position means nothing.
TOGETHER = {
    "lon": "position", "lat": "position", "position_precision": "position", "opening_hours": "hours",
    "hours_text": "hours",
}  # fmt: skip


def waiting(context: Context) -> list[list[Conflict]]:
    """Questions of a territory, each one field or the fields that go together."""
    asking = context.view.memo("conflicts", lambda: conflicts(context.app, context.tid))
    found: dict[tuple[int, str, str], list[Conflict]] = {}
    for item in asking:
        key = (item.structure_id, TOGETHER.get(item.field, item.field), item.source)
        found.setdefault(key, []).append(item)
    return list(found.values())


def count_words(count: int) -> str:
    """«2 valeurs sont à confirmer»: how many wait."""
    return wording.plural(count, "valeur est à confirmer", "valeurs sont à confirmer")


def question(context: Context, group: Sequence[Conflict], titles: Mapping[str, str], *, key: str) -> None:
    """Both values and the two answers."""
    first = group[0]
    lines = list(pairs(_changes(context, group), context.view.typology))
    several = len(lines) > 1
    mine = "\n".join(_line(item.field, old, several=several) for item, old, _ in lines)
    theirs = "\n".join(_line(item.field, new, several=several) for item, _, new in lines)
    key = f"{key}_{first.structure_id}_{first.field}_{first.source}"
    label = " et ".join(dict.fromkeys(field_label(item.field) for item, _, _ in lines))
    title = titles.get(first.source, first.source)
    name, left, right = st.columns([2, 4, 4])
    name.markdown(f"**{wording.markdown_text(label)}**")
    with left.container(gap="xsmall"):
        st.caption("Votre valeur, en vigueur")
        st.text(mine)
        if st.button("Garder la mienne", icon=":material/person:", key=f"keep_{key}"):
            _answer(context, first, take=False)
    with right.container(gap="xsmall"):
        st.caption(f"{wording.markdown_text(title)}, données du {wording.day(first.on)}")
        st.text(theirs)
        if st.button("Prendre celle de la source", icon=":material/sync:", key=f"take_{key}"):
            _answer(context, first, take=True)


def _changes(context: Context, group: Sequence[Conflict]) -> list[FieldChange]:
    """What the source says beside what is in force; a position is whole, even when half of it moved."""
    first = group[0]
    found = {item.field: FieldChange(field=item.field, old=item.mine, new=item.theirs) for item in group}
    if TOGETHER.get(first.field) == "position":
        row = context.view.structures.loc[first.structure_id]
        said = {
            item.field: item.value
            for item in statements_of(context.app, first.structure_id)
            if item.source == first.source
        }
        for name in ("lon", "lat"):
            mine = None if pd.isna(row[name]) else float(row[name])
            found[name] = FieldChange(field=name, old=mine, new=said.get(name, mine))
    return list(found.values())


def _line(field: str, value: str, *, several: bool) -> str:
    shown = value or EMPTY
    return f"{field_label(field)} : {shown}" if several else shown


def _answer(context: Context, asked: Conflict, *, take: bool) -> None:
    verb = take_theirs if take else keep_mine
    try:
        verb(context.app, context.tid, asked.structure_id, asked.field, asked.source)
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    # The number in the name of the tab makes new tabs: this one opens again.
    st.session_state[WRITTEN] = "provenance"
    said = "La valeur de la source est prise." if take else "Votre valeur reste."
    st.toast(said, icon=":material/check:")
    st.rerun()
