"""Many addresses: what was answered before a stop or an outage is already in the caller's hands."""

import pytest

from reseau.errors import RefusedInput, Unavailable
from reseau.geocoding import AddressQuery, Answer, BatchUnusable, GeocodeResult, ask_all
from reseau.geocoding.batch import FEW, LINES

PLACE = GeocodeResult(lon=1, lat=2, score=0.9, kind="street", label="x", citycode="31555")


class Fake:
    """Finds everything at the same place, except what the test says."""

    def __init__(self, *, errors=None, tables=()):
        self.asked, self.sizes = [], []
        self.errors = errors or {}
        self.tables = list(tables)

    def search(self, query):
        self.asked.append(query.address)
        if query.address in self.errors:
            raise self.errors[query.address]
        return () if query.address == "nulle part" else (PLACE,)

    def search_many(self, queries):
        self.sizes.append(len(queries))
        script = self.tables.pop(0) if self.tables else None
        if isinstance(script, Exception):
            raise script
        missing = script or set()
        return {index: Answer(candidates=(PLACE,)) for index in range(len(queries)) if index not in missing}


def some(*addresses):
    return [AddressQuery(address=address, citycode="31555") for address in addresses]


def many(count):
    return some(*(f"{number} rue des Lilas" for number in range(1, count + 1)))


def test_a_few_are_asked_one_by_one_in_order():
    client = Fake()
    groups = list(ask_all(some("1 rue A", "nulle part", "2 rue B"), client=client))
    assert [len(group) for group in groups] == [1, 1, 1]
    assert (
        [group[0].query.address for group in groups] == client.asked == ["1 rue A", "nulle part", "2 rue B"]
    )
    assert [bool(group[0].answer.candidates) for group in groups] == [True, False, True]
    assert client.sizes == []


@pytest.mark.parametrize("count", [FEW, FEW + 1, LINES, LINES + 1, 3 * LINES + 5])
def test_every_address_comes_once_in_groups_of_a_bounded_size(count):
    client = Fake()
    groups = list(ask_all(many(count), client=client))
    assert [item.query.address for group in groups for item in group] == [
        query.address for query in many(count)
    ]
    assert max(map(len, groups)) <= LINES
    assert (client.sizes == []) == (count <= FEW)
    assert sum(client.sizes) + len(client.asked) == count


def test_an_outage_keeps_the_groups_that_came():
    client = Fake(tables=[None, Unavailable("en panne")])
    kept = []
    with pytest.raises(Unavailable):
        kept.extend(ask_all(many(2 * LINES), client=client))
    # list.extend keeps what an iterator gave before it failed, as a caller writing each group does.
    assert [len(group) for group in kept] == [LINES]


def test_lines_the_table_left_out_are_asked_one_by_one():
    client = Fake(tables=[{0, 3}])
    groups = list(ask_all(many(FEW + 2), client=client))
    assert client.asked == ["1 rue des Lilas", "4 rue des Lilas"]
    assert sorted(len(group) for group in groups) == [1, 1, FEW]


def test_a_table_that_is_no_longer_taken_is_not_insisted_on():
    """The batch service may change its columns or its address: one by one still works."""
    client = Fake(tables=[None, BatchUnusable("colonnes")])
    groups = list(ask_all(many(2 * LINES + 1), client=client))
    assert client.sizes == [LINES, LINES]
    assert len(client.asked) == LINES + 1
    assert len({item.query.address for group in groups for item in group}) == 2 * LINES + 1


def test_a_stop_is_quiet_and_immediate():
    client = Fake()
    stop = iter([False, False, True]).__next__
    groups = list(ask_all(some("1 rue A", "2 rue B", "3 rue C"), client=client, stop=stop))
    assert [group[0].query.address for group in groups] == ["1 rue A"]
    assert client.asked == ["1 rue A"]


def test_one_unreadable_address_does_not_stop_the_others():
    client = Fake(errors={"?": RefusedInput("trop courte")})
    groups = list(ask_all(some("?", "1 rue A"), client=client))
    assert [group[0].answer.refusal for group in groups] == ["trop courte", ""]


def test_the_same_address_is_asked_once():
    client = Fake()
    groups = list(ask_all(some("1 rue A", "1, RUE a", "2 rue B", "1 rue A"), client=client))
    assert len(groups) == 2
    assert client.asked == ["1 rue A", "2 rue B"]


def test_nothing_is_sent_before_it_is_asked_for():
    client = Fake()
    groups = ask_all(many(LINES), client=client)
    assert client.sizes == []
    assert len(next(groups)) == LINES
