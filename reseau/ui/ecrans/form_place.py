"""Where a screen stands: a structure of the directory, a point of the map, or nothing said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.maps.data import MapData, ProposalMark
from reseau.maps.shapes import map_bounds, quartier_shapes, structure_marks
from reseau.services.screen_form import WALK_MINUTES
from reseau.ui import state
from reseau.ui.annuaire.directory import directory
from reseau.ui.components.map_view import Focus, MapBase, map_view

if TYPE_CHECKING:
    from reseau.maps.data import StructureMark
    from reseau.ui.components.map_view import MapEvent
    from reseau.ui.context import Context
    from reseau.ui.ecrans.drafting import Draft

USUAL, STRUCTURE, POINT = "usuel", "structure", "point"
WAYS = {
    USUAL: "Automatique",
    STRUCTURE: "Une structure de l'annuaire",
    POINT: "Un point sur la carte",
}
USUALLY = "Votre structure pivot si elle est dans le quartier ou tout près, sinon le milieu du quartier."
HEIGHT = 300
NEAR = 16


def place(context: Context, draft: Draft) -> None:
    """How far places are shown, and where from."""
    st.markdown("**Où est l'écran ?**")
    draft.change(
        walk_minutes=st.slider(
            "Lieux montrés : à combien de minutes à pied au plus",
            *WALK_MINUTES,
            key=draft.seed("minutes", draft.record.walk_minutes),
            format="%d min",
        )
    )
    placed = [key for key in directory(context.view).labels if context.view.structures.at[key, "placed"]]
    there = _structure_there(context, placed, draft)
    now = USUAL if draft.record.lon is None else POINT if there is None else STRUCTURE
    way = st.radio(
        "Où il est accroché",
        list(WAYS),
        format_func=WAYS.__getitem__,
        key=draft.seed("place", now),
        help="C'est le « Vous êtes ici » de la carte, et le départ des minutes à pied.",
    )
    if way == USUAL:
        draft.change(lon=None, lat=None)
        st.caption(USUALLY)
    elif way == STRUCTURE:
        _structure(context, draft, placed, there)
    else:
        _point(context, draft)


def _structure(context: Context, draft: Draft, placed: list[int], there: int | None) -> None:
    labels = directory(context.view).labels
    chosen = st.selectbox(
        "Structure où il est accroché",
        placed,
        format_func=labels.__getitem__,
        key=draft.seed("place_structure", there),
        index=None,
        placeholder="Choisir une structure",
    )
    if chosen is not None and chosen != there:
        row = context.view.structures.loc[chosen]
        draft.change(lon=float(row["lon"]), lat=float(row["lat"]))
    elif chosen is None and draft.record.lon is None:
        st.caption("Tant qu'aucune n'est choisie, la position reste automatique.")


def _structure_there(context: Context, placed: list[int], draft: Draft) -> int | None:
    """The structure that stands exactly where the screen is."""
    frame = context.view.structures.loc[placed]
    there = frame.index[(frame["lon"] == draft.record.lon) & (frame["lat"] == draft.record.lat)]
    return int(there[0]) if len(there) else None


def _point(context: Context, draft: Draft) -> None:
    """A click on the map, or the degrees another map gives."""
    typed = {name: draft.seed(f"place_{name}", getattr(draft.record, name)) for name in ("lat", "lon")}
    before = draft.record
    draft.change(**{name: st.session_state[key] for name, key in typed.items()})
    _look_at(draft, moved=draft.record != before)
    clicked = _clicked(context, _map(context, draft))
    if clicked is not None:
        # Before the fields are drawn: afterwards nothing may change what they hold.
        for name, value in clicked.items():
            st.session_state[typed[name]] = value
        draft.change(**clicked)
        state.rerun_part()
    for column, name, label, limit in zip(
        st.columns(2), ("lat", "lon"), ("Latitude", "Longitude"), (90.0, 180.0), strict=True
    ):
        column.number_input(label, -limit, limit, None, 0.0001, format="%.5f", key=typed[name])
    if draft.record.lon is None and draft.record.lat is None:
        st.caption(
            "Cliquez sur la carte là où est l'écran, ou écrivez ses degrés. En attendant, la position reste "
            "automatique."
        )
    else:
        st.caption("Cliquez ailleurs pour le déplacer ; sur une structure, il y est accroché.")


def _map(context: Context, draft: Draft) -> MapEvent | None:
    view, record, config = context.view, draft.record, context.app.config
    chosen = view.quartiers[view.quartiers["code"].isin(record.quartiers) & view.quartiers.geometry.notna()]
    base = MapBase(
        bounds=map_bounds(view.quartiers if chosen.empty else chosen, view.structures),
        tiles_url=config.tiles_url,
        attribution=config.tiles_attribution,
    )
    here: tuple[ProposalMark, ...] = ()
    if record.lon is not None and record.lat is not None:
        here = (ProposalMark(rank=1, lon=record.lon, lat=record.lat, label="L'écran", chosen=True),)
    data = MapData(
        quartiers=view.memo("ecrans_quartiers", lambda: quartier_shapes(view.quartiers)),
        structures=view.memo("ecrans_structures", lambda: _marks(context)),
        proposals=here,
        proposals_label="L'écran",
        pivot=view.pivot_id,
    )
    return map_view(
        base,
        data,
        key="ecran_place",
        height=HEIGHT,
        tool="placer",
        focus=st.session_state[draft.key("place_vue")],
    )


def _marks(context: Context) -> tuple[StructureMark, ...]:
    frame = context.view.structures
    return structure_marks(frame[~frame["closed"].eq(True)], context.view.typology)


def _look_at(draft: Draft, *, moved: bool) -> None:
    """Bring the view on the screen when the map opens or degrees are typed: a click must not move it."""
    key, lon, lat = draft.key("place_vue"), draft.record.lon, draft.record.lat
    if moved or key not in st.session_state:
        st.session_state[key] = None if lon is None or lat is None else Focus(lat=lat, lon=lon, zoom=NEAR)


def _clicked(context: Context, event: MapEvent | None) -> dict[str, float] | None:
    """Degrees of a click: those of the structure itself when it is on one."""
    structures = context.view.structures
    if event is None or event.lon is None or event.lat is None:
        return None
    if event.kind == "structure" and event.id in structures.index:
        return {name: float(structures.at[event.id, name]) for name in ("lon", "lat")}
    if event.kind == "background":
        return {"lon": round(event.lon, 6), "lat": round(event.lat, 6)}
    return None
