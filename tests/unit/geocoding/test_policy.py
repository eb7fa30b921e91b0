"""When an answer may be written as a position."""

import csv

import pytest

from reseau.geocoding import AddressQuery, GeocodeResult, Verdict, decide
from reseau.geocoding.policy import PRECISIONS
from reseau.model.communes import city_of
from reseau.model.vocabulary import POSITION_PRECISIONS


def _query(**changes):
    return AddressQuery(**({"address": "12 rue des Lilas", "citycode": "31555"} | changes))


def _result(**changes):
    defaults = {
        "lon": 1.4,
        "lat": 43.6,
        "score": 0.9,
        "kind": "housenumber",
        "label": "x",
        "citycode": "31555",
    }
    return GeocodeResult(**(defaults | changes))


@pytest.mark.parametrize(
    ("changes", "verdict", "precision"),
    [
        ({}, Verdict.ACCEPTED, "adresse"),
        ({"score": 0.75}, Verdict.ACCEPTED, "adresse"),
        ({"score": 0.7499}, Verdict.REVIEW, "adresse"),
        ({"score": 0.49}, Verdict.REFUSED, "adresse"),
        ({"kind": "street"}, Verdict.ACCEPTED, "rue"),
        ({"kind": "locality"}, Verdict.ACCEPTED, "rue"),
        ({"kind": "municipality", "score": 1.0}, Verdict.REVIEW, "commune"),
        ({"kind": "poi"}, Verdict.REVIEW, ""),
        ({"citycode": "31069"}, Verdict.REVIEW, "adresse"),
        ({"citycode": "31069", "score": 0.7}, Verdict.REFUSED, "adresse"),
        ({"citycode": ""}, Verdict.REVIEW, "adresse"),
    ],
)
def test_verdicts(changes, verdict, precision):
    decision = decide(_query(), _result(**changes))
    assert (decision.verdict, decision.precision) == (verdict, precision)
    assert bool(decision.reason) == (verdict is not Verdict.ACCEPTED)


def test_no_answer_is_refused_with_its_reason():
    assert decide(_query(), None).verdict is Verdict.REFUSED
    assert "inconnue" in decide(_query(), None).reason


def test_a_worse_score_never_gives_a_better_verdict():
    ladder = [Verdict.ACCEPTED, Verdict.REVIEW, Verdict.REFUSED]
    for kind in [*PRECISIONS, "poi"]:
        for city in ("31555", "31069"):
            ranks = [
                ladder.index(decide(_query(), _result(score=n / 20, kind=kind, citycode=city)).verdict)
                for n in range(20, -1, -1)
            ]
            assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("75056", "75113"), ("75113", "75056"), ("69123", "69383"), ("13055", "13216"), ("13201", "13055")],
)
def test_arrondissements_are_their_city(asked, answered):
    assert decide(_query(citycode=asked), _result(citycode=answered)).verdict is Verdict.ACCEPTED


def test_folding_leaves_other_communes_alone():
    assert [city_of(code) for code in ("75120", "75121", "69390", "2A004", "", "13217")] == [
        "75056", "75121", "69390", "2A004", "", "13217",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "answered", "verdict"),
    [
        ("Toulouse", "Toulouse", Verdict.ACCEPTED),
        ("TOULOUSE CEDEX 9", "Toulouse", Verdict.ACCEPTED),
        ("St-Denis", "Saint-Denis", Verdict.ACCEPTED),
        ("Paris 13e", "Paris 13e Arrondissement", Verdict.ACCEPTED),
        ("Blagnac", "Toulouse", Verdict.REVIEW),
        ("", "Toulouse", Verdict.REVIEW),
    ],
)
def test_without_a_code_the_name_of_the_commune_is_compared(asked, answered, verdict):
    assert decide(_query(citycode="", commune=asked), _result(city=answered)).verdict is verdict


def test_every_precision_is_a_word_of_the_model():
    assert set(PRECISIONS.values()) <= set(POSITION_PRECISIONS)


def test_what_is_sent_for_a_whole_big_city():
    """Addresses of Paris carry the code of an arrondissement: asking for 75056 would find none."""
    assert _query(citycode="75056", postcode="75013").filters() == {"postcode": "75013"}
    assert _query(citycode="75113").filters() == {"citycode": "75113"}
    assert _query(citycode="2A004", postcode="2000").filters() == {"citycode": "2A004"}


def test_same_address_written_otherwise_has_the_same_key():
    assert _query().cache_key == _query(address="12, RUE des  lilas").cache_key
    assert _query().cache_key != _query(citycode="31069").cache_key


@pytest.mark.real_data
def test_real_answers_of_the_national_geocoder(shared_data):
    """On a real batch of 2022: nothing under the bar, at a town's centre or elsewhere is accepted."""
    with (shared_data / "ban" / "sortie_search_csv.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if None not in row and row["result_score"]]
    accepted = 0
    for row in rows:
        result = _result(
            score=float(row["result_score"]), kind=row["result_type"], citycode=row["result_citycode"]
        )
        verdict = decide(_query(citycode=row["result_citycode"]), result).verdict
        accepted += verdict is Verdict.ACCEPTED
        if result.score < 0.75 or result.kind == "municipality":
            assert verdict is not Verdict.ACCEPTED
    assert 0 < accepted < len(rows)
