"""Reading hours as people write them in France."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reseau.hours._french import read_french
from reseau.hours._osm import canonical


@dataclass(frozen=True, slots=True)
class ParsedHours:
    """Hours as read.

    Attributes:
        osm: OSM opening-hours syntax, empty when the text is not fully understood.
        text: the text as written when it is not understood, else empty.
    """

    osm: str
    text: str


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> ParsedHours:
    """Read OSM syntax or simple French hours; what is not fully understood stays text.

    A text with two different readings («Mar 09:00-12:00» is March in OSM and Tuesday in French) stays
    text. Overlapping, backward or contradictory hours stay text.
    """
    written = text.strip()
    osm = written if canonical(written) else ""
    french = read_french(written)
    if osm and french and canonical(osm) != canonical(french):
        return ParsedHours("", written)
    found = osm or french
    return ParsedHours(found, "" if found else written)
