"""Where an action is held: a structure that hosts it, a place in words, a point on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.maps.data import MapData, PermanenceMark
from reseau.maps.shapes import map_bounds, quartier_shapes
from reseau.ui import wording
from reseau.ui.aller_vers.words import short
from reseau.ui.components.map_view import MapBase, map_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reseau.ui.aller_vers.drafts import Draft
    from reseau.ui.context import Context

N_SUGGESTED = 4


def place_editor(context: Context, draft: Draft, names: Mapping[int, str]) -> None:
    """Host, place in words and position, into the draft."""
    st.markdown("**Lieu**")
    host_key, place_key = draft.key("host_id"), draft.key("place")
    suggested = [item.structure_id for item in draft.places]
    options = [*suggested, *(item for item in names if item not in suggested)]
    host = draft.values["host_id"]
    if host is not None and host not in options:
        options.append(host)
    st.session_state.setdefault(host_key, host)
    draft.values["host_id"] = st.selectbox(
        "Structure qui accueille",
        options,
        index=None,
        format_func=lambda key: names.get(key, "structure à la corbeille"),
        key=host_key,
        placeholder="Aucune, ou chercher par nom",
    )
    _suggestions(draft, host_key)
    st.session_state.setdefault(place_key, draft.values["place"])
    draft.values["place"] = st.text_input(
        "Ou lieu en toutes lettres", key=place_key, placeholder="Place du marché, parvis de la gare…"
    )
    _position(context, draft)


def _suggestions(draft: Draft, host_key: str) -> None:
    reasons = {item.structure_id: item.reason for item in draft.places}
    host = draft.values["host_id"]
    if host in reasons:
        st.caption(f"Proposée : {wording.markdown_text(reasons[host])}.")
    others = [item for item in draft.places if item.structure_id != host][:N_SUGGESTED]
    if others:
        st.caption("Lieux possibles pour ce quartier :")
    for item in others:
        st.button(
            f"{wording.markdown_text(short(item.name))} — {wording.markdown_text(item.reason)}",
            icon=":material/place:",
            type="tertiary",
            key=f"avs-{draft.key(f'lieu_{item.structure_id}')}",
            on_click=_take,
            args=(host_key, item.structure_id),
        )


def _take(host_key: str, structure_id: int) -> None:
    st.session_state[host_key] = structure_id


def _position(context: Context, draft: Draft) -> None:
    lon, lat = draft.values["lon"], draft.values["lat"]
    known = lon is not None and lat is not None
    if known:
        words, out = st.columns([70, 30], vertical_alignment="center")
        words.caption(f"Position placée : {wording.number(lat, 5)} ; {wording.number(lon, 5)}")
        if out.button("Retirer la position", key=draft.key("no_position"), width="stretch"):
            draft.values["lon"] = draft.values["lat"] = None
            st.rerun()
    if not st.toggle("Placer le lieu sur la carte (facultatif)", key=draft.key("show_map")):
        return
    view, config = context.view, context.app.config
    # A new click is shown by the map's own tool.
    marks = (
        (PermanenceMark(id=0, lon=lon, lat=lat, label="Lieu de l'action"),)
        if known and (lon, lat) == draft.stored_at
        else ()
    )
    own = view.quartiers[view.quartiers["code"].isin(draft.values["quartiers"])]
    event = map_view(
        MapBase(
            bounds=map_bounds(view.quartiers if own.empty else own, view.structures),
            tiles_url=config.tiles_url,
            attribution=config.tiles_attribution,
        ),
        MapData(quartiers=quartier_shapes(view.quartiers), permanences=marks),
        key=draft.key("map"),
        height=330,
        tool="placer",
    )
    st.caption("Cliquez sur la carte à l'endroit de l'action.")
    if event is not None and event.kind == "background":
        draft.values["lon"], draft.values["lat"] = event.lon, event.lat
        st.rerun()
