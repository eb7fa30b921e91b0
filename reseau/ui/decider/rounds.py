"""Tournée : several places in a sensible walking order, on the map, as a list and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.maps import shapes
from reseau.maps.data import MapData, ProposalMark
from reseau.model.french import duration
from reseau.services.rounds import WalkingRound, round_csv, walking_round
from reseau.services.siting_places import Candidate, structure_candidates
from reseau.ui import state, wording
from reseau.ui.components.map_view import map_view
from reseau.ui.decider.memory import keep, recall, write
from reseau.ui.decider.siting_form import choose_places, place_names
from reseau.ui.decider.siting_map import base, kept
from reseau.ui.decider.siting_result import ROUND_PLACES

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

HEIGHT = 470
MOST_ROWS, TALLEST = 11, 400
# Beyond, nobody calls it a round on foot.
LONG_MINUTES = 150


def rounds(context: Context) -> None:
    """The section."""
    view = context.view
    if not place_names(view) and not st.session_state.get(ROUND_PLACES):
        st.info(
            "Rien à visiter pour l'instant : aucune structure n'a de position. Importez des partenaires, ou "
            "placez leurs adresses, dans la page Données."
        )
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    _body(context)


@st.fragment
def _body(context: Context) -> None:
    view = context.view
    _take_given(view)
    places = _choose(view)
    ordered = _with_start(view, places)
    if len(ordered) < 2:
        st.info(
            "Choisissez au moins deux lieux : par leur nom, tout un quartier d'un coup, ou depuis la section "
            "« Où aller »."
        )
        return
    try:
        walk = walking_round(view, ordered, closed=bool(st.session_state[_key(view, "closed")]))
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    left, right = st.columns([52, 48], gap="small")
    with left:
        _map(context, walk)
    with right:
        _list(walk)


def _key(view: View, name: str) -> str:
    return f"tournee_{view.territoire_id}_{name}"


def _take_given(view: View) -> None:
    """Places sent by Où aller: structures join the list of names, the others are kept beside."""
    given: list[Candidate] | None = st.session_state.pop(ROUND_PLACES, None)
    if given is None:
        return
    names = place_names(view)
    ids = [item.structure_id for item in given if item.structure_id in names]
    write(_key(view, "ids"), ids)
    st.session_state[_key(view, "points")] = [item for item in given if item.structure_id not in names]
    write(_key(view, "start"), None)


def _choose(view: View) -> list[Candidate]:
    """Places to visit, in the order of their names, then the free points."""
    first, second = st.columns([62, 38], vertical_alignment="bottom")
    with second.popover("Ajouter tout un quartier", icon=":material/add_home_work:", width="stretch"):
        _whole_quartier(view)
    with first:
        ids = choose_places(view, _key(view, "ids"), label="Lieux à visiter")
    points: list[Candidate] = st.session_state.setdefault(_key(view, "points"), [])
    if points:
        words, out = st.columns([75, 25], vertical_alignment="center")
        words.text("Et : " + ", ".join(item.label for item in points))
        out.button("Retirer ces points", on_click=points.clear, width="stretch")
    return [*structure_candidates(view, ids=ids), *points] if ids else list(points)


def _whole_quartier(view: View) -> None:
    """Structures inside a quartier, of some types or all, added to the list."""
    quartiers = wording.unique_labels(
        {int(row_id): str(name) for row_id, name in view.quartiers["name"].sort_values().items()}
    )
    if not quartiers:
        st.caption("Aucun quartier n'est connu.")
        return
    chosen = state.selection(view).quartier_id
    quartier = st.selectbox(
        "Quartier",
        list(quartiers),
        index=list(quartiers).index(chosen) if chosen in quartiers else 0,
        format_func=quartiers.__getitem__,
        key=_key(view, f"quartier_{chosen}"),
    )
    located = view.located[view.located["inside"] & (view.located["quartier_id"] == quartier)]
    inside = [item for item in located["structure_id"] if item in place_names(view)]
    kinds = {code for item in inside for code in view.structures.at[item, "types"]}
    labels = {item.code: item.short_label for item in view.typology if item.code in kinds}
    wanted = st.multiselect(
        "Types",
        list(labels),
        format_func=labels.__getitem__,
        placeholder="Tous",
        key=_key(view, f"kinds_{quartier}"),
    )
    ids = [
        int(item)
        for item in inside
        if not wanted or set(wanted).intersection(view.structures.at[item, "types"])
    ]
    st.button(
        f"Ajouter {wording.plural(len(ids), 'structure')}",
        disabled=not ids,
        on_click=_add,
        args=(view, ids),
    )


def _add(view: View, ids: list[int]) -> None:
    here = _key(view, "ids")
    write(here, list(dict.fromkeys([*st.session_state.get(here, []), *ids])))


def _with_start(view: View, places: list[Candidate]) -> list[Candidate]:
    """The same places from the start chosen: the team's own structure at first, when it is placed."""
    pivot = structure_candidates(view, ids=[view.pivot_id]) if view.pivot_id in place_names(view) else []
    options = [*pivot, *(item for item in places if item not in pivot)]
    if not options:
        return []
    first, second = st.columns([62, 38], vertical_alignment="bottom")
    here, back = _key(view, "start"), _key(view, "closed")
    recall(here, None)
    if st.session_state[here] not in options:
        st.session_state[here] = options[0]
    recall(back, False)
    labels = dict(
        zip(
            options,
            wording.unique_labels(dict(enumerate(item.label for item in options))).values(),
            strict=True,
        )
    )
    first.selectbox("Départ", options, format_func=labels.__getitem__, key=here)
    second.toggle("Revenir au départ", key=back)
    keep(back)
    start: Candidate = keep(here)
    return [start, *(item for item in places if item != start)]


