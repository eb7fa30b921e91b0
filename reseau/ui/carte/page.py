"""The map beside its list, redrawn together and alone when a filter changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.geo.reach import reach_polygons
from reseau.geo.walking import reach_metres
from reseau.maps import shapes
from reseau.maps.data import MapData
from reseau.model.vocabulary import State
from reseau.services.clock import local_now
from reseau.services.quartiers import create_vecu
from reseau.ui import state
from reseau.ui.carte import filters, lists
from reseau.ui.components.map_view import Focus, MapBase, MapEvent, map_view

if TYPE_CHECKING:
    from reseau.maps.data import Geometry
    from reseau.services.view import View
    from reseau.ui.context import Context

MAP_HEIGHT = 560
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
    left, right = st.columns([62, 38], gap="medium")
    with left:
        event = map_view(
            _base(context),
            _data(view, shown),
            key="carte",
            height=MAP_HEIGHT,
            tool="dessiner" if shown.drawing else "",
            focus=_focus(view),
        )
        lists.what_is_missing(view, shown)
    with right:
        if shown.drawing:
            _drawing_form(context)
        lists.show(view, shown, at)
    if event is not None:
        _react(view, event)


def _base(context: Context) -> MapBase:
    config = context.app.config
    return MapBase(
        bounds=shapes.map_bounds(context.view.quartiers, context.view.structures),
        tiles_url=config.tiles_url,
        attribution=config.tiles_attribution,
    )


def _data(view: View, shown: filters.Shown) -> MapData:
    chosen = state.selection(view)
    structures = view.structures.loc[shown.ids]
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
        reach=_reach(view, chosen.type_code) if "portee" in shown.layers else None,
        type_label=label,
        selected_structure=chosen.structure_id,
        selected_quartier=chosen.quartier_id,
        pivot=view.pivot_id,
    )


def _reach(view: View, type_code: str | None) -> Geometry | None:
    """What lies within the walking threshold of the type, once per view and type."""
    minutes = lists.threshold_minutes(view, type_code)
    if type_code is None or minutes is None:
        return None
    known: dict[str, Geometry | None] = view.__dict__.setdefault("carte_reach", {})
    if type_code not in known:
        settings = view.territoire
        metres = reach_metres(float(minutes), detour_factor=settings.detour_factor, kmh=settings.walking_kmh)
        points = view.points[(view.points["type_code"] == type_code) & view.points["placed"]]
        area = reach_polygons(points.geometry, metres, view.epsg)
        known[type_code] = None if area is None else shapes.geojson(area)
    return known[type_code]


def _focus(view: View) -> Focus | None:
    """Bring the view to what was chosen elsewhere; a choice made on the map moves nothing."""
    chosen = state.selection(view)
    now = (chosen.structure_id, chosen.quartier_id)
    if st.session_state.get(FOCUSED) == now:
        return st.session_state.get("carte_focus")
    before = st.session_state.get(FOCUSED, (None, None))
    st.session_state[FOCUSED] = now
    focus = None
    if chosen.structure_id is not None and chosen.structure_id != before[0]:
        row = view.structures.loc[chosen.structure_id]
        if row["placed"]:
            focus = Focus(lat=float(row["lat"]), lon=float(row["lon"]), zoom=15)
    elif chosen.quartier_id is not None and chosen.quartier_id != before[1]:
        point = view.quartiers.geometry[chosen.quartier_id].representative_point()
        focus = Focus(lat=point.y, lon=point.x, zoom=14)
    if focus is not None:
        st.session_state["carte_focus"] = focus
    return st.session_state.get("carte_focus")


def _react(view: View, event: MapEvent) -> None:
    if event.kind == "drawing":
        st.session_state[RING] = event.ring
    elif event.kind == "structure":
        state.select(view, structure_id=event.id)
    elif event.kind == "permanence" and event.id in view.permanences.index:
        state.select(view, structure_id=int(view.permanences.at[event.id, "structure_id"]))
    elif event.kind == "quartier":
        state.select(view, quartier_id=event.id)
    elif event.kind == "background":
        return
    chosen = state.selection(view)
    st.session_state[FOCUSED] = (chosen.structure_id, chosen.quartier_id)
    st.rerun(scope="fragment")


def _drawing_form(context: Context) -> None:
    """Name what was drawn, and keep it."""
    ring = st.session_state.get(RING)
    if not ring:
        st.info("Cliquez sur « Dessiner un quartier vécu », dans la carte, puis posez les points du contour.")
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
        st.rerun(scope="fragment")
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
