"""From a scenario to work: the permanences it opens become planned actions, as ideas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import ActionStatus
from reseau.plan.changes import OpenPermanence
from reseau.plan.scenario_words import describe_change
from reseau.services.action_drafts import suggested_places
from reseau.services.actions import save_action
from reseau.services.scenarios import Changes, compare_scenario, names_of
from reseau.services.view import open_view

if TYPE_CHECKING:
    from reseau.services.app import App
    from reseau.services.scenarios import ScenarioResult
    from reseau.services.view import View

MAX_TITLE = 200
LEAST_PEOPLE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """What was written: ids of the actions made, titles of those that were there already."""

    created: tuple[int, ...]
    known: tuple[str, ...]


def create_ideas(app: App, territoire_id: int, changes: Changes, *, scenario: str = "") -> Ideas:
    """One action «idée» per permanence the scenario opens; one that exists already is left alone.

    Nothing else is written: permanences and relations are entered through their own forms, once real.

    Raises:
        RefusedInput: a change cannot be read, or an action is refused.
    """
    view = open_view(app, territoire_id)
    result = compare_scenario(app, territoire_id, changes)
    existing = {_twin(row) for row in view.actions.to_dict("records")}
    created, known = [], []
    for rank, change in enumerate(result.changes, start=1):
        if not isinstance(change, OpenPermanence) or rank in result.senseless:
            continue
        values = _action(view, result, change, scenario)
        if _twin(values) in existing:
            known.append(str(values["title"]))
            continue
        partners = [(change.host_id, "accueille")] if change.host_id is not None else []
        if change.holder_id is not None and change.holder_id != change.host_id:
            partners.append((change.holder_id, "coanime"))
        created.append(save_action(app, territoire_id, values, partners=partners))
    return Ideas(created=tuple(created), known=tuple(known))


def _action(view: View, result: ScenarioResult, change: OpenPermanence, scenario: str) -> dict[str, Any]:
    kind = view.typology[change.type_code]
    names = names_of(view)
    place = names.structures.get(change.host_id or 0) or change.label or "lieu à préciser"
    origin = f"Scénario « {scenario} »" if scenario else "Scénario"
    return {
        "title": f"Permanence {kind.short_label} : {place}"[:MAX_TITLE],
        "form": "permanence_hors_murs",
        "theme": FAMILIES[kind.family].label,
        "languages": change.languages,
        "quartiers": _quartiers(result, change.type_code),
        "type_code": change.type_code,
        "host_id": change.host_id,
        "place": "" if change.host_id is not None else place,
        "lon": None if change.host_id is not None else change.lon,
        "lat": None if change.host_id is not None else change.lat,
        "status": ActionStatus.IDEE.value,
        "note": f"{origin} du {view.on:%d/%m/%Y} : {describe_change(change, names)}.",
    }


def _quartiers(result: ScenarioResult, type_code: str) -> tuple[str, ...]:
    """Quartiers where the type gets better, or where more inhabitants reach it."""
    rows = result.table[result.table["type_code"] == type_code]
    share = rows["share_after"].fillna(0.0) - rows["share_before"].fillna(0.0)
    helped = (rows["better"] > 0) | (rows["gained"] >= LEAST_PEOPLE) | (share > 0)
    return tuple(sorted(rows.loc[helped, "quartier_code"].astype(str)))


def _twin(row: Any) -> tuple[Any, ...]:
    """What makes two ideas the same one."""
    host, lon, lat = (None if pd.isna(row[name]) else float(row[name]) for name in ("host_id", "lon", "lat"))
    where = None if lon is None or lat is None else (round(lon, 5), round(lat, 5))
    return row["title"], host, where


def permanence_in(view: View, quartier_id: int, type_code: str) -> dict[str, Any]:
    """The permanence one would try first for a gap: at the usual host nearest to the quartier, else in it.

    Returns:
        A change as plain values, as `compare_scenario` takes them.

    Raises:
        KeyError: no such quartier.
    """
    found = suggested_places(view, quartier_id, n=1)
    if found and found[0].neighbour:
        return {"kind": OpenPermanence.kind, "type": type_code, "host_id": found[0].structure_id}
    quartier = view.quartiers.loc[quartier_id]
    inside = quartier.geometry.representative_point()
    return {
        "kind": OpenPermanence.kind, "type": type_code, "lon": inside.x, "lat": inside.y,
        "label": str(quartier["name"])[:MAX_TITLE],
    }  # fmt: skip
