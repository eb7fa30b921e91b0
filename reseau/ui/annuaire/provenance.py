"""Where each part of a sheet comes from, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.services import editing
from reseau.services.importing import list_sources
from reseau.ui.annuaire.labels import FIELD_LABELS, value_words

if TYPE_CHECKING:
    from reseau.ui.context import Context

BY_HAND = "corrigé ou saisi à la main"
GEOCODED = "adresse placée par le géocodeur national"


def tab(context: Context, structure_id: int) -> None:
    """One line per known field."""
    shown = provenance_table(context, structure_id)
    if shown.empty:
        st.caption("Rien n'est encore renseigné.")
        return
    st.dataframe(
        shown,
        hide_index=True,
        height=420 if len(shown) > 11 else "auto",
        column_config={"Depuis le": st.column_config.DateColumn(format="DD/MM/YYYY", width="small")},
    )
    st.caption("Ce qui est corrigé à la main n'est jamais écrasé par un import.")


def source_titles() -> dict[str, str]:
    """Every source as a person knows it, a person's own word and the geocoder's included."""
    return {spec.id: spec.title for spec in list_sources()} | {"saisie": BY_HAND, "geocodage": GEOCODED}


def provenance_table(context: Context, structure_id: int) -> pd.DataFrame:
    """Field, value, source and date, in the order of the sheet."""
    titles = source_titles()
    known = editing.provenance_of(context.app, structure_id)
    row = editing.get_row(context.app, "structures", structure_id)
    lines = [
        {
            "Champ": label,
            "Valeur": value_words(name, row[name], context.view.typology) or "(vidé)",
            "Source": titles.get(known[name][0], known[name][0]),
            "Depuis le": pd.Timestamp(known[name][1]),
        }
        for name, label in FIELD_LABELS.items()
        if name in known and name in row
    ]
    return pd.DataFrame(lines)
