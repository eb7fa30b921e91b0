"""Many addresses: what was found before a stop or an outage is kept."""

import pytest

from reseau.errors import RefusedInput, Unavailable
from reseau.geocoding import AddressQuery, GeocodeResult, Verdict, geocode_many


class FakeLocator:
    """Places everything at the same point, except what the test says."""

    def __init__(self, errors=None):
        self.asked = []
        self.errors = errors or {}

    def locate(self, query):
        self.asked.append(query.address)
        if query.address in self.errors:
            raise self.errors[query.address]
        if query.address == "nulle part":
            return None
        return GeocodeResult(lon=1, lat=2, score=0.9, kind="street", label="x", citycode="31555")


def _queries(*addresses):
    return [AddressQuery(address=address, citycode="31555") for address in addresses]


def test_one_outcome_per_address_in_order():
    client, seen = FakeLocator(), []
    outcomes = list(
        geocode_many(
            _queries("1 rue A", "nulle part", "2 rue B"),
            client=client,
            on_progress=lambda done, total: seen.append((done, total)),
        )
    )
    assert [outcome.index for outcome in outcomes] == [0, 1, 2]
    assert [outcome.decision.verdict for outcome in outcomes] == [
        Verdict.ACCEPTED,
        Verdict.REFUSED,
        Verdict.ACCEPTED,
    ]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_outage_keeps_what_was_found():
    client = FakeLocator({"3 rue C": Unavailable("en panne")})
    kept = []
    with pytest.raises(Unavailable):
        kept.extend(geocode_many(_queries("1 rue A", "2 rue B", "3 rue C", "4 rue D"), client=client))
    # list.extend keeps what an iterator gave before it failed, as a caller writing each outcome does.
    assert [outcome.query.address for outcome in kept] == ["1 rue A", "2 rue B"]
    assert client.asked == ["1 rue A", "2 rue B", "3 rue C"]


def test_a_stop_is_quiet_and_immediate():
    client = FakeLocator()
    stop = iter([False, True]).__next__
    outcomes = list(geocode_many(_queries("1 rue A", "2 rue B", "3 rue C"), client=client, stop=stop))
    assert [outcome.query.address for outcome in outcomes] == ["1 rue A"]
    assert client.asked == ["1 rue A"]


def test_one_unreadable_address_does_not_stop_the_others():
    client = FakeLocator({"?": RefusedInput("trop courte")})
    outcomes = list(geocode_many(_queries("?", "1 rue A"), client=client))
    assert [outcome.decision.verdict for outcome in outcomes] == [Verdict.REFUSED, Verdict.ACCEPTED]
    assert outcomes[0].decision.reason == "trop courte"


def test_the_same_address_is_asked_once():
    client = FakeLocator()
    outcomes = list(geocode_many(_queries("1 rue A", "1, RUE a", "1 rue A"), client=client))
    assert len(outcomes) == 3
    assert client.asked == ["1 rue A"]


def test_nothing_is_sent_before_it_is_asked_for():
    client = FakeLocator()
    outcomes = geocode_many(_queries("1 rue A"), client=client)
    assert client.asked == []
    assert next(outcomes).index == 0
