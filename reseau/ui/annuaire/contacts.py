"""Named persons at a partner: for the team alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.ui.annuaire.drafts import open_draft
from reseau.ui.annuaire.inputs import Inputs
from reseau.ui.annuaire.rows import TEAM_ONLY, adding, conclude, form_buttons, other_buttons, rows_table

if TYPE_CHECKING:
    from reseau.ui.context import Context

COLUMNS = {"name": "Nom", "role": "Fonction", "phone": "Téléphone", "email": "Courriel", "note": "Note"}


def tab(context: Context, structure_id: int) -> None:
    """The contacts, and the form of the one chosen."""
    form = f"contacts{structure_id}"
    st.caption(TEAM_ONLY)
    rows = context.view.contacts
    rows = rows[rows["structure_id"] == structure_id]
    shown = rows[list(COLUMNS)].rename(columns=COLUMNS)
    opened = rows_table(form, shown, empty="Aucun contact. Notez ici à qui s'adresser, avec son accord.")
    if opened is not None or adding(form, "Ajouter un contact", opened=opened):
        _form(context, form, structure_id, opened)


def _form(context: Context, form: str, structure_id: int, row_id: int | None) -> None:
    draft = open_draft(
        context, form, "contacts", row_id, first="name", defaults={"structure_id": structure_id}
    )
    inputs = Inputs(draft)
    with st.form(f"{draft.prefix}form"):
        name, role = st.columns(2)
        with name:
            inputs.text("name")
        with role:
            inputs.text("role")
        phone, email = st.columns(2)
        with phone:
            inputs.text("phone")
        with email:
            inputs.text("email")
        inputs.area("note", height=70)
        sent = form_buttons()
    values = inputs.values | {"structure_id": structure_id} if sent else None
    conclude(context, draft, values, done="Contact enregistré.")
    other_buttons(context, draft, what="Le contact")
