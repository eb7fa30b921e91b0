"""Adapter of the national geocoder (Géoplateforme) on geopy's base class."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener, getproxies

import requests
import urllib3
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
from reseau.geocoding.answers import MOST_CANDIDATES, Answer, GeocodeResult, places_in
from reseau.geocoding.batch import BatchUnusable
from reseau.geocoding.table import ChangedTable, answers_in, fields_of, written

# The service states 50 requests a second per address; teams often share one with a whole town hall.
MAX_PER_SECOND = 20.0
ATTEMPTS = 4
FIRST_WAIT_SECONDS = 0.5
# A service asking for a longer pause is out of order for us: better say so than freeze a page.
LONGEST_WAIT_SECONDS = 30.0
TIMEOUT_SECONDS = 10.0
# A table is worked through line by line before the first byte of the answer.
TABLE_TIMEOUT_SECONDS = 60.0
# Hundreds of times what the answer to one table weighs.
MOST_BYTES = 20_000_000
USER_AGENT = "Reseau (cartographie de partenaires)"
# Of a single address: it is its fault. Of a table: the table is not what the service wants any more.
REFUSALS = frozenset({400, 404, 405, 413, 414, 415, 422})
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
_BROKEN = (GeopyError, HTTPException, OSError, ValueError, urllib3.exceptions.HTTPError)
T = TypeVar("T")


class _NoRedirect(HTTPRedirectHandler):
    """Elsewhere is not where the person agreed to send addresses."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow nothing: the redirection is an error."""


class _StayingAdapter(URLLibAdapter):  # type: ignore[misc]
    """geopy's adapter on the standard library, which never follows to another address.

    The one geopy prefers when `requests` is installed obeys any `Retry-After` by itself, an hour if asked: a
    page would freeze. This one leaves that to us.
    """

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        opener = build_opener(
            HTTPSHandler(context=ssl_context), ProxyHandler(proxies or getproxies()), _NoRedirect()
        )
        self.urlopen = opener.open


