"""The batch end point against a real HTTP server on this machine."""

import json

import pytest

from reseau.errors import Unavailable
from reseau.geocoding import AddressQuery, BatchUnusable, NationalGeocoder, ask_all, decide_answer
from tests.unit.geocoding.loopback import (
    Answer,
    as_csv,
    collection,
    everything_found,
    feature,
    found,
    serve,
    unknown,
)

QUERIES = [
    AddressQuery(address=f"{number} rue des Lilas", postcode="31000", commune="Toulouse", citycode="31555")
    for number in range(1, 16)
]
ALL = Answer(everything_found)


@pytest.fixture
def build():
    def _build(service, **options):
        waits = []
        return NationalGeocoder(service.domain, scheme="http", sleep=waits.append, **options), waits

    return _build


def test_one_table_is_sent_and_read(build):
    with serve(ALL) as service:
        answers = build(service)[0].search_many(QUERIES)
    assert service.paths == ["/geocodage/search/csv/"]
    (table,) = service.tables
    assert table.fields == [("columns", "adresse"), ("citycode", "code_insee"), ("postcode", "code_postal")]
    assert [line["adresse"] for line in table.lines] == [query.text for query in QUERIES]
    assert set(table.lines[0]) == {"numero", "adresse", "code_postal", "code_insee"}
    assert sorted(answers) == list(range(15))
    assert answers[3].best.label == "4 Rue Des Lilas 31000 Toulouse"


def test_what_is_shown_is_what_leaves(build):
    """Each line a person reads before agreeing holds every word of the line that is sent."""
    with serve(ALL) as service:
        build(service)[0].search_many(QUERIES)
    for query, line in zip(QUERIES, service.tables[0].lines, strict=True):
        assert query.shown.split(" · ") == [line["adresse"], line["code_insee"], line["code_postal"]]


def test_hostile_text_stays_in_its_cell(build):
    hostile = AddressQuery(address='1 rue "A",B;C\r\n9,autre,ligne\x00 =2+2', citycode="31555")
    with serve(ALL) as service:
        answers = build(service)[0].search_many([hostile, *QUERIES])
    assert len(service.tables[0].lines) == 16
    assert service.tables[0].lines[0]["adresse"] == hostile.text
    assert len(answers) == 16


def test_the_same_answer_gives_the_same_decision_one_by_one_or_by_table(build):
    """Nobody is accepted because the list was long."""
    cases = [(score, kind, city) for score in ("0.49", "0.62", "0.75", "0.9")
             for kind in ("housenumber", "street", "locality", "municipality", "poi")
             for city in ("31555", "31069")]  # fmt: skip
    for score, kind, city in cases:

        def one(table, score=score, kind=kind, city=city):
            if table is None:
                return collection(feature(score=float(score), type=kind, citycode=city))
            changes = {"result_score": score, "result_type": kind, "result_citycode": city}
            return as_csv([found(line, **changes) for line in table.lines])

        with serve(Answer(one)) as service:
            client, _ = build(service)
            by_table = client.search_many(QUERIES[:1])[0]
            (single,) = next(ask_all(QUERIES[:1], client=client))
        assert decide_answer(QUERIES[0], by_table) == decide_answer(QUERIES[0], single.answer)


def test_429_then_200_waits_as_asked(build):
    with serve(Answer({}, status=429, headers={"Retry-After": "7"}), ALL) as service:
        client, waits = build(service)
        assert len(client.search_many(QUERIES)) == 15
    assert 7.0 in waits


def test_429_asking_for_too_long_a_pause_is_unavailable_at_once(build):
    with serve(Answer({}, status=429, headers={"Retry-After": "3600"})) as service:
        client, waits = build(service)
        with pytest.raises(Unavailable, match="trop de demandes"):
            client.search_many(QUERIES)
    assert len(service.tables) == 1
    assert 3600.0 not in waits


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_an_outage_is_unavailable_after_bounded_tries(build, status):
    with serve(Answer({}, status=status)) as service:
        client, waits = build(service)
        with pytest.raises(Unavailable) as caught:
            client.search_many(QUERIES)
    assert not isinstance(caught.value, BatchUnusable), "one by one would fail as well: do not insist"
    assert len(service.tables) == 4
    assert [wait for wait in waits if wait >= 0.5] == [0.5, 1.0, 2.0]


