"""Asking a public service for something: allowed addresses, redirects, patience, French messages."""

from __future__ import annotations

import email.utils
import ipaddress
import json
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import urllib3
from requests.exceptions import InvalidHeader, InvalidURL, RequestException, SSLError

from reseau.errors import RefusedInput, Unavailable

USER_AGENT = "Reseau (cartographie de partenaires)"
ATTEMPTS = 4
FIRST_WAIT_SECONDS = 1.0
# A service that asks for a longer pause is out of order for us: better say so than freeze a page.
LONGEST_WAIT_SECONDS = 60.0
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
MAX_REDIRECTS = 5
MAX_JSON_BYTES = 50_000_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# What the network does to a body on its way; `requests` only translates some of it.
BROKEN = (RequestException, urllib3.exceptions.HTTPError, OSError)


class Reserved(RefusedInput):
    """What is there is only for those who have an account or a token."""


class Passing(Exception):
    """A failure that may not last. `wait`: seconds the service asked for, None when it did not say."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to insist.

    Attributes:
        attempts: tries in a row that bring nothing.
        connect: seconds to reach a server.
        read: seconds without a single byte.
        sleep: how to wait, replaced in tests.
    """

    attempts: int = ATTEMPTS
    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    sleep: Callable[[float], None] = field(default=time.sleep)


PATIENT = Patience()


def open_session() -> requests.Session:
    """A session that says who asks. The proxies of the environment are used, its passwords are not."""
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    # Without it, `requests` looks for a password for each host in a file of the user's.
    session.auth = lambda request: request
    return session


def get_json(
    session: requests.Session,
    url: str,
    *,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    patience: Patience = PATIENT,
) -> Any:
    """The JSON document at an address.

    Raises:
        RefusedInput: the address is not allowed, does not exist, or the service refuses who asks.
        Unavailable: no usable answer after a few tries (network, time limit, 429, 5xx, garbled body).
    """

    def ask() -> Any:
        with ask_once(session, url, params=params, headers=headers, patience=patience) as answer:
            return json.loads(_small_body(answer))

    try:
        return insist(ask, host_of(url), patience)
    except (ValueError, RecursionError) as error:
        raise Unavailable(f"{host_of(url)} a donné une réponse illisible. Réessayez plus tard.") from error


def insist(ask: Callable[[], Any], host: str, patience: Patience) -> Any:
    """Ask, and ask again while failures may pass.

    Raises:
        Unavailable: they did not pass.
    """
    for attempt in range(patience.attempts):
        try:
            return ask()
        except Passing as error:
            last = error
        if attempt + 1 < patience.attempts:
            patience.sleep(pause(last, attempt, host))
    raise unavailable(host, last.problem)


def pause(error: Passing, attempt: int, host: str) -> float:
    """Seconds before the next try: what the service asked for, else longer each time.

    Raises:
        Unavailable: the service asks for more than we can wait.
    """
    if error.wait is not None and error.wait > LONGEST_WAIT_SECONDS:
        minutes = max(1, round(error.wait / 60))
        raise unavailable(host, f"{error.problem}, il demande d'attendre {minutes} min")
    own: float = FIRST_WAIT_SECONDS * 2**attempt
    return max(own, error.wait or 0.0)


def unavailable(host: str, problem: str) -> Unavailable:
    """What to say of a service that does not answer."""
    return Unavailable(
        f"{host} ne répond pas comme prévu ({problem}). Vérifiez la connexion à internet ou réessayez plus "
        "tard."
    )


def ask_once(
    session: requests.Session,
    url: str,
    *,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    patience: Patience = PATIENT,
) -> requests.Response:
    """One request, redirects followed with care; the body is not read yet. The caller closes the answer.

    Raises:
        RefusedInput: the address is not allowed, does not exist, or the service refuses who asks.
        Passing: a failure that may not last.
    """
    start = check_address(url)
    wanted = dict(headers or {})
    for _ in range(MAX_REDIRECTS + 1):
        answer = _send(session, url, params, wanted, patience)
        if answer.status_code not in _REDIRECTS:
            return _usable(answer, host_of(url))
        answer.close()
        target = urljoin(answer.url, answer.headers.get("Location", ""))
        parts = _check_redirect(start, target)
        if parts.hostname != urlsplit(url).hostname:
            wanted = {name: value for name, value in wanted.items() if name.lower() != "authorization"}
        # The target carries its own parameters.
        url, params = target, None
    raise RefusedInput(f"{start.hostname} renvoie sans fin d'une adresse à une autre : vérifiez l'adresse.")


