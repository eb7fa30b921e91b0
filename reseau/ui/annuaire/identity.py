"""Identity of a structure: what it is, where it is, how to reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.model.typology import Typology
from reseau.model.vocabulary import CAPACITY_UNITS, POSITION_PRECISIONS
from reseau.ui.annuaire.drafts import open_draft
from reseau.ui.annuaire.inputs import Inputs
from reseau.ui.annuaire.rows import conclude

if TYPE_CHECKING:
    from reseau.ui.context import Context

DONE = "Fiche enregistrée."
EXACT = "exacte"


def tab(context: Context, structure_id: int) -> None:
    """The form."""
    draft = open_draft(context, "identite", "structures", structure_id, first="name")
    inputs = Inputs(draft)
    with st.form(f"{draft.prefix}form", border=False):
        name_and_types(inputs, context.view.typology)
        inputs.area("description", height=70)
        address(inputs)
        lat, lon, precision = st.columns([2, 2, 3])
        with lat:
            inputs.degrees("lat")
        with lon:
            inputs.degrees("lon")
        with precision:
            inputs.choice("position_precision", {"": "pas de position"} | POSITION_PRECISIONS)
        reach(inputs)
        capacity(inputs)
        numbers(inputs)
        days, closed = st.columns([3, 3], vertical_alignment="bottom")
        with days:
            inputs.whole("review_days", hint="période de son type")
        with closed:
            inputs.check("closed")
        inputs.area("internal_note", label="Note interne (réservée à l'équipe, jamais publiée)", height=70)
        sent = st.form_submit_button("Enregistrer", type="primary", icon=":material/save:")
    values = _with_position(inputs.values, draft.row) if sent else None
    conclude(context, draft, values, done=DONE)


def name_and_types(inputs: Inputs, typology: Typology) -> None:
    """What it is called and what kinds of partner it is."""
    inputs.text("name")
    inputs.several(
        "types",
        {item.code: item.full_label for item in typology},
        label="Types (le premier est le principal)",
    )


def address(inputs: Inputs) -> None:
    """Where it is, in words."""
    street, extra = st.columns([3, 2])
    with street:
        inputs.text("address", hint="12 rue des Lilas")
    with extra:
        inputs.text("address_extra", hint="bâtiment B, 2e étage")
    postcode, commune, insee = st.columns([2, 4, 3])
    with postcode:
        inputs.text("postcode")
    with commune:
        inputs.text("commune")
    with insee:
        inputs.text("insee", hint="31555")


def reach(inputs: Inputs) -> None:
    """Phone, e-mail and website of the place, not of a person."""
    phone, email, website = st.columns([2, 3, 3])
    with phone:
        inputs.text("phone", label="Téléphone (accueil)")
    with email:
        inputs.text("email", label="Courriel (accueil)")
    with website:
        inputs.text("website", hint="https://…")


def capacity(inputs: Inputs) -> None:
    """How much it can take, in which unit."""
    amount, unit = st.columns([2, 4])
    with amount:
        inputs.amount("capacity", hint="inconnue")
    with unit:
        inputs.choice("capacity_unit", {"": "non renseignée"} | CAPACITY_UNITS)


def numbers(inputs: Inputs) -> None:
    """Identifiers in national registers."""
    finess, siret, uai = st.columns(3)
    with finess:
        inputs.text("finess", hint="9 caractères")
    with siret:
        inputs.text("siret", hint="14 chiffres")
    with uai:
        inputs.text("uai", label="UAI (école)", hint="0310001A")


def _with_position(values: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Coordinates a person typed are exact; without coordinates there is no precision to tell."""
    moved = (values["lat"], values["lon"]) != (row["lat"], row["lon"])
    if values["lat"] is None and values["lon"] is None:
        return values | {"position_precision": ""}
    if moved and values["position_precision"] in {"", row["position_precision"]}:
        return values | {"position_precision": EXACT}
    return values
