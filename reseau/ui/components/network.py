"""The picture of the network, as a component of our own: positions come from the server and stay.

Why our own: the view must stay still when data change, shapes and letters must say what colours say, and
names must be text whatever they hold. See `network.js`: every text is written with `textContent`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from reseau.graph.build import Network
from reseau.graph.layout import Layout
from reseau.graph.measures import NetworkMeasures
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import INTENSITIES, RELATION_STATUS_LABELS, RelationStatus

_STATUS_LABELS = {str(status): label for status, label in RELATION_STATUS_LABELS.items()}
_STROKES = {RelationStatus.ACTIF: "actif", RelationStatus.EN_SOMMEIL: "sommeil"}

_HERE = Path(__file__).parent
_SCRIPTS = ("network.js", "network_labels.js")
ASSETS = ("network.html", "network.css", *_SCRIPTS)


def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


# Registered once, when the module is first imported: the files are ours and constant.
_mount = st.components.v2.component(
    "reseau.network",
    html=_asset("network.html"),
    css=_asset("network.css"),
    js="\n".join(map(_asset, _SCRIPTS)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkNode:
    """A structure to draw.

    Attributes:
        x, y: from `reseau.graph.layout`, in its units.
        degree: number of ties: makes the mark larger and its name show earlier.
        connected: tied to the pivot, directly or not; drawn hollow otherwise.
        apart: stands in the block on the right.
        note: one sentence shown under the name, plain text.
    """

    id: int
    name: str
    family: str
    x: float
    y: float
    degree: int = 0
    pivot: bool = False
    connected: bool = True
    apart: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEdge:
    """A tie to draw: width by `intensity` (1–5), stroke by `status` (value of `RelationStatus`)."""

    from_id: int
    to_id: int
    intensity: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEvent:
    """What the person just did: chose a structure."""

    structure_id: int


def network_items(
    measures: NetworkMeasures, layout: Layout, *, visible: Collection[int] | None = None
) -> tuple[list[NetworkNode], list[NetworkEdge]]:
    """Nodes and edges of `network_view` from what was computed on the whole network.

    Args:
        measures: of the graph to draw (all of it, or what a filter on relations leaves).
        layout: of the whole network; structures without a position are not drawn.
        visible: ids that the page's filters leave; all by default.
    """
    graph = measures.graph
    shown = sorted(set(layout.positions) & set(graph if visible is None else visible) & set(graph))
    nodes = [
        NetworkNode(
            id=node,
            name=graph.nodes[node]["name"],
            family=graph.nodes[node]["family"],
            x=layout.positions[node][0],
            y=layout.positions[node][1],
            degree=measures.ties.degree[node],
            pivot=node == measures.pivot,
            connected=measures.pivot is None or node in measures.distances,
            apart=node in layout.apart,
            note=_note(measures, node),
        )
        for node in shown
    ]
    return nodes, _edges(graph, frozenset(shown))


def network_view(
    nodes: Sequence[NetworkNode],
    edges: Sequence[NetworkEdge],
    *,
    selected: int | None = None,
    key: str,
    height: int = 560,
) -> NetworkEvent | None:
    """Draw the network; returns the structure the person has just clicked, once.

    The view (centre and zoom) is the browser's: it is set when a `key` is first seen, then only the person
    changes it. Draw another layout (an ego network, another pivot) under another `key`.

    Args:
        nodes: what to draw.
        edges: ties to draw; those with an end that is not among `nodes` are left out.
        selected: structure to outline, from the page's selection.
        key: one per picture on the page and per layout.
        height: of the picture without its legend, pixels.
    """
    known = {node.id for node in nodes}
    data = {
        "key": key,
        "height": height,
        "selected": selected,
        "nodes": [asdict(node) for node in nodes],
        "edges": [_edge_data(edge) for edge in edges if {edge.from_id, edge.to_id} <= known],
        "families": [asdict(family) for family in FAMILIES.values()],
        "intensities": [f"{step} – {label}" for step, label in INTENSITIES.items()],
    }
    result = _mount(key=key, data=data, on_chosen_change=_nothing)
    chosen = result.get("chosen")
    # What comes back is the browser's word: only a structure that was drawn is taken.
    if type(chosen) is int and chosen in known:
        return NetworkEvent(structure_id=chosen)
    return None


def _nothing() -> None:
    """A component only returns a value it was given a callback for."""


def _edges(graph: Network, shown: frozenset[int]) -> list[NetworkEdge]:
    return [
        NetworkEdge(from_id=first, to_id=last, intensity=data["intensity"], status=data["status"])
        for first, last, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2])
        if first in shown and last in shown
    ]


def _edge_data(edge: NetworkEdge) -> dict[str, object]:
    status = RelationStatus(edge.status)
    return {
        "from": edge.from_id,
        "to": edge.to_id,
        "intensity": min(max(edge.intensity, 1), 5),
        "stroke": _STROKES.get(status, "projet"),
        "label": f"{edge.intensity}, {INTENSITIES.get(edge.intensity, '')} ; {_STATUS_LABELS[status]}",
    }


def _note(measures: NetworkMeasures, node: int) -> str:
    if node == measures.pivot:
        return "votre structure"
    number = measures.ties.degree[node]
    return "aucun lien établi" if not number else "1 lien" if number == 1 else f"{number} liens"
