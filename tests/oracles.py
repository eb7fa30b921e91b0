"""The states a second time, written as plainly as the definition reads: loops, no index, no array.

Slow and naive on purpose: it shares no code with `reseau.gaps`, only the records and the vocabulary. It takes
the inhabitants' points (their own test counts them) and how long a walk is between two places, and does the
rest: projection, rules, and each state again under every variant that could make it fragile.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd
import pyproj
import shapely

from reseau.gaps import GapInputs

# Tolerance on a length, metres, and how far a position may be from the truth.
TOLERANCE = 1e-7
METRES = {"exacte": 10, "adresse": 30, "rue": 150}
# Factor of the threshold, and whether places are nearer (1) or further (-1) than they are said to be.
AS_IS = (1.0, 0)
VARIANTS = ((0.8, 0), (1.2, 0), (1.0, -1), (1.0, 1))
FOLDED = {"75056": range(75101, 75121), "69123": range(69381, 69390), "13055": range(13201, 13217)}


@dataclass
class Expected:
    state: str
    share: float
    minutes: float
    nearest: set[int]
    n_near: int
    closest: float
    fragile: bool


def straight(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres as the crow flies."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def states(inputs: GapInputs, population, epsg: int, length=None) -> dict[tuple[int, str], Expected]:
    """Expected answer of every (quartier id, type code).

    Args:
        inputs: what to compute from.
        population: inhabitants' points, in `epsg`.
        epsg: metric system.
        length: metres walked between two places; the straight line × detour of the settings by default.
    """
    length = length or (lambda a, b: straight(a, b) * inputs.settings.detour_factor)
    project = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform
    inhabitants: dict[int, list[tuple[float, float, float]]] = {}
    for _, row in population.iterrows():
        cell = (row["geometry"].x, row["geometry"].y, row["weight"])
        inhabitants.setdefault(row["quartier_id"], []).append(cell)
    answers = {}
    for quartier_id, quartier in inputs.quartiers.iterrows():
        for _, kind in inputs.types.iterrows():
            points = [p for _, p in inputs.points.iterrows() if p["type_code"] == kind["type_code"]]
            answers[quartier_id, kind["type_code"]] = _one(
                inputs, quartier, kind, points, inhabitants.get(quartier_id, []), (project, length)
            )
    return answers


def _one(inputs, quartier, kind, points, inhabitants, geography) -> Expected:
    project, length = geography
    settings = inputs.settings
    walking = {"proximite": settings.minutes_proximite, "intermediaire": settings.minutes_intermediaire}
    limit = walking.get(kind["gamme"])
    placed = [(p, project(p["geometry"].x, p["geometry"].y)) for p in points if p["placed"]]

    def minutes(a, b):
        return length(a, b) / (settings.walking_kmh * 1000) * 60

    def under(variant):
        share, near = _reach(inputs, quartier, points, placed, inhabitants, (limit, length, *variant))
        return _state(inputs, quartier, kind["type_code"], points, near, share), share, len(near)

    mean, nearest = _nearest(placed, inhabitants, minutes)
    closest = min((minutes(at, who) for _, at in placed for who in inhabitants), default=math.nan)
    state, share, n_near = under(AS_IS)
    measured = state in {"couvert", "a_relier", "eloigne"}
    fragile = measured and any(under(variant)[0] != state for variant in VARIANTS)
    return Expected(state, share, mean, nearest, n_near, closest, fragile)


def _reach(inputs, quartier, points, placed, inhabitants, rule):
    """Share of the inhabitants reached, and near points, when the threshold or positions are otherwise."""
    minutes, length, factor, shift = rule
    serving = [p for p in points if quartier["code"] in p["served_quartiers"]]
    if minutes is None:
        reachable = [p for p in points if _in_territory(inputs, p)]
        located = [p for p in points if p["insee"] or _in_territory(inputs, p) or p["served_quartiers"]]
        share = 1.0 if reachable or serving else 0.0 if located else math.nan
    else:
        metres = minutes * factor * inputs.settings.walking_kmh * 1000 / 60

        def reaches(point, at, who):
            slack = shift * _precision(inputs, point) * inputs.settings.detour_factor
            return length(at, who) <= metres + slack + TOLERANCE

        reachable = [p for p, at in placed if any(reaches(p, at, who) for who in inhabitants)]
        located = [p for p in points if (p["placed"] and inhabitants) or p["served_quartiers"]]
        reached = sum(who[2] for who in inhabitants if any(reaches(p, at, who) for p, at in placed))
        share = 1.0 if serving else reached if located else math.nan
    return share, list({id(p): p for p in [*reachable, *serving]}.values())


def _precision(inputs, point) -> float:
    """Metres; a permanence is as well placed as its host, 30 m where nothing is said."""
    owner = point["host_id"] if point["kind"] == "permanence" else point["structure_id"]
    if pd.isna(owner) or owner not in inputs.structures.index:
        return 30
    return METRES.get(inputs.structures.at[owner, "position_precision"], 30)


def _nearest(placed, inhabitants, minutes):
    if not placed or not inhabitants:
        return math.nan, set()
    total, sure, possible = 0.0, Counter(), Counter()
    for who in inhabitants:
        times = {at: minutes(at, who) for _, at in placed}
        best = min(times.values())
        total += who[2] * best
        first = [at for at, time in times.items() if time <= best + 1e-9]
        # Two places at the same distance share no vote: either may be told to be the first.
        possible.update(dict.fromkeys(first, who[2]))
        if len(first) == 1:
            sure[first[0]] += who[2]
    needed = max(sure.values(), default=0.0)
    winners = {at for at in possible if possible[at] >= needed - 1e-9}
    # Several services at one place: any of them is a right answer.
    return total, {int(point["structure_id"]) for point, at in placed if at in winners}


def _state(inputs, quartier, type_code, points, near, share) -> str:
    if share >= inputs.settings.near_share - 1e-9:
        return "couvert" if any(_works_with(inputs, p) for p in near) else "a_relier"
    if points:
        return "non_renseigne" if math.isnan(share) else "eloigne"
    for absence in inputs.absences:
        if (absence.quartier_code, absence.type_code) == (quartier["code"], type_code):
            return "absent"
    wanted = {_fold(code) for code in quartier["communes"] or inputs.settings.communes}
    listed = set()
    for claim in inputs.claims:
        if claim.type_code == type_code:
            if claim.communes is None:
                return "absent"
            listed |= {_fold(code) for code in claim.communes}
    return "absent" if wanted and wanted <= listed else "non_renseigne"


def _works_with(inputs, point) -> bool:
    holder, host = point["structure_id"], point["host_id"]
    if holder in inputs.pivot_ids or (not pd.isna(host) and host in inputs.pivot_ids):
        return True
    for _, tie in inputs.relations.iterrows():
        if tie["status"] == "actif":
            ends = (tie["from_id"], tie["to_id"])
            if holder in ends and (ends[0] in inputs.pivot_ids or ends[1] in inputs.pivot_ids):
                return True
    return False


def _in_territory(inputs, point) -> bool:
    if _fold(point["insee"]) in {_fold(code) for code in inputs.settings.communes}:
        return True
    areas = inputs.quartiers["geometry"]
    return bool(point["placed"]) and any(area.intersects(shapely.Point(point["geometry"])) for area in areas)


def _fold(insee: str) -> str:
    for commune, arrondissements in FOLDED.items():
        if insee.isdecimal() and int(insee) in arrondissements:
            return commune
    return insee
