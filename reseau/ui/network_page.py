"""Pieces of the network page: the picture, the sentence, and the tables that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.graph.build import CURRENT_STATUSES, build_graph
from reseau.graph.ego import ego_graph
from reseau.graph.layout import Layout, lay_out
from reseau.graph.measures import NetworkMeasures
from reseau.graph.table import relations_table, structures_table
from reseau.model.vocabulary import RELATION_STATUS_LABELS, RelationStatus
from reseau.services.network import network_layout, redo_layout
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory
from reseau.ui.components.choices import choose_families
from reseau.ui.components.network import network_items, network_view

if TYPE_CHECKING:
    from reseau.graph.build import Network
    from reseau.services.view import View
    from reseau.ui.context import Context

WHOLE, ONE_STEP, TWO_STEPS = "tout", "1", "2"
SCOPES = {
    WHOLE: "Tout le réseau",
    ONE_STEP: "Autour de la structure, à 1 pas",
    TWO_STEPS: "À 2 pas",
}
# Above this the whole picture is a hairball: the page opens around the pivot instead.
WHOLE_LIMIT = 400
# After the import of a register most structures have no relation yet: they would hide the others.
ALONE_LIMIT = 200
PICTURE_HEIGHT = 540
TABLE_HEIGHT = 380


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked to see."""

    scope: str
    statuses: frozenset[str]
    families: frozenset[str]
    alone: bool


def show_network_page(context: Context) -> None:
    """Controls, picture, sentence and tables; what a click does runs alone."""
    view = context.view
    if view.structures.empty:
        st.info("Aucune structure n'est encore enregistrée : importez vos partenaires dans la page Données.")
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    if view.relations.empty:
        st.info(
            "Aucune relation n'est enregistrée. Ajoutez-les dans la fiche d'une structure (page Annuaire), "
            "ou importez un tableau de relations (page Données)."
        )
    if view.pivot_id is None:
        st.warning(
            "Votre structure pivot n'est pas choisie (page Réglages) : l'image est centrée sur la structure "
            "la plus reliée.",
            icon=":material/flag:",
        )
    _body(context)


@st.fragment
def _body(context: Context) -> None:
    view = context.view
    wanted = _controls(view)
    measures = _measures(view, wanted.statuses)
    centre = state.selection(view).structure_id or view.pivot_id
    picture, words = st.columns([64, 36], gap="medium")
    drawn: Network
    with picture:
        drawn = _picture(context, wanted, measures, centre)
    with words:
        _sentence(view, measures)
        _unconnected(measures)
        if wanted.scope == WHOLE and st.button(
            "Redessiner l'image", icon=":material/refresh:", help="Replace toutes les structures"
        ):
            redo_layout(context.app, view)
            state.rerun_part()
    _tables(view, drawn, measures)


def _controls(view: View) -> Wanted:
    if "reseau_scope" not in st.session_state:
        tied = sum(degree > 0 for _, degree in view.graph.degree)
        st.session_state["reseau_scope"] = WHOLE if tied <= WHOLE_LIMIT else ONE_STEP
    left, middle, right = st.columns([5, 5, 2], vertical_alignment="bottom")
    chosen = state.selection(view).structure_id
    labels = directory(view).labels
    key = "reseau_structure"
    st.session_state[key] = chosen

    def changed() -> None:
        state.select(view, structure_id=st.session_state[key])

    left.selectbox(
        "Structure",
        list(labels),
        index=None,
        format_func=lambda row_id: labels[row_id],
        placeholder="Votre structure pivot" if view.pivot_id else "Choisir une structure",
        key=key,
        on_change=changed,
    )
    scope = middle.segmented_control(
        "Ce qui est dessiné",
        list(SCOPES),
        format_func=lambda code: SCOPES[code],
        key="reseau_scope",
        required=True,
    )
    with right.popover(wording.counted("Filtres", _active(view)), icon=":material/tune:", width="stretch"):
        statuses = st.multiselect(
            "Relations",
            list(RelationStatus),
            default=sorted(CURRENT_STATUSES),
            format_func=lambda code: RELATION_STATUS_LABELS[RelationStatus(code)],
            key="reseau_statuses",
            placeholder="Aucune",
        )
        families = choose_families(key="reseau_families")
        alone = st.toggle(
            "Montrer les structures sans aucune relation",
            value=len(view.structures) <= ALONE_LIMIT,
            key="reseau_alone",
        )
    return Wanted(
        scope=scope or WHOLE,
        statuses=frozenset(str(code) for code in statuses),
        families=frozenset(families),
        alone=alone,
    )


def _active(view: View) -> int:
    """How many filters behind the button are not as they were at first."""
    kept = st.session_state
    alone = len(view.structures) <= ALONE_LIMIT
    changed = (
        set(kept.get("reseau_statuses", CURRENT_STATUSES)) != set(CURRENT_STATUSES),
        bool(kept.get("reseau_families")),
        kept.get("reseau_alone", alone) != alone,
    )
    return sum(changed)


def _measures(view: View, statuses: frozenset[str]) -> NetworkMeasures:
    """Measures of the network left by the filter on relations, once per view."""
    known: dict[frozenset[str], NetworkMeasures] = view.memo("network_measures", dict)
    if statuses not in known:
        everything = statuses == {str(code) for code in CURRENT_STATUSES}
        graph = view.graph if everything else build_graph(view.structures, view.relations, statuses=statuses)
        known[statuses] = NetworkMeasures(graph, pivot=view.pivot_id)
    return known[statuses]


