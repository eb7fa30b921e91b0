"""The network of relations, for Gephi and its kin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from reseau.exports._base import Export, ExportBundle
from reseau.exports._cells import SEPARATOR, Cell, plain, printable
from reseau.exports._references import References
from reseau.model import vocabulary as words
from reseau.model.typology import FAMILIES


@dataclass(frozen=True, kw_only=True)
class GexfExport(Export):
    """A directed multigraph: a node per structure, an edge per tie; unknown attributes are left out.

    A tie «depuis» is written the other way round; one «dans les deux sens» is one edge that says so.
    """

    def _write(self, bundle: ExportBundle, path: Path) -> int:
        graph = build(bundle)
        nx.write_gexf(graph, path, version="1.2draft")
        return int(graph.number_of_nodes() + graph.number_of_edges())


def build(bundle: ExportBundle) -> nx.MultiDiGraph[str]:
    """Graph of a bundle. Nodes: database ids as text. Edges: ties whose two ends are in the bundle."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=printable(bundle.territory))
    references = References(bundle)
    for node, row in zip(bundle.structures.index, bundle.structures.to_dict("records"), strict=True):
        graph.add_node(str(node), **_node(row, references))
    for tie, row in zip(bundle.relations.index, bundle.relations.to_dict("records"), strict=True):
        source, target = str(row["from_id"]), str(row["to_id"])
        if source in graph and target in graph:
            ends = (target, source) if row["direction"] == "retour" else (source, target)
            graph.add_edge(*ends, key=str(tie), **_edge(row))
    return graph


def _node(row: Mapping[Any, Any], references: References) -> dict[str, Any]:
    return _known(
        {
            "label": plain(row["name"]) or plain(row["uid"]),
            "identifiant": plain(row["uid"]),
            "type": tuple(references.type_label(code) for code in row["types"]),
            "famille": FAMILIES[row["family"]].label if row["family"] in FAMILIES else plain(row["family"]),
            "commune": plain(row["commune"]),
            "latitude": plain(row["lat"]),
            "longitude": plain(row["lon"]),
        }
    )


def _edge(row: Mapping[Any, Any]) -> dict[str, Any]:
    intensity = plain(row.get("intensity"))
    return _known(
        {
            "label": _label(words.RELATION_PURPOSES, row["purpose"]),
            "sens": _label(words.DIRECTIONS, row["direction"]),
            "intensite": intensity,
            # Gephi draws the width of an edge from its weight.
            "weight": float(intensity) if isinstance(intensity, int | float) else None,
            "statut": _label(words.RELATION_STATUS_LABELS, row.get("status")),
        }
    )


def _label(labels: Mapping[Any, str], code: Any) -> Cell:
    return labels.get(code) or plain(code)


def _known(attributes: Mapping[str, Cell]) -> dict[str, Any]:
    known = {
        key: SEPARATOR.join(value) if isinstance(value, tuple) else value for key, value in attributes.items()
    }
    return {
        key: printable(value) if isinstance(value, str) else value
        for key, value in known.items()
        if value not in (None, "")
    }


EXPORT = GexfExport(
    id="gexf", label="Réseau des relations (GEXF, pour Gephi)", extension=".gexf", mime="application/gexf+xml"
)