def _map(context: Context, walk: WalkingRound) -> None:
    view = context.view
    closed = len(walk.stops) > 1 and walk.stops[0].place == walk.stops[-1].place
    stops = walk.stops[:-1] if closed else walk.stops
    data = MapData(
        quartiers=kept(view, "quartiers", lambda: shapes.quartier_shapes(view.quartiers)),
        proposals=tuple(
            ProposalMark(
                rank=stop.rank,
                lon=stop.place.lon,
                lat=stop.place.lat,
                label=stop.place.label,
                note="départ" if stop.rank == 1 else f"{duration(stop.minutes)} depuis le précédent",
                chosen=True,
            )
            for stop in stops
        ),
        proposals_label="Étape",
        walk=tuple((stop.place.lon, stop.place.lat) for stop in walk.stops),
        pivot=view.pivot_id,
    )
    map_view(base(context), data, key="tournee", height=HEIGHT)


def _list(walk: WalkingRound) -> None:
    count = wording.plural(len({stop.place for stop in walk.stops}), "lieu", "lieux")
    st.markdown(
        f"**{wording.distance(walk.metres)}, {duration(walk.minutes)} de marche** pour {count}, "
        "sans le temps passé sur place."
    )
    if walk.minutes > LONG_MINUTES:
        st.caption("C'est long à pied : pensez à une tournée par quartier, ou à un autre moyen de transport.")
    rows = [
        {
            "N°": stop.rank,
            "Lieu": stop.place.label,
            "Marche": "départ" if stop.rank == 1 else duration(stop.minutes),
            "Distance": "" if stop.rank == 1 else wording.distance(stop.metres),
        }
        for stop in walk.stops
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= MOST_ROWS else TALLEST,
        column_config={
            "N°": st.column_config.NumberColumn(width=40),
            "Marche": st.column_config.TextColumn(width="small"),
            "Distance": st.column_config.TextColumn(width="small"),
        },
    )
    st.download_button(
        "Télécharger la liste (CSV)",
        round_csv(walk),
        file_name="tournee.csv",
        mime="text/csv",
        icon=":material/download:",
    )
    if walk.left_out:
        names = ", ".join(wording.markdown_text(item.label) for item in walk.left_out)
        st.warning(f"Aucun chemin à pied connu n'y mène depuis le départ : {names}.")
    how = "une estimation : le trait de la carte n'est pas le chemin" if walk.estimated else "par les rues"
    st.caption(
        f"Marche : {wording.markdown_text(walk.travel)} ({how}). "
        + (
            "Aucun ordre n'est plus court."
            if walk.exact
            else "Un bon ordre, sans preuve qu'aucun n'est plus court."
        )
    )
    if credits := sorted({stop.place.credit for stop in walk.stops if stop.place.credit}):
        st.caption(" ; ".join(credits))
