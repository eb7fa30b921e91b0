"""What each structure is to the network, in figures and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx
import pandas as pd

from reseau.errors import NotFound
from reseau.graph import wording
from reseau.graph.build import Network, pivot_of, ties
from reseau.graph.centrality import betweenness
from reseau.model.typology import FAMILIES

COLUMNS = (
    "name", "family", "is_pivot", "degree", "n_dormant", "n_planned", "betweenness", "articulation",
    "component", "distance", "connected", "cut_off", "neighbours",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Structures tied to each other, or one alone, that no tie connects to the pivot.

    Attributes:
        structure_ids: sorted by name, then id.
        names: same order.
        n_planned: contacts to make or under way that would connect the part to the pivot's network.
    """

    structure_ids: tuple[int, ...]
    names: tuple[str, ...]
    n_planned: int

    @property
    def size(self) -> int:
        """Number of structures."""
        return len(self.structure_ids)


class NetworkMeasures:
    """Measures of one graph, each computed once when first asked. Only real ties count (see `build.ties`).

    Attributes:
        graph: as given, made by `build_graph`.
        ties: the same nodes with active and dormant ties only.
        pivot: structure id, None when no pivot is chosen.
    """

    def __init__(self, graph: Network, *, pivot: int | None = None) -> None:
        """Measure `graph` around `pivot`, by default the structure flagged as such.

        Raises:
            NotFound: `pivot` is not in the graph.
        """
        if pivot is not None and pivot not in graph:
            raise NotFound("La structure pivot n'est pas dans le réseau : choisissez-la dans les réglages.")
        self.graph = graph
        self.ties = ties(graph)
        self.pivot = pivot_of(graph) if pivot is None else pivot

    @cached_property
    def components(self) -> tuple[frozenset[int], ...]:
        """Connected parts, largest first, then by smallest id."""
        found = [frozenset(part) for part in nx.connected_components(self.ties)]
        return tuple(sorted(found, key=lambda part: (-len(part), min(part))))

    @cached_property
    def distances(self) -> Mapping[int, int]:
        """Number of ties between the pivot and each structure it reaches; empty without a pivot."""
        if self.pivot is None:
            return {}
        return dict(nx.single_source_shortest_path_length(self.ties, self.pivot))

    @cached_property
    def cut_off(self) -> Mapping[int, tuple[int, ...]]:
        """Structures that would no longer be connected to the pivot without each one (pivot left out).

        A structure is cut off by those that every way from the pivot to it crosses: its dominators in the
        flow graph rooted at the pivot (`networkx.immediate_dominators`).
        """
        if self.pivot is None:
            return {}
        parents = nx.immediate_dominators(self.ties.to_directed(), self.pivot)
        lost: dict[int, list[int]] = {}
        for node in sorted(parents):
            above = node
            while above != self.pivot and (above := parents[above]) != self.pivot:
                lost.setdefault(above, []).append(node)
        return {node: tuple(cut) for node, cut in lost.items()}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per structure (index `id`, sorted), columns `COLUMNS`.

        `degree`: number of structures tied to it, of which `n_dormant` by dormant ties only; `n_planned`:
        contacts to make or under way, not in `degree`. `betweenness`: 0–1. `articulation`: without it, its
        part falls to pieces. `component`: 0 is the largest. `distance`: ties to the pivot, NA when not
        connected or without pivot. `connected`: tied to the pivot, directly or not; NA without pivot.
        `cut_off`: ids, see above. `neighbours`: dict family code → tuple of ids.
        """
        between = betweenness(self.ties)
        joints = frozenset(nx.articulation_points(self.ties))
        component = {node: rank for rank, part in enumerate(self.components) for node in part}
        rows = [
            (
                *(self.graph.nodes[node][key] for key in ("name", "family", "is_pivot")),
                self.ties.degree(node),
                sum(data["dormant"] for _, _, data in self.ties.edges(node, data=True)),
                sum(not data["tie"] for _, _, data in self.graph.edges(node, data=True)),
                between[node],
                node in joints,
                component[node],
                self.distances.get(node, pd.NA),
                pd.NA if self.pivot is None else node in self.distances,
                self.cut_off.get(node, ()),
                self.neighbours_by_family(node),
            )
            for node in sorted(self.graph)
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index(sorted(self.graph), name="id"))
        return frame.astype({"distance": "Int64", "connected": "boolean"})

    def neighbours_by_family(self, structure_id: int) -> dict[str, tuple[int, ...]]:
        """Ids of the structures tied to this one, by family, in the order of the typology."""
        found: dict[str, list[int]] = {}
        for other in sorted(self.ties.neighbors(structure_id)):
            found.setdefault(self.graph.nodes[other]["family"], []).append(other)
        order = {code: rank for rank, code in enumerate(FAMILIES)}
        codes = sorted(found, key=lambda code: (order.get(code, len(order)), code))
        return {code: tuple(found[code]) for code in codes}

    def unconnected(self) -> list[Part]:
        """Parts of the network that no tie connects to the pivot, largest first, then by name.

        Empty without a pivot: nothing is then connected or not.
        """
        if self.pivot is None:
            return []
        parts = [self._part(part) for part in self.components if self.pivot not in part]
        return sorted(parts, key=lambda part: (-part.size, part.names, part.structure_ids))

    def describe(self, structure_id: int) -> str:
        """Plain-French sentence about one structure. Plain text: escape it before showing it as Markdown.

        Raises:
            NotFound: the structure is not in the graph.
        """
        if structure_id not in self.graph:
            raise NotFound("Cette structure n'est pas dans le réseau affiché : choisissez-en une autre.")
        row: dict[Any, Any] = self.table.loc[structure_id].to_dict()
        role = wording.Role(
            name=str(row["name"]),
            degree=int(row["degree"]),
            dormant=int(row["n_dormant"]),
            planned=int(row["n_planned"]),
            distance=self.distances.get(structure_id),
            lost=tuple(self._names(row["cut_off"])),
            indirect=max(len(self.distances) - 1 - int(row["degree"]), 0),
            pieces=self._pieces_without(structure_id) if row["articulation"] else 1,
        )
        return wording.describe(role, has_pivot=self.pivot is not None)

    def describe_unconnected(self) -> str:
        """Plain-French sentence naming what is not connected to the pivot."""
        parts = [part.names for part in self.unconnected()]
        return wording.describe_unconnected(parts, has_pivot=self.pivot is not None)

    def _pieces_without(self, structure_id: int) -> int:
        part = next(part for part in self.components if structure_id in part)
        return int(nx.number_connected_components(self.ties.subgraph(part - {structure_id})))

    def _part(self, part: frozenset[int]) -> Part:
        ordered = sorted(part, key=lambda node: (self.graph.nodes[node]["name"], node))
        planned = sum(
            other in self.distances for node in part for other in self.graph.neighbors(node)
        )  # every edge from an unconnected part to the pivot's network is a planned one
        return Part(structure_ids=tuple(ordered), names=self._names(ordered), n_planned=planned)

    def _names(self, nodes: tuple[int, ...] | list[int]) -> tuple[str, ...]:
        return tuple(sorted(self.graph.nodes[node]["name"] for node in nodes))
