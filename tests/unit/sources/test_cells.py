"""One cell at a time: what is understood, what is refused, and never a guess."""

from datetime import date

import pytest

from reseau.sources import _cells as cells
from reseau.sources._cells import CellError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0561123456", "05 61 12 34 56"),
        ("05.61.12.34.56", "05 61 12 34 56"),
        ("05/61/12/34/56", "05 61 12 34 56"),
        ("+33 (0)5 61 12 34 56", "05 61 12 34 56"),
        ("0033561123456", "05 61 12 34 56"),
        ("+33561123456", "05 61 12 34 56"),
        ("0590 12 34 56", "05 90 12 34 56"),
        ("+32 2 123 45 67", "+3221234567"),
        ("3646", "3646"),
        ("115", "115"),
        ("116 006", "116006"),
        ("05 61 12 34 56 / 06 12 34 56 78", "05 61 12 34 56 / 06 12 34 56 78"),
        ("05 61 12 34 56 ou 3646", "05 61 12 34 56 / 3646"),
    ],
)
def test_phones(text: str, number: str):
    assert cells.read_phone(text) == number


@pytest.mark.parametrize(
    "text", ["05 61", "demander à l'accueil", "5,61E+08", "00", "+33 1", "/", "٠٥٦١١٢٣٤٥٦"]
)
def test_bad_phones(text: str):
    with pytest.raises(CellError):
        cells.read_phone(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("exemple.fr", "https://exemple.fr"),
        ("www.exemple.fr/page?a=1", "https://www.exemple.fr/page?a=1"),
        ("http://exemple.fr", "http://exemple.fr"),
        ("HTTPS://Exemple.fr", "HTTPS://Exemple.fr"),
    ],
)
def test_websites(text: str, address: str):
    assert cells.read_website(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "javascript://exemple.fr/%0aalert(1)",
        "data:text/html,x",
        "ftp://exemple.fr",
        "https://",
        "https://un site.fr",
        'https://exemple.fr/"onmouseover="x',
        "https://exemple.fr/<script>",
        "https://banque.fr@pirate.example",
        "voir sur Facebook",
    ],
)
def test_bad_websites(text: str):
    """A link is clicked: only plain http and https addresses may become one."""
    with pytest.raises(CellError):
        cells.read_website(text)


def test_email():
    assert cells.read_email("mailto:Accueil@Exemple.FR") == "Accueil@exemple.fr"


@pytest.mark.parametrize(
    "text", ["accueil", "a@b", "a@b.fr ; c@d.fr", "a b@c.fr", "<a@b.fr>", "a@b.fr\nBcc: x@y.fr"]
)
def test_bad_emails(text: str):
    with pytest.raises(CellError):
        cells.read_email(text)


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (cells.read_postcode, "31 100", "31100"),
        (cells.read_insee, "2a004", "2A004"),
        (cells.read_insee, "97105", "97105"),
        (cells.read_siret, "123 456 789 01234", "12345678901234"),
        (cells.read_finess, "31 001 234 5", "310012345"),
        (cells.read_finess, "2a0000014", "2A0000014"),
        (cells.read_count, "34,0", 34),
        (cells.read_count, "0", 0),
        (cells.read_number, "43,6045", 43.6045),
        (cells.read_number, "−1.5 °", -1.5),
        (cells.read_quartier_code, "qn03101m", "QN03101M"),
        (cells.read_quartier_code, "qv-les-pins", "QV-les-pins"),
        (cells.read_time, "9h", "09:00"),
        (cells.read_time, "9 h 30", "09:30"),
        (cells.read_time, "09:30:00", "09:30"),
        (cells.read_time, "2026-03-04 14:05", "14:05"),
    ],
)
def test_codes_and_numbers(reader, text: str, value):
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (cells.read_postcode, "3110"),
        (cells.read_postcode, "00100"),
        (cells.read_postcode, "٣١١٠٠"),
        (cells.read_insee, "31A55"),
        (cells.read_siret, "1234"),
        (cells.read_finess, "31001234"),
        (cells.read_count, "-3"),
        (cells.read_count, "2,5"),
        (cells.read_count, "beaucoup"),
        (cells.read_number, "1.444.209"),
        (cells.read_number, "nan"),
        (cells.read_number, "inf"),
        (cells.read_quartier_code, "Bellevue"),
        (cells.read_time, "25h"),
        (cells.read_time, "matin"),
    ],
)
def test_bad_codes_and_numbers(reader, text: str):
    with pytest.raises(CellError):
        reader(text)


@pytest.mark.parametrize(
    "reader", [cells.read_siret, cells.read_finess, cells.read_phone, cells.read_postcode]
)
@pytest.mark.parametrize("text", ["2,601E+13", "2.6E13", "5E+08"])
def test_excel_damage_is_named(reader, text: str):
    """Digits are lost for good: the message says how to get them back."""
    with pytest.raises(CellError, match="abîmé par le tableur"):
        reader(text)


@pytest.mark.parametrize(
    ("text", "field", "restored"),
    [
        ("1200", "postcode", "01200"),
        ("1033", "insee", "01033"),
        ("10000123", "finess", "010000123"),
        ("561123456", "phone", "0561123456"),
        ("31100", "postcode", None),
        ("120", "postcode", None),
        ("0120", "postcode", None),
        ("1234567890123", "siret", None),
        ("1200", "name", None),
    ],
)
def test_lost_zeros_come_back_only_where_there_is_one_reading(text: str, field: str, restored: str | None):
    assert cells.lost_zero(text, field) == restored


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "04/03/2026",
        "4-3-2026",
        "04.03.2026",
        "2026-03-04 00:00:00",
        "4 mars 2026",
        "mer. 4 mars 2026",
    ],
)
def test_dates(text: str):
    assert cells.read_date(text) == date(2026, 3, 4)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "03/2026", "bientôt", "04/03/26", "0001-01-01", "46085", "3 4 5 6 7"]
)
def test_bad_dates(text: str):
    with pytest.raises(CellError):
        cells.read_date(text)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Oui", "", True),
        ("x", "", True),
        ("VRAI", "", True),
        ("1", "", True),
        ("n", "", False),
        ("faux", "", False),
        ("0", "", False),
        ("gratuit", "free", True),
        ("Payant", "free", False),
        ("sur RDV", "no_appointment", False),
        ("?", "", None),
        ("non renseigné", "", None),
    ],
)
def test_flags(text: str, field: str, value: bool | None):
    assert cells.read_flag(text, field) is value


def test_a_word_of_another_field_is_not_an_answer():
    with pytest.raises(CellError):
        cells.read_flag("gratuit", "accessible")
