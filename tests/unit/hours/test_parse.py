"""Reading hours: what is understood, and above all what must not be guessed."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.hours import ParsedHours, from_week, is_valid, parse_hours

UNDERSTOOD = {
    "Mo-Fr 08:30-12:00,13:30-17:00": "Mo-Fr 08:30-12:00,13:30-17:00",
    "Mo[1] 09:00-12:00": "Mo[1] 09:00-12:00",
    "lun-ven 9h-12h 14h-17h30, sam 9h-12h": "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00",
    "du lundi au vendredi de 9h à 12h et de 14h à 18h": "Mo-Fr 09:00-12:00,14:00-18:00",
    "mardi 9:00-12:00 ; jeudi fermé": "Tu 09:00-12:00",
    "24h/24": "24/7",
    "24h/24 et 7j/7": "24/7",
    "tous les jours 8h-20h": "Mo-Su 08:00-20:00",
    "8h-20h du lundi au samedi": "Mo-Sa 08:00-20:00",
    "lundi : 9h – 12h / 13h30 – 17h00\nmardi : 9h–12h": "Mo 09:00-12:00,13:30-17:00; Tu 09:00-12:00",
    "Lundi au vendredi 8h30-midi": "Mo-Fr 08:30-12:00",
    "lundi 18h-minuit": "Mo 18:00-24:00",
    "LUN. MER. 9h00-12h00": "Mo,We 09:00-12:00",
    "lundi 9 h 30 à 12 h 30 et 13 h 45 à 17 h": "Mo 09:30-12:30,13:45-17:00",
    "lundi de 9 à 12h": "Mo 09:00-12:00",
    "tous les jours 9h-18h, fermé le dimanche": "Mo-Sa 09:00-18:00",
    "mardi 9h-12h, fermé les jours fériés": "Tu 09:00-12:00; PH off",
    "samedi au lundi 9h-10h": "Mo,Sa-Su 09:00-10:00",
    "jeudi fermé, vendredi 9h-12h": "Fr 09:00-12:00",
}

KEPT_AS_TEXT = [
    "fermé le mercredi après-midi",
    "sur rendez-vous",
    "lundi sur rendez-vous",
    "9h-12h",  # which days?
    "lundi",  # what hours?
    "fermé",
    "Mar 09:00-12:00",  # March in OSM, Tuesday in French
    "Sa",  # all Saturday in OSM, a slip of the pen here
    "Fr",
    "unknown",
    '"sur rendez-vous"',  # a mere comment is «always open» for the OSM grammar
    "sunrise-sunset",
    "lun-ven 9h-17h, mercredi 9h-12h",  # also or instead?
    "lundi 9h-12h, lundi et mardi 14h-18h",
    "lundi 9h-12h, lundi 10h-14h",  # overlap
    "lundi 14h-9h",  # backward
    "lundi 25h-26h",
    "lundi 9h/12h",
    "lundi-mardi-jeudi 9h-12h",
    "lundi 9h-12h-14h-18h",
    "lundi 9h-12h fermé mardi 9h-12h",
    "lundi 9h-12h ; lundi fermé",
    "tous les jours sauf le dimanche 9h-12h",
    "le 1er mardi du mois 9h-12h",
    "jours fériés 9h-12h",
    "{{ 7*7 }}",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "Mo-Fr 09:00-12:00 <script>",
    "lundi 9h-12h\x00",
    "9" * 600,
    "Mo 09:00-12:00; " * 60,
]


@pytest.mark.parametrize(("text", "osm"), UNDERSTOOD.items())
def test_usual_writings_are_understood(text, osm):
    parsed = parse_hours(text)
    assert (parsed.osm, parsed.text) == (osm, "")


@pytest.mark.parametrize("text", KEPT_AS_TEXT)
def test_what_is_not_fully_understood_stays_text(text):
    """A wrong «open now» sends someone to a closed door: text is better than a guess."""
    parsed = parse_hours(text)
    assert (parsed.osm, parsed.text) == ("", text.strip())


def test_empty_hours_are_neither_hours_nor_text():
    assert parse_hours("  ") == parse_hours("")
    assert (parse_hours("").osm, parse_hours("").text) == ("", "")


@given(st.text(max_size=80))
def test_any_text_is_either_hours_or_kept(text):
    """Nothing is lost and nothing raises, whatever a file holds."""
    parsed = parse_hours(text)
    assert is_valid(parsed.osm) if parsed.osm else parsed.text == text.strip()


WORDS = ["lundi", "mar", "9h", "12h30", "-", "à", "et", ",", ";", "fermé", "sauf", "24h/24", "de", "9", ":"]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_shuffled_hour_words_never_give_invalid_hours(words):
    """Close to the grammar, where mistakes would be: the outcome is valid OSM or the same text."""
    text = " ".join(words)
    parsed = parse_hours(text)
    assert is_valid(parsed.osm) if parsed.osm else parsed.text == text.strip()


@pytest.mark.real_data
def test_hours_of_every_france_services_are_read(shared_data):
    """2,845 places written by hundreds of hands: nearly all days are read, the rest is kept as text."""
    days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]
    with (shared_data / "annuaires" / "france_services.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [
            f"{day} {row[f'h_{day}']}" for row in csv.DictReader(file) for day in days if row[f"h_{day}"]
        ]
    kept = [cell for cell in cells if not parse_hours(cell).osm]
    assert len(cells) > 10_000
    assert len(kept) / len(cells) < 0.02, kept[:20]


def test_reading_what_the_grid_writes_changes_nothing():
    osm = from_week([[("09:00", "12:00")]] * 5 + [[], []], closed_on_holidays=True)
    assert parse_hours(osm).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mardi : 15h à18h30", "Tu 15:00-18:30"),
        ("Du lundi au vendredi de 9h à 12h (sauf jours fériés)", "Mo-Fr 09:00-12:00; PH off"),
        ("lun-ven 9h-12h (fermé les jours fériés)", "Mo-Fr 09:00-12:00; PH off"),
    ],
)
def test_shapes_met_in_public_files(text: str, osm: str):
    assert parse_hours(text).osm == osm


def test_other_brackets_may_change_the_hours():
    text = "lundi au vendredi 9h-18h (lundi matin fermé)"
    assert parse_hours(text) == ParsedHours("", text)
