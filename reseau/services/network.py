"""Positions of the network's picture, computed once and stored."""

from __future__ import annotations

from reseau.graph.layout import lay_out
from reseau.services.app import App
from reseau.services.view import View
from reseau.store import caches


def graph_positions(app: App, view: View) -> dict[int, tuple[float, float]]:
    """Position of every structure in the picture; only new structures are placed, the others stay."""
    with app.store.read() as connection:
        known = caches.get_positions(connection, view.territoire_id)
    nodes = set(view.graph.nodes)
    if nodes <= set(known):
        return {node: known[node] for node in nodes}
    positions = dict(lay_out(view.graph, pivot=view.pivot_id, known={k: xy for k, xy in known.items() if k in nodes}))
    with app.store.write() as connection:
        caches.set_positions(connection, positions)
    return positions


def redo_layout(app: App, view: View) -> dict[int, tuple[float, float]]:
    """Lay the whole picture out again."""
    positions = dict(lay_out(view.graph, pivot=view.pivot_id))
    with app.store.write() as connection:
        caches.set_positions(connection, positions)
    return positions
