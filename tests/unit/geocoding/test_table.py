"""Reading what the batch service gives back: a line that is not surely ours says nothing."""

import csv

import pytest

from reseau.geocoding import AddressQuery
from reseau.geocoding.table import ChangedTable, answers_in, fields_of, written
from tests.unit.geocoding.loopback import as_csv, found, unknown

QUERIES = [
    AddressQuery(address="12 rue des Lilas", postcode="31000", commune="Toulouse", citycode="31555"),
    AddressQuery(address='=CMD() "guillemet", 3;4\nrue', commune="Ici"),
]


def sent(queries=QUERIES):
    return list(csv.DictReader(written(queries).decode("utf-8").splitlines()))


def test_a_line_holds_what_a_single_request_would_send_and_nothing_else():
    assert sent() == [
        {
            "numero": "0",
            "adresse": "12 rue des Lilas 31000 Toulouse",
            "code_postal": "31000",
            "code_insee": "31555",
        },
        {"numero": "1", "adresse": QUERIES[1].text, "code_postal": "", "code_insee": ""},
    ]


def test_only_the_address_is_searched_and_only_known_filters_are_named():
    assert fields_of(QUERIES) == [
        ("columns", "adresse"),
        ("citycode", "code_insee"),
        ("postcode", "code_postal"),
    ]
    assert fields_of(QUERIES[1:]) == [("columns", "adresse")]


def test_lines_are_matched_by_number_whatever_their_order():
    first, second = sent()
    body = as_csv([found(second, latitude="44.5"), found(first)])
    answers = answers_in(body)
    assert answers["0"].best.lat == 43.6
    assert (answers["1"].best.lat, answers["1"].best.lon) == (44.5, 1.44)


def test_columns_are_found_by_name_wherever_they_are():
    line = found(sent()[0])
    body = as_csv([line], columns=sorted(line))
    assert (answers_in(body)["0"].best.lon, answers_in(body)["0"].best.score) == (1.44, 0.93)


def test_a_semicolon_and_a_byte_order_mark_are_read_too():
    body = b"\xef\xbb\xbf" + as_csv([found(sent()[0])]).replace(b",", b";")
    assert answers_in(body)["0"].best.citycode == "31555"


def test_not_found_and_failed_are_not_the_same():
    """«The service could not treat this line» is to be asked again; «no such address» is an answer."""
    first, second = sent()
    body = as_csv([unknown(first), unknown(second) | {"result_status": "error"}])
    answers = answers_in(body)
    assert set(answers) == {"0"}
    assert answers["0"].candidates == ()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("943.6", "1.44"), ("nan", "1.44"), ("inf", "1"), ("Toulouse", "0.93"), ("43.6", "")],
)
def test_a_position_that_is_none_says_nothing(latitude, longitude):
    assert answers_in(as_csv([found(sent()[0], latitude=latitude, longitude=longitude)])) == {}


@pytest.mark.parametrize("score", ["", "0,93", "abc", "nan"])
def test_an_unreadable_score_is_never_a_good_one(score):
    assert answers_in(as_csv([found(sent()[0], result_score=score)]))["0"].best.score == 0.0


def test_a_line_longer_or_shorter_than_the_header_is_not_read():
    """As in a real output of 2022: an unquoted comma gives each column the value of its neighbour."""
    first, second = (found(line) for line in sent())
    text = as_csv([first, second]).decode()
    header, one, two = text.splitlines()[0], *text.splitlines()[1:]
    assert set(answers_in(f"{header}\n{one},,\n{two}\n".encode())) == {"1"}
    assert set(answers_in(f"{header}\n{one}\n{two.rsplit(',', 1)[0]}\n".encode())) == {"0"}


def test_a_number_given_twice_or_never_sent_is_nobody_s():
    first, second = (found(line) for line in sent())
    body = as_csv([first, second, second | {"latitude": "48"}, first | {"numero": "7"}])
    assert set(answers_in(body, expected={"0", "1"})) == {"0"}


def test_a_last_line_without_its_end_is_not_read():
    """Cut there, «31555» may read «315»: another commune."""
    body = as_csv([found(line) for line in sent()])
    for cut in range(1, 30):
        assert set(answers_in(body[:-cut])) <= {"0"}


@pytest.mark.parametrize("name", ["latitude", "result_score", "result_type", "numero"])
def test_changed_columns_are_said_not_guessed(name):
    line = found(sent()[0])
    with pytest.raises(ChangedTable, match=name):
        answers_in(as_csv([line], columns=[column for column in line if column != name]))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>maintenance</html>", b'{"a": 1}\n', b"\n"])
def test_what_is_no_table_is_said(body):
    with pytest.raises(ChangedTable):
        answers_in(body)
