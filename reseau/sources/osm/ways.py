"""Streets of an OpenStreetMap file that people can walk on, as plain arrays."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from reseau.errors import RefusedInput
from reseau.model.context import OSM_ATTRIBUTION
from reseau.sources.osm.opening import open_extract

# Positions of OpenStreetMap are whole numbers of this part of a degree (a centimetre on the ground).
PARTS_OF_A_DEGREE = 1e7
YES, IF_ALLOWED, ALLOWS, FORBIDS = "oui", "si permis", "permet", "interdit"
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WalkableWays:
    """What can be walked on, both ways, as arrays.

    Attributes:
        lonlat: n × 2, WGS84 degrees, each node of the map once.
        edges: m × 2, positions in `lonlat`, from each node of a way to the next.
        bounds: west, south, east, north of every walkable way of the file, kept or not; degrees.
        ways: ways kept.
        missing: nodes of ways kept that the file does not hold: the way is interrupted there.
        barriers: nodes nobody may pass (a private gate): the way is interrupted there.
        data_date: day of the map, None when the file does not say.
    """

    lonlat: NDArray[np.float64]
    edges: NDArray[np.int32]
    bounds: Box
    ways: int
    missing: int
    barriers: int
    data_date: date | None
    attribution: str = OSM_ATTRIBUTION


def is_walkable(tags: Mapping[str, str]) -> bool:
    """Whether people may walk on a way, according to `marche.csv`.

    `foot` decides where it says something; a street closed to cars only is open to people.
    """
    kind = _table().get(("highway", tags.get("highway", "")))
    if kind is None:
        return False
    foot = _table().get(("foot", tags.get("foot", "")))
    if foot is not None:
        return foot == ALLOWS
    return kind == YES and not _forbidden(tags)


def is_closed(tags: Mapping[str, str]) -> bool:
    """Whether nobody may pass a node: a barrier, and access refused to people."""
    if "barrier" not in tags:
        return False
    foot = _table().get(("foot", tags.get("foot", "")))
    return _forbidden(tags) if foot is None else foot == FORBIDS


def _forbidden(tags: Mapping[str, str]) -> bool:
    return any(
        _table().get((key, tags[key])) == FORBIDS
        for key in ("access", "motorroad", "disused", "abandoned", "construction")
        if key in tags
    )


@cache
def _table() -> dict[tuple[str, str], str]:
    with Path(__file__).with_name("marche.csv").open(encoding="utf-8", newline="") as file:
        return {(row["cle"], row["valeur"]): row["a_pied"] for row in csv.DictReader(file, delimiter=";")}


def read_ways(path: Path, *, box: Box | None = None) -> WalkableWays:
    """Every walkable way of a file, or those with a node in a box.

    Args:
        path: `.osm` or `.osm.pbf`.
        box: west, south, east, north, WGS84 degrees.

    Raises:
        RefusedInput: not a file of OpenStreetMap, cut, damaged, too big, or without any street.
    """
    with (
        open_extract(path) as (source, data_date),
        tempfile.TemporaryDirectory(prefix="reseau-osm-") as folder,
    ):
        small = str(Path(folder) / "rues.osm.pbf")
        found = _copy_ways(source, small)
        reading = _Reading(box)
        if found:
            reading.read(small)
    if not reading.any:
        raise RefusedInput(
            f"« {path.name} » ne contient aucune rue où l'on puisse marcher : c'est peut-être un extrait de "
            "lieux seuls. Prenez un extrait complet de la zone, avec ses rues."
        )
    return reading.result(data_date)


def _copy_ways(source: osmium.io.File, path: str) -> int:
    """Copy walkable ways and their nodes to a small file: all positions of a region would take gigabytes."""
    count = 0
    writer = osmium.BackReferenceWriter(path, ref_src=source, overwrite=True, remove_tags=False)
    try:
        with writer:
            ways = osmium.FileProcessor(source, osmium.osm.WAY)
            for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
                if is_walkable(dict(way.tags)):
                    writer.add(way)
                    count += 1
    finally:
        # The library leaves its own folder behind when the file is damaged.
        writer.tmpdir.cleanup()
    return count


@dataclass(slots=True)
class _Reading:
    """Ways as they come: references and positions of their nodes, pieces separated by a hole."""

    box: Box | None
    refs: list[int] = field(default_factory=list)
    x: list[int] = field(default_factory=list)
    y: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    bounds: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])
    ways: int = 0
    missing: int = 0

    @property
    def any(self) -> bool:
        """Whether the file has a street at all."""
        return bool(np.isfinite(self.bounds[0]))

    def read(self, path: str) -> None:
        keys = osmium.filter.KeyFilter("highway", "barrier")
        # An extract put together from two may hold the same way twice: its edges are made unique later.
        things: Iterable[Any] = osmium.FileProcessor(path).with_locations().with_filter(keys)
        for thing in things:
            if thing.is_node():
                if is_closed(dict(thing.tags)):
                    self.closed.add(thing.id)
            elif thing.is_way():
                self._way(thing)

    def _way(self, way: Any) -> None:
        nodes = [(node.ref, node.location) for node in way.nodes]
        known = [(ref, at.x, at.y) if at.valid() else None for ref, at in nodes]
        there = [item for item in known if item is not None]
        if not there:
            return
        around = _box_of(there)
        self.bounds[:2] = map(min, self.bounds[:2], around[:2])
        self.bounds[2:] = map(max, self.bounds[2:], around[2:])
        if self.box is not None and not _touch(around, self.box):
            return
        self.ways += 1
        self.missing += len(known) - len(there)
        for piece in _pieces(known):
            self.starts.append(len(self.refs))
            for ref, x, y in piece:
                self.refs.append(ref)
                self.x.append(x)
                self.y.append(y)

    def result(self, data_date: date | None) -> WalkableWays:
        refs = np.array(self.refs, dtype=np.int64)
        unique, first, position = np.unique(refs, return_index=True, return_inverse=True)
        lonlat = np.array([self.x, self.y], dtype=np.float64).T[first] / PARTS_OF_A_DEGREE
        follows = np.ones(max(len(refs) - 1, 0), dtype=bool)
        follows[np.array(self.starts[1:], dtype=np.intp) - 1] = False
        edges = np.column_stack([position[:-1][follows], position[1:][follows]]).astype(np.int32)
        closed = np.isin(unique, np.array(sorted(self.closed), dtype=np.int64))
        edges = edges[~closed[edges].any(axis=1) & (edges[:, 0] != edges[:, 1])]
        edges = np.unique(np.sort(edges, axis=1), axis=0)
        return WalkableWays(
            lonlat=lonlat,
            edges=edges,
            bounds=(self.bounds[0], self.bounds[1], self.bounds[2], self.bounds[3]),
            ways=self.ways,
            missing=self.missing,
            barriers=int(closed.sum()),
            data_date=data_date,
        )


def _box_of(nodes: list[tuple[int, int, int]]) -> Box:
    _, x, y = zip(*nodes, strict=True)
    west, south, east, north = (part / PARTS_OF_A_DEGREE for part in (min(x), min(y), max(x), max(y)))
    return west, south, east, north


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _pieces(nodes: list[tuple[int, int, int] | None]) -> Iterator[list[tuple[int, int, int]]]:
    """Runs of nodes that are known."""
    piece: list[tuple[int, int, int]] = []
    for node in [*nodes, None]:
        if node is not None:
            piece.append(node)
        elif piece:
            yield piece
            piece = []
