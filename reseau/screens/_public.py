"""What may be on a screen: frames are cut to these columns before anything else reads them.

Nothing that names a person or speaks of the team's work is on the lists: no e-mail, note, description, access
text, free text of hours, second line of address, publics; of an action, neither team, partners, figures nor
outcome. Relations, contacts, journal and needs do not even come here. A public column is still text that
somebody typed: what looks like an e-mail or a mobile number is taken out of it (`phones`).
"""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from reseau.model.vocabulary import PUBLIC_ACTIONS, ActionStatus

STRUCTURES = (
    "name", "types", "address", "commune", "lon", "lat", "placed", "phone", "website", "opening_hours",
    "languages", "free", "no_appointment", "accessible", "reception_modes", "served_quartiers", "closed",
)  # fmt: skip
PERMANENCES = (
    "structure_id", "type_code", "host_id", "place", "lon", "lat", "placed", "opening_hours", "free",
    "no_appointment", "started_on", "ended_on",
)  # fmt: skip
ACTIONS = (
    "title", "theme", "languages", "quartiers", "type_code", "host_id", "place", "starts_on", "start_time",
    "end_time", "recurrence", "ends_on",
)  # fmt: skip
QUARTIERS = ("code", "name", "commune_names", "geometry")

PRACTICES = frozenset(
    {"medecin", "infirmier", "sage-femme", "paramedical", "psychologue", "psychiatre", "dentiste"}
)
"""Types practised by one person, whose structure bears the name of that person."""

HOUSES = frozenset({"msp", "centre-sante", "hopital", "pass"})
"""Types of houses that have a name of their own, even when they list the professions working there."""

# An action that is done has nothing left to announce.
ANNOUNCED = PUBLIC_ACTIONS - {ActionStatus.REALISEE}

Frame = TypeVar("Frame", bound=pd.DataFrame)


def public_structures(frame: pd.DataFrame) -> pd.DataFrame:
    """Structures with public columns only, by id; the names of practices, which are people's, are gone."""
    kept = _cut(frame, STRUCTURES).sort_index()
    names = [
        "" if _is_practice(types) else name for types, name in zip(kept["types"], kept["name"], strict=True)
    ]
    return kept.assign(name=pd.Series(names, index=kept.index, dtype=object))


def public_permanences(frame: pd.DataFrame) -> pd.DataFrame:
    """Permanences with public columns only, by id."""
    return _cut(frame, PERMANENCES).sort_index()


def public_actions(frame: pd.DataFrame) -> pd.DataFrame:
    """Actions announced to the public, with public columns only, by id."""
    return _cut(frame[frame["status"].isin(ANNOUNCED)], ACTIONS).sort_index()


def public_quartiers(frame: Frame) -> Frame:
    """Quartiers with public columns only."""
    kept: Frame = frame[list(QUARTIERS)].copy()
    return kept


def _cut(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: frame[name] for name in names}, index=frame.index)


def _is_practice(types: tuple[str, ...]) -> bool:
    return bool(PRACTICES.intersection(types)) and not HOUSES.intersection(types)
