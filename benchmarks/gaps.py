"""States of a territory, beside a plain geopandas loop on the same volumes, in the same run.

    python -m benchmarks.gaps

Both must give the same shares and walking times. Three ways to ask: from nothing; after one structure was
added, what was measured being kept by type; «what if this structure closed», points made again and compared
with today. Figures compare rows of one run; they are not promises.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.gaps import GapInputs, ReachCache, analyse
from reseau.geo.grid import population_points
from reseau.geo.points import service_points
from reseau.model.records import Territoire
from reseau.model.typology import load_typology
from tests.frames import COMMUNE, METRIC, permanences, quartiers, relations, square, structures

VOLUMES = ((15, 1_000), (12, 10_000), (60, 10_000))
TIMES = 5
DAY = date(2026, 11, 2)
TERRITOIRE = Territoire(name="Banc d'essai", communes=(COMMUNE,))
MINUTES = {"proximite": 15, "intermediaire": 30}


def make_inputs(n_quartiers: int, n_structures: int) -> GapInputs:
    draw = np.random.default_rng(20261101)
    types = [item.code for item in load_typology()]
    side = 2_000 * int(np.ceil(np.sqrt(n_quartiers)))
    areas = quartiers(
        *(
            {"geometry": square(*draw.uniform(0, side, 2), draw.uniform(300, 1200))}
            for _ in range(n_quartiers)
        )
    )
    partners = structures(
        *(
            {"at": tuple(draw.uniform(0, side, 2)), "types": (str(draw.choice(types)),)}
            for _ in range(n_structures)
        )
    )
    ties = [{"from_id": 1, "to_id": int(other)} for other in draw.integers(2, n_structures, 300)]
    agenda = permanences()
    return GapInputs(
        quartiers=areas,
        points=service_points(partners, agenda, on=DAY),
        relations=relations(*ties),
        structures=partners,
        permanences=agenda,
        pivot_ids=frozenset({1}),
        types=pd.DataFrame(
            {"type_code": types, "gamme": [item.gamme for item in load_typology()]},
        ),
        settings=TERRITOIRE,
    )


def by_geopandas(inputs: GapInputs) -> pd.DataFrame:
    """Shares and mean minutes of the walking types, one spatial join per type."""
    population = population_points(inputs.quartiers, crs=METRIC)
    points = gpd.GeoDataFrame(inputs.points[["type_code", "geometry"]], crs=inputs.points.crs).to_crs(METRIC)
    found = []
    for type_code, gamme in inputs.types.itertuples(index=False):
        if gamme not in MINUTES:
            continue
        joined = population.sjoin_nearest(points[points["type_code"] == type_code], distance_col="metres")
        joined = joined[~joined.index.duplicated()]
        minutes = joined["metres"] * TERRITOIRE.detour_factor / (TERRITOIRE.walking_kmh * 1000 / 60)
        within = joined["weight"] * (minutes <= MINUTES[gamme])
        mean = (joined["weight"] * minutes).groupby(joined["quartier_id"]).sum()
        share = within.groupby(joined["quartier_id"]).sum()
        found.append(pd.DataFrame({"type_code": type_code, "share": share, "minutes": mean}).reset_index())
    return pd.concat(found).set_index(["quartier_id", "type_code"])


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start


def median(function: Callable[[], Any], *, before: Callable[[], Any] = lambda: None) -> float:
    """Median of some times, each after something that is not counted."""
    seconds = []
    for _ in range(TIMES):
        before()
        seconds.append(timed(function)[1])
    return statistics.median(seconds)


def one_more(inputs: GapInputs) -> GapInputs:
    """The same territory with one structure added."""
    more = structures({"id": 10**6, "at": (700, 700), "types": ("cmp",)})
    points = service_points(more, permanences(), on=DAY)
    return replace(inputs, points=pd.concat([inputs.points, points], ignore_index=True))


def what_if(inputs: GapInputs, cache: ReachCache) -> Any:
    """The first structure closes: points and states again, side by side with today."""
    shut = inputs.structures.copy()
    shut.loc[shut.index[0], "closed"] = True
    points = service_points(shut, inputs.permanences, on=DAY)
    after = analyse(replace(inputs, structures=shut, points=points), cache)
    return analyse(inputs, cache).states.compare(after.states)


def check(inputs: GapInputs, states: pd.DataFrame, other: pd.DataFrame) -> None:
    ours = states.set_index(["quartier_id", "type_code"]).loc[other.index]
    np.testing.assert_allclose(ours["share"], other["share"], atol=1e-9)
    np.testing.assert_allclose(ours["minutes_nearest"], other["minutes"], rtol=1e-9)


def main() -> None:
    head = (
        "quartiers", "structures", "de rien (s)", "une fiche de plus (s)", "et si (s)",
        "boucle geopandas (s)", "rapport",
    )  # fmt: skip
    print(" | ".join(head))
    analyse(make_inputs(2, 200))
    for n_quartiers, n_structures in VOLUMES:
        inputs = make_inputs(n_quartiers, n_structures)
        ours = median(lambda inputs=inputs: analyse(inputs))
        inputs = replace(inputs, population=population_points(inputs.quartiers, crs=METRIC))
        edited, caches = one_more(inputs), [ReachCache()]

        def warm(inputs: GapInputs = inputs, caches: list[ReachCache] = caches) -> None:
            caches[0] = ReachCache()
            analyse(inputs, caches[0])

        edit = median(lambda edited=edited, caches=caches: analyse(edited, caches[0]), before=warm)
        scenario = median(lambda inputs=inputs, caches=caches: what_if(inputs, caches[0]), before=warm)
        theirs = median(lambda inputs=inputs: by_geopandas(inputs))
        check(inputs, analyse(inputs).states, by_geopandas(inputs))
        seconds = (f"{value:.3f}" for value in (ours, edit, scenario, theirs))
        cells = (n_quartiers, n_structures, *seconds, f"× {theirs / ours:.1f}")
        print(" | ".join(f"{cell:>{len(title)}}" for cell, title in zip(cells, head, strict=True)))
    print(
        "Mêmes parts (à 1e-9) et mêmes minutes des deux côtés. La boucle ne fait que ces deux-là : ni états, "
        "ni fragilité, ni lieux dans le quartier."
    )


if __name__ == "__main__":
    main()
