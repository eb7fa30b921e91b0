"""What the geocoder answered about one address, as kept in memory and in the cache."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

# Several candidates help a person choose; more than this is a list to read.
MOST_CANDIDATES = 3
MAX_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocodeResult:
    """One place the service knows.

    Attributes:
        lon: longitude, WGS84 degrees.
        lat: latitude, WGS84 degrees.
        score: likeness given by the service, 0–1 (0 when it gives none).
        kind: `housenumber`, `street`, `locality` or `municipality`, as given.
        label: the address as the service writes it.
        citycode: INSEE code (that of the arrondissement in Paris, Lyon and Marseille).
        postcode: postcode, empty when not given.
        city: name of the commune, empty when not given.
    """

    lon: float
    lat: float
    score: float
    kind: str
    label: str
    citycode: str
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service said of one address. No candidate and no refusal: it knows no such address.

    Attributes:
        candidates: places found, best first.
        refusal: French sentence where the service would not read the address, empty otherwise.
    """

    candidates: tuple[GeocodeResult, ...] = ()
    refusal: str = ""

    @property
    def best(self) -> GeocodeResult | None:
        """The first candidate, None when there is none."""
        return next(iter(self.candidates), None)

    def stored(self) -> Any:
        """JSON value for the cache."""
        if self.refusal:
            return {"refusal": self.refusal}
        return [asdict(item) for item in self.candidates[:MOST_CANDIDATES]]

    @classmethod
    def read(cls, value: Any) -> Answer | None:
        """The answer behind a stored value, None when it cannot be read (then ask again).

        Version 1 kept one candidate (a dict), or null for none.
        """
        if value is None:
            return cls()
        if isinstance(value, Mapping) and "refusal" in value:
            return cls(refusal=str(value["refusal"]))
        items = [value] if isinstance(value, Mapping) else value
        if not isinstance(items, list):
            return None
        try:
            return cls(candidates=tuple(GeocodeResult(**item) for item in items))
        except TypeError:
            return None


def result_of(position: tuple[float, float], properties: Mapping[str, Any]) -> GeocodeResult:
    """A place from (lon, lat) and the service's own words; what is missing or odd is empty or 0."""
    return GeocodeResult(
        lon=position[0],
        lat=position[1],
        score=_score(properties.get("score")),
        kind=_text(properties.get("type")),
        label=_text(properties.get("label")),
        citycode=_text(properties.get("citycode")),
        postcode=_text(properties.get("postcode")),
        city=_text(properties.get("city")),
    )


def position_of(lon: Any, lat: Any) -> tuple[float, float] | None:
    """(lon, lat) when both are numbers of degrees, else None."""
    numbers = (lon, lat)
    if not all(_is_number(value) for value in numbers):
        return None
    return (float(lon), float(lat)) if abs(lon) <= 180 and abs(lat) <= 90 else None


def places_in(collection: Any) -> tuple[GeocodeResult, ...]:
    """Places of the service's GeoJSON; features without a usable position are as if they were not there.

    Raises:
        ValueError: it is not a feature collection.
    """
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise ValueError("not a feature collection")
    return tuple(_readable(collection["features"]))


def _readable(features: Iterable[Any]) -> Iterable[GeocodeResult]:
    for feature in features:
        geometry = (feature.get("geometry") if isinstance(feature, dict) else None) or {}
        coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(coordinates, list) or len(coordinates) < 2 or not isinstance(properties, dict):
            continue
        position = position_of(*coordinates[:2])
        if position is not None:
            yield result_of(position, properties)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _score(value: Any) -> float:
    return min(max(float(value), 0.0), 1.0) if _is_number(value) else 0.0


def _text(value: Any) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""
