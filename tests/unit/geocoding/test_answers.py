"""What is remembered is what was answered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.geocoding import Answer, GeocodeResult

PLACE = GeocodeResult(lon=1.44, lat=43.6, score=0.9, kind="street", label="Rue A", citycode="31555")
DEGREES = st.floats(min_value=-90, max_value=90)
RESULTS = st.builds(
    GeocodeResult,
    lon=DEGREES,
    lat=DEGREES,
    score=st.floats(min_value=0, max_value=1),
    kind=st.text(max_size=20),
    label=st.text(max_size=50),
    citycode=st.text(max_size=5),
)


@given(st.lists(RESULTS, max_size=3))
def test_what_is_stored_is_read_back(candidates):
    answer = Answer(candidates=tuple(candidates))
    assert Answer.read(json.loads(json.dumps(answer.stored()))) == answer


def test_a_refusal_is_read_back():
    answer = Answer(refusal="trop courte")
    assert Answer.read(answer.stored()) == answer


def test_only_the_first_three_are_kept():
    answer = Answer(candidates=(PLACE,) * 5)
    assert Answer.read(answer.stored()) == Answer(candidates=(PLACE,) * 3)


def test_what_version_1_kept_is_still_understood():
    """One candidate as a dict, null for none: nobody sends these addresses a second time."""
    assert Answer.read(Answer(candidates=(PLACE,)).stored()[0]) == Answer(candidates=(PLACE,))
    assert Answer.read(None) == Answer()


@pytest.mark.parametrize("value", ["x", 3, [{"lon": 1}], [None], {"a": 1}])
def test_what_cannot_be_read_is_as_if_never_asked(value):
    assert Answer.read(value) is None
