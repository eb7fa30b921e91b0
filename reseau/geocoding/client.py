"""Adapter of the national geocoder (Géoplateforme) on geopy's base class."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from geopy.adapters import AdapterHTTPError, URLLibAdapter
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQueryError,
    GeocoderRateLimited,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.geocoders.base import Geocoder

from reseau.config import Config
from reseau.errors import RefusedInput, Unavailable
from reseau.geocoding.address import AddressQuery

# The service states 50 requests a second per address; teams often share one with a whole town hall.
MAX_PER_SECOND = 20.0
ATTEMPTS = 4
FIRST_WAIT_SECONDS = 0.5
# A service asking for a longer pause is out of order for us: better say so than freeze a page.
LONGEST_WAIT_SECONDS = 30.0
TIMEOUT_SECONDS = 10.0
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")


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


class NationalGeocoder(Geocoder):  # type: ignore[misc]
    """Client of the `search` end point; never more than `per_second` requests, bounded retries.

    Args:
        domain: host and path without scheme, e.g. `data.geopf.fr/geocodage`.
        scheme: `https`, or `http` for a service on this machine.
        timeout: seconds to wait for one answer.
        per_second: requests a second at most.
        sleep: how to wait, replaced in tests.
    """

    def __init__(
        self,
        domain: str,
        *,
        scheme: str = "https",
        timeout: float = TIMEOUT_SECONDS,
        per_second: float = MAX_PER_SECOND,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(
            scheme=scheme,
            timeout=timeout,
            user_agent="Reseau (cartographie de partenaires)",
            # The adapter geopy prefers when `requests` is installed obeys any `Retry-After` by itself,
            # an hour if asked: a page would freeze. The standard library's leaves that to us.
            adapter_factory=URLLibAdapter,
        )
        self.domain = domain.strip("/")
        self._gap = 1.0 / per_second
        self._sleep = sleep
        self._next_at = 0.0

    def search(self, query: AddressQuery, *, limit: int = 3) -> tuple[GeocodeResult, ...]:
        """Places found, best first; empty when the service knows none.

        Raises:
            RefusedInput: the address is too short or the service refuses to read it.
            Unavailable: no usable answer after a few tries (network, time limit, 429, 5xx, garbled body).
        """
        if not query.sendable:
            raise RefusedInput(f"L'adresse «{query.address[:60]}» est trop courte pour être cherchée.")
        params = {"q": query.text, "limit": str(limit), "autocomplete": "0", **query.filters()}
        url = f"{self.scheme}://{self.domain}/search?{urlencode(params)}"
        return self._with_retries(url)

    def locate(self, query: AddressQuery) -> GeocodeResult | None:
        """Best place found, None when there is none. Raises as `search`."""
        return next(iter(self.search(query)), None)

    def _with_retries(self, url: str) -> tuple[GeocodeResult, ...]:
        problem = ""
        for attempt in range(ATTEMPTS):
            self._keep_pace()
            try:
                found: tuple[GeocodeResult, ...] = self._call_geocoder(url, _results)
                return found
            except GeocoderQueryError as error:
                raise self._refusal(error) from error
            except (GeopyError, HTTPException, OSError, ValueError) as error:
                problem = _problem(error)
                wait = _wait_before_retry(error, attempt)
            if wait is None or attempt == ATTEMPTS - 1:
                break
            self._sleep(wait)
        raise self._unavailable(problem)

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._gap

    def _refusal(self, error: GeocoderQueryError) -> RefusedInput | Unavailable:
        # geopy files 413 and 407 here too, which say nothing of the address itself.
        cause = error.__cause__
        status = cause.status_code if isinstance(cause, AdapterHTTPError) else None
        if status in (400, 414, None):
            return RefusedInput(
                "Le service d'adresses refuse cette adresse : vérifiez comment elle est écrite."
            )
        return self._unavailable(f"erreur {status}")

    def _unavailable(self, problem: str) -> Unavailable:
        return Unavailable(
            f"Le service d'adresses ({self.domain.split('/')[0]}) ne répond pas comme prévu ({problem}). "
            "Ce qui est déjà placé est gardé ; relancez plus tard."
        )


def make_client(config: Config) -> NationalGeocoder:
    """Client of the configured geocoder; plain HTTP only for a service on this machine."""
    domain = config.geocoder_domain
    return NationalGeocoder(domain, scheme="http" if _LOOPBACK.match(domain) else "https")


def _problem(error: Exception) -> str:
    """What went wrong, in words a person understands."""
    if isinstance(error, GeocoderRateLimited):
        return "trop de demandes"
    if isinstance(error, GeocoderTimedOut | TimeoutError):
        return "pas de réponse à temps"
    cause = error.__cause__
    if isinstance(cause, AdapterHTTPError):
        return f"erreur {cause.status_code}"
    if isinstance(error, ValueError | HTTPException):
        return "réponse illisible"
    return "pas de connexion à internet, ou service arrêté"


def _wait_before_retry(error: Exception, attempt: int) -> float | None:
    """Seconds before the next try, None when trying again is pointless."""
    if isinstance(error, GeocoderAuthenticationFailure | GeocoderInsufficientPrivileges):
        return None
    wait: float = FIRST_WAIT_SECONDS * 2**attempt
    if isinstance(error, GeocoderRateLimited) and error.retry_after is not None:
        wait = max(wait, float(error.retry_after))
    return wait if wait <= LONGEST_WAIT_SECONDS else None


def _results(answer: Any) -> tuple[GeocodeResult, ...]:
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise ValueError("not a feature collection")
    return tuple(_readable(answer["features"]))


def _readable(features: list[Any]) -> Iterator[GeocodeResult]:
    """Features with a usable position; the others are as if they were not there."""
    for feature in features:
        geometry = (feature.get("geometry") if isinstance(feature, dict) else None) or {}
        position = _position(geometry.get("coordinates") if isinstance(geometry, dict) else None)
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if position is None or not isinstance(properties, dict):
            continue
        yield GeocodeResult(
            lon=position[0],
            lat=position[1],
            score=_score(properties.get("score")),
            kind=_text(properties.get("type")),
            label=_text(properties.get("label")),
            citycode=_text(properties.get("citycode")),
            postcode=_text(properties.get("postcode")),
            city=_text(properties.get("city")),
        )


def _position(coordinates: Any) -> tuple[float, float] | None:
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None
    lon, lat = coordinates[:2]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in (lon, lat)):
        return None
    return (float(lon), float(lat)) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _score(value: Any) -> float:
    usable = isinstance(value, int | float) and math.isfinite(value)
    return min(max(float(value), 0.0), 1.0) if usable else 0.0


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
