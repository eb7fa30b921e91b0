"""The client against a real HTTP server on this machine: an outage is never «not found»."""

import subprocess
import sys

import pytest

from reseau.config import load_config
from reseau.errors import RefusedInput, Unavailable
from reseau.geocoding import AddressQuery, NationalGeocoder, make_client
from tests.unit.geocoding.loopback import Answer, collection, feature, serve

QUERY = AddressQuery(address="12 rue des Lilas", postcode="31000", commune="Toulouse", citycode="31555")
FOUND = Answer(collection(feature()))


@pytest.fixture
def build():
    """Builds a client whose waits are recorded rather than slept."""

    def _build(service, **options):
        waits = []
        return NationalGeocoder(service.domain, scheme="http", sleep=waits.append, **options), waits

    return _build


def test_what_is_sent_and_what_is_kept(build):
    with serve(FOUND) as service:
        (result,) = build(service)[0].search(QUERY)
    assert service.paths == ["/geocodage/search"]
    assert service.asked == [
        {
            "q": "12 rue des Lilas 31000 Toulouse",
            "limit": "3",
            "autocomplete": "0",
            "citycode": "31555",
            "postcode": "31000",
        }
    ]
    assert (result.lon, result.lat, result.score) == (1.44, 43.6, 0.93)
    assert (result.kind, result.label) == ("housenumber", "12 Rue des Lilas 31000 Toulouse")
    assert (result.citycode, result.postcode, result.city) == ("31555", "31000", "Toulouse")


def test_no_such_address_is_nothing_found(build):
    with serve(Answer(collection())) as service:
        assert build(service)[0].search(QUERY) == ()


def test_a_feature_without_usable_position_is_passed_over(build):
    """geopy's own adapter dies of an IndexError on an empty geometry."""
    bad = [
        feature(coordinates=()),
        feature() | {"geometry": None},
        feature() | {"geometry": {"type": "Point"}},
        feature(coordinates=("1.4", "43.6")),
        feature(coordinates=(1.4, 943.6)),
        feature(coordinates=(float("nan"), 43.6)),
        feature() | {"properties": None},
        None,
    ]
    with serve(Answer(collection(*bad)), Answer(collection(*bad, feature(label="la bonne")))) as service:
        client, _ = build(service)
        assert client.search(QUERY) == ()
        (found,) = client.search(QUERY)
    assert found.label == "la bonne"


@pytest.mark.parametrize(("score", "read"), [(None, 0.0), ("0.9", 0.0), (1.4, 1.0), (-2, 0.0), (0.5, 0.5)])
def test_a_missing_or_odd_score_is_never_a_good_one(build, score, read):
    with serve(Answer(collection(feature(score=score)))) as service:
        (found,) = build(service)[0].search(QUERY)
    assert found.score == read


def test_429_then_200_waits_as_asked(build):
    limited = Answer({}, status=429, headers={"Retry-After": "7"})
    with serve(limited, FOUND) as service:
        client, waits = build(service)
        assert client.search(QUERY)
    assert 7.0 in waits


def test_429_asking_for_too_long_a_pause_is_unavailable_at_once(build):
    with serve(Answer({}, status=429, headers={"Retry-After": "3600"})) as service:
        client, waits = build(service)
        with pytest.raises(Unavailable):
            client.search(QUERY)
    assert len(service.asked) == 1
    assert 3600.0 not in waits


@pytest.mark.parametrize(
    "answer",
    [
        Answer({}, status=500),
        Answer({}, status=502),
        Answer({}, status=503),
        Answer({}, status=429),
        Answer(b"<html>maintenance</html>"),
        Answer({"error": "quota"}),
        Answer([1, 2]),
        Answer(b'{"features": [', declared=5000),
        Answer(b"\xff\xfe\x00"),
    ],
    ids=["500", "502", "503", "429", "html", "no features", "a list", "truncated", "not text"],
)
def test_an_outage_is_unavailable_after_bounded_tries(build, answer):
    with serve(answer) as service:
        client, waits = build(service)
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
            client.search(QUERY)
    assert len(service.asked) == 4
    assert [wait for wait in waits if wait >= 0.5] == [0.5, 1.0, 2.0]


def test_a_passing_failure_is_got_over(build):
    with serve(Answer({}, status=500), Answer(b'{"feat', declared=900), FOUND) as service:
        assert build(service)[0].search(QUERY)


def test_a_redirection_is_not_followed(build):
    """Elsewhere is not where the person agreed to send addresses."""
    with serve(FOUND) as elsewhere:
        away = Answer({}, status=302, headers={"Location": f"http://{elsewhere.domain}/search?q=1"})
        with serve(away) as service, pytest.raises(Unavailable, match="302"):
            build(service)[0].search(QUERY)
    assert elsewhere.paths == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_is_not_knocked_at_again(build, status):
    with serve(Answer({}, status=status)) as service, pytest.raises(Unavailable):
        build(service)[0].search(QUERY)
    assert len(service.asked) == 1


def test_a_slow_service_is_unavailable(build):
    with serve(Answer(hang=True)) as service:
        client, _ = build(service, timeout=0.1)
        with pytest.raises(Unavailable):
            client.search(QUERY)
        service.release.set()


def test_nobody_listening_is_unavailable(build):
    with serve(FOUND) as service:
        pass
    with pytest.raises(Unavailable):
        build(service)[0].search(QUERY)


def test_an_address_the_service_refuses_is_the_address_s_fault(build):
    with serve(Answer({"code": 400}, status=400)) as service, pytest.raises(RefusedInput):
        build(service)[0].search(QUERY)


@pytest.mark.parametrize("address", ["", "  ", "12", "--- !"])
def test_an_address_too_short_is_not_sent(build, address):
    """A mere «31000 Toulouse» would come back as the town hall's door."""
    with serve(FOUND) as service, pytest.raises(RefusedInput):
        build(service)[0].search(AddressQuery(address=address, postcode="31000", commune="Toulouse"))
    assert service.asked == []


def test_hostile_text_is_one_parameter(build):
    query = AddressQuery(address="1 rue A&limit=50#x\r\nHost: autre\x00 <b>", citycode="31555&x=1")
    with serve(FOUND) as service:
        build(service)[0].search(query)
    assert service.asked == [{"q": "1 rue A&limit=50#x Host: autre <b>", "limit": "3", "autocomplete": "0"}]


def test_the_pace_is_kept(build):
    """One request in a thousand seconds: the recorded waits say so, whatever the machine's speed."""
    with serve(FOUND) as service:
        client, waits = build(service, per_second=0.001)
        for _ in range(3):
            client.search(QUERY)
    assert len(waits) == 2
    assert 900 < waits[0] <= 1000
    assert 1900 < waits[1] <= 2000


def test_only_a_service_on_this_machine_is_asked_without_encryption():
    def address(value):
        client = make_client(load_config({"RESEAU_GEOCODEUR": value}))
        return f"{client.scheme}://{client.domain}"

    assert address("") == "https://data.geopf.fr/geocodage"
    assert address("localhost:7878") == "http://localhost:7878"
    assert address("localhost.exemple.fr/geocodage") == "https://localhost.exemple.fr/geocodage"


def test_importing_opens_no_connection():
    """No address leaves without being asked: with sockets forbidden, import and build still work."""
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('a connection at import')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "import reseau.geocoding as g\n"
        "from reseau.config import load_config\n"
        "g.make_client(load_config({}))\n"
        "g.ask_all([g.AddressQuery(address='1 rue A')], client=g.make_client(load_config({})))\n"
        "print('ok')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ok\n", "")
