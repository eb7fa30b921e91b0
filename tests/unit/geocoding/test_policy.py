"""When an answer may be written as a position."""

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.errors import RefusedInput
from reseau.geocoding import AddressQuery, Answer, GeocodeResult, Verdict, decide, decide_answer, load_policy
from reseau.geocoding.policy import POLICY_FILE, SERVICE_KINDS, figure
from reseau.geocoding.table import answers_in
from reseau.model.communes import city_of
from reseau.model.typology import normalise
from reseau.model.vocabulary import PLACED_PRECISIONS, POSITION_PRECISIONS

LADDER = [Verdict.ACCEPTED, Verdict.REVIEW, Verdict.REFUSED]


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
        ({"kind": "municipality", "score": 1.0}, Verdict.REFUSED, "commune"),
        ({"kind": "poi", "score": 1.0}, Verdict.REVIEW, "rue"),
        ({"kind": "poi", "score": 0.4}, Verdict.REFUSED, "rue"),
        ({"citycode": "31069"}, Verdict.REVIEW, "adresse"),
        ({"citycode": "31069", "score": 0.7}, Verdict.REFUSED, "adresse"),
        ({"citycode": ""}, Verdict.REVIEW, "adresse"),
    ],
)
def test_verdicts(changes, verdict, precision):
    decision = decide(_query(), _result(**changes))
    assert (decision.verdict, decision.precision) == (verdict, precision)
    assert bool(decision.reason) == (verdict is not Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("inside", "verdict", "said"),
    [
        (True, Verdict.ACCEPTED, "dans la commune"),
        (None, Verdict.ACCEPTED, "non vérifié"),
        (False, Verdict.REVIEW, "hors de la commune"),
    ],
)
def test_a_position_outside_the_boundary_goes_to_a_person(inside, verdict, said):
    """Not checked is never said as checked."""
    decision = decide(_query(), _result(), inside=inside)
    assert (decision.verdict, decision.boundary) == (verdict, said)


def test_no_answer_is_refused_with_its_reason():
    assert decide(_query(), None).verdict is Verdict.REFUSED
    assert "inconnue" in decide(_query(), None).reason


def test_the_best_candidate_decides_and_a_refusal_is_told():
    answer = Answer(candidates=(_result(), _result(score=0.1)))
    assert decide_answer(_query(), answer).verdict is Verdict.ACCEPTED
    assert decide_answer(_query(), Answer(refusal="trop courte")).reason == "trop courte"
    assert decide_answer(_query(), Answer()) == decide(_query(), None)


def oracle(query, result, inside):
    """The policy written a second time, naively, from the guide's words."""
    if result.kind == "municipality" or result.score < 0.5:
        return Verdict.REFUSED
    known = bool(query.citycode or query.commune)
    if query.citycode:
        same = city_of(query.citycode) == city_of(result.citycode)
    else:
        same = query.commune.lower() == result.city.lower()
    if known and not same:
        return Verdict.REVIEW if result.score >= 0.75 else Verdict.REFUSED
    sure = result.kind in {"housenumber", "street", "locality"} and result.score >= 0.75
    return Verdict.ACCEPTED if sure and known and inside is not False else Verdict.REVIEW


QUERIES = st.sampled_from([
    _query(),
    _query(citycode="", commune="Toulouse"),
    _query(citycode=""),
    _query(citycode="75056"),
])  # fmt: skip
RESULTS = st.builds(
    _result,
    score=st.one_of(st.floats(min_value=0, max_value=1), st.sampled_from([0.4999, 0.5, 0.7499, 0.75])),
    kind=st.sampled_from([*SERVICE_KINDS, "poi", ""]),
    citycode=st.sampled_from(["31555", "31069", "75113", ""]),
    city=st.sampled_from(["Toulouse", "Blagnac", ""]),
)
INSIDE = st.sampled_from([True, False, None])


@given(QUERIES, RESULTS, INSIDE)
def test_the_policy_is_the_one_written_twice(query, result, inside):
    assert decide(query, result, inside=inside).verdict is oracle(query, result, inside)


@given(QUERIES, RESULTS, INSIDE)
def test_nothing_accepted_is_ever_a_commune_weak_or_elsewhere(query, result, inside):
    decision = decide(query, result, inside=inside)
    if decision.verdict is Verdict.ACCEPTED:
        assert result.kind != "municipality"
        assert decision.precision in PLACED_PRECISIONS
        assert result.score >= 0.75
        assert inside is not False
        assert decision.reason == ""
    assert (decision.precision in PLACED_PRECISIONS) == (result.kind != "municipality")


