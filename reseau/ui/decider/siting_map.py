"""The map of Où aller: quartiers, what exists, what could be, what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.maps import shapes
from reseau.maps.data import MapData, PossibleMark, ProposalMark
from reseau.services.siting import SitingResult
from reseau.ui import state, wording
from reseau.ui.components.map_view import MapBase, MapEvent, map_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reseau.services.siting_places import Candidate
    from reseau.services.view import View
    from reseau.ui.context import Context
    from reseau.ui.decider.siting_form import Asked

HEIGHT = 470


def show(context: Context, asked: Asked, result: SitingResult | None) -> MapEvent | None:
    """Draw it, and answer what was done on it."""
    view = context.view
    types = result.wish.types if result is not None else asked.wish.types
    # A search answers for the places it was given; the form may have changed since.
    possible = asked.candidates if result is None or asked.placing else list(result.candidates)
    chosen = state.selection(view)
    data = MapData(
        quartiers=kept(view, "quartiers", lambda: shapes.quartier_shapes(view.quartiers)),
        structures=_existing(view, types),
        permanences=_permanences(view, types),
        possible=_possible(possible, result),
        proposals=_proposals(result),
        proposals_label="Lieu choisi",
        selected_structure=chosen.structure_id,
        selected_quartier=chosen.quartier_id,
        pivot=view.pivot_id,
    )
    event = map_view(
        base(context), data, key="ou_aller", height=HEIGHT, tool="placer" if asked.placing else ""
    )
    if any(item.credit for item in possible):
        st.caption(next(item.credit for item in possible if item.credit))
    return event


def base(context: Context) -> MapBase:
    """Frame of the maps of Décider: the quartiers."""
    view, config = context.view, context.app.config
    return MapBase(
        bounds=shapes.map_bounds(view.quartiers, view.structures),
        tiles_url=config.tiles_url,
        attribution=config.tiles_attribution,
    )


def kept(view: View, name: str, make: Callable[[], Any]) -> Any:
    """Shapes are simplified once per view."""
    return view.memo(f"decider_{name}", make)


def _existing(view: View, types: Sequence[str]) -> tuple[Any, ...]:
    """Open structures of the types: what is already there."""
    frame = view.structures[~view.structures["closed"].eq(True)]
    wanted = set(types)
    return shapes.structure_marks(
        frame.loc[[bool(wanted.intersection(own)) for own in frame["types"]]], view.typology
    )


def _permanences(view: View, types: Sequence[str]) -> tuple[Any, ...]:
    """Permanences of the types that count today."""
    points = view.points[view.points["type_code"].isin(list(types))]
    ids = points["permanence_id"].dropna().astype(int).tolist()
    return shapes.permanence_marks(view.permanences.loc[ids], view.typology)


def _possible(places: Sequence[Candidate], result: SitingResult | None) -> tuple[PossibleMark, ...]:
    taken = {item.candidate for item in result.proposals} if result is not None else set()
    return tuple(
        PossibleMark(lon=item.lon, lat=item.lat, label=item.label) for item in places if item not in taken
    )


def _proposals(result: SitingResult | None) -> tuple[ProposalMark, ...]:
    if result is None:
        return ()
    unit = "quartier de plus" if result.by_share else "habitants de plus"
    return tuple(
        ProposalMark(
            rank=item.rank,
            lon=item.candidate.lon,
            lat=item.candidate.lat,
            label=item.candidate.label,
            note=f"{wording.number(item.gain, 2 if result.by_share else 0)} {unit}",
            chosen=True,
        )
        for item in result.proposals
    )
