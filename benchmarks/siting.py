"""Choices of places beside spopt (PySAL, with the CBC solver) on the same problems, in the same run.

    python -m benchmarks.siting

Both must reach the same optimum. spopt has no share to reach: its set covering is tried with everyone.
The last table is ours alone: what a time limit leaves. Figures compare rows of one run; they are no promises.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from reseau.plan.siting import Outcome, Siting, maximal_cover, set_cover

SIZES = ((200, 50, 0.15, 5), (2_000, 500, 0.10, 10))
LIMITS = (0.5, 2.0, 10.0)


def drawn(people: int, places: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(20261122)
    homes, sites = draw.uniform(0, 1, (people, 2)), draw.uniform(0, 1, (places, 2))
    metres = np.sqrt(((homes[:, np.newaxis] - sites) ** 2).sum(axis=2))
    return metres, draw.integers(1, 100, people).astype(float)


def timed(function: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    result = function(*arguments, **options)
    return result, time.perf_counter() - start


def by_spopt(make: Callable[[], Any]) -> float:
    import pulp

    return float(pulp.value(make().solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective))


def compared(name: str, ours: Siting, value: float, seconds: tuple[float, float]) -> str:
    mine = ours.value if name == "le plus d'habitants" else float(len(ours.places))
    np.testing.assert_equal(str(ours.outcome), str(Outcome.OPTIMAL))
    np.testing.assert_allclose(mine, value, rtol=1e-6)
    return f"{mine:g} | {seconds[0]:.2f} | {seconds[1]:.2f} | × {seconds[1] / seconds[0]:.0f}"


def beside_spopt() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from spopt import locate

        print("habitants × lieux | question | optimum | ici (s) | spopt + CBC (s) | rapport")
        for people, places, radius, k in SIZES:
            metres, weights = drawn(people, places)
            ours, mine = timed(maximal_cover, metres <= radius, weights, k, time_limit=300.0)
            value, theirs = timed(
                by_spopt,
                lambda m=metres, w=weights, r=radius, p=k: locate.MCLP.from_cost_matrix(
                    m, w, service_radius=r, p_facilities=p
                ),
            )
            name = "le plus d'habitants"
            print(f"{people} × {places} | {name}, {k} lieux | {compared(name, ours, value, (mine, theirs))}")
            # Tighter than four times what leaves nobody out, neither solver is done in ten minutes at 2,000.
            far = float(metres.min(axis=1).max()) * (4 if people > 500 else 1.5)
            ours, mine = timed(set_cover, metres <= far, np.ones(people), 1.0, time_limit=300.0)
            value, theirs = timed(
                by_spopt, lambda m=metres, r=far: locate.LSCP.from_cost_matrix(m, service_radius=r)
            )
            name = "le moins de lieux"
            print(f"{people} × {places} | {name}, tous | {compared(name, ours, value, (mine, theirs))}")


def with_a_limit() -> None:
    metres, weights = drawn(2_000, 500)
    print(
        "\n80 % des habitants, 2 000 × 500, rayon 0,06 : délai (s) | temps mis (s) | lieux | au moins | écart"
    )
    for limit in LIMITS:
        answer, seconds = timed(set_cover, metres <= 0.06, weights, 0.8, time_limit=limit)
        print(f"{limit:g} | {seconds:.1f} | {len(answer.places)} | {answer.bound:g} | {answer.gap:.1%}")


def main() -> None:
    maximal_cover(np.ones((2, 2)), np.ones(2), 1)
    beside_spopt()
    with_a_limit()


if __name__ == "__main__":
    main()
