"""What lies around one structure."""

from __future__ import annotations

import networkx as nx

from reseau.errors import NotFound
from reseau.graph.build import Network

MAX_STEPS = 2


def ego_graph(graph: Network, center: int, *, steps: int = 1) -> Network:
    """Structures at most `steps` relations away from `center`, and every relation between them.

    Contacts to make count as steps here: they are what the person came to see.

    Args:
        graph: made by `build_graph`.
        center: structure id.
        steps: 1 or 2; further out, the whole picture says more.

    Returns:
        A new graph, nodes and edges sorted.

    Raises:
        NotFound: the structure is not in the graph.
        ValueError: `steps` is neither 1 nor 2.
    """
    if center not in graph:
        raise NotFound("Cette structure n'est pas dans le réseau affiché : choisissez-en une autre.")
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"steps must be 1 to {MAX_STEPS}, not {steps}")
    near = nx.single_source_shortest_path_length(graph, center, cutoff=steps)
    result: Network = nx.Graph()
    result.add_nodes_from((node, dict(graph.nodes[node])) for node in sorted(near))
    for first, last in sorted(tuple(sorted(edge)) for edge in graph.subgraph(near).edges):
        result.add_edge(first, last, **graph.edges[first, last])
    return result
