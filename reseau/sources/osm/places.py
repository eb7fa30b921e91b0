"""Places of an OpenStreetMap file with their positions, in memory bounded by what is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import osmium
import shapely

from reseau.errors import RefusedInput
from reseau.sources.osm.opening import open_extract
from reseau.sources.osm.tags import KEYS, Rule, is_home, rule_for

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An object of the map that may be of interest. `at`: WGS84 longitude and latitude, None when unknown."""

    uid: str
    tags: Mapping[str, str]
    rule: Rule
    at: Point | None


@dataclass(slots=True)
class Extract:
    """What a file holds. `objects`: nodes, ways and relations with a key looked at; `homes`: left out."""

    places: list[Place] = field(default_factory=list)
    objects: int = 0
    homes: int = 0
    data_date: date | None = None


def read_places(path: Path) -> Extract:
    """Every place `tags.csv` speaks of, nodes first, by number.

    Raises:
        RefusedInput: not a file of OpenStreetMap, cut, damaged, too big, or without any object.
    """
    with open_extract(path) as (source, data_date):
        extract = _read(source)
        extract.data_date = data_date
    if not extract.objects:
        raise RefusedInput(
            f"« {path.name} » ne contient aucun lieu (santé, action sociale, équipements) : c'est "
            "peut-être un extrait de rues seules. Prenez un extrait complet de la zone."
        )
    return extract


def _read(source: osmium.io.File) -> Extract:
    """Two readings: the first copies what is of interest to a small file, the second gives it positions.

    The positions of a whole region would take gigabytes; the small file holds only the nodes it needs.
    """
    extract = Extract()
    with tempfile.TemporaryDirectory(prefix="reseau-osm-") as folder:
        small = str(Path(folder) / "lieux.osm.pbf")
        writer = osmium.BackReferenceWriter(small, ref_src=source, overwrite=True)
        try:
            with writer:
                _copy(source, writer, extract)
        finally:
            # The library leaves its own folder behind when the file is damaged.
            writer.tmpdir.cleanup()
        extract.places = _Positions().of(small)
    return extract


def _copy(source: osmium.io.File, writer: osmium.BackReferenceWriter, extract: Extract) -> None:
    for thing in osmium.FileProcessor(source).with_filter(osmium.filter.KeyFilter(*KEYS)):
        extract.objects += 1
        tags = dict(thing.tags)
        if rule_for(tags) is None:
            continue
        if is_home(tags):
            extract.homes += 1
        else:
            writer.add(thing)


class _Positions:
    """Where places are: their point, a point inside their outline, else the middle of their parts."""

    def __init__(self) -> None:
        self.nodes: dict[int, Point] = {}
        self.ways: dict[int, Point] = {}
        self.areas: dict[tuple[str, int], Point] = {}
        # An extract put together from two may hold the same object twice: the last one is the newest.
        self.wanted: dict[tuple[str, int], tuple[dict[str, str], Rule, Point | None]] = {}
        self.wkb = osmium.geom.WKBFactory()

    def of(self, path: str) -> list[Place]:
        """Places of the small file, in the order of the map (nodes, ways, relations, by number)."""
        things: Iterable[Any] = osmium.FileProcessor(path).with_areas()
        for thing in things:
            if thing.is_area():
                self._area(thing)
            else:
                self._thing(thing)
        ranks = {"node": 0, "way": 1, "relation": 2}
        ordered = sorted(self.wanted, key=lambda key: (ranks[key[0]], key[1]))
        return [
            Place(uid=f"osm--{key[0]}-{key[1]}", tags=tags, rule=rule, at=self.areas.get(key, at))
            for key in ordered
            for tags, rule, at in (self.wanted[key],)
        ]

    def _thing(self, thing: Any) -> None:
        kind, at = self._place(thing)
        tags = dict(thing.tags)
        rule = rule_for(tags)
        if rule is not None:
            self.wanted[kind, thing.id] = (tags, rule, at)

    def _place(self, thing: Any) -> tuple[str, Point | None]:
        if thing.is_node():
            at = (thing.location.lon, thing.location.lat) if thing.location.valid() else None
            if at:
                self.nodes[thing.id] = at
            return "node", at
        if thing.is_way():
            at = _middle([(n.lon, n.lat) for n in thing.nodes if n.location.valid()])
            if at:
                self.ways[thing.id] = at
            return "way", at
        known = {"n": self.nodes, "w": self.ways}
        return "relation", _middle(
            [known[m.type][m.ref] for m in thing.members if m.ref in known.get(m.type, {})]
        )

    def _area(self, area: Any) -> None:
        if rule_for(dict(area.tags)) is None:
            return
        try:
            shape = shapely.from_wkb(self.wkb.create_multipolygon(area), on_invalid="ignore")
        except (RuntimeError, osmium.InvalidLocationError):
            return
        if shape is not None and not shape.is_empty:
            point = shape.representative_point()
            self.areas[("way" if area.from_way() else "relation", area.orig_id())] = (point.x, point.y)


def _middle(points: list[Point]) -> Point | None:
    """Middle of the box around some points, None when there is none."""
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