def _picture(context: Context, wanted: Wanted, measures: NetworkMeasures, centre: int | None) -> Network:
    """Draw the whole network or the surroundings of one structure; answers the graph drawn."""
    view = context.view
    graph = measures.graph
    layout: Layout
    if wanted.scope == WHOLE or centre is None:
        layout = network_layout(context.app, view)
        key = f"reseau_tout_{view.pivot_id}"
    else:
        graph = ego_graph(graph, centre, steps=int(wanted.scope))
        layout = lay_out(graph, pivot=centre)
        key = f"reseau_{centre}_{wanted.scope}"
    visible = _visible(view, graph, wanted, centre)
    nodes, edges = network_items(measures, layout, visible=visible)
    if not nodes:
        st.info("Aucune structure ne répond à ces filtres.")
        return graph
    event = network_view(
        nodes,
        edges,
        selected=state.selection(view).structure_id,
        key=key,
        height=PICTURE_HEIGHT,
    )
    if event is not None and event.structure_id != state.selection(view).structure_id:
        state.select(view, structure_id=event.structure_id)
        state.rerun_part()
    return graph.subgraph(visible)


def _visible(view: View, graph: Network, wanted: Wanted, centre: int | None) -> set[int]:
    """Structures the filters leave; the pivot and the centre always stay."""
    kept = set(graph)
    if wanted.families:
        families = view.structures["family"]
        kept = {node for node in kept if families[node] in wanted.families}
    if not wanted.alone:
        kept = {node for node in kept if graph.degree[node]}
    return kept | {node for node in (view.pivot_id, centre) if node is not None and node in graph}


def _sentence(view: View, measures: NetworkMeasures) -> None:
    """What the chosen structure (else the pivot) is in the network."""
    chosen = state.selection(view).structure_id or view.pivot_id
    if chosen is None:
        st.info("Choisissez une structure, dans l'image ou dans la liste, pour lire son rôle.")
        return
    row: dict[Any, Any] = measures.table.loc[chosen].to_dict()
    with st.container(border=True):
        st.markdown(f"**{wording.markdown_text(str(row['name']))}**")
        st.text(measures.describe(chosen))
        ties, bridge, away = st.columns(3)
        ties.metric("Liens", wording.number(int(row["degree"])))
        bridge.metric(
            "Rôle de pont",
            wording.percent(float(row["betweenness"])),
            help="Part des paires de structures dont le plus court chemin passe par celle-ci.",
        )
        distance = row["distance"]
        steps = "non reliée" if pd.isna(distance) else wording.plural(int(distance), "pas", "pas")
        away.metric("Distance", steps)
        sheet, place = st.columns(2)
        if sheet.button("Ouvrir la fiche", icon=":material/contacts:", width="stretch"):
            state.select(view, structure_id=chosen)
            state.go("p5_annuaire")
        if place.button("Voir sur la carte", icon=":material/map:", width="stretch"):
            state.select(view, structure_id=chosen)
            state.go("p2_carte")


def _unconnected(measures: NetworkMeasures) -> None:
    """Parts that no tie connects to the pivot, named."""
    if measures.pivot is None:
        return
    parts = measures.unconnected()
    groups = [part for part in parts if part.size > 1]
    alone = [part for part in parts if part.size == 1]
    total = sum(part.size for part in parts)
    with st.expander(f"Non reliées à votre structure ({total})", expanded=False):
        if not parts:
            st.text("Toutes les structures sont reliées à la vôtre, directement ou non.")
            return
        for part in groups:
            planned = f" — {wording.plural(part.n_planned, 'contact en vue', 'contacts en vue')}"
            st.text(f"Groupe de {part.size} : {', '.join(part.names)}{planned if part.n_planned else ''}")
        if alone:
            st.text(f"Seules : {', '.join(part.names[0] for part in alone)}")


def _tables(view: View, drawn: Network, measures: NetworkMeasures) -> None:
    relations = view.relations[
        view.relations["from_id"].isin(drawn.nodes) & view.relations["to_id"].isin(drawn.nodes)
    ]
    ties = relations_table(drawn, relations)
    ties["Confirmée par l'autre"] = ties["Confirmée par l'autre"].fillna("pas demandé")
    roles = structures_table(measures)
    roles = roles[roles.index.isin(drawn.nodes)]
    first, second = st.tabs([f"Relations dessinées ({len(ties)})", f"Structures et rôles ({len(roles)})"])
    with first:
        if ties.empty:
            st.caption("Aucune relation à montrer avec ces filtres.")
        else:
            st.dataframe(ties, hide_index=True, width="stretch", height=_height(ties), column_config=_dates())
    with second:
        st.dataframe(roles, hide_index=True, width="stretch", height=_height(roles))
        st.caption(
            "Liens : structures avec qui une relation est active ou en sommeil. Rôle de pont : part des "
            "paires de structures dont le plus court chemin passe par celle-ci (centralité d'intermédiarité)."
        )


def _dates() -> dict[str, Any]:
    names = ("Depuis le", "Dernier contact", "À renouveler le")
    return {name: st.column_config.DateColumn(format="DD/MM/YYYY") for name in names}


def _height(table: pd.DataFrame) -> int:
    return min(TABLE_HEIGHT, 35 * (len(table) + 1) + 3)
