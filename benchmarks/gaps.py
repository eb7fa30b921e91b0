"""States of a territory, beside a plain geopandas loop on the same volumes, in the same run.

    python -m benchmarks.gaps

Both must give the same shares and walking times. Figures compare rows of one run; they are not promises.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.gaps import GapInputs, analyse
from reseau.geo.grid import population_points
from reseau.geo.points import service_points
from reseau.model.records import Territoire
from reseau.model.typology import load_typology
from tests.frames import COMMUNE, METRIC, permanences, quartiers, relations, square, structures

VOLUMES = ((12, 1_500), (12, 10_000), (60, 10_000))
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
        points=service_points(partners, agenda, on=date(2026, 11, 2)),
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


def check(inputs: GapInputs, states: pd.DataFrame, other: pd.DataFrame) -> None:
    ours = states.set_index(["quartier_id", "type_code"]).loc[other.index]
    np.testing.assert_allclose(ours["share"], other["share"], atol=1e-9)
    np.testing.assert_allclose(ours["minutes_nearest"], other["minutes"], rtol=1e-9)


def main() -> None:
    head = ("quartiers", "structures", "états (s)", "un seul type (s)", "boucle geopandas (s)", "rapport")
    print(" | ".join(head))
    analyse(make_inputs(2, 200))
    for n_quartiers, n_structures in VOLUMES:
        inputs = make_inputs(n_quartiers, n_structures)
        analysis, ours = timed(analyse, inputs)
        population = population_points(inputs.quartiers, crs=METRIC)
        walking = inputs.types[inputs.types["gamme"] != "territoire"].head(1).reset_index(drop=True)
        _, one = timed(analyse, replace(inputs, types=walking, population=population))
        other, theirs = timed(by_geopandas, inputs)
        check(inputs, analysis.states, other)
        cells = (
            n_quartiers,
            n_structures,
            f"{ours:.3f}",
            f"{one:.3f}",
            f"{theirs:.3f}",
            f"× {theirs / ours:.1f}",
        )
        print(" | ".join(f"{cell:>{len(title)}}" for cell, title in zip(cells, head, strict=True)))
    print("Mêmes parts (à 1e-9) et mêmes minutes des deux côtés.")


if __name__ == "__main__":
    main()