def _send(
    session: requests.Session,
    url: str,
    params: Mapping[str, Any] | None,
    headers: Mapping[str, str],
    patience: Patience,
) -> requests.Response:
    try:
        return session.get(
            url,
            params=params,
            headers=dict(headers),
            timeout=(patience.connect, patience.read),
            stream=True,
            allow_redirects=False,
        )
    except (InvalidURL, InvalidHeader, UnicodeError) as error:
        raise RefusedInput(f"L'adresse « {url[:200]} » n'est pas utilisable : vérifiez-la.") from error
    except SSLError as error:
        raise RefusedInput(
            f"La connexion à {host_of(url)} n'est pas sûre (certificat refusé) : rien n'a été lu. Vérifiez "
            "l'adresse et la date de l'ordinateur."
        ) from error
    except BROKEN as error:
        raise Passing(problem_of(error)) from error


def problem_of(error: Exception) -> str:
    """What the network did, in words a person understands."""
    slow = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    if isinstance(error, slow) or "timed out" in str(error):
        return "pas de réponse à temps"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | urllib3.exceptions.ProtocolError):
        return "connexion coupée"
    return "pas de connexion à internet, ou service arrêté"


def _usable(answer: requests.Response, host: str) -> requests.Response:
    """The answer when it can be used; 304 and 416 are answers too."""
    status = answer.status_code
    if status in (200, 206, 304, 416):
        return answer
    answer.close()
    if status in _PASSING:
        problem = "trop de demandes" if status == 429 else f"erreur {status}"
        raise Passing(problem, retry_after(answer.headers.get("Retry-After", "")))
    if status in (401, 403, 407):
        raise Reserved(
            f"{host} refuse l'accès à cette adresse (réponse {status}) : elle est réservée, ou le jeton "
            "d'accès n'est pas valable."
        )
    if status in (404, 410):
        raise RefusedInput(f"Il n'y a rien à cette adresse de {host} (réponse {status}) : vérifiez-la.")
    raise RefusedInput(f"{host} refuse cette demande (réponse {status}) : vérifiez l'adresse.")


def retry_after(value: str) -> float | None:
    """Seconds a service asks to wait: a number or a date; None when it does not say or is unreadable."""
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _small_body(answer: requests.Response) -> bytes:
    body = bytearray()
    announced = answer.headers.get("Content-Length", "")
    try:
        for chunk in answer.iter_content(65_536):
            body += chunk
            if len(body) > MAX_JSON_BYTES:
                raise RefusedInput(f"La réponse de {host_of(answer.url)} est trop grosse : elle est refusée.")
    except BROKEN as error:
        raise Passing(problem_of(error)) from error
    encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
    if announced.isdecimal() and not encoded and len(body) < int(announced):
        raise Passing("réponse coupée")
    return bytes(body)


# Addresses


def host_of(url: str) -> str:
    """Name of the server, to say who is asked."""
    try:
        return urlsplit(url).hostname or url[:80]
    except ValueError:
        return url[:80]


def check_address(url: str) -> SplitResult:
    """An address in its parts once it is one we ask.

    Raises:
        RefusedInput: not `https` (nor `http` on this machine), without a server, or with a password in it.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedInput(f"L'adresse « {url[:200]} » n'est pas utilisable : vérifiez-la.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise RefusedInput(
            f"L'adresse « {url[:200]} » doit commencer par https:// : elle n'a pas été ouverte."
        )
    if not host:
        raise RefusedInput(f"L'adresse « {url[:200]} » ne nomme pas de site : copiez-la en entier.")
    if parts.username or parts.password:
        raise RefusedInput("Cette adresse contient un nom ou un mot de passe avant « @ » : enlevez-le.")
    return parts


def _check_redirect(start: SplitResult, target: str) -> SplitResult:
    """A redirect may not lead from outside to what is behind the town hall's wall."""
    parts = check_address(target)
    host = parts.hostname or ""
    from_here = is_loopback(start.hostname or "")
    if parts.scheme != start.scheme and not from_here:
        raise RefusedInput(f"{start.hostname} renvoie vers une adresse moins sûre : elle n'est pas suivie.")
    if host == start.hostname or (from_here and is_loopback(host)):
        return parts
    if any(not address.is_global for address in _addresses(host)):
        raise RefusedInput(
            f"{start.hostname} renvoie vers une adresse d'un réseau privé ({host}) : elle n'est pas suivie."
        )
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, judged on its written form."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Addresses of a host; none when it is unknown here (a proxy may know it)."""
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
