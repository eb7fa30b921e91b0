"""A file comes from any machine: its accents must survive, its hidden characters must not."""

import pytest

from reseau.exports import neutralise
from reseau.sources._text import NIR_MASK, clean_cell, clean_header, decode, has_nir, mask_nir

FRENCH = "nom;ville\nCentre médico-psychologique de l’Hôtel-Dieu;Besançon\nLa fenêtre, à côté;Évry\n"


@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
    ],
)
def test_usual_encodings_are_recognised(codec: str, label: str):
    assert decode(FRENCH.encode(codec)) == (FRENCH, label, 0)


def test_old_dos_file():
    text = FRENCH.replace("’", "'")
    assert decode(text.encode("cp850")) == (text, "DOS 850", 0)


def test_one_bad_byte_does_not_turn_the_other_accents_into_nonsense():
    data = ("é" * 50).encode() + b"\xe9"
    assert decode(data) == ("é" * 50 + "\ufffd", "UTF-8", 1)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("  Mairie\u00a0annexe ", "Mairie annexe"),
        ("=11=", "11"),
        ('="01234"', "01234"),
        ("a\x00b\x07c", "abc"),
        ("l'une\r\nl'autre", "l'une\nl'autre"),
        ("\u202eenrevnid\u200b", "enrevnid"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("'un mot'", "'un mot'"),
        ("=A1+B1", "=A1+B1"),
    ],
)
def test_cells_are_cleaned_without_losing_text(found: str, kept: str):
    assert clean_cell(found) == kept


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 5", "-1", "@ici", "'=1", "''+2", "=11=", "＝1", "simple", "'mot"]
)
def test_what_our_exports_protect_comes_back_as_it_was(text: str):
    assert clean_cell(neutralise(text)) == text or neutralise(text) == text


def test_headers_are_on_one_line():
    assert clean_header(" Code\n postal ") == "Code postal"


@pytest.mark.parametrize(
    "text",
    [
        "1 84 12 76 451 089 46",
        "numéro 184127645108946.",
        "2 99 05 2A 123 456",
        "1-84-12-76-451-089",
        "184127645108946",
    ],
)
def test_social_security_numbers_are_seen_and_masked(text: str):
    assert has_nir(text)
    assert NIR_MASK in mask_nir(text)
    assert not has_nir(mask_nir(text))


@pytest.mark.parametrize(
    "text",
    ["05 61 12 34 56", "SIRET 12345678901234", "du 01/02/2025 au 03/04/2025", "310012345", "43.6045, 1.4440"],
)
def test_other_numbers_are_not_taken_for_one(text: str):
    assert not has_nir(text)
    assert mask_nir(text) == text
