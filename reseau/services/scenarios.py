"""What if: a list of changes compared with today."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from reseau.errors import RefusedInput
from reseau.gaps import analyse
from reseau.gaps.sentences import basis_sentence
from reseau.geo.points import service_points
from reseau.graph.build import build_graph
from reseau.graph.measures import NetworkMeasures
from reseau.model.vocabulary import State
from reseau.plan.changes import (
    Change,
    CloseStructure,
    EndPermanence,
    MoveStructure,
    OpenPermanence,
    OpenStructure,
    SetRelation,
    read_changes,
    to_json,
)
from reseau.plan.differences import Total, by_importance, differences, totals_by_quartier, totals_by_type
from reseau.plan.network_effect import Measured, NetworkEffect, network_effect
from reseau.plan.scenario_words import Names, describe_change, summary
from reseau.plan.scenarios import Applied, Frames, apply
from reseau.services._references import StructureIndex, Unresolved
from reseau.services.siting_places import FAR, is_far
from reseau.services.territoires import BOUNDS
from reseau.services.view import open_view

if TYPE_CHECKING:
    from reseau.gaps import Analysis
    from reseau.services.app import App
    from reseau.services.view import View

Changes = Sequence[Change] | Sequence[Mapping[str, Any]]
KEPT_RESULTS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScenarioResult:
    """Today and then, side by side. Texts are plain French text.

    Attributes:
        changes: as read, with the names of what they are about.
        lines: each change in words.
        problems: changes without object (or doubtful), in words.
        table: what changes (`reseau.plan.differences.DIFFERENCES`), most important first, with `expected`:
            the territory expects this type of this quartier, or a change is about this type.
        types, quartiers: totals of the expected rows.
        sentences: what to remember, most important first.
        basis: how figures are made.
        after: the computation then.
        frames: frames then.
        on: day of today's figures.
        senseless: ranks of the changes that could not be applied, or not wholly.
        counts_before, counts_after: number of expected (quartier, type) in each state.
    """

    changes: tuple[Change, ...]
    lines: tuple[str, ...]
    problems: tuple[str, ...]
    table: pd.DataFrame
    types: list[Total]
    quartiers: list[Total]
    network: NetworkEffect
    sentences: list[str]
    basis: str
    after: Analysis
    frames: Frames
    on: date
    senseless: frozenset[int]
    counts_before: Mapping[State, int]
    counts_after: Mapping[State, int]

    @property
    def shown(self) -> pd.DataFrame:
        """Rows of the table that are expected or asked about."""
        return self.table[self.table["expected"]]


def read(app: App, changes: Changes) -> tuple[Change, ...]:
    """Changes from plain values (or as they are).

    Raises:
        RefusedInput: what is wrong, one a line.
    """
    plain = [to_json(item) if isinstance(item, Change) else item for item in changes]
    return read_changes(plain, types=app.typology.types, bounds=BOUNDS)


def compare_scenario(app: App, territoire_id: int, changes: Changes) -> ScenarioResult:
    """Today's states, shares, minutes and network beside those the changes would give. Writes nothing.

    Raises:
        RefusedInput: a change cannot be read.
        NotFound: no such territory.
    """
    asked = read(app, changes)
    view = open_view(app, territoire_id)
    key = json.dumps([to_json(item) for item in asked], sort_keys=True)
    with app.lock:
        known: OrderedDict[str, ScenarioResult] = view.memo("scenarios", OrderedDict)
        if key not in known:
            known[key] = _compare(view, named_changes(view, asked))
            if len(known) > KEPT_RESULTS:
                known.popitem(last=False)
        known.move_to_end(key)
        return known[key]


def names_of(view: View) -> Names:
    """How structures and permanences of a view are called."""
    held = view.permanences
    rows = zip(
        held.index, held["type_code"], held["structure_name"], held["host_name"], held["place"], strict=True
    )
    short = {item.code: item.short_label for item in view.typology}
    return Names(
        structures={int(key): str(name) for key, name in view.structures["name"].items()},
        permanences={
            int(key): f"{short.get(code, code)} – {holder}" + (f" ({host or place})" if host or place else "")
            for key, code, holder, host, place in rows
        },
        typology=view.typology,
    )


def frames_of(view: View) -> Frames:
    """Today's frames, communes completed as for today's points."""
    return Frames(
        structures=view.structures.assign(insee=view.insee),
        permanences=view.hosted_permanences,
        relations=view.relations,
        settings=view.territoire,
    )


def _compare(view: View, changes: tuple[Change, ...]) -> ScenarioResult:
    applied = apply(changes, frames_of(view), typology=view.typology, commune_of=_commune_of(view))
    frames = applied.frames
    after = _analysed(view, frames)
    table = _table(view, after, changes)
    shown = table[table["expected"]]
    names = names_of(view)
    effect = _network_effect(view, frames)
    return ScenarioResult(
        changes=changes,
        lines=tuple(describe_change(change, names) for change in changes),
        problems=_problems(view, changes, applied),
        table=table,
        types=totals_by_type(shown),
        quartiers=totals_by_quartier(shown),
        network=effect,
        sentences=summary(shown, effect, names),
        basis=basis(view, frames),
        after=after,
        frames=frames,
        on=view.on,
        senseless=frozenset(rank for rank, _ in applied.problems),
        counts_before=_counts(view.gaps, view),
        counts_after=_counts(after.states, view),
    )


def _analysed(view: View, frames: Frames) -> Analysis:
    inputs = replace(
        view.gap_inputs,
        points=service_points(frames.structures, frames.permanences, on=view.on),
        relations=frames.relations,
        structures=frames.structures,
        permanences=frames.permanences,
        pivot_ids=frames.pivot_ids,
        settings=frames.settings,
    )
    return analyse(inputs, view.keeping.reach)


def _table(view: View, after: Analysis, changes: Sequence[Change]) -> pd.DataFrame:
    drawn: frozenset[Hashable] = frozenset(view.inhabitants.points["quartier_id"].unique().tolist())
    quartiers = pd.DataFrame({"kind": view.quartiers["kind"], "population": view.analysis.people})
    table = differences(view.gaps, after.states, quartiers, drawn=drawn)
    wanted = view.expected_gaps[["quartier_id", "type_code"]].itertuples(index=False, name=None)
    couples = {*wanted}
    asked = _types_named(view, changes)
    expected = [
        couple in couples or couple[1] in asked
        for couple in table[["quartier_id", "type_code"]].itertuples(index=False, name=None)
    ]
    return by_importance(table.assign(expected=pd.Series(expected, index=table.index, dtype=bool)))


def _counts(states: pd.DataFrame, view: View) -> dict[State, int]:
    # Both tables have the rows of the view's: same quartiers, same types, same order.
    found = states.loc[view.expected_gaps.index, "state"].value_counts()
    return {state: int(found.get(state, 0)) for state in State}


def _types_named(view: View, changes: Sequence[Change]) -> set[str]:
    """Types the changes are about, expected or not."""
    found: set[str] = set()
    for change in changes:
        match change:
            case OpenPermanence() | OpenStructure():
                found.add(change.type_code)
            case CloseStructure() | MoveStructure() | SetRelation():
                if change.structure_id in view.structures.index:
                    found |= {*view.structures.at[change.structure_id, "types"]}
            case EndPermanence():
                if change.permanence_id in view.permanences.index:
                    found.add(str(view.permanences.at[change.permanence_id, "type_code"]))
    return found


def _network_effect(view: View, frames: Frames) -> NetworkEffect:
    today: Measured = view.memo("scenario_network", lambda: Measured(NetworkMeasures(view.graph)))
    return network_effect(today, Measured(NetworkMeasures(build_graph(frames.structures, frames.relations))))


def _commune_of(view: View) -> Callable[[float, float], str]:
    """INSEE code of the commune around a point, from the boundaries loaded; empty where none is."""

    def find(lon: float, lat: float) -> str:
        communes = view.memo("scenario_communes", lambda: view.read_layer("communes"))
        current = communes[communes["kind"].isin(["commune", "arrondissement"])]
        held = current[current.geometry.notna() & current.geometry.contains(shapely.Point(lon, lat))]
        return "" if held.empty else str(held["code"].iloc[0])

    return find


def named_changes(view: View, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The same changes with the present names of what they are about, kept for the day it is gone."""
    names = names_of(view)
    named = []
    for change in changes:
        match change:
            case CloseStructure() | SetRelation() | MoveStructure():
                label = names.structures.get(change.structure_id, change.label)
            case EndPermanence():
                label = names.permanences.get(change.permanence_id, change.label)
            case OpenPermanence(host_id=int() as host):
                label = names.structures.get(host, change.label)
            case _:
                label = change.label
        named.append(replace(change, label=label))
    return tuple(named)


