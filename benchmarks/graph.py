"""The network: layout and measures beside networkx's own. Run: `python -m benchmarks.graph [--slow]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import networkx as nx

from reseau.graph.build import build_graph, ties
from reseau.graph.centrality import betweenness
from reseau.graph.layout import lay_out
from reseau.graph.measures import NetworkMeasures
from tests.unit.graph.networks import random_frames

# (structures, ties, structures without ties): a team's own network, a large one, a register just imported.
SIZES = ((100, 180, 10), (1000, 2500, 60), (1350, 200, 1200))


def seconds(work: Callable[[], object]) -> str:
    start = time.perf_counter()
    work()
    return f"{time.perf_counter() - start:8.3f}"


def main() -> None:
    slow = "--slow" in sys.argv
    print("structures  build    layout   measures  betweenness  (same, lone ones kept)  (spring layout)")
    for size, number, lone in SIZES:
        places, made = random_frames(size, seed=1, ties=number, lone=lone)
        graph = build_graph(places, made)
        real = ties(graph)
        figures = [
            seconds(lambda: build_graph(places, made)),  # noqa: B023
            seconds(lambda: lay_out(graph)),  # noqa: B023
            seconds(lambda: NetworkMeasures(graph).table),  # noqa: B023
            seconds(lambda: betweenness(real)),  # noqa: B023
            seconds(lambda: nx.betweenness_centrality(real)) if slow or size < 500 else "       –",  # noqa: B023
            seconds(lambda: nx.spring_layout(graph, seed=1)) if slow or size < 500 else "       –",  # noqa: B023
        ]
        print(f"{size:10d}", "  ".join(figures))


if __name__ == "__main__":
    main()
