"""Closed lists: a code, a label or a usual word; an unknown word is refused with the accepted ones."""

import csv
from pathlib import Path

import pytest

from reseau.model.typology import load_typology
from reseau.sources import _vocabulary as vocabulary
from reseau.sources._cells import CellError

EVERY_WORD = [
    (name, code, label) for name, words in vocabulary.LISTS.items() for code, label in words.items()
]


@pytest.mark.parametrize(("name", "code", "label"), EVERY_WORD)
def test_every_code_and_label_is_recognised_whatever_its_case(name: str, code: str, label: str):
    """What an export writes must come back as the same code."""
    assert vocabulary.find_word(label.upper(), name) == code
    assert vocabulary.find_word(code, name) == code or not code


def test_synonyms_name_words_that_exist():
    path = Path(vocabulary.__file__).parent / "_vocabulaire.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert all(row["code"] in vocabulary.LISTS[row["liste"]] for row in rows)
    assert all(
        vocabulary.find_word(word, row["liste"]) == row["code"]
        for row in rows
        for word in row["autres mots"].split("|")
    )


@pytest.mark.parametrize(
    ("text", "name", "codes"),
    [
        ("français | Arabe|turc", "langues", ("fr", "ar", "tr")),
        ("Femmes, enfants", "publics", ("femmes", "enfants")),
        ("tout public", "publics", ("tous",)),
        ("LSF; français / français", "langues", ("fsl", "fr")),
        ("créole réunionnais", "langues", ("rcf",)),
    ],
)
def test_several_words_in_a_cell(text: str, name: str, codes: tuple[str, ...]):
    assert vocabulary.read_words(name)(text) == codes


def test_all_the_unknown_words_are_named_with_the_accepted_ones():
    with pytest.raises(CellError, match=r"« klingon », « elfique ».*français, arabe"):
        vocabulary.read_words("langues")("français | klingon | elfique")


@pytest.mark.parametrize(
    ("text", "level"), [("3", 3), ("coordination", 3), ("5 – convention", 5), ("Action commune", 4)]
)
def test_intensity(text: str, level: int):
    assert vocabulary.read_intensity(text) == level


@pytest.mark.parametrize("text", ["9", "0", "fort", "33 ans"])
def test_bad_intensity(text: str):
    with pytest.raises(CellError, match="1 \\(connaissance\\)"):
        vocabulary.read_intensity(text)


def test_types_several_in_a_cell():
    assert vocabulary.read_types(load_typology())("CMP | cpam") == ("cmp", "cpam")


def test_an_unknown_type_beside_a_known_one_is_refused_with_suggestions():
    """Dropping it in silence would lose a service point."""
    with pytest.raises(CellError, match=r"« Caise primaire d'assurance maladie ».*Vouliez-vous dire.*CPAM"):
        vocabulary.read_types(load_typology())("CMP | Caise primaire d'assurance maladie")


def test_suggestions_stop_after_a_while_but_refusals_do_not():
    """Comparing texts is slow: ten thousand unknown types must not take minutes."""
    read = vocabulary.read_types(load_typology())
    for number in range(vocabulary.MAX_SUGGESTIONS + 1):
        with pytest.raises(CellError, match=f"« zzz{number} »"):
            read(f"zzz{number}")
    with pytest.raises(CellError, match=r"« centre sociaal » inconnu\. Choisissez-le"):
        read("centre sociaal")


def test_types_that_begin_with_the_word_are_suggested_before_those_that_look_like_it() -> None:
    """«association» has the letters of «vaccination», which nobody meant."""
    labels = vocabulary.suggest_types("association", load_typology())
    assert labels
    assert all(label.startswith("Association") for label in labels)