def _problems(view: View, changes: tuple[Change, ...], applied: Applied) -> tuple[str, ...]:
    found = [*applied.problems]
    pivots = frozenset(view.structures.index[view.structures["is_pivot"]])
    for rank, change in enumerate(changes, start=1):
        if is_far(view, getattr(change, "lon", None), getattr(change, "lat", None)):
            found.append((rank, FAR))
        if isinstance(change, CloseStructure) and change.structure_id in pivots:
            words = "c'est votre structure pivot ; sans elle, plus rien ne peut être « couvert »."
            found.append((rank, words))
    return tuple(f"Changement {rank} : {words}" for rank, words in sorted(found, key=lambda item: item[0]))


def basis(view: View, frames: Frames) -> str:
    """How the figures of a comparison are made, in French: to be shown wherever they are."""
    people = view.inhabitants.quartiers
    unplaced = int(
        (~frames.structures["placed"].astype(bool) & ~frames.structures["closed"].astype(bool)).sum()
    )
    left_out = "" if not unplaced else (
        " ; 1 structure à placer ne compte pas" if unplaced == 1
        else f" ; {unplaced} structures à placer ne comptent pas"
    )  # fmt: skip
    return (
        f"{basis_sentence(frames.settings, view.travel, people)} Population des quartiers : "
        f"{_listed(people['population_source']) or 'source non renseignée'}. "
        f"État des données au {view.on:%d/%m/%Y}{left_out}."
    )


def _listed(cells: pd.Series[Any]) -> str:
    return ", ".join(dict.fromkeys(str(cell) for cell in cells if cell))


def structure_named(view: View, reference: str) -> int:
    """Id of the structure a person means: its identifier, or its exact name (accents and case aside).

    Raises:
        RefusedInput: none, or several; the message says which are close.
    """
    named = zip(view.structures.index, view.structures["uid"], view.structures["name"], strict=True)
    index = StructureIndex({"id": int(key), "uid": uid, "name": name} for key, uid, name in named)
    try:
        return index.find("fiche", reference)
    except Unresolved as error:
        raise RefusedInput(f"« {error.value} » : {error.reason}") from error