class NationalGeocoder(Geocoder):  # type: ignore[misc]
    """Client of the `search` end points; never more than `per_second` requests, bounded retries.

    Args:
        domain: host and path without scheme, e.g. `data.geopf.fr/geocodage`.
        scheme: `https`, or `http` for a service on this machine.
        timeout: seconds to wait for one answer, None for the usual ones.
        per_second: requests a second at most.
        sleep: how to wait, replaced in tests.
    """

    def __init__(
        self,
        domain: str,
        *,
        scheme: str = "https",
        timeout: float | None = None,
        per_second: float = MAX_PER_SECOND,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(
            scheme=scheme,
            timeout=timeout or TIMEOUT_SECONDS,
            user_agent=USER_AGENT,
            adapter_factory=_StayingAdapter,
        )
        self.domain = domain.strip("/")
        self._table_timeout = timeout or TABLE_TIMEOUT_SECONDS
        self._gap = 1.0 / per_second
        self._sleep = sleep
        self._next_at = 0.0

    def search(self, query: AddressQuery) -> tuple[GeocodeResult, ...]:
        """Places found, best first; empty when the service knows none.

        Raises:
            RefusedInput: the address is too short or the service refuses to read it.
            Unavailable: no usable answer after a few tries (network, time limit, 429, 5xx, garbled body).
        """
        if not query.sendable:
            raise RefusedInput(f"L'adresse «{query.address[:60]}» est trop courte pour être cherchée.")
        params = {"q": query.text, "limit": str(MOST_CANDIDATES), "autocomplete": "0", **query.filters()}
        url = f"{self.scheme}://{self.domain}/search?{urlencode(params)}"
        return self._with_retries(lambda: self._found(url))

    def search_many(self, queries: Sequence[AddressQuery]) -> Mapping[int, Answer]:
        """What the service says of each address, in one request.

        Returns:
            Answer by index; an address whose line is missing or unreadable in the answer has no entry.

        Raises:
            BatchUnusable: the service refuses the table, or answers one with other columns.
            Unavailable: no usable answer after a few tries.
        """
        body, fields = written(queries), fields_of(queries)
        numbers = {str(index) for index in range(len(queries))}
        try:
            answers = self._with_retries(
                lambda: answers_in(self._table(body, fields), expected=numbers), table=True
            )
        except RefusedInput as refusal:
            raise BatchUnusable(str(refusal)) from refusal
        return {int(number): answer for number, answer in answers.items()}

    def _found(self, url: str) -> tuple[GeocodeResult, ...]:
        found: tuple[GeocodeResult, ...] = self._call_geocoder(url, places_in)
        return found

    def _table(self, body: bytes, fields: list[tuple[str, str]]) -> bytes:
        """Send a table, and the whole of what comes back."""
        timeout = (TIMEOUT_SECONDS, self._table_timeout)
        with requests.Session() as session:
            # Without it, `requests` looks for a password for the host in a file of the user's.
            session.auth = lambda request: request
            answer = session.post(
                f"{self.scheme}://{self.domain}/search/csv/",
                data=fields,
                files={"data": ("adresses.csv", body, "text/csv")},
                headers={"User-Agent": USER_AGENT, "Accept": "text/csv"},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            if answer.status_code != requests.codes.ok:
                error = AdapterHTTPError(
                    "table", status_code=answer.status_code, headers=answer.headers, text=""
                )
                self._adapter_error_handler(error)
            return _bounded(answer)

    def _with_retries(self, ask: Callable[[], T], *, table: bool = False) -> T:
        problem = ""
        for attempt in range(ATTEMPTS):
            self._keep_pace()
            try:
                return ask()
            except ChangedTable as error:
                raise BatchUnusable(str(self._unavailable(f"colonnes absentes : {error}"))) from error
            except _BROKEN as error:
                if _is_refusal(error, table=table):
                    raise RefusedInput(
                        "Le service d'adresses refuse cette adresse : vérifiez comment elle est écrite."
                    ) from error
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

    def _unavailable(self, problem: str) -> Unavailable:
        return Unavailable(
            f"Le service d'adresses ({self.domain.split('/')[0]}) ne répond pas comme prévu ({problem}). "
            "Ce qui est déjà placé est gardé ; relancez plus tard."
        )


def make_client(config: Config) -> NationalGeocoder:
    """Client of the configured geocoder; plain HTTP only for a service on this machine."""
    domain = config.geocoder_domain
    return NationalGeocoder(domain, scheme="http" if _LOOPBACK.match(domain) else "https")


def _bounded(answer: requests.Response) -> bytes:
    parts: list[bytes] = []
    total = 0
    for part in answer.iter_content(65_536):
        parts.append(part)
        total += len(part)
        if total > MOST_BYTES:
            raise ValueError("too long an answer")
    return b"".join(parts)


def _status(error: BaseException) -> int | None:
    cause = error.__cause__
    return cause.status_code if isinstance(cause, AdapterHTTPError) else None


def _is_refusal(error: Exception, *, table: bool) -> bool:
    """Whether it is what was sent that is refused, rather than the service that is out of order."""
    status = _status(error)
    if table:
        return status in REFUSALS or (status is not None and 300 <= status < 400)
    # geopy files 413 and 407 here too, which say nothing of the address itself.
    return isinstance(error, GeocoderQueryError) and status in (400, 414, None)


def _problem(error: Exception) -> str:
    """What went wrong, in words a person understands."""
    if isinstance(error, GeocoderRateLimited):
        return "trop de demandes"
    if isinstance(error, GeocoderTimedOut | TimeoutError | requests.Timeout):
        return "pas de réponse à temps"
    status = _status(error)
    if status is not None:
        return f"erreur {status}"
    if isinstance(error, ValueError | HTTPException | requests.exceptions.ChunkedEncodingError):
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
