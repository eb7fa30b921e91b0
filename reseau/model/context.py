"""What surrounds the partners of a territory: places of another map, figures, squares, communes.

Same conventions as `reseau.model.records`: WGS84 degrees, `None` or a missing key is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OSM_ATTRIBUTION = "© les contributeurs d'OpenStreetMap, ODbL"
"""What must be said wherever their places are shown or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repere:
    """A place read in another map (OpenStreetMap), kept beside the directory with its own licence.

    It is never merged into a structure and never counted: it is shown, listed, and may give a person the
    idea of a partner.

    Attributes:
        uid: `<source>--<native id>`, for OpenStreetMap `osm--node-123`.
        type_code: code of the typology its tags point to, empty when none does.
        opening_hours: OSM opening-hours syntax, empty when unknown or unreadable.
        finess: its `ref:FR:FINESS`, empty when none.
        tags: the tags as read, for the team to look at.
    """

    uid: str
    name: str
    type_code: str = ""
    lon: float
    lat: float
    address: str = ""
    phone: str = ""
    website: str = ""
    opening_hours: str = ""
    finess: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iris:
    """A statistical block (IRIS) of a commune and what is known of its inhabitants.

    Attributes:
        code: nine characters, the commune's INSEE code first.
        wkb: boundary, WKB polygon or multipolygon in EPSG:4326, valid.
        indicators: figure by name (as the file calls it); a secret or missing figure has no key.
        year: year of the figures, None when the file does not say.
    """

    code: str
    name: str
    insee: str
    wkb: bytes
    indicators: Mapping[str, float] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square of 200 m with its modelled population (INSEE, *carroyage*): figures are decimals.

    Attributes:
        code: official identifier, e.g. `CRS2975RES200mN7634300E359500`; built the same way where the file
            only gives coordinates. `CRS…` is the coordinate system, `N`, `E` its south-west corner in metres.
        epsg: coordinate system of `x`, `y`.
        x, y: centre, metres.
        lon, lat: centre, degrees.
        people, households, poor_households: None when the file does not give them.
        year: year of the figures, None when the file does not say.
    """

    code: str
    epsg: int
    x: float
    y: float
    lon: float
    lat: float
    people: float | None = None
    households: float | None = None
    poor_households: float | None = None
    indicators: Mapping[str, float] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune, an arrondissement or a former commune.

    Attributes:
        kind: `commune`, `arrondissement`, `deleguee` or `associee` (former communes).
        parent: INSEE code of the commune it belongs to now, empty for a commune.
        epci: SIREN of the intercommunality, empty when unknown.
        population: inhabitants, None when unknown.
        wkb: boundary, WKB polygon or multipolygon in EPSG:4326, empty when the file gives none.
    """

    code: str
    name: str
    kind: str = "commune"
    parent: str = ""
    epci: str = ""
    epci_name: str = ""
    postcodes: tuple[str, ...] = ()
    population: int | None = None
    wkb: bytes = b""
