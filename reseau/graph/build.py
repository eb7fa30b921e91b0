"""From frames to a graph: structures are nodes, relations between two of them are one edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

import networkx as nx
import pandas as pd

from reseau.model.vocabulary import RelationStatus

# Structures by id; the annotation is text because networkx classes take no parameter when run.
Network: TypeAlias = "nx.Graph[int]"

# The strongest thing one may say of a pair comes first: a pair that works together today is active
# whatever older or planned ties it has besides.
STATUS_ORDER = (
    RelationStatus.ACTIF,
    RelationStatus.EN_SOMMEIL,
    RelationStatus.CONTACT_PRIS,
    RelationStatus.A_CONTACTER,
    RelationStatus.TERMINE,
)
CURRENT_STATUSES = frozenset(STATUS_ORDER) - {RelationStatus.TERMINE}
# A contact to make is a wish, not a tie: it is drawn, it does not connect.
TIE_STATUSES = frozenset({RelationStatus.ACTIF, RelationStatus.EN_SOMMEIL})
_RANK = {str(status): rank for rank, status in enumerate(STATUS_ORDER)}
_NODE_COLUMNS = ("name", "family", "is_pivot")
_EDGE_COLUMNS = ("from_id", "to_id", "intensity", "status")


def build_graph(
    structures: pd.DataFrame, relations: pd.DataFrame, *, statuses: Collection[str] | None = None
) -> Network:
    """Build the network; the result does not depend on the order of rows.

    Args:
        structures: `columns.STRUCTURES`, index = structure id. Each one is a node, isolated or not.
        relations: `columns.RELATIONS`, index = relation id. Ties of a structure with itself and ties to a
            structure that is not in `structures` are left out.
        statuses: relation statuses to keep; by default all but `termine`.

    Returns:
        Undirected graph. Nodes: `name`, `family`, `is_pivot`. Edges, one per pair: `status` (strongest of the
        pair, see `STATUS_ORDER`), `intensity` (1–5, highest among the relations of that status, so that
        a planned convention never thickens today's tie), `relation_ids`, `statuses`, `dormant` (strongest
        is `en_sommeil`), `tie` (a real tie: active or dormant).

    Raises:
        ValueError: a column is missing.
    """
    _check(structures, _NODE_COLUMNS, "structures")
    _check(relations, _EDGE_COLUMNS, "relations")
    kept = {str(status) for status in (CURRENT_STATUSES if statuses is None else statuses)}
    graph: Network = nx.Graph()
    for number, name, family, is_pivot in _rows(structures, _NODE_COLUMNS):
        graph.add_node(int(number), name=str(name), family=str(family), is_pivot=bool(is_pivot))
    pairs: dict[tuple[int, int], list[tuple[int, int, str]]] = {}
    for number, from_id, to_id, intensity, status in _rows(relations, _EDGE_COLUMNS):
        first, last = sorted((int(from_id), int(to_id)))
        if str(status) in kept and first != last and first in graph and last in graph:
            pairs.setdefault((first, last), []).append((int(number), int(intensity), str(status)))
    for (first, last), found in sorted(pairs.items()):
        graph.add_edge(first, last, **_merge(found))
    return graph


def ties(graph: Network) -> Network:
    """Copy of `graph` with all its nodes and only its real ties (active or dormant)."""
    return _with_edges(graph, ((a, b) for a, b, data in graph.edges(data=True) if data["tie"]))


def pivot_of(graph: Network) -> int | None:
    """Id of the team's own structure, None when none is chosen."""
    return next((node for node in sorted(graph) if graph.nodes[node]["is_pivot"]), None)


def _with_edges(graph: Network, edges: Iterable[tuple[int, int]]) -> Network:
    result: Network = nx.Graph()
    result.add_nodes_from((node, dict(graph.nodes[node])) for node in sorted(graph))
    for first, last in sorted(tuple(sorted(edge)) for edge in edges):
        result.add_edge(first, last, **graph.edges[first, last])
    return result


def _merge(found: list[tuple[int, int, str]]) -> dict[str, object]:
    statuses = sorted({status for _, _, status in found}, key=_RANK.__getitem__)
    strongest = statuses[0]
    return {
        "status": strongest,
        "statuses": tuple(statuses),
        "intensity": max(intensity for _, intensity, status in found if status == strongest),
        "relation_ids": tuple(sorted(identifier for identifier, _, _ in found)),
        "dormant": strongest == RelationStatus.EN_SOMMEIL,
        "tie": strongest in TIE_STATUSES,
    }


def _rows(frame: pd.DataFrame, columns: Collection[str]) -> Iterable[tuple[Any, ...]]:
    """Index and cells of each row, by index."""
    ordered = frame.sort_index()
    return zip(ordered.index.tolist(), *(ordered[column].tolist() for column in columns), strict=True)


def _check(frame: pd.DataFrame, columns: Collection[str], name: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: missing columns {', '.join(missing)}")
