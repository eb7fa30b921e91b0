"""Addresses of the screens, asked for without a server; `tests/e2e/test_screen_served.py` has one."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from reseau.errors import NotFound, RefusedInput, ReseauError
from reseau.model.screens import FORMATS
from reseau.ui import routes
from tests.asgi import Door

FILES = {
    "index.html": b"<!doctype html><title>\xc3\x89cran</title>",
    "ecran.js": b"'use strict';",
    "contenu.json": json.dumps({"screen": {"address": "https://reseau.exemple.fr/ecran/k/"}}).encode(),
    "version.json": b'{"version":"1"}',
    "fonts/latin-400-abc.woff2": b"wOF2",
    "demarrer-ecran.sh": b"#!/bin/sh\n",
}
NOBODY = "Cet écran n'existe pas, ou n'existe plus."


class Service:
    """What routes ask for: files by key, and what residents left."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.received: list[tuple[str, Any]] = []
        self.fails: BaseException | None = None
        self.takes = True

    def files(self, key: str) -> Mapping[str, bytes]:
        self.asked.append(key)
        if self.fails:
            raise self.fails
        if key != "cle":
            raise NotFound("secret detail")
        return FILES

    def receive(self, _app: object, key: str, payload: Mapping[str, Any], **_on: object) -> bool:
        if self.fails:
            raise self.fails
        self.received.append((key, payload))
        return self.takes


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(routes, "get_app", lambda: None)
    monkeypatch.setattr(routes.screen_bundles, "current_files", lambda _app, key: made.files(key))
    monkeypatch.setattr(routes.screen_bundles, "preview_files", made.files)
    monkeypatch.setattr(routes.participations, "receive", made.receive)
    return made


@pytest.fixture
def door(service: Service) -> Door:
    return Door(routes.ROUTES)


@pytest.mark.parametrize("root", ["/ecran/cle", "/ecran/apercu/cle"])
def test_each_file_comes_as_what_it_is(door: Door, root: str) -> None:
    kinds = {name: door.get(f"{root}/{name}") for name in FILES}
    assert {name: answer.body for name, answer in kinds.items()} == FILES
    assert {name: answer.headers["content-type"] for name, answer in kinds.items()} == {
        "index.html": "text/html; charset=utf-8",
        "ecran.js": "text/javascript; charset=utf-8",
        "contenu.json": "application/json",
        "version.json": "application/json",
        "fonts/latin-400-abc.woff2": "font/woff2",
        "demarrer-ecran.sh": "application/octet-stream",
    }
    assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in kinds.values())


def test_the_folder_answers_with_its_page(door: Door) -> None:
    assert door.get("/ecran/cle/").body == FILES["index.html"]


@pytest.mark.parametrize(
    ("address", "there"),
    [("/ecran/cle", "cle/"), ("/ecran/apercu/cle", "cle/"), ("/ecran/cle?a=1", "cle/?a=1")],
)
def test_without_its_slash_it_sends_to_the_folder(door: Door, address: str, there: str) -> None:
    answer = door.get(address)
    assert (answer.status, answer.headers["location"]) == (308, there)


def test_nobody_is_sent_elsewhere(door: Door) -> None:
    for key in ("https:mechant.fr", "%2f%2fmechant.fr", "..", "a%0d%0ab"):
        answer = door.get(f"/ecran/{key}")
        assert answer.status in {404, 308}, key
        assert "mechant" not in answer.headers.get("location", ""), key
        assert "\r" not in answer.headers.get("location", ""), key


