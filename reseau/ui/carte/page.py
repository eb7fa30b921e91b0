"""The map beside its list, redrawn together and alone when a filter changes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import shapely
import streamlit as st

from reseau.errors import ReseauError
from reseau.maps import shapes
from reseau.maps.data import MapData
from reseau.model.vocabulary import State
from reseau.services.clock import local_now
from reseau.services.quartiers import create_vecu
from reseau.ui import state
from reseau.ui.carte import filters, lists, reach, reperes
from reseau.ui.components.map_view import Focus, MapBase, MapEvent, map_view
from reseau.ui.overview import gap_row

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from reseau.services.view import View
    from reseau.ui.context import Context

MAP_HEIGHT = 530
RING = "carte_ring"
FOCUSED = "carte_focused"


@st.fragment
def show_map_page(context: Context) -> None:
    """Filters, map and lists."""
    view = context.view
    if view.quartiers.empty and not view.structures["placed"].any():
        st.info(
            "Rien à placer pour l'instant : importez des quartiers ou des partenaires dans la page Données, "
            "ou dessinez un quartier vécu ci-dessous."
        )
    at = local_now(view.territoire.communes)
    shown = filters.ask(view, at)
    places = reperes.shown_places(context, shown)
    left, right = st.columns([58, 42], gap="small")
    with left, st.container(key="carte_image"):
        event = map_view(
            _base(context, places),
            replace(_data(view, shown), **reperes.on_map(view, places)),
            key="carte",
            height=MAP_HEIGHT,
            tool="dessiner" if shown.drawing else "",
            focus=_focus(view),
        )
        lists.what_is_missing(view, shown, reach.in_words(view, shown))
        reperes.credit(places)
    with right:
        if shown.drawing:
            _drawing_form(context)
        reperes.card(context, places)
        lists.show(view, shown, at, more=reperes.tabs(context, shown, places))
    if event is not None:
        _react(view, event)


def _base(context: Context, places: pd.DataFrame) -> MapBase:
    """Where the map opens: what the team has, else the places of OpenStreetMap it asked for."""
    config, view = context.app.config, context.view
    bounds = shapes.map_bounds(view.quartiers, view.structures)
    if bounds is None and not places.empty:
        bounds = shapes.map_bounds(view.quartiers, places.assign(placed=True))
    return MapBase(
        bounds=bounds,
        tiles_url=config.tiles_url,
        attribution=config.tiles_attribution,
    )


def _data(view: View, shown: filters.Shown) -> MapData:
    chosen = state.selection(view)
    structures = view.structures.loc[shown.ids]
    structures = structures[~structures["closed"]]
    states: dict[int, State] = {}
    label = ""
    if chosen.type_code:
        label = view.typology[chosen.type_code].short_label
        of_type = view.gaps[view.gaps["type_code"] == chosen.type_code]
        states = {
            int(quartier_id): State(found)
            for quartier_id, found in zip(of_type["quartier_id"], of_type["state"], strict=True)
        }
    return MapData(
        quartiers=shapes.quartier_shapes(view.quartiers, states),
        structures=shapes.structure_marks(structures, view.typology),
        permanences=shapes.permanence_marks(lists.permanences_shown(view, shown), view.typology),
        relations=shapes.relation_lines(lists.relations_shown(view, shown), view.structures),
        **reach.on_map(view, shown),
        type_label=label,
        selected_structure=chosen.structure_id,
        selected_quartier=chosen.quartier_id,
        pivot=view.pivot_id,
    )


def _focus(view: View) -> Focus | None:
    """Bring the view to what was chosen elsewhere; a choice made on the map moves nothing."""
    chosen = state.selection(view)
    now = (chosen.structure_id, chosen.quartier_id, chosen.type_code)
    before = st.session_state.get(FOCUSED)
    if before != now:
        st.session_state[FOCUSED] = now
        box = _box_of(view, chosen, before or (None, None, None))
        if box is not None:
            st.session_state["carte_focus"] = _fitting(box)
    focus: Focus | None = st.session_state.get("carte_focus")
    return focus


def _box_of(
    view: View, chosen: state.Selection, before: tuple[int | None, int | None, str | None]
) -> BaseGeometry | None:
    """What to look at: the structure just chosen, else the quartier and the nearest place of the type."""
    points = view.structures.geometry
    if chosen.structure_id is not None and chosen.structure_id != before[0]:
        return points[chosen.structure_id] if view.structures.at[chosen.structure_id, "placed"] else None
    if chosen.quartier_id is None or (chosen.quartier_id, chosen.type_code) == before[1:]:
        return None
    shape: BaseGeometry = view.quartiers.geometry[chosen.quartier_id]
    if chosen.type_code:
        nearest = gap_row(view, chosen.quartier_id, chosen.type_code)["nearest_id"]
        if not pd.isna(nearest) and view.structures.at[int(nearest), "placed"]:
            shape = shapely.union(shape, points[int(nearest)])
    return shape


def _fitting(shape: BaseGeometry) -> Focus:
    """Centre and zoom that show a shape (WGS84) with a margin; zoom level 0 is the world on 256 pixels."""
    west, south, east, north = shape.bounds
    # Web Mercator stretches north-south by the inverse of the cosine of the latitude.
    span = max(east - west, (north - south) / math.cos(math.radians(south)), 0.005)
    zoom = math.floor(math.log2(360 / span * MAP_HEIGHT / 256 * 0.75))
    return Focus(lat=(south + north) / 2, lon=(west + east) / 2, zoom=min(max(zoom, 6), 16))


def _react(view: View, event: MapEvent) -> None:
    if event.kind == "drawing":
        st.session_state[RING] = event.ring
    elif event.kind == "structure":
        state.select(view, structure_id=event.id)
    elif event.kind == "permanence" and event.id in view.permanences.index:
        state.select(view, structure_id=int(view.permanences.at[event.id, "structure_id"]))
    elif event.kind == "quartier":
        state.select(view, quartier_id=event.id)
    elif event.kind == "repere":
        reperes.choose(event.id)
    elif event.kind == "background":
        return
    chosen = state.selection(view)
    st.session_state[FOCUSED] = (chosen.structure_id, chosen.quartier_id, chosen.type_code)
    state.rerun_part()


def _drawing_form(context: Context) -> None:
    """Name what was drawn, and keep it."""
    ring = st.session_state.get(RING)
    if not ring:
        st.info("Cliquez sur « Dessiner un quartier vécu », dans la carte, puis posez les points du contour.")
        return
    with st.form("carte_vecu", border=True):
        st.markdown("**Quartier vécu dessiné**")
        name = st.text_input("Nom du quartier vécu", max_chars=120)
        population = st.number_input(
            "Nombre d'habitants (vide si vous ne savez pas)", min_value=0, step=100, value=None
        )
        save, cancel = st.columns(2)
        saved = save.form_submit_button("Enregistrer", type="primary", width="stretch")
        dropped = cancel.form_submit_button("Abandonner", width="stretch")
    if dropped:
        st.session_state.pop(RING)
        state.rerun_part()
    if saved:
        try:
            quartier_id = create_vecu(
                context.app,
                context.tid,
                name,
                ring,
                population=None if population is None else int(population),
            )
        except ReseauError as error:
            st.error(str(error))
            return
        st.session_state.pop(RING)
        st.toast(f"Quartier vécu enregistré (n° {quartier_id}).")
        st.rerun()
