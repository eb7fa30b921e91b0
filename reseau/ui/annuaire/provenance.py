"""Where each part of a sheet comes from, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.services import editing
from reseau.services.importing import list_sources
from reseau.services.statements import statements_of
from reseau.ui import wording
from reseau.ui.annuaire.labels import FIELD_LABELS, value_words
from reseau.ui.annuaire.questions import count_words, question, waiting
from reseau.ui.donnees.change_words import brief

if TYPE_CHECKING:
    from reseau.services.statements import Conflict
    from reseau.ui.context import Context

BY_HAND = "corrigé ou saisi à la main"
GEOCODED = "adresse placée par le géocodeur national"


def tab(context: Context, structure_id: int) -> None:
    """What waits for an answer, then one line per known field."""
    titles = source_titles()
    asked = questions_of(context, structure_id)
    if asked:
        st.warning(
            f"{count_words(len(asked))} : une source dit autre chose que ce que vous avez écrit.",
            icon=":material/compare_arrows:",
        )
        for group in asked:
            with st.container(border=True):
                question(context, group, titles, key="sheet")
    shown = provenance_table(context, structure_id)
    if shown.empty:
        st.caption("Rien n'est encore renseigné.")
        return
    st.dataframe(
        shown,
        hide_index=True,
        height=420 if len(shown) > 11 else "auto",
        column_config={
            "Depuis le": st.column_config.DateColumn(format="DD/MM/YYYY", width="small"),
            "Valeur": st.column_config.TextColumn(width=150),
            "Source": st.column_config.TextColumn(width=130),
            "Ce que disent d'autres sources": st.column_config.TextColumn(
                "D'autres sources disent", width=190
            ),
        },
    )
    st.caption("Ce qui est corrigé à la main n'est jamais écrasé par un import.")


def questions_of(context: Context, structure_id: int) -> list[list[Conflict]]:
    """Questions about one structure."""
    return [group for group in waiting(context) if group[0].structure_id == structure_id]


def source_titles() -> dict[str, str]:
    """Every source as a person knows it, a person's own word and the geocoder's included."""
    return {spec.id: spec.title for spec in list_sources()} | {"saisie": BY_HAND, "geocodage": GEOCODED}


def provenance_table(context: Context, structure_id: int) -> pd.DataFrame:
    """Field, value, source, date and what other sources say, in the order of the sheet."""
    titles, typology = source_titles(), context.view.typology
    known = editing.provenance_of(context.app, structure_id)
    row = editing.get_row(context.app, "structures", structure_id)
    others: dict[str, list[str]] = {}
    for said in statements_of(context.app, structure_id):
        value = brief(said.field, said.value, typology) or "(vide)"
        source = titles.get(said.source, said.source)
        others.setdefault(said.field, []).append(f"{value} ({source}, {wording.short_day(said.on)})")
    lines = [
        {
            "Champ": label,
            "Valeur": value_words(name, row[name], typology) or "(vidé)",
            "Source": titles.get(known[name][0], known[name][0]).split(" – ")[0],
            "Depuis le": pd.Timestamp(known[name][1]),
            "Ce que disent d'autres sources": " ; ".join(others.get(name, ())),
        }
        for name, label in FIELD_LABELS.items()
        if name in known and name in row
    ]
    shown = pd.DataFrame(lines)
    return shown if others else shown.drop(columns="Ce que disent d'autres sources", errors="ignore")