def test_what_has_not_changed_is_not_sent_again(door: Door) -> None:
    first = door.get("/ecran/cle/version.json")
    assert first.headers["cache-control"] == "no-cache"
    again = door.get("/ecran/cle/version.json", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    # As a proxy that packs answers asks, and as one that kept several.
    for known in (f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}'):
        assert door.get("/ecran/cle/version.json", if_none_match=known).status == 304
    assert door.get("/ecran/cle/version.json", if_none_match='"x"').status == 200


def test_fonts_are_kept_by_the_browser(door: Door) -> None:
    assert "immutable" in door.get("/ecran/cle/fonts/latin-400-abc.woff2").headers["cache-control"]


def test_a_screen_started_from_a_file_may_read_what_is_new(door: Door) -> None:
    for name in ("version.json", "contenu.json", "index.html"):
        headers = door.get(f"/ecran/cle/{name}").headers
        assert headers["access-control-allow-origin"] == "*"
        # The clock of an old machine is set by the date of the answer, hidden from a file otherwise.
        assert headers["access-control-expose-headers"] == "Date"
    assert "access-control-allow-origin" not in door.get("/ecran/cle/ecran.js").headers


def test_the_page_may_load_nothing_from_elsewhere(door: Door) -> None:
    policy = door.get("/ecran/cle/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' https://reseau.exemple.fr;" in policy


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a.fr; script-src *", "http://a b/", 7, None]
)
def test_an_odd_address_in_the_content_does_not_open_the_page(address: object, monkeypatch: Any) -> None:
    files = FILES | {"contenu.json": json.dumps({"screen": {"address": address}}).encode()}
    assert "connect-src 'self' ;" in routes._policy(files)


@pytest.mark.parametrize(
    "address",
    [
        "/ecran/autre/", "/ecran/autre/version.json", "/ecran/apercu/autre/", "/ecran/cle/absent.js",
        "/ecran/cle/../../app.py", "/ecran/cle/%2e%2e/%2e%2e/app.py", "/ecran/cle/..%5c..%5capp.py",
        "/ecran/cle//etc/passwd", "/ecran/cle/%00", "/ecran/..%2f..%2fetc/passwd", "/ecran/%F0%9F%99%82/",
        "/ecran/" + "a" * 5000 + "/", "/ecran/apercu/../cle%00/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_said_without_detail(door: Door, address: str) -> None:
    answer = door.get(address)
    assert (answer.status, answer.text) == (404, NOBODY)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", ["/ecran/cle/", "/ecran/cle/version.json", "/ecran/apercu/cle/"])
def test_a_failure_is_said_in_french_without_detail_and_logged(
    door: Door, service: Service, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    for failure in (ReseauError("base /home/secret.db occupée"), OSError("disk"), KeyError("x")):
        service.fails = failure
        with caplog.at_level(logging.ERROR):
            answer = door.get(address)
        assert answer.status == 503
        assert answer.text.startswith("L'écran ne peut pas être préparé")
        assert "secret" not in answer.text
        # The browser of a screen must come back from there alone.
        assert answer.headers["refresh"] == "60"
    assert "secret.db" in caplog.text


def test_fifty_screens_at_once_are_all_answered(door: Door) -> None:
    answers = door.ask_all("GET", ["/ecran/cle/contenu.json"] * 50)
    assert {answer.status for answer in answers} == {200}


# ---------------------------------------------------------------- what residents leave

IDEA = {"key": "a" * 20, "need": "sante", "reason": "loin"}


def test_what_a_resident_leaves_is_counted_and_never_sent_back(door: Door, service: Service) -> None:
    answer = door.post("/ecran/cle/avis", json.dumps(IDEA).encode())
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert service.received == [("cle", IDEA)]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"texte"', b"\xff\xfe", b"[" * 1900, b'{"a":"' + b"x" * 3000 + b'"}',
     b"x" * 10_000_000],
    ids=["nothing", "cut", "list", "null", "text", "bytes", "deep", "long", "huge"],
)  # fmt: skip
def test_nonsense_is_refused_without_echo(door: Door, service: Service, body: bytes) -> None:
    answer = door.post("/ecran/cle/avis", body)
    assert (answer.status, answer.text) == (400, "Ce message n'est pas compris.")
    assert service.received == []


def test_refusals_have_their_own_answers(door: Door, service: Service) -> None:
    body = json.dumps(IDEA).encode()
    service.takes = False
    assert door.post("/ecran/cle/avis", body).status == 429
    service.fails = RefusedInput("besoin inconnu : <script>")
    refused = door.post("/ecran/cle/avis", body)
    assert refused.status == 400
    assert "script" not in refused.text
    service.fails = NotFound("x")
    assert door.post("/ecran/cle/avis", body).status == 404
    service.fails = ReseauError("occupée")
    assert door.post("/ecran/cle/avis", body).status == 503


def test_other_gestures_are_not_understood(door: Door, service: Service) -> None:
    assert door.ask("PUT", "/ecran/cle/avis").status in {404, 405}
    assert door.ask("DELETE", "/ecran/cle/").status == 405
    assert door.ask("POST", "/ecran/cle/index.html").status == 405
    assert service.received == []


# ---------------------------------------------------------------- frame of the previews


def test_the_frame_is_the_same_for_everybody(door: Door) -> None:
    # What is asked is read by the page itself: nothing of the address is written in it.
    plain = door.get("/ecran/cadre?cle=x")
    nasty = door.get("/ecran/cadre?cle=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&format=%3Cb%3E")
    assert plain.status == 200
    assert plain.body == nasty.body
    assert json.dumps(FORMATS) in plain.text
    assert (
        "unsafe-inline" not in plain.headers["content-security-policy"].split("script-src")[1].split(";")[0]
    )


def test_previews_show_only_inside_the_application(door: Door) -> None:
    for address in ("/ecran/cadre", "/ecran/apercu/cle/"):
        assert door.get(address).headers["x-frame-options"] == "SAMEORIGIN"
    assert "x-frame-options" not in door.get("/ecran/cle/").headers


def test_addresses_follow_the_base_path_of_the_server(service: Service) -> None:
    assert Door(routes._routes("/equipe/")).get("/equipe/ecran/cle/").status == 200
