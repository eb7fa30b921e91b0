"""The map of one item: places proposed, limit of the commune, quartiers; a click chooses or places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.maps.data import MapData, ProposalMark
from reseau.maps.shapes import geojson, map_bounds, quartier_shapes
from reseau.model.vocabulary import POSITION_PRECISIONS
from reseau.services.placing import Boundaries, boundaries_of
from reseau.services.reviewing import Candidate, ReviewItem
from reseau.ui import wording
from reseau.ui.components.map_view import Focus, MapBase, map_view

if TYPE_CHECKING:
    from reseau.maps.data import Geometry
    from reseau.ui.context import Context

POINT = "relire_point"
RANK = "relire_rang"
CLICKED = "relire_rang_clique"
HEIGHT = 330
NEAR, FAR = 16, 12


def choice(item: ReviewItem) -> Candidate | None:
    """The proposal chosen among those of an item; said in words beside its number on the map."""
    if not item.candidates:
        return None
    ranks = list(range(1, len(item.candidates) + 1))
    if (clicked := st.session_state.pop(CLICKED, None)) in ranks:
        st.session_state[RANK] = clicked
    if st.session_state.get(RANK) not in ranks:
        st.session_state[RANK] = 1
    if len(ranks) == 1:
        st.caption(_words(item.candidates[0]))
        return item.candidates[0]
    rank = st.radio(
        "Place proposée",
        ranks,
        format_func=lambda value: f"{value}. {_words(item.candidates[value - 1])}",
        key=RANK,
        label_visibility="collapsed",
    )
    return item.candidates[rank - 1]


def in_hand(item: ReviewItem) -> Candidate:
    """The proposal chosen, without drawing: the first one until a person says otherwise. `item` has some."""
    ranks = range(1, len(item.candidates) + 1)
    rank: int = st.session_state.get(RANK, 1)
    return item.candidates[rank - 1 if rank in ranks else 0]


def show(context: Context, item: ReviewItem, chosen: Candidate | None, *, placing: bool) -> bool:
    """Draw the map; answers whether a click changed something.

    Args:
        chosen: the proposal in hand.
        placing: a click on the ground gives the place.
    """
    view, config = context.view, context.app.config
    base = MapBase(
        bounds=map_bounds(view.quartiers, view.structures),
        tiles_url=config.tiles_url,
        attribution=config.tiles_attribution,
    )
    data = MapData(
        quartiers=_kept(context, "quartiers", lambda: quartier_shapes(view.quartiers)),
        proposals=_marks(item, chosen),
        outline=_outline(context, item.insee),
    )
    event = map_view(
        base,
        data,
        key="relire",
        height=HEIGHT,
        tool="placer" if placing else "",
        focus=_focus(context, item, chosen) or _middle(base),
    )
    if event is None:
        return False
    if event.kind == "proposal" and event.id is not None:
        # The radio is drawn: its key can only be set before the next run draws it again.
        st.session_state[CLICKED] = event.id
        return True
    if placing and event.kind == "background" and event.lat is not None and event.lon is not None:
        st.session_state[POINT] = (round(event.lon, 6), round(event.lat, 6))
        return True
    return False


def _words(candidate: Candidate) -> str:
    """One line about a proposal, as Markdown."""
    parts = [
        candidate.kind_label,
        POSITION_PRECISIONS.get(candidate.precision, "") if candidate.score is None else "",
        "" if candidate.score is None else f"score {wording.number(candidate.score, 2)}",
        "contour de la commune non vérifié" if candidate.boundary == "non vérifié" else candidate.boundary,
    ]
    return f"**{wording.markdown_text(candidate.label)}** · {' · '.join(filter(None, parts))}"


def _marks(item: ReviewItem, chosen: Candidate | None) -> tuple[ProposalMark, ...]:
    return tuple(
        ProposalMark(
            rank=rank,
            lon=candidate.lon,
            lat=candidate.lat,
            label=candidate.label,
            note=candidate.kind_label,
            chosen=candidate is chosen,
        )
        for rank, candidate in enumerate(item.candidates, 1)
    )


def _focus(context: Context, item: ReviewItem, chosen: Candidate | None) -> Focus | None:
    """The proposal, else the present position, else the commune."""
    if chosen is not None:
        return Focus(lat=chosen.lat, lon=chosen.lon, zoom=NEAR if chosen.acceptable else FAR)
    if item.present is not None:
        return Focus(lat=item.present[1], lon=item.present[0], zoom=FAR)
    limits = _limits(context).shape_of(item.insee)
    if limits is not None:
        inside = limits.representative_point()
        return Focus(lat=inside.y, lon=inside.x, zoom=FAR)
    return None


def _middle(base: MapBase) -> Focus | None:
    """The territory: the map must not stay where the item before was."""
    if base.bounds is None:
        return None
    west, south, east, north = base.bounds
    return Focus(lat=(south + north) / 2, lon=(west + east) / 2, zoom=FAR)


def _limits(context: Context) -> Boundaries:
    """Read with the view, at the first item: a decision makes the view old, and reading it again slow."""
    found: Boundaries = _kept(context, "limites", lambda: boundaries_of(context.app, context.tid))
    return found


def _outline(context: Context, insee: str) -> Geometry | None:
    def read() -> Geometry | None:
        shape = _limits(context).shape_of(insee)
        return None if shape is None else geojson(shape)

    found: Geometry | None = _kept(context, f"commune {insee}", read)
    return found


def _kept(context: Context, name: str, make: Callable[[], Any]) -> Any:
    """Shapes are simplified once per view, not at each decision."""
    return context.view.memo(f"relire_{name}", make)