def test_a_truncated_answer_is_asked_again(build):
    cut = Answer(lambda table: everything_found(table)[:300], declared=5000)
    with serve(cut, ALL) as service:
        assert len(build(service)[0].search_many(QUERIES)) == 15
    assert len(service.tables) == 2


def test_an_answer_cut_without_saying_so_gives_only_its_whole_lines(build):
    with serve(Answer(lambda table: everything_found(table)[:1000])) as service:
        answers = build(service)[0].search_many(QUERIES)
    assert 0 < len(answers) < 15
    assert all(answer.best.citycode == "31555" for answer in answers.values())


def test_reordered_and_missing_lines_never_move_an_answer(build):
    def shuffled(table):
        lines = [found(line, latitude=f"43.{line['numero']}") for line in reversed(table.lines)]
        return as_csv([line for line in lines if line["numero"] != "4"])

    with serve(Answer(shuffled)) as service:
        answers = build(service)[0].search_many(QUERIES)
    assert 4 not in answers
    assert {index: answer.best.lat for index, answer in answers.items()} == {
        index: float(f"43.{index}") for index in range(15) if index != 4
    }


def test_not_found_is_an_answer(build):
    with serve(Answer(lambda table: as_csv([unknown(line) for line in table.lines]))) as service:
        answers = build(service)[0].search_many(QUERIES)
    assert len(answers) == 15
    assert all(answer.best is None for answer in answers.values())


def test_changed_columns_are_said_and_the_rest_is_asked_one_by_one(build):
    def changed(table):
        if table is None:
            return collection(feature())
        return as_csv([{"numero": line["numero"], "lat": "43", "lng": "1"} for line in table.lines])

    with serve(Answer(changed)) as service:
        client, _ = build(service)
        with pytest.raises(BatchUnusable, match="latitude"):
            client.search_many(QUERIES)
        groups = list(ask_all(QUERIES, client=client))
    assert [group[0].answer.best.lat for group in groups] == [43.6] * 15
    assert len(service.asked) == 15


@pytest.mark.parametrize("status", [400, 404, 405, 413, 301, 308])
def test_a_table_that_is_refused_is_not_an_outage(build, status):
    """Nor is a redirection followed: elsewhere is not where the person agreed to send addresses."""
    elsewhere = Answer({}, status=status, headers={"Location": "/autre"})
    with serve(elsewhere) as service, pytest.raises(BatchUnusable):
        build(service)[0].search_many(QUERIES)
    assert service.paths == ["/geocodage/search/csv/"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_is_not_knocked_at_again(build, status):
    with serve(Answer({}, status=status)) as service, pytest.raises(Unavailable):
        build(service)[0].search_many(QUERIES)
    assert len(service.tables) == 1


def test_a_slow_service_is_unavailable(build):
    with serve(Answer(hang=True)) as service:
        client, _ = build(service, timeout=0.1)
        with pytest.raises(Unavailable, match="à temps"):
            client.search_many(QUERIES)
        service.release.set()


def test_nobody_listening_is_unavailable(build):
    with serve(ALL) as service:
        pass
    with pytest.raises(Unavailable, match="connexion"):
        build(service)[0].search_many(QUERIES)


def test_an_endless_answer_is_not_swallowed(build, monkeypatch):
    monkeypatch.setattr("reseau.geocoding.client.MOST_BYTES", 500)
    with serve(ALL) as service, pytest.raises(Unavailable, match="illisible"):
        build(service)[0].search_many(QUERIES)


def test_a_page_instead_of_a_table_is_no_answer(build):
    with serve(Answer(json.dumps({"maintenance": True}).encode())) as service, pytest.raises(BatchUnusable):
        build(service)[0].search_many(QUERIES)
