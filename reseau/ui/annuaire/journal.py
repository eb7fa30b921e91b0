"""What was said and done with a partner, newest first: for the team alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import JOURNAL_KINDS
from reseau.ui.annuaire.drafts import open_draft
from reseau.ui.annuaire.inputs import Inputs
from reseau.ui.annuaire.rows import TEAM_ONLY, adding, conclude, form_buttons, other_buttons, rows_table

if TYPE_CHECKING:
    from reseau.ui.context import Context


def tab(context: Context, structure_id: int) -> None:
    """The entries, and the form of the one chosen."""
    form = f"journal{structure_id}"
    st.caption(TEAM_ONLY)
    rows = context.view.journal
    rows = rows[rows["structure_id"] == structure_id].sort_values("on", ascending=False, kind="stable")
    shown = pd.DataFrame(
        {
            "Date": pd.to_datetime(rows["on"]),
            "Genre": rows["kind"].map(lambda kind: JOURNAL_KINDS.get(kind, kind)),
            "Texte": rows["text"],
            "Auteur": rows["author"],
        }
    )
    opened = rows_table(
        form,
        shown,
        empty="Rien de noté. Gardez ici la trace des appels, rencontres et visites.",
        columns={
            "Date": st.column_config.DateColumn(format="DD/MM/YYYY", width="small"),
            "Genre": st.column_config.TextColumn(width="small"),
            "Texte": st.column_config.TextColumn(width="large"),
        },
    )
    if opened is not None or adding(form, "Ajouter au journal", opened=opened):
        _form(context, form, structure_id, opened)


def _form(context: Context, form: str, structure_id: int, row_id: int | None) -> None:
    defaults = {"structure_id": structure_id, "on": date.today()}
    draft = open_draft(context, form, "journal", row_id, first="text", defaults=defaults)
    inputs = Inputs(draft)
    with st.form(f"{draft.prefix}form"):
        day, kind, author = st.columns(3)
        with day:
            inputs.day("on")
        with kind:
            inputs.choice("kind", JOURNAL_KINDS)
        with author:
            inputs.text("author", hint="votre prénom ou votre fonction")
        inputs.area(
            "text", hint="Ce qui s'est dit entre partenaires. Jamais rien d'une personne accompagnée."
        )
        sent = form_buttons()
    values = inputs.values | {"structure_id": structure_id, "on": inputs.values["on"] or date.today()}
    conclude(context, draft, values if sent else None, done="Journal enregistré.")
    other_buttons(context, draft, what="L'entrée")