@given(QUERIES, RESULTS, INSIDE, st.floats(min_value=0, max_value=1))
def test_a_worse_score_never_gives_a_better_verdict(query, result, inside, other):
    worse = _result(
        score=min(other, result.score), kind=result.kind, citycode=result.citycode, city=result.city
    )
    before, after = (decide(query, item, inside=inside).verdict for item in (result, worse))
    assert LADDER.index(after) >= LADDER.index(before)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("75056", "75113"), ("75113", "75056"), ("69123", "69383"), ("13055", "13216"), ("13201", "13055")],
)
def test_arrondissements_are_their_city(asked, answered):
    assert decide(_query(citycode=asked), _result(citycode=answered)).verdict is Verdict.ACCEPTED


def test_a_commune_that_merged_is_the_one_it_became():
    """A register still says Pierrefitte (93059); the service answers Saint-Denis (93066)."""
    assert decide(_query(citycode="93059"), _result(citycode="93066")).verdict is Verdict.ACCEPTED


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
    policy = load_policy()
    assert set(policy.kinds) == set(SERVICE_KINDS)
    rules = [*policy.kinds.values(), policy.other_kind]
    assert {rule.precision for rule in rules} <= set(POSITION_PRECISIONS)


def test_a_score_never_reads_as_the_threshold_it_misses():
    assert [figure(score) for score in (0.7499, 0.75, 0.4999, 1.0, 0.29)] == [
        "0,74", "0,75", "0,49", "1,00", "0,29",
    ]  # fmt: skip


def test_a_team_s_own_policy_is_obeyed(tmp_path):
    path = tmp_path / "policy.toml"
    text = POLICY_FILE.read_text(encoding="utf-8").replace("accept = 0.75", "accept = 0.95")
    path.write_text(text, encoding="utf-8")
    assert decide(_query(), _result(), policy=load_policy(path)).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('precision = "commune"', 'precision = "commune"\naccept = 0.9\nreview = 0.5', "jamais une position"),
        ('precision = "commune"', 'precision = "rue"\nreview = 0.5', "n'est pas une adresse"),
        ("[kinds.street]", "[kinds.route]", "kinds.street"),
        ("accept = 0.75", "accept = 7.5", "entre 0 et 1"),
        ("accept = 0.75", "accept = 0.4", "au plus égal"),
        ("accept = 0.75", "acept = 0.75", "acept"),
        ('precision = "adresse"', 'precision = "porte"', "précision connue"),
        ("unnamed_accept = false", "unnamed_accept = 0", "unnamed_accept"),
        ("tolerance_metres = 100", "tolerance_metres = -1", "tolerance_metres"),
        ("[boundary]", "[contour]", "boundary"),
        ("[other_kind]", "[other_kind", "TOML"),
    ],
)
def test_a_wrong_policy_is_refused_and_says_where(tmp_path, old, new, hint):
    """A policy that places structures in the middle of a commune must not even load."""
    text = POLICY_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RefusedInput, match=hint):
        load_policy(path)


def test_what_is_sent_for_a_whole_big_city():
    """Addresses of Paris carry the code of an arrondissement: asking for 75056 would find none."""
    assert _query(citycode="75056", postcode="75013").filters() == {"postcode": "75013"}
    assert _query(citycode="75113").filters() == {"citycode": "75113"}
    assert _query(citycode="2A004", postcode="2000").filters() == {"citycode": "2A004"}


def test_same_address_written_otherwise_has_the_same_key():
    assert _query().cache_key == _query(address="12, RUE des  lilas").cache_key
    assert _query().cache_key != _query(citycode="31069").cache_key


def test_a_very_long_address_has_a_key_the_cache_can_hold():
    """And two that differ only at their end are still two."""
    keys = {_query(address="rue " + "longue " * 300 + end).cache_key for end in "ab"}
    assert len(keys) == 2
    assert max(map(len, keys)) <= 400


@pytest.mark.real_data
def test_real_answers_of_the_national_geocoder(shared_data):
    """A real batch of 2022, 512 rows: nothing under the bar, at a town's centre or elsewhere is accepted."""
    body = (shared_data / "ban" / "sortie_search_csv.csv").read_bytes()
    answers = answers_in(body, key="rh_id")
    with (shared_data / "ban" / "sortie_search_csv.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    whole = {row["rh_id"]: row for row in rows if None not in row and None not in row.values()}
    assert len(rows) - len(whole) == 4, "38 fields under a header of 36"
    assert set(answers) == set(whole)
    counts = Counter()
    for name, answer in answers.items():
        row = whole[name]
        query = AddressQuery(address=row["adresse"], postcode=row["code_postal"], commune=row["ville"])
        decision = decide_answer(query, answer)
        counts[decision.verdict] += 1
        if decision.verdict is Verdict.ACCEPTED:
            assert answer.best.kind != "municipality"
            assert answer.best.score >= 0.75
            assert row["result_postcode"][:2] == (row["code_postal"] or row["result_postcode"])[:2]
            assert normalise(row["result_city"])[-4:] == normalise(row["ville"])[-4:]
    assert counts == {Verdict.ACCEPTED: 382, Verdict.REVIEW: 38, Verdict.REFUSED: 88}
    assert counts.total() == len(whole) == 508
