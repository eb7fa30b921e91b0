"""Free text that seems to speak of a person warns its author; ordinary notes do not."""

from __future__ import annotations

from datetime import date

import pytest

from reseau.services.privacy import personal_hints

TODAY = date(2026, 11, 22)
MOBILE, BIRTH = "un numéro de téléphone mobile", "une date de naissance"


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "Appeler au 07.12.34.56.78.", "+33 6 12 34 56 78", "0693123456"]
)
def test_a_mobile_number_is_seen_however_it_is_written(text: str) -> None:
    assert personal_hints([text], today=TODAY) == [MOBILE]


@pytest.mark.parametrize("text", ["née le 3 mai 1987", "DDN 12/04/90", "M. X, 12/04/1987", "né en 2015"])
def test_a_birth_date_is_seen_by_its_words_or_its_age(text: str) -> None:
    assert personal_hints([text], today=TODAY) == [BIRTH]


@pytest.mark.parametrize(
    "text",
    [
        "Standard 05 61 12 34 56",
        "Convention signée le 12/03/2024",
        "SIRET 12345678901234",
        "9h-12h, 3e étage",
        "",
    ],
)
def test_ordinary_notes_are_left_alone(text: str) -> None:
    """A warning on everything would be read by nobody."""
    assert personal_hints([text], today=TODAY) == []


def test_each_hint_is_said_once() -> None:
    assert personal_hints(["0612345678", "0612345678 né le 1/1/1980"], today=TODAY) == [MOBILE, BIRTH]
