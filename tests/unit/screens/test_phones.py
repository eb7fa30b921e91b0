"""What may be a person's own number or address never goes through; what is known as public does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.screens.phones import plain, public_phone, public_text, public_website

MOBILES = (
    "06 12 34 56 78", "0712345678", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78", "0033612345678", "612345678", "6 12 34 56 78", "0639 12 34 56", "0690123456",
    "+590 690 12 34 56", "+262 692 12 34 56", "0 6 1 2 3 4 5 6 7 8", "06\u200b12345678",
    "06\u00a012\u00a034\u00a056\u00a078",
    "٠٦١٢٣٤٥٦٧٨", "０６１２３４５６７８", "+689 87 12 34 56", "+32 470 12 34 56",
)  # fmt: skip


@pytest.mark.parametrize("number", MOBILES)
def test_a_mobile_number_is_shown_only_when_the_team_says_so(number: str) -> None:
    assert public_phone(number) == ""
    assert public_phone(number, mobiles=True) != ""
    for text in (number, f"Salle 3 ({number})", f"Camille {number}, bâtiment B", f"tél : {number}"):
        left = "".join(char for char in public_text(text) if char.isdecimal())
        assert left in {"", "3"}, f"{text!r} leaves {left}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("02 48 00 00 01", "02 48 00 00 01"),
        ("0248000001", "02 48 00 00 01"),
        ("+33 2 48 00 00 01", "02 48 00 00 01"),
        ("248000001", "02 48 00 00 01"),
        ("06 12 34 56 78 / 02 48 00 00 01", "02 48 00 00 01"),
        ("0262 12 34 56", "02 62 12 34 56"),
        ("0800 23 13 13", "0 800 23 13 13"),
        ("3949", "39 49"),
        ("115", "115"),
        ("116117", "116 117"),
        ("+689 40 12 34 56", "+68940123456"),
        ("02 48 00 00 01 (poste 115)", "02 48 00 00 01"),
    ],
)
def test_a_public_number_is_shown_as_it_is_dialled(written: str, shown: str) -> None:
    assert public_phone(written) == shown
    assert public_phone(written, mobiles=True) == shown


@pytest.mark.parametrize(
    "written", ["", None, 5, float("nan"), "à venir", "06 12 34 56 7", "12345", "02 48 00"]
)
def test_what_is_not_a_number_shows_nothing(written: object) -> None:
    assert public_phone(written) == ""


def test_a_text_loses_addresses_and_keeps_the_rest() -> None:
    assert public_text("Centre (camille@exemple.fr)") == "Centre"
    assert public_text("Salle B, camille.p@exemple.fr, 2e étage") == "Salle B, 2e étage"
    assert public_text("12 rue du 8 mai 1945, 31000") == "12 rue du 8 mai 1945, 31000"
    assert public_text("Appelez le 02 48 00 00 01") == "Appelez le 02 48 00 00 01"
    assert public_text("Appelez le 06 12 34 56 78", mobiles=True) == "Appelez le 06 12 34 56 78"


def test_invisible_characters_go_and_joiners_stay() -> None:
    """Direction marks could turn a line over; Tamil and Bengali need their joiners."""
    assert plain("\u202eNom\u202c\x00 de\n\tlieu\ufeff") == "Nom de lieu"
    assert plain("ক\u09cd\u200dষ") == "ক\u09cd\u200dষ"
    assert plain("Un\n\n  deux ", lines=True) == "Un\n\ndeux"
    assert plain("<b>{{x}}</b>") == "<b>{{x}}</b>", "text is text: who writes it escapes it"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert public_text(public_text(text)) == public_text(text)
    plain(text).encode("utf-8")


@pytest.mark.parametrize(
    "address",
    ["https://wa.me/33612345678", "https://x.fr/?m=a@b.fr", "https://x.fr/06-12-34-56-78", "https://x.fr/?m=a%40b.fr",
     "https://x.fr/%30%36%31%32%33%34%35%36%37%38"],
)  # fmt: skip
def test_an_address_that_carries_a_person_is_left_out(address: str) -> None:
    assert public_website(address) == ""


@pytest.mark.parametrize(
    "address", ["https://exemple.fr", "https://exemple.fr/@centre", "https://exemple.fr/article-20260612345"]
)
def test_an_ordinary_address_stays(address: str) -> None:
    assert public_website(address) == address
