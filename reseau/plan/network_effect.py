"""What a scenario does to the network of relations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from reseau.graph.measures import NetworkMeasures
from reseau.model.vocabulary import RelationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFigure:
    """One figure before and after; None where it has no object (no pivot).

    Attributes:
        label: French, plain words.
        help: how it is counted.
        digits: decimals to show.
    """

    id: str
    label: str
    help: str
    before: float | None
    after: float | None
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEffect:
    """Figures, and structures that become or cease to be connected to the pivot (names, sorted)."""

    figures: tuple[NetworkFigure, ...]
    connected: tuple[str, ...]
    cut_off: tuple[str, ...]


_FIGURES = (
    ("structures", "Structures", "Toutes celles de l'annuaire, reliées ou non.", 0),
    ("actives", "Paires en relation active", "Deux structures avec au moins une relation active.", 0),
    ("directes", "Reliées directement à la vôtre", "Relation active ou en sommeil avec le pivot.", 0),
    ("reliees", "Reliées de proche en proche",
     "Celles que des relations actives ou en sommeil relient à la vôtre, directement ou non.", 0),
    ("isolees", "Structures sans aucune relation", "Ni active, ni en sommeil.", 0),
    ("groupes", "Groupes séparés", "Ensembles d'au moins deux structures reliées entre elles.", 0),
    ("ponts", "Relations sans autre chemin",
     "Si l'une d'elles s'arrête, une partie du réseau se détache.", 0),
    ("distance", "Pas moyens jusqu'à la vôtre",
     "Nombre moyen de relations à suivre, parmi les structures reliées.", 2),
)  # fmt: skip


class Measured:
    """A network and its figures, each computed once when first asked."""

    def __init__(self, measures: NetworkMeasures) -> None:
        self.measures = measures

    @cached_property
    def figures(self) -> dict[str, float | None]:
        """Figures by id, in the order of `NetworkEffect.figures`."""
        return _figures(self.measures)


def network_effect(before: Measured, after: Measured) -> NetworkEffect:
    """Compare two networks; structures are matched by id.

    Formulas: connected components, bridges and shortest paths of networkx on real ties (active or dormant).
    """
    first, last = before.figures, after.figures
    figures = tuple(
        NetworkFigure(id=key, label=label, help=help_, before=first[key], after=last[key], digits=digits)
        for key, label, help_, digits in _FIGURES
    )
    was, is_now = before.measures.distances.keys(), after.measures.distances.keys()
    return NetworkEffect(
        figures=figures,
        connected=_names(after.measures, is_now - was),
        # What closed is no longer in the network at all: it is not cut off, it is gone.
        cut_off=_names(after.measures, (was - is_now) & after.measures.graph.nodes),
    )


def _figures(measures: NetworkMeasures) -> dict[str, float | None]:
    ties, pivot = measures.ties, measures.pivot
    others = [steps for node, steps in measures.distances.items() if node != pivot]
    statuses = [data["status"] for _, _, data in ties.edges(data=True)]
    return {
        "structures": len(ties),
        "actives": sum(status == RelationStatus.ACTIF for status in statuses),
        "directes": None if pivot is None else ties.degree(pivot),
        "reliees": None if pivot is None else len(others),
        "isolees": sum(len(part) == 1 for part in measures.components),
        "groupes": sum(len(part) > 1 for part in measures.components),
        # Structures without any tie, most of a large directory, have no bridge to look for.
        "ponts": sum(1 for _ in nx.bridges(nx.Graph(ties.edges))),
        "distance": sum(others) / len(others) if others else None,
    }


def _names(measures: NetworkMeasures, nodes: set[int]) -> tuple[str, ...]:
    return tuple(sorted(measures.graph.nodes[node]["name"] for node in nodes))
