"""Hours said in French, as people would write them."""

import pytest
from hypothesis import given

from reseau.hours import describe_fr, from_week, parse_hours, split_holidays
from tests.unit.hours.test_week import WEEKS

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("osm", "said"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:30", "lundi–vendredi 9 h–12 h, 14 h–17 h 30"),
        ("Mo-Tu 09:00-12:00", "lundi et mardi 9 h–12 h"),
        ("Mo,We-Fr 09:05-12:00", "lundi et mercredi–vendredi 9 h–12 h".replace("9 h–", "9 h 05–")),
        ("Mo,We,Fr 09:00-12:00; Sa 10:00-11:00", "lundi, mercredi et vendredi 9 h–12 h ; samedi 10 h–11 h"),
        ("08:00-20:00", "tous les jours 8 h–20 h"),
        ("24/7", "24 h/24, 7 j/7"),
        ("Mo 09:00-12:00; PH off", "lundi 9 h–12 h ; fermé les jours fériés"),
        ("Tu[1] 09:00-12:00", "horaires particuliers : Tu[1] 09:00-12:00"),
        ("", ""),
        ("pas des horaires", ""),
    ],
)
def test_described(osm, said):
    assert describe_fr(osm).replace(SPACE, " ") == said


@given(WEEKS)
def test_what_is_said_reads_back_to_the_same_hours(rows):
    """The French text is in the grammar we read: a person can copy it into a spreadsheet."""
    osm = from_week(rows, closed_on_holidays=True)
    read = parse_hours(describe_fr(osm)).osm
    assert split_holidays(read)[0] == split_holidays(osm)[0] or _always(osm, read)


def _always(osm, read):
    return osm.startswith("24/7") and read.startswith(("24/7", "Mo-Su 00:00-24:00"))
