"""Places of OpenStreetMap on the map: a layer apart, its list, and how one becomes a partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.hours import describe_fr
from reseau.maps import shapes
from reseau.model.context import OSM_ATTRIBUTION
from reseau.services import reperes as service
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory, similar_names

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.carte.filters import Shown
    from reseau.ui.context import Context

LAYER = "reperes"
CHOSEN, MAKING, SEEN = "carte_repere", "carte_repere_partenaire", "carte_reperes_seen"
LIST_HEIGHT = 420
ROW_HEIGHT = 35


def shown_places(context: Context, shown: Shown) -> pd.DataFrame:
    """Places to show (columns `REPERES` and `known`, id of their sheet): none unless the layer is on."""
    if LAYER not in shown.layers:
        return pd.DataFrame()
    places = _all_places(context)
    chosen = state.selection(context.view).type_code
    return places[places["type_code"] == chosen] if chosen else places


def _all_places(context: Context) -> pd.DataFrame:
    """Every place, read once per view."""

    def read() -> pd.DataFrame:
        found = service.list_reperes(context.app, context.tid)
        sheets = service.already_known(found, context.view.structures)
        return pd.DataFrame(found).assign(known=sheets)

    known: pd.DataFrame = context.view.memo("carte_reperes", read)
    return known


def on_map(view: View, places: pd.DataFrame) -> dict[str, Any]:
    """What the map draws of them, as arguments of `MapData`."""
    if places.empty:
        return {}
    known = set(places.index[places["known"].notna()])
    chosen = st.session_state.get(CHOSEN)
    return {
        "reperes": shapes.repere_marks(places, view.typology, known),
        "selected_repere": chosen if chosen in places.index else None,
    }


def credit(places: pd.DataFrame) -> None:
    """Their origin, as their licence asks."""
    if not places.empty:
        st.caption(
            f"Repères : {OSM_ATTRIBUTION}. Ils ne sont pas dans votre annuaire et ne comptent dans "
            "aucun état."
        )


def choose(repere_id: int | None) -> None:
    """Remember the place clicked on the map."""
    st.session_state[CHOSEN] = repere_id
    st.session_state.pop(MAKING, None)


def tabs(context: Context, shown: Shown, places: pd.DataFrame) -> dict[str, Callable[[], None]]:
    """The list of places, as a table beside the others; nothing when the layer is off."""
    if LAYER not in shown.layers:
        return {}
    return {f"Repères ({len(places)})": lambda: _table(context, places)}


def _table(context: Context, places: pd.DataFrame) -> None:
    if places.empty:
        st.caption(
            "Aucun repère à montrer. Importez un extrait d'OpenStreetMap (source « osm ») dans la page "
            "Données, ou enlevez le filtre de type."
        )
        return
    view = context.view
    names = view.structures["name"]
    table = pd.DataFrame(
        {
            "Nom": places["name"],
            "Type": [_type_label(view, code) for code in places["type_code"]],
            "Adresse": places["address"],
            "Dans l'annuaire": ["" if pd.isna(key) else str(names.get(key, "")) for key in places["known"]],
            "Horaires": [describe_fr(text) if text else wording.UNKNOWN for text in places["opening_hours"]],
        }
    )
    key = f"carte_reperes_{view.version}_{len(places)}_{state.selection(view).type_code}"
    event = st.dataframe(
        table,
        key=key,
        hide_index=True,
        width="stretch",
        height=min(LIST_HEIGHT, ROW_HEIGHT * (len(table) + 1) + 3),
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = tuple(event["selection"]["rows"])
    seen = st.session_state.get(SEEN)
    st.session_state[SEEN] = (key, rows)
    if rows and seen != (key, rows) and rows[0] < len(places):
        choose(int(places.index[rows[0]]))
        state.rerun_part()


def _type_label(view: View, code: str) -> str:
    return view.typology[code].short_label if code in view.typology else wording.UNKNOWN


def card(context: Context, places: pd.DataFrame) -> None:
    """The chosen place: what its map says, and what the team can do with it."""
    chosen: int | None = st.session_state.get(CHOSEN)
    if chosen is None or chosen not in places.index:
        return
    row: dict[str, Any] = places.loc[[chosen]].to_dict("records")[0]  # type: ignore[assignment]
    with st.container(border=True, key="carte_repere_fiche"):
        st.markdown(f"**{wording.markdown_text(row['name'])}**")
        hours = describe_fr(row["opening_hours"]) if row["opening_hours"] else ""
        lines = [
            _type_label(context.view, row["type_code"]),
            row["address"],
            hours,
            row["phone"],
            row["website"],
        ]
        st.text("\n".join(line for line in lines if line))
        with st.expander("Ce que dit OpenStreetMap"):
            tags = pd.DataFrame(sorted(row["tags"].items()), columns=["Attribut", "Valeur"])
            st.dataframe(tags, hide_index=True, width="stretch")
        if pd.notna(row["known"]):
            _open_sheet(context.view, int(row["known"]))
        elif st.session_state.get(MAKING) == chosen:
            _partner_form(context, chosen, row)
        elif st.button("En faire un partenaire", icon=":material/add:", key="carte_repere_make"):
            st.session_state[MAKING] = chosen
            state.rerun_part()
        if st.button("Fermer ce repère", key="carte_repere_close"):
            choose(None)
            state.rerun_part()


def _open_sheet(view: View, structure_id: int) -> None:
    st.text("Déjà dans votre annuaire (même numéro FINESS).")
    if st.button("Ouvrir sa fiche", key="carte_repere_sheet"):
        state.select(view, structure_id=structure_id)
        state.go("p5_annuaire")


def _partner_form(context: Context, repere_id: int, row: dict[str, Any]) -> None:
    """What the person confirms before the sheet is made."""
    view, wanted = context.view, service.suggested(row)
    twins = similar_names(view, wanted["name"], commune=wanted["commune"])
    if twins:
        labels = directory(view).labels
        names = ", ".join(f"« {wording.markdown_text(labels[item])} »" for item in twins)
        st.warning(f"Votre annuaire a déjà un nom proche : {names}. Vérifiez que ce n'est pas le même lieu.")
    with st.form(f"carte_repere_form_{repere_id}", border=False):
        confirmed = {
            "name": st.text_input("Nom", wanted["name"], max_chars=300),
            "types": tuple(
                st.multiselect(
                    "Types",
                    list(view.typology.types),
                    list(wanted["types"]),
                    format_func=lambda code: view.typology[code].full_label,
                    placeholder="Choisir un type",
                )
            ),
            "address": st.text_input("Adresse", wanted["address"]),
            "postcode": st.text_input("Code postal", wanted["postcode"]),
            "commune": st.text_input("Commune", wanted["commune"]),
            "phone": st.text_input("Téléphone", wanted["phone"]),
            "website": st.text_input("Site internet", wanted["website"]),
            "finess": st.text_input("Numéro FINESS", wanted["finess"]),
        }
        if wanted["opening_hours"]:
            hours = wording.markdown_text(describe_fr(wanted["opening_hours"]))
            keep = st.checkbox(f"Reprendre les horaires : {hours}", value=True)
            confirmed["opening_hours"] = wanted["opening_hours"] if keep else ""
        st.caption("La position est celle du repère. La fiche dira qu'elle vient d'OpenStreetMap.")
        sent = st.form_submit_button("Ajouter à l'annuaire", type="primary")
    if sent:
        _make(context, repere_id, confirmed)


def _make(context: Context, repere_id: int, confirmed: dict[str, Any]) -> None:
    try:
        written = service.make_partner(context.app, context.tid, repere_id, confirmed)
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    choose(None)
    # The view at hand does not know the new row yet: the selection is written as the address would.
    st.session_state["sel_structure"] = str(written)
    state.write_address()
    st.toast("Structure ajoutée à votre annuaire.")
    st.rerun()
