"""A page with a map of hostile names, for the browser test."""

import math

import streamlit as st

from reseau.config import load_config
from reseau.maps.data import MapData, PermanenceMark, QuartierShape, StructureMark
from reseau.model.vocabulary import State
from reseau.ui.components.map_view import MapBase, map_view
from tests.unit.maps.hostile import HOSTILE_NAMES

SPACING = 0.008
SHARED_PLACE = (1.43, 43.57)


def ring(lon: float, lat: float, radius: float) -> list[list[float]]:
    turns = [2 * math.pi * step / 8 for step in range(9)]
    return [[lon + radius * math.cos(turn), lat + 0.7 * radius * math.sin(turn)] for turn in turns]


def marks() -> tuple[StructureMark, ...]:
    apart = [
        StructureMark(
            id=rank,
            lon=1.38 + SPACING * (rank % 4),
            lat=43.60 - 0.006 * (rank // 4),
            name=name,
            family="sante" if rank % 2 else "habitat",
            types=(name,),
        )
        for rank, name in enumerate(HOSTILE_NAMES)
    ]
    together = [
        StructureMark(
            id=100 + rank, lon=SHARED_PLACE[0], lat=SHARED_PLACE[1], name=f"Guichet {rank}", family="autre"
        )
        for rank in range(3)
    ]
    return (*apart, *together)


def quartiers(state: State | None) -> tuple[QuartierShape, ...]:
    places = (("Beauval", 1.40, 43.58, "qpv"), (HOSTILE_NAMES[3], 1.445, 43.60, "vecu"))
    return tuple(
        QuartierShape(
            id=rank,
            code=f"QN{rank}",
            name=name,
            geometry={"type": "Polygon", "coordinates": [ring(lon, lat, 0.008)]},
            label_at=(lon, lat),
            kind=kind,
            state=state,
        )
        for rank, (name, lon, lat, kind) in enumerate(places)
    )


st.set_page_config(layout="wide")
only_health = st.checkbox("Santé seulement")
with_states = st.checkbox("États")
drawing = st.checkbox("Dessin")
config = load_config()
data = MapData(
    quartiers=quartiers(State.A_RELIER if with_states else None),
    structures=tuple(mark for mark in marks() if mark.family == "sante" or not only_health),
    permanences=(PermanenceMark(id=50, lon=1.38, lat=43.57, label=HOSTILE_NAMES[3], place=HOSTILE_NAMES[0]),),
    type_label="CMP",
    selected_structure=st.session_state.get("chosen"),
)
event = map_view(
    MapBase(
        bounds=(1.37, 43.56, 1.46, 43.61), tiles_url=config.tiles_url, attribution=config.tiles_attribution
    ),
    data,
    key="carte",
    height=520,
    tool="dessiner" if drawing else "",
)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if event:
    st.session_state["said"] = [
        *st.session_state.get("said", []),
        f"{event.kind}:{event.id}:{len(event.ring)}",
    ]
    if event.kind == "structure":
        st.session_state["chosen"] = event.id
        st.rerun()
st.text(f"tours={st.session_state['runs']}")
st.text(f"dits={','.join(st.session_state.get('said', []))}")
