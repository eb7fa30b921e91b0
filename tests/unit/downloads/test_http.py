"""What is asked outside: only safe addresses, a bounded patience, and words a person understands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reseau.downloads.http import (
    LONGEST_WAIT_SECONDS,
    check_address,
    get_json,
    retry_after,
)
from reseau.errors import RefusedInput, Unavailable
from tests.unit.downloads.publisher import Answer, asking, patient, serve

OK = Answer(body=json.dumps([{"nom": "Redon"}]).encode(), headers={"Content-Type": "application/json"})


def test_the_document_is_read_and_who_asks_is_said() -> None:
    with serve(OK) as service, asking() as session:
        found = get_json(session, service.url, params={"nom": "Redon"}, headers={"X-Jeton": "a"})
    assert found == [{"nom": "Redon"}]
    assert service.paths == ["/?nom=Redon"]
    assert service.asked[0]["user-agent"].startswith("Reseau")
    assert service.asked[0]["x-jeton"] == "a"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_asked_again_after_the_pause_asked_for(status: int) -> None:
    waits: list[float] = []
    bad = Answer(status=status, headers={"Retry-After": "7"})
    with serve(bad, OK) as service, asking() as session:
        assert get_json(session, service.url, patience=patient(waits)) == [{"nom": "Redon"}]
    assert waits == [7.0]


def test_patience_has_an_end_and_grows() -> None:
    waits: list[float] = []
    with (
        serve(Answer(status=500)) as service,
        asking() as session,
        pytest.raises(Unavailable, match="erreur 500"),
    ):
        get_json(session, service.url, patience=patient(waits))
    assert waits == [1.0, 2.0, 4.0]
    assert len(service.asked) == 4


def test_an_hour_is_not_waited() -> None:
    waits: list[float] = []
    with (
        serve(Answer(status=429, headers={"Retry-After": "3600"})) as service,
        asking() as session,
        pytest.raises(Unavailable, match="60 min"),
    ):
        get_json(session, service.url, patience=patient(waits))
    assert waits == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=404), "rien à cette adresse"),
        (Answer(status=401), "refuse l'accès"),
        (Answer(status=403), "refuse l'accès"),
        (Answer(status=418), "418"),
    ],
)
def test_what_will_not_pass_is_refused_at_once(answer: Answer, words: str) -> None:
    with serve(answer) as service, asking() as session, pytest.raises(RefusedInput, match=words):
        get_json(session, service.url, patience=patient())
    assert len(service.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_a_garbled_document_is_no_document(body: bytes) -> None:
    with (
        serve(Answer(body=body)) as service,
        asking() as session,
        pytest.raises(Unavailable, match="illisible"),
    ):
        get_json(session, service.url, patience=patient())


def test_a_cut_document_is_asked_again() -> None:
    cut = Answer(body=OK.body, cut=5)
    with serve(cut, OK) as service, asking() as session:
        assert get_json(session, service.url, patience=patient()) == [{"nom": "Redon"}]


def test_silence_has_an_end() -> None:
    with (
        serve(Answer(body=OK.body, cut=3, hang=True)) as service,
        asking() as session,
        pytest.raises(Unavailable, match="pas de réponse à temps"),
    ):
        get_json(session, service.url, patience=patient(read=0.1, attempts=2))
    assert len(service.asked) == 2


def test_nobody_there() -> None:
    with asking() as session, pytest.raises(Unavailable, match="connexion"):
        get_json(session, "http://127.0.0.1:9/x", patience=patient(attempts=2))


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://www.data.gouv.fr/x",
        "ftp://www.data.gouv.fr/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "www.data.gouv.fr",
        "",
        "https://moi:secret@exemple.fr/x",
        "https://[::1/x",
        "https://exemple.fr:notaport/",
        "http://127.0.0.1.exemple.fr/x",
        "http://2130706433/x",
    ],
)
def test_addresses_that_are_never_asked(url: str) -> None:
    with pytest.raises(RefusedInput):
        check_address(url)


@pytest.mark.parametrize(
    "url", ["https://www.data.gouv.fr/x", "http://127.0.0.1:8000/", "http://localhost/x"]
)
def test_addresses_that_may_be_asked(url: str) -> None:
    assert check_address(url).hostname


def test_a_redirect_is_followed_without_the_token_given_to_another_host() -> None:
    with serve(OK) as end, asking() as session:
        elsewhere = end.url.replace("127.0.0.1", "localhost")
        with serve(Answer(status=302, headers={"Location": elsewhere + "/fin"})) as start:
            headers = {"Authorization": "Bearer secret"}
            assert get_json(session, start.url + "/debut", headers=headers, patience=patient())
    assert start.asked[0]["authorization"] == "Bearer secret"
    assert end.paths == ["/fin"]
    assert "authorization" not in end.asked[0]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("ftp://127.0.0.1/x", "https"),
        ("http://192.0.2.1/x", "https"),
        ("https://169.254.169.254/latest/meta-data", "réseau privé"),
        ("https://10.0.0.8/intranet", "réseau privé"),
        ("https://[fd00::1]/", "réseau privé"),
        ("https://[::ffff:10.0.0.1]/", "réseau privé"),
        ("", "sans fin"),
    ],
)
def test_a_redirect_leads_nowhere_else(location: str, words: str) -> None:
    with (
        serve(Answer(status=302, headers={"Location": location})) as service,
        asking() as session,
        pytest.raises(RefusedInput, match=words),
    ):
        get_json(session, service.url, patience=patient())


@pytest.mark.parametrize(("value", "seconds"), [("12", 12.0), ("", None), ("demain", None), ("-4", None)])
def test_retry_after_is_read_when_it_can_be(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_may_be_a_date() -> None:
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(hours=2)))
    assert soon is not None
    assert soon > LONGEST_WAIT_SECONDS
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
