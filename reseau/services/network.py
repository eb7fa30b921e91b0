"""Positions of the network's picture, computed once and stored, so that the picture does not jump."""

from __future__ import annotations

from reseau.graph.layout import Layout, lay_out
from reseau.services.app import App
from reseau.services.view import View
from reseau.store import caches


def network_layout(app: App, view: View) -> Layout:
    """Position of every structure; what was placed before stays where it was."""
    if view.layout is None:
        with app.store.read() as connection:
            stored = caches.get_positions(connection, view.territoire_id)
        known = Layout(
            positions={key: (x, y) for key, (x, y, _) in stored.items()},
            apart=frozenset(key for key, (_, _, apart) in stored.items() if apart),
        )
        view.layout = lay_out(view.graph, pivot=view.pivot_id, known=known)
        if view.layout != known:
            _store(app, view.layout)
    return view.layout


def redo_layout(app: App, view: View) -> Layout:
    """Lay the whole picture out again, from nothing."""
    view.layout = lay_out(view.graph, pivot=view.pivot_id)
    _store(app, view.layout)
    return view.layout


def _store(app: App, layout: Layout) -> None:
    rows = {key: (x, y, key in layout.apart) for key, (x, y) in layout.positions.items()}
    with app.store.write() as connection:
        caches.set_positions(connection, rows)
