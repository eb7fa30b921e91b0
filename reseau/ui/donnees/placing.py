"""Structures without a usable position: by their addresses, or by hand on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError, Unavailable
from reseau.maps.data import MapData, StructureMark
from reseau.maps.shapes import map_bounds, quartier_shapes, structure_marks
from reseau.services import editing
from reseau.services.placing import Placing, addresses_to_send, place_by_address, to_place
from reseau.ui import state, wording
from reseau.ui.components.map_view import Focus, MapBase, map_view

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

RESULT = "placing_result"
TABLE = "placing_table"
CHOSEN = "placing_structure"
MAP_HEIGHT = 360


def reason(row: Any) -> str:
    """Why a structure is not on the map."""
    if row["position_precision"] == "commune":
        return "au centre de la commune seulement"
    if not row["address"]:
        return "pas d'adresse"
    return "adresse sans position"


def placing(context: Context) -> None:
    """Draw the section."""
    waiting = to_place(context.app, context.tid)
    if context.view.structures.empty:
        st.info("Aucune structure n'est enregistrée : importez d'abord un fichier de partenaires.")
        return
    if waiting.empty:
        st.success(
            "Toutes les structures ouvertes ont une position utilisable : aucune n'est laissée de côté.",
            icon=":material/check:",
        )
        _last_round(context)
        return
    total = int((~context.view.structures["closed"]).sum())
    st.caption(
        f"{wording.plural(len(waiting), 'structure')} sur {wording.number(total)} sans position utilisable. "
        "Elles sont comptées à part : aucune distance n'est calculée pour elles. Une adresse peut être "
        "cherchée ; sans adresse, ou connue au centre de la commune seulement, on place à la main."
    )
    table, by_hand = st.columns([5, 5], gap="medium")
    with table:
        _by_address(context)
        _last_round(context)
        _table(context, waiting)
    with by_hand:
        _by_hand(context, waiting)


def _by_address(context: Context) -> None:
    lines = addresses_to_send(context.app, context.tid)
    if not lines:
        st.caption("Aucune adresse nouvelle à chercher : le reste se place à la main.")
        return
    service = context.app.config.geocoder_domain
    with st.popover("Chercher les positions des adresses", icon=":material/travel_explore:", width="stretch"):
        count = wording.plural(len(lines), "adresse sera envoyée", "adresses seront envoyées")
        st.markdown(
            f"**{count}** au service national d'adresses (Géoplateforme, IGN), "
            f"{wording.markdown_text(service)}. Seulement l'adresse, le code postal et la commune : "
            "ni le nom de la structure, ni un contact, ni rien d'autre. Une adresse déjà cherchée n'est pas "
            "renvoyée."
        )
        with st.expander("Voir exactement ce qui sera envoyé"):
            st.dataframe(pd.DataFrame({"Envoyé": lines}), hide_index=True, width="stretch", height=180)
        if st.button("Envoyer ces adresses et placer", type="primary", key="placing_send"):
            _ask(context)


def _ask(context: Context) -> None:
    bar = st.progress(0.0, "Recherche des adresses…")

    def on_progress(share: float, sentence: str) -> None:
        bar.progress(min(share, 1.0), sentence)

    try:
        result = place_by_address(context.app, context.tid, on_progress=on_progress)
    except Unavailable as error:
        bar.empty()
        st.error(
            f"{error}\n\nVérifiez la connexion à internet, ou placez les structures à la main.",
            icon=":material/wifi_off:",
        )
        return
    st.session_state[RESULT] = (context.tid, result)
    st.rerun()


def _last_round(context: Context) -> None:
    tid, result = st.session_state.get(RESULT) or (None, None)
    if tid != context.tid or not isinstance(result, Placing):
        return
    placed = wording.plural(result.placed, "structure placée", "structures placées")
    if not result.left:
        st.success(f"{placed}.", icon=":material/check:")
        return
    left = wording.plural(len(result.left), "adresse laissée de côté", "adresses laissées de côté")
    with st.expander(f"{placed}, {left}", expanded=True):
        rows = [(name, why) for _, name, why in result.left]
        st.dataframe(pd.DataFrame(rows, columns=["Structure", "Pourquoi"]), hide_index=True, height=180)


def _table(context: Context, waiting: pd.DataFrame) -> None:
    typology = context.view.typology
    rows = waiting.to_dict("records")
    shown = pd.DataFrame(
        {
            "Structure": [row["name"] for row in rows],
            "Pourquoi": [reason(row) for row in rows],
            "Adresse": [" ".join(filter(None, (row["address"], row["postcode"]))) for row in rows],
            "Commune": [row["commune"] or row["insee"] for row in rows],
            "Type": [", ".join(typology[code].short_label for code in row["types"]) for row in rows],
        }
    )
    ids = [int(index) for index in waiting.index]

    def pick() -> None:
        chosen = st.session_state[TABLE]["selection"]["rows"]
        if chosen:
            state.select(context.view, structure_id=ids[chosen[0]])

    st.caption("Choisissez une ligne pour la placer à la main.")
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="auto",
        on_select=pick,
        selection_mode="single-row",
        key=TABLE,
        column_config={
            "Structure": st.column_config.TextColumn(width=170),
            "Pourquoi": st.column_config.TextColumn(width=220),
        },
    )


def _by_hand(context: Context, waiting: pd.DataFrame) -> None:
    view = context.view
    ids = [int(index) for index in waiting.index]
    shared = state.selection(view).structure_id
    st.session_state[CHOSEN] = shared if shared in ids else None

    labels = wording.unique_labels(
        {
            structure_id: f"{row['name']} ({row['commune'] or row['insee'] or 'commune non renseignée'})"
            for structure_id, row in zip(ids, waiting.to_dict("records"), strict=True)
        }
    )

    chosen = st.selectbox(
        "Placer une structure à la main",
        ids,
        format_func=labels.__getitem__,
        index=None,
        placeholder="Choisir la structure à placer",
        key=CHOSEN,
        on_change=lambda: state.select(view, structure_id=st.session_state[CHOSEN]),
    )
    if chosen is None:
        st.info("Choisissez une structure, puis cliquez sa place sur la carte (ou donnez ses coordonnées).")
        return
    row = waiting.loc[chosen]
    lat_key, lon_key = f"placing_lat_{chosen}", f"placing_lon_{chosen}"
    # Drawn under the form, run before it: a click fills boxes that do not exist yet.
    form_place = st.container()
    if _clicked(context, chosen, row, (lat_key, lon_key)):
        st.rerun()
    with form_place, st.form(f"placing_form_{chosen}", border=False):
        lat_box, lon_box, button = st.columns([2, 2, 2], vertical_alignment="bottom")
        lat = lat_box.number_input("Latitude", value=None, format="%.6f", step=0.0001, key=lat_key)
        lon = lon_box.number_input("Longitude", value=None, format="%.6f", step=0.0001, key=lon_key)
        if button.form_submit_button("Enregistrer cette position", type="primary", width="stretch"):
            _save(context, chosen, row, (lat, lon))


def _clicked(context: Context, chosen: int, row: Any, keys: tuple[str, str]) -> bool:
    """Draw the map; a click on it fills latitude and longitude."""
    view = context.view
    lat, lon = (st.session_state.get(key) for key in keys)
    base = MapBase(
        bounds=map_bounds(view.quartiers, view.structures),
        tiles_url=context.app.config.tiles_url,
        attribution=context.app.config.tiles_attribution,
    )
    near = None
    if lat is None and not pd.isna(row["lat"]):
        near = Focus(lat=float(row["lat"]), lon=float(row["lon"]), zoom=14)
    st.caption(
        "Cliquez la place de la structure : la latitude et la longitude se remplissent."
        + (f" Adresse connue : {wording.markdown_text(row['address'])}." if row["address"] else "")
    )
    data = _map_data(view, chosen, row, lat=lat, lon=lon)
    event = map_view(base, data, key="placing-map", height=MAP_HEIGHT, tool="placer", focus=near)
    if event is None or event.lat is None or event.lon is None:
        return False
    st.session_state[keys[0]], st.session_state[keys[1]] = round(event.lat, 6), round(event.lon, 6)
    return True


def _map_data(view: View, chosen: int, row: Any, *, lat: float | None, lon: float | None) -> MapData:
    marks = structure_marks(view.structures, view.typology)
    if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
        here = StructureMark(id=chosen, lon=lon, lat=lat, name=str(row["name"]), family=str(row["family"]))
        marks = (*marks, here)
    return MapData(
        quartiers=quartier_shapes(view.quartiers),
        structures=marks,
        selected_structure=chosen,
        pivot=view.pivot_id,
    )


def _save(context: Context, chosen: int, row: Any, place: tuple[float | None, float | None]) -> None:
    lat, lon = place
    if lat is None or lon is None:
        st.error("Cliquez sur la carte, ou donnez la latitude et la longitude.")
        return
    values = {"lat": lat, "lon": lon, "position_precision": "exacte"}
    try:
        editing.save_row(
            context.app, context.tid, "structures", values, row_id=chosen, version=int(row["version"])
        )
    except ReseauError as error:
        st.error(str(error))
        return
    st.toast(f"{wording.markdown_text(row['name'])} est placée.", icon=":material/check:")
    st.rerun()
