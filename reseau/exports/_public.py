"""What may leave the team: one list of fields per table, and nothing that is not on it.

A field is public or it is not, whatever it holds. Left out on purpose:

- expressed needs: counts so small that people could recognise each other;
- contacts, journal, notes, referents, teams, authors, evidence: they name people or speak of them;
- the e-mail address of a structure: in teams' files it is often a person's own;
- status, intensity and dates of a tie: the team's opinion of its partners. Only active ties are public;
- the outcome, counts and partners of an action; actions that are only planned or imagined;
- the state of a gap, its reason and whether it is fragile: they tell whom the team works with. Distances
  and counts stay;
- the tags of a place of OpenStreetMap: its contributors may have named anyone in them;
- the languages of a quartier: a statement about people, made for the team's work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pandas as pd

from reseau.exports._base import ExportBundle
from reseau.model.vocabulary import PUBLIC_ACTIONS, RelationStatus

PUBLIC = {
    "structures": (
        "uid", "name", "types", "family", "description", "address", "address_extra", "postcode", "commune",
        "insee", "lon", "lat", "position_precision", "placed", "phone", "website", "opening_hours",
        "hours_text", "publics", "languages", "free", "no_appointment", "accessible", "access_conditions",
        "reception_modes", "served_quartiers", "capacity", "capacity_unit", "finess", "siret", "closed",
        "sources", "updated_on", "geometry",
    ),
    "quartiers": (
        "code", "name", "kind", "generation", "communes", "commune_names", "population",
        "population_source", "source", "data_date", "geometry",
    ),
    "relations": ("from_id", "to_id", "from_name", "to_name", "purpose", "direction"),
    "permanences": (
        "structure_id", "structure_name", "type_code", "host_id", "host_name", "place", "insee", "lon",
        "lat", "placed", "opening_hours", "hours_text", "free", "no_appointment", "languages", "started_on",
        "ended_on", "geometry",
    ),
    "actions": (
        "uid", "title", "form", "theme", "publics", "languages", "quartiers", "type_code", "host_id",
        "host_name", "place", "lon", "lat", "starts_on", "start_time", "end_time", "recurrence", "ends_on",
    ),
    "gaps": (
        "quartier_id", "quartier_code", "quartier_name", "type_code", "share", "minutes_nearest",
        "metres_nearest", "minutes_boundary", "nearest_id", "nearest_name", "n_points", "n_near",
        "n_unplaced", "n_inside", "n_500", "threshold_minutes",
    ),
    "reperes": (
        "uid", "name", "type_code", "lon", "lat", "address", "phone", "website", "opening_hours", "finess",
        "source", "updated_on", "geometry",
    ),
}  # fmt: skip

Frame = TypeVar("Frame", bound=pd.DataFrame)


def public_view(bundle: ExportBundle) -> ExportBundle:
    """The same bundle with public rows and fields only (see `PUBLIC`); the given frames are untouched."""
    if bundle.public:
        return bundle
    relations = bundle.relations[bundle.relations["status"] == RelationStatus.ACTIF]
    actions = bundle.actions[bundle.actions["status"].isin(PUBLIC_ACTIONS)]
    return replace(
        bundle,
        structures=_allowed(bundle.structures, "structures"),
        quartiers=_allowed(bundle.quartiers, "quartiers"),
        relations=_allowed(relations, "relations"),
        permanences=_allowed(bundle.permanences, "permanences"),
        actions=_allowed(actions, "actions"),
        gaps=_allowed(bundle.gaps, "gaps"),
        reperes=None if bundle.reperes is None else _allowed(bundle.reperes, "reperes"),
        contacts=None,
        journal=None,
        needs=None,
        public=True,
    )


def _allowed(frame: Frame, table: str) -> Frame:
    kept: Frame = frame[[name for name in PUBLIC[table] if name in frame.columns]].copy()
    return kept
