"""Text that no spreadsheet runs, and values that stay what they are."""

import csv
import io
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.exports import neutralise, restore
from reseau.exports._cells import as_text, plain, printable

TEXTS = st.text(alphabet=st.sampled_from("=+-@'\t\r\n ;|,\"aé1\u200b＝"), max_size=12) | st.text(max_size=30)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33 5",
        "-5 rue",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        " =1",
        "\n-1",
        "＝1+1",
        "'=1",
        "\ufeff=1",
        "\x00=1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "été", "12 rue A", "l'Île", "'a", "a=1", "5-7 rue", "–", "e@exemple.fr", "\n"]
)
def test_other_texts_are_unchanged(text):
    assert neutralise(text) == text


@given(TEXTS)
def test_restore_undoes_neutralise(text):
    assert restore(neutralise(text)) == text


@given(TEXTS)
def test_nothing_written_begins_like_a_formula(text):
    assert not neutralise(text).lstrip().startswith(("=", "+", "-", "@"))
    assert not neutralise(text).startswith(("\t", "\r"))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_csv_row_reads_back_to_the_same_texts(texts):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(
        [neutralise(printable(t)) for t in texts]
    )
    buffer.seek(0)
    (row,) = csv.reader(buffer, delimiter=";") if any(texts) or len(texts) > 1 else ([""],)
    assert [restore(cell) for cell in row] == [printable(text) for text in texts]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (float("nan"), None),
        (np.nan, None),
        (pd.NA, None),
        (pd.NaT, None),
        ("", None),
        ("\x00\x0b", None),
        (0, 0),
        (0.0, 0.0),
        (False, False),
        (np.bool_(True), True),
        (np.int64(3), 3),
        (np.float64(-1.2), -1.2),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (datetime(2026, 1, 2, 3), date(2026, 1, 2)),
        (pd.Timestamp(2026, 1, 2), date(2026, 1, 2)),
        (("a", "b"), ("a", "b")),
    ],
)
def test_unknown_is_empty_and_zero_is_zero(value, cell):
    assert plain(value) == cell
    assert type(plain(value)) is type(cell)


def test_cells_as_text():
    assert as_text(None) == ""
    assert as_text(True) == "oui"
    assert as_text(False) == "non"
    assert as_text(0) == "0"
    assert as_text(-1.2) == "-1.2"  # a number is not a formula
    assert as_text("-1.2") == "'-1.2"  # a text that looks like one is a text
    assert as_text(date(2026, 1, 2)) == "2026-01-02"
    assert as_text(("=a", "b")) == "'=a | b"
    assert as_text(()) == ""
