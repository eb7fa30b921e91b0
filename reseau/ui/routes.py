"""Addresses served beside the application, for screens and their previews.

They are asked for by machines nobody watches, and may be asked for by anybody on the network: a file is
looked up by its exact name among those of the bundle, never on the disk, and what went wrong is said without
detail.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import FORMATS
from reseau.services import participations, screen_bundles
from reseau.ui.context import get_app

MAX_BODY = 2_000
NOWHERE = "Cet écran n'existe pas, ou n'existe plus."
NOT_NOW = "L'écran ne peut pas être préparé pour le moment. Nouvel essai dans une minute."
NO_CACHE = {"Cache-Control": "no-cache"}
LONG_CACHE = {"Cache-Control": "public, max-age=31536000, immutable"}
_GUARDS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# A screen started from a file asks from no origin at all; it sets its clock by the date of the answer.
_ANYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Date"}
_OPEN_FILES = {"version.json", "contenu.json", "index.html"}
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_logger = logging.getLogger(__name__)


def _screen_file(request: Request) -> Response:
    return _answer(request, lambda key: screen_bundles.current_files(get_app(), key))


def _preview_file(request: Request) -> Response:
    answer = _answer(request, screen_bundles.preview_files)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _answer(request: Request, find: Callable[[str], Mapping[str, bytes]]) -> Response:
    """One file of a bundle, or what is said in its place."""
    key, name = request.path_params["key"], request.path_params["name"] or "index.html"
    if not _KEY.fullmatch(key):
        return _said(NOWHERE, 404)
    try:
        files = find(key)
    except NotFound:
        return _said(NOWHERE, 404)
    except Exception:
        _logger.exception("écran %s", key)
        return _not_now()
    content = files.get(name)
    if content is None:
        return _said(NOWHERE, 404)
    policy = {"Content-Security-Policy": _policy(files)} if name == "index.html" else {}
    return _file(request, name, content, policy)


def _file(request: Request, name: str, content: bytes, policy: Mapping[str, str]) -> Response:
    suffix = PurePosixPath(name).suffix
    headers = {**_GUARDS, **policy, **(_ANYBODY if name in _OPEN_FILES else {})}
    if suffix == ".woff2":  # its name changes with its bytes
        return Response(content, media_type=_KINDS[suffix], headers=headers | LONG_CACHE)
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers |= {**NO_CACHE, "ETag": tag}
    # A proxy that packed the answer says so by a weak tag.
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_KINDS.get(suffix, "application/octet-stream"), headers=headers)


def _policy(files: Mapping[str, bytes]) -> str:
    """What the page may load: what is beside it, and a newer content where the team said it is."""
    origin = _origin(files)
    return (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' {origin}; base-uri 'none'; form-action 'none'"
    )


def _origin(files: Mapping[str, bytes]) -> str:
    """Server that the content names, where it is not this one."""
    try:
        address = urlsplit(str(json.loads(files["contenu.json"])["screen"]["address"]))
    except (KeyError, ValueError, TypeError):
        return ""
    # Written in a header: what is not plainly a host is left out.
    plain = re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+", address.netloc)
    return f"{address.scheme}://{address.netloc}" if plain and address.scheme in {"http", "https"} else ""


async def _receive(request: Request) -> Response:
    """What a resident left by touch: counted or refused, never sent back."""
    body = await _body(request)
    payload = None if body is None else _object(body)
    if payload is None or not _KEY.fullmatch(request.path_params["key"]):
        return _said("Ce message n'est pas compris.", 400, **_ANYBODY)
    return await run_in_threadpool(_take, request.path_params["key"], payload)


async def _body(request: Request) -> bytes | None:
    """The body, None when it is longer than anything honest."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                return None
    except ClientDisconnect:
        return None
    return body


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _take(key: str, payload: dict[str, Any]) -> Response:
    try:
        taken = participations.receive(get_app(), key, payload)
    except NotFound:
        return _said(NOWHERE, 404, **_ANYBODY)
    except RefusedInput:
        return _said("Ce message n'est pas compris.", 400, **_ANYBODY)
    except Exception:
        _logger.exception("avis pour l'écran %s", key)
        return _not_now()
    if not taken:
        return _said("Trop de messages à la fois.", 429, **_ANYBODY)
    return Response(status_code=204, headers=_GUARDS | _ANYBODY)


def _frame(_request: Request) -> Response:
    """A page that shows a preview at its true size, made smaller to fit; it reads its own address."""
    page, policy = _frame_page()
    headers = _GUARDS | NO_CACHE | {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
    return Response(page, media_type=_KINDS[".html"], headers=headers)


@lru_cache
def _frame_page() -> tuple[str, str]:
    page = (Path(__file__).parent / "cadre.html").read_text(encoding="utf-8")
    page = page.replace("/*FORMATS*/{}", json.dumps(FORMATS))
    script = page.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; frame-src 'self'"
    return page, policy


def _slash(request: Request) -> Response:
    """The files of a bundle name each other: the page must be in its folder."""
    key = request.path_params["key"]
    if not _KEY.fullmatch(key):
        return _said(NOWHERE, 404)
    return RedirectResponse(f"{key}/?{request.url.query}".removesuffix("?"), status_code=308)


def _not_now() -> Response:
    # A browser left alone on this page comes back by itself.
    return _said(NOT_NOW, 503, **{"Retry-After": "60", "Refresh": "60"}, **_ANYBODY)


def _said(message: str, status: int, **headers: str) -> Response:
    return PlainTextResponse(message, status, headers=_GUARDS | {"Cache-Control": "no-store"} | headers)


def _routes(base: str) -> list[BaseRoute]:
    root = f"/{base.strip('/')}/ecran" if base.strip("/") else "/ecran"
    return [
        Route(f"{root}/cadre", _frame, methods=["GET"]),
        Route(f"{root}/apercu/{{key}}", _slash, methods=["GET"]),
        Route(f"{root}/apercu/{{key}}/{{name:path}}", _preview_file, methods=["GET"]),
        Route(f"{root}/{{key}}", _slash, methods=["GET"]),
        Route(f"{root}/{{key}}/avis", _receive, methods=["POST"]),
        Route(f"{root}/{{key}}/{{name:path}}", _screen_file, methods=["GET"]),
    ]


ROUTES = _routes(st.get_option("server.baseUrlPath") or "")
